/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "graph/neighbourhood.h"
#include "support/model_maker.h"

/* a -> b -> c -> d -> e, a -> c, and b twice into f. */
static opsig_graph *make_graph(void)
{
    static const char *const nodes[][3] = {{"A", "x", "a"}, {"B", "a", "b"},   {"C", "b a", "c"},
                                           {"D", "c", "d"}, {"E", "d", "e"},   {"F", "b b", "f"}};
    opsig_model *const model = maker_new();
    opsig_graph *graph = NULL;
    opsig_limits limits;
    opsig_limits_init(&limits);
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        (void)maker_node(model, model->graph, nodes[i][0], "", nodes[i][1], nodes[i][2]);
    }
    assert_int_equal(opsig_graph_build(&graph, model, &limits, NULL), OPSIG_OK);
    maker_free(model);
    return graph;
}

static void check_vertices(const struct ops_neighbourhood *part, const char *expected)
{
    char text[64] = "";
    for (size_t i = 0; i < part->vertices.len; i++) {
        const struct ops_neighbour *const here = &part->vertices.items[i];
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%c%s%s",
                       i == 0 ? "" : " ", (char)('a' + here->vertex), here->core ? "!" : "",
                       here->cut ? "~" : "");
    }
    assert_string_equal(text, expected);
}

static void hops_bound_the_distance_in_both_directions(void **state)
{
    (void)state;
    static const char *const expected[] = {"c!~", "a b~ c! d~", "a b c! d e f"};
    opsig_graph *const graph = make_graph();
    const uint32_t core[] = {2};
    for (unsigned hops = 0; hops < 3; hops++) {
        struct ops_neighbourhood part;
        assert_int_equal(ops_neighbourhood_find(&part, graph, core, 1, hops, 10, NULL), OPSIG_OK);
        check_vertices(&part, expected[hops]);
        ops_neighbourhood_dispose(&part);
    }
    opsig_graph_free(graph);
}

static void edges_among_the_vertices_are_there_once(void **state)
{
    (void)state;
    opsig_graph *const graph = make_graph();
    struct ops_neighbourhood part;
    const uint32_t expected[] = {0, 1, 0, 2, 1, 2, 1, 5, 2, 3, 3, 4};
    assert_int_equal(ops_neighbourhood_all(&part, graph, NULL), OPSIG_OK);
    assert_int_equal(part.ends.len, sizeof expected / sizeof *expected);
    assert_memory_equal(part.ends.items, expected, sizeof expected);
    ops_neighbourhood_dispose(&part);
    opsig_graph_free(graph);
}

static void the_core_is_whole_and_the_nearest_fill_the_room(void **state)
{
    (void)state;
    opsig_graph *const graph = make_graph();
    struct ops_neighbourhood part;
    const uint32_t core[] = {4, 3};
    assert_int_equal(ops_neighbourhood_find(&part, graph, core, 2, 2, 3, NULL), OPSIG_OK);
    check_vertices(&part, "c~ d! e!");
    ops_neighbourhood_dispose(&part);
    assert_int_equal(ops_neighbourhood_find(&part, graph, core, 2, 2, 1, NULL), OPSIG_OK);
    check_vertices(&part, "d!~ e!");
    ops_neighbourhood_dispose(&part);
    opsig_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hops_bound_the_distance_in_both_directions),
        cmocka_unit_test(edges_among_the_vertices_are_there_once),
        cmocka_unit_test(the_core_is_whole_and_the_nearest_fill_the_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
