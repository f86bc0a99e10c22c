/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each snapshot has symbols of its own; here they become ids of one table. With both alphabets a
 * vertex carries two symbols, its operator and its operator with attributes, but only one where
 * the two are the same text. */
#include "mine/field.h"

#include <string.h>

#include "base/mem.h"
#include "graph/snapshot.h"

void ops_mine_field_free(struct ops_mine_field *field)
{
    if (field == NULL) {
        return;
    }
    ops_intern_free(field->symbols);
    ops_mem_free(field->first_vertex);
    ops_mem_free(field->model_of);
    ops_mem_free(field->succ_begin);
    ops_mem_free(field->succ);
    for (size_t layer = 0; layer < OPS_FIELD_LAYERS; layer++) {
        ops_mem_free(field->symbol[layer]);
    }
    ops_mem_free(field);
}

/** Adds up vertices and edges; OPSIG_LIMIT where 32 bits do not hold them. */
static opsig_status measure(const opsig_corpus *const *corpora, size_t n_corpora,
                            uint64_t *n_vertices, uint64_t *n_edges, opsig_error *err)
{
    *n_vertices = *n_edges = 0;
    for (size_t c = 0; c < n_corpora; c++) {
        for (size_t m = 0; m < opsig_corpus_n_models(corpora[c]); m++) {
            *n_vertices += opsig_corpus_graph(corpora[c], m)->n_vertices;
            *n_edges += opsig_corpus_graph(corpora[c], m)->n_parallel_edges;
        }
    }
    if (*n_vertices >= UINT32_MAX || *n_edges >= UINT32_MAX) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "the corpus has more than 2^32 nodes or edges");
    }
    return OPSIG_OK;
}

/** Room for all arrays; false: memory ran out. */
static bool field_reserve(struct ops_mine_field *field, size_t n_vertices, size_t n_edges)
{
    bool complete = true;
    field->first_vertex = ops_mem_zalloc((size_t)field->n_models + 1, sizeof(uint32_t));
    field->model_of = ops_mem_zalloc(n_vertices, sizeof(uint32_t));
    field->succ_begin = ops_mem_zalloc(n_vertices + 1, sizeof(uint32_t));
    field->succ = ops_mem_zalloc(n_edges, sizeof(uint32_t));
    for (uint32_t layer = 0; layer < field->field.n_layers; layer++) {
        field->symbol[layer] = ops_mem_zalloc(n_vertices, sizeof(uint32_t));
        complete = complete && field->symbol[layer] != NULL;
    }
    return complete && field->first_vertex != NULL && field->model_of != NULL &&
           field->succ_begin != NULL && field->succ != NULL;
}

/** Ids in the field's table of one snapshot's symbols; the caller's (ops_mem_free). */
static opsig_status translate(struct ops_mine_field *field, const opsig_graph *graph,
                              uint32_t **out, opsig_error *err)
{
    *out = ops_mem_zalloc(graph->n_symbols, sizeof **out);
    if (*out == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t s = 0; s < graph->n_symbols; s++) {
        const char *text = ops_snapshot_symbol_text(graph, s);
        if (ops_intern_put(field->symbols, text, strlen(text), &(*out)[s], err) != OPSIG_OK) {
            return OPSIG_NOMEM;
        }
    }
    return OPSIG_OK;
}

/** Copies one model's vertices and edges behind those of the models before it. */
static opsig_status add_model(struct ops_mine_field *field, uint32_t model,
                              const opsig_graph *graph, opsig_alphabet alphabet, opsig_error *err)
{
    uint32_t *ids = NULL;
    opsig_status status = translate(field, graph, &ids, err);
    uint32_t base = field->first_vertex[model];
    for (uint32_t v = 0; status == OPSIG_OK && v < graph->n_vertices; v++) {
        uint32_t op = graph->symbol[OPSIG_ALPHABET_OP][v];
        uint32_t op_attr = graph->symbol[OPSIG_ALPHABET_OP_ATTR][v];
        uint32_t first = alphabet == OPSIG_ALPHABET_OP_ATTR ? op_attr : op;
        field->symbol[0][base + v] = first == OPS_NO_SYMBOL ? OPS_NO_SYMBOL : ids[first];
        if (alphabet == OPSIG_ALPHABET_BOTH) {
            bool same = op_attr == OPS_NO_SYMBOL || op_attr == op;
            field->symbol[1][base + v] = same ? OPS_NO_SYMBOL : ids[op_attr];
        }
        field->model_of[base + v] = model;
        uint32_t place = field->succ_begin[base + v];
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            field->succ[place++] = base + graph->succ[e];
        }
        field->succ_begin[base + v + 1] = place;
    }
    field->first_vertex[model + 1] = base + graph->n_vertices;
    ops_mem_free(ids);
    return status;
}

static void attach(struct ops_mine_field *field, uint32_t n_vertices)
{
    field->field.n_vertices = n_vertices;
    field->field.n_symbols = ops_intern_count(field->symbols);
    field->field.succ_begin = field->succ_begin;
    field->field.succ = field->succ;
    for (uint32_t layer = 0; layer < field->field.n_layers; layer++) {
        field->field.symbols[layer] = field->symbol[layer];
    }
}

/** Adds the models of one corpus behind the n_before that are there. */
static opsig_status add_corpus(struct ops_mine_field *field, uint32_t n_before,
                               const opsig_corpus *corpus, opsig_alphabet alphabet,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t m = 0; status == OPSIG_OK && m < opsig_corpus_n_models(corpus); m++) {
        status = add_model(field, n_before + (uint32_t)m, opsig_corpus_graph(corpus, m), alphabet,
                           err);
    }
    return status;
}

/** Models of all corpora. */
static size_t count_models(const opsig_corpus *const *corpora, size_t n_corpora)
{
    size_t n = 0;
    for (size_t c = 0; c < n_corpora; c++) {
        n += opsig_corpus_n_models(corpora[c]);
    }
    return n;
}

opsig_status ops_mine_field_new(struct ops_mine_field **out, const opsig_corpus *corpus,
                                opsig_alphabet alphabet, opsig_error *err)
{
    return ops_mine_field_join(out, &corpus, 1, alphabet, err);
}

opsig_status ops_mine_field_join(struct ops_mine_field **out, const opsig_corpus *const *corpora,
                                 size_t n_corpora, opsig_alphabet alphabet, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t n_vertices = 0;
    uint64_t n_edges = 0;
    struct ops_mine_field *field = ops_mem_zalloc(1, sizeof *field);
    *out = NULL;
    if (field == NULL) {
        return ops_error_nomem(err);
    }
    TRY(measure(corpora, n_corpora, &n_vertices, &n_edges, err));
    TRY(ops_intern_new(&field->symbols, err));
    field->n_models = (uint32_t)count_models(corpora, n_corpora);
    field->field.n_layers = alphabet == OPSIG_ALPHABET_BOTH ? 2 : 1;
    if (!field_reserve(field, (size_t)n_vertices, (size_t)n_edges)) {
        status = ops_error_nomem(err);
        goto done;
    }
    uint32_t n_before = 0;
    for (size_t c = 0; c < n_corpora; c++) {
        TRY(add_corpus(field, n_before, corpora[c], alphabet, err));
        n_before += (uint32_t)opsig_corpus_n_models(corpora[c]);
    }
    attach(field, (uint32_t)n_vertices);
    *out = field;
    field = NULL;
done:
    ops_mine_field_free(field);
    return status;
}

void ops_mine_field_holders(const struct ops_mine_field *field, uint32_t symbol, uint64_t *bits)
{
    for (uint32_t layer = 0; layer < field->field.n_layers; layer++) {
        for (uint32_t v = 0; v < field->field.n_vertices; v++) {
            if (field->symbol[layer][v] == symbol) {
                bits[field->model_of[v] / 64] |= UINT64_C(1) << field->model_of[v] % 64;
            }
        }
    }
}
