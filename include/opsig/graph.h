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
 *  Time: linear in nodes and tensor reads, after expansion.
 *  @param out     owned by the caller (opsig_graph_free); NULL on failure
 *  @param model   to build it of
 *  @param limits  NULL for the defaults
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_FORMAT for a cycle, two writers of a tensor, a node without op_type or a
 *          function that calls itself, naming node and tensor; OPSIG_LIMIT; OPSIG_NOMEM */
OPSIG_API opsig_status opsig_graph_build(opsig_graph **out, const opsig_model *model,
                                         const opsig_limits *limits, opsig_error *err);

/** Loads a model and builds its graph: opsig_model_load, then opsig_graph_build.
 *  @param out     the graph, owned by the caller (opsig_graph_free); NULL on failure
 *  @param path    of the model's file
 *  @param limits  NULL for the defaults
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_model_load and opsig_graph_build */
OPSIG_API opsig_status opsig_graph_load(opsig_graph **out, const char *path,
                                        const opsig_limits *limits, opsig_error *err);

/** As opsig_graph_load, with what rules ask for: types, shapes and values of tensors, as far as
 *  they are known. Takes more time and memory.
 *  @param out     the graph, owned by the caller (opsig_graph_free); NULL on failure
 *  @param path    of the model's file
 *  @param limits  NULL for the defaults
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_graph_load */
OPSIG_API opsig_status opsig_graph_load_facts(opsig_graph **out, const char *path,
                                              const opsig_limits *limits, opsig_error *err);

/** Frees a graph; NULL is allowed. @param graph  to be freed */
OPSIG_API void opsig_graph_free(opsig_graph *graph);

/** Number of vertices. @param graph  to ask @return how many */
OPSIG_API uint32_t opsig_graph_n_vertices(const opsig_graph *graph);
/** Number of edges, parallel ones counted once. @param graph  to ask @return how many */
OPSIG_API uint32_t opsig_graph_n_edges(const opsig_graph *graph);
/** Number of edges, a pair of vertices counted once per tensor read.
 *  @param graph  to ask  @return how many */
OPSIG_API uint32_t opsig_graph_n_parallel_edges(const opsig_graph *graph);

/** The operator of a vertex, without its domain.
 *  @param graph  to ask
 *  @param v      a vertex, below opsig_graph_n_vertices
 *  @return lives as long as the graph */
OPSIG_API const char *opsig_graph_op_type(const opsig_graph *graph, uint32_t v);
/** The domain of a vertex's operator.
 *  @param graph  to ask
 *  @param v      a vertex, below opsig_graph_n_vertices
 *  @return "" for ai.onnx; lives as long as the graph */
OPSIG_API const char *opsig_graph_domain(const opsig_graph *graph, uint32_t v);
/** Node name as in the file, calls joined by '/' where a function was expanded.
 *  @param graph  to ask
 *  @param v      a vertex, below opsig_graph_n_vertices
 *  @return may be ""; lives as long as the graph */
OPSIG_API const char *opsig_graph_node_name(const opsig_graph *graph, uint32_t v);
/** How reports name the node: its name, or Op#position(output) where it has none.
 *  @param graph  to ask
 *  @param v      a vertex, below opsig_graph_n_vertices
 *  @return lives as long as the graph */
OPSIG_API const char *opsig_graph_node_label(const opsig_graph *graph, uint32_t v);
/**
 * The vertex that a report means. Time: linear in the vertices.
 * @param out    the vertex
 * @param graph  to ask
 * @param label  its label, or for any node its position as "Op#position"
 * @param err    what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_NOT_FOUND with the nearest name; OPSIG_CONFLICT where several nodes have
 *         the name
 */
OPSIG_API opsig_status opsig_graph_find(uint32_t *out, const opsig_graph *graph, const char *label,
                                        opsig_error *err);
/** Nesting: 0 in the main graph, 1 in a body of a main-graph node, and so on.
 *  @param graph  to ask
 *  @param v      a vertex, below opsig_graph_n_vertices
 *  @return 0 or above */
OPSIG_API uint32_t opsig_graph_depth(const opsig_graph *graph, uint32_t v);
/** Symbol of a vertex.
 *  @param graph     to ask
 *  @param v         a vertex, below opsig_graph_n_vertices
 *  @param alphabet  not OPSIG_ALPHABET_BOTH
 *  @return NULL for a Constant, which has none; lives as long as the graph */
OPSIG_API const char *opsig_graph_symbol(const opsig_graph *graph, uint32_t v,
                                         opsig_alphabet alphabet);

/** An edge with the slots that it joins. */
typedef struct opsig_edge {
    uint32_t from;        /**< vertex that writes */
    uint32_t to;          /**< vertex that reads */
    uint32_t output_slot; /**< of from */
    uint32_t input_slot;  /**< of to; results of bodies count on after the node's own inputs */
} opsig_edge;

/** Edge i < n_parallel_edges, ordered by (from, to, output_slot, input_slot).
 *  @param graph  to ask
 *  @param i      below opsig_graph_n_parallel_edges
 *  @return the edge */
OPSIG_API opsig_edge opsig_graph_edge(const opsig_graph *graph, uint32_t i);

/** Number of opset imports. @param graph  to ask @return how many */
OPSIG_API uint32_t opsig_graph_n_opsets(const opsig_graph *graph);
/** Domain of an opset import; they are ordered by it.
 *  @param graph  to ask
 *  @param i      below opsig_graph_n_opsets
 *  @return "" for ai.onnx; lives as long as the graph */
OPSIG_API const char *opsig_graph_opset_domain(const opsig_graph *graph, uint32_t i);
/** Version of an opset import.
 *  @param graph  to ask
 *  @param i      below opsig_graph_n_opsets
 *  @return as the file says */
OPSIG_API int64_t opsig_graph_opset_version(const opsig_graph *graph, uint32_t i);

/** Number of notes: what the file gets wrong and runtimes accept.
 *  @param graph  to ask  @return how many */
OPSIG_API uint32_t opsig_graph_n_notes(const opsig_graph *graph);
/** A note, e.g. "3 inputs are defined nowhere, first: x of /Add".
 *  @param graph  to ask
 *  @param i      below opsig_graph_n_notes
 *  @return one line; lives as long as the graph */
OPSIG_API const char *opsig_graph_note(const opsig_graph *graph, uint32_t i);

/** IR version of the file. @param graph  to ask @return 0 where it has none */
OPSIG_API int64_t opsig_graph_ir_version(const opsig_graph *graph);
/** Number of nodes of the main graph, before functions are expanded.
 *  @param graph  to ask  @return how many */
OPSIG_API uint32_t opsig_graph_n_main_nodes(const opsig_graph *graph);
/** Number of model-local functions. @param graph  to ask @return how many */
OPSIG_API uint32_t opsig_graph_n_functions(const opsig_graph *graph);
/** Who wrote the file: name and version.
 *  @param graph  to ask  @return "" where the file does not say; lives as long as the graph */
OPSIG_API const char *opsig_graph_producer(const opsig_graph *graph);

/** op_type of a node of the main graph as the file lists it, before expansion.
 *  @param graph  to ask
 *  @param i      below opsig_graph_n_main_nodes
 *  @return lives as long as the graph */
OPSIG_API const char *opsig_graph_main_op_type(const opsig_graph *graph, uint32_t i);

/** Picture formats of a graph. */
typedef enum opsig_graph_format {
    OPSIG_GRAPH_DOT,    /**< of Graphviz */
    OPSIG_GRAPH_GRAPHML /**< XML */
} opsig_graph_format;

/** Writes the graph as DOT or GraphML (UTF-8; names are escaped, control characters made
 *  visible).
 *  @param graph   to be written
 *  @param format  of the text
 *  @param stream  open for writing
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_graph_export(const opsig_graph *graph, opsig_graph_format format,
                                          FILE *stream, opsig_error *err);

OPSIG_END_DECLS

#endif
