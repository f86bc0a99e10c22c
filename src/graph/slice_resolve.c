/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who defines a name: graphs are entered from the main graph inwards, and an inner definition
 * takes the place of an outer one. What a node reads: its inputs, and whatever its bodies read
 * that they do not define themselves; while a body is walked, `inner` counts for each name in how
 * many graphs below the node it is defined. */
#include "graph/slice.h"

#include "graph/walk.h"

static void define(struct ops_source *sources, uint32_t value, uint32_t scope,
                   enum ops_source_kind kind, uint32_t node)
{
    struct ops_source *const source = &sources[value];
    if (value == OPS_NO_VALUE) {
        return;
    }
    if (source->scope != scope) {
        *source = (struct ops_source){.scope = scope};
    }
    if (source->kind != OPS_SOURCE_NODE) { /* of two Constants the first counts */
        source->kind = kind;
        source->node = node;
    }
}

static void describe(struct ops_source *sources, const struct onnx_value_info *infos, size_t n,
                     uint32_t scope)
{
    for (size_t i = 0; i < n; i++) {
        struct ops_source *const source = &sources[infos[i].name];
        if (source->scope == scope && (source->info == NULL || source->info->kind == 0)) {
            source->info = &infos[i];
        }
    }
}

static void define_graph(struct ops_source *sources, const struct onnx_graph *graph,
                         uint32_t scope)
{
    for (size_t i = 0; i < graph->n_inputs; i++) {
        define(sources, graph->inputs[i].name, scope, OPS_SOURCE_INPUT, 0);
        sources[graph->inputs[i].name].is_input = true;
    }
    for (size_t i = 0; i < graph->n_initializers; i++) {
        const struct onnx_tensor *const tensor = &graph->initializers[i];
        define(sources, tensor->name, scope, OPS_SOURCE_INITIALIZER, 0);
        sources[tensor->name].initializer = tensor;
    }
    for (size_t n = 0; n < graph->n_nodes; n++) {
        const struct onnx_node *const node = &graph->nodes[n];
        for (uint32_t i = 0; i < node->n_outputs; i++) {
            define(sources, node->outputs[i], scope, OPS_SOURCE_NODE, (uint32_t)n);
        }
    }
    describe(sources, graph->inputs, graph->n_inputs, scope);
    describe(sources, graph->value_infos, graph->n_value_infos, scope);
    describe(sources, graph->outputs, graph->n_outputs, scope);
    sources[OPS_NO_VALUE] = (struct ops_source){0};
}

const struct onnx_node *ops_slice_writer(const opsig_slice *slice, uint32_t value)
{
    const struct ops_source *const source = &slice->sources[value];
    return source->kind == OPS_SOURCE_NODE
               ? &slice->chain.items[source->scope - 1]->nodes[source->node]
               : NULL;
}

/** The walk over the graph that is cut. */
struct reading {
    opsig_slice *slice;
    uint32_t *inner; /* by value: graphs below the node at hand that define it */
    opsig_error *err;
};

static opsig_status read(const struct reading *reading, uint32_t value)
{
    return value == OPS_NO_VALUE || reading->inner[value] > 0
               ? OPSIG_OK
               : ops_vec_push(&reading->slice->reads, value, reading->err);
}

/** Adds `change` to the count of each name that a body defines. */
static void count_names(const struct reading *reading, const struct onnx_graph *body,
                        uint32_t change)
{
    for (size_t i = 0; i < body->n_inputs; i++) {
        reading->inner[body->inputs[i].name] += change;
    }
    for (size_t i = 0; i < body->n_initializers; i++) {
        reading->inner[body->initializers[i].name] += change;
    }
    for (size_t n = 0; n < body->n_nodes; n++) {
        for (uint32_t i = 0; i < body->nodes[n].n_outputs; i++) {
            reading->inner[body->nodes[n].outputs[i]] += change;
        }
    }
}

static opsig_status read_node(const struct reading *reading, const struct ops_walk *walk)
{
    opsig_status status = OPSIG_OK;
    if (walk->depth == 0) {
        const size_t n = walk->frames.items[0].n_visited - 1;
        reading->slice->read_begin[n] = (uint32_t)reading->slice->reads.len;
    }
    for (uint32_t i = 0; i < walk->node->n_inputs; i++) {
        TRY(read(reading, walk->node->inputs[i]));
    }
done:
    return status;
}

static opsig_status leave_body(const struct reading *reading, const struct onnx_graph *body)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < body->n_outputs; i++) {
        TRY(read(reading, body->outputs[i].name));
    }
    count_names(reading, body, UINT32_MAX); /* -1 */
done:
    return status;
}

static opsig_status step(const struct reading *reading, const struct ops_walk *walk,
                         enum ops_walk_event event)
{
    const bool is_body = walk->vertex != OPS_NO_VERTEX;
    switch (event) {
    case OPS_WALK_NODE:
        return read_node(reading, walk);
    case OPS_WALK_ENTER:
        if (is_body) {
            count_names(reading, walk->graph, 1);
        }
        return OPSIG_OK;
    case OPS_WALK_LEAVE:
        return is_body ? leave_body(reading, walk->graph) : OPSIG_OK;
    default:
        return OPSIG_OK;
    }
}

static opsig_status list_reads(opsig_slice *slice, size_t n_values, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct reading reading = {.slice = slice, .err = err};
    const struct onnx_graph *const graph = ops_slice_graph(slice);
    struct ops_walk walk;
    enum ops_walk_event event = OPS_WALK_ENTER;
    ops_walk_start(&walk, graph);
    reading.inner = ops_mem_zalloc(n_values, sizeof *reading.inner);
    slice->read_begin = ops_mem_zalloc(graph->n_nodes + 1, sizeof *slice->read_begin);
    TRY(reading.inner != NULL && slice->read_begin != NULL ? OPSIG_OK : ops_error_nomem(err));
    while (event != OPS_WALK_END) {
        TRY(ops_deadline_check(&slice->deadline, err));
        TRY(ops_walk_next(&walk, &event, err));
        TRY(step(&reading, &walk, event));
        if (slice->reads.len > slice->limits.max_edges) {
            TRY(ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                              "more than %u tensor reads (--max-model-edges)",
                              slice->limits.max_edges));
        }
    }
    slice->read_begin[graph->n_nodes] = (uint32_t)slice->reads.len;
done:
    ops_mem_free(reading.inner);
    ops_walk_dispose(&walk);
    return status;
}

opsig_status ops_slice_resolve(opsig_slice *slice, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n_values = ops_intern_count(slice->model->values);
    slice->sources = ops_mem_zalloc(n_values, sizeof *slice->sources);
    TRY(slice->sources != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (size_t i = 0; i < slice->chain.len; i++) {
        TRY(ops_deadline_check(&slice->deadline, err));
        define_graph(slice->sources, slice->chain.items[i], (uint32_t)i + 1);
    }
    TRY(list_reads(slice, n_values, err));
done:
    return status;
}
