/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The slow twin of stats/logistic: ridge logistic regression by plain Newton steps with the full
 * Hessian and Gaussian elimination, on a dense matrix. For tests with a few columns. */
#ifndef OPSIG_TESTS_SUPPORT_DENSE_LOGISTIC_H
#define OPSIG_TESTS_SUPPORT_DENSE_LOGISTIC_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DENSE_MAX = 40 }; /* parameters, the intercept (column 0 of each row, always 1) included */

/* Solves h s = g in place, by elimination with pivots; s ends up in g. */
static inline void dense_solve(double h[DENSE_MAX][DENSE_MAX], double g[DENSE_MAX], size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++) {
            pivot = fabs(h[i][k]) > fabs(h[pivot][k]) ? i : pivot;
        }
        for (size_t j = 0; j < n; j++) {
            const double swap = h[k][j];
            h[k][j] = h[pivot][j];
            h[pivot][j] = swap;
        }
        const double swap = g[k];
        g[k] = g[pivot];
        g[pivot] = swap;
        for (size_t i = 0; i < n; i++) {
            const double factor = i == k ? 0 : h[i][k] / h[k][k];
            for (size_t j = 0; factor != 0 && j < n; j++) {
                h[i][j] -= factor * h[k][j];
            }
            g[i] -= factor * g[k];
        }
    }
    for (size_t k = 0; k < n; k++) {
        g[k] /= h[k][k];
    }
}

/* 100 damped Newton steps from 0. @param penalty  n numbers, 0 for the intercept */
static inline void dense_logistic(double rows[][DENSE_MAX], const uint8_t *labels, size_t n_rows,
                                  const double *penalty, size_t n, double w[DENSE_MAX])
{
    memset(w, 0, DENSE_MAX * sizeof *w);
    for (int step = 0; step < 100; step++) {
        double h[DENSE_MAX][DENSE_MAX] = {{0}}, g[DENSE_MAX] = {0};
        for (size_t r = 0; r < n_rows; r++) {
            double z = 0;
            for (size_t j = 0; j < n; j++) {
                z += rows[r][j] * w[j];
            }
            const double p = 1 / (1 + exp(-z));
            for (size_t i = 0; i < n; i++) {
                g[i] += (p - labels[r]) * rows[r][i];
                for (size_t j = 0; j < n; j++) {
                    h[i][j] += p * (1 - p) * rows[r][i] * rows[r][j];
                }
            }
        }
        for (size_t j = 0; j < n; j++) {
            g[j] += penalty[j] * w[j];
            h[j][j] += penalty[j];
        }
        dense_solve(h, g, n);
        for (size_t j = 0; j < n; j++) {
            w[j] -= 0.5 * g[j];
        }
    }
}

#endif
