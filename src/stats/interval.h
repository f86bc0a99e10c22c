/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file interval.h  Effect sizes of a 2x2 table with 95 % intervals. */
#ifndef OPSIG_STATS_INTERVAL_H
#define OPSIG_STATS_INTERVAL_H

#include <stdint.h>

#include <opsig/signature.h>

/** Odds ratio with Woolf's interval, 0.5 added to each cell (Haldane 1956, Anscombe 1956).
 *  @param with_inc, with_con        models of each label that hold the pattern
 *  @param n_inc, n_con              models of each label */
opsig_interval ops_odds_ratio(uint32_t with_inc, uint32_t n_inc, uint32_t with_con,
                              uint32_t n_con);
/** Positive likelihood ratio P(pattern | inconsistent) / P(pattern | consistent), 0.5 added to
 *  each count and 1 to each total, log-normal interval (Simel, Samsa & Matchar, J Clin Epidemiol
 *  1991). */
opsig_interval ops_likelihood_ratio(uint32_t with_inc, uint32_t n_inc, uint32_t with_con,
                                    uint32_t n_con);
/** Wilson's score interval of a proportion k / n (JASA 1927); n = 0 gives 0, 0, 1. */
opsig_interval ops_wilson(uint32_t k, uint32_t n);
/** Severity by the lower end of the likelihood ratio's interval (method.md section 4). */
opsig_severity ops_severity_of(double likelihood_ratio_low);
/** Fills in counts, effect sizes, lift and severity from the four counts; p-values untouched. */
void ops_statistics_fill(opsig_statistics *out, uint32_t with_inc, uint32_t n_inc,
                         uint32_t with_con, uint32_t n_con);

#endif
