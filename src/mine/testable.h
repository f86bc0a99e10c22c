/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file testable.h  Which sets of models could be significant at all, whatever their labels. */
#ifndef OPSIG_MINE_TESTABLE_H
#define OPSIG_MINE_TESTABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct ops_design;

/** The envelope of one design's smallest attainable p-values. Immutable, so shared by threads. */
struct ops_testable {
    uint32_t n_strata;
    uint32_t *stratum;     /* by model */
    uint32_t *begin;       /* by stratum: its place in `steps`; n_strata + 1 */
    double *steps;         /* step i of a stratum: log((positives - i) / (total - i)) */
    double log_level;
};

/** @param log_level  logarithm of a p-value; larger ones are of no interest. O(models) */
opsig_status ops_testable_new(struct ops_testable **out, const struct ops_design *design,
                              double log_level, opsig_error *err);
void ops_testable_free(struct ops_testable *testable);

/** Could these models, or a part of them, have a p-value of at most the level under some labelling
 *  with the design's margins? Where not, neither a pattern that they hold nor any that contains it
 *  can. O(n)
 *  @param counts  n_strata zeros, which they are again afterwards */
bool ops_testable_may(const struct ops_testable *testable, uint32_t *counts,
                      const uint32_t *models, uint32_t n);

#endif
