/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file tolerance.h  The tests as a function of the difference that counts as inconsistent. */
#ifndef OPSIG_HYPOTHESIS_TOLERANCE_H
#define OPSIG_HYPOTHESIS_TOLERANCE_H

#include "hypothesis/predict.h"

/** Fills in the series, none where the corpus knows no differences. Intervals come from 200
 *  resamples at the most. Time: a prediction and two tests for each tolerance. */
opsig_status ops_study_tolerances(struct ops_study *study, struct ops_predictor *predictor,
                                  opsig_error *err);

#endif
