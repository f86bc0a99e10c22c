/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mine/frequent.h"
#include "support/all_sequences.h"

enum { ROOM = 20000 };

static struct one_sequence slow[ROOM];

/** Has a sequence of one more symbol, at either end, the same support? */
static bool slowly_closed(const struct one_sequence *sequence, size_t n_slow)
{
    for (size_t i = 0; i < n_slow; i++) {
        const struct one_sequence *longer = &slow[i];
        size_t bytes = sequence->n * sizeof *sequence->symbols;
        if (longer->n == sequence->n + 1 && longer->models == sequence->models &&
            (memcmp(longer->symbols, sequence->symbols, bytes) == 0 ||
             memcmp(longer->symbols + 1, sequence->symbols, bytes) == 0)) {
            return false;
        }
    }
    return true;
}

/** Is a pattern the sequence? */
static bool is_sequence(const struct ops_mine_field *field, const opsig_pattern *pattern,
                        const struct one_sequence *sequence)
{
    if (opsig_pattern_n_vertices(pattern) != sequence->n) {
        return false;
    }
    for (uint32_t k = 0; k < sequence->n; k++) {
        if (strcmp(opsig_pattern_symbol(pattern, k),
                   ops_intern_text(field->symbols, sequence->symbols[k])) != 0) {
            return false;
        }
    }
    return true;
}

static uint32_t listed_support(const struct ops_mine_field *field, const opsig_frequent *frequent,
                               const struct one_sequence *sequence)
{
    for (size_t i = 0; i < opsig_frequent_n(frequent); i++) {
        if (is_sequence(field, opsig_frequent_pattern(frequent, i), sequence)) {
            return opsig_frequent_support(frequent, i);
        }
    }
    return 0;
}

/** Compares one run with the slow list. */
static void compare(const struct ops_mine_field *field, const opsig_frequent_options *options)
{
    opsig_frequent *frequent = NULL;
    uint64_t by_edges[ALL_SEQUENCES_MAX_LENGTH] = {0};
    uint64_t expected = 0;
    size_t n_slow = all_sequences(field, options->max_edges + 2, options->min_support, slow);
    assert_in_range(n_slow, 0, ROOM);
    assert_int_equal(ops_frequent_collect(&frequent, field, options, NULL), OPSIG_OK);
    for (size_t i = 0; i < n_slow; i++) {
        bool wanted = slow[i].n <= options->max_edges + 1 &&
                      (!options->closed || slowly_closed(&slow[i], n_slow));
        uint32_t support = (uint32_t)__builtin_popcountll(slow[i].models);
        if (!options->count_only) {
            assert_int_equal(listed_support(field, frequent, &slow[i]), wanted ? support : 0);
        }
        if (wanted) {
            by_edges[slow[i].n - 1]++;
            expected++;
        }
    }
    assert_int_equal(opsig_frequent_count(frequent), expected);
    assert_int_equal(opsig_frequent_n(frequent), options->count_only ? 0 : expected);
    for (uint32_t edges = 0; edges <= options->max_edges; edges++) {
        assert_int_equal(opsig_frequent_count_by_edges(frequent, edges), by_edges[edges]);
    }
    opsig_frequent_free(frequent);
}

static void lists_and_counts_equal_brute_force_on_random_dags(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct random_field_options corpus = {
            .n_models = 4, .max_vertices = 6, .n_symbols = 2, .edge_percent = 40};
        struct ops_mine_field *field = random_field(seed, &corpus);
        opsig_frequent_options options;
        opsig_frequent_options_init(&options);
        options.min_support = 1 + (uint32_t)(seed % 3);
        options.max_edges = 1 + (uint32_t)(seed % 2);
        options.closed = seed % 5 < 3;
        options.count_only = seed % 4 == 0;
        compare(field, &options);
        ops_mine_field_free(field);
    }
}

static void patterns_come_by_falling_support_then_length_then_text(void **state)
{
    (void)state;
    struct random_field_options corpus = {
        .n_models = 9, .max_vertices = 9, .n_symbols = 4, .edge_percent = 30};
    struct ops_mine_field *field = random_field(7, &corpus);
    opsig_frequent *frequent = NULL;
    opsig_frequent_options options;
    opsig_frequent_options_init(&options);
    assert_int_equal(ops_frequent_collect(&frequent, field, &options, NULL), OPSIG_OK);
    assert_true(opsig_frequent_n(frequent) > 10);
    for (size_t i = 1; i < opsig_frequent_n(frequent); i++) {
        uint32_t before = opsig_frequent_support(frequent, i - 1);
        uint32_t after = opsig_frequent_support(frequent, i);
        size_t shorter = opsig_pattern_n_edges(opsig_frequent_pattern(frequent, i - 1));
        size_t longer = opsig_pattern_n_edges(opsig_frequent_pattern(frequent, i));
        assert_true(before > after || (before == after && shorter <= longer));
    }
    opsig_frequent_free(frequent);
    ops_mine_field_free(field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_counts_equal_brute_force_on_random_dags),
        cmocka_unit_test(patterns_come_by_falling_support_then_length_then_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
