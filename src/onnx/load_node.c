/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes and their attributes. An attribute's type says which of its values counts; where the file
 * leaves it out (IR version 1) it follows from the value that is there. */
#include <string.h>

#include "onnx.pb-c.h"

#include "onnx/loader.h"

enum {
    ATTRIBUTE_NAME = 1,
    ATTRIBUTE_F = 2,
    ATTRIBUTE_I = 3,
    ATTRIBUTE_S = 4,
    ATTRIBUTE_T = 5,
    ATTRIBUTE_G = 6,
    ATTRIBUTE_FLOATS = 7,
    ATTRIBUTE_INTS = 8,
    ATTRIBUTE_STRINGS = 9,
    ATTRIBUTE_TENSORS = 10,
    ATTRIBUTE_GRAPHS = 11,
    ATTRIBUTE_TP = 14,
    ATTRIBUTE_TYPE_PROTOS = 15,
    ATTRIBUTE_TYPE = 20,
    ATTRIBUTE_REF_ATTR_NAME = 21,
    ATTRIBUTE_SPARSE_TENSOR = 22,
    ATTRIBUTE_SPARSE_TENSORS = 23
};

/** An attribute being read. */
struct attribute_parts {
    struct onnx_attribute *attribute;
    uint32_t fields; /* bit n: field n was there */
    struct ops_tensor_parts t;
    struct ops_graph_parts *g;
    struct ops_list floats, ints, strings, graphs;
};

/** Field that is there, and the type that it tells of; the first counts. */
static const struct {
    uint8_t field, type;
} types_of_fields[] = {
    {ATTRIBUTE_G, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH},
    {ATTRIBUTE_GRAPHS, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPHS},
    {ATTRIBUTE_T, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR},
    {ATTRIBUTE_I, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT},
    {ATTRIBUTE_F, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT},
    {ATTRIBUTE_S, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING},
    {ATTRIBUTE_INTS, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS},
    {ATTRIBUTE_FLOATS, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS},
    {ATTRIBUTE_STRINGS, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS},
    {ATTRIBUTE_TENSORS, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSORS},
    {ATTRIBUTE_SPARSE_TENSOR, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSOR},
    {ATTRIBUTE_SPARSE_TENSORS, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSORS},
    {ATTRIBUTE_TP, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TYPE_PROTO},
    {ATTRIBUTE_TYPE_PROTOS, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TYPE_PROTOS},
};

static int32_t infer_type(uint32_t fields)
{
    for (size_t i = 0; i < sizeof types_of_fields / sizeof types_of_fields[0]; i++) {
        if ((fields >> types_of_fields[i].field & 1) != 0) {
            return types_of_fields[i].type;
        }
    }
    return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED;
}

/** A number that the enum does not know is an unknown field, as in protobuf. */
static opsig_status read_type(struct ops_loader *loader, const struct ops_field *field,
                              int32_t *out)
{
    int64_t number;
    const opsig_status status = ops_wire_int(&loader->wire, field, &number);
    if (status == OPSIG_OK && number >= 0 &&
        number <= ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TYPE_PROTOS) {
        *out = (int32_t)number;
    }
    return status;
}

static opsig_status read_string(struct ops_loader *loader, const struct ops_field *field,
                                struct ops_list *strings)
{
    void *item;
    const opsig_status status =
        ops_loader_push(loader, strings, sizeof(struct onnx_bytes), &item);
    return status == OPSIG_OK ? ops_loader_bytes(loader, field, item) : status;
}

static opsig_status push_graph(struct ops_loader *loader, struct ops_graph_parts *parts,
                               struct ops_list *graphs)
{
    void *item;
    const opsig_status status =
        ops_loader_push(loader, graphs, sizeof(struct onnx_graph *), &item);
    if (status == OPSIG_OK) {
        *(struct onnx_graph **)item = &parts->graph;
    }
    return status;
}

static opsig_status read_graphs(struct ops_loader *loader, const struct ops_field *field,
                                struct ops_list *graphs)
{
    struct ops_graph_parts *parts = NULL;
    const opsig_status status = ops_load_graph(loader, field, &parts);
    return status == OPSIG_OK ? push_graph(loader, parts, graphs) : status;
}

static opsig_status visit_attribute(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct attribute_parts *const parts = to;
    struct onnx_attribute *const attribute = parts->attribute;
    if (field->number < 32) {
        parts->fields |= UINT32_C(1) << field->number;
    }
    switch (field->number) {
    case ATTRIBUTE_NAME:
        return ops_loader_string(loader, field, &attribute->name);
    case ATTRIBUTE_F:
        return ops_wire_float(&loader->wire, field, &attribute->f);
    case ATTRIBUTE_I:
        return ops_wire_int(&loader->wire, field, &attribute->i);
    case ATTRIBUTE_S:
        return ops_loader_bytes(loader, field, &attribute->s);
    case ATTRIBUTE_T:
        return ops_load_tensor(loader, field, &parts->t);
    case ATTRIBUTE_G:
        return ops_load_graph(loader, field, &parts->g);
    case ATTRIBUTE_FLOATS:
        return ops_loader_floats(loader, field, &parts->floats);
    case ATTRIBUTE_INTS:
        return ops_loader_ints(loader, field, &parts->ints);
    case ATTRIBUTE_STRINGS:
        return read_string(loader, field, &parts->strings);
    case ATTRIBUTE_GRAPHS:
        return read_graphs(loader, field, &parts->graphs);
    case ATTRIBUTE_TYPE:
        return read_type(loader, field, &attribute->type);
    case ATTRIBUTE_REF_ATTR_NAME:
        return ops_loader_string(loader, field, &attribute->ref_attr_name);
    default:
        return OPSIG_OK;
    }
}

/** Graphs in order: g, then those of graphs. */
static opsig_status finish_graphs(struct ops_loader *loader, struct attribute_parts *parts)
{
    struct onnx_attribute *const attribute = parts->attribute;
    struct ops_list all = {0};
    void *item;
    opsig_status status = OPSIG_OK;
    if (parts->g == NULL) {
        attribute->graphs = parts->graphs.items;
        attribute->n_graphs = parts->graphs.len;
        return OPSIG_OK;
    }
    TRY(push_graph(loader, parts->g, &all));
    for (size_t i = 0; i < parts->graphs.len; i++) {
        TRY(ops_loader_push(loader, &all, sizeof(struct onnx_graph *), &item));
        *(struct onnx_graph **)item = ((struct onnx_graph **)parts->graphs.items)[i];
    }
    attribute->graphs = all.items;
    attribute->n_graphs = all.len;
done:
    return status;
}

opsig_status ops_load_attribute(struct ops_loader *loader, const struct ops_field *field,
                                struct onnx_attribute *out)
{
    struct attribute_parts parts = {.attribute = out};
    void *tensor = NULL;
    opsig_status status = OPSIG_OK;
    *out = (struct onnx_attribute){.name = "", .ref_attr_name = "", .s = {"", 0}};
    TRY(ops_wire_message(&loader->wire, field, &onnx__attribute_proto__descriptor,
                         visit_attribute, &parts));
    TRY(finish_graphs(loader, &parts));
    if ((parts.fields >> ATTRIBUTE_T & 1) != 0) {
        TRY(ops_loader_copy(loader, &parts.t.tensor, 0, 1, sizeof parts.t.tensor, &tensor));
    }
    out->tensor = tensor;
    out->floats = parts.floats.items;
    out->n_floats = parts.floats.len;
    out->ints = parts.ints.items;
    out->n_ints = parts.ints.len;
    out->strings = parts.strings.items;
    out->n_strings = parts.strings.len;
    if (out->type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED) {
        out->type = infer_type(parts.fields);
    }
done:
    return status;
}

enum {
    NODE_INPUT = 1,
    NODE_OUTPUT = 2,
    NODE_NAME = 3,
    NODE_OP_TYPE = 4,
    NODE_ATTRIBUTE = 5,
    NODE_DOMAIN = 7,
    NODE_OVERLOAD = 8
};

/** Reads a value onto one of the stacks of the bench. */
static opsig_status push_value(struct ops_loader *loader, const struct ops_field *field,
                               struct ops_value_stack *values)
{
    uint32_t value;
    opsig_status status = OPSIG_OK;
    TRY(ops_loader_fits(loader, values->len + 1, sizeof value));
    TRY(ops_loader_value(loader, field, &value));
    TRY(ops_vec_push(values, value, loader->err));
done:
    return status;
}

static opsig_status push_attribute(struct ops_loader *loader, const struct ops_field *field,
                                   struct onnx_node *node)
{
    struct onnx_attribute attribute;
    opsig_status status = OPSIG_OK;
    if (node->n_attributes >= loader->limits->max_attributes) {
        return ops_error_set(loader->err, OPSIG_LIMIT, "limit", (int64_t)field->offset,
                             "a node with more than %u attributes (--max-attributes)",
                             loader->limits->max_attributes);
    }
    node->n_attributes++;
    TRY(ops_loader_fits(loader, loader->attributes.len + 1, sizeof attribute));
    TRY(ops_load_attribute(loader, field, &attribute));
    if (attribute.name[0] != '\0' || attribute.n_graphs > 0) { /* nothing refers to others */
        TRY(ops_vec_push(&loader->attributes, attribute, loader->err));
    }
done:
    return status;
}

static opsig_status visit_node(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct onnx_node *const node = to;
    switch (field->number) {
    case NODE_INPUT:
        return push_value(loader, field, &loader->inputs);
    case NODE_OUTPUT:
        return push_value(loader, field, &loader->outputs);
    case NODE_NAME:
        return ops_loader_string(loader, field, &node->name);
    case NODE_OP_TYPE:
        return ops_loader_string(loader, field, &node->op_type);
    case NODE_ATTRIBUTE:
        return push_attribute(loader, field, node);
    case NODE_DOMAIN:
        return ops_loader_string(loader, field, &node->domain);
    case NODE_OVERLOAD:
        return ops_loader_string(loader, field, &node->overload);
    default:
        return OPSIG_OK;
    }
}

/** Where a node's items begin on the stacks. */
struct stack_marks {
    size_t inputs, outputs, attributes;
};

/** Moves what lies above `from` on a stack. */
static void copy_values(uint32_t *to, struct ops_value_stack *stack, size_t from)
{
    if (stack->len > from) {
        memcpy(to, stack->items + from, (stack->len - from) * sizeof *to);
    }
    stack->len = from;
}

/** Copies what the node has put on the stacks: inputs and outputs into one array. */
static opsig_status unload(struct ops_loader *loader, struct stack_marks from,
                           struct onnx_node *node)
{
    void *memory;
    opsig_status status = OPSIG_OK;
    const size_t n_inputs = loader->inputs.len - from.inputs;
    const size_t n_outputs = loader->outputs.len - from.outputs;
    const size_t n_attributes = loader->attributes.len - from.attributes;
    TRY(ops_loader_alloc(loader, n_inputs + n_outputs, sizeof(uint32_t), &memory));
    uint32_t *const values = memory;
    copy_values(values, &loader->inputs, from.inputs);
    copy_values(values + n_inputs, &loader->outputs, from.outputs);
    TRY(ops_loader_copy(loader, loader->attributes.items, from.attributes, n_attributes,
                        sizeof *node->attributes, &memory));
    node->inputs = values;
    node->outputs = values + n_inputs;
    node->attributes = memory;
    node->n_inputs = (uint32_t)n_inputs;
    node->n_outputs = (uint32_t)n_outputs;
    node->n_attributes = (uint32_t)n_attributes;
    loader->attributes.len = from.attributes;
done:
    return status;
}

static opsig_status check_node(const struct ops_loader *loader, const struct onnx_node *node,
                               size_t index)
{
    if (node->op_type[0] != '\0') {
        return OPSIG_OK;
    }
    return ops_error_set(loader->err, OPSIG_FORMAT, "missing-op-type", node->offset,
                         "node %zu (%s) has no op_type", index,
                         node->name[0] != '\0' ? node->name : "unnamed");
}

opsig_status ops_load_node(struct ops_loader *loader, const struct ops_field *field,
                           struct ops_list *nodes)
{
    void *item;
    opsig_status status = OPSIG_OK;
    if (loader->n_nodes >= loader->limits->max_nodes) {
        return ops_error_set(loader->err, OPSIG_LIMIT, "limit", (int64_t)field->offset,
                             "more than %u nodes (--max-nodes)", loader->limits->max_nodes);
    }
    loader->n_nodes++;
    const struct stack_marks from = {loader->inputs.len, loader->outputs.len,
                                     loader->attributes.len};
    TRY(ops_loader_push(loader, nodes, sizeof(struct onnx_node), &item));
    struct onnx_node *const node = item;
    node->name = node->op_type = node->domain = node->overload = node->scope = "";
    node->offset = (int64_t)field->offset;
    node->call = -1;
    node->bytes = (struct onnx_range){ops_wire_begin(field), field->end};
    TRY(ops_wire_message(&loader->wire, field, &onnx__node_proto__descriptor, visit_node, node));
    node->domain = ops_domain(node->domain);
    TRY(unload(loader, from, node));
    TRY(check_node(loader, node, nodes->len - 1));
done:
    return status;
}
