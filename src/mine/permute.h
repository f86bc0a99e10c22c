/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file permute.h  Labels permuted within strata. */
#ifndef OPSIG_MINE_PERMUTE_H
#define OPSIG_MINE_PERMUTE_H

#include "mine/select.h"

/**
 * Permutes the labels of the models in `rows`, within strata.
 * @param strings  by model, n_words each, cleared: bit j is set where the model is inconsistent
 *                 under permutation j
 * Time: linear in models and permutations, for each stratum.
 */
opsig_status ops_permute_labels(uint64_t *strings, size_t n_words, const struct ops_design *design,
                                const uint64_t *rows, uint32_t n_permutations, uint64_t seed,
                                opsig_error *err);

#endif
