/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file ranking.h  How well scores tell labels apart, in a sample drawn by weights. */
#ifndef OPSIG_HYPOTHESIS_RANKING_H
#define OPSIG_HYPOTHESIS_RANKING_H

#include <opsig/hypothesis.h>

#include "hypothesis/sample.h"

/** Figures of one predictor; NaN where they are not defined. */
enum ops_figure {
    OPS_FIGURE_ROC_AUC,
    OPS_FIGURE_ROC_AUC_WITHIN, /* of pairs of models of one stratum */
    OPS_FIGURE_AVERAGE_PRECISION,
    OPS_FIGURE_PRECISION, /* of the scores above 0.5 */
    OPS_FIGURE_RECALL,
    OPS_N_FIGURES
};

/** Scores with their order, sorted once and then read for every sample. */
struct ops_ranking {
    const struct ops_sample *sample;
    const double *scores; /* by place, finite */
    uint32_t *overall;    /* places by falling score */
    uint32_t *within;     /* places by stratum, then by falling score */
};

opsig_status ops_ranking_init(struct ops_ranking *ranking, const struct ops_sample *sample,
                              const double *scores, opsig_error *err);
void ops_ranking_dispose(struct ops_ranking *ranking);
/** @param weights  by place, at least 0; NULL: all 1.  O(n) */
void ops_ranking_judge(const struct ops_ranking *ranking, const uint8_t *labels,
                       const double *weights, double out[OPS_N_FIGURES]);
/** Points of both curves, one for each different score. @param roc  room for n + 1: from (0, 0)
 *  @param pr  room for n.  @return number of points of `pr`; `roc` has one more */
size_t ops_ranking_curves(const struct ops_ranking *ranking, const uint8_t *labels,
                          opsig_point *roc, opsig_point *pr);

#endif
