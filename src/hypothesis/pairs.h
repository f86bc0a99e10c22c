/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file pairs.h  A number for each pair of models: how many sequences they share. */
#ifndef OPSIG_HYPOTHESIS_PAIRS_H
#define OPSIG_HYPOTHESIS_PAIRS_H

#include "mine/field.h"

/** Most models that a study may have. */
enum { OPS_PAIRS_MAX_MODELS = 20000 };

/** The lower triangle of a symmetric matrix, row by row: row i has the columns 0 ... i-1. */
struct ops_pairs {
    uint32_t n;
    double *values;
};

/** @return OPSIG_LIMIT beyond OPS_PAIRS_MAX_MODELS, OPSIG_NOMEM.  Zeros */
opsig_status ops_pairs_init(struct ops_pairs *pairs, uint32_t n, opsig_error *err);
void ops_pairs_dispose(struct ops_pairs *pairs);
void ops_pairs_clear(struct ops_pairs *pairs);
/** Adds the values of another one of the same size. */
void ops_pairs_add(struct ops_pairs *pairs, const struct ops_pairs *more);

static inline size_t ops_pairs_size(const struct ops_pairs *pairs)
{
    return pairs->n < 2 ? 0 : (size_t)pairs->n * (pairs->n - 1) / 2;
}

static inline double *ops_pairs_row(const struct ops_pairs *pairs, uint32_t i)
{
    return pairs->values + (i < 1 ? 0 : (size_t)i * (i - 1) / 2);
}

/** Which sequences count. */
struct ops_pairs_bounds {
    uint32_t min_length, max_length; /* vertices */
    const volatile int *cancel;
};

/**
 * Adds to each pair the number of different sequences that both of its models hold.
 * Integers below 2^53, so sums do not depend on the order of adding.
 * @param place  by model of the field: its row
 * @param out_n  number of sequences that two models or more hold; may be NULL
 * Time: that of ops_explore with support 2, and one step a pair and sequence.
 */
opsig_status ops_pairs_count(struct ops_pairs *pairs, const struct ops_mine_field *field,
                             const uint32_t *place, const struct ops_pairs_bounds *bounds,
                             uint64_t *out_n, opsig_error *err);

#endif
