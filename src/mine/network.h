/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file network.h  The graphs of a corpus, laid out for mining subgraphs.
 *
 *  Only edges that are frequent by themselves are there, as arcs at both of their ends:
 *
 *      vertex 7 (Relu)   arcs: type 2 to 9, type 5 to 6     type 2: an edge that leaves for an Add
 *                                                           type 5: an edge that comes from a Conv
 *
 *  Symbols and edge labels are numbered anew in the order of the search's codes: rarer symbols
 *  first, labels by value. A kind is label * 4 + direction (enum of pattern/code.h); a type is a
 *  kind with the symbol at the other end.
 */
#ifndef OPSIG_MINE_NETWORK_H
#define OPSIG_MINE_NETWORK_H

#include <opsig/corpus.h>

#include "base/intern.h"
#include "base/vec.h"
#include "pattern/project.h"

struct ops_network_edge {
    uint32_t from, to, label;
};

/** Graphs side by side as they were read; the vertices of model m begin at first_vertex[m]. */
struct ops_raw_network {
    uint32_t n_models, n_vertices, n_layers;
    struct ops_intern *symbols;
    uint32_t *first_vertex;             /* n_models + 1 */
    uint32_t *symbol[OPS_FIELD_LAYERS]; /* by vertex: ids of `symbols`, or OPS_NO_SYMBOL */
    OPS_VEC(struct ops_network_edge) edges; /* repeated ones count once */
};

struct ops_network_arc {
    uint32_t to, type;
};

struct ops_arc_type {
    uint32_t kind, symbol;
};

struct ops_network {
    uint32_t n_models, n_vertices, n_symbols, n_types, n_kinds;
    uint32_t *model_of;           /* by vertex */
    uint32_t *arc_begin;          /* n_vertices + 1 */
    struct ops_network_arc *arcs; /* at each vertex ascending by type, then target */
    struct ops_arc_type *types;   /* ascending by kind, then symbol */
    uint32_t *symbol_id;          /* by number: id in the table of the raw network */
    uint32_t *label;              /* by number: the label's value */
    uint32_t *holder_begin, *holders; /* vertices that carry a symbol, ascending */
};

enum { OPS_KIND_BITS = 2 };

/** A kind from the other end. */
static inline uint32_t ops_kind_flip(uint32_t kind)
{
    return (kind & ~3U) | ops_dir_flip((uint8_t)(kind & 3U));
}

/** @param edge_slots  input slots are edge labels, counted from 1; else edges of models have none.
 *                     Graphs that were read with edge labels keep them */
opsig_status ops_raw_network_new(struct ops_raw_network **out, const opsig_corpus *corpus,
                                 opsig_alphabet alphabet, bool edge_slots, opsig_error *err);
void ops_raw_network_free(struct ops_raw_network *raw);

/**
 * Symbols and edges that at least min_support models hold. The raw network's edges are put in
 * order, and repeated ones dropped.
 * @return OPSIG_LIMIT where 32 bits do not suffice. O(edges log edges)
 */
opsig_status ops_network_new(struct ops_network **out, struct ops_raw_network *raw,
                             bool undirected, uint32_t min_support, opsig_error *err);
void ops_network_free(struct ops_network *network);

/** A code of the network in terms of the raw one: ids of symbols, values of labels. */
void ops_network_translate(const struct ops_network *network, struct ops_code code,
                           struct ops_step *out_steps);

#endif
