/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file gaps.h  Which of the uncovered sequences are worth telling. */
#ifndef OPSIG_HYPOTHESIS_GAPS_H
#define OPSIG_HYPOTHESIS_GAPS_H

#include "hypothesis/coverage_count.h"

/** Numbers of uncovered sequences. */
typedef OPS_VEC(uint32_t) ops_gaps;

/** Lists the uncovered sequences without an uncovered part, most supported first, then shorter
 *  ones, then by the bytes of their symbols. O(uncovered + gaps log gaps) */
opsig_status ops_gaps_find(ops_gaps *out, const struct ops_coverage_counts *counts,
                           const struct ops_intern *symbols, opsig_error *err);

#endif
