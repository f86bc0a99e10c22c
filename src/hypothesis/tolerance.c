/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests at other tolerances (method.md section 5, test mode, 4). Numbers of pairs know no
 * labels, so sharing and order cost nothing but their permutations; prediction is done anew. */
#include "hypothesis/tolerance.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "corpus/select.h"
#include "hypothesis/pair_test.h"

static const double usual[] = {1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1};
enum { N_USUAL = sizeof usual / sizeof *usual, FEWEST = 2, MOST_BOOTSTRAPS = 200 };

/** Scratch of the series. */
struct series {
    struct ops_study *study;
    struct ops_predictor *predictor;
    uint8_t *labels, *before; /* by place: at this tolerance, at the one before */
    double *null;
    uint32_t bootstraps;
};

static opsig_status test_pairs(const struct series *series, const struct ops_pairs *pairs,
                               enum ops_purpose purpose, opsig_effect *out, opsig_error *err)
{
    const struct ops_study *const study = series->study;
    const struct ops_pair_test_options test = {
        .permutations = study->options->permutations,
        .bootstraps = series->bootstraps,
        .seed = ops_seed_for(study->options->seed, purpose)};
    return ops_pair_test(out, series->null, pairs, study->sample, series->labels, &test,
                         &study->each, err);
}

static opsig_status predict(const struct series *series, opsig_hypothesis_tolerance *out,
                            opsig_error *err)
{
    struct ops_predicted predicted;
    const opsig_status status = ops_predict(&predicted, series->predictor, series->labels,
                                            series->bootstraps, NULL, err);
    if (status == OPSIG_OK) {
        for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
            out->roc_auc[p] = predicted.predictions[p].roc_auc;
        }
        out->gain = predicted.gains[OPSIG_PREDICTOR_OPERATORS].roc_auc;
    }
    return status;
}

/** Labels the models, and says that nothing is known yet. */
static void begin_row(const struct series *series, double tolerance,
                      opsig_hypothesis_tolerance *out)
{
    const struct ops_sample *const sample = series->study->sample;
    for (uint32_t i = 0; i < sample->n; i++) {
        series->labels[i] =
            ops_corpus_label_at(series->study->corpus, sample->model[i], tolerance) ==
            OPSIG_LABEL_INCONSISTENT;
    }
    *out = (opsig_hypothesis_tolerance){
        .tolerance = tolerance,
        .n_inconsistent = ops_sample_count_all(sample, series->labels),
        .sharing = ops_no_effect(),
        .order = ops_no_effect(),
        .sharing_ratio = NAN,
        .roc_auc = {ops_no_interval(), ops_no_interval(), ops_no_interval()},
        .gain = ops_no_effect()};
    out->n_consistent = sample->n - out->n_inconsistent;
}

static opsig_status fill_row(const struct series *series, opsig_hypothesis_tolerance *out,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_study *const study = series->study;
    if (out->n_inconsistent < FEWEST || out->n_consistent < FEWEST) {
        return OPSIG_OK;
    }
    const struct ops_pair_mean mean =
        ops_pair_mean(&study->shared, study->sample, series->labels);
    out->sharing_ratio = mean.observed / mean.expected;
    TRY(test_pairs(series, &study->shared, OPS_PURPOSE_SHARING, &out->sharing, err));
    TRY(test_pairs(series, &study->remainder, OPS_PURPOSE_ORDER, &out->order, err));
    TRY(predict(series, out, err));
done:
    return status;
}

opsig_status ops_study_tolerances(struct ops_study *study, struct ops_predictor *predictor,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_hypothesis_options *const options = study->options;
    const double *const tolerances = options->tolerances != NULL ? options->tolerances : usual;
    const size_t n = options->tolerances != NULL ? options->n_tolerances : N_USUAL;
    struct series series = {.study = study, .predictor = predictor};
    if (!ops_corpus_has_differences(study->corpus) || n == 0) {
        return OPSIG_OK;
    }
    series.bootstraps =
        options->bootstraps < MOST_BOOTSTRAPS ? options->bootstraps : MOST_BOOTSTRAPS;
    series.labels = ops_mem_zalloc(study->sample->n, sizeof *series.labels);
    series.before = ops_mem_zalloc(study->sample->n, sizeof *series.before);
    series.null = ops_mem_zalloc(options->permutations, sizeof *series.null);
    study->out->tolerances =
        ops_arena_zalloc(&study->out->arena, n, sizeof *study->out->tolerances);
    if (series.labels == NULL || series.before == NULL || series.null == NULL ||
        study->out->tolerances == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    study->each.step = "tolerance";
    for (size_t i = 0; i < n; i++) {
        opsig_hypothesis_tolerance *const row = &study->out->tolerances[i];
        begin_row(&series, tolerances[i], row);
        if (i > 0 && memcmp(series.labels, series.before, study->sample->n) == 0) {
            *row = row[-1];
            row->tolerance = tolerances[i];
        } else {
            TRY(fill_row(&series, row, err));
        }
        memcpy(series.before, series.labels, study->sample->n);
    }
    study->out->n_tolerances = n;
done:
    ops_mem_free(series.labels);
    ops_mem_free(series.before);
    ops_mem_free(series.null);
    return status;
}
