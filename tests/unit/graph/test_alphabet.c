/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbols: what is told apart, what is one symbol, and the table of semantic attributes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "graph/alphabet.h"
#include "graph/semantic_attributes.h"
#include "support/model_maker.h"

static opsig_model *model;
static opsig_graph *graph;

static int setup(void **state)
{
    (void)state;
    model = maker_new();
    graph = NULL;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    opsig_graph_free(graph);
    maker_free(model);
    return 0;
}

static struct onnx_node *add(const char *op_type)
{
    const size_t place = maker_node(model, model->graph, op_type, "", "", "");
    return &model->graph->nodes[place];
}

static void opset(int64_t version)
{
    maker_no_opsets(model);
    maker_opset(model, "", version);
}

static void assert_symbols(uint32_t v, const char *op, const char *op_attr)
{
    opsig_error error;
    if (graph == NULL && opsig_graph_build(&graph, model, NULL, &error) != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(opsig_graph_symbol(graph, v, OPSIG_ALPHABET_OP), op);
    assert_string_equal(opsig_graph_symbol(graph, v, OPSIG_ALPHABET_OP_ATTR), op_attr);
}

static void a_symbol_names_domain_and_operator(void **state)
{
    (void)state;
    add("Relu");
    add("com.microsoft::FastGelu");
    add("other::Relu");
    assert_symbols(0, "Relu", "Relu");
    assert_symbols(1, "com.microsoft::FastGelu", "com.microsoft::FastGelu");
    assert_symbols(2, "other::Relu", "other::Relu");
}

static void a_constant_has_no_symbol_unless_of_another_domain(void **state)
{
    (void)state;
    add("Constant");
    add("other::Constant");
    assert_symbols(1, "other::Constant", "other::Constant");
    assert_null(opsig_graph_symbol(graph, 0, OPSIG_ALPHABET_OP));
    assert_null(opsig_graph_symbol(graph, 0, OPSIG_ALPHABET_OP_ATTR));
    assert_string_equal(opsig_graph_op_type(graph, 0), "Constant");
}

static void names_that_join_alike_have_different_symbols(void **state)
{
    (void)state;
    add("a::b");
    add("x")->op_type = "a::b";
    add("x")->op_type = "Cast{to=int64}";
    maker_int(model, add("Cast"), "to", 7);
    add("x")->op_type = "back\\slash";
    assert_symbols(0, "a::b", "a::b");
    assert_symbols(1, "a\\:\\:b", "a\\:\\:b");
    assert_symbols(2, "Cast\\{to=int64\\}", "Cast\\{to=int64\\}");
    assert_symbols(3, "Cast", "Cast{to=int64}");
    assert_symbols(4, "back\\\\slash", "back\\\\slash");
}

static void attributes_that_change_semantics_are_part_of_the_symbol(void **state)
{
    (void)state;
    struct onnx_node *const top_k = add("TopK");
    maker_int(model, top_k, "sorted", 0);
    maker_int(model, top_k, "axis", 3);
    struct onnx_node *const pool = add("AveragePool");
    maker_int(model, pool, "count_include_pad", 1);
    maker_string(model, add("Einsum"), "equation", "bhld,bhmd->bhlm");
    maker_string(model, add("Gelu"), "approximate", "tanh");
    const int64_t perm[] = {0, 2, 3, 1};
    maker_ints(model, add("Transpose"), "perm", 4, perm);
    assert_symbols(0, "TopK", "TopK{largest=1,sorted=0}");
    assert_symbols(1, "AveragePool", "AveragePool{ceil_mode=0,count_include_pad=1}");
    assert_symbols(2, "Einsum", "Einsum{equation=\"bhld,bhmd->bhlm\"}");
    assert_symbols(3, "Gelu", "Gelu{approximate=tanh}");
    assert_symbols(4, "Transpose", "Transpose{perm=[0;2;3;1]}");
}

static void an_absent_attribute_has_the_default_of_the_opset(void **state)
{
    (void)state;
    opset(12);
    add("Softmax");
    add("Transpose");
    add("Cast");
    assert_symbols(0, "Softmax", "Softmax{axis=positive}");
    assert_symbols(1, "Transpose", "Transpose{perm=reverse}");
    assert_symbols(2, "Cast", "Cast{to=?}");
    opsig_graph_free(graph);
    graph = NULL;
    opset(13);
    assert_symbols(0, "Softmax", "Softmax{axis=last}");
}

static void the_last_opset_of_a_domain_decides_and_1_where_there_is_none(void **state)
{
    (void)state;
    opset(7);
    maker_opset(model, "other", 99);
    maker_opset(model, "ai.onnx", 13);
    add("Softmax");
    assert_symbols(0, "Softmax", "Softmax{axis=last}");
    opsig_graph_free(graph);
    graph = NULL;
    maker_no_opsets(model);
    assert_symbols(0, "Softmax", "Softmax{axis=positive}");
}

static void an_attribute_of_older_opsets_only_is_left_out_later(void **state)
{
    (void)state;
    opset(6);
    struct onnx_node *const clip = add("Clip");
    maker_float(model, clip, "max", 6);
    add("ReduceMean");
    assert_symbols(0, "Clip", "Clip{max=given,min=none}");
    assert_symbols(1, "ReduceMean", "ReduceMean{axes=all,keepdims=1,noop_with_empty_axes=0}");
    opsig_graph_free(graph);
    graph = NULL;
    opset(18);
    assert_symbols(0, "Clip", "Clip");
    assert_symbols(1, "ReduceMean", "ReduceMean{keepdims=1,noop_with_empty_axes=0}");
}

static void values_fall_into_classes(void **state)
{
    (void)state;
    const int64_t axes[] = {-2, -1, 0, 2};
    const char *const classes[] = {"Gather{axis=negative}", "Gather{axis=last}",
                                   "Gather{axis=first}", "Gather{axis=positive}"};
    for (size_t i = 0; i < 4; i++) {
        maker_int(model, add("Gather"), "axis", axes[i]);
    }
    struct onnx_node *const conv = add("Conv");
    const int64_t pads[] = {1, 0, 1, 0};
    const int64_t dilations[] = {1, 2};
    maker_ints(model, conv, "pads", 4, pads);
    maker_ints(model, conv, "dilations", 2, dilations);
    maker_int(model, conv, "group", 32);
    struct onnx_node *const uneven = add("Conv");
    const int64_t more[] = {0, 0, 1, 1};
    maker_ints(model, uneven, "pads", 4, more);
    maker_string(model, uneven, "auto_pad", "SAME_UPPER");
    maker_float(model, add("LeakyRelu"), "alpha", 0.01F);
    maker_float(model, add("LeakyRelu"), "alpha", 0.2F);
    for (uint32_t v = 0; v < 4; v++) {
        assert_symbols(v, "Gather", classes[v]);
    }
    assert_symbols(4, "Conv", "Conv{auto_pad=NOTSET,dilations=many,group=many,pads=symmetric}");
    assert_symbols(5, "Conv", "Conv{auto_pad=SAME_UPPER,dilations=1,group=1,pads=asymmetric}");
    assert_symbols(6, "LeakyRelu", "LeakyRelu{alpha=default}");
    assert_symbols(7, "LeakyRelu", "LeakyRelu{alpha=other}");
}

static void an_attribute_may_depend_on_another(void **state)
{
    (void)state;
    struct onnx_node *const linear = add("Resize");
    maker_string(model, linear, "mode", "linear");
    maker_string(model, linear, "nearest_mode", "floor");
    add("Resize");
    const char *const rest = "antialias=0,keep_aspect_ratio_policy=stretch}";
    char text[256];
    (void)snprintf(text, sizeof text,
                   "Resize{mode=linear,coordinate_transformation_mode=half_pixel,%s", rest);
    assert_symbols(0, "Resize", text);
    (void)snprintf(text, sizeof text,
                   "Resize{mode=nearest,coordinate_transformation_mode=half_pixel,"
                   "nearest_mode=round_prefer_floor,%s",
                   rest);
    assert_symbols(1, "Resize", text);
}

static void the_same_meaning_has_one_symbol_across_opsets(void **state)
{
    (void)state;
    maker_string(model, add("GridSample"), "mode", "bilinear");
    maker_string(model, add("GridSample"), "mode", "linear");
    maker_string(model, add("Cast"), "to", "INT64"); /* as in opset 1 */
    maker_int(model, add("Cast"), "to", 7);
    assert_symbols(0, "GridSample", "GridSample{align_corners=0,mode=linear,padding_mode=zeros}");
    assert_symbols(1, "GridSample", "GridSample{align_corners=0,mode=linear,padding_mode=zeros}");
    assert_symbols(2, "Cast", "Cast{to=int64}");
    assert_symbols(3, "Cast", "Cast{to=int64}");
}

static void element_types_have_names_and_unknown_ones_numbers(void **state)
{
    (void)state;
    const int64_t types[] = {1, 16, 26, 27, -1, INT64_MIN, 0};
    const char *const symbols[] = {"Cast{to=float}", "Cast{to=bfloat16}",
                                   "Cast{to=int2}",  "Cast{to=27}",
                                   "Cast{to=-1}",    "Cast{to=-9223372036854775808}",
                                   "Cast{to=?}"};
    for (size_t i = 0; i < 7; i++) {
        maker_int(model, add("Cast"), "to", types[i]);
    }
    const struct onnx_tensor tensor = {.data_type = 9};
    const struct onnx_attribute value = {
        .name = "value", .ref_attr_name = "", .type = 4, .tensor = &tensor};
    maker_attribute(model, add("ConstantOfShape"), &value);
    for (uint32_t v = 0; v < 7; v++) {
        assert_symbols(v, "Cast", symbols[v]);
    }
    assert_symbols(7, "ConstantOfShape", "ConstantOfShape{value=bool}");
}

static void lists_and_strings_are_spelled_within_bounds(void **state)
{
    (void)state;
    const int64_t many[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    maker_ints(model, add("Transpose"), "perm", 8, many);
    maker_ints(model, add("Transpose"), "perm", 9, many);
    maker_ints(model, add("Transpose"), "perm", 0, many);
    maker_string(model, add("Einsum"), "equation", "a \"b\"\n\\\x1b");
    maker_string(model, add("Einsum"), "equation", "");
    char equation[200];
    memset(equation, 'i', sizeof equation - 1);
    equation[sizeof equation - 1] = '\0';
    maker_string(model, add("Einsum"), "equation", equation);
    assert_symbols(0, "Transpose", "Transpose{perm=[0;1;2;3;4;5;6;7]}");
    assert_symbols(1, "Transpose", "Transpose{perm=[n=9]}");
    assert_symbols(2, "Transpose", "Transpose{perm=[]}");
    assert_symbols(3, "Einsum", "Einsum{equation=\"a \\\"b\\\"\\x0a\\\\\\x1b\"}");
    assert_symbols(4, "Einsum", "Einsum{equation=\"\"}");
    assert_symbols(5, "Einsum",
                   "Einsum{equation="
                   "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii...}");
}

static void attributes_of_the_wrong_type_are_marked(void **state)
{
    (void)state;
    struct onnx_graph *const body = maker_graph(model);
    maker_body(model, add("Mod"), "fmod", body);
    maker_float(model, add("Gather"), "axis", 1);
    maker_float(model, add("Cast"), "to", 7);
    maker_int(model, add("Elu"), "alpha", 1);
    maker_float(model, add("Mod"), "fmod", 0.1F);
    maker_float(model, add("Mod"), "fmod", NAN);
    maker_float(model, add("Mod"), "fmod", -INFINITY);
    assert_symbols(0, "Mod", "Mod{fmod=?}");
    assert_symbols(1, "Gather", "Gather{axis=?}");
    assert_symbols(2, "Cast", "Cast{to=?}");
    assert_symbols(3, "Elu", "Elu{alpha=other}");
    assert_symbols(4, "Mod", "Mod{fmod=0.1}");
    assert_symbols(5, "Mod", "Mod{fmod=nan}");
    assert_symbols(6, "Mod", "Mod{fmod=-inf}");
}

static void several_outputs_tell_which_of_them_are_read(void **state)
{
    (void)state;
    maker_node(model, model->graph, "TopK", "top", "x k", "values indices");
    maker_node(model, model->graph, "Neg", "", "indices", "y");
    maker_node(model, model->graph, "Odd", "", "x", "a b c");
    maker_output(model, model->graph, "y");
    maker_output(model, model->graph, "b");
    assert_symbols(0, "TopK", "TopK{largest=1,sorted=unset,used=01}");
    assert_symbols(1, "Neg", "Neg");
    assert_symbols(2, "Odd", "Odd{used=010}");
}

static void the_table_is_ordered_and_complete(void **state)
{
    (void)state;
    size_t n;
    const struct ops_semantic_operator *const table = ops_semantic_table(&n);
    assert_true(n >= 90);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            const int by_domain = strcmp(table[i - 1].domain, table[i].domain);
            assert_true(by_domain < 0 ||
                        (by_domain == 0 && strcmp(table[i - 1].op_type, table[i].op_type) < 0));
        }
        assert_ptr_equal(ops_semantic_find(table[i].domain, table[i].op_type), &table[i]);
        assert_non_null(table[i].attributes[0].name);
        for (const struct ops_semantic_attribute *row = table[i].attributes; row->name != NULL;
             row++) {
            assert_true(strlen(row->reason) >= 8);
            assert_non_null(row->fallback);
            bool found = row->when == NULL;
            for (const struct ops_semantic_attribute *other = table[i].attributes; other != row;
                 other++) {
                found = found || strcmp(other->name, row->when) == 0;
                assert_string_not_equal(other->name, row->name);
            }
            assert_true(found);
        }
    }
    assert_null(ops_semantic_find("", "Add"));
    assert_null(ops_semantic_find("zzz", "Cast"));
}

static void an_operator_of_the_table_differs_between_the_alphabets(void **state)
{
    (void)state;
    size_t n;
    const struct ops_semantic_operator *const table = ops_semantic_table(&n);
    opset(6);
    for (size_t i = 0; i < n; i++) {
        struct onnx_node *const node = add("x");
        node->op_type = table[i].op_type;
        node->domain = table[i].domain;
    }
    assert_int_equal(opsig_graph_build(&graph, model, NULL, NULL), OPSIG_OK);
    for (uint32_t v = 0; v < n; v++) {
        const char *const op = opsig_graph_symbol(graph, v, OPSIG_ALPHABET_OP);
        const char *const attr = opsig_graph_symbol(graph, v, OPSIG_ALPHABET_OP_ATTR);
        assert_int_equal(strncmp(op, attr, strlen(op)), 0);
        assert_int_equal(attr[strlen(op)], '{');
        assert_int_equal(attr[strlen(attr) - 1], '}');
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_symbol_names_domain_and_operator),
        CASE(a_constant_has_no_symbol_unless_of_another_domain),
        CASE(names_that_join_alike_have_different_symbols),
        CASE(attributes_that_change_semantics_are_part_of_the_symbol),
        CASE(an_absent_attribute_has_the_default_of_the_opset),
        CASE(the_last_opset_of_a_domain_decides_and_1_where_there_is_none),
        CASE(an_attribute_of_older_opsets_only_is_left_out_later),
        CASE(values_fall_into_classes),
        CASE(an_attribute_may_depend_on_another),
        CASE(the_same_meaning_has_one_symbol_across_opsets),
        CASE(element_types_have_names_and_unknown_ones_numbers),
        CASE(lists_and_strings_are_spelled_within_bounds),
        CASE(attributes_of_the_wrong_type_are_marked),
        CASE(several_outputs_tell_which_of_them_are_read),
        CASE(the_table_is_ordered_and_complete),
        CASE(an_operator_of_the_table_differs_between_the_alphabets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
