/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hypothesis/coverage.h"
#include "support/all_sequences.h"
#include "support/close.h"

enum { MODELS = 7, TARGET = 4, ROOM = 20000 };

static const uint64_t target_bits = (UINT64_C(1) << TARGET) - 1;

/** What brute force says of one corpus. */
static struct one_sequence slow[ROOM];
static size_t n_slow;

static bool is_counted(const struct one_sequence *sequence, const opsig_coverage_options *options)
{
    return sequence->n >= options->min_length && (sequence->models & target_bits) != 0;
}

static bool is_covered(const struct one_sequence *sequence)
{
    return (sequence->models & ~target_bits) != 0;
}

static uint32_t held_by(const struct one_sequence *sequence)
{
    return (uint32_t)__builtin_popcountll(sequence->models & target_bits);
}

static void compare_counts(const opsig_coverage *coverage, const opsig_coverage_options *options)
{
    for (uint32_t length = 0; length <= options->max_length + 1; length++) {
        opsig_coverage_count distinct = {0, 0};
        opsig_coverage_count held = {0, 0};
        opsig_coverage_count of_model[TARGET] = {{0, 0}};
        for (size_t i = 0; i < n_slow; i++) {
            if (!is_counted(&slow[i], options) || (length > 0 && slow[i].n != length)) {
                continue;
            }
            const bool covered = is_covered(&slow[i]);
            distinct.sequences++;
            distinct.covered += covered;
            held.sequences += held_by(&slow[i]);
            held.covered += covered ? held_by(&slow[i]) : 0;
            for (uint32_t m = 0; m < TARGET; m++) {
                of_model[m].sequences += slow[i].models >> m & 1;
                of_model[m].covered += covered && (slow[i].models >> m & 1) != 0;
            }
        }
        const opsig_coverage_count got = opsig_coverage_distinct(coverage, length);
        const opsig_coverage_count got_held = opsig_coverage_held(coverage, length);
        assert_memory_equal(&got, &distinct, sizeof got);
        assert_memory_equal(&got_held, &held, sizeof held);
        for (uint32_t m = 0; m < TARGET; m++) {
            const opsig_coverage_count model = opsig_coverage_of_model(coverage, m, length);
            assert_memory_equal(&model, &of_model[m], sizeof model);
        }
    }
}

/** Is one symbol string part of another, longer one? */
static bool is_part(const struct one_sequence *part, const struct one_sequence *whole)
{
    for (uint32_t at = 0; part->n < whole->n && at + part->n <= whole->n; at++) {
        if (memcmp(part->symbols, whole->symbols + at, part->n * sizeof *part->symbols) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_gap(const struct one_sequence *sequence, const opsig_coverage_options *options)
{
    bool gap = is_counted(sequence, options) && !is_covered(sequence);
    for (size_t i = 0; gap && i < n_slow; i++) {
        gap = !(is_counted(&slow[i], options) && !is_covered(&slow[i]) &&
                is_part(&slow[i], sequence));
    }
    return gap;
}

/** Is it the pattern? */
static bool is_same(const struct ops_mine_field *field, const opsig_pattern *pattern,
                    const struct one_sequence *sequence)
{
    bool same = opsig_pattern_n_vertices(pattern) == sequence->n;
    for (uint32_t k = 0; same && k < sequence->n; k++) {
        same = strcmp(opsig_pattern_symbol(pattern, k),
                      ops_intern_text(field->symbols, sequence->symbols[k])) == 0;
    }
    return same;
}

static void compare_gaps(const struct ops_mine_field *field, const opsig_coverage *coverage,
                         const opsig_coverage_options *options)
{
    size_t expected = 0;
    for (size_t i = 0; i < n_slow; i++) {
        size_t matches = 0;
        const bool gap = is_gap(&slow[i], options);
        expected += gap;
        for (size_t g = 0; g < opsig_coverage_n_gaps(coverage); g++) {
            const opsig_coverage_gap listed = opsig_coverage_gap_at(coverage, g);
            uint64_t models = 0;
            if (!is_same(field, listed.pattern, &slow[i])) {
                continue;
            }
            for (size_t m = 0; m < listed.n_models; m++) {
                models |= UINT64_C(1) << listed.models[m];
            }
            assert_int_equal(models, slow[i].models);
            matches++;
        }
        assert_int_equal(matches, gap ? 1 : 0);
    }
    assert_int_equal(opsig_coverage_count_gaps(coverage), expected);
    assert_int_equal(opsig_coverage_n_gaps(coverage), expected);
}

/** The share of the whole with some target models moved to the reference. */
static double share_with(uint64_t added, const opsig_coverage_options *options)
{
    double sum = 0;
    uint32_t n = 0;
    for (uint32_t length = options->min_length; length <= options->max_length; length++) {
        uint64_t held = 0;
        uint64_t covered = 0;
        for (size_t i = 0; i < n_slow; i++) {
            if (slow[i].n == length && is_counted(&slow[i], options)) {
                held += held_by(&slow[i]);
                covered += (slow[i].models & (~target_bits | added)) != 0 ? held_by(&slow[i]) : 0;
            }
        }
        if (held > 0) {
            sum += (double)covered / (double)held;
            n++;
        }
    }
    return n > 0 ? sum / n : NAN;
}

/** No other model would have raised the share more, at any step. */
static void compare_additions(const opsig_coverage *coverage,
                              const opsig_coverage_options *options)
{
    uint64_t added = 0;
    for (size_t i = 0; i < opsig_coverage_n_additions(coverage); i++) {
        const opsig_coverage_addition addition = opsig_coverage_addition_at(coverage, i);
        const double share = share_with(added | UINT64_C(1) << addition.model, options);
        assert_close(addition.share, share, 1e-12);
        for (uint32_t m = 0; m < TARGET; m++) {
            assert_true(share_with(added | UINT64_C(1) << m, options) <= share + 1e-12);
        }
        added |= UINT64_C(1) << addition.model;
    }
    const double share = share_with(added, options);
    assert_true(isnan(share) || share >= 1 - 1e-12);
}

static void all_figures_equal_brute_force_on_random_dags(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        const struct random_field_options corpus = {
            .n_models = MODELS, .max_vertices = 6, .n_symbols = 3, .edge_percent = 35};
        struct ops_mine_field *const field = random_field(seed, &corpus);
        opsig_coverage *coverage = NULL;
        opsig_coverage_options options;
        opsig_coverage_options_init(&options);
        options.min_length = 1 + (uint32_t)(seed % 3);
        options.max_length = options.min_length + (uint32_t)(seed / 3 % 2);
        options.max_gaps = options.max_additions = ROOM;
        n_slow = all_sequences(field, options.max_length, 1, slow);
        assert_in_range(n_slow, 0, ROOM);
        assert_int_equal(ops_coverage_of_field(&coverage, field, TARGET, &options, NULL),
                         OPSIG_OK);
        compare_counts(coverage, &options);
        compare_gaps(field, coverage, &options);
        compare_additions(coverage, &options);
        assert_close(opsig_coverage_share(coverage), share_with(0, &options), 1e-12);
        opsig_coverage_free(coverage);
        ops_mine_field_free(field);
    }
}

static struct ops_mine_field *one_field(void)
{
    const struct random_field_options corpus = {
        .n_models = MODELS, .max_vertices = 30, .n_symbols = 8, .edge_percent = 10};
    return random_field(1, &corpus);
}

static void gaps_come_by_falling_support_then_length_then_text(void **state)
{
    (void)state;
    struct ops_mine_field *const field = one_field();
    opsig_coverage *coverage = NULL;
    opsig_coverage_options options;
    opsig_coverage_options_init(&options);
    options.max_gaps = ROOM;
    assert_int_equal(ops_coverage_of_field(&coverage, field, TARGET, &options, NULL), OPSIG_OK);
    assert_true(opsig_coverage_n_gaps(coverage) > 10);
    for (size_t i = 1; i < opsig_coverage_n_gaps(coverage); i++) {
        const opsig_coverage_gap before = opsig_coverage_gap_at(coverage, i - 1);
        const opsig_coverage_gap after = opsig_coverage_gap_at(coverage, i);
        const size_t shorter = opsig_pattern_n_vertices(before.pattern);
        const size_t longer = opsig_pattern_n_vertices(after.pattern);
        assert_true(before.n_models >= after.n_models);
        if (before.n_models == after.n_models) {
            assert_true(shorter <= longer);
        }
        if (before.n_models == after.n_models && shorter == longer) {
            assert_true(strcmp(opsig_pattern_text(before.pattern),
                               opsig_pattern_text(after.pattern)) < 0);
        }
    }
    opsig_coverage_free(coverage);
    ops_mine_field_free(field);
}

static void lists_are_cut_where_asked_but_gaps_are_counted(void **state)
{
    (void)state;
    struct ops_mine_field *const field = one_field();
    opsig_coverage *coverage = NULL;
    opsig_coverage_options options;
    opsig_coverage_options_init(&options);
    options.max_gaps = 3;
    options.max_additions = 2;
    assert_int_equal(ops_coverage_of_field(&coverage, field, TARGET, &options, NULL), OPSIG_OK);
    assert_int_equal(opsig_coverage_n_gaps(coverage), 3);
    assert_true(opsig_coverage_count_gaps(coverage) > 3);
    assert_int_equal(opsig_coverage_n_additions(coverage), 2);
    opsig_coverage_free(coverage);
    ops_mine_field_free(field);
}

/** Runs into a bound. @return the message */
static const char *fails_with(const opsig_coverage_options *options, opsig_status status)
{
    static opsig_error error;
    struct ops_mine_field *const field = one_field();
    opsig_coverage *coverage = NULL;
    assert_int_equal(ops_coverage_of_field(&coverage, field, TARGET, options, &error), status);
    assert_null(coverage);
    ops_mine_field_free(field);
    return error.message;
}

static void bounds_end_the_search_by_name(void **state)
{
    (void)state;
    opsig_coverage_options options;
    const volatile int cancel = 1;
    opsig_coverage_options_init(&options);
    options.max_patterns = 5;
    assert_non_null(strstr(fails_with(&options, OPSIG_LIMIT), "--max-patterns"));
    opsig_coverage_options_init(&options);
    options.max_memory = 100;
    assert_non_null(strstr(fails_with(&options, OPSIG_LIMIT), "--max-memory"));
    opsig_coverage_options_init(&options);
    options.cancel = &cancel;
    (void)fails_with(&options, OPSIG_CANCELLED);
}

static void running_out_of_memory_anywhere_is_a_clean_error(void **state)
{
    (void)state;
    struct ops_mine_field *const field = one_field();
    opsig_coverage_options options;
    opsig_coverage_options_init(&options);
    opsig_status status = OPSIG_NOMEM;
    for (uint64_t n = 1; status != OPSIG_OK; n++) {
        opsig_coverage *coverage = NULL;
        ops_mem_fail_at(n, 0);
        status = ops_coverage_of_field(&coverage, field, TARGET, &options, NULL);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK || (status == OPSIG_NOMEM && coverage == NULL));
        opsig_coverage_free(coverage);
    }
    ops_mine_field_free(field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_figures_equal_brute_force_on_random_dags),
        cmocka_unit_test(gaps_come_by_falling_support_then_length_then_text),
        cmocka_unit_test(lists_are_cut_where_asked_but_gaps_are_counted),
        cmocka_unit_test(bounds_end_the_search_by_name),
        cmocka_unit_test(running_out_of_memory_anywhere_is_a_clean_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
