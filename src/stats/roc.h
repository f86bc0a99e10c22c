/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file roc.h  How well scores rank models. */
#ifndef OPSIG_STATS_ROC_H
#define OPSIG_STATS_ROC_H

#include <stddef.h>
#include <stdint.h>

/** Area under the ROC curve (ties count half) and average precision (ties taken as one step).
 *  @param scores   n finite scores, larger is riskier
 *  @param labels   n of 0 or 1
 *  @return 0, or -1 when memory ran out.  NaN where one label is absent.  Time: O(n log n) */
int ops_roc(const double *scores, const uint8_t *labels, size_t n, double *out_auc,
            double *out_average_precision);

#endif
