/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file compare.h  The blocks that the paths of two models share: one thread's part of the work,
 *  and how the parts are joined. */
#ifndef OPSIG_HYPOTHESIS_COMPARE_H
#define OPSIG_HYPOTHESIS_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "hypothesis/blocks.h"
#include "hypothesis/excerpt.h"
#include "hypothesis/paths.h"

/** A model as it is compared. */
struct ops_compared {
    const struct ops_paths *paths;
    const uint64_t *bigrams; /* bits */
};

/** Compares models for one thread. */
struct ops_comparer;

/** @param n_words  of the bit strings over bigrams */
opsig_status ops_comparer_new(struct ops_comparer **out, const struct ops_vocabulary *vocabulary,
                              size_t n_words, const volatile int *cancel, opsig_error *err);
void ops_comparer_free(struct ops_comparer *comparer);

/**
 * Finds the blocks of two symbols or more that occur between a string of one model and a string of
 * the other. @param out  [0]: first strings from a, second ones from b; [1]: the other way round.
 * Each is the number of a set of blocks (ops_comparer_lists). One that is not wanted is NULL.
 * @return OPSIG_NOMEM, OPSIG_CANCELLED
 */
opsig_status ops_compare(struct ops_comparer *comparer, const struct ops_compared *a,
                         const struct ops_compared *b, uint32_t *const out[2],
                         opsig_error *err);

/** Blocks by number: their symbols, uint32_t each. */
const struct ops_intern *ops_comparer_blocks(const struct ops_comparer *comparer);
/** Sets of blocks by number: the numbers of their blocks, ascending, uint32_t each. */
const struct ops_intern *ops_comparer_lists(const struct ops_comparer *comparer);

#endif
