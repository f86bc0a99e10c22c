/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file exact.h  Exact conditional tests of 2x2 tables, alone and in strata. */
#ifndef OPSIG_STATS_EXACT_H
#define OPSIG_STATS_EXACT_H

#include <stddef.h>
#include <stdint.h>

/** One stratum of a 2x2xK table: of `total` models `positives` are inconsistent, `holders` hold
 *  the pattern. The count of interest is the inconsistent holders, given these margins. */
struct ops_stratum {
    uint32_t total, positives, holders;
};

/** Natural logarithm of P(X >= a), X hypergeometric: Fisher's exact test, one-sided.
 *  0 for a <= the smallest possible count; -INFINITY beyond the largest. */
double ops_fisher_log_p(struct ops_stratum margins, uint32_t a);

/** Scratch for ops_cmh_log_p, reused from call to call. */
struct ops_cmh;
struct ops_cmh *ops_cmh_new(void);
void ops_cmh_free(struct ops_cmh *scratch);
/** Room for the strata of one test, the scratch's own and good until it is asked for again; NULL:
 *  memory ran out. */
struct ops_stratum *ops_cmh_strata(struct ops_cmh *scratch, size_t n);

/**
 * Natural logarithm of P(sum of X_k >= a) over strata, X_k hypergeometric: the exact
 * conditional form of the one-sided Cochran-Mantel-Haenszel test (Mehta, Patel & Gray, JASA
 * 1985; R's mantelhaen.test(exact = TRUE, alternative = "greater")). One stratum gives
 * Fisher's test. Computed by convolution in scaled floating point; relative error of the tail
 * below 1e-9.
 * @param a  inconsistent holders over all strata
 * @return NaN when memory ran out
 * Time: O((sum of ranges)^2) at worst.
 */
double ops_cmh_log_p(struct ops_cmh *scratch, const struct ops_stratum *strata, size_t n_strata,
                     uint32_t a);

/** The smallest log p that any labelling with these margins can give: that of the largest
 *  possible count (Papaxanthos et al., NIPS 2016, for the exact test). */
double ops_cmh_log_min_p(const struct ops_stratum *strata, size_t n_strata);

#endif
