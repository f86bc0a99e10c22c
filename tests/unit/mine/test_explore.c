/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "graph/snapshot.h"
#include "mine/explore.h"
#include "pattern/contain.h"
#include "support/random_field.h"

enum { MAX_LENGTH = 4, N_CORPORA = 3000 };

/** What the search visited: for each sequence its supporting models. */
struct log {
    const struct ops_mine_field *field;
    struct ops_intern *visited; /* symbol ids as bytes */
    uint32_t supports[20000];
    uint32_t n;
};

static opsig_status record(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    struct log *log = payload;
    uint32_t symbols[MAX_LENGTH];
    uint32_t id = 0;
    for (size_t k = 0; k < visit->code.n_steps; k++) {
        symbols[k] = visit->code.steps[k].symbol;
    }
    for (uint32_t i = 1; i < visit->support; i++) {
        assert_true(visit->models[i - 1] < visit->models[i]);
    }
    opsig_status status = ops_intern_put(log->visited, (const char *)symbols,
                                         visit->code.n_steps * sizeof *symbols, &id, err);
    assert_int_equal(id, log->n); /* no sequence twice */
    log->supports[log->n++] = visit->support;
    return status;
}

/** Models that hold the sequence, the slow way. */
static uint32_t slow_support(const struct ops_mine_field *field, const uint32_t *symbols, size_t n)
{
    uint32_t support = 0;
    for (uint32_t m = 0; m < field->n_models; m++) {
        support += count_paths(&field->field, field->first_vertex[m], field->first_vertex[m + 1],
                               symbols, n) > 0;
    }
    return support;
}

/** Compares all sequences that begin with the n given symbols with what was visited; returns the
 *  number of frequent ones. */
static uint32_t compare_all(const struct log *log, uint32_t *symbols, size_t n,
                            uint32_t min_support)
{
    uint32_t frequent = 0;
    for (uint32_t s = 0; s < log->field->field.n_symbols; s++) {
        symbols[n] = s;
        uint32_t support = slow_support(log->field, symbols, n + 1);
        uint32_t id = ops_intern_find(log->visited, (const char *)symbols,
                                      (n + 1) * sizeof *symbols);
        if (support < min_support) {
            assert_int_equal(id, OPS_INTERN_NONE);
            continue;
        }
        assert_int_not_equal(id, OPS_INTERN_NONE);
        assert_int_equal(log->supports[id], support);
        frequent++;
        if (n + 1 < MAX_LENGTH) {
            frequent += compare_all(log, symbols, n + 1, min_support);
        }
    }
    return frequent;
}

static void support_equals_path_enumeration_on_random_dags(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < N_CORPORA; seed++) {
        struct random_field_options options = {.n_models = 4,
                                               .max_vertices = 7,
                                               .n_symbols = 2 + (uint32_t)(seed % 3),
                                               .edge_percent = 20 + (uint32_t)(seed % 5) * 10};
        struct ops_explore_bounds bounds = {.min_support = 1 + (uint32_t)(seed % 3),
                                            .max_length = MAX_LENGTH,
                                            .max_patterns = 100000};
        static struct log log;
        uint32_t symbols[MAX_LENGTH];
        memset(&log, 0, sizeof log);
        struct ops_mine_field *field = random_field(seed, &options);
        log.field = field;
        assert_int_equal(ops_intern_new(&log.visited, NULL), OPSIG_OK);
        assert_int_equal(ops_explore(field, &bounds, record, &log, NULL), OPSIG_OK);
        assert_int_equal(compare_all(&log, symbols, 0, bounds.min_support), log.n);
        ops_intern_free(log.visited);
        ops_mine_field_free(field);
    }
}

/** Is there a visited sequence of the same support that generalises this one? */
static bool general_form_visited(const struct log *log, const uint32_t *symbols, size_t n,
                                 uint32_t support)
{
    for (uint32_t mask = 0; mask < 1U << n; mask++) {
        uint32_t general[MAX_LENGTH];
        for (size_t k = 0; k < n; k++) {
            general[k] = mask >> k & 1 ? symbols[k] - symbols[k] % 3 : symbols[k];
        }
        uint32_t id = ops_intern_find(log->visited, (const char *)general, n * sizeof *general);
        if (id != OPS_INTERN_NONE && log->supports[id] == support) {
            return true;
        }
    }
    return false;
}

static void check_generalised(const struct log *log, uint32_t *symbols, size_t n)
{
    for (uint32_t s = 0; s < log->field->field.n_symbols; s++) {
        symbols[n] = s;
        uint32_t support = slow_support(log->field, symbols, n + 1);
        if (support > 0) {
            assert_true(general_form_visited(log, symbols, n + 1, support));
            if (n + 1 < 3) {
                check_generalised(log, symbols, n + 1);
            }
        }
    }
}

static void with_two_alphabets_each_sequence_or_a_general_form_of_its_support_is_visited(
    void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++) {
        struct random_field_options options = {.n_models = 4,
                                               .max_vertices = 6,
                                               .n_symbols = 2,
                                               .edge_percent = 40,
                                               .two_layers = true};
        struct ops_explore_bounds bounds = {
            .min_support = 1, .max_length = 3, .max_patterns = 100000};
        static struct log log;
        uint32_t symbols[MAX_LENGTH];
        memset(&log, 0, sizeof log);
        struct ops_mine_field *field = random_field(seed, &options);
        log.field = field;
        assert_int_equal(ops_intern_new(&log.visited, NULL), OPSIG_OK);
        assert_int_equal(ops_explore(field, &bounds, record, &log, NULL), OPSIG_OK);
        check_generalised(&log, symbols, 0);
        ops_intern_free(log.visited);
        ops_mine_field_free(field);
    }
}

static void search_ends_at_the_limit_of_patterns_naming_the_option(void **state)
{
    (void)state;
    struct random_field_options options = {
        .n_models = 5, .max_vertices = 8, .n_symbols = 3, .edge_percent = 50};
    struct ops_explore_bounds bounds = {.min_support = 1, .max_length = 4, .max_patterns = 3};
    static struct log log;
    opsig_error err;
    memset(&log, 0, sizeof log);
    struct ops_mine_field *field = random_field(1, &options);
    log.field = field;
    assert_int_equal(ops_intern_new(&log.visited, NULL), OPSIG_OK);
    assert_int_equal(ops_explore(field, &bounds, record, &log, &err), OPSIG_LIMIT);
    assert_non_null(strstr(err.message, "--max-patterns"));
    assert_int_equal(log.n, 3);
    ops_intern_free(log.visited);
    ops_mine_field_free(field);
}

static void search_ends_when_cancelled(void **state)
{
    (void)state;
    struct random_field_options options = {
        .n_models = 5, .max_vertices = 8, .n_symbols = 3, .edge_percent = 50};
    volatile int cancel = 1;
    struct ops_explore_bounds bounds = {
        .min_support = 1, .max_length = 4, .max_patterns = 100000, .cancel = &cancel};
    static struct log log;
    memset(&log, 0, sizeof log);
    struct ops_mine_field *field = random_field(1, &options);
    log.field = field;
    assert_int_equal(ops_intern_new(&log.visited, NULL), OPSIG_OK);
    assert_int_equal(ops_explore(field, &bounds, record, &log, NULL), OPSIG_CANCELLED);
    ops_intern_free(log.visited);
    ops_mine_field_free(field);
}

static opsig_status count_visit(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    (void)visit;
    (void)err;
    ++*(uint32_t *)payload;
    return OPSIG_OK;
}

static void a_chain_of_64_diamonds_is_mined_without_listing_its_paths(void **state)
{
    (void)state;
    enum { DIAMONDS = 64, N = 3 * DIAMONDS + 1 };
    static uint32_t succ_begin[N + 1], succ[4 * DIAMONDS], symbol[N], model_of[N];
    uint32_t first_vertex[] = {0, N};
    uint32_t place = 0;
    for (uint32_t v = 0; v < N; v++) {
        succ_begin[v] = place;
        symbol[v] = 0;
        if (v % 3 == 0 && v + 1 < N) {
            succ[place++] = v + 1;
            succ[place++] = v + 2;
        } else if (v % 3 == 1) {
            succ[place++] = v + 2;
        } else if (v % 3 == 2) {
            succ[place++] = v + 1;
        }
    }
    succ_begin[N] = place;
    struct ops_mine_field field = {
        .field = {.n_vertices = N, .n_symbols = 1, .n_layers = 1, .succ_begin = succ_begin,
                  .succ = succ, .symbols = {symbol}},
        .n_models = 1, .first_vertex = first_vertex, .model_of = model_of};
    struct ops_explore_bounds bounds = {.min_support = 1,
                                        .max_length = OPSIG_PATTERN_MAX_VERTICES,
                                        .max_patterns = 1000};
    uint32_t visited = 0;
    assert_int_equal(ops_explore(&field, &bounds, count_visit, &visited, NULL), OPSIG_OK);
    assert_int_equal(visited, OPSIG_PATTERN_MAX_VERTICES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(support_equals_path_enumeration_on_random_dags),
        cmocka_unit_test(
            with_two_alphabets_each_sequence_or_a_general_form_of_its_support_is_visited),
        cmocka_unit_test(search_ends_at_the_limit_of_patterns_naming_the_option),
        cmocka_unit_test(search_ends_when_cancelled),
        cmocka_unit_test(a_chain_of_64_diamonds_is_mined_without_listing_its_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
