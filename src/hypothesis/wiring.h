/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file wiring.h  A corpus with its edges drawn again: operators and degrees stay. */
#ifndef OPSIG_HYPOTHESIS_WIRING_H
#define OPSIG_HYPOTHESIS_WIRING_H

#include "mine/field.h"

/**
 * The edges between vertices that carry a symbol, each pair of vertices once. An edge is a slot of
 * its source; swapping the targets of two slots keeps the out-degrees by the slots and the
 * in-degrees by the targets:
 *
 *      begin    0     2  3
 *      source   0  0  1           vertex by slot
 *      target   1  2  2           vertex by slot: the only thing that changes
 */
struct ops_wiring {
    const struct ops_mine_field *original;
    uint32_t *begin, *source, *target;
    uint32_t *rank; /* by vertex: its place in the topological order of its model */
    struct ops_mine_field field; /* the original with these edges; owns nothing */
};

/** What a rewiring did. */
struct ops_rewired {
    uint64_t n_edges, n_swaps;
    uint64_t n_kept; /* edges that are as in the original */
};

/** Swaps tried for each edge. */
enum { OPS_WIRING_TRIES = 30 };

/** @param field  must outlive the wiring; acyclic.  O(vertices + edges) */
opsig_status ops_wiring_new(struct ops_wiring **out, const struct ops_mine_field *field,
                            opsig_error *err);
void ops_wiring_free(struct ops_wiring *wiring);

/**
 * Draws all edges again, by (seed, j): in each model every graph with the same vertices, in- and
 * out-degrees, without parallel edges, whose edges go forward in the order of the file, comes out
 * with nearly equal chances. A Markov chain of edge swaps from the original graph: two edges a->b
 * and c->d become a->d and c->b unless an edge would be there twice or lead back in the order
 * (Rao, Jana & Bandyopadhyay, Sankhya A 1996, for swaps; Karrer & Newman, Phys. Rev. E 80, 046110,
 * 2009, for the ensemble with a fixed order). Time: O(tries * edges * out-degree).
 */
struct ops_rewired ops_wiring_draw(struct ops_wiring *wiring, uint64_t seed, uint32_t j,
                                   uint32_t tries);

#endif
