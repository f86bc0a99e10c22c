/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All of test mode, on the project's own example corpus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/corpus.h>
#include <opsig/hypothesis.h>

#include "base/mem.h"
#include "corpus/select.h"
#include "support/close.h"

static const double tolerances[] = {1e-6, 1e-3, 2e-3};

static opsig_corpus *load(const char *oracle, bool at_tolerance)
{
    opsig_corpus *corpus = NULL;
    opsig_error err = {.message = ""};
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    options.oracle = oracle;
    options.has_tolerance = at_tolerance;
    options.tolerance_abs = tolerances[0];
    if (opsig_corpus_load_manifest(&corpus, OPSIG_EXAMPLES "/mine.csv", &options, &err) !=
        OPSIG_OK) {
        fail_msg("%s", err.message);
    }
    return corpus;
}

/** Small numbers: the test is about what is computed, not about how exactly. */
static void few(opsig_hypothesis_options *options)
{
    opsig_hypothesis_options_init(options);
    options->permutations = 49;
    options->rewirings = 4;
    options->bootstraps = 20;
    options->folds = 3;
    options->n_tolerances = 0;
    options->tolerances = tolerances;
}

static opsig_hypothesis *run(const opsig_corpus *corpus, const opsig_hypothesis_options *options)
{
    opsig_hypothesis *hypothesis = NULL;
    opsig_error err = {.message = ""};
    if (opsig_hypothesis_test(&hypothesis, corpus, options, &err) != OPSIG_OK) {
        fail_msg("%s", err.message);
    }
    return hypothesis;
}

static void every_section_is_filled_in(void **state)
{
    (void)state;
    opsig_hypothesis_options options;
    opsig_corpus *corpus = load("ort_opt", false);
    few(&options);
    opsig_hypothesis *h = run(corpus, &options);
    opsig_corpus_free(corpus); /* the result refers to nothing else */
    const opsig_hypothesis_design *design = opsig_hypothesis_design_of(h);
    assert_string_equal(design->oracle, "ort_opt");
    assert_int_equal(design->n_inconsistent + design->n_consistent, 200);
    assert_true(design->n_mixed_strata > 0 && design->n_mixed_strata <= design->n_strata);
    const opsig_hypothesis_sharing *sharing = opsig_hypothesis_sharing_of(h);
    assert_close(sharing->excess.value, sharing->observed - sharing->expected, 1e-12);
    assert_int_equal(sharing->null.n, 49);
    const opsig_hypothesis_order *order = opsig_hypothesis_order_of(h);
    assert_int_equal(order->rewired_excess.n, 4);
    assert_true(order->edges_kept > 0.1 && order->edges_kept < 0.9);
    assert_true(order->swaps > 1);
    assert_string_equal(opsig_hypothesis_strongest_present(h)->sequence, "Pad -> AveragePool");
    assert_true(opsig_hypothesis_strongest_ordered(h)->n_tested > 100);
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        const opsig_prediction *prediction = opsig_hypothesis_prediction(h, (opsig_predictor)p);
        assert_true(prediction->roc_auc.low <= prediction->roc_auc.high);
        assert_true(prediction->roc_auc.value > 0.4 && prediction->roc_auc.value <= 1);
        assert_int_equal(prediction->n_roc, prediction->n_pr + 1);
        assert_close(prediction->roc[prediction->n_roc - 1].y, 1, 0);
    }
    assert_int_equal(opsig_hypothesis_n_tolerances(h), 0);
    double shares = 0;
    for (size_t i = 0; i < opsig_hypothesis_n_ages(h); i++) {
        shares += opsig_hypothesis_age_at(h, i)->inconsistent;
    }
    assert_close(shares, 1, 1e-9);
    assert_close(opsig_hypothesis_age_known(h), 1, 0);
    assert_int_equal(opsig_hypothesis_n_reasons(h), 3);
    opsig_hypothesis_free(h);
}

static void assert_same_effect(opsig_effect a, opsig_effect b)
{
    assert_close(a.value, b.value, 1e-12);
    assert_close(a.p, b.p, 0);
}

/** A tolerance in the series gives what a corpus labelled with that tolerance gives. */
static void a_tolerance_is_a_corpus_with_other_labels(void **state)
{
    (void)state;
    opsig_hypothesis_options options;
    opsig_corpus *corpus = load("ort_opt", false);
    opsig_corpus *other = load("ort_opt", true);
    few(&options);
    opsig_hypothesis *expected = run(other, &options);
    options.n_tolerances = 3;
    opsig_hypothesis *h = run(corpus, &options);
    const opsig_hypothesis_tolerance *row = opsig_hypothesis_tolerance_at(h, 0);
    assert_int_equal(row->n_inconsistent, opsig_hypothesis_design_of(expected)->n_inconsistent);
    assert_same_effect(row->sharing, opsig_hypothesis_sharing_of(expected)->excess);
    assert_same_effect(row->order, opsig_hypothesis_order_of(expected)->excess);
    assert_close(
        row->roc_auc[OPSIG_PREDICTOR_OPERATORS].value,
        opsig_hypothesis_prediction(expected, OPSIG_PREDICTOR_OPERATORS)->roc_auc.value, 1e-12);
    assert_close(
        row->roc_auc[OPSIG_PREDICTOR_SIGNATURES].value,
        opsig_hypothesis_prediction(expected, OPSIG_PREDICTOR_SIGNATURES)->roc_auc.value, 1e-12);
    assert_true(opsig_hypothesis_tolerance_at(h, 1)->n_inconsistent < row->n_inconsistent);
    /* the same labels at the next one */
    assert_close(opsig_hypothesis_tolerance_at(h, 2)->tolerance, 2e-3, 0);
    assert_same_effect(opsig_hypothesis_tolerance_at(h, 2)->order,
                       opsig_hypothesis_tolerance_at(h, 1)->order);
    opsig_hypothesis_free(h);
    opsig_hypothesis_free(expected);
    opsig_corpus_free(other);
    opsig_corpus_free(corpus);
}

static void part_of_a_corpus_has_its_graphs_and_other_labels(void **state)
{
    (void)state;
    static const uint32_t models[] = {3, 1, 7};
    static const opsig_label labels[] = {OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_CONSISTENT,
                                         OPSIG_LABEL_INCONSISTENT};
    opsig_corpus *part = NULL;
    opsig_corpus *corpus = load("ort_opt", false);
    assert_int_equal(ops_corpus_select(&part, corpus, models, labels, 3, NULL), OPSIG_OK);
    assert_int_equal(opsig_corpus_n_models(part), 3);
    assert_int_equal(opsig_corpus_n_labelled(part, OPSIG_LABEL_INCONSISTENT), 2);
    for (size_t i = 0; i < 3; i++) {
        assert_ptr_equal(opsig_corpus_graph(part, i), opsig_corpus_graph(corpus, models[i]));
        assert_string_equal(opsig_corpus_sha256(part, i), opsig_corpus_sha256(corpus, models[i]));
        assert_int_equal(opsig_corpus_label(part, i), labels[i]);
        assert_int_equal(opsig_corpus_stratum(part, i), opsig_corpus_stratum(corpus, models[i]));
    }
    assert_string_equal(opsig_corpus_oracle(part), "ort_opt");
    assert_true(strcmp(opsig_corpus_digest(part), opsig_corpus_digest(corpus)) != 0);
    opsig_corpus_free(part);
    opsig_corpus_free(corpus);
}

static void expect_usage(const opsig_corpus *corpus, const opsig_hypothesis_options *options,
                         const char *message)
{
    opsig_hypothesis *hypothesis = NULL;
    opsig_error err = {.message = ""};
    assert_int_equal(opsig_hypothesis_test(&hypothesis, corpus, options, &err), OPSIG_USAGE);
    assert_null(hypothesis);
    assert_non_null(strstr(err.message, message));
}

static void what_cannot_be_tested_is_refused(void **state)
{
    (void)state;
    static const uint32_t models[] = {0, 1, 2, 3};
    static const opsig_label labels[] = {OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_CONSISTENT,
                                         OPSIG_LABEL_CONSISTENT, OPSIG_LABEL_CONSISTENT};
    opsig_hypothesis_options options;
    opsig_corpus *part = NULL;
    opsig_corpus *corpus = load("ort_opt", false);
    few(&options);
    assert_int_equal(ops_corpus_select(&part, corpus, models, labels, 4, NULL), OPSIG_OK);
    expect_usage(part, &options, "two models of each label; 1 are inconsistent");
    options.max_length = 1;
    expect_usage(corpus, &options, "length");
    few(&options);
    options.rewirings = 0;
    expect_usage(corpus, &options, "rewiring");
    few(&options);
    options.folds = 1;
    expect_usage(corpus, &options, "two folds");
    opsig_corpus_free(part);
    opsig_corpus_free(corpus);
}

/** Six models cannot be cut into folds or say much, but nothing breaks. */
static void a_tiny_corpus_is_equivocal(void **state)
{
    (void)state;
    static const uint32_t models[] = {0, 1, 2, 3, 4, 5};
    static const opsig_label labels[] = {OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_INCONSISTENT,
                                         OPSIG_LABEL_CONSISTENT,   OPSIG_LABEL_CONSISTENT,
                                         OPSIG_LABEL_CONSISTENT,   OPSIG_LABEL_CONSISTENT};
    opsig_hypothesis_options options;
    opsig_corpus *part = NULL;
    opsig_corpus *corpus = load("ort_opt", false);
    few(&options);
    assert_int_equal(ops_corpus_select(&part, corpus, models, labels, 6, NULL), OPSIG_OK);
    opsig_hypothesis *h = run(part, &options);
    assert_int_equal(opsig_hypothesis_verdict(h), OPSIG_VERDICT_EQUIVOCAL);
    assert_int_equal(opsig_hypothesis_n_reasons(h), 4);
    assert_non_null(strstr(opsig_hypothesis_reason(h, 3), "too few"));
    opsig_hypothesis_free(h);
    opsig_corpus_free(part);
    opsig_corpus_free(corpus);
}

static void memory_that_runs_out_is_an_error(void **state)
{
    (void)state;
    opsig_hypothesis_options options;
    opsig_hypothesis *hypothesis = NULL;
    opsig_corpus *corpus = load("ort_opt", false);
    few(&options);
    options.rewirings = 1;
    options.permutations = options.bootstraps = 2;
    ops_mem_fail_at(0, 0);
    opsig_hypothesis_free(run(corpus, &options));
    const uint64_t n = ops_mem_count();
    for (uint64_t k = 1; k < n; k = k < 100 ? k + 1 : k + k / 4) {
        ops_mem_fail_at(k, 1);
        const opsig_status status = opsig_hypothesis_test(&hypothesis, corpus, &options, NULL);
        ops_mem_fail_at(0, 0);
        assert_int_equal(status, OPSIG_NOMEM);
        assert_null(hypothesis);
    }
    opsig_corpus_free(corpus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_section_is_filled_in),
        cmocka_unit_test(a_tolerance_is_a_corpus_with_other_labels),
        cmocka_unit_test(part_of_a_corpus_has_its_graphs_and_other_labels),
        cmocka_unit_test(what_cannot_be_tested_is_refused),
        cmocka_unit_test(a_tiny_corpus_is_equivocal),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
