/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern as a DOT picture, vertices in code order. */
#include <opsig/pattern.h>

#include <inttypes.h>
#include <string.h>

#include "base/escape.h"

enum { LARGEST_PICTURE = 1 << 20 };

static void put_vertices(struct ops_buffer *out, const opsig_pattern *pattern)
{
    for (size_t v = 0; v < opsig_pattern_n_vertices(pattern); v++) {
        const char *const symbol = opsig_pattern_symbol(pattern, v);
        ops_buffer_printf(out, "  n%zu [label=\"", v);
        ops_escape_dot(out, symbol, strlen(symbol));
        ops_buffer_puts(out, "\"];\n");
    }
}

static void put_edges(struct ops_buffer *out, const opsig_pattern *pattern, const char *arrow)
{
    for (size_t i = 0; i < opsig_pattern_n_edges(pattern); i++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, i);
        ops_buffer_printf(out, "  n%" PRIu32 " %s n%" PRIu32, edge.from, arrow, edge.to);
        if (edge.label != 0) {
            ops_buffer_printf(out, " [label=\"%" PRIu32 "\"]", edge.label);
        }
        ops_buffer_puts(out, ";\n");
    }
}

opsig_status opsig_pattern_write_dot(const opsig_pattern *pattern, FILE *stream, opsig_error *err)
{
    const bool undirected = opsig_pattern_n_edges(pattern) > 0 &&
                            opsig_pattern_edge_at(pattern, 0).undirected;
    struct ops_buffer out;
    ops_buffer_init(&out, LARGEST_PICTURE);
    ops_buffer_printf(&out, "%s pattern {\n  node [shape=box];\n",
                      undirected ? "graph" : "digraph");
    put_vertices(&out, pattern);
    put_edges(&out, pattern, undirected ? "--" : "->");
    ops_buffer_puts(&out, "}\n");
    opsig_status status = ops_buffer_status(&out, err);
    if (status == OPSIG_OK && fputs(ops_buffer_text(&out), stream) < 0) {
        status = ops_error_errno(err, "cannot be written");
    }
    ops_buffer_dispose(&out);
    return status;
}
