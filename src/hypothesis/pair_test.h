/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file pair_test.h  Do pairs of inconsistent models have larger numbers than their strata say? */
#ifndef OPSIG_HYPOTHESIS_PAIR_TEST_H
#define OPSIG_HYPOTHESIS_PAIR_TEST_H

#include <opsig/hypothesis.h>

#include "hypothesis/each.h"
#include "hypothesis/pairs.h"
#include "hypothesis/sample.h"

/** How often to permute and to resample, and with what. */
struct ops_pair_test_options {
    uint32_t permutations, bootstraps;
    uint64_t seed;
};

/** The mean of a number over the pairs of inconsistent models, beside the mean of that mean over
 *  all permutations of the labels within strata. */
struct ops_pair_mean {
    double observed, expected;
};

/** Exact: a permutation within strata keeps the number of inconsistent pairs between strata s and
 *  t, and makes all pairs between s and t equally likely to be among them. NaN with fewer than two
 *  inconsistent models.  O(pairs) */
struct ops_pair_mean ops_pair_mean(const struct ops_pairs *pairs, const struct ops_sample *sample,
                                   const uint8_t *labels);

/**
 * Effect observed - expected, its 95 % interval by resampling models within strata and labels, two
 * draws of the same model making no pair, and its one-sided p-value by permuted labels,
 * (1 + permutations that reach it) / (1 + permutations).
 * @param null  room for one effect per permutation
 * Time: O(inconsistent pairs) a permutation, O(pairs) a resample.
 */
opsig_status ops_pair_test(opsig_effect *out, double *null, const struct ops_pairs *pairs,
                           const struct ops_sample *sample, const uint8_t *labels,
                           const struct ops_pair_test_options *options,
                           const struct ops_each *each, opsig_error *err);

/** The 2.5 % and 97.5 % quantiles of n values, which it sorts; NaN are left out. */
void ops_percentiles(double *values, size_t n, double *out_low, double *out_high);

#endif
