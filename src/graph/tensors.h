/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file tensors.h  The tensors of a graph: each name that a graph or body defines is one.
 *
 *  Numbered while names are resolved, and only where the model keeps its constants, since nothing
 *  but facts asks for them.
 */
#ifndef OPSIG_GRAPH_TENSORS_H
#define OPSIG_GRAPH_TENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "onnx/model.h"

#define OPS_NO_TENSOR UINT32_MAX

struct ops_vertex;

struct ops_tensor {
    uint32_t value;        /* its name */
    uint32_t vertex, slot; /* of the producer; OPS_NO_VERTEX: an input or initializer */
    uint32_t holder;       /* vertex whose body defines it; OPS_NO_VERTEX: the main graph */
    uint32_t n_readers;    /* input slots of nodes of the same graph */
    uint8_t flags;         /* enum ops_tensor_flags */
    const struct onnx_tensor *initializer;   /* NULL: none */
    const struct onnx_value_info *declared; /* what the file says of it; NULL: nothing */
};

/** A graph that nodes stand in: the main one, or a body. */
struct ops_body {
    const struct onnx_graph *graph;
    uint32_t holder;          /* OPS_NO_VERTEX: the main graph */
    size_t inputs, results;   /* places in `ends` of its first input and of its first result */
};

struct ops_tensors {
    bool wanted;
    OPS_VEC(struct ops_tensor) items;
    OPS_VEC(struct ops_body) bodies; /* in the order in which a walk enters them */
    OPS_VEC(uint32_t) ends;          /* tensors of inputs and results */
    uint32_t *slots;                 /* tensors of all vertices' inputs and outputs */
    size_t *first;                   /* by vertex: its inputs in `slots`, then its outputs */
};

/** Makes room for the slots of all vertices. */
opsig_status ops_tensors_start(struct ops_tensors *tensors, const struct ops_vertex *vertices,
                               size_t n_vertices, opsig_error *err);
void ops_tensors_dispose(struct ops_tensors *tensors);

#endif
