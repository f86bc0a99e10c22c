/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file shape.h  A pattern as a graph: who is joined with whom.
 *
 *      edges   0: 0 -> 1   1: 0 -> 2      vertex        0     1     2
 *                                         arc_begin     0     2     3     4
 *                                         arcs (to)     1  2  0     0
 */
#ifndef OPSIG_PATTERN_SHAPE_H
#define OPSIG_PATTERN_SHAPE_H

#include "pattern/code.h"

enum { OPS_SHAPE_MAX_EDGES = OPS_CODE_MAX_STEPS - 1 };

struct ops_shape_edge {
    uint32_t label;
    uint8_t from, to, dir; /* as in a step */
};

/** An edge as one of its ends sees it. */
struct ops_arc {
    uint64_t kind; /* label and direction; ascending as (label, dir) */
    uint32_t symbol; /* of the other end */
    uint8_t to, edge;
};

/** Edges of one pair of vertices differ in label or direction; no edge joins a vertex to itself. */
struct ops_shape {
    uint32_t n_vertices, n_edges;
    uint32_t symbol[OPSIG_PATTERN_MAX_VERTICES];
    struct ops_shape_edge edges[OPS_SHAPE_MAX_EDGES];
    uint8_t arc_begin[OPSIG_PATTERN_MAX_VERTICES + 1];
    struct ops_arc arcs[2 * OPS_SHAPE_MAX_EDGES];
};

static inline uint64_t ops_arc_kind(uint32_t label, uint8_t dir)
{
    return (uint64_t)label << 2 | dir;
}

/** Vertices and edges of a code, edge k being step k + 1. */
void ops_shape_of_code(struct ops_shape *out, struct ops_code code);
/** Fills in the arcs from vertices and edges. */
void ops_shape_connect(struct ops_shape *shape);

/**
 * The canonical code of a shape, symbols in the order of their numbers.
 * @param out_steps  room for n_edges + 1
 * @return OPSIG_FORMAT where the shape is not connected; OPSIG_LIMIT where it has so many
 *         symmetries that finding its code would take too long; OPSIG_NOMEM
 */
opsig_status ops_shape_canon(const struct ops_shape *shape, struct ops_step *out_steps,
                             opsig_error *err);
/** Is there a symmetry of the shape that takes vertex a[i] to b[i] for each i < n? May say false
 *  where there is one, never for forests. */
bool ops_shape_symmetric(const struct ops_shape *shape, const uint8_t *a, const uint8_t *b,
                         size_t n);

#endif
