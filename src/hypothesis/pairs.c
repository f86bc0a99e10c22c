/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequences are visited as the miner does, by growing sets of end vertices, so no path is listed;
 * each visited one adds 1 to all pairs of the models that hold it. What a study asks of labels it
 * then asks of this matrix, in which neither sequences nor paths occur any more. */
#include "hypothesis/pairs.h"

#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "mine/explore.h"

#define MAX_SEQUENCES UINT64_C(20000000)

struct counting {
    struct ops_pairs *pairs;
    const uint32_t *place;
    uint32_t min_length;
    uint32_t *rows; /* of the models of one sequence */
    uint64_t n_sequences;
};

opsig_status ops_pairs_init(struct ops_pairs *pairs, uint32_t n, opsig_error *err)
{
    *pairs = (struct ops_pairs){.n = n};
    if (n > OPS_PAIRS_MAX_MODELS) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "%u models: pairs of at most %d can be compared", n,
                             OPS_PAIRS_MAX_MODELS);
    }
    pairs->values = ops_mem_zalloc(ops_pairs_size(pairs), sizeof *pairs->values);
    return pairs->values == NULL ? ops_error_nomem(err) : OPSIG_OK;
}

void ops_pairs_dispose(struct ops_pairs *pairs)
{
    ops_mem_free(pairs->values);
    *pairs = (struct ops_pairs){0, NULL};
}

void ops_pairs_clear(struct ops_pairs *pairs)
{
    memset(pairs->values, 0, ops_pairs_size(pairs) * sizeof *pairs->values);
}

void ops_pairs_add(struct ops_pairs *pairs, const struct ops_pairs *more)
{
    const size_t n = ops_pairs_size(pairs);
    for (size_t k = 0; k < n; k++) {
        pairs->values[k] += more->values[k];
    }
}

static opsig_status count_visit(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    (void)err;
    struct counting *const counting = payload;
    if (visit->code.n_steps < counting->min_length) {
        return OPSIG_OK;
    }
    counting->n_sequences++;
    for (uint32_t i = 0; i < visit->support; i++) {
        counting->rows[i] = counting->place[visit->models[i]];
    }
    ops_sort_u32(counting->rows, visit->support);
    for (uint32_t i = 1; i < visit->support; i++) {
        double *const row = ops_pairs_row(counting->pairs, counting->rows[i]);
        for (uint32_t k = 0; k < i; k++) {
            row[counting->rows[k]]++;
        }
    }
    return OPSIG_OK;
}

opsig_status ops_pairs_count(struct ops_pairs *pairs, const struct ops_mine_field *field,
                             const uint32_t *place, const struct ops_pairs_bounds *bounds,
                             uint64_t *out_n, opsig_error *err)
{
    struct counting counting = {
        .pairs = pairs, .place = place, .min_length = bounds->min_length};
    const struct ops_explore_bounds search = {.min_support = 2,
                                              .max_length = bounds->max_length,
                                              .max_patterns = MAX_SEQUENCES,
                                              .cancel = bounds->cancel};
    counting.rows = ops_mem_zalloc(pairs->n, sizeof *counting.rows);
    if (counting.rows == NULL) {
        return ops_error_nomem(err);
    }
    const opsig_status status = ops_explore(field, &search, count_visit, &counting, err);
    ops_mem_free(counting.rows);
    if (out_n != NULL) {
        *out_n = counting.n_sequences;
    }
    return status;
}
