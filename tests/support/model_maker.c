/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays are copied whole at each addition: test models are small. */
#include "support/model_maker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void *must(void *memory)
{
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static char *copy(opsig_model *model, const char *text)
{
    return must(ops_arena_strndup(&model->arena, text, strlen(text)));
}

/* A copy of an array of n items with one more behind. */
static void *append(opsig_model *model, const void *items, size_t n, const void *item, size_t size)
{
    char *const longer = must(ops_arena_alloc(&model->arena, (n + 1) * size));
    if (n > 0) {
        memcpy(longer, items, n * size);
    }
    memcpy(longer + n * size, item, size);
    return longer;
}

static uint32_t value_id(opsig_model *model, const char *name, size_t len)
{
    uint32_t id;
    if (len == 1 && name[0] == '_') {
        return OPS_NO_VALUE;
    }
    if (ops_intern_put(model->values, name, len, &id, NULL) != OPSIG_OK) {
        abort();
    }
    return id;
}

static const uint32_t *value_ids(opsig_model *model, const char *names, uint32_t *out_n)
{
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    while (*names != '\0') {
        const size_t len = strcspn(names, " ");
        const uint32_t id = value_id(model, names, len);
        ids = append(model, ids, n++, &id, sizeof id);
        names += len;
        names += *names == ' ';
    }
    *out_n = n;
    return ids;
}

opsig_model *maker_new(void)
{
    opsig_model *const model = must(ops_mem_zalloc(1, sizeof *model));
    ops_arena_init(&model->arena, UINT64_MAX);
    if (ops_intern_new(&model->values, NULL) != OPSIG_OK) {
        abort();
    }
    uint32_t none;
    if (ops_intern_put(model->values, "", 0, &none, NULL) != OPSIG_OK || none != OPS_NO_VALUE) {
        abort();
    }
    model->ir_version = 8;
    model->producer_name = "maker";
    model->producer_version = "";
    model->graph = maker_graph(model);
    maker_opset(model, "", 17);
    return model;
}

void maker_free(opsig_model *model)
{
    ops_intern_free(model->values);
    ops_arena_dispose(&model->arena);
    ops_mem_free(model);
}

struct onnx_graph *maker_graph(opsig_model *model)
{
    struct onnx_graph *const graph = must(ops_arena_zalloc(&model->arena, 1, sizeof *graph));
    graph->name = "";
    return graph;
}

void maker_input(opsig_model *model, struct onnx_graph *graph, const char *name)
{
    const struct onnx_value_info info = {.name = value_id(model, name, strlen(name)), .rank = -1};
    graph->inputs = append(model, graph->inputs, graph->n_inputs++, &info, sizeof info);
}

void maker_output(opsig_model *model, struct onnx_graph *graph, const char *name)
{
    const struct onnx_value_info info = {.name = value_id(model, name, strlen(name)), .rank = -1};
    graph->outputs = append(model, graph->outputs, graph->n_outputs++, &info, sizeof info);
}

void maker_initializer(opsig_model *model, struct onnx_graph *graph, const char *name)
{
    const struct onnx_tensor tensor = {.name = value_id(model, name, strlen(name)), .data_type = 1};
    graph->initializers =
        append(model, graph->initializers, graph->n_initializers++, &tensor, sizeof tensor);
}

size_t maker_node(opsig_model *model, struct onnx_graph *graph, const char *op_type,
                  const char *name, const char *inputs, const char *outputs)
{
    const char *const colons = strstr(op_type, "::");
    struct onnx_node node = {.name = copy(model, name), .overload = "", .scope = ""};
    char *const domain = copy(model, colons != NULL ? op_type : "");
    if (colons != NULL) {
        domain[colons - op_type] = '\0';
    }
    node.domain = domain;
    node.op_type = copy(model, colons != NULL ? colons + 2 : op_type);
    node.inputs = value_ids(model, inputs, &node.n_inputs);
    node.outputs = value_ids(model, outputs, &node.n_outputs);
    node.offset = (int64_t)graph->n_nodes;
    graph->nodes = append(model, graph->nodes, graph->n_nodes, &node, sizeof node);
    return graph->n_nodes++;
}

void maker_attribute(opsig_model *model, struct onnx_node *node,
                     const struct onnx_attribute *attribute)
{
    node->attributes =
        append(model, node->attributes, node->n_attributes++, attribute, sizeof *attribute);
}

void maker_body(opsig_model *model, struct onnx_node *node, const char *attribute,
                struct onnx_graph *body)
{
    const struct onnx_attribute made = {.name = copy(model, attribute),
                                        .ref_attr_name = "",
                                        .type = 5,
                                        .n_graphs = 1,
                                        .graphs = append(model, NULL, 0, &body, sizeof body)};
    maker_attribute(model, node, &made);
}

void maker_int(opsig_model *model, struct onnx_node *node, const char *name, int64_t value)
{
    const struct onnx_attribute made = {
        .name = copy(model, name), .ref_attr_name = "", .type = 2, .i = value};
    maker_attribute(model, node, &made);
}

void maker_float(opsig_model *model, struct onnx_node *node, const char *name, float value)
{
    const struct onnx_attribute made = {
        .name = copy(model, name), .ref_attr_name = "", .type = 1, .f = value};
    maker_attribute(model, node, &made);
}

void maker_string(opsig_model *model, struct onnx_node *node, const char *name, const char *value)
{
    const struct onnx_attribute made = {.name = copy(model, name),
                                        .ref_attr_name = "",
                                        .type = 3,
                                        .s = {.bytes = copy(model, value), .len = strlen(value)}};
    maker_attribute(model, node, &made);
}

void maker_ints(opsig_model *model, struct onnx_node *node, const char *name, size_t n,
                const int64_t *values)
{
    int64_t *const ints = must(ops_arena_zalloc(&model->arena, n + 1, sizeof *ints));
    if (n > 0) {
        memcpy(ints, values, n * sizeof *ints);
    }
    const struct onnx_attribute made = {
        .name = copy(model, name), .ref_attr_name = "", .type = 7, .n_ints = n, .ints = ints};
    maker_attribute(model, node, &made);
}

void maker_no_opsets(opsig_model *model)
{
    model->opsets = NULL;
    model->n_opsets = 0;
}

void maker_opset(opsig_model *model, const char *domain, int64_t version)
{
    const struct onnx_opset opset = {.domain = copy(model, domain), .version = version};
    model->opsets = append(model, model->opsets, model->n_opsets++, &opset, sizeof opset);
}

void maker_note(opsig_model *model, const char *note)
{
    const char *const text = copy(model, note);
    model->notes = append(model, model->notes, model->n_notes++, &text, sizeof text);
}
