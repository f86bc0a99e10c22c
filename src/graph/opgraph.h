/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file opgraph.h  The operator graph while it is being built.
 *
 *  An igraph graph with side arrays: vertex v is vertices[v], edge e is edges[e]. It lives from
 *  the loaded model to the snapshot, and refers to the model.
 */
#ifndef OPSIG_GRAPH_OPGRAPH_H
#define OPSIG_GRAPH_OPGRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <igraph/igraph.h>

#include "base/buffer.h"
#include "base/deadline.h"
#include "base/vec.h"
#include "graph/tensors.h"
#include "onnx/model.h"

struct ops_vertex {
    const struct onnx_node *node; /* name, op_type, domain, attributes, place in the file */
    uint32_t depth;               /* graphs around it */
    uint32_t end;                 /* one past the last vertex in its bodies */
    uint32_t n_given;             /* inputs of the main graph, defaults apart, that it reads */
    uint32_t n_results;           /* outputs of the main graph that it writes */
    uint64_t used; /* bit s: output s is read, or is a result of the main graph */
};

/** One tensor read. Results of a node's bodies are read by the node itself: their input slots
 *  count on after the node's own inputs, body after body. */
struct ops_edge {
    uint32_t from, to, output_slot, input_slot;
};

struct ops_opgraph {
    const opsig_model *model;
    const opsig_limits *limits;
    struct ops_deadline deadline;
    struct ops_arena arena;        /* of expanded functions */
    const struct onnx_graph *main; /* after expansion */
    uint32_t n_values;             /* one past the largest value id */
    OPS_VEC(struct ops_vertex) vertices;
    uint64_t n_inputs; /* of all vertices */
    OPS_VEC(struct ops_edge) edges;
    size_t n_ordered; /* edges along the order of the file; all of them: there is no cycle */
    struct ops_tensors tensors; /* empty unless facts were asked for */
    OPS_VEC(char *) notes;   /* beside those of the model */
    struct ops_buffer facts; /* a block of facts; empty unless they were asked for */
    igraph_t igraph; /* made where it is needed: see ops_opgraph_check */
    bool has_igraph;
};

void ops_opgraph_dispose(struct ops_opgraph *graph);

/** Numbers the vertices. @return OPSIG_FORMAT for a node without op_type; OPSIG_LIMIT */
opsig_status ops_opgraph_number(struct ops_opgraph *graph, opsig_error *err);
/** Finds the producer of each tensor that is read; makes edges and notes.
 *  @return OPSIG_FORMAT of kind "duplicate-output"; OPSIG_LIMIT */
opsig_status ops_opgraph_resolve(struct ops_opgraph *graph, opsig_error *err);
/** Orders edges by (from, to, output_slot, input_slot). */
opsig_status ops_opgraph_sort_edges(struct ops_opgraph *graph, opsig_error *err);
/** Proves the graph acyclic: by the order of the file where that will do, else by igraph.
 *  @return OPSIG_FORMAT of kind "cycle" */
opsig_status ops_opgraph_check(struct ops_opgraph *graph, opsig_error *err);

/** The name of a value; "" for one that function expansion made. */
const char *ops_opgraph_value_name(const struct ops_opgraph *graph, uint32_t value);
/** Adds the node's name with the calls around it; nothing where it has none. */
void ops_opgraph_put_name(struct ops_buffer *out, const struct onnx_node *node);
/** Adds how reports name the node: its name, or Op#position(output). */
void ops_opgraph_put_label(struct ops_buffer *out, const struct ops_opgraph *graph,
                           uint32_t vertex);
/** Adds "tensor NAME"; "output N of LABEL" for a tensor that function expansion made. */
void ops_opgraph_put_tensor(struct ops_buffer *out, const struct ops_opgraph *graph,
                            uint32_t vertex, uint32_t slot);
/** A copy of the text of `line` joins the notes. */
opsig_status ops_opgraph_note(struct ops_opgraph *graph, struct ops_buffer *line, opsig_error *err);

#endif
