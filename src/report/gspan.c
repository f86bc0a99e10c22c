/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frequent patterns in gSpan's text format, "t # 0 * support", which this program and others read
 * back. A label is a word there: blanks, control characters and backslashes become \xHH. */
#include <opsig/report.h>

#include <inttypes.h>

#include "base/error.h"

static void write_label(FILE *stream, const char *symbol)
{
    for (const char *c = symbol; *c != '\0'; c++) {
        const bool plain = *c > ' ' && *c <= '~' && *c != '\\';
        (void)fprintf(stream, plain ? "%c" : "\\x%02x", (unsigned char)*c);
    }
}

static void write_pattern(FILE *stream, const opsig_pattern *pattern)
{
    for (size_t v = 0; v < opsig_pattern_n_vertices(pattern); v++) {
        (void)fprintf(stream, "v %zu ", v);
        write_label(stream, opsig_pattern_symbol(pattern, v));
        (void)fputc('\n', stream);
    }
    for (size_t i = 0; i < opsig_pattern_n_edges(pattern); i++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, i);
        (void)fprintf(stream, "e %" PRIu32 " %" PRIu32 " %" PRIu32 "\n", edge.from, edge.to,
                      edge.label);
    }
}

opsig_status opsig_report_frequent_gspan(FILE *stream, const opsig_frequent *frequent,
                                         opsig_error *err)
{
    for (size_t i = 0; i < opsig_frequent_n(frequent); i++) {
        (void)fprintf(stream, "t # %zu * %" PRIu32 "\n", i, opsig_frequent_support(frequent, i));
        write_pattern(stream, opsig_frequent_pattern(frequent, i));
    }
    (void)fprintf(stream, "t # -1\n");
    return ferror(stream) != 0 ? ops_error_errno(err, "cannot be written") : OPSIG_OK;
}
