/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file neighbourhood.h  The surroundings of some vertices, to be drawn. */
#ifndef OPSIG_GRAPH_NEIGHBOURHOOD_H
#define OPSIG_GRAPH_NEIGHBOURHOOD_H

#include <stdbool.h>
#include <stddef.h>

#include <opsig/graph.h>

#include "base/vec.h"

/** A vertex of a part of a graph. */
struct ops_neighbour {
    uint32_t vertex;
    bool core; /* one of those asked for */
    bool cut;  /* has neighbours that are not in the part */
};

/** A part of a graph: vertices in ascending order, and edge e from vertices[ends[2 e]] to
 *  vertices[ends[2 e + 1]], parallel edges counted once. */
struct ops_neighbourhood {
    OPS_VEC(struct ops_neighbour) vertices;
    OPS_VEC(uint32_t) ends;
};

/**
 * Finds the vertices within `hops` edges, in any direction, of n_core different vertices: the
 * nearest ones, up to max_vertices with the core, and all edges among them.
 * Time: O(vertices found * edges there). Dispose of the result in any case.
 */
opsig_status ops_neighbourhood_find(struct ops_neighbourhood *out, const opsig_graph *graph,
                                    const uint32_t *core, size_t n_core, unsigned hops,
                                    size_t max_vertices, opsig_error *err);
/** All of a graph as such a part. */
opsig_status ops_neighbourhood_all(struct ops_neighbourhood *out, const opsig_graph *graph,
                                   opsig_error *err);
void ops_neighbourhood_dispose(struct ops_neighbourhood *part);

#endif
