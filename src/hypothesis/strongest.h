/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file strongest.h  The one sequence that tells the labels apart best. */
#ifndef OPSIG_HYPOTHESIS_STRONGEST_H
#define OPSIG_HYPOTHESIS_STRONGEST_H

#include "hypothesis/candidates.h"
#include "hypothesis/result.h"

/** What is compared between the labels. */
struct ops_contrast {
    const struct ops_candidates *candidates;
    /** NULL: the share of models, of all, that hold a sequence. Else, parallel to the entries, in
     *  how many rewirings a model holds it: the share of models, of those with its operators, that
     *  hold it, above what the rewirings say. */
    const uint32_t *hits;
    uint32_t n_rewirings;
};

/**
 * For each sequence the difference between the labels within strata, over its standard deviation
 * under permuted labels (the score of Mantel & Haenszel, JNCI 1959, for numbers); the largest of
 * all, and its p-value by the largest of all under each permutation (Westfall & Young 1993).
 * Time: O(entries) a permutation.
 */
opsig_status ops_study_strongest(struct ops_study *study, const struct ops_contrast *contrast,
                                 uint64_t seed, opsig_hypothesis_strongest *out,
                                 opsig_error *err);

#endif
