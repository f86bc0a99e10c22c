/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file westfall_young.h  Family-wise error by permuted labels. */
#ifndef OPSIG_MINE_WESTFALL_YOUNG_H
#define OPSIG_MINE_WESTFALL_YOUNG_H

#include "mine/select.h"

/** Smallest log p of any class under each permutation of the labels, ascending. */
struct ops_westfall_young {
    double *min_log_p;
    uint32_t n_permutations;
};

/**
 * Permutes the labels of the models in `rows` within their strata and finds, for each
 * permutation, the smallest p-value that any class tested would have had (Westfall & Young,
 * "Resampling-Based Multiple Testing", 1993, minP).
 *
 * Counts are bit-parallel over permutations. As in Westfall-Young light (Llinares-Lopez et al.,
 * KDD 2015) a class costs nothing more once its p-values cannot lower any minimum any more.
 * Permutation j of stratum k of K is drawn from (seed, 1 + j K + k): neither the order of classes
 * nor the number of permutations changes it.
 *
 * @param class_ids  the classes tested, n of them
 * @param out        min_log_p is the caller's (ops_mem_free)
 */
opsig_status ops_westfall_young_run(struct ops_westfall_young *out,
                                    const struct ops_classes *classes,
                                    const struct ops_design *design, const uint64_t *rows,
                                    const uint32_t *class_ids, size_t n,
                                    uint32_t n_permutations, uint64_t seed, opsig_error *err);

/** The log p that a class must be below for its adjusted p-value to be at most alpha; 0: any p
 *  will do; -INFINITY: none, as there are too few permutations. More classes can only lower it. */
double ops_westfall_young_bound(const struct ops_westfall_young *minima, double alpha);

/** Adjusted p-value: the share of permutations, the identity counted in, whose smallest p is at
 *  most p. O(log permutations) */
double ops_westfall_young_adjust(const struct ops_westfall_young *minima, double log_p);

#endif
