/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file multiple.h  Corrections for multiple testing. */
#ifndef OPSIG_STATS_MULTIPLE_H
#define OPSIG_STATS_MULTIPLE_H

#include <stddef.h>

/** Benjamini-Hochberg adjusted p-values (JRSS B 1995, as R's p.adjust(method = "BH")).
 *  @param p          n p-values in any order
 *  @param n_tests    number of hypotheses, >= n (those not listed have p = 1)
 *  @param out        room for n
 *  @return 0, or -1 when memory ran out.  Time: O(n log n) */
int ops_adjust_bh(const double *p, size_t n, double n_tests, double *out);

/**
 * Tarone's correction (Biometrics 1990): Bonferroni over K hypotheses, K the smallest number such
 * that at most K of them have a smallest attainable p-value of at most alpha / K; the others
 * cannot be significant at that level whatever the labels, and get 1. out[i] <= alpha just for
 * those with p[i] <= alpha / K.
 * @param min_p  smallest attainable p-values
 * @return 0, or -1 when memory ran out.  Time: O(n log n)
 */
int ops_adjust_tarone(const double *p, const double *min_p, size_t n, double alpha, double *out);

/** The K of Tarone's correction. @return 0 when memory ran out.  Time: O(n log n) */
size_t ops_tarone_tests(const double *min_p, size_t n, double alpha);

/** Bonferroni: min(1, p * n_tests). */
void ops_adjust_bonferroni(const double *p, size_t n, double n_tests, double *out);

#endif
