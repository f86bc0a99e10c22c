/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file slice.h  A slice in the making: which nodes, and what they need.
 *
 *  What is cut is the innermost graph that holds all nodes asked for: the main graph, or a body.
 *  Its nodes are kept or left whole, with their bodies; the graphs around it give what bodies
 *  capture:
 *
 *      chain[0]  main graph:  w: initializer   c: output of node 3
 *      chain[1]  body:        x: input         y: output of node 0, which reads x, w and c
 *
 *  Node 0 alone has the inputs x and c, the initializer w and the output y.
 */
#ifndef OPSIG_GRAPH_SLICE_H
#define OPSIG_GRAPH_SLICE_H

#include <opsig/slice.h>

#include "base/deadline.h"
#include "base/vec.h"
#include "graph/facts.h"
#include "onnx/model.h"

enum ops_source_kind {
    OPS_SOURCE_NONE = 0, /* the name is not defined */
    OPS_SOURCE_INPUT,
    OPS_SOURCE_INITIALIZER, /* perhaps of an input too */
    OPS_SOURCE_NODE
};

/** Who defines a name in the graph that is cut or around it. */
struct ops_source {
    enum ops_source_kind kind;
    uint32_t scope; /* 1 + place in the chain */
    uint32_t node;  /* of that graph */
    bool is_input, is_output; /* of the graph; of the slice */
    const struct onnx_tensor *initializer;
    const struct onnx_value_info *info;   /* its type as the file tells it; NULL: it does not */
    const struct ops_fact_tensor *tensor; /* as it follows from the operators; NULL: not known */
};

struct opsig_slice {
    opsig_model *model;
    opsig_graph *graph; /* of it, for its facts */
    const struct ops_facts *facts;
    char *path;
    opsig_limits limits;
    struct ops_deadline deadline;
    OPS_VEC(const struct onnx_graph *) chain;
    bool *kept;                 /* nodes of the innermost graph */
    struct ops_source *sources; /* by value */
    uint32_t *read_begin;       /* of node n, in reads; n_nodes + 1 */
    OPS_VEC(uint32_t) reads;    /* values, those that bodies capture included */
    OPS_VEC(uint32_t) order;    /* kept nodes, writers before readers */
    OPS_VEC(uint32_t) captured; /* values of Constant nodes of the graphs around */
    OPS_VEC(uint32_t) inputs, outputs; /* values */
    OPS_VEC(uint32_t) initializers;    /* values */
    OPS_VEC(const struct onnx_function *) functions; /* called, directly or not */
    struct ops_intern *locations; /* of external data */
    size_t n_untyped;             /* inputs and outputs without type or shape */
};

/** The graph that is cut. */
static inline const struct onnx_graph *ops_slice_graph(const opsig_slice *slice)
{
    return slice->chain.items[slice->chain.len - 1];
}

/** The node that writes a value, in whatever graph of the chain; NULL: none. */
const struct onnx_node *ops_slice_writer(const opsig_slice *slice, uint32_t value);

/** Finds the types of values that follow from the operators.
 *  @param vertex  one of those asked for */
opsig_status ops_slice_find_types(opsig_slice *slice, uint32_t vertex, opsig_error *err);

/** Whether the model says all that a graph input or output needs: element type and rank. */
bool ops_slice_is_typed(const struct ops_source *source);

/** Finds the graph and marks its nodes that are, hold or call the vertices.
 *  @return OPSIG_USAGE for a vertex that the model does not have */
opsig_status ops_slice_locate(opsig_slice *slice, const uint32_t *vertices, size_t n,
                              opsig_error *err);
/** Finds out who defines each name, and what each node of the graph reads. */
opsig_status ops_slice_resolve(opsig_slice *slice, opsig_error *err);
/** Keeps also nodes that are up to `steps` edges away, and decides what comes in and goes out. */
opsig_status ops_slice_cut(opsig_slice *slice, uint32_t steps, opsig_error *err);
/** Lists the functions that kept nodes call. */
opsig_status ops_slice_find_functions(opsig_slice *slice, opsig_error *err);

#endif
