/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading: what becomes of each part of a file, of odd encodings, and of files that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/mem.h"
#include "onnx/load.h"
#include "onnx/model.h"
#include "support/onnx_write.h"

/** Loads what must load, and empties `bytes`. */
static opsig_model *load(struct ow *bytes)
{
    opsig_model *model = NULL;
    opsig_error err = {0};
    const opsig_status status =
        opsig_model_load_memory(&model, bytes->bytes, bytes->len, NULL, &err);
    ow_free(bytes);
    if (status != OPSIG_OK) {
        fail_msg("%s: %s", err.kind, err.message);
    }
    return model;
}

/** Loads a graph that must load, in a model of opset 17. */
static opsig_model *load_graph(struct ow *graph)
{
    struct ow bytes = {0};
    ow_model(&bytes, graph, 17);
    return load(&bytes);
}

/** Loads what must be refused, and empties `bytes`. */
static opsig_error refuse(struct ow *bytes, const opsig_limits *limits)
{
    opsig_model *model = NULL;
    opsig_error err = {0};
    const opsig_status status =
        opsig_model_load_memory(&model, bytes->bytes, bytes->len, limits, &err);
    ow_free(bytes);
    assert_null(model);
    assert_int_not_equal(status, OPSIG_OK);
    assert_int_equal(status, err.status);
    return err;
}

static opsig_error refuse_graph(struct ow *graph, const opsig_limits *limits)
{
    struct ow bytes = {0};
    ow_model(&bytes, graph, 17);
    return refuse(&bytes, limits);
}

static const char *value_name(const opsig_model *model, uint32_t value)
{
    return ops_intern_text(model->values, value);
}

static const struct onnx_attribute *attribute(const struct onnx_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->n_attributes; i++) {
        if (strcmp(node->attributes[i].name, name) == 0) {
            return &node->attributes[i];
        }
    }
    fail_msg("no attribute %s", name);
    return NULL;
}

static void nodes_have_names_values_and_domains(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow more = {0};
    ow_node_name(&more, "first");
    ow_text(&more, 8, "v2");
    ow_node(&graph, "Split", "x,,y", "a,b", &more);
    ow_nodes(&graph, "c = ai.onnx::Add(a, b); d = com.example::Add(a, c)");
    opsig_model *const model = load_graph(&graph);
    const struct onnx_node *const nodes = model->graph->nodes;
    assert_int_equal(opsig_model_n_main_nodes(model), 3);
    assert_string_equal(opsig_model_main_op_type(model, 0), "Split");
    assert_string_equal(nodes[0].name, "first");
    assert_string_equal(nodes[0].overload, "v2");
    assert_int_equal(nodes[0].n_inputs, 3);
    assert_string_equal(value_name(model, nodes[0].inputs[0]), "x");
    assert_int_equal(nodes[0].inputs[1], OPS_NO_VALUE);
    assert_int_equal(nodes[0].n_outputs, 2);
    assert_int_equal(nodes[0].outputs[0], nodes[1].inputs[0]);
    assert_string_equal(nodes[1].domain, "");
    assert_string_equal(nodes[2].domain, "com.example");
    assert_string_equal(nodes[2].scope, "");
    opsig_model_free(model);
}

static void attributes_of_every_kind_are_read(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow more = {0};
    struct ow list = {0};
    static const int64_t pads[] = {0, -1, INT64_MIN};
    ow_attr_int(&more, "axis", -1);
    ow_attr_float(&more, "alpha", 0.5F);
    ow_attr_string(&more, "mode", "linear");
    ow_attr_ints(&more, "pads", pads, 3);
    ow_attr_tensor(&more, "value", 7, 24);
    ow_text(&list, 1, "scales");
    ow_bytes(&list, 7, "\0\0\x80\x3f\0\0\0\x40", 8); /* packed 1, 2 */
    ow_float(&list, 7, 3.0F);
    ow_text(&list, 9, "one");
    ow_bytes(&list, 9, "a\0b", 3);
    ow_message(&more, 5, &list);
    ow_node(&graph, "Op", "", "", &more);
    opsig_model *const model = load_graph(&graph);
    const struct onnx_node *const node = &model->graph->nodes[0];
    assert_int_equal(attribute(node, "axis")->i, -1);
    assert_int_equal(attribute(node, "axis")->type, 2);
    assert_true(attribute(node, "alpha")->f == 0.5F);
    assert_string_equal(attribute(node, "mode")->s.bytes, "linear");
    assert_int_equal(attribute(node, "pads")->n_ints, 3);
    assert_memory_equal(attribute(node, "pads")->ints, pads, sizeof pads);
    assert_int_equal(attribute(node, "value")->tensor->data_type, 7);
    assert_int_equal(attribute(node, "value")->tensor->dims[0], 24);
    const struct onnx_attribute *const scales = attribute(node, "scales");
    assert_int_equal(scales->type, 6); /* inferred: floats come before strings */
    assert_int_equal(scales->n_floats, 3);
    assert_true(scales->floats[0] == 1.0F && scales->floats[2] == 3.0F);
    assert_int_equal(scales->n_strings, 2);
    assert_int_equal(scales->strings[1].len, 3);
    assert_memory_equal(scales->strings[1].bytes, "a\0b", 3);
    opsig_model_free(model);
}

static void a_type_that_is_left_out_follows_from_the_value(void **state)
{
    (void)state;
    static const struct {
        uint32_t field, wire_type;
        int32_t type;
    } kinds[] = {{2, 5, 1},  {3, 0, 2},  {4, 2, 3},   {5, 2, 4},   {6, 2, 5},   {7, 2, 6},
                 {8, 0, 7},  {9, 2, 8},  {10, 2, 9},  {11, 2, 10}, {22, 2, 11}, {23, 2, 12},
                 {14, 2, 13}, {15, 2, 14}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct ow graph = {0};
        struct ow more = {0};
        struct ow list = {0};
        ow_text(&list, 1, "a");
        ow_tag(&list, kinds[i].field, kinds[i].wire_type);
        ow_raw(&list, "\0\0\0\0", kinds[i].wire_type == 5 ? 4 : 1);
        ow_message(&more, 5, &list);
        ow_node(&graph, "Op", "", "", &more);
        opsig_model *const model = load_graph(&graph);
        assert_int_equal(model->graph->nodes[0].attributes[0].type, kinds[i].type);
        opsig_model_free(model);
    }
}

static void the_last_of_a_scalar_counts(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow more = {0};
    struct ow list = {0};
    ow_text(&more, 4, "Relu"); /* op_type, after that of ow_node */
    ow_text(&list, 1, "to");
    ow_int(&list, 20, 2);
    ow_int(&list, 20, 99); /* unknown to the enum: as if it were not there */
    ow_int(&list, 3, 1);
    ow_int(&list, 3, 2);
    ow_message(&more, 5, &list);
    ow_node(&graph, "Cast", "", "", &more);
    ow_text(&graph, 2, "old");
    ow_text(&graph, 2, "new");
    opsig_model *const model = load_graph(&graph);
    assert_string_equal(model->graph->nodes[0].op_type, "Relu");
    assert_int_equal(model->graph->nodes[0].attributes[0].type, 2);
    assert_int_equal(model->graph->nodes[0].attributes[0].i, 2);
    assert_string_equal(model->graph->name, "new");
    opsig_model_free(model);
}

static void parts_of_graphs_and_tensors_are_merged(void **state)
{
    (void)state;
    struct ow bytes = {0};
    struct ow graph = {0};
    struct ow more = {0};
    struct ow list = {0};
    struct ow part = {0};
    ow_nodes(&part, "t = Relu(x)");
    ow_message(&list, 6, &part);
    ow_int(&part, 2, 1); /* data_type of t */
    ow_int(&part, 1, 3);
    ow_message(&list, 5, &part);
    ow_nodes(&part, "u = Neg(t); v = Neg(u)");
    ow_message(&list, 6, &part);
    ow_int(&part, 1, 4);
    ow_message(&list, 5, &part);
    ow_nodes(&part, "w = Neg(x)");
    ow_message(&list, 11, &part); /* graphs */
    ow_message(&more, 5, &list);
    ow_node(&graph, "If", "c", "o", &more);
    ow_model(&bytes, &graph, 17);
    ow_nodes(&graph, "p = Relu(o)");
    ow_message(&bytes, 7, &graph); /* the graph's second part */
    opsig_model *const model = load(&bytes);
    const struct onnx_attribute *const body = &model->graph->nodes[0].attributes[0];
    assert_int_equal(model->graph->n_nodes, 2);
    assert_int_equal(body->n_graphs, 2);
    assert_int_equal(body->graphs[0]->n_nodes, 3);
    assert_string_equal(body->graphs[0]->nodes[2].op_type, "Neg");
    assert_int_equal(body->graphs[1]->n_nodes, 1);
    assert_int_equal(body->tensor->n_dims, 2);
    assert_int_equal(body->tensor->dims[1], 4);
    assert_int_equal(body->tensor->data_type, 1);
    opsig_model_free(model);
}

static void value_infos_have_types_and_shapes(void **state)
{
    (void)state;
    struct ow graph = {0};
    ow_graph_input(&graph, "x", 1, "2,N,-7");
    ow_graph_output(&graph, "y", 7, "");
    ow_graph_value(&graph, "z", 10, NULL);
    opsig_model *const model = load_graph(&graph);
    const struct onnx_value_info *const x = model->graph->inputs;
    assert_string_equal(value_name(model, x->name), "x");
    assert_int_equal(x->elem_type, 1);
    assert_int_equal(x->rank, 3);
    assert_int_equal(x->dims[0].value, 2);
    assert_string_equal(x->dims[0].param, "");
    assert_int_equal(x->dims[1].value, -1);
    assert_string_equal(x->dims[1].param, "N");
    assert_int_equal(x->dims[2].value, -1); /* a negative size is an unknown one */
    assert_int_equal(model->graph->outputs[0].rank, 0);
    assert_int_equal(model->graph->value_infos[0].rank, -1);
    assert_int_equal(model->graph->value_infos[0].elem_type, 10);
    opsig_model_free(model);
}

/** A value info x with the given bytes as its type. */
static void put_type(struct ow *graph, struct ow *type)
{
    struct ow info = {0};
    ow_text(&info, 1, "x");
    ow_message(&info, 2, type);
    ow_message(graph, 11, &info);
}

static void a_type_in_parts_is_merged_and_another_kind_replaces_it(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow type = {0};
    struct ow tensor = {0};
    struct ow shape = {0};
    struct ow sequence = {0};
    ow_int(&tensor, 1, 6);
    ow_message(&type, 1, &tensor);
    ow_raw(&shape, "\x0a\x02\x08\x05", 4); /* dim { dim_value: 5 } */
    ow_message(&tensor, 2, &shape);
    ow_message(&type, 1, &tensor);
    put_type(&graph, &type);
    ow_int(&tensor, 1, 6);
    ow_message(&type, 1, &tensor);
    ow_message(&type, 4, &sequence);
    put_type(&graph, &type);
    opsig_model *const model = load_graph(&graph);
    assert_int_equal(model->graph->inputs[0].elem_type, 6);
    assert_int_equal(model->graph->inputs[0].rank, 1);
    assert_int_equal(model->graph->inputs[0].dims[0].value, 5);
    assert_int_equal(model->graph->inputs[1].elem_type, 0);
    assert_int_equal(model->graph->inputs[1].rank, -1);
    opsig_model_free(model);
}

static void a_type_in_thousands_of_parts_is_refused(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow type = {0};
    struct ow tensor = {0};
    for (int i = 0; i < 16000; i++) {
        ow_bytes(&tensor, 2, NULL, 0);
    }
    ow_message(&type, 1, &tensor);
    put_type(&graph, &type);
    const opsig_error err = refuse_graph(&graph, NULL);
    assert_int_equal(err.status, OPSIG_FORMAT);
    assert_non_null(strstr(err.message, "Tensor.shape: comes in more than"));
}

static void initializers_are_known_without_their_data(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow values = {0};
    struct ow sparse = {0};
    struct ow external = {0};
    ow_initializer(&graph, "w", 1, 100000);
    ow_int(&values, 2, 11);
    ow_text(&values, 8, "s");
    ow_int(&values, 1, 2);
    ow_message(&sparse, 1, &values);
    ow_int(&sparse, 3, 10);
    ow_int(&sparse, 3, 20);
    ow_message(&graph, 15, &sparse);
    ow_text(&external, 8, "e");
    ow_int(&external, 14, 1);
    ow_message(&graph, 5, &external);
    opsig_model *const model = load_graph(&graph);
    const struct onnx_tensor *const tensors = model->graph->initializers;
    assert_int_equal(model->graph->n_initializers, 3);
    assert_string_equal(value_name(model, tensors[0].name), "w");
    assert_int_equal(tensors[0].dims[0], 100000);
    assert_in_range(model->arena.total, 1, 10000);
    assert_string_equal(value_name(model, tensors[1].name), "s");
    assert_int_equal(tensors[1].data_type, 11);
    assert_int_equal(tensors[1].n_dims, 2);
    assert_int_equal(tensors[1].dims[1], 20);
    assert_false(tensors[1].external);
    assert_true(tensors[2].external);
    opsig_model_free(model);
}

static void functions_are_read_beside_the_graph(void **state)
{
    (void)state;
    struct ow bytes = {0};
    struct ow graph = {0};
    struct ow body = {0};
    struct ow defaults = {0};
    ow_nodes(&graph, "y = my::F(x)");
    ow_nodes(&body, "t = Relu(a); b = Neg(t)");
    ow_attr_int(&defaults, "axis", 1);
    ow_function(&bytes, "my", "F", "a", "b", &defaults, &body);
    ow_model(&bytes, &graph, 17);
    opsig_model *const model = load(&bytes);
    assert_int_equal(opsig_model_n_functions(model), 1);
    const struct onnx_function *const function = &model->functions[0];
    assert_string_equal(function->domain, "my");
    assert_string_equal(function->name, "F");
    assert_int_equal(function->n_nodes, 2);
    assert_int_equal(function->n_inputs, 1);
    assert_string_equal(value_name(model, function->outputs[0]), "b");
    assert_int_equal(function->defaults[0].i, 1);
    opsig_model_free(model);
}

static void facts_of_the_model_and_notes_are_kept(void **state)
{
    (void)state;
    struct ow bytes = {0};
    struct ow graph = {0};
    ow_int(&bytes, 1, 3);
    ow_text(&bytes, 2, "pytorch");
    ow_text(&bytes, 3, "1.4");
    ow_bytes(&bytes, 7, NULL, 0);
    opsig_model *model = load(&bytes);
    assert_int_equal(opsig_model_ir_version(model), 3);
    assert_string_equal(opsig_model_producer_name(model), "pytorch");
    assert_string_equal(opsig_model_producer_version(model), "1.4");
    assert_int_equal(model->n_notes, 1);
    assert_string_equal(model->notes[0], "no opset import");
    opsig_model_free(model);
    ow_model(&bytes, &graph, 17);
    ow_opset(&bytes, "ai.onnx", 9);
    ow_opset(&bytes, "my", INT64_MIN);
    model = load(&bytes);
    assert_int_equal(model->n_opsets, 3);
    assert_int_equal(model->opsets[2].version, INT64_MIN);
    assert_int_equal(model->n_notes, 1);
    assert_string_equal(model->notes[0],
                        "1 opset imports repeat a domain, first: ai.onnx version 9");
    opsig_model_free(model);
}

static void names_with_a_nul_are_refused(void **state)
{
    (void)state;
    for (uint32_t field = 1; field <= 8; field++) {
        if (field == 5 || field == 6) { /* attribute and doc_string */
            continue;
        }
        struct ow graph = {0};
        struct ow more = {0};
        ow_bytes(&more, field, "a\0b", 3);
        ow_node(&graph, "Relu", "", "", &more);
        const opsig_error err = refuse_graph(&graph, NULL);
        assert_string_equal(err.kind, "malformed");
        assert_non_null(strstr(err.message, "NUL"));
    }
}

static void bytes_that_are_not_utf_8_are_kept(void **state)
{
    (void)state;
    struct ow graph = {0};
    ow_nodes(&graph, "\xff\xfe = \xc0\xaf(x)");
    opsig_model *const model = load_graph(&graph);
    assert_string_equal(model->graph->nodes[0].op_type, "\xc0\xaf");
    assert_string_equal(value_name(model, model->graph->nodes[0].outputs[0]), "\xff\xfe");
    opsig_model_free(model);
}

static void a_node_without_op_type_is_named_by_its_place(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow more = {0};
    ow_nodes(&graph, "a = Relu(x)");
    ow_node_name(&more, "culprit");
    ow_node(&graph, "", "a", "b", &more);
    const opsig_error err = refuse_graph(&graph, NULL);
    assert_string_equal(err.kind, "missing-op-type");
    assert_string_equal(err.message, "node 1 (culprit) has no op_type");
}

static void attributes_are_kept_where_something_can_refer_to_them(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow more = {0};
    struct ow named = {0};
    struct ow body = {0};
    ow_bytes(&more, 5, NULL, 0);
    ow_text(&named, 1, "a");
    ow_message(&more, 5, &named);
    ow_bytes(&body, 6, NULL, 0); /* its nodes count, whatever it is called */
    ow_message(&more, 5, &body);
    ow_node(&graph, "Op", "", "", &more);
    opsig_model *const model = load_graph(&graph);
    assert_int_equal(model->graph->nodes[0].n_attributes, 2);
    assert_string_equal(model->graph->nodes[0].attributes[0].name, "a");
    assert_int_equal(model->graph->nodes[0].attributes[1].n_graphs, 1);
    opsig_model_free(model);
}

static void limits_are_named_when_they_are_passed(void **state)
{
    (void)state;
    opsig_limits limits;
    struct ow graph = {0};
    opsig_limits_init(&limits);
    limits.max_nodes = 2;
    ow_nodes(&graph, "a = A(x); b = B(a); c = C(b)");
    opsig_error err = refuse_graph(&graph, &limits);
    assert_int_equal(err.status, OPSIG_LIMIT);
    assert_non_null(strstr(err.message, "--max-nodes"));
    opsig_limits_init(&limits);
    limits.max_name_length = 5;
    ow_nodes(&graph, "abcdef = A(x)");
    err = refuse_graph(&graph, &limits);
    assert_int_equal(err.status, OPSIG_LIMIT);
    assert_non_null(strstr(err.message, "--max-name-length"));
    opsig_limits_init(&limits);
    limits.max_file_size = 10;
    ow_nodes(&graph, "abcdef = A(x)");
    err = refuse_graph(&graph, &limits);
    assert_non_null(strstr(err.message, "--max-file-size"));
}

/** Repeats a node, or an attribute, or a name, a hundred thousand times. */
static void write_many(struct ow *graph, int what)
{
    struct ow more = {0};
    for (int i = 0; i < 100000; i++) {
        switch (what) {
        case 0:
            ow_raw(graph, "\x0a\x03\x22\x01" "A", 5);
            break;
        case 1:
            ow_bytes(&more, 5, NULL, 0);
            break;
        case 2:
            ow_bytes(&more, 1, NULL, 0);
            break;
        case 3:
            ow_bytes(&more, 2, &i, 2);
            break;
        default:
            ow_bytes(graph, 11, NULL, 0);
            break;
        }
    }
    ow_node(graph, "Op", "", "", &more);
}

static void memory_stays_below_its_limit(void **state)
{
    (void)state;
    opsig_limits limits;
    opsig_limits_init(&limits);
    limits.max_memory = 200000;
    for (int what = 0; what < 5; what++) {
        struct ow graph = {0};
        write_many(&graph, what);
        const opsig_error err = refuse_graph(&graph, &limits);
        assert_true(err.status == OPSIG_LIMIT || what == 3);
        const char *const option = what == 1 ? "--max-attributes" : "--max-model-memory";
        assert_true(strstr(err.message, option) != NULL || what == 3);
    }
}

static void work_ends_when_it_is_cancelled(void **state)
{
    (void)state;
    opsig_limits limits;
    struct ow graph = {0};
    volatile int cancel = 1;
    opsig_limits_init(&limits);
    limits.cancel = &cancel;
    ow_nodes(&graph, "a = A(x)");
    assert_int_equal(refuse_graph(&graph, &limits).status, OPSIG_CANCELLED);
}

static void files_of_other_kinds_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *what;
    } kinds[] = {
#define KIND(bytes, what) {(bytes), sizeof(bytes) - 1, (what)}
        KIND("", "an empty file"),
        KIND("version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS"),
        KIND("<<<<<<< HEAD\n\x08\x07", "merge conflict"),
        KIND("<!DOCTYPE html>", "web page"),
        KIND("ir_version: 3\n", "text form"),
        KIND("{\"irVersion\": 3}", "a text file"),
        KIND("PK\x03\x04\x14\0\0\0", "zip"),
        KIND("\x1f\x8b\x08\0\0\0", "gzip"),
        KIND("\x89HDF\r\n\x1a\n\0\0", "HDF5"),
        KIND("\x1c\0\0\0TFL3\x14\0", "TensorFlow Lite"),
        KIND("\0\0\0\0\0\0\0\0", "zeros"),
        KIND("\x0a\x07\x22\x04Relu", "bare GraphProto"),
        KIND("\x08\x03\x10\x01\x4a\x0c", "TensorProto"),
        KIND("\x08\x07", "has no graph"),
#undef KIND
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct ow bytes = {0};
        ow_raw(&bytes, kinds[i].bytes, kinds[i].len);
        const opsig_error err = refuse(&bytes, NULL);
        assert_int_equal(err.status, OPSIG_FORMAT);
        assert_string_equal(err.kind, "not-onnx");
        assert_non_null(strstr(err.message, kinds[i].what));
    }
}

static void a_model_may_begin_as_another_file_does(void **state)
{
    (void)state;
    struct ow bytes = {0};
    struct ow graph = {0};
    ow_text(&bytes, 123, "unknown"); /* begins as a UTF-8 character */
    ow_nodes(&graph, "y = Relu(x)");
    ow_model(&bytes, &graph, 17);
    opsig_model_free(load(&bytes));
}

/** A model with something of everything. */
static void write_rich_model(struct ow *bytes)
{
    struct ow graph = {0};
    struct ow body = {0};
    struct ow more = {0};
    ow_nodes(&graph, "a = Relu(x); b = Add(a, w)");
    ow_nodes(&body, "t = Neg(a)");
    ow_graph_output(&body, "t", 1, "2");
    ow_attr_graph(&more, "then_branch", &body);
    ow_attr_string(&more, "mode", "linear");
    ow_attr_tensor(&more, "value", 1, 16);
    ow_node_name(&more, "choice");
    ow_node(&graph, "If", "b", "y", &more);
    ow_graph_input(&graph, "x", 1, "2,N");
    ow_initializer(&graph, "w", 1, 8);
    ow_model(bytes, &graph, 17);
    ow_nodes(&body, "o = Relu(i)");
    ow_function(bytes, "my", "F", "i", "o", NULL, &body);
    ow_opset(bytes, "my", 1);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct ow bytes = {0};
    write_rich_model(&bytes);
    opsig_status status = OPSIG_NOMEM;
    for (uint64_t n = 1; status != OPSIG_OK; n++) {
        opsig_model *model = NULL;
        opsig_error err = {0};
        ops_mem_fail_at(n, n % 2 == 0);
        status = opsig_model_load_memory(&model, bytes.bytes, bytes.len, NULL, &err);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
        assert_true((model != NULL) == (status == OPSIG_OK));
        opsig_model_free(model);
    }
    ow_free(&bytes);
}

static void every_cut_and_every_flipped_bit_is_survived(void **state)
{
    (void)state;
    struct ow bytes = {0};
    write_rich_model(&bytes);
    for (size_t i = 0; i < bytes.len * 9; i++) {
        const size_t at = i / 9;
        const size_t len = i % 9 == 8 ? at : bytes.len;
        const uint8_t before = bytes.bytes[at];
        opsig_model *model = NULL;
        if (i % 9 < 8) {
            bytes.bytes[at] ^= (uint8_t)(1U << (i % 9));
        }
        uint8_t *const copy = ops_mem_dup(bytes.bytes, len); /* so that an overrun is seen */
        (void)opsig_model_load_memory(&model, copy, len, NULL, NULL);
        opsig_model_free(model);
        ops_mem_free(copy);
        bytes.bytes[at] = before;
    }
    ow_free(&bytes);
}

static void a_pipe_gives_the_same_model(void **state)
{
    (void)state;
    struct ow bytes = {0};
    int ends[2];
    opsig_model *model = NULL;
    opsig_error err = {0};
    write_rich_model(&bytes);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes.bytes, bytes.len), bytes.len);
    (void)close(ends[1]);
    assert_int_equal(opsig_model_load_fd(&model, ends[0], NULL, &err), OPSIG_OK);
    assert_int_equal(opsig_model_n_main_nodes(model), 3);
    opsig_model_free(model);
    (void)close(ends[0]);
    ow_free(&bytes);
}

static void a_file_and_an_absent_file_are_told_apart(void **state)
{
    (void)state;
    char path[] = "/tmp/opsig-load-XXXXXX";
    struct ow bytes = {0};
    opsig_model *model = NULL;
    opsig_error err = {0};
    write_rich_model(&bytes);
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.bytes, bytes.len), bytes.len);
    assert_int_equal(opsig_model_load(&model, path, NULL, &err), OPSIG_OK);
    opsig_model_free(model);
    (void)unlink(path);
    (void)close(fd);
    ow_free(&bytes);
    assert_int_equal(opsig_model_load(&model, path, NULL, &err), OPSIG_NOT_FOUND);
    assert_null(model);
    assert_int_equal(opsig_model_load(&model, "/", NULL, &err), OPSIG_FORMAT);
    assert_string_equal(err.kind, "not-a-file");
}

/** Writes a model with an initializer of n bytes, which are left a hole in the file. */
static void write_hole(int fd, uint64_t n)
{
    struct ow head = {0};
    struct ow tensor = {0};
    struct ow node = {0};
    struct ow sizes = {0};
    ow_nodes(&node, "y = Add(x, w)");
    ow_text(&tensor, 8, "w");
    ow_tag(&tensor, 9, 2);
    ow_varint(&tensor, n);
    ow_tag(&sizes, 5, 2);
    ow_varint(&sizes, tensor.len + n);
    ow_tag(&head, 7, 2);
    ow_varint(&head, sizes.len + tensor.len + n + node.len);
    ow_raw(&head, sizes.bytes, sizes.len);
    ow_raw(&head, tensor.bytes, tensor.len);
    assert_int_equal(write(fd, head.bytes, head.len), head.len);
    assert_int_equal(pwrite(fd, node.bytes, node.len, (off_t)(head.len + n)), node.len);
    ow_free(&head);
    ow_free(&tensor);
    ow_free(&node);
    ow_free(&sizes);
}

static void weights_of_any_size_are_passed_by(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {1000, 70000, UINT64_C(3) << 30, UINT64_C(5) << 30};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char path[] = "/tmp/opsig-hole-XXXXXX";
        opsig_model *model = NULL;
        opsig_error err = {0};
        const int fd = mkstemp(path);
        assert_true(fd >= 0);
        write_hole(fd, sizes[i]);
        const opsig_status status = opsig_model_load(&model, path, NULL, &err);
        (void)unlink(path);
        (void)close(fd);
        if (status != OPSIG_OK) {
            fail_msg("%s", err.message);
        }
        assert_string_equal(opsig_model_main_op_type(model, 0), "Add");
        assert_int_equal(model->graph->nodes[0].inputs[1], model->graph->initializers[0].name);
        assert_in_range(model->arena.total, 1, 10000);
        opsig_model_free(model);
    }
}

static void *load_deep(void *bytes)
{
    const struct ow *const deep = bytes;
    opsig_model *model = NULL;
    opsig_limits limits;
    opsig_limits_init(&limits);
    limits.max_depth = 100000; /* taken as 300 */
    const opsig_status status =
        opsig_model_load_memory(&model, deep->bytes, deep->len, &limits, NULL);
    opsig_model_free(model);
    return status == OPSIG_OK ? bytes : NULL;
}

/** Sanitizers make frames several times as large. */
#ifdef __SANITIZE_ADDRESS__
enum { SMALL_STACK = 4 * 1024 * 1024 };
#else
enum { SMALL_STACK = 256 * 1024 };
#endif

static void the_deepest_nesting_fits_a_small_stack(void **state)
{
    (void)state;
    for (int levels = 99; levels < 1000; levels += 900) {
        struct ow graph = {0};
        struct ow bytes = {0};
        ow_nodes(&graph, "t = Relu(x)");
        for (int i = 0; i < levels; i++) {
            struct ow more = {0};
            ow_attr_graph(&more, "then_branch", &graph);
            ow_node(&graph, "If", "c", "o", &more);
        }
        ow_model(&bytes, &graph, 17);
        pthread_t thread;
        pthread_attr_t attributes;
        void *loaded;
        assert_int_equal(pthread_attr_init(&attributes), 0);
        assert_int_equal(pthread_attr_setstacksize(&attributes, SMALL_STACK), 0);
        assert_int_equal(pthread_create(&thread, &attributes, load_deep, &bytes), 0);
        assert_int_equal(pthread_join(thread, &loaded), 0);
        assert_int_equal(pthread_attr_destroy(&attributes), 0);
        assert_true((loaded != NULL) == (levels == 99));
        ow_free(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_have_names_values_and_domains),
        cmocka_unit_test(attributes_of_every_kind_are_read),
        cmocka_unit_test(a_type_that_is_left_out_follows_from_the_value),
        cmocka_unit_test(the_last_of_a_scalar_counts),
        cmocka_unit_test(parts_of_graphs_and_tensors_are_merged),
        cmocka_unit_test(value_infos_have_types_and_shapes),
        cmocka_unit_test(a_type_in_parts_is_merged_and_another_kind_replaces_it),
        cmocka_unit_test(a_type_in_thousands_of_parts_is_refused),
        cmocka_unit_test(initializers_are_known_without_their_data),
        cmocka_unit_test(functions_are_read_beside_the_graph),
        cmocka_unit_test(facts_of_the_model_and_notes_are_kept),
        cmocka_unit_test(names_with_a_nul_are_refused),
        cmocka_unit_test(bytes_that_are_not_utf_8_are_kept),
        cmocka_unit_test(a_node_without_op_type_is_named_by_its_place),
        cmocka_unit_test(attributes_are_kept_where_something_can_refer_to_them),
        cmocka_unit_test(limits_are_named_when_they_are_passed),
        cmocka_unit_test(memory_stays_below_its_limit),
        cmocka_unit_test(work_ends_when_it_is_cancelled),
        cmocka_unit_test(files_of_other_kinds_are_named),
        cmocka_unit_test(a_model_may_begin_as_another_file_does),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_cut_and_every_flipped_bit_is_survived),
        cmocka_unit_test(a_pipe_gives_the_same_model),
        cmocka_unit_test(a_file_and_an_absent_file_are_told_apart),
        cmocka_unit_test(weights_of_any_size_are_passed_by),
        cmocka_unit_test(the_deepest_nesting_fits_a_small_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
