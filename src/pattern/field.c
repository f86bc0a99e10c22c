/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each snapshot numbers its symbols by itself; patterns have a table of their own. The few symbols
 * are looked up once, then each vertex takes its number from there. */
#include "pattern/field.h"

#include <string.h>

#include "base/mem.h"

/** Ids in the table of the graph's symbols; the caller's (ops_mem_free). */
static uint32_t *look_up(const opsig_graph *graph, const struct ops_intern *symbols)
{
    uint32_t *const ids = ops_mem_zalloc(graph->n_symbols, sizeof *ids);
    for (uint32_t s = 0; ids != NULL && s < graph->n_symbols; s++) {
        const char *const text = ops_snapshot_symbol_text(graph, s);
        ids[s] = ops_intern_find(symbols, text, strlen(text));
    }
    return ids;
}

/** @return whether any vertex has a symbol of the table there */
static bool translate_layer(uint32_t *out, const opsig_graph *graph, size_t layer,
                            const uint32_t *ids)
{
    uint32_t all = OPS_NO_SYMBOL;
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        const uint32_t symbol = graph->symbol[layer][v];
        const bool repeated = layer > 0 && symbol == graph->symbol[0][v];
        out[v] = symbol == OPS_NO_SYMBOL || repeated ? OPS_NO_SYMBOL : ids[symbol];
        all &= out[v];
    }
    return all != OPS_NO_SYMBOL;
}

opsig_status ops_graph_field_init(struct ops_graph_field *out, const opsig_graph *graph,
                                  const struct ops_intern *symbols, opsig_error *err)
{
    uint32_t *const ids = look_up(graph, symbols);
    *out = (struct ops_graph_field){
        .field = {.n_vertices = graph->n_vertices,
                  .n_symbols = ops_intern_count(symbols),
                  .succ_begin = graph->succ_begin,
                  .succ = graph->succ,
                  .pred_begin = graph->pred_begin,
                  .pred = graph->pred,
                  .in_slot = graph->in_slot},
        .symbols = ops_mem_zalloc(graph->n_vertices, OPS_FIELD_LAYERS * sizeof *out->symbols)};
    for (size_t layer = 0; layer < OPS_FIELD_LAYERS && ids != NULL && out->symbols != NULL;
         layer++) {
        uint32_t *const at = out->symbols + layer * graph->n_vertices;
        if (translate_layer(at, graph, layer, ids)) {
            out->field.symbols[out->field.n_layers++] = at;
        }
    }
    const bool complete = ids != NULL && out->symbols != NULL;
    ops_mem_free(ids);
    return complete ? OPSIG_OK : ops_error_nomem(err);
}

void ops_graph_field_dispose(struct ops_graph_field *field)
{
    ops_mem_free(field->symbols);
    field->symbols = NULL;
}
