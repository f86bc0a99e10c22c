/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Graphs and functions. A graph that comes in parts is one struct that each part adds to. */
#include "onnx.pb-c.h"

#include "onnx/loader.h"

enum {
    GRAPH_NODE = 1,
    GRAPH_NAME = 2,
    GRAPH_INITIALIZER = 5,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12,
    GRAPH_VALUE_INFO = 13,
    GRAPH_SPARSE_INITIALIZER = 15
};

static opsig_status push_tensor(struct ops_loader *loader, const struct ops_field *field,
                                struct ops_list *list)
{
    struct ops_tensor_parts parts = {0};
    void *item;
    opsig_status status = OPSIG_OK;
    if (field->number == GRAPH_SPARSE_INITIALIZER) {
        TRY(ops_load_sparse_tensor(loader, field, &parts));
    } else {
        TRY(ops_load_tensor(loader, field, &parts));
    }
    parts.tensor.sparse = field->number == GRAPH_SPARSE_INITIALIZER;
    parts.tensor.bytes = (struct onnx_range){ops_wire_begin(field), field->end};
    TRY(ops_loader_push(loader, list, sizeof parts.tensor, &item));
    *(struct onnx_tensor *)item = parts.tensor;
done:
    return status;
}

static opsig_status visit_graph(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct ops_graph_parts *const parts = to;
    switch (field->number) {
    case GRAPH_NODE:
        return ops_load_node(loader, field, &parts->nodes);
    case GRAPH_NAME:
        return ops_loader_string(loader, field, &parts->graph.name);
    case GRAPH_INITIALIZER:
    case GRAPH_SPARSE_INITIALIZER:
        return push_tensor(loader, field, &parts->initializers);
    case GRAPH_INPUT:
        return ops_load_value_info(loader, field, &parts->inputs);
    case GRAPH_OUTPUT:
        return ops_load_value_info(loader, field, &parts->outputs);
    case GRAPH_VALUE_INFO:
        return ops_load_value_info(loader, field, &parts->value_infos);
    default:
        return OPSIG_OK;
    }
}

/** Lets the graph point at its lists as they are now. */
static void settle_graph(struct ops_graph_parts *parts)
{
    struct onnx_graph *const graph = &parts->graph;
    graph->nodes = parts->nodes.items;
    graph->n_nodes = parts->nodes.len;
    graph->inputs = parts->inputs.items;
    graph->n_inputs = parts->inputs.len;
    graph->outputs = parts->outputs.items;
    graph->n_outputs = parts->outputs.len;
    graph->value_infos = parts->value_infos.items;
    graph->n_value_infos = parts->value_infos.len;
    graph->initializers = parts->initializers.items;
    graph->n_initializers = parts->initializers.len;
}

opsig_status ops_load_graph(struct ops_loader *loader, const struct ops_field *field,
                            struct ops_graph_parts **parts)
{
    void *memory;
    opsig_status status = OPSIG_OK;
    if (*parts == NULL) {
        TRY(ops_loader_alloc(loader, 1, sizeof **parts, &memory));
        *parts = memory;
        **parts = (struct ops_graph_parts){.graph = {.name = ""}};
    }
    TRY(ops_wire_message(&loader->wire, field, &onnx__graph_proto__descriptor, visit_graph,
                         *parts));
    settle_graph(*parts);
done:
    return status;
}

enum {
    FUNCTION_NAME = 1,
    FUNCTION_INPUT = 4,
    FUNCTION_OUTPUT = 5,
    FUNCTION_NODE = 7,
    FUNCTION_OPSET_IMPORT = 9,
    FUNCTION_DOMAIN = 10,
    FUNCTION_ATTRIBUTE_PROTO = 11,
    FUNCTION_OVERLOAD = 13
};

/** A function, and the lists that it points into. */
struct function_parts {
    struct onnx_function function;
    struct ops_list inputs, outputs, nodes, opsets, defaults;
};

static opsig_status push_parameter(struct ops_loader *loader, const struct ops_field *field,
                                   struct ops_list *list)
{
    void *item;
    const opsig_status status = ops_loader_push(loader, list, sizeof(uint32_t), &item);
    return status == OPSIG_OK ? ops_loader_value(loader, field, item) : status;
}

static opsig_status push_default(struct ops_loader *loader, const struct ops_field *field,
                                 struct ops_list *list)
{
    struct onnx_attribute attribute;
    void *item;
    opsig_status status = OPSIG_OK;
    TRY(ops_load_attribute(loader, field, &attribute));
    TRY(ops_loader_push(loader, list, sizeof attribute, &item));
    *(struct onnx_attribute *)item = attribute;
done:
    return status;
}

static opsig_status visit_function(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct function_parts *const parts = to;
    switch (field->number) {
    case FUNCTION_NAME:
        return ops_loader_string(loader, field, &parts->function.name);
    case FUNCTION_INPUT:
        return push_parameter(loader, field, &parts->inputs);
    case FUNCTION_OUTPUT:
        return push_parameter(loader, field, &parts->outputs);
    case FUNCTION_NODE:
        return ops_load_node(loader, field, &parts->nodes);
    case FUNCTION_OPSET_IMPORT:
        return ops_load_opset(loader, field, &parts->opsets);
    case FUNCTION_DOMAIN:
        return ops_loader_string(loader, field, &parts->function.domain);
    case FUNCTION_ATTRIBUTE_PROTO:
        return push_default(loader, field, &parts->defaults);
    case FUNCTION_OVERLOAD:
        return ops_loader_string(loader, field, &parts->function.overload);
    default:
        return OPSIG_OK;
    }
}

static void settle_function(struct function_parts *parts)
{
    struct onnx_function *const function = &parts->function;
    function->domain = ops_domain(function->domain);
    function->inputs = parts->inputs.items;
    function->n_inputs = (uint32_t)parts->inputs.len;
    function->outputs = parts->outputs.items;
    function->n_outputs = (uint32_t)parts->outputs.len;
    function->nodes = parts->nodes.items;
    function->n_nodes = parts->nodes.len;
    function->opsets = parts->opsets.items;
    function->n_opsets = parts->opsets.len;
    function->defaults = parts->defaults.items;
    function->n_defaults = parts->defaults.len;
}

opsig_status ops_load_function(struct ops_loader *loader, const struct ops_field *field)
{
    struct function_parts parts = {.function = {.name = "", .domain = "", .overload = ""}};
    void *item;
    opsig_status status = OPSIG_OK;
    TRY(ops_wire_message(&loader->wire, field, &onnx__function_proto__descriptor, visit_function,
                         &parts));
    settle_function(&parts);
    parts.function.bytes = (struct onnx_range){ops_wire_begin(field), field->end};
    TRY(ops_loader_push(loader, &loader->functions, sizeof parts.function, &item));
    *(struct onnx_function *)item = parts.function;
done:
    return status;
}
