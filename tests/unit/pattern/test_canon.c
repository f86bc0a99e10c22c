/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Canonical codes: against trying all DFS codes, against all ways to write a pattern, and on
 * patterns with many symmetries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/snapshot.h"
#include "support/random_shape.h"

enum { SMALL = 8 };

/* ---- all DFS codes ---- */

struct all_codes {
    const struct ops_shape *shape;
    struct ops_step steps[SMALL], best[SMALL];
    bool has_best;
    uint32_t vertex[SMALL], position[SMALL];
};

/** The order of steps that follow the same code, from its definition. */
static int compare_steps(const struct ops_step *a, const struct ops_step *b)
{
    const bool a_back = a->symbol == OPS_NO_SYMBOL;
    const bool b_back = b->symbol == OPS_NO_SYMBOL;
    if (a_back != b_back) {
        return a_back ? -1 : 1;
    }
    const uint32_t x[] = {a_back ? a->to : 255U - a->from, a->label, a->dir, a->symbol};
    const uint32_t y[] = {b_back ? b->to : 255U - b->from, b->label, b->dir, b->symbol};
    for (size_t i = 0; i < 4; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_codes(const struct ops_step *a, const struct ops_step *b, size_t n)
{
    int order = a[0].symbol < b[0].symbol ? -1 : a[0].symbol > b[0].symbol;
    for (size_t k = 1; order == 0 && k < n; k++) {
        order = compare_steps(&a[k], &b[k]);
    }
    return order;
}

/** Tries every edge at the rightmost path as the next step. */
static void try_steps(struct all_codes *all, uint32_t n_steps, uint32_t n_placed, uint32_t path,
                      uint32_t used)
{
    const struct ops_shape *shape = all->shape;
    if (n_steps == shape->n_edges + 1) {
        if (!all->has_best || compare_codes(all->steps, all->best, n_steps) < 0) {
            memcpy(all->best, all->steps, n_steps * sizeof *all->steps);
            all->has_best = true;
        }
        return;
    }
    for (uint32_t i = 0; i < 2 * shape->n_edges; i++) {
        const struct ops_shape_edge *edge = &shape->edges[i / 2];
        const uint32_t from = all->position[i % 2 == 0 ? edge->from : edge->to];
        const uint32_t other = i % 2 == 0 ? edge->to : edge->from;
        const uint32_t to = all->position[other];
        if ((used >> i / 2 & 1) != 0 || from == UINT32_MAX || (path >> from & 1) == 0 ||
            (to != UINT32_MAX && (from + 1 != n_placed || (path >> to & 1) == 0))) {
            continue;
        }
        struct ops_step *step = &all->steps[n_steps];
        *step = (struct ops_step){
            .symbol = to == UINT32_MAX ? shape->symbol[other] : OPS_NO_SYMBOL,
            .label = edge->label,
            .from = (uint8_t)from,
            .to = (uint8_t)(to == UINT32_MAX ? n_placed : to),
            .dir = i % 2 == 0 ? edge->dir : ops_dir_flip(edge->dir)};
        if (to != UINT32_MAX) {
            try_steps(all, n_steps + 1, n_placed, path, used | 1U << i / 2);
            continue;
        }
        all->position[other] = n_placed;
        try_steps(all, n_steps + 1, n_placed + 1,
                  (path & ((2U << from) - 1)) | 1U << n_placed, used | 1U << i / 2);
        all->position[other] = UINT32_MAX;
    }
}

/** The minimum of all DFS codes. */
static void slow_minimum(const struct ops_shape *shape, struct ops_step *out)
{
    struct all_codes all = {.shape = shape};
    memset(all.position, 0xff, sizeof all.position);
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        all.steps[0] = (struct ops_step){.symbol = shape->symbol[v]};
        all.position[v] = 0;
        try_steps(&all, 1, 1, 1, 0);
        all.position[v] = UINT32_MAX;
    }
    assert_true(all.has_best);
    memcpy(out, all.best, (shape->n_edges + 1) * sizeof *out);
}

/** Is each edge of a path, all in a row? */
static bool is_path(const struct ops_step *canonical, size_t n)
{
    return ops_code_is_chain((struct ops_code){canonical, n});
}

static void canonical_code_is_the_minimum_of_all_dfs_codes(void **state)
{
    (void)state;
    uint32_t n_compared = 0;
    for (uint64_t seed = 0; seed < 4000; seed++) {
        struct shape_dice dice = {seed, 0};
        const struct ops_shape shape =
            random_shape(&dice, 1 + shape_roll(&dice, 5), shape_roll(&dice, 4), 2, 2,
                         shape_roll(&dice, 2) == 0);
        struct ops_step slow[SMALL];
        struct ops_step fast[OPS_CODE_MAX_STEPS];
        if (shape.n_edges + 1 > SMALL) {
            continue;
        }
        slow_minimum(&shape, slow);
        assert_int_equal(ops_shape_canon(&shape, fast, NULL), OPSIG_OK);
        if (!is_path(fast, shape.n_edges + 1)) {
            assert_int_equal(compare_codes(slow, fast, shape.n_edges + 1), 0);
            n_compared++;
        }
    }
    assert_true(n_compared > 2000);
}

/* ---- the minimality test ---- */

struct growing {
    struct ops_step steps[SMALL];
    uint32_t n_symbols, n_labels, max_edges;
    uint8_t first_dir, last_dir;
    uint32_t n_minimal, n_other;
};

static void grow(struct growing *g, uint32_t n_steps, uint32_t n_placed, uint32_t path);

/** Holds the code with one more step against all codes of its shape; goes on where it is
 *  minimal. */
static void check_step(struct growing *g, uint32_t n_steps, uint32_t n_placed, uint32_t path,
                       struct ops_step step)
{
    struct ops_shape shape;
    struct ops_step slow[SMALL];
    g->steps[n_steps] = step;
    const struct ops_code code = {g->steps, n_steps + 1};
    ops_shape_of_code(&shape, code);
    slow_minimum(&shape, slow);
    const bool minimal = compare_codes(slow, g->steps, n_steps + 1) == 0;
    assert_int_equal(ops_code_is_minimal(code), minimal);
    g->n_minimal += minimal;
    g->n_other += !minimal;
    if (minimal && n_steps < g->max_edges) {
        const bool forward = step.symbol != OPS_NO_SYMBOL;
        grow(g, n_steps + 1, n_placed + forward,
             forward ? (path & ((2U << step.from) - 1)) | 1U << step.to : path);
    }
}

static bool has_edge(const struct growing *g, uint32_t n_steps, const struct ops_step *step)
{
    for (uint32_t k = 1; k < n_steps; k++) {
        const struct ops_step *other = &g->steps[k];
        const bool same = other->from == step->from && other->to == step->to &&
                          other->dir == step->dir;
        const bool turned = other->from == step->to && other->to == step->from &&
                            other->dir == ops_dir_flip(step->dir);
        if (other->label == step->label && (same || turned)) {
            return true;
        }
    }
    return false;
}

/** Extends a minimal code in all ways. */
static void grow(struct growing *g, uint32_t n_steps, uint32_t n_placed, uint32_t path)
{
    for (uint8_t at = 0; at < n_placed; at++) {
        if ((path >> at & 1) == 0) {
            continue;
        }
        for (uint32_t kind = 0; kind < g->n_labels * 3; kind++) {
            struct ops_step step = {.label = kind / 3, .dir = (uint8_t)(kind % 3)};
            if (step.dir < g->first_dir || step.dir > g->last_dir) {
                continue;
            }
            for (step.symbol = 0; step.symbol < g->n_symbols; step.symbol++) {
                step.from = at;
                step.to = (uint8_t)n_placed;
                check_step(g, n_steps, n_placed, path, step);
            }
            step.symbol = OPS_NO_SYMBOL;
            step.from = (uint8_t)(n_placed - 1);
            step.to = at;
            if (at + 1U < n_placed && !has_edge(g, n_steps, &step)) {
                check_step(g, n_steps, n_placed, path, step);
            }
        }
    }
}

static void minimality_test_agrees_with_all_codes(void **state)
{
    (void)state;
    static const struct growing universes[] = {
        {.n_symbols = 2, .n_labels = 1, .max_edges = 4, .last_dir = OPS_CODE_IN},
        {.n_symbols = 1, .n_labels = 2, .max_edges = 4, .last_dir = OPS_CODE_IN},
        {.n_symbols = 1, .n_labels = 1, .max_edges = 5, .last_dir = OPS_CODE_IN},
        {.n_symbols = 2,
         .n_labels = 2,
         .max_edges = 4,
         .first_dir = OPS_CODE_BOTH,
         .last_dir = OPS_CODE_BOTH},
        {.n_symbols = 1,
         .n_labels = 1,
         .max_edges = 6,
         .first_dir = OPS_CODE_BOTH,
         .last_dir = OPS_CODE_BOTH},
    };
    for (size_t i = 0; i < sizeof universes / sizeof universes[0]; i++) {
        struct growing g = universes[i];
        for (uint32_t symbol = 0; symbol < g.n_symbols; symbol++) {
            g.steps[0] = (struct ops_step){.symbol = symbol};
            grow(&g, 1, 1, 1);
        }
        assert_true(g.n_minimal > 20 && g.n_other > 20);
    }
}

/* ---- text ---- */

static void all_ways_to_write_a_pattern_are_one_pattern(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct shape_dice dice = {seed, 0};
        const bool undirected = seed % 3 == 0;
        const struct ops_shape shape =
            random_shape(&dice, 2 + shape_roll(&dice, seed % 10 == 0 ? 40 : 8),
                         shape_roll(&dice, 6), 1 + shape_roll(&dice, 3), 2, undirected);
        opsig_pattern *first = NULL;
        for (int way = 0; way < 3; way++) {
            struct ops_buffer text;
            opsig_pattern *pattern = NULL;
            opsig_pattern *again = NULL;
            ops_buffer_init(&text, 100000);
            write_scrambled(&text, &shape, &dice);
            assert_int_equal(opsig_pattern_parse(&pattern, ops_buffer_text(&text), NULL),
                             OPSIG_OK);
            assert_int_equal(opsig_pattern_n_vertices(pattern), shape.n_vertices);
            assert_int_equal(opsig_pattern_n_edges(pattern), shape.n_edges);
            assert_int_equal(opsig_pattern_parse(&again, opsig_pattern_text(pattern), NULL),
                             OPSIG_OK);
            assert_string_equal(opsig_pattern_text(again), opsig_pattern_text(pattern));
            if (first == NULL) {
                first = again;
            } else {
                assert_string_equal(opsig_pattern_text(first), opsig_pattern_text(pattern));
                assert_string_equal(opsig_pattern_id(first), opsig_pattern_id(pattern));
                opsig_pattern_free(again);
            }
            opsig_pattern_free(pattern);
            ops_buffer_dispose(&text);
        }
        opsig_pattern_free(first);
    }
}

/** Parses a pattern made of edges from vertex parent(v) to v. */
static opsig_status parse_tree(uint32_t n, uint32_t (*parent)(uint32_t), opsig_pattern **out)
{
    struct ops_buffer text;
    ops_buffer_init(&text, 100000);
    for (uint32_t v = 0; v < n; v++) {
        ops_buffer_printf(&text, "%sv%u:A", v > 0 ? ";" : "", v);
    }
    for (uint32_t v = 1; v < n; v++) {
        ops_buffer_printf(&text, ";v%u -> v%u", parent(v), v);
    }
    const opsig_status status = opsig_pattern_parse(out, ops_buffer_text(&text), NULL);
    ops_buffer_dispose(&text);
    return status;
}

static uint32_t hub(uint32_t v)
{
    (void)v;
    return 0;
}

static uint32_t spoke(uint32_t v)
{
    return v <= 2 ? 0 : v - 2;
}

static uint32_t spider(uint32_t v)
{
    return v < 32 ? 0 : v - 31;
}

static uint32_t half(uint32_t v)
{
    return (v - 1) / 2;
}

static void symmetric_trees_of_full_size_have_a_code(void **state)
{
    (void)state;
    uint32_t (*const parents[])(uint32_t) = {hub, spoke, spider, half};
    for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
        opsig_pattern *pattern = NULL;
        opsig_pattern *again = NULL;
        assert_int_equal(parse_tree(63, parents[i], &pattern), OPSIG_OK);
        assert_int_equal(opsig_pattern_kind_of(pattern), OPSIG_PATTERN_SUBGRAPH);
        assert_int_equal(opsig_pattern_parse(&again, opsig_pattern_text(pattern), NULL),
                         OPSIG_OK);
        assert_string_equal(opsig_pattern_text(again), opsig_pattern_text(pattern));
        opsig_pattern_free(again);
        opsig_pattern_free(pattern);
    }
}

static void complete_graphs_have_a_code_or_are_refused_in_bounded_time(void **state)
{
    (void)state;
    for (uint32_t n = 3; n <= 11; n++) { /* 11 vertices: 55 edges */
        struct ops_shape shape = {.n_vertices = n};
        struct ops_step steps[OPS_CODE_MAX_STEPS];
        for (uint32_t a = 0; a < n; a++) {
            for (uint32_t b = a + 1; b < n; b++) {
                shape.edges[shape.n_edges++] = (struct ops_shape_edge){
                    .from = (uint8_t)a, .to = (uint8_t)b, .dir = OPS_CODE_BOTH};
            }
        }
        ops_shape_connect(&shape);
        assert_int_equal(ops_shape_canon(&shape, steps, NULL), OPSIG_OK);
        const struct ops_code code = {steps, shape.n_edges + 1};
        assert_int_equal(ops_code_n_vertices(code), n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_code_is_the_minimum_of_all_dfs_codes),
        cmocka_unit_test(minimality_test_agrees_with_all_codes),
        cmocka_unit_test(all_ways_to_write_a_pattern_are_one_pattern),
        cmocka_unit_test(symmetric_trees_of_full_size_have_a_code),
        cmocka_unit_test(complete_graphs_have_a_code_or_are_refused_in_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
