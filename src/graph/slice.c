/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slice, decided step by step. The model is read a second time for it, since the operator
 * graph keeps nothing of the file. */
#include "graph/slice.h"

#include "base/mem.h"
#include "onnx/external.h"

enum { SLICE_OPTIONS_VERSION = 1 };

void opsig_slice_options_init(opsig_slice_options *options)
{
    *options = (opsig_slice_options){.version = SLICE_OPTIONS_VERSION};
    opsig_limits_init(&options->limits);
}

void opsig_slice_free(opsig_slice *slice)
{
    if (slice == NULL) {
        return;
    }
    ops_intern_free(slice->locations);
    ops_vec_dispose(&slice->functions);
    ops_vec_dispose(&slice->initializers);
    ops_vec_dispose(&slice->outputs);
    ops_vec_dispose(&slice->inputs);
    ops_vec_dispose(&slice->captured);
    ops_vec_dispose(&slice->order);
    ops_vec_dispose(&slice->reads);
    ops_mem_free(slice->read_begin);
    ops_mem_free(slice->sources);
    ops_mem_free(slice->kept);
    ops_vec_dispose(&slice->chain);
    ops_mem_free(slice->path);
    opsig_graph_free(slice->graph);
    opsig_model_free(slice->model);
    ops_mem_free(slice);
}

/* ---- what it refers to ---- */

static opsig_status find_external(opsig_slice *slice, opsig_error *err)
{
    struct onnx_external external = {.deadline = &slice->deadline,
                                     .max_depth = slice->limits.max_depth,
                                     .locations = slice->locations};
    const struct onnx_graph *const graph = ops_slice_graph(slice);
    opsig_status status = OPSIG_OK;
    TRY(ops_reader_open(&external.reader, slice->path, slice->limits.max_file_size, err));
    for (size_t i = 0; i < slice->order.len; i++) {
        TRY(onnx_external_find(&external, ONNX_PART_NODE,
                               &graph->nodes[slice->order.items[i]].bytes, err));
    }
    for (size_t i = 0; i < slice->captured.len; i++) {
        const struct onnx_node *const node = ops_slice_writer(slice, slice->captured.items[i]);
        TRY(onnx_external_find(&external, ONNX_PART_NODE, &node->bytes, err));
    }
    for (size_t i = 0; i < slice->initializers.len; i++) {
        const struct onnx_tensor *const tensor =
            slice->sources[slice->initializers.items[i]].initializer;
        TRY(onnx_external_find(&external,
                               tensor->sparse ? ONNX_PART_SPARSE_TENSOR : ONNX_PART_TENSOR,
                               &tensor->bytes, err));
    }
    for (size_t i = 0; i < slice->functions.len; i++) {
        TRY(onnx_external_find(&external, ONNX_PART_FUNCTION, &slice->functions.items[i]->bytes,
                               err));
    }
done:
    ops_reader_free(external.reader);
    return status;
}

static void count_untyped(opsig_slice *slice)
{
    for (size_t i = 0; i < slice->inputs.len; i++) {
        slice->n_untyped += !ops_slice_is_typed(&slice->sources[slice->inputs.items[i]]);
    }
    for (size_t i = 0; i < slice->outputs.len; i++) {
        slice->n_untyped += !ops_slice_is_typed(&slice->sources[slice->outputs.items[i]]);
    }
}

/* ---- the way of a slice ---- */

/** Loads the model with what is known of its tensors. */
static opsig_status load(opsig_slice *slice, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_model_load(&slice->model, slice->path, &slice->limits, true, err));
    TRY(opsig_graph_build(&slice->graph, slice->model, &slice->limits, err));
    slice->facts = ops_facts_of(slice->graph);
done:
    return status;
}

opsig_status opsig_slice_new(opsig_slice **out, const char *path, const uint32_t *vertices,
                             size_t n, const opsig_slice_options *options, opsig_error *err)
{
    opsig_slice_options defaults;
    opsig_status status = OPSIG_OK;
    *out = NULL;
    opsig_slice_options_init(&defaults);
    options = options != NULL ? options : &defaults;
    opsig_slice *slice = ops_mem_zalloc(1, sizeof *slice);
    TRY(slice != NULL ? OPSIG_OK : ops_error_nomem(err));
    slice->limits = options->limits;
    ops_deadline_start(&slice->deadline, options->limits.timeout, options->limits.cancel);
    slice->path = ops_mem_strdup(path);
    TRY(slice->path != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_intern_new(&slice->locations, err));
    TRY(load(slice, err));
    TRY(ops_slice_locate(slice, vertices, n, err));
    TRY(ops_slice_resolve(slice, err));
    TRY(ops_slice_find_types(slice, vertices[0], err));
    TRY(ops_slice_cut(slice, options->context, err));
    TRY(ops_slice_find_functions(slice, err));
    TRY(find_external(slice, err));
    count_untyped(slice);
    *out = slice;
    slice = NULL;
done:
    opsig_slice_free(slice);
    return status;
}

size_t opsig_slice_n_nodes(const opsig_slice *slice)
{
    return slice->order.len + slice->captured.len;
}

size_t opsig_slice_n_initializers(const opsig_slice *slice)
{
    return slice->initializers.len;
}

size_t opsig_slice_n_inputs(const opsig_slice *slice)
{
    return slice->inputs.len;
}

size_t opsig_slice_n_outputs(const opsig_slice *slice)
{
    return slice->outputs.len;
}

size_t opsig_slice_n_functions(const opsig_slice *slice)
{
    return slice->functions.len;
}

size_t opsig_slice_n_untyped(const opsig_slice *slice)
{
    return slice->n_untyped;
}

size_t opsig_slice_n_external(const opsig_slice *slice)
{
    return ops_intern_count(slice->locations);
}

const char *opsig_slice_external(const opsig_slice *slice, size_t i)
{
    return ops_intern_text(slice->locations, (uint32_t)i);
}
