/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pattern/contain.h"
#include "support/random_shape.h"

static bool contains(const char *whole_text, const char *part_text)
{
    opsig_pattern *whole = NULL;
    opsig_pattern *part = NULL;
    assert_int_equal(opsig_pattern_parse(&whole, whole_text, NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&part, part_text, NULL), OPSIG_OK);
    bool result = ops_pattern_contains(whole, part);
    opsig_pattern_free(whole);
    opsig_pattern_free(part);
    return result;
}

static void contiguous_runs_are_contained(void **state)
{
    (void)state;
    assert_true(contains("A -> B -> C", "A -> B -> C"));
    assert_true(contains("A -> B -> C", "B -> C"));
    assert_true(contains("A -> B -> C", "B"));
    assert_true(contains("A -> A -> B", "A -> B"));
    assert_false(contains("A -> B -> C", "A -> C"));
    assert_false(contains("A -> B -> C", "B -> A"));
    assert_false(contains("B -> C", "A -> B -> C"));
}

static void an_operator_stands_for_itself_with_attributes_but_not_the_other_way(void **state)
{
    (void)state;
    assert_true(contains("Pad{mode=constant} -> AveragePool", "Pad -> AveragePool"));
    assert_false(contains("Pad -> AveragePool", "Pad{mode=constant}"));
    assert_false(contains("Pad{mode=constant}", "Pad{mode=edge}"));
    assert_false(contains("Padding -> X", "Pad"));
}

static void subgraphs_are_contained_with_directions_and_labels(void **state)
{
    (void)state;
    const char *const fork = "a:Split; b:Relu; c:Add; a -> b; a -> c; b -> c";
    assert_true(contains(fork, fork));
    assert_true(contains(fork, "Split -> Relu -> Add"));
    assert_true(contains(fork, "Split -> Add"));
    assert_true(contains(fork, "a:Split; b:Relu; c:Add; a -> b; a -> c"));
    assert_false(contains(fork, "Add -> Relu"));
    assert_false(contains("Split -> Relu -> Add", fork));
    assert_true(contains("Split -[2]-> Add", "Split -> Add"));
    assert_true(contains("Split -[2]-> Add", "Split -[2]-> Add"));
    assert_false(contains("Split -[2]-> Add", "Split -[1]-> Add"));
    assert_false(contains("Split -> Add", "Split -[1]-> Add"));
    assert_false(contains("Split -- Add", "Split -> Add"));
    assert_true(contains("a:Split; b:Add; a -[1]-> b; a -[2]-> b", "Split -> Add"));
}

static void vertices_stand_on_different_vertices(void **state)
{
    (void)state;
    const char *const fork = "a:Split; b:Relu; c:Relu; a -> b; a -> c";
    assert_false(contains("Split -> Relu", fork));
    assert_false(contains("a:Split; b:Relu; c:Tanh; a -> b; a -> c", fork));
    assert_true(contains("a:Split; b:Relu; c:Relu; d:Relu; a -> b; a -> c; a -> d", fork));
}

/* ---- all maps between small random patterns ---- */

static const char *const names[] = {"A", "A{x=1}", "B", "B{y=0}"};
static const bool generalizes[4][4] = {
    {true, true, false, false},
    {false, true, false, false},
    {false, false, true, true},
    {false, false, false, true},
};

static bool edge_stands(const struct ops_shape *whole, const struct ops_shape_edge *edge,
                        const uint32_t *place)
{
    for (uint32_t e = 0; e < whole->n_edges; e++) {
        const struct ops_shape_edge *on = &whole->edges[e];
        const bool ends = on->from == place[edge->from] && on->to == place[edge->to];
        const bool turned = on->dir == OPS_CODE_BOTH && on->to == place[edge->from] &&
                            on->from == place[edge->to];
        if ((ends || turned) && on->dir == edge->dir &&
            (edge->label == 0 || edge->label == on->label)) {
            return true;
        }
    }
    return false;
}

/** Tries all ways to place vertices v and up; checks edges when all are placed. */
static bool some_map(const struct ops_shape *whole, const struct ops_shape *part, uint32_t v,
                     uint32_t *place)
{
    if (v == part->n_vertices) {
        for (uint32_t e = 0; e < part->n_edges; e++) {
            if (!edge_stands(whole, &part->edges[e], place)) {
                return false;
            }
        }
        return true;
    }
    for (place[v] = 0; place[v] < whole->n_vertices; place[v]++) {
        bool taken = !generalizes[part->symbol[v]][whole->symbol[place[v]]];
        for (uint32_t w = 0; w < v; w++) {
            taken = taken || place[w] == place[v];
        }
        if (!taken && some_map(whole, part, v + 1, place)) {
            return true;
        }
    }
    return false;
}

static opsig_pattern *pattern_of(const struct ops_shape *shape)
{
    struct ops_buffer text;
    opsig_pattern *pattern = NULL;
    ops_buffer_init(&text, 10000);
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        if (shape->n_vertices > 1) {
            ops_buffer_printf(&text, "%sn%u:", v > 0 ? ";" : "", v);
        }
        ops_buffer_puts(&text, names[shape->symbol[v]]);
    }
    for (uint32_t e = 0; e < shape->n_edges; e++) {
        const struct ops_shape_edge *edge = &shape->edges[e];
        ops_buffer_printf(&text, ";n%u -[%u]%s n%u", edge->from, edge->label,
                          edge->dir == OPS_CODE_BOTH ? "-" : "->", edge->to);
    }
    assert_int_equal(opsig_pattern_parse(&pattern, ops_buffer_text(&text), NULL), OPSIG_OK);
    ops_buffer_dispose(&text);
    return pattern;
}

static void containment_agrees_with_all_maps(void **state)
{
    (void)state;
    uint32_t n_contained = 0;
    for (uint64_t seed = 0; seed < 6000; seed++) {
        struct shape_dice dice = {seed, 0};
        const bool undirected = seed % 4 == 0;
        const struct ops_shape whole = random_shape(&dice, 2 + shape_roll(&dice, 5),
                                                    shape_roll(&dice, 5), 4, 3, undirected);
        const struct ops_shape part = random_shape(&dice, 1 + shape_roll(&dice, 4),
                                                   shape_roll(&dice, 3), 4, 2, undirected);
        uint32_t place[OPSIG_PATTERN_MAX_VERTICES];
        opsig_pattern *const w = pattern_of(&whole);
        opsig_pattern *const p = pattern_of(&part);
        const bool expected = some_map(&whole, &part, 0, place);
        assert_int_equal(ops_pattern_contains(w, p), expected);
        n_contained += expected && part.n_edges > 0;
        opsig_pattern_free(w);
        opsig_pattern_free(p);
    }
    assert_true(n_contained > 100);
}

/** A tree of like vertices, as wide as may be. */
static opsig_pattern *hostile_tree(uint32_t n, uint32_t width)
{
    struct ops_shape shape = {.n_vertices = n, .n_edges = n - 1};
    for (uint32_t v = 1; v < n; v++) {
        shape.edges[v - 1] =
            (struct ops_shape_edge){.from = (uint8_t)((v - 1) / width), .to = (uint8_t)v};
    }
    return pattern_of(&shape);
}

static void many_like_vertices_end_in_bounded_time(void **state)
{
    (void)state;
    opsig_pattern *const wide = hostile_tree(64, 8);
    opsig_pattern *const narrow = hostile_tree(63, 3);
    opsig_pattern *const small = hostile_tree(9, 8);
    assert_false(ops_pattern_contains(wide, narrow)); /* a third level of 27 has no room */
    assert_false(ops_pattern_contains(narrow, small));
    assert_true(ops_pattern_contains(wide, small));
    opsig_pattern_free(wide);
    opsig_pattern_free(narrow);
    opsig_pattern_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subgraphs_are_contained_with_directions_and_labels),
        cmocka_unit_test(vertices_stand_on_different_vertices),
        cmocka_unit_test(containment_agrees_with_all_maps),
        cmocka_unit_test(many_like_vertices_end_in_bounded_time),
        cmocka_unit_test(contiguous_runs_are_contained),
        cmocka_unit_test(an_operator_stands_for_itself_with_attributes_but_not_the_other_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
