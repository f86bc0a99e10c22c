/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file plain.h  Graphs that are no models: labelled vertices and edges, as a snapshot. */
#ifndef OPSIG_GRAPH_PLAIN_H
#define OPSIG_GRAPH_PLAIN_H

#include "base/intern.h"
#include "graph/snapshot.h"

struct ops_plain_edge {
    uint32_t from, to, label;
};

struct ops_plain_graph {
    uint32_t n_vertices, n_edges;
    const uint32_t *symbol;           /* by vertex: ids of `symbols` */
    struct ops_plain_edge *edges;     /* put in order */
    const struct ops_intern *symbols;
};

/**
 * A snapshot of the graph: a vertex's number is its label in reports, the label of an edge its
 * input slot. The graph may have cycles, as no graph of a model has.
 * @return OPSIG_LIMIT where the texts take more than 4 GiB; OPSIG_NOMEM
 */
opsig_status ops_plain_snapshot(opsig_graph **out, const struct ops_plain_graph *graph,
                                opsig_error *err);

#endif
