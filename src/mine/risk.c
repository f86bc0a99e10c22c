/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The risk model. Cross-validation repeats all that looks at labels, selection included, without
 * the models that are scored; only the list of frequent sequences, which knows no labels, is
 * shared. The scores so gained calibrate the model that is fitted on everything. */
#include "mine/risk.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "mine/features.h"
#include "stats/roc.h"

enum { MAX_TERMS = 500, ENOUGH_FOR_HINGE = 100 };

static const double RIDGE = 5;
static const double SMALLEST_LOG_LR = 0.1;
static const double KNOT = -1;

/** Scratch of one call of ops_risk_fit. */
struct fitting {
    struct ops_classes *classes;
    const struct ops_design *design;
    const struct ops_risk_options *options;
    struct ops_trace *trace;
    uint8_t *labels;   /* by model */
    uint32_t *fold;    /* by model */
    uint64_t *rows;    /* n_words */
    uint32_t *row_ids; /* by model */
    double *scores;    /* by model, from cross-validation */
};

static int compare_p(const void *a, const void *b)
{
    const struct ops_selected *x = a;
    const struct ops_selected *y = b;
    if (x->p < y->p || x->p > y->p) {
        return x->p < y->p ? -1 : 1;
    }
    return (x->class_id > y->class_id) - (x->class_id < y->class_id);
}

/** The terms of the model: the selected classes of smallest p. */
static opsig_status choose_terms(ops_selection *out, const ops_selection *selection,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    out->len = 0;
    for (size_t i = 0; i < selection->len; i++) {
        TRY(ops_vec_push(out, selection->items[i], err));
    }
    if (out->len > 1) {
        qsort(out->items, out->len, sizeof *out->items, compare_p);
    }
    if (out->len > MAX_TERMS) {
        out->len = MAX_TERMS;
    }
done:
    return status;
}

/** Assigns models to folds, each label spread evenly. */
static void assign_folds(struct fitting *fitting, uint32_t folds, uint32_t *order)
{
    uint32_t n = fitting->design->n_models;
    uint32_t seen[2] = {0, 0};
    ops_rng_permutation(fitting->options->seed, 0, order, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t m = order[i];
        fitting->fold[m] = seen[fitting->labels[m]]++ % folds;
    }
}

/** Sets bits and ids of the models outside a fold; returns their number. */
static uint32_t take_rows(struct fitting *fitting, uint32_t fold)
{
    uint32_t n = 0;
    for (size_t w = 0; w < fitting->design->n_words; w++) {
        fitting->rows[w] = 0;
    }
    for (uint32_t m = 0; m < fitting->design->n_models; m++) {
        if (fitting->fold[m] != fold) {
            fitting->rows[m / 64] |= UINT64_C(1) << m % 64;
            fitting->row_ids[n++] = m;
        }
    }
    return n;
}

/** Fits weights (by place in `terms`) and intercept on n of the models, fitting->row_ids. */
static opsig_status fit_terms(struct fitting *fitting, const struct ops_features *features,
                              const ops_selection *terms, uint32_t n, double *weights,
                              double *intercept, opsig_error *err)
{
    double *penalty = ops_mem_zalloc(terms->len, sizeof *penalty);
    if (penalty == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t j = 0; j < terms->len; j++) {
        double scale = fmax(terms->items[j].log_lr_low, SMALLEST_LOG_LR);
        penalty[j] = RIDGE / (scale * scale);
        weights[j] = 0;
    }
    *intercept = 0;
    opsig_status status = ops_logistic_fit(&features->matrix, fitting->labels, fitting->row_ids, n,
                                           penalty, weights, intercept, err);
    ops_mem_free(penalty);
    return status;
}

/** Selects, fits and scores without the models of one fold. */
static opsig_status score_fold(struct fitting *fitting, uint32_t fold, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_selection selection = {NULL, 0, 0};
    ops_selection terms = {NULL, 0, 0};
    struct ops_features *features = NULL;
    double *weights = NULL;
    double intercept = 0;
    uint32_t n = take_rows(fitting, fold);
    TRY(ops_select(&selection, fitting->classes, fitting->design, fitting->rows,
                   &fitting->options->select, err));
    TRY(choose_terms(&terms, &selection, err));
    TRY(ops_features_new(&features, fitting->trace, fitting->options->corpus,
                         fitting->classes, &terms, err));
    weights = ops_mem_zalloc(terms.len, sizeof *weights);
    if (weights == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(fit_terms(fitting, features, &terms, n, weights, &intercept, err));
    for (uint32_t m = 0; m < fitting->design->n_models; m++) {
        if (fitting->fold[m] == fold) {
            fitting->scores[m] = ops_logistic_score(&features->matrix, m, weights, intercept);
        }
    }
done:
    ops_mem_free(weights);
    ops_features_free(features);
    ops_vec_dispose(&terms);
    ops_vec_dispose(&selection);
    return status;
}

/** Calibration with a slope on each side of the knot. @return OPSIG_OK with both slopes rising, or
 *  *out as it was */
static opsig_status fit_hinge(struct ops_risk *out, const double *scores, const uint8_t *labels,
                              uint32_t n, opsig_error *err)
{
    static const double penalty[] = {1e-6, 1e-6};
    double weights[] = {1, 0};
    double intercept = 0;
    opsig_status status = OPSIG_OK;
    uint32_t *begin = ops_mem_zalloc(n + 1U, 4 * sizeof *begin);
    double *values = ops_mem_zalloc(n, 2 * sizeof *values);
    if (begin == NULL || values == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    uint32_t *items = begin + n + 1;
    uint32_t *rows = items + 2 * (size_t)n;
    for (uint32_t i = 0; i < n; i++) {
        rows[i] = i;
        begin[i + 1] = 2 * i + 2;
        items[2 * (size_t)i + 1] = 1;
        values[2 * (size_t)i] = scores[i];
        values[2 * (size_t)i + 1] = fmax(scores[i], KNOT);
    }
    struct ops_sparse matrix = {n, 2, begin, items, values};
    TRY(ops_logistic_fit(&matrix, labels, rows, n, penalty, weights, &intercept, err));
    if (weights[0] > 0 && weights[0] + weights[1] > 0) {
        out->offset = intercept;
        out->slope = weights[0];
        out->hinge = weights[1];
    }
done:
    ops_mem_free(begin);
    ops_mem_free(values);
    return status;
}

static opsig_status calibrate(struct ops_risk *out, const struct fitting *fitting,
                              uint32_t n_inconsistent, opsig_error *err)
{
    out->hinge = 0;
    out->knot = KNOT;
    ops_platt_fit(fitting->scores, fitting->labels, fitting->design->n_models, &out->slope,
                  &out->offset);
    if (n_inconsistent >= ENOUGH_FOR_HINGE) {
        return fit_hinge(out, fitting->scores, fitting->labels, fitting->design->n_models, err);
    }
    return OPSIG_OK;
}

/** Judges calibrated cross-validated scores. */
static opsig_status judge(struct ops_risk_quality *quality, const struct ops_risk *risk,
                          const struct fitting *fitting, opsig_error *err)
{
    uint32_t n = fitting->design->n_models;
    uint32_t flagged = 0;
    uint32_t hits = 0;
    uint32_t positives = 0;
    double loss = 0;
    if (ops_roc(fitting->scores, fitting->labels, n, &quality->roc_auc,
                &quality->average_precision) != 0) {
        return ops_error_nomem(err);
    }
    for (uint32_t m = 0; m < n; m++) {
        double log_odds = ops_risk_log_odds(risk, fitting->scores[m] - risk->intercept);
        double away = fitting->labels[m] ? -log_odds : log_odds;
        loss += fmax(away, 0) + log1p(exp(-fabs(away)));
        positives += fitting->labels[m];
        flagged += log_odds > 0;
        hits += log_odds > 0 && fitting->labels[m];
    }
    quality->log_loss = loss / n;
    quality->precision = flagged > 0 ? (double)hits / flagged : NAN;
    quality->recall = (double)hits / positives;
    return OPSIG_OK;
}

/** Fits on all models; weights by place in `selection`. */
static opsig_status fit_all(struct ops_risk *out, double *weights, struct fitting *fitting,
                            const ops_selection *selection, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_selection terms = {NULL, 0, 0};
    struct ops_features *features = NULL;
    double *fitted = NULL;
    uint32_t n = take_rows(fitting, UINT32_MAX);
    TRY(choose_terms(&terms, selection, err));
    TRY(ops_features_new(&features, fitting->trace, fitting->options->corpus,
                         fitting->classes, &terms, err));
    fitted = ops_mem_zalloc(terms.len, sizeof *fitted);
    if (fitted == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(fit_terms(fitting, features, &terms, n, fitted, &out->intercept, err));
    for (size_t i = 0; i < selection->len; i++) {
        for (size_t j = 0; j < terms.len; j++) {
            if (terms.items[j].class_id == selection->items[i].class_id) {
                weights[i] = fitted[j];
            }
        }
    }
done:
    ops_mem_free(fitted);
    ops_features_free(features);
    ops_vec_dispose(&terms);
    return status;
}

static opsig_status fitting_reserve(struct fitting *fitting, opsig_error *err)
{
    size_t n = fitting->design->n_models;
    fitting->labels = ops_mem_zalloc(n, sizeof *fitting->labels);
    fitting->fold = ops_mem_zalloc(n, sizeof *fitting->fold);
    fitting->rows = ops_mem_zalloc(fitting->design->n_words, sizeof *fitting->rows);
    fitting->row_ids = ops_mem_zalloc(n, sizeof *fitting->row_ids);
    fitting->scores = ops_mem_zalloc(n, sizeof *fitting->scores);
    if (fitting->labels == NULL || fitting->fold == NULL || fitting->rows == NULL ||
        fitting->row_ids == NULL || fitting->scores == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t m = 0; m < n; m++) {
        fitting->labels[m] = ops_bit(fitting->design->inconsistent, m);
    }
    return ops_trace_new(&fitting->trace, fitting->options->field, err);
}

static void fitting_dispose(struct fitting *fitting)
{
    ops_mem_free(fitting->labels);
    ops_mem_free(fitting->fold);
    ops_mem_free(fitting->rows);
    ops_mem_free(fitting->row_ids);
    ops_mem_free(fitting->scores);
    ops_trace_free(fitting->trace);
}

/** As many folds as asked for, but none without models of both labels. */
static uint32_t count_folds(const struct fitting *fitting, uint32_t *n_inconsistent)
{
    *n_inconsistent = 0;
    for (uint32_t m = 0; m < fitting->design->n_models; m++) {
        *n_inconsistent += fitting->labels[m];
    }
    uint32_t rarer = fitting->design->n_models - *n_inconsistent;
    rarer = *n_inconsistent < rarer ? *n_inconsistent : rarer;
    uint32_t folds = fitting->options->folds < rarer ? fitting->options->folds : rarer;
    return folds < 2 ? 0 : folds;
}

opsig_status ops_risk_fit(struct ops_risk *out, struct ops_risk_quality *quality, double *weights,
                          struct ops_classes *classes, const struct ops_design *design,
                          const ops_selection *selection, const struct ops_risk_options *options,
                          opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct fitting fitting = {.classes = classes, .design = design, .options = options};
    uint32_t n_inconsistent = 0;
    *out = (struct ops_risk){.present = false};
    *quality = (struct ops_risk_quality){.folds = 0};
    TRY(fitting_reserve(&fitting, err));
    quality->folds = count_folds(&fitting, &n_inconsistent);
    if (quality->folds == 0) {
        goto done;
    }
    assign_folds(&fitting, quality->folds, fitting.row_ids);
    for (uint32_t fold = 0; fold < quality->folds; fold++) {
        TRY(score_fold(&fitting, fold, err));
    }
    TRY(fit_all(out, weights, &fitting, selection, err));
    TRY(calibrate(out, &fitting, n_inconsistent, err));
    TRY(judge(quality, out, &fitting, err));
    out->present = true;
done:
    fitting_dispose(&fitting);
    return status;
}
