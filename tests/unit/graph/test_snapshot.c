/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flat form: what its arrays say of each other, and that it may be moved in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "base/mem.h"
#include "graph/snapshot.h"
#include "support/model_maker.h"

/* A graph with all that a snapshot can hold: bodies, parallel edges, notes, names, opsets. */
static opsig_graph *make(void)
{
    opsig_graph *graph;
    opsig_error error;
    opsig_model *const model = maker_new();
    struct onnx_graph *const top = model->graph;
    maker_opset(model, "com.microsoft", 1);
    maker_note(model, "a note");
    maker_input(model, top, "x");
    maker_node(model, top, "Constant", "", "", "k");
    maker_node(model, top, "Split", "/split", "x", "a b");
    const size_t place = maker_node(model, top, "If", "/if", "k", "y");
    struct onnx_graph *const body = maker_graph(model);
    maker_body(model, &top->nodes[place], "then_branch", body);
    maker_node(model, body, "com.microsoft::Gelu", "inner", "b", "g");
    maker_output(model, body, "g");
    maker_output(model, body, "a");
    maker_node(model, top, "Sum", "", "b a b nothing", "z");
    const size_t cast = maker_node(model, top, "Cast", "", "z", "w");
    maker_int(model, &top->nodes[cast], "to", 7);
    if (opsig_graph_build(&graph, model, NULL, &error) != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
    maker_free(model);
    return graph;
}

static void assert_same(const opsig_graph *a, const opsig_graph *b)
{
    assert_int_equal(opsig_graph_n_vertices(a), opsig_graph_n_vertices(b));
    assert_int_equal(opsig_graph_n_edges(a), opsig_graph_n_edges(b));
    assert_int_equal(opsig_graph_n_parallel_edges(a), opsig_graph_n_parallel_edges(b));
    for (uint32_t v = 0; v < opsig_graph_n_vertices(a); v++) {
        assert_string_equal(opsig_graph_op_type(a, v), opsig_graph_op_type(b, v));
        assert_string_equal(opsig_graph_domain(a, v), opsig_graph_domain(b, v));
        assert_string_equal(opsig_graph_node_name(a, v), opsig_graph_node_name(b, v));
        assert_string_equal(opsig_graph_node_label(a, v), opsig_graph_node_label(b, v));
        assert_int_equal(opsig_graph_depth(a, v), opsig_graph_depth(b, v));
        assert_int_equal(a->symbol[0][v], b->symbol[0][v]);
        assert_int_equal(a->symbol[1][v], b->symbol[1][v]);
    }
    for (uint32_t e = 0; e < opsig_graph_n_parallel_edges(a); e++) {
        const opsig_edge x = opsig_graph_edge(a, e);
        const opsig_edge y = opsig_graph_edge(b, e);
        assert_memory_equal(&x, &y, sizeof x);
        assert_int_equal(a->pred[e], b->pred[e]);
    }
    for (uint32_t i = 0; i < opsig_graph_n_notes(a); i++) {
        assert_string_equal(opsig_graph_note(a, i), opsig_graph_note(b, i));
    }
    assert_string_equal(opsig_graph_producer(a), opsig_graph_producer(b));
    assert_int_equal(opsig_graph_opset_version(a, 1), opsig_graph_opset_version(b, 1));
}

static void a_copied_block_attaches_to_the_same_graph(void **state)
{
    (void)state;
    opsig_graph *const graph = make();
    size_t size;
    const void *const block = ops_snapshot_block(graph, &size);
    void *const copy = ops_mem_dup(block, size);
    opsig_graph *second;
    assert_int_equal(ops_snapshot_attach(&second, copy, size, NULL), OPSIG_OK);
    assert_same(graph, second);
    /* nothing in the copy refers to the first block */
    opsig_graph *const third = make();
    opsig_graph_free(graph);
    assert_same(third, second);
    opsig_graph_free(second);
    opsig_graph_free(third);
}

static void what_is_no_block_is_refused_and_freed(void **state)
{
    (void)state;
    opsig_graph *const graph = make();
    size_t size;
    const void *const block = ops_snapshot_block(graph, &size);
    opsig_graph *second;
    opsig_error error;
    assert_int_equal(ops_snapshot_attach(&second, ops_mem_dup(block, size - 1), size - 1, &error),
                     OPSIG_INTERNAL);
    assert_null(second);
    assert_int_equal(ops_snapshot_attach(&second, ops_mem_dup("", 1), 1, &error), OPSIG_INTERNAL);
    assert_int_equal(ops_snapshot_attach(&second, ops_mem_zalloc(1, size), size, &error),
                     OPSIG_INTERNAL);
    opsig_graph_free(graph);
}

static void successors_and_predecessors_are_the_edges_from_both_ends(void **state)
{
    (void)state;
    opsig_graph *const g = make();
    assert_int_equal(g->n_vertices, 6);
    assert_int_equal(g->n_parallel_edges, 8);
    assert_int_equal(g->n_edges, 6);
    assert_int_equal(g->succ_begin[0], 0);
    assert_int_equal(g->pred_begin[0], 0);
    assert_int_equal(g->succ_begin[g->n_vertices], g->n_parallel_edges);
    assert_int_equal(g->pred_begin[g->n_vertices], g->n_parallel_edges);
    uint32_t e = 0;
    for (uint32_t v = 0; v < g->n_vertices; v++) {
        for (; e < g->succ_begin[v + 1]; e++) {
            assert_int_equal(opsig_graph_edge(g, e).from, v);
            assert_true(e == g->succ_begin[v] || g->succ[e - 1] <= g->succ[e]);
            uint32_t there = 0;
            const uint32_t to = g->succ[e];
            for (uint32_t p = g->pred_begin[to]; p < g->pred_begin[to + 1]; p++) {
                there += g->pred[p] == v;
                assert_true(p == g->pred_begin[to] || g->pred[p - 1] <= g->pred[p]);
            }
            assert_true(there > 0);
        }
    }
    opsig_graph_free(g);
}

static void symbols_are_numbered_once_each(void **state)
{
    (void)state;
    opsig_graph *const g = make();
    /* Split, If, Gelu, Sum, Cast and those with attributes of Split and Cast */
    assert_int_equal(g->n_symbols, 7);
    assert_int_equal(g->symbol[0][0], OPS_NO_SYMBOL);
    for (uint32_t i = 0; i < g->n_symbols; i++) {
        for (uint32_t j = 0; j < i; j++) {
            assert_string_not_equal(ops_snapshot_symbol_text(g, i), ops_snapshot_symbol_text(g, j));
        }
    }
    opsig_graph_free(g);
}

/* A model whose nodes stand in order, or not, or in a cycle. */
static opsig_model *make_chain(bool in_order, bool cyclic)
{
    opsig_model *const model = maker_new();
    struct onnx_graph *const top = model->graph;
    maker_input(model, top, "x");
    maker_node(model, top, "Cast", "same name", in_order ? "x nowhere" : "b nowhere", "a");
    const size_t place = maker_node(model, top, "If", "same name", cyclic ? "a" : "x", "b");
    struct onnx_graph *const body = maker_graph(model);
    maker_body(model, &top->nodes[place], "then_branch", body);
    maker_node(model, body, "Relu", "", "_", "x");
    maker_output(model, body, "x");
    return model;
}

/* Each allocation of building fails once: no leak, no crash, no other status. */
static void assert_survives(opsig_model *model, opsig_status expected)
{
    opsig_status status = OPSIG_NOMEM;
    uint64_t n = 0;
    while (status == OPSIG_NOMEM) {
        opsig_graph *graph;
        opsig_error error;
        ops_mem_fail_at(++n, 0);
        status = opsig_graph_build(&graph, model, NULL, &error);
        ops_mem_fail_at(0, 0);
        opsig_graph_free(graph);
    }
    assert_int_equal(status, expected);
    assert_true(n > 15);
    maker_free(model);
}

static void memory_that_runs_out_is_an_error_without_leaks(void **state)
{
    (void)state;
    assert_survives(make_chain(true, false), OPSIG_OK);
    assert_survives(make_chain(false, false), OPSIG_OK);
    assert_survives(make_chain(false, true), OPSIG_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copied_block_attaches_to_the_same_graph),
        cmocka_unit_test(what_is_no_block_is_refused_and_freed),
        cmocka_unit_test(successors_and_predecessors_are_the_edges_from_both_ends),
        cmocka_unit_test(symbols_are_numbered_once_each),
        cmocka_unit_test(memory_that_runs_out_is_an_error_without_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
