/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "graph/layout.h"

enum { MOST = 24, MOST_EDGES = MOST * MOST };

static const double tiny = 1e-9;

/** A random acyclic graph whose vertices stand in any order. */
struct dag {
    uint32_t n, ends[2 * MOST_EDGES];
    size_t n_edges;
};

static uint32_t roll(uint64_t seed, uint64_t *index, uint32_t bound)
{
    return (uint32_t)ops_rng_below(seed, 0, (*index)++, bound);
}

static void make_dag(struct dag *out, uint64_t seed)
{
    uint64_t index = 0;
    uint32_t name[MOST];
    out->n = 1 + roll(seed, &index, MOST);
    out->n_edges = 0;
    for (uint32_t v = 0; v < out->n; v++) {
        const uint32_t other = roll(seed, &index, v + 1);
        name[v] = name[other];
        name[other] = v;
    }
    for (uint32_t v = 0; v < out->n; v++) {
        for (uint32_t w = v + 1; w < out->n; w++) {
            if (roll(seed, &index, 100) < 15) {
                out->ends[2 * out->n_edges] = name[v];
                out->ends[2 * out->n_edges++ + 1] = name[w];
            }
        }
    }
}

static bool is_near(double a, double b)
{
    return a - b < tiny && b - a < tiny;
}

/** Edges go down, with a bend in each layer that they cross. */
static void check_edges(const struct dag *dag, const struct ops_layout *layout)
{
    for (size_t e = 0; e < dag->n_edges; e++) {
        const struct ops_place from = layout->vertex[dag->ends[2 * e]];
        const struct ops_place to = layout->vertex[dag->ends[2 * e + 1]];
        double layer = from.y;
        for (size_t i = layout->bend_begin[e]; i < layout->bend_begin[e + 1]; i++) {
            assert_true(is_near(layout->bend[i].y, ++layer));
        }
        assert_true(is_near(to.y, layer + 1));
    }
}

/** Whatever lies in one layer is a column apart, within the picture. */
static void check_room(const struct dag *dag, const struct ops_layout *layout)
{
    struct ops_place all[MOST + MOST_EDGES * MOST];
    const size_t n_bends = layout->bend_begin[dag->n_edges];
    memcpy(all, layout->vertex, dag->n * sizeof *all);
    memcpy(all + dag->n, layout->bend, n_bends * sizeof *all);
    for (size_t i = 0; i < dag->n + n_bends; i++) {
        assert_true(all[i].x > -tiny && all[i].x + 1 < layout->columns + tiny);
        assert_true(all[i].y > -tiny && all[i].y + 1 < layout->layers + tiny);
        for (size_t k = 0; k < i; k++) {
            const double apart = all[i].x < all[k].x ? all[k].x - all[i].x : all[i].x - all[k].x;
            assert_true(!is_near(all[i].y, all[k].y) || apart > 1 - tiny);
        }
    }
}

static void edges_go_down_and_nothing_overlaps_on_random_graphs(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct dag dag;
        struct ops_layout layout;
        make_dag(&dag, seed);
        assert_int_equal(ops_layout_in_layers(&layout, dag.n, dag.ends, dag.n_edges, NULL),
                         OPSIG_OK);
        check_edges(&dag, &layout);
        check_room(&dag, &layout);
        ops_layout_dispose(&layout);
    }
}

static void a_chain_is_straight_and_a_source_stands_above_its_reader(void **state)
{
    (void)state;
    /* 0 -> 1 -> 2 -> 3, and 4 -> 3 */
    const uint32_t ends[] = {0, 1, 1, 2, 2, 3, 4, 3};
    struct ops_layout layout;
    assert_int_equal(ops_layout_in_layers(&layout, 5, ends, 3, NULL), OPSIG_OK);
    assert_true(is_near(layout.vertex[0].x, layout.vertex[3].x));
    ops_layout_dispose(&layout);
    assert_int_equal(ops_layout_in_layers(&layout, 5, ends, 4, NULL), OPSIG_OK);
    assert_true(is_near(layout.vertex[4].y, 2));
    ops_layout_dispose(&layout);
}

static void the_same_graph_gives_the_same_places(void **state)
{
    (void)state;
    struct dag dag;
    struct ops_layout one;
    struct ops_layout two;
    make_dag(&dag, 17);
    assert_int_equal(ops_layout_in_layers(&one, dag.n, dag.ends, dag.n_edges, NULL), OPSIG_OK);
    assert_int_equal(ops_layout_in_layers(&two, dag.n, dag.ends, dag.n_edges, NULL), OPSIG_OK);
    assert_memory_equal(one.vertex, two.vertex, dag.n * sizeof *one.vertex);
    ops_layout_dispose(&one);
    ops_layout_dispose(&two);
}

static void nothing_and_a_cycle_are_handled(void **state)
{
    (void)state;
    const uint32_t cycle[] = {0, 1, 1, 0};
    struct ops_layout layout;
    opsig_error error = {0};
    assert_int_equal(ops_layout_in_layers(&layout, 0, cycle, 0, NULL), OPSIG_OK);
    assert_true(is_near(layout.layers, 0));
    ops_layout_dispose(&layout);
    assert_int_equal(ops_layout_in_layers(&layout, 2, cycle, 2, &error), OPSIG_INTERNAL);
    ops_layout_dispose(&layout);
}

static void too_many_long_edges_are_a_limit(void **state)
{
    (void)state;
    /* A chain of n, and an edge from its first vertex to each other one. */
    enum { LENGTH = 1000 };
    static uint32_t ends[4 * LENGTH];
    struct ops_layout layout;
    opsig_error error = {0};
    size_t n = 0;
    for (uint32_t v = 1; v < LENGTH; v++) {
        ends[n++] = v - 1;
        ends[n++] = v;
        ends[n++] = 0;
        ends[n++] = v;
    }
    assert_int_equal(ops_layout_in_layers(&layout, LENGTH, ends, n / 2, &error), OPSIG_LIMIT);
    assert_non_null(strstr(error.message, "--format dot"));
    ops_layout_dispose(&layout);
}

static void running_out_of_memory_anywhere_is_a_clean_error(void **state)
{
    (void)state;
    struct dag dag;
    opsig_status status = OPSIG_NOMEM;
    make_dag(&dag, 23);
    for (uint64_t n = 1; status != OPSIG_OK; n++) {
        struct ops_layout layout;
        ops_mem_fail_at(n, 0);
        status = ops_layout_in_layers(&layout, dag.n, dag.ends, dag.n_edges, NULL);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
        ops_layout_dispose(&layout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_go_down_and_nothing_overlaps_on_random_graphs),
        cmocka_unit_test(a_chain_is_straight_and_a_source_stands_above_its_reader),
        cmocka_unit_test(the_same_graph_gives_the_same_places),
        cmocka_unit_test(nothing_and_a_cycle_are_handled),
        cmocka_unit_test(too_many_long_edges_are_a_limit),
        cmocka_unit_test(running_out_of_memory_anywhere_is_a_clean_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
