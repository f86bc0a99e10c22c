/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scanner's way to match, so that mining counts what a scan will count: all patterns in one
 * trie, one walk for each model. */
#include "mine/places.h"

#include <stdlib.h>

#include "pattern/field.h"
#include "pattern/match.h"

/** The patterns made ready. */
struct ready {
    struct ops_intern *symbols;
    struct ops_trie *trie; /* values are the patterns' places in the list */
    struct ops_plan *plan;
};

void ops_places_dispose(struct ops_places *places)
{
    ops_vec_dispose(&places->items);
    ops_vec_dispose(&places->vertices);
}

static void ready_dispose(struct ready *ready)
{
    ops_plan_free(ready->plan);
    ops_trie_free(ready->trie);
    ops_intern_free(ready->symbols);
}

static opsig_status make_ready(struct ready *ready, const opsig_pattern *const *patterns, size_t n,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_step steps[OPS_CODE_MAX_STEPS];
    TRY(ops_intern_new(&ready->symbols, err));
    TRY(ops_trie_new(&ready->trie, err));
    for (size_t i = 0; i < n; i++) {
        TRY(ops_pattern_code(patterns[i], ready->symbols, steps, err));
        const struct ops_code code = {steps, patterns[i]->n_steps};
        TRY(ops_trie_add(ready->trie, code, (uint32_t)i, err));
    }
    TRY(ops_trie_seal(ready->trie, err));
    TRY(ops_plan_new(&ready->plan, ready->trie, ops_intern_count(ready->symbols), err));
done:
    return status;
}

static opsig_status add_place(struct ops_places *out, uint32_t model, uint32_t pattern,
                              const struct ops_found *found, uint32_t width, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_place place = {model, pattern, found->n_places, out->vertices.len};
    TRY(ops_vec_push(&out->items, place, err));
    for (uint32_t i = 0; i < width; i++) {
        TRY(ops_vec_push(&out->vertices, found->rows.items[i], err));
    }
done:
    return status;
}

static int compare_places(const void *a, const void *b)
{
    const struct ops_place *x = a;
    const struct ops_place *y = b;
    return (x->pattern > y->pattern) - (x->pattern < y->pattern);
}

static opsig_status find_in_model(struct ops_places *out, const struct ready *ready,
                                  const opsig_corpus *corpus, uint32_t model, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_graph_field field = {.symbols = NULL};
    ops_found_vec found = {NULL, 0, 0};
    const struct ops_match_options options = {.max_kept = 1, .max_work = OPS_MATCH_MAX_WORK};
    const size_t first = out->items.len;
    TRY(ops_graph_field_init(&field, opsig_corpus_graph(corpus, model), ready->symbols, err));
    TRY(ops_match(ready->plan, &field.field, &options, &found, err));
    for (size_t i = 0; i < found.len; i++) {
        const uint32_t node = found.items[i].node;
        if (found.items[i].n_kept > 0) {
            TRY(add_place(out, model, ops_trie_values(ready->trie, node)[0], &found.items[i],
                          ready->plan->nodes[node].width, err));
        }
    }
    if (out->items.len > first) {
        qsort(out->items.items + first, out->items.len - first, sizeof *out->items.items,
              compare_places);
    }
done:
    ops_found_dispose(&found);
    ops_graph_field_dispose(&field);
    return status;
}

opsig_status ops_places_find(struct ops_places *out, const opsig_corpus *corpus,
                             const opsig_pattern *const *patterns, size_t n, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ready ready = {NULL, NULL, NULL};
    if (n == 0) {
        return OPSIG_OK;
    }
    TRY(make_ready(&ready, patterns, n, err));
    for (uint32_t model = 0; model < opsig_corpus_n_models(corpus); model++) {
        TRY(find_in_model(out, &ready, corpus, model, err));
    }
done:
    ready_dispose(&ready);
    return status;
}
