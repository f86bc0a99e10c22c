/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file reduce.h  The reduced set of a set of sequences: parts that several share, in their place.
 */
#ifndef OPSIG_HYPOTHESIS_REDUCE_H
#define OPSIG_HYPOTHESIS_REDUCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vec.h"

/** A block longer than this in two sequences takes the place of both. */
enum { OPS_REDUCE_LONGER_THAN = 3 };

/** A sequence: symbols, somewhere in memory. */
struct ops_word {
    const uint32_t *symbols;
    uint32_t n;
};

/** Zero-initialise; free with ops_vec_dispose. */
struct ops_reduced {
    struct ops_word *items; /* in order; parts of the sequences that were reduced */
    size_t len, cap;
};

/** Order by the first symbol that differs, by number; a beginning comes before what it begins.
 *  For qsort over struct ops_word. */
int ops_word_compare(const void *a, const void *b);

/**
 * Reduces a set of sequences. They are taken in order. One that has no block longer than
 * OPS_REDUCE_LONGER_THAN in common with a sequence that is kept is kept; otherwise the least such
 * sequence is taken back, and the blocks of the two that are that long join those that are still to
 * be taken. In the end no two sequences share as much.
 * @param n_symbols  one more than the largest symbol
 * Time: linear in the symbols, times the logarithm of the number of sequences, for sequences that
 * share little.
 */
opsig_status ops_reduce(struct ops_reduced *out, const struct ops_word *sequences, size_t n,
                        uint32_t n_symbols, opsig_error *err);

#endif
