/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions put in place of their calls. Expansions are compared as text: a node is
 * "scope|Op(inputs)->outputs", a value its name, or "#n" where it is fresh, n counted in the order
 * in which fresh values appear in the text. Nested graphs stand in braces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "onnx/expand.h"
#include "support/onnx_write.h"

/** An expansion written down. */
struct printed {
    const opsig_model *model;
    struct ops_buffer text;
    uint32_t fresh[64];
    size_t n_fresh;
    uint32_t n_values;
};

static void print_value(struct printed *out, uint32_t value)
{
    size_t i = 0;
    assert_in_range(value, 0, out->n_values - 1);
    if (value < ops_intern_count(out->model->values)) {
        ops_buffer_puts(&out->text, ops_intern_text(out->model->values, value));
        return;
    }
    for (; i < out->n_fresh && out->fresh[i] != value; i++) {
    }
    if (i == out->n_fresh) {
        out->fresh[out->n_fresh++] = value;
    }
    ops_buffer_printf(&out->text, "#%zu", i);
}

static void print_values(struct printed *out, const uint32_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ops_buffer_puts(&out->text, i > 0 ? "," : "");
        print_value(out, values[i]);
    }
}

static void print_graph(struct printed *out, const struct onnx_graph *graph);

static void print_attribute(struct printed *out, const struct onnx_attribute *attribute)
{
    ops_buffer_printf(&out->text, " %s", attribute->name);
    if (attribute->n_graphs == 0) {
        ops_buffer_printf(&out->text, "=%lld", (long long)attribute->i);
    }
    for (size_t g = 0; g < attribute->n_graphs; g++) {
        ops_buffer_puts(&out->text, "{");
        print_graph(out, attribute->graphs[g]);
        ops_buffer_puts(&out->text, "}");
    }
}

static void print_graph(struct printed *out, const struct onnx_graph *graph)
{
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct onnx_node *const node = &graph->nodes[i];
        ops_buffer_printf(&out->text, "%s%s|%s(", i > 0 ? "; " : "", node->scope, node->op_type);
        print_values(out, node->inputs, node->n_inputs);
        ops_buffer_puts(&out->text, ")->");
        print_values(out, node->outputs, node->n_outputs);
        for (uint32_t a = 0; a < node->n_attributes; a++) {
            print_attribute(out, &node->attributes[a]);
        }
    }
    for (size_t i = 0; i < graph->n_outputs; i++) {
        ops_buffer_puts(&out->text, " => ");
        print_value(out, graph->outputs[i].name);
    }
}

/** Loads a model and expands it; empties `bytes`. The text is in out->text where it succeeds. */
static opsig_status expand(struct printed *out, struct ow *bytes, const opsig_limits *limits,
                           opsig_error *err)
{
    opsig_limits defaults;
    opsig_model *model = NULL;
    const struct onnx_graph *graph = NULL;
    struct ops_arena arena;
    opsig_limits_init(&defaults);
    limits = limits != NULL ? limits : &defaults;
    assert_int_equal(opsig_model_load_memory(&model, bytes->bytes, bytes->len, limits, err),
                     OPSIG_OK);
    ow_free(bytes);
    ops_arena_init(&arena, limits->max_memory);
    *out = (struct printed){.model = model};
    ops_buffer_init(&out->text, 1 << 20);
    const opsig_status status =
        ops_expand_functions(&graph, &out->n_values, &arena, model, limits, err);
    if (status == OPSIG_OK) {
        print_graph(out, graph);
    } else {
        assert_null(graph);
    }
    ops_arena_dispose(&arena);
    opsig_model_free(model);
    return status;
}

static void expect(struct ow *bytes, const char *text)
{
    struct printed printed;
    opsig_error err = {0};
    if (expand(&printed, bytes, NULL, &err) != OPSIG_OK) {
        fail_msg("%s: %s", err.kind, err.message);
    }
    assert_string_equal(ops_buffer_text(&printed.text), text);
    ops_buffer_dispose(&printed.text);
}

static opsig_error expect_refusal(struct ow *bytes, opsig_status status, const char *kind)
{
    struct printed printed;
    opsig_error err = {0};
    assert_int_equal(expand(&printed, bytes, NULL, &err), status);
    assert_string_equal(err.kind, kind);
    ops_buffer_dispose(&printed.text);
    return err;
}

/** A function of domain "f" without defaults. */
static void define(struct ow *model, const char *name, const char *inputs, const char *outputs,
                   const char *nodes)
{
    struct ow body = {0};
    ow_nodes(&body, nodes);
    ow_function(model, "f", name, inputs, outputs, NULL, &body);
}

static void finish(struct ow *model, const char *nodes)
{
    struct ow graph = {0};
    ow_nodes(&graph, nodes);
    ow_model(model, &graph, 17);
}

static void a_model_without_calls_is_left_as_it_is(void **state)
{
    (void)state;
    struct ow model = {0};
    define(&model, "F", "a", "b", "b = Relu(a)");
    define(&model, "Loop", "a", "b", "b = f::Loop(a)");
    finish(&model, "y = Relu(x); z = F(y)");
    expect(&model, "|Relu(x)->y; |F(y)->z");
}

static void each_call_has_values_of_its_own(void **state)
{
    (void)state;
    struct ow model = {0};
    define(&model, "F", "a", "b", "t = Neg(a); b = Relu(t)");
    finish(&model, "t = f::F(x); y = f::F(t)");
    expect(&model, "F/|Neg(x)->#0; F/|Relu(#0)->t; F/|Neg(t)->#1; F/|Relu(#1)->y");
}

static void calls_are_expanded_in_their_place_and_in_depth(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow graph = {0};
    struct ow more = {0};
    define(&model, "Outer", "a", "b", "t = Neg(a); u = f::Inner(t,a); b = Abs(u)");
    define(&model, "Inner", "a,b", "c", "c = Add(a,b)");
    ow_nodes(&graph, "p = Relu(x)");
    ow_node_name(&more, "call");
    ow_node_domain(&more, "f");
    ow_node(&graph, "Outer", "p", "q", &more);
    ow_nodes(&graph, "y = Exp(q)");
    ow_model(&model, &graph, 17);
    expect(&model, "|Relu(x)->p; call/|Neg(p)->#0; call/Inner/|Add(#0,p)->#1; "
                   "call/|Abs(#1)->q; |Exp(q)->y");
}

static void what_a_call_omits_stays_omitted(void **state)
{
    (void)state;
    struct ow model = {0};
    define(&model, "F", "a,b,c", "d,e", "d = Op(a,b,c); e = Relu(d)");
    finish(&model, "y = f::F(x,,z); ,w = f::F(x)");
    expect(&model, "F/|Op(x,,z)->y; F/|Relu(y)->#0; F/|Op(x,,)->#1; F/|Relu(#1)->w");
}

static void parameters_come_from_the_call_or_from_defaults(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow graph = {0};
    struct ow body = {0};
    struct ow more = {0};
    struct ow defaults = {0};
    ow_attr_int(&defaults, "alpha", 1);
    ow_attr_int(&defaults, "beta", 2);
    ow_attr_ref(&more, "i", "alpha", 2);
    ow_attr_ref(&more, "j", "beta", 2);
    ow_attr_ref(&more, "k", "gamma", 2); /* never given: left out */
    ow_attr_int(&more, "l", 9);
    ow_node(&body, "Op", "a", "b", &more);
    ow_function(&model, "f", "Inner", "a", "b", &defaults, &body);
    ow_node_domain(&more, "f");
    ow_attr_ref(&more, "beta", "outer_beta", 2);
    ow_node(&body, "Inner", "a", "b", &more);
    ow_function(&model, "f", "Outer", "a", "b", NULL, &body);
    ow_node_domain(&more, "f");
    ow_attr_int(&more, "outer_beta", 5);
    ow_attr_int(&more, "alpha", 7); /* not handed on */
    ow_node(&graph, "Outer", "x", "y", &more);
    ow_nodes(&graph, "z = f::Outer(x)");
    ow_model(&model, &graph, 17);
    expect(&model, "Outer/Inner/|Op(x)->y i=1 j=5 l=9; Outer/Inner/|Op(x)->z i=1 j=2 l=9");
}

static void nested_graphs_keep_their_scopes(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow graph = {0};
    struct ow body = {0};
    struct ow branch = {0};
    struct ow more = {0};
    ow_nodes(&body, "t = Neg(a)");
    ow_nodes(&branch, "u = Add(t,a); v = f::Inner(u)");
    ow_graph_output(&branch, "v", 1, NULL);
    ow_attr_graph(&more, "then_branch", &branch);
    ow_node(&body, "If", "t", "b", &more);
    ow_function(&model, "f", "Outer", "a", "b", NULL, &body);
    define(&model, "Inner", "a", "b", "b = Abs(a)");
    ow_nodes(&branch, "t = f::Inner(x)");
    ow_graph_output(&branch, "t", 1, NULL);
    ow_attr_graph(&more, "else_branch", &branch);
    ow_node(&graph, "If", "c", "o", &more);
    ow_nodes(&graph, "y = f::Outer(o)");
    ow_model(&model, &graph, 17);
    expect(&model, "|If(c)->o else_branch{Inner/|Abs(x)->t => t}; Outer/|Neg(o)->#0; "
                   "Outer/|If(#0)->y then_branch{Outer/|Add(#0,o)->#1; "
                   "Outer/Inner/|Abs(#1)->#2 => #2}");
}

static void a_graph_as_parameter_keeps_the_names_of_its_place(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow graph = {0};
    struct ow body = {0};
    struct ow branch = {0};
    struct ow more = {0};
    ow_nodes(&body, "t = Neg(a)");
    ow_attr_ref(&more, "then_branch", "branch", 5);
    ow_node(&body, "If", "t", "b", &more);
    ow_function(&model, "f", "F", "a", "b", NULL, &body);
    ow_nodes(&branch, "u = Relu(t)");
    ow_graph_output(&branch, "u", 1, NULL);
    ow_attr_graph(&more, "branch", &branch);
    ow_node_domain(&more, "f");
    ow_node(&graph, "F", "t", "y", &more);
    ow_model(&model, &graph, 17);
    expect(&model, "F/|Neg(t)->#0; F/|If(#0)->y then_branch{|Relu(t)->u => u}");
}

static void a_function_goes_before_a_standard_operator(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow body = {0};
    ow_nodes(&body, "t = Abs(a); b = Neg(t)");
    ow_function(&model, "ai.onnx", "Relu", "a", "b", NULL, &body);
    finish(&model, "y = Relu(x); z = other::Relu(y)");
    expect(&model, "Relu/|Abs(x)->#0; Relu/|Neg(#0)->y; |Relu(y)->z");
}

static void overloads_are_different_functions(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow graph = {0};
    struct ow function = {0};
    struct ow node = {0};
    struct ow more = {0};
    define(&model, "F", "a", "b", "b = Abs(a)");
    ow_text(&function, 1, "F");
    ow_text(&function, 4, "a");
    ow_text(&function, 5, "b");
    ow_text(&function, 10, "f");
    ow_text(&function, 13, "v2");
    ow_text(&node, 1, "a");
    ow_text(&node, 2, "b");
    ow_text(&node, 4, "Neg");
    ow_message(&function, 7, &node);
    ow_message(&model, 25, &function);
    ow_node_domain(&more, "f");
    ow_text(&more, 8, "v2");
    ow_node(&graph, "F", "x", "y", &more);
    ow_nodes(&graph, "z = f::F(y)");
    ow_model(&model, &graph, 17);
    expect(&model, "F/|Neg(x)->y; F/|Abs(y)->z");
}

static void calls_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct ow model = {0};
    define(&model, "F", "a", "b", "b = Abs(a)");
    finish(&model, "y = f::F(x,z)");
    opsig_error err = expect_refusal(&model, OPSIG_FORMAT, "malformed");
    assert_non_null(strstr(err.message, "function F has 2 inputs"));
    assert_true(err.offset > 0);
    define(&model, "F", "a", "b", "b = Abs(a)");
    finish(&model, "y,w = f::F(x)");
    (void)expect_refusal(&model, OPSIG_FORMAT, "malformed");
    define(&model, "F", "a", "b", "b = Abs(a)");
    finish(&model, "y = f::F(x,,)");
    expect(&model, "F/|Abs(x)->y"); /* what is omitted at the end does not count */
    define(&model, "F", "a", "b", "b = Abs(a)");
    define(&model, "F", "a", "b", "b = Neg(a)");
    finish(&model, "y = f::F(x)");
    err = expect_refusal(&model, OPSIG_FORMAT, "malformed");
    assert_non_null(strstr(err.message, "has twice"));
}

static void functions_that_call_themselves_are_refused(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow body = {0};
    struct ow branch = {0};
    struct ow more = {0};
    define(&model, "F", "a", "b", "b = f::F(a)");
    finish(&model, "y = f::F(x)");
    (void)expect_refusal(&model, OPSIG_FORMAT, "recursive-function");
    define(&model, "F", "a", "b", "b = f::G(a)");
    define(&model, "G", "a", "b", "b = f::H(a)");
    define(&model, "H", "a", "b", "b = f::G(a)");
    finish(&model, "y = f::F(x)");
    const opsig_error err = expect_refusal(&model, OPSIG_FORMAT, "recursive-function");
    assert_string_equal(err.message, "function G calls itself");
    ow_nodes(&branch, "u = f::F(a)");
    ow_attr_graph(&more, "then_branch", &branch);
    ow_node(&body, "If", "a", "b", &more);
    ow_function(&model, "f", "F", "a", "b", NULL, &body);
    finish(&model, "y = f::F(x)");
    (void)expect_refusal(&model, OPSIG_FORMAT, "recursive-function");
}

/** Functions F0 ... F<n - 1>, each of which calls the next `calls` times. */
static void define_tower(struct ow *model, unsigned n, unsigned calls)
{
    for (unsigned i = 0; i < n; i++) {
        char name[16];
        char call[64];
        struct ow body = {0};
        (void)snprintf(name, sizeof name, "F%u", i);
        (void)snprintf(call, sizeof call, i + 1 < n ? "b = f::F%u(a)" : "b = Abs(a)", i + 1);
        for (unsigned c = 0; c < calls; c++) {
            ow_nodes(&body, call);
        }
        ow_function(model, "f", name, "a", "b", NULL, &body);
    }
}

static void explosions_are_counted_and_not_copied(void **state)
{
    (void)state;
    struct ow model = {0};
    const clock_t before = clock();
    define_tower(&model, 40, 2);
    finish(&model, "y = f::F0(x)");
    opsig_error err = expect_refusal(&model, OPSIG_LIMIT, "limit");
    assert_non_null(strstr(err.message, "1099511627776 nodes"));
    define_tower(&model, 100, 9);
    finish(&model, "y = f::F0(x)");
    err = expect_refusal(&model, OPSIG_LIMIT, "limit");
    assert_non_null(strstr(err.message, "or more nodes"));
    assert_in_range(clock() - before, 0, 2 * CLOCKS_PER_SEC);
}

static void long_chains_of_calls_do_not_recurse(void **state)
{
    (void)state;
    struct ow model = {0};
    struct printed printed;
    opsig_error err = {0};
    define_tower(&model, 3000, 1);
    finish(&model, "y = f::F0(x)");
    assert_int_equal(expand(&printed, &model, NULL, &err), OPSIG_OK);
    const char *const text = ops_buffer_text(&printed.text);
    assert_int_equal(strncmp(text, "F0/F1/F2/", 9), 0);
    assert_non_null(strstr(text, "/F2999/|Abs(x)->y"));
    ops_buffer_dispose(&printed.text);
}

static void nesting_made_by_calls_is_limited(void **state)
{
    (void)state;
    struct ow model = {0};
    for (unsigned i = 0; i < 200; i++) {
        char name[16];
        char call[64];
        struct ow body = {0};
        struct ow branch = {0};
        struct ow more = {0};
        (void)snprintf(name, sizeof name, "F%u", i);
        (void)snprintf(call, sizeof call, i < 199 ? "c = f::F%u(a)" : "c = Abs(a)", i + 1);
        ow_nodes(&branch, call);
        ow_attr_graph(&more, "then_branch", &branch);
        ow_node(&body, "If", "a", "b", &more);
        ow_function(&model, "f", name, "a", "b", NULL, &body);
    }
    finish(&model, "y = f::F0(x)");
    const opsig_error err = expect_refusal(&model, OPSIG_LIMIT, "limit");
    assert_non_null(strstr(err.message, "--max-depth"));
}

/** A graph that each function of a tower hands on twice: 2^n copies in the end. */
static void graphs_handed_on_cannot_pass_the_limit(void **state)
{
    (void)state;
    struct ow model = {0};
    struct ow graph = {0};
    struct ow branch = {0};
    struct ow body = {0};
    struct ow more = {0};
    for (unsigned i = 0; i < 30; i++) {
        char name[16];
        char next[16];
        (void)snprintf(name, sizeof name, "F%u", i);
        (void)snprintf(next, sizeof next, "F%u", i + 1);
        ow_attr_ref(&more, "then_branch", "g", 5);
        ow_attr_ref(&more, "else_branch", "g", 5);
        ow_node(&branch, "If", "a", "b", &more);
        ow_node_domain(&more, "f");
        ow_attr_graph(&more, "g", &branch);
        ow_node(&body, next, "a", "b", &more);
        ow_function(&model, "f", name, "a", "b", NULL, &body);
    }
    ow_attr_ref(&more, "then_branch", "g", 5);
    ow_node(&body, "If", "a", "b", &more);
    ow_function(&model, "f", "F30", "a", "b", NULL, &body);
    ow_nodes(&branch, "u = Abs(x)");
    ow_attr_graph(&more, "g", &branch);
    ow_node_domain(&more, "f");
    ow_node(&graph, "F0", "x", "y", &more);
    ow_model(&model, &graph, 17);
    opsig_limits limits;
    opsig_limits_init(&limits);
    limits.max_nodes = 10000;
    struct printed printed;
    opsig_error err = {0};
    assert_int_equal(expand(&printed, &model, &limits, &err), OPSIG_LIMIT);
    ops_buffer_dispose(&printed.text);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct ow bytes = {0};
    opsig_model *model = NULL;
    opsig_error err = {0};
    opsig_limits limits;
    opsig_limits_init(&limits);
    define_tower(&bytes, 5, 2);
    finish(&bytes, "y = f::F0(x)");
    assert_int_equal(opsig_model_load_memory(&model, bytes.bytes, bytes.len, NULL, &err),
                     OPSIG_OK);
    ow_free(&bytes);
    opsig_status status = OPSIG_NOMEM;
    for (uint64_t n = 1; status != OPSIG_OK; n++) {
        const struct onnx_graph *graph = NULL;
        uint32_t n_values;
        struct ops_arena arena;
        ops_arena_init(&arena, limits.max_memory);
        ops_mem_fail_at(n, n % 2 == 0);
        status = ops_expand_functions(&graph, &n_values, &arena, model, &limits, &err);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
        ops_arena_dispose(&arena);
    }
    opsig_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_without_calls_is_left_as_it_is),
        cmocka_unit_test(each_call_has_values_of_its_own),
        cmocka_unit_test(calls_are_expanded_in_their_place_and_in_depth),
        cmocka_unit_test(what_a_call_omits_stays_omitted),
        cmocka_unit_test(parameters_come_from_the_call_or_from_defaults),
        cmocka_unit_test(nested_graphs_keep_their_scopes),
        cmocka_unit_test(a_graph_as_parameter_keeps_the_names_of_its_place),
        cmocka_unit_test(a_function_goes_before_a_standard_operator),
        cmocka_unit_test(overloads_are_different_functions),
        cmocka_unit_test(calls_that_do_not_fit_are_refused),
        cmocka_unit_test(functions_that_call_themselves_are_refused),
        cmocka_unit_test(explosions_are_counted_and_not_copied),
        cmocka_unit_test(long_chains_of_calls_do_not_recurse),
        cmocka_unit_test(nesting_made_by_calls_is_limited),
        cmocka_unit_test(graphs_handed_on_cannot_pass_the_limit),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
