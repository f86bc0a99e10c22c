/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file layout.h  Places for the vertices of a small acyclic graph, in layers. */
#ifndef OPSIG_GRAPH_LAYOUT_H
#define OPSIG_GRAPH_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ops_place {
    double x, y; /* x in columns, from 0; y is the layer, from 0 */
};

/** Vertex v lies at vertex[v]; edge e bends at bend[bend_begin[e] ... bend_begin[e + 1] - 1], once
 *  in each layer that it crosses, from its source on. */
struct ops_layout {
    struct ops_place *vertex, *bend;
    size_t *bend_begin;
    double columns, layers; /* largest x and y, plus 1 */
};

/** Most bends of a layout: edges that cross so many layers make no picture. */
enum { OPS_LAYOUT_MAX_BENDS = 200000 };

/**
 * Vertices one column apart at least within a layer, under what they are joined with where that
 * can be, with few crossings. The same graph gives the same places.
 * @param ends  of edge e: source ends[2 e], target ends[2 e + 1]; no cycle
 * @return OPSIG_LIMIT (too many bends), OPSIG_NOMEM. Dispose of the layout in any case.
 * Time: O((vertices + bends) log + edges * longest path where vertices come in a bad order).
 */
opsig_status ops_layout_in_layers(struct ops_layout *out, uint32_t n_vertices,
                                  const uint32_t *ends, size_t n_edges, opsig_error *err);
void ops_layout_dispose(struct ops_layout *layout);

#endif
