/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file logistic.h  Ridge logistic regression on sparse features. */
#ifndef OPSIG_STATS_LOGISTIC_H
#define OPSIG_STATS_LOGISTIC_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/** Rows of a sparse matrix: row r has values[i] in column items[i], i from begin[r] to
 *  begin[r+1] - 1. */
struct ops_sparse {
    size_t n_rows, n_columns;
    const uint32_t *begin; /* n_rows + 1 */
    const uint32_t *items;
    const double *values; /* parallel to items; NULL: all 1 */
};

/**
 * Minimises  -sum_r log P(y_r | x_r) + 1/2 sum_j penalty_j w_j^2  over weights w and the
 * unpenalised intercept, by Newton's method with conjugate gradients for the step. Converges to
 * a gradient norm of 1e-8 relative to that at zero.
 * @param rows     which rows to use (n of them), ascending
 * @param labels   0 or 1, by row of x
 * @param penalty  n_columns positive numbers
 * @param weights, intercept  n_columns and 1; in: start (0 is fine), out: result
 * @return OPSIG_NOMEM; OPSIG_INTERNAL where it does not converge in 100 steps
 */
opsig_status ops_logistic_fit(const struct ops_sparse *x, const uint8_t *labels,
                              const uint32_t *rows, size_t n, const double *penalty,
                              double *weights, double *intercept, opsig_error *err);

/** intercept + row times weights. */
double ops_logistic_score(const struct ops_sparse *x, size_t row, const double *weights,
                          double intercept);

/** Platt's calibration: a and b that minimise the log loss of sigmoid(a * score + b), with the
 *  regularised targets of Platt (1999) and the safeguarded Newton iteration of Lin, Lin & Weng
 *  (Machine Learning 2007). */
void ops_platt_fit(const double *scores, const uint8_t *labels, size_t n, double *out_a,
                   double *out_b);

#endif
