/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "mine/risk.h"
#include "mine/westfall_young.h"
#include "pattern/contain.h"
#include "support/random_field.h"

enum { N_MODELS = 60 };

/** A corpus of 60 random models with labels of our own, in one or two strata. */
struct study {
    struct ops_mine_field *field;
    struct ops_classes *classes;
    struct ops_design design;
    uint64_t all, inconsistent, strata[2];
    struct ops_select_options options;
};

static void study_init(struct study *study, uint64_t seed, uint32_t n_strata)
{
    struct random_field_options corpus = {
        .n_models = N_MODELS, .max_vertices = 9, .n_symbols = 4, .edge_percent = 40};
    struct ops_explore_bounds bounds = {.min_support = 5, .max_length = 3, .max_patterns = 100000};
    memset(study, 0, sizeof *study);
    study->field = random_field(seed, &corpus);
    study->all = (UINT64_C(1) << N_MODELS) - 1;
    study->strata[0] = n_strata == 1 ? study->all : study->all & 0x3fffffff;
    study->strata[1] = study->all & ~study->strata[0];
    study->design = (struct ops_design){.n_models = N_MODELS,
                                        .n_strata = n_strata,
                                        .n_words = 1,
                                        .all = &study->all,
                                        .inconsistent = &study->inconsistent,
                                        .strata = study->strata};
    study->options = (struct ops_select_options){
        .correction = OPSIG_CORRECTION_BH, .alpha = 0.05, .min_support = 5};
    assert_int_equal(
        ops_classes_new(&study->classes, study->field->symbols, N_MODELS, NULL), OPSIG_OK);
    assert_int_equal(ops_classes_add_sequences(study->classes, study->field, &bounds, NULL),
                     OPSIG_OK);
}

static void study_dispose(struct study *study)
{
    ops_classes_free(study->classes);
    ops_mine_field_free(study->field);
}

/** Labels the holders of "B -> C" inconsistent, and one in thirty others; returns the number of
 *  holders. */
static uint32_t plant(struct study *study, uint64_t seed)
{
    static const uint32_t motif[] = {3, 6};
    uint32_t holders = 0;
    for (uint32_t m = 0; m < N_MODELS; m++) {
        bool holds = count_paths(&study->field->field, study->field->first_vertex[m],
                                 study->field->first_vertex[m + 1], motif, 2) > 0;
        holders += holds;
        if (holds || ops_rng_below(seed, 3, m, 30) == 0) {
            study->inconsistent |= UINT64_C(1) << m;
        }
    }
    return holders;
}

static void shuffle_labels(struct study *study, uint64_t seed)
{
    uint32_t order[N_MODELS];
    ops_rng_permutation(seed, 4, order, N_MODELS);
    study->inconsistent = 0;
    for (uint32_t i = 0; i < N_MODELS / 3; i++) {
        study->inconsistent |= UINT64_C(1) << order[i];
    }
}

static void a_planted_sequence_is_the_strongest_signature(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct study study;
        ops_selection selection = {NULL, 0, 0};
        study_init(&study, seed, 2);
        if (plant(&study, seed) < 6) { /* too rare to be significant */
            study_dispose(&study);
            continue;
        }
        assert_int_equal(ops_select(&selection, study.classes, &study.design, &study.all,
                                    &study.options, NULL),
                         OPSIG_OK);
        const struct ops_selected *best = NULL;
        for (size_t i = 0; i < selection.len; i++) {
            if (best == NULL || selection.items[i].p < best->p) {
                best = &selection.items[i];
            }
        }
        assert_non_null(best);
        assert_true(best->significant);
        const struct ops_code found = study.classes->classes.items[best->class_id].generator;
        assert_int_equal(found.n_steps, 2);
        assert_int_equal(found.steps[0].symbol, 3);
        assert_int_equal(found.steps[1].symbol, 6);
        ops_vec_dispose(&selection);
        study_dispose(&study);
    }
}

static void shuffled_labels_seldom_give_a_signature(void **state)
{
    (void)state;
    int with_signature = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct study study;
        ops_selection selection = {NULL, 0, 0};
        study_init(&study, seed, 2);
        shuffle_labels(&study, seed);
        assert_int_equal(ops_select(&selection, study.classes, &study.design, &study.all,
                                    &study.options, NULL),
                         OPSIG_OK);
        with_signature += selection.len > 0 && selection.items[0].significant;
        ops_vec_dispose(&selection);
        study_dispose(&study);
    }
    /* 5 % of 200 are 10; 19 would be three standard deviations more */
    assert_in_range(with_signature, 0, 19);
}

static void what_is_kept_adds_to_each_kept_part_of_it(void **state)
{
    (void)state;
    struct ops_cmh *cmh = ops_cmh_new();
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct study study;
        ops_selection selection = {NULL, 0, 0};
        study_init(&study, seed, 1);
        plant(&study, seed);
        assert_int_equal(ops_select(&selection, study.classes, &study.design, &study.all,
                                    &study.options, NULL),
                         OPSIG_OK);
        for (size_t i = 0; i < selection.len; i++) {
            for (size_t j = 0; j < selection.len; j++) {
                const struct ops_class *whole =
                    &study.classes->classes.items[selection.items[i].class_id];
                const struct ops_class *part =
                    &study.classes->classes.items[selection.items[j].class_id];
                const opsig_pattern *x =
                    ops_classes_pattern(study.classes, selection.items[i].class_id, NULL);
                const opsig_pattern *y =
                    ops_classes_pattern(study.classes, selection.items[j].class_id, NULL);
                if (j < i && ops_pattern_contains(x, y)) {
                    double log_p = ops_design_log_p(&study.design, cmh, part->models,
                                                    whole->models);
                    assert_true(exp(log_p) <= 0.05);
                }
            }
        }
        ops_vec_dispose(&selection);
        study_dispose(&study);
    }
    ops_cmh_free(cmh);
}

static void counts_are_those_of_the_bits(void **state)
{
    (void)state;
    struct study study;
    study_init(&study, 1, 2);
    shuffle_labels(&study, 1);
    uint64_t holders = 0x123456789abcdef & study.all;
    uint64_t rows = 0xfedcba987654321 & study.all;
    assert_int_equal(ops_design_count(&study.design, &rows, &holders, true),
                     __builtin_popcountll(rows & holders & study.inconsistent));
    assert_int_equal(ops_design_count(&study.design, &rows, NULL, false),
                     __builtin_popcountll(rows & ~study.inconsistent));
    study_dispose(&study);
}

static void risk_of_a_planted_corpus_ranks_well_and_of_shuffled_labels_does_not(void **state)
{
    (void)state;
    double planted = 0;
    double shuffled = 0;
    enum { REPEATS = 20 };
    for (uint64_t seed = 0; seed < REPEATS; seed++) {
        for (int round = 0; round < 2; round++) {
            struct study study;
            ops_selection selection = {NULL, 0, 0};
            double weights[1000] = {0};
            struct ops_risk risk;
            struct ops_risk_quality quality;
            study_init(&study, seed, 1);
            struct ops_risk_options options = {.select = study.options, .folds = 5, .seed = seed,
                                               .field = study.field};
            if (round == 0) {
                plant(&study, seed);
            } else {
                shuffle_labels(&study, seed);
            }
            assert_int_equal(ops_select(&selection, study.classes, &study.design, &study.all,
                                        &study.options, NULL),
                             OPSIG_OK);
            assert_in_range(selection.len, 0, 1000);
            assert_int_equal(ops_risk_fit(&risk, &quality, weights, study.classes, &study.design,
                                          &selection, &options, NULL),
                             OPSIG_OK);
            assert_true(risk.present);
            *(round == 0 ? &planted : &shuffled) += quality.roc_auc / REPEATS;
            ops_vec_dispose(&selection);
            study_dispose(&study);
        }
    }
    assert_true(planted > 0.7);
    assert_true(shuffled > 0.35 && shuffled < 0.65);
}

/** Westfall and Young's minima the slow way: each permutation labels a corpus of its own, and
 *  every class is tested in it. */
static void permute_slowly(const struct study *study, uint32_t n_permutations, double *min_log_p)
{
    struct ops_cmh *cmh = ops_cmh_new();
    for (uint32_t j = 0; j < n_permutations; j++) {
        uint64_t labels = 0;
        for (uint32_t k = 0; k < study->design.n_strata; k++) {
            uint32_t members[N_MODELS];
            uint32_t order[N_MODELS];
            uint32_t n = 0;
            for (uint32_t m = 0; m < N_MODELS; m++) {
                if (study->strata[k] >> m & 1) {
                    members[n++] = m;
                }
            }
            ops_rng_permutation(study->options.seed, 1 + j * study->design.n_strata + k, order, n);
            for (uint32_t i = 0; i < n; i++) {
                labels |= (study->inconsistent >> members[order[i]] & 1) << members[i];
            }
        }
        struct ops_design design = study->design;
        design.inconsistent = &labels;
        min_log_p[j] = 0;
        for (size_t i = 0; i < study->classes->classes.len; i++) {
            double log_p = ops_design_log_p(&design, cmh, &study->all,
                                            study->classes->classes.items[i].models);
            min_log_p[j] = log_p < min_log_p[j] ? log_p : min_log_p[j];
        }
    }
    ops_cmh_free(cmh);
}

static void westfall_young_equals_testing_every_class_under_every_permutation(void **state)
{
    (void)state;
    enum { N_PERMUTATIONS = 130 };
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct study study;
        struct ops_westfall_young minima;
        uint32_t ids[1000];
        double slow[N_PERMUTATIONS];
        study_init(&study, seed, 2);
        study.options.seed = 77 + seed;
        plant(&study, seed);
        size_t n = study.classes->classes.len;
        assert_in_range(n, 1, 1000);
        for (uint32_t i = 0; i < n; i++) {
            ids[i] = i;
        }
        permute_slowly(&study, N_PERMUTATIONS, slow);
        assert_int_equal(ops_westfall_young_run(&minima, study.classes, &study.design, &study.all,
                                                ids, n, N_PERMUTATIONS, study.options.seed, NULL),
                         OPSIG_OK);
        for (size_t i = 0; i < N_PERMUTATIONS; i++) {
            uint32_t n_below = 0;
            for (size_t j = 0; j < N_PERMUTATIONS; j++) {
                n_below += slow[j] <= slow[i] + 1e-9;
            }
            double expected = (1.0 + n_below) / (1.0 + N_PERMUTATIONS);
            assert_true(fabs(ops_westfall_young_adjust(&minima, slow[i]) - expected) < 1e-12);
        }
        ops_mem_free(minima.min_log_p);
        study_dispose(&study);
    }
}

/** Adds the subgraphs that are testable at a level to the classes of a study. */
static void add_subgraphs(struct study *study, double log_level)
{
    struct ops_testable *testable = NULL;
    struct ops_network *network = NULL;
    struct ops_raw_network raw = raw_of_field(study->field);
    assert_int_equal(ops_testable_new(&testable, &study->design, log_level, NULL), OPSIG_OK);
    const struct ops_subgraph_bounds bounds = {.min_support = 2,
                                               .max_edges = 3,
                                               .max_patterns = 1000000,
                                               .max_memory = UINT64_C(1) << 30,
                                               .n_threads = 2,
                                               .testable = testable};
    assert_int_equal(ops_network_new(&network, &raw, false, 2, NULL), OPSIG_OK);
    assert_int_equal(ops_classes_add_subgraphs(study->classes, &raw, network, &bounds, 3, NULL),
                     OPSIG_OK);
    ops_network_free(network);
    ops_testable_free(testable);
    ops_vec_dispose(&raw.edges);
}

/** Adjusted p-value of a set of models by minima in no order. */
static double adjust_slowly(const struct study *study, const double *minima, uint32_t n,
                            uint64_t models)
{
    struct ops_cmh *cmh = ops_cmh_new();
    const double log_p = ops_design_log_p(&study->design, cmh, &study->all, &models);
    uint32_t n_below = 0;
    for (uint32_t j = 0; j < n; j++) {
        n_below += minima[j] <= log_p + 1e-9;
    }
    ops_cmh_free(cmh);
    return (1.0 + n_below) / (1.0 + n);
}

/** Mines everything and permutes everything; then with the search for subgraphs pruned by the bound
 *  that the sequences give. */
static void compare_pruned_with_naive(uint64_t seed, size_t *n_pruned, size_t *n_significant)
{
    enum { N_PERMUTATIONS = 199 };
    struct study naive;
    struct study study;
    struct ops_westfall_young minima;
    double slow[N_PERMUTATIONS];
    uint32_t *ids = NULL;
    double bound = 0;
    study_init(&naive, seed, 2);
    study_init(&study, seed, 2);
    plant(&naive, seed);
    plant(&study, seed);
    study.options = naive.options = (struct ops_select_options){
        .correction = OPSIG_CORRECTION_WESTFALL_YOUNG,
        .alpha = 0.05,
        .min_support = 2,
        .n_permutations = N_PERMUTATIONS,
        .seed = seed};
    add_subgraphs(&naive, 0);
    permute_slowly(&naive, N_PERMUTATIONS, slow);
    assert_int_equal(ops_select_bound(&bound, study.classes, &study.design, &study.options, NULL),
                     OPSIG_OK);
    add_subgraphs(&study, bound);
    const size_t n = study.classes->classes.len;
    ids = ops_mem_zalloc(n, sizeof *ids);
    for (uint32_t i = 0; i < n; i++) {
        ids[i] = i;
    }
    assert_int_equal(ops_westfall_young_run(&minima, study.classes, &study.design, &study.all, ids,
                                            n, N_PERMUTATIONS, seed, NULL),
                     OPSIG_OK);
    *n_pruned += naive.classes->classes.len - n;
    for (size_t i = 0; i < naive.classes->classes.len; i++) {
        const struct ops_class *class = &naive.classes->classes.items[i];
        const double expected = adjust_slowly(&naive, slow, N_PERMUTATIONS, class->models[0]);
        const uint32_t id = ops_intern_find(study.classes->by_set, (const char *)class->models,
                                            sizeof *class->models);
        if (expected <= 0.05) {
            struct ops_cmh *cmh = ops_cmh_new();
            assert_int_not_equal(id, OPS_INTERN_NONE);
            const double log_p = ops_design_log_p(&study.design, cmh, &study.all,
                                                  study.classes->classes.items[id].models);
            assert_true(fabs(ops_westfall_young_adjust(&minima, log_p) - expected) < 1e-12);
            ++*n_significant;
            ops_cmh_free(cmh);
        } else if (id != OPS_INTERN_NONE) {
            assert_true(adjust_slowly(&study, minima.min_log_p, N_PERMUTATIONS,
                                      class->models[0]) > 0.05);
        }
    }
    ops_mem_free(minima.min_log_p);
    ops_mem_free(ids);
    study_dispose(&naive);
    study_dispose(&study);
}

static void pruning_both_kinds_leaves_significant_p_values_as_mining_everything_gives_them(
    void **state)
{
    (void)state;
    size_t n_pruned = 0;
    size_t n_significant = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        compare_pruned_with_naive(seed, &n_pruned, &n_significant);
    }
    assert_true(n_pruned > 100);
    assert_true(n_significant > 10);
}

/** The smallest p-value that any labelling with the same margins gives any part of the holders, by
 *  trying all. */
static double least_by_trying(const struct ops_stratum *strata, size_t n, size_t k,
                              struct ops_stratum *chosen)
{
    if (k == n) {
        struct ops_cmh *cmh = ops_cmh_new();
        uint32_t most = 0;
        for (size_t i = 0; i < n; i++) {
            const uint32_t fewer = chosen[i].holders < chosen[i].positives ? chosen[i].holders
                                                                           : chosen[i].positives;
            most += fewer;
        }
        const double log_p = ops_cmh_log_p(cmh, chosen, n, most);
        ops_cmh_free(cmh);
        return log_p;
    }
    double least = 0;
    for (uint32_t holders = 0; holders <= strata[k].holders; holders++) {
        chosen[k] = strata[k];
        chosen[k].holders = holders;
        const double log_p = least_by_trying(strata, n, k + 1, chosen);
        least = log_p < least ? log_p : least;
    }
    return least;
}

static void the_envelope_is_the_least_that_any_part_of_the_holders_can_attain(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct study study;
        struct ops_stratum strata[2] = {{0, 0, 0}, {0, 0, 0}};
        struct ops_stratum chosen[2];
        struct ops_testable *testable = NULL;
        uint32_t counts[2] = {0, 0};
        uint32_t models[N_MODELS];
        uint32_t n = 0;
        study_init(&study, 1, 2);
        for (uint32_t m = 0; m < N_MODELS; m++) {
            struct ops_stratum *stratum = &strata[m < 30 ? 0 : 1];
            const bool positive = ops_rng_below(seed, 0, m, 5) == 0;
            const bool holds = ops_rng_below(seed, 1, m, 4) == 0;
            study.inconsistent |= (uint64_t)positive << m;
            stratum->total++;
            stratum->positives += positive;
            stratum->holders += holds;
            models[n] = m;
            n += holds;
        }
        const double least = least_by_trying(strata, 2, 0, chosen);
        for (int side = -1; side < 2; side += 2) {
            assert_int_equal(ops_testable_new(&testable, &study.design, least + side * 1e-6, NULL),
                             OPSIG_OK);
            assert_int_equal(ops_testable_may(testable, counts, models, n), side > 0);
            assert_int_equal(counts[0] + counts[1], 0);
            ops_testable_free(testable);
        }
        study_dispose(&study);
    }
}

/** Is anything significant, as mining tests it: sequences first, then the subgraphs that could be
 *  significant beside them? Whatever is significant counts, redundant or not. */
static bool raises_alarm(uint64_t seed, bool both_kinds, opsig_correction correction)
{
    struct study study;
    struct ops_select_tally tally;
    ops_selection selection = {NULL, 0, 0};
    double bound = 0;
    study_init(&study, seed, 2);
    study.options.correction = correction;
    study.options.n_permutations = 199;
    study.options.seed = seed;
    study.options.tally = &tally;
    shuffle_labels(&study, 1000 + seed);
    if (both_kinds) {
        study.options.min_support = 2;
        assert_int_equal(ops_select_bound(&bound, study.classes, &study.design, &study.options,
                                          NULL),
                         OPSIG_OK);
        add_subgraphs(&study, bound);
    }
    assert_int_equal(ops_select(&selection, study.classes, &study.design, &study.all,
                                &study.options, NULL),
                     OPSIG_OK);
    ops_vec_dispose(&selection);
    study_dispose(&study);
    return tally.significant > 0;
}

static void family_wise_error_is_controlled_on_shuffled_labels(void **state)
{
    (void)state;
    static const opsig_correction corrections[] = {
        OPSIG_CORRECTION_BONFERRONI, OPSIG_CORRECTION_TARONE, OPSIG_CORRECTION_WESTFALL_YOUNG};
    for (size_t i = 0; i < sizeof corrections / sizeof *corrections; i++) {
        for (int both_kinds = 0; both_kinds < 2; both_kinds++) {
            int alarms = 0;
            for (uint64_t seed = 0; seed < 200; seed++) {
                alarms += raises_alarm(seed, both_kinds != 0, corrections[i]);
            }
            /* of 200, 17 or more have probability 0.02 at the nominal 5 % */
            assert_in_range(alarms, 0, 16);
        }
    }
}

/** log p-value of a class at its labels, or at those that make it as small as it can be. */
static double log_p_of(const struct study *study, struct ops_cmh *cmh, const uint64_t *models,
                       bool smallest)
{
    struct ops_stratum strata[2];
    uint32_t observed = 0;
    uint32_t most = 0;
    for (uint32_t k = 0; k < 2; k++) {
        const uint64_t members = study->strata[k];
        const uint64_t held = members & *models;
        strata[k].total = (uint32_t)__builtin_popcountll(members);
        strata[k].positives = (uint32_t)__builtin_popcountll(members & study->inconsistent);
        strata[k].holders = (uint32_t)__builtin_popcountll(held);
        observed += (uint32_t)__builtin_popcountll(held & study->inconsistent);
        most += strata[k].holders < strata[k].positives ? strata[k].holders : strata[k].positives;
    }
    return ops_cmh_log_p(cmh, strata, 2, smallest ? most : observed);
}

/** Tarone's K by its definition, over all patterns: the smallest number such that at most so many
 *  hypotheses can reach alpha / K. */
static size_t tarone_by_definition(const struct study *study, double alpha)
{
    struct ops_cmh *cmh = ops_cmh_new();
    const size_t n = study->classes->classes.len;
    for (size_t k = 1;; k++) {
        size_t n_testable = 0;
        for (size_t i = 0; i < n; i++) {
            const uint64_t *models = study->classes->classes.items[i].models;
            n_testable += exp(log_p_of(study, cmh, models, true)) <= alpha / (double)k;
        }
        if (n_testable <= k) {
            ops_cmh_free(cmh);
            return k;
        }
    }
}

/** Patterns of a study whose p-value is at most the level, and those that could have been. */
static void count_by_level(const struct study *study, double level, uint64_t *testable,
                           uint64_t *significant)
{
    struct ops_cmh *cmh = ops_cmh_new();
    *testable = *significant = 0;
    for (size_t i = 0; i < study->classes->classes.len; i++) {
        const struct ops_class *class = &study->classes->classes.items[i];
        if (exp(log_p_of(study, cmh, class->models, true)) <= level) {
            *testable += class->n_patterns;
        }
        if (exp(log_p_of(study, cmh, class->models, false)) <= level) {
            *significant += class->n_patterns;
        }
    }
    ops_cmh_free(cmh);
}

static void tarone_finds_what_its_definition_finds_over_everything_mined(void **state)
{
    (void)state;
    uint64_t n_significant = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct study naive;
        struct study study;
        struct ops_select_tally tally;
        ops_selection selection = {NULL, 0, 0};
        double bound = 0;
        uint64_t testable = 0;
        uint64_t significant = 0;
        study_init(&naive, seed, 2);
        study_init(&study, seed, 2);
        plant(&naive, seed);
        plant(&study, seed);
        add_subgraphs(&naive, 0);
        study.options = (struct ops_select_options){.correction = OPSIG_CORRECTION_TARONE,
                                                    .alpha = 0.05,
                                                    .min_support = 2,
                                                    .tally = &tally};
        assert_int_equal(ops_select_bound(&bound, study.classes, &study.design, &study.options,
                                          NULL),
                         OPSIG_OK);
        add_subgraphs(&study, bound);
        assert_int_equal(ops_select(&selection, study.classes, &study.design, &study.all,
                                    &study.options, NULL),
                         OPSIG_OK);
        const size_t k = tarone_by_definition(&naive, 0.05);
        count_by_level(&naive, 0.05 / (double)k, &testable, &significant);
        assert_true(fabs(tally.level * (double)k / 0.05 - 1) < 1e-12);
        assert_int_equal(tally.testable_patterns, testable);
        assert_int_equal(tally.significant_patterns, significant);
        n_significant += significant;
        ops_vec_dispose(&selection);
        study_dispose(&naive);
        study_dispose(&study);
    }
    assert_true(n_significant > 10);
}

static void without_two_models_of_each_label_there_is_no_risk_model(void **state)
{
    (void)state;
    struct study study;
    ops_selection selection = {NULL, 0, 0};
    struct ops_risk risk;
    struct ops_risk_quality quality;
    double weights[1] = {0};
    study_init(&study, 1, 1);
    study.inconsistent = 1;
    struct ops_risk_options options = {.select = study.options, .folds = 5, .seed = 1,
                                       .field = study.field};
    assert_int_equal(ops_risk_fit(&risk, &quality, weights, study.classes, &study.design,
                                  &selection, &options, NULL),
                     OPSIG_OK);
    assert_false(risk.present);
    assert_int_equal(quality.folds, 0);
    study_dispose(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planted_sequence_is_the_strongest_signature),
        cmocka_unit_test(shuffled_labels_seldom_give_a_signature),
        cmocka_unit_test(what_is_kept_adds_to_each_kept_part_of_it),
        cmocka_unit_test(counts_are_those_of_the_bits),
        cmocka_unit_test(westfall_young_equals_testing_every_class_under_every_permutation),
        cmocka_unit_test(
            pruning_both_kinds_leaves_significant_p_values_as_mining_everything_gives_them),
        cmocka_unit_test(the_envelope_is_the_least_that_any_part_of_the_holders_can_attain),
        cmocka_unit_test(family_wise_error_is_controlled_on_shuffled_labels),
        cmocka_unit_test(tarone_finds_what_its_definition_finds_over_everything_mined),
        cmocka_unit_test(risk_of_a_planted_corpus_ranks_well_and_of_shuffled_labels_does_not),
        cmocka_unit_test(without_two_models_of_each_label_there_is_no_risk_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
