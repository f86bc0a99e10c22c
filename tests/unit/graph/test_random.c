/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random models with nested graphs, captured and omitted values, names that are used again, and
 * nodes in any order: the graph equals that of a slow builder that shares no code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "base/rng.h"
#include "support/model_maker.h"
#include "support/naive_graph.h"

enum { N_MODELS = 3000, MAX_DEPTH = 3, N_SHARED_NAMES = 12, NAME_ROOM = 16 };

static uint64_t seed;
static uint64_t n_drawn;
static uint32_t n_names;

static uint32_t draw(uint32_t bound)
{
    return (uint32_t)ops_rng_below(seed, 0, n_drawn++, bound);
}

static bool chance(uint32_t percent)
{
    return draw(100) < percent;
}

/* A name for something written: mostly new, sometimes one that may have been used before. */
static void new_name(char name[NAME_ROOM])
{
    if (chance(5)) {
        (void)snprintf(name, NAME_ROOM, "_");
    } else if (chance(seed % 5 == 0 ? 25 : 6)) {
        (void)snprintf(name, NAME_ROOM, "s%u", draw(N_SHARED_NAMES));
    } else {
        (void)snprintf(name, NAME_ROOM, "t%u", n_names++);
    }
}

/* A name for something read: omitted, shared, one written before or, in some models, one that
 * may be written later. */
static void read_name(char name[NAME_ROOM], uint32_t ahead)
{
    if (chance(8)) {
        (void)snprintf(name, NAME_ROOM, "_");
    } else if (chance(10)) {
        (void)snprintf(name, NAME_ROOM, "s%u", draw(N_SHARED_NAMES));
    } else {
        (void)snprintf(name, NAME_ROOM, "t%u", draw(n_names + ahead > 0 ? n_names + ahead : 1));
    }
}

static void make_graph(opsig_model *model, struct onnx_graph *graph, uint32_t depth, uint32_t ahead)
{
    char name[NAME_ROOM];
    for (uint32_t n = draw(3); n > 0; n--) {
        new_name(name);
        if (name[0] != '_') {
            chance(50) ? maker_input(model, graph, name) : maker_initializer(model, graph, name);
        }
    }
    const uint32_t n_nodes = 1 + draw(depth == 0 ? 10 : 4);
    for (uint32_t i = 0; i < n_nodes; i++) {
        char inputs[4 * NAME_ROOM] = "";
        char outputs[4 * NAME_ROOM] = "";
        for (uint32_t n = draw(4), at = 0; n > 0; n--) {
            read_name(name, ahead);
            at += (uint32_t)snprintf(inputs + at, sizeof inputs - at, at > 0 ? " %s" : "%s", name);
        }
        for (uint32_t n = draw(4), at = 0; n > 0; n--) {
            new_name(name);
            at +=
                (uint32_t)snprintf(outputs + at, sizeof outputs - at, at > 0 ? " %s" : "%s", name);
        }
        const size_t place = maker_node(model, graph, chance(30) ? "Constant" : "Add",
                                        chance(50) ? "" : inputs, inputs, outputs);
        for (uint32_t n = depth < MAX_DEPTH && chance(25) ? 1 + draw(2) : 0; n > 0; n--) {
            struct onnx_graph *const body = maker_graph(model);
            make_graph(model, body, depth + 1, ahead);
            maker_body(model, &graph->nodes[place], n == 1 ? "then_branch" : "else_branch", body);
        }
    }
    for (uint32_t n = draw(3); n > 0; n--) {
        read_name(name, ahead);
        if (name[0] != '_') {
            maker_output(model, graph, name);
        }
    }
}

static uint32_t dangling_inputs(const opsig_graph *graph)
{
    for (uint32_t i = 0; i < opsig_graph_n_notes(graph); i++) {
        if (strstr(opsig_graph_note(graph, i), "defined nowhere") != NULL) {
            return (uint32_t)strtoul(opsig_graph_note(graph, i), NULL, 10);
        }
    }
    return 0;
}

static void compare(const opsig_graph *graph, const struct naive_graph *naive)
{
    uint32_t n_pairs = 0;
    assert_int_equal(opsig_graph_n_vertices(graph), naive->n_vertices);
    for (uint32_t v = 0; v < naive->n_vertices; v++) {
        assert_string_equal(opsig_graph_op_type(graph, v), naive->nodes[v]->op_type);
        assert_string_equal(opsig_graph_node_name(graph, v), naive->nodes[v]->name);
        assert_int_equal(opsig_graph_depth(graph, v), naive->depth[v]);
    }
    assert_int_equal(opsig_graph_n_parallel_edges(graph), naive->n_edges);
    for (uint32_t e = 0; e < naive->n_edges; e++) {
        const opsig_edge edge = opsig_graph_edge(graph, e);
        const struct naive_edge *const expected = &naive->edges[e];
        assert_int_equal(edge.from, expected->from);
        assert_int_equal(edge.to, expected->to);
        assert_int_equal(edge.output_slot, expected->output_slot);
        assert_int_equal(edge.input_slot, expected->input_slot);
        n_pairs += e == 0 || expected[-1].from != edge.from || expected[-1].to != edge.to;
    }
    assert_int_equal(opsig_graph_n_edges(graph), n_pairs);
    assert_int_equal(dangling_inputs(graph), naive->dangling_inputs);
}

static void random_models_have_the_graph_of_the_naive_builder(void **state)
{
    (void)state;
    static struct naive_graph naive;
    uint32_t n_graphs = 0;
    uint32_t n_duplicates = 0;
    uint32_t n_cycles = 0;
    for (seed = 1; seed <= N_MODELS; seed++) {
        opsig_model *const model = maker_new();
        opsig_graph *graph;
        opsig_error error = {0};
        n_drawn = n_names = 0;
        make_graph(model, model->graph, 0, seed % 4 == 0 ? 6 : 0);
        naive_build(&naive, model);
        const opsig_status status = opsig_graph_build(&graph, model, NULL, &error);
        const char *const expected = naive.duplicate_output ? "duplicate-output"
                                     : naive.cycle          ? "cycle"
                                                            : "none";
        const char *const kind = status == OPSIG_OK ? "none" : error.kind;
        if (strcmp(kind, expected) != 0) {
            fail_msg("seed %u: %s instead of %s: %s", (unsigned)seed, kind, expected,
                     error.message);
        }
        if (status == OPSIG_OK) {
            compare(graph, &naive);
        }
        n_graphs += status == OPSIG_OK;
        n_duplicates += naive.duplicate_output;
        n_cycles += !naive.duplicate_output && naive.cycle;
        opsig_graph_free(graph);
        maker_free(model);
    }
    print_message("%u graphs, %u with duplicate outputs, %u with cycles\n", n_graphs, n_duplicates,
                  n_cycles);
    assert_true(n_graphs > N_MODELS / 4);
    assert_true(n_duplicates > N_MODELS / 20);
    assert_true(n_cycles > N_MODELS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_models_have_the_graph_of_the_naive_builder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
