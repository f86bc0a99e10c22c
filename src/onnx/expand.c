/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is being copied is a stack of frames: graphs, and the bodies of functions. A body's nodes
 * go to the list of the graph that its call stands in, so that they take the call's place:
 *
 *      main:  a = F(x)          frames: [main] [body of F]
 *             y = Relu(a)       list of main: nodes of F's body, then Relu
 *
 * A body is read through its instance, which says what its names and parameters mean: the names
 * of formal inputs and outputs are those of the call, every other name is fresh. Fresh ids of an
 * instance follow one another, in the order of the function's names, so a name is found by one
 * binary search. A parameter is an attribute together with the instance that it was written in,
 * since a graph that is handed over keeps the names of the place it comes from. */
#include "onnx/expand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "onnx/functions.h"
#include "onnx/wire.h"

struct instance;

/** An attribute of a call, or a default of the function. */
struct parameter {
    const char *name;
    size_t order; /* of appearance; the first of a name counts */
    const struct onnx_attribute *attribute;
    const struct instance *home; /* where its graphs were written; NULL: the main graph */
};

/** A call under way. */
struct instance {
    const struct ops_target *target;
    uint32_t *ids; /* new value id of target->names[i] */
    const struct parameter *parameters; /* ascending by name */
    size_t n_parameters;
    const char *scope;
    int64_t call; /* offset of the outermost call */
};

/** Nodes that are being copied. */
struct frame {
    const struct onnx_node *nodes;
    size_t n_nodes, next;
    const struct instance *instance; /* that the nodes are read through; NULL: as they are */
    uint32_t depth;                  /* of nested graphs */
    size_t list;                     /* index of the frame that collects the copies */
    struct onnx_graph *graph;        /* to be filled in at the end; NULL: a body */
    OPS_VEC(struct onnx_node) copies;
};

struct expansion {
    struct ops_functions functions;
    struct ops_arena *arena;
    const opsig_limits *limits;
    opsig_error *err;
    OPS_VEC(struct frame) frames;
    size_t n_copies;
    uint64_t n_fresh;  /* value ids that the model's table does not have */
    uint32_t n_values; /* one past the largest value id */
};

static opsig_status take(const struct expansion *x, size_t count, size_t size, void **out)
{
    *out = NULL;
    if (count == 0) {
        return OPSIG_OK;
    }
    *out = ops_arena_zalloc(x->arena, count, size);
    if (*out != NULL) {
        return OPSIG_OK;
    }
    if (ops_arena_fits(x->arena, count, size)) {
        return ops_error_nomem(x->err);
    }
    return ops_error_set(x->err, OPSIG_LIMIT, "limit", -1,
                         "takes more than %llu bytes of memory with its functions expanded "
                         "(--max-model-memory)",
                         (unsigned long long)x->limits->max_memory);
}

static uint32_t map_value(const struct instance *instance, uint32_t value)
{
    if (instance == NULL || value == OPS_NO_VALUE) {
        return value;
    }
    return instance->ids[ops_find_u32(instance->target->names, instance->target->n_names, value)];
}

static opsig_status map_values(const struct expansion *x, const struct instance *instance,
                               const uint32_t *values, size_t n, const uint32_t **out)
{
    void *memory;
    const opsig_status status = take(x, n, sizeof *values, &memory);
    if (status == OPSIG_OK) {
        uint32_t *const copy = memory;
        for (size_t i = 0; i < n; i++) {
            copy[i] = map_value(instance, values[i]);
        }
        *out = copy;
    }
    return status;
}

static opsig_status map_infos(const struct expansion *x, const struct instance *instance,
                              const struct onnx_value_info *infos, size_t n,
                              const struct onnx_value_info **out)
{
    void *memory;
    const opsig_status status = take(x, n, sizeof *infos, &memory);
    if (status == OPSIG_OK) {
        struct onnx_value_info *const copy = memory;
        for (size_t i = 0; i < n; i++) {
            copy[i] = infos[i];
            copy[i].name = map_value(instance, infos[i].name);
        }
        *out = copy;
    }
    return status;
}

static opsig_status map_initializers(const struct expansion *x, const struct instance *instance,
                                     struct onnx_graph *graph)
{
    void *memory;
    const opsig_status status =
        take(x, graph->n_initializers, sizeof *graph->initializers, &memory);
    if (status == OPSIG_OK) {
        struct onnx_tensor *const copy = memory;
        for (size_t i = 0; i < graph->n_initializers; i++) {
            copy[i] = graph->initializers[i];
            copy[i].name = map_value(instance, copy[i].name);
        }
        graph->initializers = copy;
    }
    return status;
}

/** Begins to copy a graph. *out is complete when its frame has been left. */
static opsig_status push_graph(struct expansion *x, const struct onnx_graph *graph,
                               const struct instance *instance, uint32_t depth,
                               struct onnx_graph **out)
{
    void *memory;
    opsig_status status = OPSIG_OK;
    const uint32_t max =
        x->limits->max_depth < OPS_WIRE_MAX_DEPTH ? x->limits->max_depth : OPS_WIRE_MAX_DEPTH;
    if (depth * 3 + 1 > max) { /* a graph, a node and an attribute a level, as in a file */
        return ops_error_set(x->err, OPSIG_LIMIT, "limit", -1,
                             "graphs are nested deeper than %u message levels once functions "
                             "are expanded (--max-depth)",
                             max);
    }
    TRY(take(x, 1, sizeof **out, &memory));
    *out = memory;
    **out = *graph;
    if (instance != NULL) {
        TRY(map_infos(x, instance, graph->inputs, graph->n_inputs, &(*out)->inputs));
        TRY(map_infos(x, instance, graph->outputs, graph->n_outputs, &(*out)->outputs));
        TRY(map_infos(x, instance, graph->value_infos, graph->n_value_infos,
                      &(*out)->value_infos));
        TRY(map_initializers(x, instance, *out));
    }
    const struct frame frame = {.nodes = graph->nodes,
                                .n_nodes = graph->n_nodes,
                                .instance = instance,
                                .depth = depth,
                                .list = x->frames.len,
                                .graph = *out};
    TRY(ops_vec_push(&x->frames, frame, x->err));
done:
    return status;
}

static int compare_names(const void *name, const void *parameter)
{
    return strcmp(name, ((const struct parameter *)parameter)->name);
}

/** What an attribute comes to where it is read: itself, or the parameter that it refers to.
 *  .attribute is NULL where that was not given. */
static struct parameter resolve(const struct onnx_attribute *attribute,
                                const struct instance *instance)
{
    if (instance == NULL || attribute->ref_attr_name[0] == '\0') {
        return (struct parameter){.attribute = attribute, .home = instance};
    }
    const struct parameter *const found =
        instance->n_parameters == 0
            ? NULL
            : bsearch(attribute->ref_attr_name, instance->parameters, instance->n_parameters,
                      sizeof *instance->parameters, compare_names);
    return found != NULL ? *found : (struct parameter){0};
}

/** Copies attributes, with references resolved and graphs begun. */
static opsig_status copy_attributes(struct expansion *x, const struct instance *instance,
                                    uint32_t depth, struct onnx_node *node)
{
    void *memory;
    uint32_t n = 0;
    opsig_status status = OPSIG_OK;
    TRY(take(x, node->n_attributes, sizeof *node->attributes, &memory));
    struct onnx_attribute *const copies = memory;
    for (uint32_t a = 0; a < node->n_attributes; a++) {
        const struct parameter value = resolve(&node->attributes[a], instance);
        if (value.attribute == NULL) {
            continue;
        }
        struct onnx_attribute *const copy = &copies[n++];
        *copy = *value.attribute;
        copy->name = node->attributes[a].name;
        TRY(take(x, copy->n_graphs, sizeof *copy->graphs, &memory));
        struct onnx_graph **const graphs = memory;
        for (size_t g = 0; g < copy->n_graphs; g++) {
            TRY(push_graph(x, copy->graphs[g], value.home, depth + 1, &graphs[g]));
        }
        copy->graphs = graphs;
    }
    node->attributes = copies;
    node->n_attributes = n;
done:
    return status;
}

/** Whether a node's attributes mean the same wherever it stands. */
static bool are_plain(const struct onnx_node *node)
{
    for (uint32_t a = 0; a < node->n_attributes; a++) {
        if (node->attributes[a].n_graphs > 0 || node->attributes[a].ref_attr_name[0] != '\0') {
            return false;
        }
    }
    return true;
}

static opsig_status copy_node(struct expansion *x, const struct onnx_node *node,
                              const struct instance *instance, uint32_t depth, size_t list)
{
    struct onnx_node copy = *node;
    opsig_status status = OPSIG_OK;
    if (x->n_copies++ >= x->limits->max_nodes) { /* graphs as parameters can pass the count */
        return ops_error_set(x->err, OPSIG_LIMIT, "limit", -1,
                             "more than %u nodes after expansion of its functions (--max-nodes)",
                             x->limits->max_nodes);
    }
    if (instance != NULL) {
        copy.scope = instance->scope;
        copy.call = instance->call;
        TRY(map_values(x, instance, node->inputs, node->n_inputs, &copy.inputs));
        TRY(map_values(x, instance, node->outputs, node->n_outputs, &copy.outputs));
    }
    if (!are_plain(node)) {
        TRY(copy_attributes(x, instance, depth, &copy));
    }
    TRY(ops_vec_push(&x->frames.items[list].copies, copy, x->err));
done:
    return status;
}

/** "outer/call/" */
static opsig_status make_scope(const struct expansion *x, const struct onnx_node *call,
                               const struct instance *outer, const char **out)
{
    void *memory;
    const char *const before = outer != NULL ? outer->scope : "";
    const char *const name = call->name[0] != '\0' ? call->name : call->op_type;
    const size_t size = strlen(before) + strlen(name) + sizeof "/";
    const opsig_status status = take(x, size, 1, &memory);
    if (status == OPSIG_OK) {
        (void)snprintf(memory, size, "%s%s/", before, name);
        *out = memory;
    }
    return status;
}

static int compare_parameters(const void *left, const void *right)
{
    const struct parameter *const a = left;
    const struct parameter *const b = right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/** Sorts parameters by name and leaves the first of each name. */
static size_t sort_parameters(struct parameter *parameters, size_t n)
{
    size_t kept = 0;
    if (n > 1) {
        qsort(parameters, n, sizeof *parameters, compare_parameters);
    }
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || strcmp(parameters[kept - 1].name, parameters[i].name) != 0) {
            parameters[kept++] = parameters[i];
        }
    }
    return kept;
}

/** Gives an instance its parameters: the call's attributes, then the function's defaults. */
static opsig_status bind_parameters(const struct expansion *x, const struct onnx_node *call,
                                    const struct instance *outer, struct instance *inner)
{
    const struct onnx_function *const function = inner->target->function;
    void *memory;
    size_t n = 0;
    const opsig_status status = take(x, call->n_attributes + function->n_defaults,
                                     sizeof *inner->parameters, &memory);
    if (status != OPSIG_OK) {
        return status;
    }
    struct parameter *const parameters = memory;
    for (uint32_t a = 0; a < call->n_attributes; a++) {
        struct parameter value = resolve(&call->attributes[a], outer);
        value.name = call->attributes[a].name;
        value.order = n;
        if (value.attribute != NULL) {
            parameters[n++] = value;
        }
    }
    for (size_t d = 0; d < function->n_defaults; d++) {
        const struct onnx_attribute *const attribute = &function->defaults[d];
        parameters[n] = (struct parameter){attribute->name, n, attribute, inner};
        n++;
    }
    inner->parameters = parameters;
    inner->n_parameters = sort_parameters(parameters, n);
    return status;
}

/** Number of values that a call gives, omitted ones at the end not counted. */
static uint32_t count_given(const uint32_t *values, uint32_t n)
{
    while (n > 0 && values[n - 1] == OPS_NO_VALUE) {
        n--;
    }
    return n;
}

static opsig_status check_call(const struct expansion *x, const struct onnx_node *call,
                               const struct onnx_function *function)
{
    const uint32_t n_inputs = count_given(call->inputs, call->n_inputs);
    const uint32_t n_outputs = count_given(call->outputs, call->n_outputs);
    if (n_inputs <= function->n_inputs && n_outputs <= function->n_outputs) {
        return OPSIG_OK;
    }
    return ops_error_set(x->err, OPSIG_FORMAT, "malformed", call->offset,
                         "a call (%.80s) of function %.80s has %u inputs and %u outputs, the "
                         "function %u and %u",
                         call->name[0] != '\0' ? call->name : "unnamed", function->name, n_inputs,
                         n_outputs, function->n_inputs, function->n_outputs);
}

/** Gives an instance its names. An input that the call omits is no value; an output that it
 *  omits has a fresh name, as the inner values have. */
static opsig_status bind_values(struct expansion *x, const struct onnx_node *call,
                                const struct instance *outer, struct instance *inner)
{
    const struct ops_target *const target = inner->target;
    const struct onnx_function *const function = target->function;
    void *memory;
    const opsig_status status = take(x, target->n_names, sizeof *inner->ids, &memory);
    if (status != OPSIG_OK) {
        return status;
    }
    x->n_fresh += target->n_names;
    if (x->n_fresh > x->limits->max_edges || x->n_fresh > UINT32_MAX / 2) {
        return ops_error_set(x->err, OPSIG_LIMIT, "limit", call->offset,
                             "more than %u values after expansion of its functions "
                             "(--max-model-edges)",
                             x->limits->max_edges);
    }
    inner->ids = memory;
    for (size_t i = 0; i < target->n_names; i++) {
        inner->ids[i] = x->n_values++;
    }
    for (uint32_t i = 0; i < function->n_outputs && i < call->n_outputs; i++) {
        if (call->outputs[i] != OPS_NO_VALUE) {
            inner->ids[ops_find_u32(target->names, target->n_names, function->outputs[i])] =
                map_value(outer, call->outputs[i]);
        }
    }
    for (uint32_t i = 0; i < function->n_inputs; i++) {
        inner->ids[ops_find_u32(target->names, target->n_names, function->inputs[i])] =
            i < call->n_inputs ? map_value(outer, call->inputs[i]) : OPS_NO_VALUE;
    }
    return OPSIG_OK;
}

/** Begins to copy the body of a function in the place of its call. */
static opsig_status push_body(struct expansion *x, const struct onnx_node *call,
                              const struct instance *outer, struct ops_target *target,
                              uint32_t depth, size_t list)
{
    void *memory;
    opsig_status status = OPSIG_OK;
    TRY(check_call(x, call, target->function));
    if (target->names == NULL) {
        TRY(ops_functions_names(target, x->arena, x->err));
    }
    TRY(take(x, 1, sizeof(struct instance), &memory));
    struct instance *const inner = memory;
    inner->target = target;
    inner->call = outer != NULL ? outer->call : call->offset;
    TRY(make_scope(x, call, outer, &inner->scope));
    TRY(bind_parameters(x, call, outer, inner));
    TRY(bind_values(x, call, outer, inner));
    const struct frame frame = {.nodes = target->function->nodes,
                                .n_nodes = target->function->n_nodes,
                                .instance = inner,
                                .depth = depth,
                                .list = list};
    TRY(ops_vec_push(&x->frames, frame, x->err));
done:
    return status;
}

/** Ends with the innermost frame. */
static opsig_status leave(struct expansion *x)
{
    struct frame *const frame = &x->frames.items[x->frames.len - 1];
    struct onnx_graph *const graph = frame->graph;
    opsig_status status = OPSIG_OK;
    if (graph != NULL) {
        const size_t n = frame->copies.len;
        void *memory;
        TRY(take(x, n, sizeof *graph->nodes, &memory));
        if (n > 0) {
            memcpy(memory, frame->copies.items, n * sizeof *graph->nodes);
        }
        graph->nodes = memory;
        graph->n_nodes = n;
    }
    ops_vec_dispose(&frame->copies);
    x->frames.len--;
done:
    return status;
}

/** Copies the next node of the innermost frame, or begins with what it calls. */
static opsig_status step(struct expansion *x)
{
    struct frame *const frame = &x->frames.items[x->frames.len - 1];
    if (frame->next == frame->n_nodes) {
        return leave(x);
    }
    const struct onnx_node *const node = &frame->nodes[frame->next++];
    struct ops_target *target;
    const opsig_status status = ops_functions_find(&x->functions, node, &target, x->err);
    if (status != OPSIG_OK) {
        return status;
    }
    /* what follows may move the frames */
    const struct instance *const instance = frame->instance;
    const uint32_t depth = frame->depth;
    const size_t list = frame->list;
    return target != NULL ? push_body(x, node, instance, target, depth, list)
                          : copy_node(x, node, instance, depth, list);
}

static opsig_status expand(struct expansion *x, struct onnx_graph **out)
{
    opsig_status status = OPSIG_OK;
    TRY(push_graph(x, x->functions.model->graph, NULL, 0, out));
    while (x->frames.len > 0) {
        TRY(ops_deadline_check(&x->functions.deadline, x->err));
        TRY(step(x));
    }
done:
    for (size_t i = 0; i < x->frames.len; i++) {
        ops_vec_dispose(&x->frames.items[i].copies);
    }
    ops_vec_dispose(&x->frames);
    return status;
}

opsig_status ops_expand_functions(const struct onnx_graph **out, uint32_t *values,
                                  struct ops_arena *arena, const opsig_model *model,
                                  const opsig_limits *limits, opsig_error *err)
{
    struct expansion x = {.arena = arena,
                          .limits = limits,
                          .err = err,
                          .n_values = ops_intern_count(model->values)};
    struct onnx_graph *graph = model->graph;
    bool any = false;
    opsig_status status = OPSIG_OK;
    *out = NULL;
    if (model->n_functions > 0) {
        TRY(ops_functions_init(&x.functions, model, limits, err));
        TRY(ops_functions_count(&x.functions, limits, &any, err));
    }
    if (any) {
        TRY(expand(&x, &graph));
    }
    *out = graph;
    *values = x.n_values;
done:
    ops_functions_dispose(&x.functions);
    return status;
}
