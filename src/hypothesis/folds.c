/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generators and model zoos repeat graphs with other weights. Such twins on both sides of a split
 * would be recognised rather than predicted, so a fold has all of them or none. Graphs are told
 * apart by their arrays, as bytes. */
#include "hypothesis/folds.h"

#include "base/mem.h"
#include "base/rng.h"

typedef OPS_VEC(uint32_t) word_vec;

/** Writes down a model's graph. */
static opsig_status describe(word_vec *out, const struct ops_mine_field *field, uint32_t model,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t first = field->first_vertex[model];
    out->len = 0;
    for (uint32_t v = first; v < field->first_vertex[model + 1]; v++) {
        const uint32_t begin = field->field.succ_begin[v];
        const uint32_t end = field->field.succ_begin[v + 1];
        TRY(ops_vec_reserve(out, 2 + (size_t)(end - begin), err));
        out->items[out->len++] = field->field.symbols[0][v];
        out->items[out->len++] = end - begin;
        for (uint32_t e = begin; e < end; e++) {
            out->items[out->len++] = field->field.succ[e] - first;
        }
    }
done:
    return status;
}

opsig_status ops_twins_init(struct ops_twins *twins, const struct ops_mine_field *field,
                            const struct ops_sample *sample, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_intern *graphs = NULL;
    word_vec words = {NULL, 0, 0};
    *twins = (struct ops_twins){0, NULL};
    TRY(ops_intern_new(&graphs, err));
    twins->group = ops_mem_zalloc(sample->n, sizeof *twins->group);
    if (twins->group == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    for (uint32_t i = 0; i < sample->n; i++) {
        TRY(describe(&words, field, sample->model[i], err));
        TRY(ops_intern_put(graphs, words.len > 0 ? (const char *)words.items : "",
                           words.len * sizeof *words.items, &twins->group[i], err));
    }
    twins->n_groups = ops_intern_count(graphs);
done:
    ops_vec_dispose(&words);
    ops_intern_free(graphs);
    return status;
}

void ops_twins_dispose(struct ops_twins *twins)
{
    ops_mem_free(twins->group);
    *twins = (struct ops_twins){0, NULL};
}

/** The number of folds that each kind of group allows. */
static uint32_t limit_folds(const uint8_t *kind, uint32_t n_groups, uint32_t folds)
{
    uint32_t n[2] = {0, 0};
    for (uint32_t g = 0; g < n_groups; g++) {
        n[kind[g]]++;
    }
    const uint32_t rarer = n[0] < n[1] ? n[0] : n[1];
    folds = folds < rarer ? folds : rarer;
    return folds < 2 ? 0 : folds;
}

opsig_status ops_folds_assign(uint32_t *fold, uint32_t *out_n, const struct ops_twins *twins,
                              const struct ops_sample *sample, const uint8_t *labels,
                              uint32_t folds, uint64_t seed, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = twins->n_groups;
    uint32_t seen[2] = {0, 0};
    uint32_t *const order = ops_mem_zalloc(n, 2 * sizeof *order);
    uint8_t *const kind = ops_mem_zalloc(n, sizeof *kind);
    if (order == NULL || kind == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    uint32_t *const fold_of = order + n;
    for (uint32_t i = 0; i < sample->n; i++) {
        kind[twins->group[i]] |= labels[i];
    }
    *out_n = limit_folds(kind, n, folds);
    ops_rng_permutation(seed, 0, order, n);
    for (uint32_t k = 0; k < n && *out_n > 0; k++) {
        fold_of[order[k]] = seen[kind[order[k]]]++ % *out_n;
    }
    for (uint32_t i = 0; i < sample->n; i++) {
        fold[i] = fold_of[twins->group[i]];
    }
done:
    ops_mem_free(order);
    ops_mem_free(kind);
    return status;
}
