/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each snapshot has symbols of its own; here they become ids of one table. With both alphabets a
 * vertex carries two symbols, but only one where the two are the same text. */
#include "mine/network.h"

#include <string.h>

#include "base/mem.h"
#include "corpus/gspan.h"
#include "graph/snapshot.h"

void ops_raw_network_free(struct ops_raw_network *raw)
{
    if (raw == NULL) {
        return;
    }
    ops_intern_free(raw->symbols);
    ops_mem_free(raw->first_vertex);
    for (size_t layer = 0; layer < OPS_FIELD_LAYERS; layer++) {
        ops_mem_free(raw->symbol[layer]);
    }
    ops_vec_dispose(&raw->edges);
    ops_mem_free(raw);
}

/** Adds up vertices and edges, and makes room for them. */
static opsig_status reserve(struct ops_raw_network *raw, const opsig_corpus *corpus,
                            opsig_error *err)
{
    uint64_t n_vertices = 0;
    uint64_t n_edges = 0;
    raw->n_models = (uint32_t)opsig_corpus_n_models(corpus);
    for (size_t m = 0; m < raw->n_models; m++) {
        n_vertices += opsig_corpus_graph(corpus, m)->n_vertices;
        n_edges += opsig_corpus_graph(corpus, m)->n_parallel_edges;
    }
    if (n_vertices >= UINT32_MAX || n_edges >= UINT32_MAX / 4) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "the corpus has more than 2^32 nodes or 2^30 edges");
    }
    raw->n_vertices = (uint32_t)n_vertices;
    raw->first_vertex = ops_mem_zalloc((size_t)raw->n_models + 1, sizeof *raw->first_vertex);
    bool complete = raw->first_vertex != NULL;
    for (uint32_t layer = 0; layer < raw->n_layers; layer++) {
        raw->symbol[layer] = ops_mem_zalloc((size_t)n_vertices, sizeof(uint32_t));
        complete = complete && raw->symbol[layer] != NULL;
    }
    return complete ? ops_vec_reserve(&raw->edges, (size_t)n_edges, err) : ops_error_nomem(err);
}

static void add_edges(struct ops_raw_network *raw, uint32_t base, const opsig_graph *graph,
                      bool labelled, bool edge_slots)
{
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            const uint32_t slot = graph->in_slot[e];
            raw->edges.items[raw->edges.len++] = (struct ops_network_edge){
                .from = base + v,
                .to = base + graph->succ[e],
                .label = labelled ? slot : edge_slots ? slot + 1 : 0};
        }
    }
}

static opsig_status add_symbols(struct ops_raw_network *raw, uint32_t base,
                                const opsig_graph *graph, opsig_alphabet alphabet,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t *ids = ops_mem_zalloc(graph->n_symbols, sizeof *ids);
    TRY(ids != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t s = 0; s < graph->n_symbols; s++) {
        const char *text = ops_snapshot_symbol_text(graph, s);
        TRY(ops_intern_put(raw->symbols, text, strlen(text), &ids[s], err));
    }
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        const uint32_t op = graph->symbol[OPSIG_ALPHABET_OP][v];
        const uint32_t op_attr = graph->symbol[OPSIG_ALPHABET_OP_ATTR][v];
        const uint32_t first = alphabet == OPSIG_ALPHABET_OP_ATTR ? op_attr : op;
        raw->symbol[0][base + v] = first == OPS_NO_SYMBOL ? OPS_NO_SYMBOL : ids[first];
        if (raw->n_layers > 1) {
            const bool same = op_attr == OPS_NO_SYMBOL || op_attr == op;
            raw->symbol[1][base + v] = same ? OPS_NO_SYMBOL : ids[op_attr];
        }
    }
done:
    ops_mem_free(ids);
    return status;
}

opsig_status ops_raw_network_new(struct ops_raw_network **out, const opsig_corpus *corpus,
                                 opsig_alphabet alphabet, bool edge_slots, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = NULL;
    struct ops_raw_network *raw = ops_mem_zalloc(1, sizeof *raw);
    TRY(raw != NULL ? OPSIG_OK : ops_error_nomem(err));
    raw->n_layers = alphabet == OPSIG_ALPHABET_BOTH ? 2 : 1;
    TRY(ops_intern_new(&raw->symbols, err));
    TRY(reserve(raw, corpus, err));
    for (uint32_t m = 0; m < raw->n_models; m++) {
        const opsig_graph *graph = opsig_corpus_graph(corpus, m);
        const uint32_t base = raw->first_vertex[m];
        TRY(add_symbols(raw, base, graph, alphabet, err));
        add_edges(raw, base, graph, ops_corpus_has_edge_labels(corpus), edge_slots);
        raw->first_vertex[m + 1] = base + graph->n_vertices;
    }
    *out = raw;
    raw = NULL;
done:
    ops_raw_network_free(raw);
    return status;
}
