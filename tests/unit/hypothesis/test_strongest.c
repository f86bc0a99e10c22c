/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequences one by one: who holds them, who could, and which tells labels apart; and folds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "hypothesis/baseline.h"
#include "hypothesis/folds.h"
#include "hypothesis/strongest.h"
#include "hypothesis/wiring.h"
#include "support/close.h"
#include "support/random_field.h"
#include "support/small_sample.h"

enum { N_MODELS = 60, PERMUTATIONS = 99 };

static const struct random_field_options corpus_options = {
    .n_models = N_MODELS, .max_vertices = 9, .n_symbols = 4, .edge_percent = 40};

static bool holds(const struct ops_mine_field *field, uint32_t m, const uint32_t *symbols,
                  size_t n)
{
    return count_paths(&field->field, field->first_vertex[m], field->first_vertex[m + 1], symbols,
                       n) > 0;
}

static bool holds_code(const struct ops_mine_field *field, uint32_t m, struct ops_code sequence)
{
    uint32_t symbols[OPSIG_PATTERN_MAX_VERTICES];
    for (size_t k = 0; k < sequence.n_steps; k++) {
        symbols[k] = sequence.steps[k].symbol;
    }
    return holds(field, m, symbols, sequence.n_steps);
}

static struct ops_candidates *candidates_of(const struct ops_mine_field *field,
                                            const struct ops_sample *sample, size_t max_entries)
{
    struct ops_candidates *candidates = NULL;
    const struct ops_candidates_options options = {
        .min_support = 5, .max_length = 3, .max_entries = max_entries};
    assert_int_equal(ops_candidates_new(&candidates, field, sample, &options, NULL), OPSIG_OK);
    return candidates;
}

static void entries_are_the_models_that_hold_all_operators(void **state)
{
    (void)state;
    struct small_sample small;
    struct ops_mine_field *field = random_field(3, &corpus_options);
    small_sample_init(&small, N_MODELS, 2);
    struct ops_candidates *candidates = candidates_of(field, &small.sample, 100000);
    assert_true(candidates->n > 10);
    for (uint32_t c = 0; c < candidates->n; c++) {
        const struct ops_code sequence = candidates->sequences[c];
        size_t e = candidates->begin[c];
        uint32_t support = 0;
        for (uint32_t m = 0; m < N_MODELS; m++) {
            bool has_all = true;
            for (size_t k = 0; k < sequence.n_steps; k++) {
                has_all = has_all && holds(field, m, &sequence.steps[k].symbol, 1);
            }
            if (has_all) {
                assert_int_equal(candidates->place[e], m);
                assert_int_equal(candidates->holds[e], holds_code(field, m, sequence));
                support += candidates->holds[e++];
            }
        }
        assert_int_equal(e, candidates->begin[c + 1]);
        assert_true(support >= 5);
    }
    ops_candidates_free(candidates);
    ops_mine_field_free(field);
}

static void support_is_raised_until_the_entries_fit(void **state)
{
    (void)state;
    struct small_sample small;
    struct ops_mine_field *field = random_field(3, &corpus_options);
    small_sample_init(&small, N_MODELS, 2);
    struct ops_candidates *all = candidates_of(field, &small.sample, 100000);
    struct ops_candidates *few = candidates_of(field, &small.sample, 200);
    assert_int_equal(all->min_support, 5);
    assert_true(few->min_support > 5);
    assert_true(few->begin[few->n] <= 200 && all->begin[all->n] > 200);
    ops_candidates_free(all);
    ops_candidates_free(few);
    ops_mine_field_free(field);
}

static void sequences_in_rewired_models_are_counted(void **state)
{
    (void)state;
    struct small_sample small;
    struct ops_mine_field *field = random_field(3, &corpus_options);
    struct ops_wiring *wiring = NULL;
    struct ops_trace *trace = NULL;
    small_sample_init(&small, N_MODELS, 2);
    struct ops_candidates *candidates = candidates_of(field, &small.sample, 100000);
    uint32_t *hits = ops_mem_zalloc(candidates->begin[candidates->n], sizeof *hits);
    assert_int_equal(ops_wiring_new(&wiring, field, NULL), OPSIG_OK);
    assert_int_equal(ops_trace_new(&trace, &wiring->field, NULL), OPSIG_OK);
    (void)ops_wiring_draw(wiring, 1, 0, OPS_WIRING_TRIES);
    assert_int_equal(ops_candidates_count(candidates, &small.sample, trace, hits, NULL),
                     OPSIG_OK);
    for (uint32_t c = 0; c < candidates->n; c++) {
        const struct ops_code sequence = candidates->sequences[c];
        for (size_t e = candidates->begin[c]; e < candidates->begin[c + 1]; e++) {
            assert_int_equal(hits[e], holds_code(&wiring->field, candidates->place[e], sequence));
        }
    }
    ops_mem_free(hits);
    ops_trace_free(trace);
    ops_wiring_free(wiring);
    ops_candidates_free(candidates);
    ops_mine_field_free(field);
}

/** A study of a random field with labels of our own. */
struct trial {
    struct small_sample small;
    struct ops_mine_field *field;
    struct ops_candidates *candidates;
    struct opsig_hypothesis result;
    opsig_hypothesis_options options;
    struct ops_study study;
};

static void trial_init(struct trial *trial)
{
    memset(trial, 0, sizeof *trial);
    small_sample_init(&trial->small, N_MODELS, 2);
    trial->field = random_field(3, &corpus_options);
    trial->candidates = candidates_of(trial->field, &trial->small.sample, 100000);
    opsig_hypothesis_options_init(&trial->options);
    trial->options.permutations = PERMUTATIONS;
    ops_arena_init(&trial->result.arena, UINT64_MAX);
    trial->study = (struct ops_study){.options = &trial->options,
                                      .sample = &trial->small.sample,
                                      .field = trial->field,
                                      .out = &trial->result};
}

static void trial_dispose(struct trial *trial)
{
    ops_arena_dispose(&trial->result.arena);
    ops_candidates_free(trial->candidates);
    ops_mine_field_free(trial->field);
}

static opsig_hypothesis_strongest run(struct trial *trial, const uint32_t *hits)
{
    opsig_hypothesis_strongest out;
    const struct ops_contrast contrast = {
        .candidates = trial->candidates, .hits = hits, .n_rewirings = 10};
    assert_int_equal(ops_study_strongest(&trial->study, &contrast, 1, &out, NULL), OPSIG_OK);
    return out;
}

/** B -> C in all inconsistent models and no other is found, by presence and by order. */
static void a_planted_sequence_is_the_strongest(void **state)
{
    (void)state;
    static const uint32_t motif[] = {3, 6};
    struct trial trial;
    trial_init(&trial);
    uint32_t n = 0;
    for (uint32_t m = 0; m < N_MODELS; m++) {
        trial.small.labels[m] = holds(trial.field, m, motif, 2);
        n += trial.small.labels[m];
    }
    uint32_t *hits =
        ops_mem_zalloc(trial.candidates->begin[trial.candidates->n], sizeof *hits);
    const opsig_hypothesis_strongest present = run(&trial, NULL);
    const opsig_hypothesis_strongest ordered = run(&trial, hits);
    assert_string_equal(present.sequence, "B -> C");
    assert_int_equal(present.n_tested, trial.candidates->n);
    assert_int_equal(present.with_inconsistent, n);
    assert_int_equal(present.with_consistent, 0);
    assert_close(present.difference.value, 1, 1e-12);
    assert_close(present.difference.p, 1.0 / (1 + PERMUTATIONS), 1e-12);
    assert_string_equal(ordered.sequence, "B -> C");
    assert_close(ordered.difference.value, 1, 1e-12);
    assert_close(ordered.difference.p, 1.0 / (1 + PERMUTATIONS), 1e-12);
    ops_mem_free(hits);
    trial_dispose(&trial);
}

static void shuffle(struct trial *trial, uint64_t seed)
{
    uint8_t plain[N_MODELS] = {0};
    uint32_t order[N_MODELS];
    for (uint32_t i = 0; i < N_MODELS; i += 4) {
        plain[i] = 1;
    }
    ops_sample_permute(&trial->small.sample, plain, seed, 0, order, trial->small.labels);
}

static void shuffled_labels_reject_at_the_level(void **state)
{
    (void)state;
    enum { REPETITIONS = 200 };
    struct trial trial;
    uint32_t rejected[2] = {0, 0};
    trial_init(&trial);
    const size_t n_entries = trial.candidates->begin[trial.candidates->n];
    uint32_t *hits = ops_mem_zalloc(n_entries, sizeof *hits);
    for (size_t e = 0; e < n_entries; e++) {
        hits[e] = (uint32_t)ops_rng_below(9, 0, e, 11);
    }
    for (uint64_t seed = 0; seed < REPETITIONS; seed++) {
        shuffle(&trial, 100 + seed);
        rejected[0] += run(&trial, NULL).difference.p <= 0.05;
        rejected[1] += run(&trial, hits).difference.p <= 0.05;
    }
    print_message("%u and %u of %d rejected\n", rejected[0], rejected[1], REPETITIONS);
    assert_in_range(rejected[0], 1, 22); /* 10 and four standard deviations of 3.1 */
    assert_in_range(rejected[1], 1, 22);
    ops_mem_free(hits);
    trial_dispose(&trial);
}

static void folds_keep_equal_graphs_together_and_labels_even(void **state)
{
    (void)state;
    struct small_sample small;
    struct ops_twins twins;
    uint32_t fold[N_MODELS];
    uint32_t n_folds = 0;
    struct ops_mine_field *field = random_field(3, &corpus_options);
    small_sample_init(&small, N_MODELS, 1);
    for (uint32_t i = 0; i < N_MODELS; i++) {
        small.labels[i] = i % 3 == 0;
        small.model[i] = i % 20; /* three places have the same model */
    }
    assert_int_equal(ops_twins_init(&twins, field, &small.sample, NULL), OPSIG_OK);
    assert_true(twins.n_groups <= 20 && twins.n_groups >= 15);
    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(twins.group[i], twins.group[i + 20]);
        assert_int_equal(twins.group[i], twins.group[i + 40]);
    }
    /* 0, 20 and 40 are equal, and one of each three is inconsistent: no consistent group */
    assert_int_equal(ops_folds_assign(fold, &n_folds, &twins, &small.sample, small.labels, 5, 1,
                                      NULL),
                     OPSIG_OK);
    assert_int_equal(n_folds, 0);
    for (uint32_t i = 0; i < N_MODELS; i++) {
        small.labels[i] = i % 20 < 8;
    }
    assert_int_equal(ops_folds_assign(fold, &n_folds, &twins, &small.sample, small.labels, 3, 1,
                                      NULL),
                     OPSIG_OK);
    assert_int_equal(n_folds, 3);
    uint32_t n_inconsistent[3] = {0, 0, 0};
    for (uint32_t i = 0; i < N_MODELS; i++) {
        assert_true(fold[i] < 3);
        assert_int_equal(fold[i], fold[i % 20]);
        n_inconsistent[fold[i]] += small.labels[i];
    }
    for (uint32_t k = 0; k < 3; k++) {
        assert_in_range(n_inconsistent[k], 3, 15);
    }
    ops_twins_dispose(&twins);
    ops_mine_field_free(field);
}

/** The label is whether operator B is there: operators know, size hardly does. */
static void baselines_know_what_they_should(void **state)
{
    (void)state;
    static const uint32_t b = 3;
    struct small_sample small;
    struct ops_baseline operators, size;
    uint32_t fold[N_MODELS];
    double by_operators[N_MODELS], by_size[N_MODELS];
    double right[2] = {0, 0};
    struct ops_mine_field *field = random_field(3, &corpus_options);
    const struct ops_split split = {.fold = fold, .n_folds = 4};
    small_sample_init(&small, N_MODELS, 1);
    for (uint32_t i = 0; i < N_MODELS; i++) {
        small.labels[i] = holds(field, i, &b, 1);
        fold[i] = i % 4;
    }
    assert_int_equal(ops_baseline_operators(&operators, field, &small.sample, NULL), OPSIG_OK);
    assert_int_equal(ops_baseline_size(&size, field, &small.sample, NULL), OPSIG_OK);
    for (uint32_t k = 0; k < 4; k++) {
        assert_int_equal(
            ops_baseline_predict(by_operators, &operators, small.labels, &split, k, NULL),
            OPSIG_OK);
        assert_int_equal(ops_baseline_predict(by_size, &size, small.labels, &split, k, NULL),
                         OPSIG_OK);
    }
    for (uint32_t i = 0; i < N_MODELS; i++) {
        assert_true(by_operators[i] > 0 && by_operators[i] < 1);
        right[0] += (by_operators[i] > 0.5) == small.labels[i];
        right[1] += (by_size[i] > 0.5) == small.labels[i];
    }
    assert_close(right[0], N_MODELS, 0);
    assert_true(right[1] < N_MODELS - 3);
    ops_baseline_dispose(&operators);
    ops_baseline_dispose(&size);
    ops_mine_field_free(field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_the_models_that_hold_all_operators),
        cmocka_unit_test(support_is_raised_until_the_entries_fit),
        cmocka_unit_test(sequences_in_rewired_models_are_counted),
        cmocka_unit_test(a_planted_sequence_is_the_strongest),
        cmocka_unit_test(shuffled_labels_reject_at_the_level),
        cmocka_unit_test(folds_keep_equal_graphs_together_and_labels_even),
        cmocka_unit_test(baselines_know_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
