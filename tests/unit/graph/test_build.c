/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules by which a model becomes a graph, one small model each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <igraph/igraph.h>

#include <opsig/graph.h>

#include "support/model_maker.h"

static opsig_model *model;
static struct onnx_graph *top;
static opsig_graph *graph;
static opsig_error error;

static int setup(void **state)
{
    (void)state;
    model = maker_new();
    top = model->graph;
    graph = NULL;
    memset(&error, 0, sizeof error);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    opsig_graph_free(graph);
    maker_free(model);
    return 0;
}

static size_t node(struct onnx_graph *in, const char *op_type, const char *name, const char *inputs,
                   const char *outputs)
{
    return maker_node(model, in, op_type, name, inputs, outputs);
}

/* The body `attribute` of the node at this place of a graph. */
static struct onnx_graph *body_of(struct onnx_graph *in, size_t place, const char *attribute)
{
    struct onnx_graph *const body = maker_graph(model);
    maker_body(model, &in->nodes[place], attribute, body);
    return body;
}

static void build(void)
{
    const opsig_status status = opsig_graph_build(&graph, model, NULL, &error);
    if (status != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
}

static void refuse(const opsig_limits *limits, opsig_status status, const char *kind)
{
    assert_int_equal(opsig_graph_build(&graph, model, limits, &error), status);
    assert_null(graph);
    assert_int_equal(error.status, status);
    assert_string_equal(error.kind, kind);
}

/* Compares all edges with "from.slot>to.slot" items, in order. */
static void assert_edges(const char *expected)
{
    char text[1024] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < opsig_graph_n_parallel_edges(graph); i++) {
        const opsig_edge e = opsig_graph_edge(graph, i);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%u.%u>%u.%u", i > 0 ? " " : "",
                                 e.from, e.output_slot, e.to, e.input_slot);
        assert_true(used < sizeof text);
    }
    assert_string_equal(text, expected);
}

static void assert_only_note(const char *expected)
{
    assert_int_equal(opsig_graph_n_notes(graph), 1);
    assert_string_equal(opsig_graph_note(graph, 0), expected);
}

static void an_edge_goes_from_the_writer_of_a_tensor_to_its_reader(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node(top, "Split", "/split", "x", "a b");
    node(top, "Relu", "/relu", "b", "c");
    node(top, "Add", "/add", "c a", "y");
    maker_output(model, top, "y");
    build();
    assert_edges("0.1>1.0 0.0>2.1 1.0>2.0");
    assert_int_equal(opsig_graph_n_vertices(graph), 3);
    assert_int_equal(opsig_graph_n_edges(graph), 3);
    assert_int_equal(opsig_graph_n_notes(graph), 0);
    assert_string_equal(opsig_graph_op_type(graph, 1), "Relu");
    assert_string_equal(opsig_graph_node_name(graph, 1), "/relu");
    assert_string_equal(opsig_graph_domain(graph, 1), "");
}

static void an_empty_model_is_an_empty_graph(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    maker_output(model, top, "x");
    build();
    assert_int_equal(opsig_graph_n_vertices(graph), 0);
    assert_int_equal(opsig_graph_n_parallel_edges(graph), 0);
    assert_int_equal(opsig_graph_n_notes(graph), 0);
}

static void a_tensor_read_twice_is_one_edge_and_two_parallel_ones(void **state)
{
    (void)state;
    node(top, "Split", "", "", "a b");
    node(top, "Sum", "", "b a b", "y");
    build();
    assert_edges("0.0>1.1 0.1>1.0 0.1>1.2");
    assert_int_equal(opsig_graph_n_edges(graph), 1);
    assert_int_equal(opsig_graph_n_parallel_edges(graph), 3);
}

static void omitted_inputs_and_outputs_join_nothing(void **state)
{
    (void)state;
    node(top, "A", "", "_", "_ a");
    node(top, "B", "", "_ a", "_");
    node(top, "C", "", "_ _", "_ _");
    build();
    assert_edges("0.1>1.1");
    assert_int_equal(opsig_graph_n_notes(graph), 0);
}

static void vertices_are_numbered_in_file_order_a_node_before_its_bodies(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    node(top, "A", "", "", "a");
    const size_t place = node(top, "If", "", "c", "b");
    struct onnx_graph *const then = body_of(top, place, "then_branch");
    node(then, "B", "", "", "t");
    struct onnx_graph *const els = body_of(top, place, "else_branch");
    const size_t inner = node(els, "Loop", "", "", "u");
    node(body_of(els, inner, "body"), "C", "", "", "w");
    node(els, "D", "", "", "v");
    node(top, "E", "", "", "e");
    build();
    const char *const ops[] = {"A", "If", "B", "Loop", "C", "D", "E"};
    const uint32_t depths[] = {0, 0, 1, 1, 2, 1, 0};
    assert_int_equal(opsig_graph_n_vertices(graph), 7);
    for (uint32_t v = 0; v < 7; v++) {
        assert_string_equal(opsig_graph_op_type(graph, v), ops[v]);
        assert_int_equal(opsig_graph_depth(graph, v), depths[v]);
    }
    assert_int_equal(opsig_graph_n_main_nodes(graph), 3);
    assert_string_equal(opsig_graph_main_op_type(graph, 2), "E");
}

static void a_captured_outer_value_is_read_by_the_inner_node(void **state)
{
    (void)state;
    node(top, "A", "", "", "a");
    const size_t place = node(top, "If", "", "a", "y");
    struct onnx_graph *const then = body_of(top, place, "then_branch");
    const size_t inner = node(then, "If", "", "a", "t");
    node(body_of(then, inner, "then_branch"), "B", "", "_ a", "b");
    build();
    assert_edges("0.0>1.0 0.0>2.0 0.0>3.1");
}

static void results_of_bodies_are_inputs_of_the_node_that_holds_them(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    const size_t place = node(top, "If", "", "c", "x y");
    struct onnx_graph *const then = body_of(top, place, "then_branch");
    node(then, "A", "", "", "p q");
    maker_output(model, then, "q");
    maker_output(model, then, "p");
    struct onnx_graph *const els = body_of(top, place, "else_branch");
    node(els, "B", "", "", "p q");
    maker_output(model, els, "p");
    maker_output(model, els, "q");
    build();
    /* one input of its own, two results of the first body, two of the second */
    assert_edges("1.0>0.2 1.1>0.1 2.0>0.3 2.1>0.4");
    assert_int_equal(opsig_graph_n_notes(graph), 0);
}

static void a_result_that_names_an_outer_value_comes_from_its_producer(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    node(top, "A", "", "c", "a");
    const size_t place = node(top, "If", "", "c", "x");
    struct onnx_graph *const then = body_of(top, place, "then_branch");
    maker_output(model, then, "a");
    struct onnx_graph *const els = body_of(top, place, "else_branch");
    maker_output(model, els, "c");
    build();
    assert_edges("0.0>1.1");
}

static void a_formal_input_of_a_body_hides_the_outer_value(void **state)
{
    (void)state;
    node(top, "A", "", "", "a");
    const size_t place = node(top, "Loop", "", "a", "x");
    struct onnx_graph *const body = body_of(top, place, "body");
    maker_input(model, body, "a");
    node(body, "B", "", "a", "b");
    maker_output(model, body, "a");
    node(top, "C", "", "a", "c");
    build();
    assert_edges("0.0>1.0 0.0>3.0");
    assert_only_note("1 name in a body hides an outer one: a");
}

static void a_name_hidden_in_a_body_is_itself_again_behind_it(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    node(top, "A", "", "", "a");
    const size_t place = node(top, "If", "", "c", "x");
    struct onnx_graph *const then = body_of(top, place, "then_branch");
    node(then, "B", "", "a", "b");
    node(then, "A2", "", "", "a");
    struct onnx_graph *const els = body_of(top, place, "else_branch");
    node(els, "C", "", "a", "b");
    node(top, "D", "", "a", "d");
    build();
    /* B stands before A2, which hides A from it */
    assert_edges("0.0>4.0 0.0>5.0 3.0>2.0");
    assert_int_equal(opsig_graph_n_notes(graph), 2);
    assert_string_equal(opsig_graph_note(graph, 0),
                        "1 tensor is read by a node that stands before its producer: a of "
                        "B#2(b)");
    assert_string_equal(opsig_graph_note(graph, 1), "1 name in a body hides an outer one: a");
}

static void nodes_in_any_order_load_with_a_note(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    node(top, "C", "last", "b a", "y");
    const size_t place = node(top, "If", "", "c", "b");
    maker_output(model, body_of(top, place, "then_branch"), "a");
    node(body_of(top, place, "else_branch"), "D", "", "a", "d");
    node(top, "A", "", "", "a");
    build();
    assert_edges("1.0>0.0 3.0>0.1 3.0>1.1 3.0>2.0");
    assert_only_note("4 tensors are read by nodes that stand before their producers, first: b of "
                     "last");
}

static void siblings_may_share_names(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    const size_t place = node(top, "If", "", "c", "x");
    for (int i = 0; i < 2; i++) {
        struct onnx_graph *const branch =
            body_of(top, place, i == 0 ? "then_branch" : "else_branch");
        node(branch, "A", "", "", "a");
        node(branch, "B", "", "a", "b");
    }
    build();
    assert_edges("1.0>2.0 3.0>4.0");
    assert_int_equal(opsig_graph_n_notes(graph), 0);
}

static void undefined_inputs_and_outputs_load_with_a_note(void **state)
{
    (void)state;
    node(top, "Add", "/Add", "x y", "z");
    node(top, "Relu", "", "w", "v");
    maker_output(model, top, "nowhere");
    build();
    assert_edges("");
    assert_int_equal(opsig_graph_n_notes(graph), 2);
    assert_string_equal(opsig_graph_note(graph, 0),
                        "3 inputs are defined nowhere, first: x of /Add");
    assert_string_equal(opsig_graph_note(graph, 1), "1 graph output is computed nowhere: nowhere");
}

static void a_value_of_one_body_is_unknown_in_its_sibling(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    const size_t place = node(top, "If", "", "c", "x");
    node(body_of(top, place, "then_branch"), "A", "", "", "a");
    node(body_of(top, place, "else_branch"), "B", "", "a", "b");
    node(top, "C", "", "a", "d");
    build();
    assert_edges("");
    assert_only_note("2 inputs are defined nowhere, first: a of B#2(b)");
}

static void two_writers_of_one_tensor_are_refused(void **state)
{
    (void)state;
    node(top, "A", "/a", "", "t");
    node(top, "B", "/b", "", "s t");
    refuse(NULL, OPSIG_FORMAT, "duplicate-output");
    assert_string_equal(error.message, "node /b writes tensor t, which is an output of /a too");
    assert_int_equal(error.offset, 1);
}

static void a_node_that_writes_a_tensor_twice_is_refused(void **state)
{
    (void)state;
    node(top, "A", "", "", "t t");
    refuse(NULL, OPSIG_FORMAT, "duplicate-output");
    assert_string_equal(error.message,
                        "node A#0(t) writes tensor t, which is another output of it too");
}

static void a_writer_of_a_graph_input_is_refused(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node(top, "A", "", "", "x");
    refuse(NULL, OPSIG_FORMAT, "duplicate-output");
    assert_string_equal(error.message,
                        "node A#0(x) writes tensor x, which is an input of its graph too");
}

static void a_written_initializer_loads_with_a_note_and_the_node_counts(void **state)
{
    (void)state;
    maker_initializer(model, top, "w");
    node(top, "A", "", "", "w");
    node(top, "B", "", "w", "b");
    build();
    assert_edges("0.0>1.0");
    assert_only_note("1 initializer is written by a node: w");
}

static void an_input_may_have_a_default_and_names_may_repeat(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    maker_input(model, top, "x");
    maker_initializer(model, top, "x");
    maker_initializer(model, top, "w");
    maker_initializer(model, top, "w");
    node(top, "A", "", "x w", "a");
    build();
    assert_edges("");
    assert_int_equal(opsig_graph_n_notes(graph), 0);
}

static void twin_constants_load_with_a_note_and_the_first_counts(void **state)
{
    (void)state;
    node(top, "Constant", "", "", "t");
    node(top, "Constant", "", "", "t");
    node(top, "A", "", "t", "a");
    build();
    assert_edges("0.0>2.0");
    assert_only_note("1 Constant writes a tensor that another Constant writes: t");
}

static void a_constant_and_another_operator_may_not_share_a_tensor(void **state)
{
    (void)state;
    node(top, "Constant", "", "", "t");
    node(top, "A", "", "", "t");
    refuse(NULL, OPSIG_FORMAT, "duplicate-output");
}

static void cycles_are_refused_naming_a_node_and_a_tensor(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node(top, "A", "/before", "x", "a");
    node(top, "B", "/b", "a d", "b");
    node(top, "C", "/c", "b", "c");
    node(top, "D", "/d", "c", "d");
    node(top, "E", "/behind", "d", "e");
    refuse(NULL, OPSIG_FORMAT, "cycle");
    const char *const on_it[] = {
        "the graph has a cycle through node /b and tensor d",
        "the graph has a cycle through node /c and tensor b",
        "the graph has a cycle through node /d and tensor c",
    };
    assert_true(strcmp(error.message, on_it[0]) == 0 || strcmp(error.message, on_it[1]) == 0 ||
                strcmp(error.message, on_it[2]) == 0);
}

static void a_node_that_reads_its_own_output_is_a_cycle(void **state)
{
    (void)state;
    node(top, "A", "", "a", "a");
    refuse(NULL, OPSIG_FORMAT, "cycle");
    assert_string_equal(error.message, "the graph has a cycle through node A#0(a) and tensor a");
}

static void a_cycle_through_a_captured_value_is_one(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    const size_t place = node(top, "If", "", "c", "y");
    struct onnx_graph *const then = body_of(top, place, "then_branch");
    node(then, "A", "", "z", "a");
    maker_output(model, then, "a");
    node(top, "B", "", "y", "z");
    refuse(NULL, OPSIG_FORMAT, "cycle");
}

static void a_cycle_inside_a_body_is_one(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    const size_t place = node(top, "If", "", "c", "y");
    struct onnx_graph *const then = body_of(top, place, "then_branch");
    node(then, "A", "", "b", "a");
    node(then, "B", "", "a", "b");
    refuse(NULL, OPSIG_FORMAT, "cycle");
}

static void a_node_without_operator_is_refused(void **state)
{
    (void)state;
    node(top, "", "/x", "", "a");
    refuse(NULL, OPSIG_FORMAT, "missing-op-type");
}

static void labels_are_names_or_operator_position_and_output(void **state)
{
    (void)state;
    node(top, "A", "named", "", "a");
    node(top, "B", "", "", "_ b c");
    node(top, "C", "", "", "_");
    build();
    assert_string_equal(opsig_graph_node_label(graph, 0), "named");
    assert_string_equal(opsig_graph_node_label(graph, 1), "B#1(b)");
    assert_string_equal(opsig_graph_node_name(graph, 1), "");
    assert_string_equal(opsig_graph_node_label(graph, 2), "C#2");
}

static void an_expanded_node_is_named_with_the_calls_around_it(void **state)
{
    (void)state;
    node(top, "A", "inner", "", "a");
    node(top, "B", "", "", "b");
    top->nodes[0].scope = "call/";
    top->nodes[1].scope = "call/";
    build();
    assert_string_equal(opsig_graph_node_name(graph, 0), "call/inner");
    assert_string_equal(opsig_graph_node_label(graph, 0), "call/inner");
    assert_string_equal(opsig_graph_node_name(graph, 1), "");
    assert_string_equal(opsig_graph_node_label(graph, 1), "call/B#1(b)");
}

static void repeated_node_names_load_with_a_note(void **state)
{
    (void)state;
    maker_input(model, top, "c");
    node(top, "A", "n", "", "a");
    const size_t place = node(top, "If", "m", "c", "b");
    node(body_of(top, place, "then_branch"), "B", "n", "", "t");
    node(top, "C", "", "", "d");
    node(top, "D", "", "", "e");
    build();
    assert_only_note("1 node has the name of an earlier one: n");
}

static void opsets_are_ordered_and_the_last_of_a_domain_counts(void **state)
{
    (void)state;
    maker_opset(model, "z", 3);
    maker_opset(model, "ai.onnx", 9);
    maker_opset(model, "b", -5);
    build();
    assert_int_equal(opsig_graph_n_opsets(graph), 3);
    assert_string_equal(opsig_graph_opset_domain(graph, 0), "");
    assert_int_equal(opsig_graph_opset_version(graph, 0), 9);
    assert_string_equal(opsig_graph_opset_domain(graph, 1), "b");
    assert_int_equal(opsig_graph_opset_version(graph, 1), -5);
    assert_string_equal(opsig_graph_opset_domain(graph, 2), "z");
}

static void notes_of_the_model_come_first(void **state)
{
    (void)state;
    maker_note(model, "from the loader");
    node(top, "A", "", "x", "a");
    build();
    assert_int_equal(opsig_graph_n_notes(graph), 2);
    assert_string_equal(opsig_graph_note(graph, 0), "from the loader");
}

static void notes_are_one_line_whatever_the_names(void **state)
{
    (void)state;
    char name[400];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    memcpy(name, "\n\x1b[31m\xff", 7);
    node(top, "A", name, "x", "a");
    build();
    const char *const note = opsig_graph_note(graph, 0);
    assert_true(strlen(note) < 240);
    assert_null(strpbrk(note, "\n\x1b\xff"));
    assert_non_null(strstr(note, "x of \\x0a\\x1b[31m\\xff"));
    assert_string_equal(opsig_graph_node_name(graph, 0), name);
}

static void facts_of_the_file_are_kept(void **state)
{
    (void)state;
    model->producer_version = "1.2";
    build();
    assert_string_equal(opsig_graph_producer(graph), "maker 1.2");
    assert_int_equal(opsig_graph_ir_version(graph), 8);
    assert_int_equal(opsig_graph_n_functions(graph), 0);
}

static void limits_are_errors_that_name_them(void **state)
{
    (void)state;
    opsig_limits limits;
    node(top, "A", "", "", "a");
    node(top, "B", "", "a a a", "b");
    opsig_limits_init(&limits);
    limits.max_nodes = 1;
    refuse(&limits, OPSIG_LIMIT, "limit");
    assert_non_null(strstr(error.message, "--max-nodes"));
    opsig_limits_init(&limits);
    limits.max_edges = 2;
    refuse(&limits, OPSIG_LIMIT, "limit");
    assert_non_null(strstr(error.message, "--max-model-edges"));
    opsig_limits_init(&limits);
    limits.max_memory = 100;
    refuse(&limits, OPSIG_LIMIT, "limit");
    assert_non_null(strstr(error.message, "--max-model-memory"));
}

static void a_set_flag_cancels(void **state)
{
    (void)state;
    const volatile int flag = 1;
    opsig_limits limits;
    opsig_limits_init(&limits);
    limits.cancel = &flag;
    node(top, "A", "", "", "a");
    refuse(&limits, OPSIG_CANCELLED, "cancelled");
}

/* Far past any nesting that the loader lets through: nothing may recurse. */
static void deep_nests_take_no_stack(void **state)
{
    (void)state;
    enum { DEPTH = 20000 };
    struct onnx_graph *inner = top;
    maker_input(model, top, "c");
    for (int i = 0; i < DEPTH; i++) {
        const size_t place = node(inner, "If", "", "c", "x");
        inner = body_of(inner, place, "then_branch");
    }
    build();
    assert_int_equal(opsig_graph_n_vertices(graph), DEPTH);
    assert_int_equal(opsig_graph_depth(graph, DEPTH - 1), DEPTH - 1);
}

static void other_handler(const char *reason, const char *file, int line, igraph_error_t code)
{
    (void)reason;
    (void)file;
    (void)line;
    (void)code;
}

static void other_warning(const char *reason, const char *file, int line)
{
    (void)reason;
    (void)file;
    (void)line;
}

static void the_handlers_of_a_host_program_stay_set(void **state)
{
    (void)state;
    igraph_error_handler_t *const error_handler = igraph_set_error_handler(other_handler);
    igraph_warning_handler_t *const warning_handler = igraph_set_warning_handler(other_warning);
    node(top, "A", "", "a", "a");
    refuse(NULL, OPSIG_FORMAT, "cycle");
    assert_ptr_equal(igraph_set_error_handler(error_handler), other_handler);
    assert_ptr_equal(igraph_set_warning_handler(warning_handler), other_warning);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_edge_goes_from_the_writer_of_a_tensor_to_its_reader),
        CASE(an_empty_model_is_an_empty_graph),
        CASE(a_tensor_read_twice_is_one_edge_and_two_parallel_ones),
        CASE(omitted_inputs_and_outputs_join_nothing),
        CASE(vertices_are_numbered_in_file_order_a_node_before_its_bodies),
        CASE(a_captured_outer_value_is_read_by_the_inner_node),
        CASE(results_of_bodies_are_inputs_of_the_node_that_holds_them),
        CASE(a_result_that_names_an_outer_value_comes_from_its_producer),
        CASE(a_formal_input_of_a_body_hides_the_outer_value),
        CASE(a_name_hidden_in_a_body_is_itself_again_behind_it),
        CASE(nodes_in_any_order_load_with_a_note),
        CASE(siblings_may_share_names),
        CASE(undefined_inputs_and_outputs_load_with_a_note),
        CASE(a_value_of_one_body_is_unknown_in_its_sibling),
        CASE(two_writers_of_one_tensor_are_refused),
        CASE(a_node_that_writes_a_tensor_twice_is_refused),
        CASE(a_writer_of_a_graph_input_is_refused),
        CASE(a_written_initializer_loads_with_a_note_and_the_node_counts),
        CASE(an_input_may_have_a_default_and_names_may_repeat),
        CASE(twin_constants_load_with_a_note_and_the_first_counts),
        CASE(a_constant_and_another_operator_may_not_share_a_tensor),
        CASE(cycles_are_refused_naming_a_node_and_a_tensor),
        CASE(a_node_that_reads_its_own_output_is_a_cycle),
        CASE(a_cycle_through_a_captured_value_is_one),
        CASE(a_cycle_inside_a_body_is_one),
        CASE(a_node_without_operator_is_refused),
        CASE(labels_are_names_or_operator_position_and_output),
        CASE(an_expanded_node_is_named_with_the_calls_around_it),
        CASE(repeated_node_names_load_with_a_note),
        CASE(opsets_are_ordered_and_the_last_of_a_domain_counts),
        CASE(notes_of_the_model_come_first),
        CASE(notes_are_one_line_whatever_the_names),
        CASE(facts_of_the_file_are_kept),
        CASE(limits_are_errors_that_name_them),
        CASE(a_set_flag_cancels),
        CASE(deep_nests_take_no_stack),
        CASE(the_handlers_of_a_host_program_stay_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
