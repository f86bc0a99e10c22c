/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mining from manifest to database, on the project's own example corpus. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/opsig.h>

static opsig_corpus *load(unsigned workers, opsig_strata strata)
{
    opsig_corpus *corpus = NULL;
    opsig_corpus_options options;
    opsig_error err = {.message = ""};
    opsig_corpus_options_init(&options);
    options.oracle = "ort_opt";
    options.workers = workers;
    options.strata = strata;
    if (opsig_corpus_load_manifest(&corpus, OPSIG_EXAMPLES "/mine.csv", &options, &err) !=
        OPSIG_OK) {
        fail_msg("%s", err.message);
    }
    return corpus;
}

static opsig_database *mine(const opsig_corpus *corpus, const opsig_mine_options *options)
{
    opsig_database *database = NULL;
    opsig_error err = {.message = ""};
    if (opsig_mine(&database, corpus, options, &err) != OPSIG_OK) {
        fail_msg("%s", err.message);
    }
    return database;
}

/** The text form of a database; freed by the caller. */
static char *text_of(const opsig_database *database)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(opsig_database_export(database, stream, NULL), OPSIG_OK);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static size_t rank_of(const opsig_database *database, const char *pattern)
{
    for (size_t i = 0; i < opsig_database_n_signatures(database); i++) {
        const opsig_signature *signature = opsig_database_signature(database, i);
        if (strcmp(opsig_pattern_text(opsig_signature_pattern(signature)), pattern) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void a_real_defect_is_among_the_first_five_in_each_alphabet_that_can_say_it(void **state)
{
    (void)state;
    static const opsig_alphabet alphabets[] = {OPSIG_ALPHABET_OP, OPSIG_ALPHABET_BOTH};
    opsig_corpus *corpus = load(0, OPSIG_STRATA_BOTH);
    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++) {
        opsig_mine_options options;
        opsig_mine_options_init(&options);
        options.alphabet = alphabets[i];
        opsig_database *database = mine(corpus, &options);
        assert_in_range(rank_of(database, "Pad -> AveragePool"), 0, 4);
        opsig_database_free(database);
    }
    opsig_corpus_free(corpus);
}

static void workers_and_repetition_give_the_same_bytes(void **state)
{
    (void)state;
    char *texts[3];
    for (unsigned workers = 0; workers < 3; workers++) {
        opsig_corpus *corpus = load(workers, OPSIG_STRATA_BOTH);
        opsig_mine_options options;
        opsig_mine_options_init(&options);
        opsig_database *database = mine(corpus, &options);
        texts[workers] = text_of(database);
        opsig_database_free(database);
        opsig_corpus_free(corpus);
    }
    assert_string_equal(texts[0], texts[1]);
    assert_string_equal(texts[0], texts[2]);
    for (unsigned workers = 0; workers < 3; workers++) {
        free(texts[workers]);
    }
}

static void check_evidence(const opsig_signature *signature)
{
    const opsig_statistics *statistics = opsig_signature_statistics(signature);
    size_t n_vertices = opsig_pattern_n_vertices(opsig_signature_pattern(signature));
    uint32_t counts[2] = {0, 0};
    for (size_t i = 0; i < opsig_signature_n_evidence(signature); i++) {
        opsig_evidence evidence = opsig_signature_evidence(signature, i);
        size_t n_nodes = 1;
        for (const char *c = evidence.nodes; *c != '\0'; c++) {
            n_nodes += *c == '\n';
        }
        assert_int_equal(n_nodes, n_vertices);
        counts[evidence.inconsistent != 0]++;
    }
    assert_int_equal(counts[0], statistics->with_consistent);
    assert_int_equal(counts[1], statistics->with_inconsistent);
}

static void each_signature_has_the_models_and_nodes_that_its_counts_tell_of(void **state)
{
    (void)state;
    opsig_corpus *corpus = load(0, OPSIG_STRATA_BOTH);
    opsig_mine_options options;
    opsig_mine_options_init(&options);
    opsig_database *database = mine(corpus, &options);
    assert_true(opsig_database_n_signatures(database) > 0);
    for (size_t i = 0; i < opsig_database_n_signatures(database); i++) {
        const opsig_signature *signature = opsig_database_signature(database, i);
        const opsig_statistics *statistics = opsig_signature_statistics(signature);
        check_evidence(signature);
        assert_true(statistics->p <= statistics->p_adjusted);
        assert_true(statistics->p_adjusted <= options.alpha);
        assert_true(statistics->p_order >= statistics->p);
        assert_true(statistics->likelihood_ratio.low > 1);
        assert_true(opsig_pattern_n_vertices(opsig_signature_context(signature)) >=
                    opsig_pattern_n_vertices(opsig_signature_pattern(signature)));
    }
    opsig_database_free(database);
    opsig_corpus_free(corpus);
}

static void bonferroni_keeps_no_more_than_benjamini_hochberg(void **state)
{
    (void)state;
    size_t n[2];
    opsig_corpus *corpus = load(0, OPSIG_STRATA_NONE);
    for (int i = 0; i < 2; i++) {
        opsig_mine_options options;
        opsig_mine_options_init(&options);
        options.correction = i == 0 ? OPSIG_CORRECTION_BONFERRONI : OPSIG_CORRECTION_BH;
        opsig_database *database = mine(corpus, &options);
        n[i] = opsig_database_n_signatures(database);
        opsig_database_free(database);
    }
    assert_true(n[0] > 0);
    assert_true(n[0] <= n[1]);
    opsig_corpus_free(corpus);
}

static double figure(const opsig_database *database, const char *key)
{
    const char *value = opsig_database_provenance(database, key);
    assert_non_null(value);
    return strtod(value, NULL);
}

static void provenance_says_how_the_database_was_made(void **state)
{
    (void)state;
    static const char *const expected[][2] = {
        {"oracle", "ort_opt"},          {"corpus.models", "200"},
        {"corpus.inconsistent", "18"},  {"corpus.consistent", "182"},
        {"option.alphabet", "both"},    {"option.alpha", "0.05"},
        {"option.correction", "westfall-young"},    {"option.min_support", "5"},
        {"option.seed", "1"},           {"tool.version", OPSIG_VERSION},
    };
    opsig_corpus *corpus = load(0, OPSIG_STRATA_BOTH);
    opsig_mine_options options;
    opsig_mine_options_init(&options);
    opsig_database *database = mine(corpus, &options);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_string_equal(opsig_database_provenance(database, expected[i][0]), expected[i][1]);
    }
    assert_string_equal(opsig_database_provenance(database, "corpus.digest"),
                        opsig_corpus_digest(corpus));
    double known = figure(database, "culprit.known");
    double first = figure(database, "culprit.in_first_finding");
    double three = figure(database, "culprit.in_first_three");
    double any = figure(database, "culprit.in_any_finding");
    assert_true(0 < first && first <= three && three <= any && any <= known && known <= 18);
    assert_true(figure(database, "risk.roc_auc") > 0.5);
    opsig_database_free(database);
    opsig_corpus_free(corpus);
}

static void the_risk_of_mined_models_is_higher_for_inconsistent_ones(void **state)
{
    (void)state;
    opsig_corpus *corpus = load(0, OPSIG_STRATA_BOTH);
    opsig_mine_options options;
    opsig_scan_options scan_options;
    opsig_mine_options_init(&options);
    opsig_scan_options_init(&scan_options);
    opsig_database *database = mine(corpus, &options);
    const opsig_database *const databases[] = {database};
    opsig_scanner *scanner = NULL;
    double sum[2] = {0, 0};
    int n[2] = {0, 0};
    assert_int_equal(opsig_scanner_new(&scanner, databases, 1, &scan_options, NULL), OPSIG_OK);
    for (size_t m = 0; m < opsig_corpus_n_models(corpus); m++) {
        opsig_scan_result *result = NULL;
        assert_int_equal(
            opsig_scanner_scan(&result, scanner, opsig_corpus_graph(corpus, m), NULL, NULL),
            OPSIG_OK);
        int label = opsig_corpus_label(corpus, m) == OPSIG_LABEL_INCONSISTENT;
        sum[label] += opsig_scan_result_risk(result);
        n[label]++;
        opsig_scan_result_free(result);
    }
    assert_true(sum[1] / n[1] > 2 * sum[0] / n[0]);
    /* calibrated: the mean risk is about the share of inconsistent models */
    assert_true(fabs((sum[0] + sum[1]) / (n[0] + n[1]) - 0.09) < 0.04);
    opsig_scanner_free(scanner);
    opsig_database_free(database);
    opsig_corpus_free(corpus);
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    opsig_corpus *corpus = load(0, OPSIG_STRATA_BOTH);
    opsig_database *database = NULL;
    opsig_error err;
    opsig_mine_options options;
    opsig_mine_options_init(&options);
    options.alpha = 1;
    assert_int_equal(opsig_mine(&database, corpus, &options, &err), OPSIG_USAGE);
    opsig_mine_options_init(&options);
    options.max_length = OPSIG_PATTERN_MAX_VERTICES + 1;
    assert_int_equal(opsig_mine(&database, corpus, &options, &err), OPSIG_USAGE);
    opsig_mine_options_init(&options);
    options.max_patterns = 10;
    assert_int_equal(opsig_mine(&database, corpus, &options, &err), OPSIG_LIMIT);
    assert_null(database);
    opsig_corpus_free(corpus);
}

static void a_corpus_without_labels_cannot_be_mined(void **state)
{
    (void)state;
    opsig_corpus *corpus = NULL;
    opsig_database *database = NULL;
    opsig_corpus_options corpus_options;
    opsig_mine_options options;
    opsig_error err;
    opsig_corpus_options_init(&corpus_options);
    opsig_mine_options_init(&options);
    assert_int_equal(opsig_corpus_load_paths(&corpus, NULL, 0, &corpus_options, NULL), OPSIG_OK);
    assert_int_equal(opsig_mine(&database, corpus, &options, &err), OPSIG_USAGE);
    opsig_corpus_free(corpus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_real_defect_is_among_the_first_five_in_each_alphabet_that_can_say_it),
        cmocka_unit_test(workers_and_repetition_give_the_same_bytes),
        cmocka_unit_test(each_signature_has_the_models_and_nodes_that_its_counts_tell_of),
        cmocka_unit_test(bonferroni_keeps_no_more_than_benjamini_hochberg),
        cmocka_unit_test(provenance_says_how_the_database_was_made),
        cmocka_unit_test(the_risk_of_mined_models_is_higher_for_inconsistent_ones),
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(a_corpus_without_labels_cannot_be_mined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
