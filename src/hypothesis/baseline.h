/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file baseline.h  What operators alone, or size alone, predict. */
#ifndef OPSIG_HYPOTHESIS_BASELINE_H
#define OPSIG_HYPOTHESIS_BASELINE_H

#include "hypothesis/sample.h"
#include "mine/field.h"
#include "stats/logistic.h"

/** Features of models, a row a place. */
struct ops_baseline {
    struct ops_sparse matrix; /* refers to the arrays below */
    uint32_t *begin, *items;
    double *values; /* NULL: all 1 */
};

/** A column an operator: 1 where the model holds it. */
opsig_status ops_baseline_operators(struct ops_baseline *out, const struct ops_mine_field *field,
                                    const struct ops_sample *sample, opsig_error *err);
/** One column: log2(1 + vertices). */
opsig_status ops_baseline_size(struct ops_baseline *out, const struct ops_mine_field *field,
                               const struct ops_sample *sample, opsig_error *err);
void ops_baseline_dispose(struct ops_baseline *baseline);

/** Which models are in which fold. */
struct ops_split {
    const uint32_t *fold; /* by place */
    uint32_t n_folds;
};

/**
 * Fits ridge logistic regression on all folds but one and scores the models of that one: scores[i]
 * is a probability. The penalty is 1/8, 1/2 ... 128, whichever has the smallest log loss when each
 * of the other folds is in turn left out of them (with two folds: 2).
 */
opsig_status ops_baseline_predict(double *scores, const struct ops_baseline *baseline,
                                  const uint8_t *labels, const struct ops_split *split,
                                  uint32_t held_out, opsig_error *err);

#endif
