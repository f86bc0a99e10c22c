/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file snapshot.h  The flat form of an operator graph that hot loops read.
 *
 *  One block of memory, relocatable: it holds no pointers, so it can be sent through a pipe and
 *  attached on the other side. Vertices are in file order. Successors and predecessors are in
 *  CSR form:
 *
 *      vertex        0        1     2
 *      succ_begin    0        2     3   3
 *      succ          1  2     2          (targets, ascending; a target twice for two tensors)
 *
 *  A vertex has one symbol per alphabet, an id of the snapshot's own symbol table, or
 *  OPS_NO_SYMBOL for a Constant. Facts (facts.h) are in the block where they were asked for.
 */
#ifndef OPSIG_GRAPH_SNAPSHOT_H
#define OPSIG_GRAPH_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/graph.h>

#include "graph/facts.h"

#define OPS_NO_SYMBOL UINT32_MAX

enum { OPS_N_ALPHABETS = 2 }; /* OPSIG_ALPHABET_OP, OPSIG_ALPHABET_OP_ATTR */

/** The attached view of a block; this is what opsig_graph points to. */
struct opsig_graph {
    void *block; /* owned */
    size_t size; /* bytes */

    uint32_t n_vertices, n_edges, n_parallel_edges, n_symbols, n_main_nodes, n_functions;
    uint32_t n_opsets, n_notes;
    int64_t ir_version;

    const uint32_t *succ_begin, *succ; /* n_vertices + 1; n_parallel_edges */
    const uint32_t *out_slot, *in_slot; /* parallel to succ */
    const uint32_t *pred_begin, *pred; /* n_vertices + 1; n_parallel_edges, ascending */
    const uint32_t *symbol[OPS_N_ALPHABETS]; /* n_vertices */
    const uint32_t *depth;                   /* n_vertices */
    const uint32_t *n_given;   /* n_vertices: inputs of the main graph that a node of it reads; one
                                  that an initializer gives a value to is none */
    const uint32_t *n_results; /* n_vertices: outputs of the main graph that a node writes */

    /* strings: offsets into text */
    const uint32_t *symbol_text; /* n_symbols */
    const uint32_t *op_type, *domain, *name, *label; /* n_vertices */
    const uint32_t *main_op_type;  /* n_main_nodes */
    const uint32_t *opset_domain;  /* n_opsets */
    const int64_t *opset_version;  /* n_opsets */
    const uint32_t *note;          /* n_notes */
    uint32_t producer;
    const char *text;

    bool has_facts;
    struct ops_facts facts; /* a view into the block */
};

/** Makes a graph of a block, which it takes over (ops_mem_free), also on failure. The block is
 *  trusted: it must come from ops_snapshot_block of the same build. */
opsig_status ops_snapshot_attach(opsig_graph **out, void *block, size_t size, opsig_error *err);

/** The block of a graph and its size in bytes; belongs to the graph. */
const void *ops_snapshot_block(const opsig_graph *graph, size_t *out_size);

/** Text of a symbol id < n_symbols. */
static inline const char *ops_snapshot_symbol_text(const opsig_graph *graph, uint32_t symbol)
{
    return graph->text + graph->symbol_text[symbol];
}

#endif
