/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"
#include "mine/trace.h"
#include "support/random_field.h"

enum { MAX_LENGTH = 4 };

/** Writes all paths that carry the symbols, in vertex order; returns their number. */
static size_t list_paths(const struct ops_field *field, const uint32_t *symbols, size_t n,
                         size_t depth, uint32_t *path, uint32_t *out, size_t n_out)
{
    if (depth == n) {
        memcpy(out + n_out * n, path, n * sizeof *path);
        return n_out + 1;
    }
    for (uint32_t v = 0; v < field->n_vertices; v++) {
        bool leads = depth == 0;
        for (uint32_t e = depth == 0 ? 0 : field->succ_begin[path[depth - 1]];
             depth > 0 && e < field->succ_begin[path[depth - 1] + 1]; e++) {
            leads = leads || field->succ[e] == v;
        }
        if (leads && field_carries(field, v, symbols[depth])) {
            path[depth] = v;
            n_out = list_paths(field, symbols, n, depth + 1, path, out, n_out);
        }
    }
    return n_out;
}

static void matches_are_all_paths_in_order_on_random_dags(void **state)
{
    (void)state;
    static uint32_t expected[100000];
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct random_field_options options = {.n_models = 2,
                                               .max_vertices = 8,
                                               .n_symbols = 2,
                                               .edge_percent = 40,
                                               .two_layers = seed % 2 == 1};
        struct ops_mine_field *field = random_field(seed, &options);
        struct ops_trace *trace = NULL;
        uint32_t symbols[MAX_LENGTH];
        uint32_t path[MAX_LENGTH];
        size_t n = 1 + (size_t)ops_rng_below(seed, 1, 0, MAX_LENGTH);
        for (size_t k = 0; k < n; k++) {
            symbols[k] = (uint32_t)ops_rng_below(seed, 1, k + 1, field->field.n_symbols);
        }
        size_t n_paths = list_paths(&field->field, symbols, n, 0, path, expected, 0);
        assert_int_equal(ops_trace_new(&trace, field, NULL), OPSIG_OK);
        struct ops_step steps[MAX_LENGTH];
        assert_int_equal(ops_trace_follow(trace, sequence_code(steps, symbols, n), NULL),
                         OPSIG_OK);
        assert_int_equal(trace->n_levels > 0, n_paths > 0);
        for (size_t max = 0; trace->n_levels > 0 && max < n_paths + 2; max += 1 + n_paths / 2) {
            struct ops_matches matches;
            assert_int_equal(ops_matches_collect(&matches, &field->field, trace->levels,
                                                 trace->n_levels, max, NULL),
                             OPSIG_OK);
            assert_int_equal(matches.total, n_paths);
            assert_int_equal(matches.n_kept, max < n_paths ? max : n_paths);
            assert_memory_equal(matches.vertices, expected,
                                matches.n_kept * n * sizeof *expected);
            ops_mem_free(matches.vertices);
        }
        ops_trace_free(trace);
        ops_mine_field_free(field);
    }
}

static void a_model_s_part_of_a_level_holds_its_vertices_only(void **state)
{
    (void)state;
    struct random_field_options options = {
        .n_models = 6, .max_vertices = 9, .n_symbols = 2, .edge_percent = 40};
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct ops_mine_field *field = random_field(seed, &options);
        struct ops_trace *trace = NULL;
        uint32_t symbols[] = {0, 3};
        size_t total = 0;
        assert_int_equal(ops_trace_new(&trace, field, NULL), OPSIG_OK);
        struct ops_step steps[2];
        assert_int_equal(ops_trace_follow(trace, sequence_code(steps, symbols, 2), NULL),
                         OPSIG_OK);
        for (uint32_t m = 0; m < field->n_models && trace->n_levels == 2; m++) {
            struct ops_level level = ops_trace_in_model(trace, 1, m);
            total += level.n;
            for (size_t i = 0; i < level.n; i++) {
                assert_int_equal(field->model_of[level.vertices[i]], m);
            }
        }
        assert_int_equal(total, trace->n_levels == 2 ? trace->levels[1].n : 0);
        ops_trace_free(trace);
        ops_mine_field_free(field);
    }
}

static void counts_of_exponentially_many_paths_saturate(void **state)
{
    (void)state;
    enum { WIDTH = 4, LENGTH = OPSIG_PATTERN_MAX_VERTICES };
    static uint32_t succ_begin[WIDTH * LENGTH + 1], succ[WIDTH * WIDTH * LENGTH];
    static uint32_t symbol[WIDTH * LENGTH], vertices[WIDTH * LENGTH];
    struct ops_level levels[LENGTH];
    uint32_t place = 0;
    for (uint32_t v = 0; v < WIDTH * LENGTH; v++) {
        succ_begin[v] = place;
        for (uint32_t w = 0; v / WIDTH + 1 < LENGTH && w < WIDTH; w++) {
            succ[place++] = (v / WIDTH + 1) * WIDTH + w;
        }
        vertices[v] = v;
    }
    succ_begin[WIDTH * LENGTH] = place;
    for (uint32_t k = 0; k < LENGTH; k++) {
        levels[k] = (struct ops_level){vertices + (size_t)k * WIDTH, WIDTH};
    }
    struct ops_field field = {.n_vertices = WIDTH * LENGTH, .n_symbols = 1, .n_layers = 1,
                              .succ_begin = succ_begin, .succ = succ, .symbols = {symbol}};
    struct ops_matches matches;
    assert_int_equal(ops_matches_collect(&matches, &field, levels, LENGTH, 3, NULL), OPSIG_OK);
    assert_int_equal(matches.total, INT64_MAX);
    assert_int_equal(matches.n_kept, 3);
    ops_mem_free(matches.vertices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_are_all_paths_in_order_on_random_dags),
        cmocka_unit_test(a_model_s_part_of_a_level_holds_its_vertices_only),
        cmocka_unit_test(counts_of_exponentially_many_paths_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
