/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file risk.h  Fitting and judging the risk model (struct ops_risk). */
#ifndef OPSIG_MINE_RISK_H
#define OPSIG_MINE_RISK_H

#include "mine/select.h"
#include "pattern/signature.h"

/** What cross-validation says of the risk: each model scored by a model that was selected,
 *  weighted and fitted without it. */
struct ops_risk_quality {
    uint32_t folds; /* 0: too few models of one label, and no risk model */
    double roc_auc, average_precision;
    double precision, recall; /* at probability 0.5, calibrated */
    double log_loss;          /* mean, nats */
};

/** How to fit. */
struct ops_risk_options {
    struct ops_select_options select;
    uint32_t folds;
    uint64_t seed;
    const struct ops_mine_field *field; /* where terms are counted */
    const opsig_corpus *corpus;         /* likewise; NULL where no class is a subgraph's */
};

/**
 * Fits a ridge logistic model over the classes of `selection` (the 500 smallest p-values of it
 * at most) on all models, and calibrates it on scores from stratified cross-validation in which
 * selection, weights and intercept never see the models scored.
 *
 * The feature of a class is log2(1 + places) (features.h). Its weight is penalised by
 * 5 / max(l, 0.1)^2, l the logarithm of its likelihood ratio's lower end: what is sure to raise
 * the odds may weigh more. The calibration is Platt's, with a hinge at -1 where there are 100
 * inconsistent models or more: strong scores come out too sure, weak ones not sure enough.
 *
 * @param weights  by place in `selection`; 0 where the model does not use the class
 */
opsig_status ops_risk_fit(struct ops_risk *out, struct ops_risk_quality *quality, double *weights,
                          struct ops_classes *classes, const struct ops_design *design,
                          const ops_selection *selection, const struct ops_risk_options *options,
                          opsig_error *err);

#endif
