/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file regress.h  What one number of pairs has that two others do not explain. */
#ifndef OPSIG_HYPOTHESIS_REGRESS_H
#define OPSIG_HYPOTHESIS_REGRESS_H

#include "hypothesis/pairs.h"
#include "hypothesis/sample.h"

/** Replaces each value by log(1 + value * scale). */
void ops_pairs_log(struct ops_pairs *pairs, double scale);

/**
 * Least squares of y on x1 and x2 within pairs of strata (a constant of its own for each), over all
 * pairs of models; y becomes the residuals, x1 and x2 what they differ from their means. A
 * regressor that does not vary beside the other gets slope 0.  O(pairs)
 */
void ops_pairs_regress(struct ops_pairs *y, struct ops_pairs *x1, struct ops_pairs *x2,
                       const struct ops_sample *sample, double out_slopes[2]);

#endif
