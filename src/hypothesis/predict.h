/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file predict.h  Cross-validated prediction of labels, with baselines. */
#ifndef OPSIG_HYPOTHESIS_PREDICT_H
#define OPSIG_HYPOTHESIS_PREDICT_H

#include "hypothesis/baseline.h"
#include "hypothesis/folds.h"
#include "hypothesis/result.h"

/** What all predictions of a study share, whatever the labels. */
struct ops_predictor {
    struct ops_study *study;
    struct ops_twins twins;
    struct ops_baseline operators, size;
};

opsig_status ops_predictor_init(struct ops_predictor *predictor, struct ops_study *study,
                                opsig_error *err);
void ops_predictor_dispose(struct ops_predictor *predictor);

/** What a prediction came to. Curves are made only where the arena is given. */
struct ops_predicted {
    opsig_prediction predictions[OPSIG_N_PREDICTORS];
    opsig_prediction_gain gains[OPSIG_N_PREDICTORS]; /* by baseline */
    opsig_hypothesis_flags flags;
};

/**
 * Mines all folds but one, scans that one, and lets the baselines do the same. Figures are those of
 * all models, each scored without its fold; intervals come from resampling models within strata
 * and labels, the predictions staying as they are. All NaN where the labels do not allow two folds.
 * @param arena  for the curves; NULL: none
 */
opsig_status ops_predict(struct ops_predicted *out, struct ops_predictor *predictor,
                         const uint8_t *labels, uint32_t bootstraps, struct ops_arena *arena,
                         opsig_error *err);

#endif
