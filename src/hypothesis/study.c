/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `--mode test` in order: each step fills in its part of the result. */
#include <string.h>

#include "base/mem.h"
#include "hypothesis/predict.h"
#include "hypothesis/result.h"
#include "hypothesis/tolerance.h"

enum { OPTIONS_VERSION = 1 };

void opsig_hypothesis_options_init(opsig_hypothesis_options *options)
{
    *options = (opsig_hypothesis_options){.version = OPTIONS_VERSION,
                                          .max_length = 6,
                                          .permutations = 1000,
                                          .rewirings = 100,
                                          .bootstraps = 1000,
                                          .folds = 5,
                                          .seed = 1,
                                          .n_threads = 1};
}

opsig_status ops_study_numbers(struct ops_study *study, uint32_t n, double **out, opsig_error *err)
{
    *out = ops_arena_zalloc(&study->out->arena, n, sizeof **out);
    return *out == NULL ? ops_error_nomem(err) : OPSIG_OK;
}

static opsig_status check_options(const opsig_hypothesis_options *options, opsig_error *err)
{
    if (options->max_length < 2 || options->max_length > OPSIG_PATTERN_MAX_VERTICES) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1, "the length is not in 2 ... %d",
                             OPSIG_PATTERN_MAX_VERTICES);
    }
    if (options->permutations < 1 || options->rewirings < 1 || options->bootstraps < 1) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1,
                             "there must be a permutation, a rewiring and a resample");
    }
    if (options->folds < 2) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1, "there must be two folds");
    }
    return OPSIG_OK;
}

static opsig_status check_corpus(const opsig_corpus *corpus, opsig_error *err)
{
    const size_t inconsistent = opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT);
    const size_t consistent = opsig_corpus_n_labelled(corpus, OPSIG_LABEL_CONSISTENT);
    if (inconsistent < 2 || consistent < 2) {
        return ops_error_set(err, OPSIG_USAGE, "corpus", -1,
                             "the test needs two models of each label; %zu are inconsistent and "
                             "%zu consistent",
                             inconsistent, consistent);
    }
    return OPSIG_OK;
}

static opsig_status record_design(struct ops_study *study, opsig_error *err)
{
    const opsig_hypothesis_options *const options = study->options;
    const struct ops_sample *const sample = study->sample;
    const char *const oracle = opsig_corpus_oracle(study->corpus);
    const uint32_t n_inconsistent = ops_sample_count_all(sample, sample->labels);
    char *const copy = ops_arena_strndup(&study->out->arena, oracle, strlen(oracle));
    if (copy == NULL) {
        return ops_error_nomem(err);
    }
    study->out->design = (opsig_hypothesis_design){
        .oracle = copy,
        .n_inconsistent = n_inconsistent,
        .n_consistent = sample->n - n_inconsistent,
        .n_strata = sample->n_strata,
        .n_mixed_strata = ops_sample_mixed_strata(sample, sample->labels),
        .max_length = options->max_length,
        .permutations = options->permutations,
        .rewirings = options->rewirings,
        .bootstraps = options->bootstraps,
        .folds = options->folds,
        .seed = options->seed};
    return OPSIG_OK;
}

/** Prediction, at the labels as they are and at other tolerances. */
static opsig_status predict(struct ops_study *study, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_hypothesis *const out = study->out;
    struct ops_predictor predictor = {.study = study};
    struct ops_predicted predicted;
    study->each.step = "predict";
    TRY(ops_predictor_init(&predictor, study, err));
    TRY(ops_predict(&predicted, &predictor, study->sample->labels, study->options->bootstraps,
                    &out->arena, err));
    memcpy(out->predictions, predicted.predictions, sizeof out->predictions);
    memcpy(out->gains, predicted.gains, sizeof out->gains);
    out->flags = predicted.flags;
    TRY(ops_study_tolerances(study, &predictor, err));
done:
    ops_predictor_dispose(&predictor);
    return status;
}

static opsig_status run_study(struct ops_study *study, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_sample_new(&study->sample, study->corpus, err));
    TRY(record_design(study, err));
    TRY(ops_mine_field_new(&study->field, study->corpus, OPSIG_ALPHABET_OP, err));
    TRY(ops_study_sharing(study, err));
    TRY(ops_study_order(study, err));
    TRY(predict(study, err));
    TRY(ops_study_evolution(study, err));
    TRY(ops_study_verdict(study, err));
done:
    return status;
}

static void study_dispose(struct ops_study *study)
{
    ops_pairs_dispose(&study->shared);
    ops_pairs_dispose(&study->remainder);
    ops_mine_field_free(study->field);
    ops_sample_free(study->sample);
    opsig_hypothesis_free(study->out);
}

opsig_status opsig_hypothesis_test(opsig_hypothesis **out, const opsig_corpus *corpus,
                                   const opsig_hypothesis_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_study study = {.corpus = corpus,
                              .options = options,
                              .each = {.n_threads = options->n_threads,
                                       .cancel = options->cancel,
                                       .progress = options->progress,
                                       .progress_payload = options->payload}};
    *out = NULL;
    TRY(check_options(options, err));
    TRY(check_corpus(corpus, err));
    study.out = ops_mem_zalloc(1, sizeof *study.out);
    if (study.out == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    ops_arena_init(&study.out->arena, UINT64_MAX);
    TRY(run_study(&study, err));
    *out = study.out;
    study.out = NULL;
done:
    study_dispose(&study);
    return status;
}
