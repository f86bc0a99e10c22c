/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which paths a model has, one small model each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "hypothesis/paths.h"
#include "support/model_maker.h"

static opsig_model *model;
static struct onnx_graph *top;
static opsig_graph *graph;
static struct ops_paths *paths;
static struct ops_vocabulary vocabulary;
static char text[2048];

static int setup(void **state)
{
    (void)state;
    model = maker_new();
    top = model->graph;
    graph = NULL;
    paths = NULL;
    text[0] = '\0';
    return ops_vocabulary_init(&vocabulary, NULL) != OPSIG_OK;
}

static int teardown(void **state)
{
    (void)state;
    ops_paths_free(paths);
    ops_vocabulary_dispose(&vocabulary);
    opsig_graph_free(graph);
    maker_free(model);
    return 0;
}

static void node(const char *op_type, const char *inputs, const char *outputs)
{
    (void)maker_node(model, top, op_type, "", inputs, outputs);
}

static void find(uint64_t max_distinct)
{
    assert_int_equal(opsig_graph_build(&graph, model, NULL, NULL), OPSIG_OK);
    assert_int_equal(ops_paths_new(&paths, graph, OPSIG_ALPHABET_OP, max_distinct, &vocabulary,
                                   NULL, NULL),
                     OPSIG_OK);
}

static opsig_status write_string(const uint32_t *symbols, size_t n, void *payload,
                                 opsig_error *err)
{
    (void)payload;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "",
                       ops_intern_text(vocabulary.symbols, symbols[i]));
    }
    (void)strncat(text, "\n", sizeof text - strlen(text) - 1);
    return OPSIG_OK;
}

/** Compares paths, and the distinct strings, a line each. */
static void expect(uint64_t n_paths, const char *strings)
{
    find(1000);
    assert_int_equal(ops_paths_walk(paths, write_string, NULL, NULL), OPSIG_OK);
    assert_string_equal(text, strings);
    assert_int_equal(paths->n_paths, n_paths);
    size_t n_lines = 0;
    for (const char *line = strchr(strings, '\n'); line != NULL; line = strchr(line + 1, '\n')) {
        n_lines++;
    }
    assert_int_equal(paths->n_distinct, n_lines);
}

static void a_path_runs_from_an_input_to_an_output(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node("Conv", "x w", "a");
    node("Relu", "a", "y");
    node("Shape", "a", "unused");
    maker_initializer(model, top, "w");
    maker_output(model, top, "y");
    expect(1, "input Conv Relu output\n");
    assert_int_equal(paths->longest, 4);
    assert_int_equal(paths->n_vertices, 2);
}

static void an_input_with_an_initializer_begins_no_path(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    maker_input(model, top, "w");
    maker_initializer(model, top, "w");
    node("Neg", "w", "a");
    node("Add", "x a", "y");
    maker_output(model, top, "y");
    expect(1, "input Add output\n");
}

static void each_input_and_each_output_counts(void **state)
{
    (void)state;
    maker_input(model, top, "a");
    maker_input(model, top, "b");
    node("Split", "a b a", "y z");
    maker_output(model, top, "y");
    maker_output(model, top, "z");
    expect(4, "input Split output\n");
}

static void two_tensors_between_two_nodes_are_one_edge(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node("Split", "x", "a b");
    node("Add", "a b", "y");
    maker_output(model, top, "y");
    expect(1, "input Split Add output\n");
}

static void a_path_may_end_within_another(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node("Relu", "x", "y");
    node("Neg", "y", "z");
    maker_output(model, top, "z");
    maker_output(model, top, "y");
    expect(2, "input Relu output\ninput Relu Neg output\n");
}

static void constants_and_bodies_lie_on_no_path(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node("Constant", "", "c");
    node("Relu", "x", "a");
    node("If", "c", "b");
    struct onnx_graph *const body = maker_graph(model);
    maker_body(model, &top->nodes[2], "then_branch", body);
    (void)maker_node(model, body, "Neg", "", "a", "r");
    maker_output(model, body, "r");
    node("Add", "a b", "y");
    maker_output(model, top, "y");
    expect(1, "input Relu Add output\n");
}

static void a_model_without_inputs_or_outputs_has_none(void **state)
{
    (void)state;
    node("Relu", "w", "y");
    maker_initializer(model, top, "w");
    maker_output(model, top, "y");
    maker_input(model, top, "through");
    maker_output(model, top, "through");
    expect(0, "");
    assert_int_equal(paths->n_vertices, 0);
    assert_int_equal(paths->longest, 0);
}

/** k diamonds in a row, whose two sides have these operators. */
static void diamonds(int k, const char *left, const char *right)
{
    char last[16];
    maker_input(model, top, "v0");
    for (int i = 0; i < k; i++) {
        char in[16];
        char sides[2][16];
        char both[40];
        char out[16];
        (void)snprintf(in, sizeof in, "v%d", i);
        (void)snprintf(sides[0], sizeof sides[0], "l%d", i);
        (void)snprintf(sides[1], sizeof sides[1], "r%d", i);
        (void)snprintf(both, sizeof both, "%s %s", sides[0], sides[1]);
        (void)snprintf(out, sizeof out, "v%d", i + 1);
        node(left, in, sides[0]);
        node(right, in, sides[1]);
        node("Add", both, out);
    }
    (void)snprintf(last, sizeof last, "v%d", k);
    maker_output(model, top, last);
}

static void diamonds_of_equal_sides_are_one_string(void **state)
{
    (void)state;
    diamonds(40, "Relu", "Relu");
    find(1);
    assert_true(paths->n_paths == UINT64_C(1) << 40);
    assert_int_equal(paths->n_distinct, 1);
    assert_int_equal(paths->longest, 82);
}

static void more_paths_than_can_be_counted_are_the_most(void **state)
{
    (void)state;
    diamonds(70, "Relu", "Relu");
    find(10);
    assert_true(paths->n_paths == UINT64_MAX);
    assert_int_equal(paths->n_distinct, 1);
}

static void distinct_strings_are_counted_up_to_a_limit(void **state)
{
    (void)state;
    diamonds(10, "Relu", "Neg");
    find(1024);
    assert_int_equal(paths->n_distinct, 1024);
    ops_paths_free(paths);
    opsig_graph_free(graph);
    find(1023);
    assert_int_equal(paths->n_distinct, 1024);
    ops_paths_free(paths);
    opsig_graph_free(graph);
    find(100);
    assert_int_equal(paths->n_distinct, 101);
}

static void very_many_strings_are_too_many_at_once(void **state)
{
    (void)state;
    diamonds(200, "Relu", "Neg");
    find(1000000);
    assert_int_equal(paths->n_distinct, 1000001);
}

static void nodes_in_any_order_give_the_same_paths(void **state)
{
    (void)state;
    maker_input(model, top, "x");
    node("Relu", "a", "y");
    node("Conv", "x", "a");
    maker_output(model, top, "y");
    expect(1, "input Conv Relu output\n");
}

static void a_set_flag_cancels(void **state)
{
    (void)state;
    const volatile int cancel = 1;
    diamonds(12, "Relu", "Neg");
    assert_int_equal(opsig_graph_build(&graph, model, NULL, NULL), OPSIG_OK);
    assert_int_equal(
        ops_paths_new(&paths, graph, OPSIG_ALPHABET_OP, 10000, &vocabulary, &cancel, NULL),
        OPSIG_CANCELLED);
    assert_null(paths);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_path_runs_from_an_input_to_an_output),
        TEST(an_input_with_an_initializer_begins_no_path),
        TEST(each_input_and_each_output_counts),
        TEST(two_tensors_between_two_nodes_are_one_edge),
        TEST(a_path_may_end_within_another),
        TEST(constants_and_bodies_lie_on_no_path),
        TEST(a_model_without_inputs_or_outputs_has_none),
        TEST(diamonds_of_equal_sides_are_one_string),
        TEST(more_paths_than_can_be_counted_are_the_most),
        TEST(distinct_strings_are_counted_up_to_a_limit),
        TEST(very_many_strings_are_too_many_at_once),
        TEST(nodes_in_any_order_give_the_same_paths),
        TEST(a_set_flag_cancels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
