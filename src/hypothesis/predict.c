/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does what is mined from some models predict the others? (method.md section 5, test mode, 3)
 * Mining and scanning are those of `opsig mine` and `opsig scan`, with their defaults: nothing
 * here knows how they work. */
#include "hypothesis/predict.h"

#include <math.h>

#include <opsig/mine.h>
#include <opsig/scan.h>

#include "base/mem.h"
#include "corpus/select.h"
#include "hypothesis/pair_test.h"
#include "hypothesis/ranking.h"
#include "stats/interval.h"

/** One call of ops_predict. */
struct prediction {
    const struct ops_predictor *predictor;
    const struct ops_sample *sample;
    const uint8_t *labels;
    struct ops_split split;
    uint32_t *fold;                     /* by place */
    double *scores[OPSIG_N_PREDICTORS]; /* by place: probabilities */
    uint8_t *flagged;                   /* by place: a finding of severity high */
};

/* ---- predictors ---- */

opsig_status ops_predictor_init(struct ops_predictor *predictor, struct ops_study *study,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *predictor = (struct ops_predictor){.study = study};
    TRY(ops_twins_init(&predictor->twins, study->field, study->sample, err));
    TRY(ops_baseline_operators(&predictor->operators, study->field, study->sample, err));
    TRY(ops_baseline_size(&predictor->size, study->field, study->sample, err));
done:
    return status;
}

void ops_predictor_dispose(struct ops_predictor *predictor)
{
    ops_twins_dispose(&predictor->twins);
    ops_baseline_dispose(&predictor->operators);
    ops_baseline_dispose(&predictor->size);
}

/** The corpus of all models outside of a fold. */
static opsig_status training_corpus(opsig_corpus **out, const struct prediction *prediction,
                                    uint32_t fold, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_sample *const sample = prediction->sample;
    size_t n = 0;
    uint32_t *const models = ops_mem_zalloc(sample->n, sizeof *models);
    opsig_label *const labels = ops_mem_zalloc(sample->n, sizeof *labels);
    if (models == NULL || labels == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    for (uint32_t m = 0; m < sample->n; m++) {
        const uint32_t place = sample->place[m];
        if (prediction->fold[place] != fold) {
            labels[n] = prediction->labels[place] ? OPSIG_LABEL_INCONSISTENT
                                                  : OPSIG_LABEL_CONSISTENT;
            models[n++] = m;
        }
    }
    status = ops_corpus_select(out, prediction->predictor->study->corpus, models, labels, n, err);
done:
    ops_mem_free(models);
    ops_mem_free(labels);
    return status;
}

static bool is_flagged(const opsig_scan_result *result)
{
    for (size_t k = 0; k < opsig_scan_result_n_findings(result); k++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, k);
        if (opsig_signature_statistics(finding->signature)->severity == OPSIG_SEVERITY_HIGH) {
            return true;
        }
    }
    return false;
}

/** Scans the models of a fold. @param usual  the probability where there is no risk model */
static opsig_status scan_fold(struct prediction *prediction, const opsig_database *database,
                              uint32_t fold, double usual, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_sample *const sample = prediction->sample;
    opsig_scanner *scanner = NULL;
    opsig_scan_options options;
    opsig_scan_options_init(&options);
    options.max_matches = 1;
    TRY(opsig_scanner_new(&scanner, &database, 1, &options, err));
    for (uint32_t i = 0; i < sample->n; i++) {
        if (prediction->fold[i] != fold) {
            continue;
        }
        opsig_scan_result *result = NULL;
        const opsig_graph *const graph =
            opsig_corpus_graph(prediction->predictor->study->corpus, sample->model[i]);
        TRY(opsig_scanner_scan(&result, scanner, graph, NULL, err));
        const double risk = opsig_scan_result_risk(result);
        prediction->scores[OPSIG_PREDICTOR_SIGNATURES][i] = isnan(risk) ? usual : risk;
        prediction->flagged[i] = is_flagged(result);
        opsig_scan_result_free(result);
    }
done:
    opsig_scanner_free(scanner);
    return status;
}

static opsig_status mine_and_scan(struct prediction *prediction, uint32_t fold, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_study *const study = prediction->predictor->study;
    opsig_corpus *corpus = NULL;
    opsig_database *database = NULL;
    opsig_mine_options options;
    opsig_mine_options_init(&options);
    options.max_length = study->options->max_length;
    options.seed = study->options->seed;
    options.cancel = study->options->cancel;
    TRY(training_corpus(&corpus, prediction, fold, err));
    TRY(opsig_mine(&database, corpus, &options, err));
    const double usual = (double)opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT) /
                         (double)opsig_corpus_n_models(corpus);
    TRY(scan_fold(prediction, database, fold, usual, err));
done:
    opsig_database_free(database);
    opsig_corpus_free(corpus);
    return status;
}

static opsig_status predict_fold(uint32_t fold, unsigned worker, void *payload, opsig_error *err)
{
    (void)worker;
    opsig_status status = OPSIG_OK;
    struct prediction *const prediction = payload;
    const struct ops_predictor *const predictor = prediction->predictor;
    TRY(mine_and_scan(prediction, fold, err));
    TRY(ops_baseline_predict(prediction->scores[OPSIG_PREDICTOR_OPERATORS], &predictor->operators,
                             prediction->labels, &prediction->split, fold, err));
    TRY(ops_baseline_predict(prediction->scores[OPSIG_PREDICTOR_SIZE], &predictor->size,
                             prediction->labels, &prediction->split, fold, err));
done:
    return status;
}

/* ---- judging ---- */

/** The figures of all predictors in all resamples. */
struct judging {
    const struct prediction *prediction;
    struct ops_ranking rankings[OPSIG_N_PREDICTORS];
    uint32_t bootstraps;
    uint64_t seed;
    double figures[OPSIG_N_PREDICTORS][OPS_N_FIGURES]; /* of the models as they are */
    double *resampled; /* by predictor, figure and resample */
    double *scratch;   /* bootstraps */
    struct judge_scratch {
        uint32_t *order;
        double *weights;
    } *workers;
    unsigned n_workers;
};

static double *resampled_of(const struct judging *judging, int predictor, int figure)
{
    return judging->resampled +
           ((size_t)predictor * OPS_N_FIGURES + (size_t)figure) * judging->bootstraps;
}

static opsig_status judge_once(uint32_t j, unsigned worker, void *payload, opsig_error *err)
{
    (void)err;
    struct judging *const judging = payload;
    const struct judge_scratch *const scratch = &judging->workers[worker];
    const struct prediction *const prediction = judging->prediction;
    double figures[OPS_N_FIGURES];
    ops_sample_resample(prediction->sample, prediction->labels, judging->seed, j, scratch->order,
                        scratch->weights);
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        ops_ranking_judge(&judging->rankings[p], prediction->labels, scratch->weights, figures);
        for (int f = 0; f < OPS_N_FIGURES; f++) {
            resampled_of(judging, p, f)[j] = figures[f];
        }
    }
    return OPSIG_OK;
}

static opsig_status judging_init(struct judging *judging, const struct ops_each *each,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_sample *const sample = judging->prediction->sample;
    judging->n_workers = ops_each_workers(each, judging->bootstraps);
    judging->workers = ops_mem_zalloc(judging->n_workers, sizeof *judging->workers);
    judging->resampled = ops_mem_zalloc((size_t)OPSIG_N_PREDICTORS * OPS_N_FIGURES,
                                        judging->bootstraps * sizeof *judging->resampled);
    judging->scratch = ops_mem_zalloc(judging->bootstraps, sizeof *judging->scratch);
    bool complete =
        judging->workers != NULL && judging->resampled != NULL && judging->scratch != NULL;
    for (unsigned w = 0; complete && w < judging->n_workers; w++) {
        judging->workers[w].order = ops_mem_zalloc(sample->n, sizeof(uint32_t));
        judging->workers[w].weights = ops_mem_zalloc(sample->n, sizeof(double));
        complete = judging->workers[w].order != NULL && judging->workers[w].weights != NULL;
    }
    TRY(complete ? OPSIG_OK : ops_error_nomem(err));
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        TRY(ops_ranking_init(&judging->rankings[p], sample, judging->prediction->scores[p], err));
        ops_ranking_judge(&judging->rankings[p], judging->prediction->labels, NULL,
                          judging->figures[p]);
    }
done:
    return status;
}

static void judging_dispose(struct judging *judging)
{
    for (unsigned w = 0; judging->workers != NULL && w < judging->n_workers; w++) {
        ops_mem_free(judging->workers[w].order);
        ops_mem_free(judging->workers[w].weights);
    }
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        ops_ranking_dispose(&judging->rankings[p]);
    }
    ops_mem_free(judging->workers);
    ops_mem_free(judging->resampled);
    ops_mem_free(judging->scratch);
}

static opsig_interval interval_of(struct judging *judging, int predictor, int figure)
{
    const double *const resampled = resampled_of(judging, predictor, figure);
    opsig_interval interval = {.value = judging->figures[predictor][figure]};
    for (uint32_t j = 0; j < judging->bootstraps; j++) {
        judging->scratch[j] = resampled[j];
    }
    ops_percentiles(judging->scratch, judging->bootstraps, &interval.low, &interval.high);
    return interval;
}

/** What signatures gain over a baseline in one figure. */
static opsig_effect gain_of(struct judging *judging, int baseline, int figure)
{
    const double *const ours = resampled_of(judging, OPSIG_PREDICTOR_SIGNATURES, figure);
    const double *const theirs = resampled_of(judging, baseline, figure);
    opsig_effect gain = {.value = judging->figures[OPSIG_PREDICTOR_SIGNATURES][figure] -
                                  judging->figures[baseline][figure]};
    uint32_t without = 0;
    for (uint32_t j = 0; j < judging->bootstraps; j++) {
        judging->scratch[j] = ours[j] - theirs[j];
        without += !(judging->scratch[j] > 0);
    }
    gain.p = isnan(gain.value) ? NAN : (1.0 + without) / (1.0 + judging->bootstraps);
    ops_percentiles(judging->scratch, judging->bootstraps, &gain.low, &gain.high);
    return gain;
}

static opsig_status add_curves(opsig_prediction *out, const struct ops_ranking *ranking,
                               const uint8_t *labels, struct ops_arena *arena, opsig_error *err)
{
    const uint32_t n = ranking->sample->n;
    opsig_point *const roc = ops_arena_zalloc(arena, (size_t)n + 1, sizeof *roc);
    opsig_point *const pr = ops_arena_zalloc(arena, n, sizeof *pr);
    if (roc == NULL || pr == NULL) {
        return ops_error_nomem(err);
    }
    out->n_pr = ops_ranking_curves(ranking, labels, roc, pr);
    out->n_roc = out->n_pr + 1;
    out->roc = roc;
    out->pr = pr;
    return OPSIG_OK;
}

static void fill_predictor(struct ops_predicted *out, struct judging *judging, int p)
{
    opsig_prediction *const prediction = &out->predictions[p];
    opsig_prediction_gain *const gain = &out->gains[p];
    prediction->roc_auc = interval_of(judging, p, OPS_FIGURE_ROC_AUC);
    prediction->roc_auc_within = interval_of(judging, p, OPS_FIGURE_ROC_AUC_WITHIN);
    prediction->average_precision = interval_of(judging, p, OPS_FIGURE_AVERAGE_PRECISION);
    prediction->precision = interval_of(judging, p, OPS_FIGURE_PRECISION);
    prediction->recall = interval_of(judging, p, OPS_FIGURE_RECALL);
    gain->roc_auc = gain_of(judging, p, OPS_FIGURE_ROC_AUC);
    gain->roc_auc_within = gain_of(judging, p, OPS_FIGURE_ROC_AUC_WITHIN);
    gain->average_precision = gain_of(judging, p, OPS_FIGURE_AVERAGE_PRECISION);
}

static opsig_status judge(struct ops_predicted *out, const struct prediction *prediction,
                          uint32_t bootstraps, struct ops_arena *arena, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_study *const study = prediction->predictor->study;
    struct judging judging = {
        .prediction = prediction,
        .bootstraps = bootstraps,
        .seed = ops_seed_for(study->options->seed, OPS_PURPOSE_PREDICTION)};
    TRY(judging_init(&judging, &study->each, err));
    TRY(ops_each_do(&study->each, bootstraps, judge_once, &judging, err));
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        fill_predictor(out, &judging, p);
        if (arena != NULL) {
            TRY(add_curves(&out->predictions[p], &judging.rankings[p], prediction->labels, arena,
                           err));
        }
    }
done:
    judging_dispose(&judging);
    return status;
}

static void count_flags(opsig_hypothesis_flags *out, const struct prediction *prediction)
{
    uint32_t n = 0;
    uint32_t hits = 0;
    for (uint32_t i = 0; i < prediction->sample->n; i++) {
        n += prediction->flagged[i];
        hits += prediction->flagged[i] && prediction->labels[i];
    }
    out->n_flagged = n;
    out->n_hits = hits;
    out->precision = ops_wilson(hits, n);
    out->recall = ops_wilson(hits, ops_sample_count_all(prediction->sample, prediction->labels));
}

/* ---- the whole ---- */

static void predicted_init(struct ops_predicted *out, uint32_t n_groups)
{
    const opsig_prediction nothing = {.roc_auc = ops_no_interval(),
                                      .roc_auc_within = ops_no_interval(),
                                      .average_precision = ops_no_interval(),
                                      .precision = ops_no_interval(),
                                      .recall = ops_no_interval()};
    const opsig_prediction_gain no_gain = {ops_no_effect(), ops_no_effect(), ops_no_effect()};
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        out->predictions[p] = nothing;
        out->gains[p] = no_gain;
    }
    out->flags = (opsig_hypothesis_flags){
        .n_groups = n_groups, .precision = ops_no_interval(), .recall = ops_no_interval()};
}

static opsig_status prediction_init(struct prediction *prediction, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_study *const study = prediction->predictor->study;
    const uint32_t n = prediction->sample->n;
    prediction->fold = ops_mem_zalloc(n, sizeof *prediction->fold);
    prediction->flagged = ops_mem_zalloc(n, sizeof *prediction->flagged);
    bool complete = prediction->fold != NULL && prediction->flagged != NULL;
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        prediction->scores[p] = ops_mem_zalloc(n, sizeof *prediction->scores[p]);
        complete = complete && prediction->scores[p] != NULL;
    }
    TRY(complete ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_folds_assign(prediction->fold, &prediction->split.n_folds,
                         &prediction->predictor->twins, prediction->sample, prediction->labels,
                         study->options->folds,
                         ops_seed_for(study->options->seed, OPS_PURPOSE_FOLDS), err));
    prediction->split.fold = prediction->fold;
done:
    return status;
}

static void prediction_dispose(struct prediction *prediction)
{
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        ops_mem_free(prediction->scores[p]);
    }
    ops_mem_free(prediction->fold);
    ops_mem_free(prediction->flagged);
}

opsig_status ops_predict(struct ops_predicted *out, struct ops_predictor *predictor,
                         const uint8_t *labels, uint32_t bootstraps, struct ops_arena *arena,
                         opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_study *const study = predictor->study;
    struct prediction prediction = {
        .predictor = predictor, .sample = study->sample, .labels = labels};
    predicted_init(out, predictor->twins.n_groups);
    TRY(prediction_init(&prediction, err));
    if (prediction.split.n_folds == 0) {
        goto done;
    }
    TRY(ops_each_do(&study->each, prediction.split.n_folds, predict_fold, &prediction, err));
    TRY(judge(out, &prediction, bootstraps, arena, err));
    count_flags(&out->flags, &prediction);
done:
    prediction_dispose(&prediction);
    return status;
}
