/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file topology.h  The shape of an operator graph in a few numbers. */
#ifndef OPSIG_GRAPH_TOPOLOGY_H
#define OPSIG_GRAPH_TOPOLOGY_H

#include <stdint.h>

#include <opsig/graph.h>

struct ops_topology {
    uint32_t n_components;       /* weakly connected */
    uint32_t n_sources, n_sinks; /* vertices without predecessors, without successors */
    uint32_t longest_path;       /* vertices on it */
    uint32_t max_depth;          /* of nested graphs */
};

/** Measures a graph, by igraph. O(vertices + edges) */
opsig_status ops_topology_measure(struct ops_topology *out, const opsig_graph *graph,
                                  opsig_error *err);

#endif
