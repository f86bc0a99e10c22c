/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slice as an ONNX model. What the file has is referred to by its place in it and copied when all
 * sizes are known; new are only the lengths around it, the opset imports, and types that the file
 * does not tell. */
#include "base/reader.h"
#include "graph/slice.h"
#include "onnx/write.h"

/* Fields of the messages that are written. */
enum {
    MODEL_IR_VERSION = 1,
    MODEL_PRODUCER_NAME = 2,
    MODEL_PRODUCER_VERSION = 3,
    MODEL_GRAPH = 7,
    MODEL_OPSET_IMPORT = 8,
    MODEL_FUNCTIONS = 25,
    OPSET_DOMAIN = 1,
    OPSET_VERSION = 2,
    GRAPH_NODE = 1,
    GRAPH_NAME = 2,
    GRAPH_INITIALIZER = 5,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12,
    GRAPH_VALUE_INFO = 13,
    GRAPH_SPARSE_INITIALIZER = 15,
    INFO_NAME = 1,
    INFO_TYPE = 2,
    TYPE_TENSOR = 1,
    TENSOR_ELEM_TYPE = 1,
    TENSOR_SHAPE = 2,
    SHAPE_DIM = 1,
    DIM_VALUE = 1,
    DIM_PARAM = 2
};

/** Whether the file itself says enough. */
static bool is_told(const struct onnx_value_info *info)
{
    return info != NULL && info->kind != 0 &&
           (info->kind != TYPE_TENSOR || (info->elem_type != 0 && info->rank >= 0));
}

/** Whether enough follows from the operators. */
static bool does_follow(const struct ops_fact_tensor *tensor)
{
    return tensor != NULL && tensor->kind == OPS_VALUE_TENSOR && tensor->element_type != 0 &&
           tensor->rank >= 0;
}

bool ops_slice_is_typed(const struct ops_source *source)
{
    return is_told(source->info) || source->initializer != NULL || does_follow(source->tensor);
}

static const char *name_of(const opsig_slice *slice, uint32_t value)
{
    return ops_intern_text(slice->model->values, value);
}

static void add_dim(struct onnx_message *shape, int64_t value, const char *name)
{
    struct onnx_message dim;
    onnx_message_init(&dim);
    if (value >= 0) {
        onnx_message_add_int(&dim, DIM_VALUE, value);
    } else if (name[0] != '\0') {
        onnx_message_add_text(&dim, DIM_PARAM, name);
    }
    onnx_message_add_message(shape, SHAPE_DIM, &dim);
    onnx_message_dispose(&dim);
}

/** The shape of an initializer, or else what follows from the operators. */
static void add_shape(struct onnx_message *type, const opsig_slice *slice,
                      const struct ops_source *source)
{
    struct onnx_message shape;
    onnx_message_init(&shape);
    if (source->initializer != NULL) {
        for (size_t i = 0; i < source->initializer->n_dims; i++) {
            add_dim(&shape, source->initializer->dims[i], "");
        }
    } else {
        for (int32_t i = 0; i < source->tensor->rank; i++) {
            const struct ops_fact_dim *const dim =
                &slice->facts->dims[source->tensor->dims + (uint32_t)i];
            add_dim(&shape, dim->value, slice->facts->text + dim->symbol);
        }
    }
    onnx_message_add_message(type, TENSOR_SHAPE, &shape);
    onnx_message_dispose(&shape);
}

static void add_type(struct onnx_message *info, const opsig_slice *slice,
                     const struct ops_source *source)
{
    struct onnx_message type;
    struct onnx_message tensor;
    onnx_message_init(&type);
    onnx_message_init(&tensor);
    onnx_message_add_int(&tensor, TENSOR_ELEM_TYPE,
                         source->initializer != NULL ? source->initializer->data_type
                                                     : source->tensor->element_type);
    add_shape(&tensor, slice, source);
    onnx_message_add_message(&type, TYPE_TENSOR, &tensor);
    onnx_message_add_message(info, INFO_TYPE, &type);
    onnx_message_dispose(&tensor);
    onnx_message_dispose(&type);
}

/** What the file says of a value where that is enough or all there is, else what follows. */
static void add_info(const opsig_slice *slice, struct onnx_message *graph, uint32_t field,
                     uint32_t value)
{
    const struct ops_source *const source = &slice->sources[value];
    const bool follows = source->initializer != NULL || does_follow(source->tensor);
    struct onnx_message info;
    if (source->info != NULL && (is_told(source->info) || !follows)) {
        onnx_message_add_range(graph, field, &source->info->bytes);
        return;
    }
    onnx_message_init(&info);
    onnx_message_add_text(&info, INFO_NAME, name_of(slice, value));
    if (follows) {
        add_type(&info, slice, source);
    }
    onnx_message_add_message(graph, field, &info);
    onnx_message_dispose(&info);
}

static void add_nodes(const opsig_slice *slice, struct onnx_message *graph)
{
    for (size_t i = 0; i < slice->captured.len; i++) {
        const struct onnx_node *const node = ops_slice_writer(slice, slice->captured.items[i]);
        onnx_message_add_range(graph, GRAPH_NODE, &node->bytes);
    }
    for (size_t i = 0; i < slice->order.len; i++) {
        onnx_message_add_range(graph, GRAPH_NODE,
                               &ops_slice_graph(slice)->nodes[slice->order.items[i]].bytes);
    }
}

static void add_initializers(const opsig_slice *slice, struct onnx_message *graph)
{
    for (size_t i = 0; i < slice->initializers.len; i++) {
        const struct onnx_tensor *const tensor =
            slice->sources[slice->initializers.items[i]].initializer;
        onnx_message_add_range(graph,
                               tensor->sparse ? GRAPH_SPARSE_INITIALIZER : GRAPH_INITIALIZER,
                               &tensor->bytes);
    }
}

/** Types of the values inside, as far as the file has them. */
static void add_inner_infos(const opsig_slice *slice, struct onnx_message *graph)
{
    for (size_t i = 0; i < slice->order.len; i++) {
        const struct onnx_node *const node = &ops_slice_graph(slice)->nodes[slice->order.items[i]];
        for (uint32_t o = 0; o < node->n_outputs; o++) {
            const struct onnx_value_info *const info = slice->sources[node->outputs[o]].info;
            if (info != NULL && !slice->sources[node->outputs[o]].is_output) {
                onnx_message_add_range(graph, GRAPH_VALUE_INFO, &info->bytes);
            }
        }
    }
}

static void add_graph(const opsig_slice *slice, struct onnx_message *model)
{
    struct onnx_message graph;
    const char *const name = ops_slice_graph(slice)->name;
    onnx_message_init(&graph);
    add_nodes(slice, &graph);
    onnx_message_add_text(&graph, GRAPH_NAME, name[0] != '\0' ? name : "slice");
    add_initializers(slice, &graph);
    for (size_t i = 0; i < slice->inputs.len; i++) {
        add_info(slice, &graph, GRAPH_INPUT, slice->inputs.items[i]);
    }
    for (size_t i = 0; i < slice->outputs.len; i++) {
        add_info(slice, &graph, GRAPH_OUTPUT, slice->outputs.items[i]);
    }
    add_inner_infos(slice, &graph);
    onnx_message_add_message(model, MODEL_GRAPH, &graph);
    onnx_message_dispose(&graph);
}

static void add_opset(struct onnx_message *model, const struct onnx_opset *opset)
{
    struct onnx_message message;
    onnx_message_init(&message);
    onnx_message_add_text(&message, OPSET_DOMAIN, opset->domain);
    onnx_message_add_int(&message, OPSET_VERSION, opset->version);
    onnx_message_add_message(model, MODEL_OPSET_IMPORT, &message);
    onnx_message_dispose(&message);
}

static void add_model(const opsig_slice *slice, struct onnx_message *model)
{
    if (slice->model->ir_version != 0) {
        onnx_message_add_int(model, MODEL_IR_VERSION, slice->model->ir_version);
    }
    onnx_message_add_text(model, MODEL_PRODUCER_NAME, slice->model->producer_name);
    onnx_message_add_text(model, MODEL_PRODUCER_VERSION, slice->model->producer_version);
    add_graph(slice, model);
    for (size_t i = 0; i < slice->model->n_opsets; i++) {
        add_opset(model, &slice->model->opsets[i]);
    }
    for (size_t i = 0; i < slice->functions.len; i++) {
        onnx_message_add_range(model, MODEL_FUNCTIONS, &slice->functions.items[i]->bytes);
    }
}

opsig_status opsig_slice_write(opsig_slice *slice, FILE *stream, opsig_error *err)
{
    struct onnx_message model;
    struct ops_reader *reader = NULL;
    opsig_status status = OPSIG_OK;
    onnx_message_init(&model);
    ops_deadline_start(&slice->deadline, slice->limits.timeout, slice->limits.cancel);
    add_model(slice, &model);
    TRY(onnx_message_status(&model, err));
    TRY(ops_reader_open(&reader, slice->path, slice->limits.max_file_size, err));
    TRY(onnx_message_write(&model, reader, stream, &slice->deadline, err));
done:
    ops_reader_free(reader);
    onnx_message_dispose(&model);
    return status;
}
