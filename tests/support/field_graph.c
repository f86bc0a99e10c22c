/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/field_graph.h"

#include <stdlib.h>
#include <string.h>

static void *must_calloc(size_t n, size_t size)
{
    void *memory = calloc(n == 0 ? 1 : n, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

/** Lays the symbols' texts out one behind the other. */
static void write_texts(struct field_graph *out, const struct ops_intern *symbols)
{
    uint32_t n = ops_intern_count(symbols);
    size_t place = 0;
    out->symbol_text = must_calloc(n, sizeof(uint32_t));
    out->text = must_calloc(n, 16);
    for (uint32_t s = 0; s < n; s++) {
        out->symbol_text[s] = (uint32_t)place;
        memcpy(out->text + place, ops_intern_text(symbols, s), ops_intern_len(symbols, s) + 1);
        place += ops_intern_len(symbols, s) + 1;
    }
}

void field_graph_init(struct field_graph *out, const struct ops_mine_field *field, uint32_t model)
{
    uint32_t base = field->first_vertex[model];
    uint32_t n = field->first_vertex[model + 1] - base;
    uint32_t first_edge = field->succ_begin[base];
    uint32_t n_edges = field->succ_begin[base + n] - first_edge;
    memset(out, 0, sizeof *out);
    out->succ_begin = must_calloc(n + 1U, sizeof(uint32_t));
    out->succ = must_calloc(n_edges, sizeof(uint32_t));
    write_texts(out, field->symbols);
    for (uint32_t v = 0; v <= n; v++) {
        out->succ_begin[v] = field->succ_begin[base + v] - first_edge;
    }
    for (uint32_t e = 0; e < n_edges; e++) {
        out->succ[e] = field->succ[first_edge + e] - base;
    }
    for (uint32_t layer = 0; layer < OPS_N_ALPHABETS; layer++) {
        out->symbol[layer] = must_calloc(n, sizeof(uint32_t));
        for (uint32_t v = 0; v < n; v++) {
            const uint32_t *special = field->symbol[1];
            bool general = layer == 0 || special == NULL || special[base + v] == OPS_NO_SYMBOL;
            out->symbol[layer][v] = general ? field->symbol[0][base + v] : special[base + v];
        }
        out->graph.symbol[layer] = out->symbol[layer];
    }
    out->graph.n_vertices = n;
    out->graph.n_parallel_edges = n_edges;
    out->graph.n_symbols = ops_intern_count(field->symbols);
    out->graph.succ_begin = out->succ_begin;
    out->graph.succ = out->succ;
    out->graph.symbol_text = out->symbol_text;
    out->graph.text = out->text;
}

void field_graph_dispose(struct field_graph *graph)
{
    free(graph->succ_begin);
    free(graph->succ);
    free(graph->symbol_text);
    free(graph->text);
    for (uint32_t layer = 0; layer < OPS_N_ALPHABETS; layer++) {
        free(graph->symbol[layer]);
    }
}
