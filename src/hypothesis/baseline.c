/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The baselines are given a fair chance: their penalty is chosen by cross-validation inside of the
 * models that they are fitted on. */
#include "hypothesis/baseline.h"

#include <math.h>

#include "base/mem.h"

static const double penalties[] = {0.125, 0.5, 2, 8, 32, 128};
enum { N_PENALTIES = sizeof penalties / sizeof *penalties, USUAL_PENALTY = 2 };

/** Scratch of one prediction. */
struct fit {
    const struct ops_baseline *baseline;
    const uint8_t *labels;
    const struct ops_split *split;
    uint32_t *rows;
    double *penalty, *weights;
    double intercept;
};

static void attach(struct ops_baseline *baseline, size_t n_rows, size_t n_columns)
{
    baseline->matrix = (struct ops_sparse){.n_rows = n_rows,
                                           .n_columns = n_columns,
                                           .begin = baseline->begin,
                                           .items = baseline->items,
                                           .values = baseline->values};
}

/** Lists the operators of a model behind those of the models before it. @param last  by symbol: 1 +
 *  the place that had it last */
static uint32_t list_operators(struct ops_baseline *out, const struct ops_mine_field *field,
                               uint32_t model, uint32_t place, uint32_t n, uint32_t *last)
{
    for (uint32_t v = field->first_vertex[model]; v < field->first_vertex[model + 1]; v++) {
        const uint32_t symbol = field->field.symbols[0][v];
        if (symbol != OPS_NO_SYMBOL && last[symbol] != place + 1) {
            last[symbol] = place + 1;
            out->items[n++] = symbol;
        }
    }
    return n;
}

opsig_status ops_baseline_operators(struct ops_baseline *out, const struct ops_mine_field *field,
                                    const struct ops_sample *sample, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t *const last = ops_mem_zalloc(field->field.n_symbols, sizeof *last);
    *out = (struct ops_baseline){.values = NULL};
    out->begin = ops_mem_zalloc((size_t)sample->n + 1, sizeof *out->begin);
    out->items = ops_mem_zalloc(field->field.n_vertices, sizeof *out->items);
    if (last == NULL || out->begin == NULL || out->items == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    for (uint32_t i = 0; i < sample->n; i++) {
        out->begin[i + 1] =
            list_operators(out, field, sample->model[i], i, out->begin[i], last);
    }
    attach(out, sample->n, field->field.n_symbols);
done:
    ops_mem_free(last);
    return status;
}

opsig_status ops_baseline_size(struct ops_baseline *out, const struct ops_mine_field *field,
                               const struct ops_sample *sample, opsig_error *err)
{
    *out = (struct ops_baseline){.begin = NULL};
    out->begin = ops_mem_zalloc((size_t)sample->n + 1, sizeof *out->begin);
    out->items = ops_mem_zalloc(sample->n, sizeof *out->items);
    out->values = ops_mem_zalloc(sample->n, sizeof *out->values);
    if (out->begin == NULL || out->items == NULL || out->values == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t i = 0; i < sample->n; i++) {
        const uint32_t model = sample->model[i];
        out->begin[i + 1] = i + 1;
        out->values[i] =
            log2(1.0 + field->first_vertex[model + 1] - field->first_vertex[model]);
    }
    attach(out, sample->n, 1);
    return OPSIG_OK;
}

void ops_baseline_dispose(struct ops_baseline *baseline)
{
    ops_mem_free(baseline->begin);
    ops_mem_free(baseline->items);
    ops_mem_free(baseline->values);
    *baseline = (struct ops_baseline){.begin = NULL};
}

/** Fits on all models outside of two folds. */
static opsig_status fit_without(struct fit *fit, uint32_t a, uint32_t b, double penalty,
                                opsig_error *err)
{
    const struct ops_sparse *const matrix = &fit->baseline->matrix;
    uint32_t n = 0;
    for (uint32_t i = 0; i < matrix->n_rows; i++) {
        if (fit->split->fold[i] != a && fit->split->fold[i] != b) {
            fit->rows[n++] = i;
        }
    }
    for (size_t j = 0; j < matrix->n_columns; j++) {
        fit->penalty[j] = penalty;
        fit->weights[j] = 0;
    }
    fit->intercept = 0;
    return ops_logistic_fit(matrix, fit->labels, fit->rows, n, fit->penalty, fit->weights,
                            &fit->intercept, err);
}

static double log_odds(const struct fit *fit, uint32_t i)
{
    return ops_logistic_score(&fit->baseline->matrix, i, fit->weights, fit->intercept);
}

/** Log loss of the models of one fold under the fit. */
static double loss_of(const struct fit *fit, uint32_t fold)
{
    double loss = 0;
    for (uint32_t i = 0; i < fit->baseline->matrix.n_rows; i++) {
        if (fit->split->fold[i] == fold) {
            const double away = fit->labels[i] ? -log_odds(fit, i) : log_odds(fit, i);
            loss += fmax(away, 0) + log1p(exp(-fabs(away)));
        }
    }
    return loss;
}

static opsig_status choose_penalty(struct fit *fit, uint32_t held_out, double *out,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    double smallest = INFINITY;
    *out = USUAL_PENALTY;
    for (size_t p = 0; p < N_PENALTIES && fit->split->n_folds > 2; p++) {
        double loss = 0;
        for (uint32_t fold = 0; fold < fit->split->n_folds; fold++) {
            if (fold != held_out) {
                TRY(fit_without(fit, held_out, fold, penalties[p], err));
                loss += loss_of(fit, fold);
            }
        }
        if (loss < smallest) {
            smallest = loss;
            *out = penalties[p];
        }
    }
done:
    return status;
}

opsig_status ops_baseline_predict(double *scores, const struct ops_baseline *baseline,
                                  const uint8_t *labels, const struct ops_split *split,
                                  uint32_t held_out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    double penalty = USUAL_PENALTY;
    struct fit fit = {.baseline = baseline, .labels = labels, .split = split};
    fit.rows = ops_mem_zalloc(baseline->matrix.n_rows, sizeof *fit.rows);
    fit.penalty = ops_mem_zalloc(baseline->matrix.n_columns, sizeof *fit.penalty);
    fit.weights = ops_mem_zalloc(baseline->matrix.n_columns, sizeof *fit.weights);
    if (fit.rows == NULL || fit.penalty == NULL || fit.weights == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(choose_penalty(&fit, held_out, &penalty, err));
    TRY(fit_without(&fit, held_out, held_out, penalty, err));
    for (uint32_t i = 0; i < baseline->matrix.n_rows; i++) {
        if (split->fold[i] == held_out) {
            scores[i] = 1 / (1 + exp(-log_odds(&fit, i)));
        }
    }
done:
    ops_mem_free(fit.rows);
    ops_mem_free(fit.penalty);
    ops_mem_free(fit.weights);
    return status;
}
