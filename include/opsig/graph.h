/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file graph.h  The operator graph of one model. */
#ifndef OPSIG_GRAPH_H
#define OPSIG_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/error.h>
#include <opsig/limits.h>
#include <opsig/model.h>

OPSIG_BEGIN_DECLS

/**
 * A directed acyclic graph: a vertex for each node of the model (nested graphs included,
 * model-local functions expanded at each call), an edge u -> v where v reads a tensor that u
 * writes. A captured outer value makes an edge from its outer producer; the results of a body
 * make edges to the node that holds the body. Vertices are numbered in file order, a node
 * before the nodes of its bodies. Immutable; may be read from several threads.
 */
typedef struct opsig_graph opsig_graph;

/** How a vertex gets its symbol. */
typedef enum opsig_alphabet {
    OPSIG_ALPHABET_OP = 0,  /**< domain and op_type: "Cast", "com.microsoft::Gelu" */
    OPSIG_ALPHABET_OP_ATTR, /**< and the attributes that change semantics: "Cast{to=int64}" */
    OPSIG_ALPHABET_BOTH     /**< patterns may use either kind of symbol at each vertex */
} opsig_alphabet;

/** Builds the operator graph of a loaded model, which is not needed afterwards.
 *  @param out  owned by the caller (opsig_graph_free); NULL on failure
 *  @return OPSIG_FORMAT for a cycle, two writers of a tensor, a node without op_type or a
 *          function that calls itself, naming node and tensor; OPSIG_LIMIT; OPSIG_NOMEM
 *  Time: linear in nodes and tensor reads, after expansion. */
OPSIG_API opsig_status opsig_graph_build(opsig_graph **out, const opsig_model *model,
                                         const opsig_limits *limits, opsig_error *err);

/** Loads a model and builds its graph: opsig_model_load, then opsig_graph_build. */
OPSIG_API opsig_status opsig_graph_load(opsig_graph **out, const char *path,
                                        const opsig_limits *limits, opsig_error *err);

/** As opsig_graph_load, with what rules ask for: types, shapes and values of tensors, as far as
 *  they are known. Takes more time and memory. */
OPSIG_API opsig_status opsig_graph_load_facts(opsig_graph **out, const char *path,
                                              const opsig_limits *limits, opsig_error *err);

/** Frees a graph; NULL is allowed. */
OPSIG_API void opsig_graph_free(opsig_graph *graph);

/** Number of vertices. */
OPSIG_API uint32_t opsig_graph_n_vertices(const opsig_graph *graph);
/** Number of edges, parallel ones counted once. */
OPSIG_API uint32_t opsig_graph_n_edges(const opsig_graph *graph);
/** Number of edges, a pair of vertices counted once per tensor read. */
OPSIG_API uint32_t opsig_graph_n_parallel_edges(const opsig_graph *graph);

/** Facts of vertex v < n_vertices. Strings live as long as the graph. */
OPSIG_API const char *opsig_graph_op_type(const opsig_graph *graph, uint32_t v);
/** Operator domain; "" for ai.onnx. */
OPSIG_API const char *opsig_graph_domain(const opsig_graph *graph, uint32_t v);
/** Node name as in the file, calls joined by '/' where a function was expanded; may be "". */
OPSIG_API const char *opsig_graph_node_name(const opsig_graph *graph, uint32_t v);
/** How reports name the node: its name, or Op#position(output) where it has none. */
OPSIG_API const char *opsig_graph_node_label(const opsig_graph *graph, uint32_t v);
/**
 * The vertex that a report means: by its label, or by its position as "Op#position" for any node.
 * @return OPSIG_NOT_FOUND with the nearest name; OPSIG_CONFLICT where several nodes have the name
 * Time: linear in the vertices.
 */
OPSIG_API opsig_status opsig_graph_find(uint32_t *out, const opsig_graph *graph, const char *label,
                                        opsig_error *err);
/** Nesting: 0 in the main graph, 1 in a body of a main-graph node, and so on. */
OPSIG_API uint32_t opsig_graph_depth(const opsig_graph *graph, uint32_t v);
/** Symbol of v in an alphabet (not OPSIG_ALPHABET_BOTH); NULL for a Constant, which has none. */
OPSIG_API const char *opsig_graph_symbol(const opsig_graph *graph, uint32_t v,
                                         opsig_alphabet alphabet);

/** An edge with the slots that it joins. */
typedef struct opsig_edge {
    uint32_t from, to;
    uint32_t output_slot; /**< of from */
    uint32_t input_slot;  /**< of to; results of bodies count on after the node's own inputs */
} opsig_edge;

/** Edge i < n_parallel_edges, ordered by (from, to, output_slot, input_slot). */
OPSIG_API opsig_edge opsig_graph_edge(const opsig_graph *graph, uint32_t i);

/** Opset import i < n_opsets: domain ("" for ai.onnx) and version; ordered by domain. */
OPSIG_API uint32_t opsig_graph_n_opsets(const opsig_graph *graph);
OPSIG_API const char *opsig_graph_opset_domain(const opsig_graph *graph, uint32_t i);
OPSIG_API int64_t opsig_graph_opset_version(const opsig_graph *graph, uint32_t i);

/** Notes: what the file gets wrong and runtimes accept, a line each, e.g. "3 inputs are
 *  defined nowhere, first: x of /Add". */
OPSIG_API uint32_t opsig_graph_n_notes(const opsig_graph *graph);
OPSIG_API const char *opsig_graph_note(const opsig_graph *graph, uint32_t i);

/** Facts of the file: IR version, nodes of the main graph before expansion, number of
 *  model-local functions, producer. */
OPSIG_API int64_t opsig_graph_ir_version(const opsig_graph *graph);
OPSIG_API uint32_t opsig_graph_n_main_nodes(const opsig_graph *graph);
OPSIG_API uint32_t opsig_graph_n_functions(const opsig_graph *graph);
OPSIG_API const char *opsig_graph_producer(const opsig_graph *graph);

/** op_type of main-graph node i < n_main_nodes as the file lists it, before expansion. */
OPSIG_API const char *opsig_graph_main_op_type(const opsig_graph *graph, uint32_t i);

/** Picture formats of a graph. */
typedef enum opsig_graph_format { OPSIG_GRAPH_DOT, OPSIG_GRAPH_GRAPHML } opsig_graph_format;

/** Writes the graph to a stream as DOT or GraphML (UTF-8; names are escaped, control
 *  characters made visible). @return OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_graph_export(const opsig_graph *graph, opsig_graph_format format,
                                          FILE *stream, opsig_error *err);

OPSIG_END_DECLS

#endif
