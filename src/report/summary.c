/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts of one graph: which operators, which short sequences and how often, and its shape. All of
 * it is linear in the graph, but for sequences of three, which take a step for each pair of a
 * predecessor and a successor; their number is known before the first is taken. */
#include "report/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "graph/snapshot.h"
#include "pattern/text.h"

/* Sequences are counted only where that takes no more steps than this. */
enum { MAX_STEPS = 1 << 21, MAX_SEQUENCES = 10 };

/** What a tally is made with. */
struct tally {
    struct ops_intern *keys; /* the entries' symbols, in the order of entries */
    ops_tally_entries entries;
};

static opsig_status tally_init(struct tally *tally, opsig_error *err)
{
    *tally = (struct tally){0};
    return ops_intern_new(&tally->keys, err);
}

static void tally_dispose(struct tally *tally)
{
    ops_intern_free(tally->keys);
    ops_vec_dispose(&tally->entries);
}

static opsig_status tally_add(struct tally *tally, const uint32_t *symbols, uint32_t length,
                              opsig_error *err)
{
    uint32_t id = 0;
    opsig_status status = ops_intern_put(tally->keys, (const char *)symbols,
                                         length * sizeof *symbols, &id, err);
    if (status != OPSIG_OK) {
        return status;
    }
    if (id < tally->entries.len) {
        tally->entries.items[id].count++;
        return OPSIG_OK;
    }
    struct ops_tally_entry entry = {.length = length, .count = 1};
    memcpy(entry.symbols, symbols, length * sizeof *symbols);
    return ops_vec_push(&tally->entries, entry, err);
}

static int compare_entries(const void *a, const void *b, void *payload)
{
    const struct ops_tally_entry *x = a;
    const struct ops_tally_entry *y = b;
    const struct ops_intern *symbols = payload;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    if (x->length != y->length) {
        return x->length > y->length ? -1 : 1;
    }
    int order = 0;
    for (uint32_t i = 0; i < x->length && order == 0; i++) {
        order = strcmp(ops_intern_text(symbols, x->symbols[i]),
                       ops_intern_text(symbols, y->symbols[i]));
    }
    return order;
}

static void tally_sort(struct tally *tally, struct ops_intern *symbols)
{
    if (tally->entries.len > 1) {
        qsort_r(tally->entries.items, tally->entries.len, sizeof *tally->entries.items,
                compare_entries, symbols);
    }
}

/** Symbol id of each vertex; *out is the caller's. */
static opsig_status symbols_of(uint32_t **out, struct ops_intern *symbols,
                               const opsig_graph *graph, opsig_error *err)
{
    uint32_t *ids = ops_mem_zalloc(graph->n_vertices, sizeof *ids);
    if (ids == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        const char *text = opsig_graph_symbol(graph, v, OPSIG_ALPHABET_OP);
        if (text == NULL) {
            text = opsig_graph_op_type(graph, v); /* a Constant */
        }
        opsig_status status = ops_intern_put(symbols, text, strlen(text), &ids[v], err);
        if (status != OPSIG_OK) {
            ops_mem_free(ids);
            return status;
        }
    }
    *out = ids;
    return OPSIG_OK;
}

static opsig_status count_operators(struct ops_summary *facts, const uint32_t *ids, uint32_t n,
                                    opsig_error *err)
{
    struct tally tally;
    opsig_status status = OPSIG_OK;
    TRY(tally_init(&tally, err));
    for (uint32_t v = 0; v < n; v++) {
        TRY(tally_add(&tally, &ids[v], 1, err));
    }
    tally_sort(&tally, facts->symbols);
    TRY(ops_vec_reserve(&facts->operators, tally.entries.len + 1, err));
    for (size_t i = 0; i < tally.entries.len; i++) {
        facts->operators.items[facts->operators.len++] = tally.entries.items[i];
    }
done:
    tally_dispose(&tally);
    return status;
}

/** Is item i of a list the same as the one before it in its range? Parallel edges count once. */
static bool is_repeated(const uint32_t *list, uint32_t begin, uint32_t i)
{
    return i > begin && list[i] == list[i - 1];
}

static bool in_sequences(const opsig_graph *graph, uint32_t v)
{
    return graph->symbol[OPSIG_ALPHABET_OP][v] != OPS_NO_SYMBOL;
}

/** Counts what goes on from `head` (the symbols so far) over the edges that leave v. */
static opsig_status count_onward(struct tally *tally, const opsig_graph *graph,
                                 const uint32_t *ids, uint32_t v, uint32_t *head,
                                 uint32_t length, opsig_error *err)
{
    uint32_t begin = graph->succ_begin[v];
    opsig_status status = OPSIG_OK;
    for (uint32_t i = begin; i < graph->succ_begin[v + 1] && status == OPSIG_OK; i++) {
        if (!is_repeated(graph->succ, begin, i) && in_sequences(graph, graph->succ[i])) {
            head[length] = ids[graph->succ[i]];
            status = tally_add(tally, head, length + 1, err);
        }
    }
    return status;
}

static opsig_status count_pairs(struct tally *tally, const opsig_graph *graph,
                                const uint32_t *ids, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t v = 0; v < graph->n_vertices && status == OPSIG_OK; v++) {
        uint32_t head[OPS_SUMMARY_MAX_LENGTH] = {ids[v]};
        if (in_sequences(graph, v)) {
            status = count_onward(tally, graph, ids, v, head, 1, err);
        }
    }
    return status;
}

/** Sequences of three whose middle is v. */
static opsig_status count_through(struct tally *tally, const opsig_graph *graph,
                                  const uint32_t *ids, uint32_t v, opsig_error *err)
{
    uint32_t begin = graph->pred_begin[v];
    opsig_status status = OPSIG_OK;
    for (uint32_t i = begin; i < graph->pred_begin[v + 1] && status == OPSIG_OK; i++) {
        uint32_t head[OPS_SUMMARY_MAX_LENGTH] = {ids[graph->pred[i]], ids[v]};
        if (!is_repeated(graph->pred, begin, i) && in_sequences(graph, graph->pred[i])) {
            status = count_onward(tally, graph, ids, v, head, 2, err);
        }
    }
    return status;
}

static opsig_status count_triples(struct tally *tally, const opsig_graph *graph,
                                  const uint32_t *ids, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t v = 0; v < graph->n_vertices && status == OPSIG_OK; v++) {
        if (in_sequences(graph, v)) {
            status = count_through(tally, graph, ids, v, err);
        }
    }
    return status;
}

/** Pairs of an edge into a vertex and one out of it, over all vertices. */
static uint64_t n_triple_steps(const opsig_graph *graph)
{
    uint64_t steps = 0;
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        uint64_t in = graph->pred_begin[v + 1] - graph->pred_begin[v];
        uint64_t out = graph->succ_begin[v + 1] - graph->succ_begin[v];
        steps += in * out < MAX_STEPS ? in * out : MAX_STEPS + 1;
    }
    return steps;
}

static opsig_status count_sequences(struct ops_summary *facts, const opsig_graph *graph,
                                    const uint32_t *ids, opsig_error *err)
{
    if (graph->n_parallel_edges > MAX_STEPS) {
        return OPSIG_OK;
    }
    struct tally tally;
    opsig_status status = OPSIG_OK;
    TRY(tally_init(&tally, err));
    TRY(count_pairs(&tally, graph, ids, err));
    if (n_triple_steps(graph) <= MAX_STEPS) {
        TRY(count_triples(&tally, graph, ids, err));
    }
    tally_sort(&tally, facts->symbols);
    for (size_t i = 0; i < tally.entries.len && i < MAX_SEQUENCES; i++) {
        TRY(ops_vec_push(&facts->sequences, tally.entries.items[i], err));
    }
done:
    tally_dispose(&tally);
    return status;
}

opsig_status ops_summary_gather(struct ops_summary *out, const opsig_graph *graph, opsig_error *err)
{
    *out = (struct ops_summary){0};
    uint32_t *ids = NULL;
    opsig_status status = OPSIG_OK;
    TRY(ops_intern_new(&out->symbols, err));
    TRY(symbols_of(&ids, out->symbols, graph, err));
    TRY(count_operators(out, ids, graph->n_vertices, err));
    TRY(count_sequences(out, graph, ids, err));
    TRY(ops_topology_measure(&out->topology, graph, err));
done:
    ops_mem_free(ids);
    if (status != OPSIG_OK) {
        ops_summary_dispose(out);
    }
    return status;
}

void ops_summary_dispose(struct ops_summary *facts)
{
    ops_intern_free(facts->symbols);
    facts->symbols = NULL;
    ops_vec_dispose(&facts->operators);
    ops_vec_dispose(&facts->sequences);
}

void ops_summary_write(struct ops_buffer *out, const struct ops_summary *facts,
                     const struct ops_tally_entry *entry)
{
    for (uint32_t i = 0; i < entry->length; i++) {
        ops_buffer_puts(out, i == 0 ? "" : " -> ");
        ops_symbol_write(out, ops_intern_text(facts->symbols, entry->symbols[i]));
    }
}
