/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Components and a topological order come from igraph; along the order, the longest path to a
 * vertex is one more than the longest to any of its predecessors. */
#include "graph/topology.h"

#include "base/error.h"
#include "base/mem.h"
#include "graph/igraph_bridge.h"
#include "graph/snapshot.h"

static opsig_status count_components(struct ops_topology *out, const igraph_t *igraph,
                                     opsig_error *err)
{
    igraph_integer_t n = 0;
    opsig_status status = ops_igraph_status(
        igraph_connected_components(igraph, NULL, NULL, &n, IGRAPH_WEAK), err);
    out->n_components = (uint32_t)n;
    return status;
}

/** @param length  0 for each vertex */
static void walk_order(struct ops_topology *out, const opsig_graph *graph,
                       const igraph_vector_int_t *order, uint32_t *length)
{
    for (igraph_integer_t i = 0; i < igraph_vector_int_size(order); i++) {
        const uint32_t v = (uint32_t)VECTOR(*order)[i];
        const uint32_t here = length[v] + 1; /* vertices up to and with v */
        out->longest_path = here > out->longest_path ? here : out->longest_path;
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            uint32_t *const next = &length[graph->succ[e]];
            *next = here > *next ? here : *next;
        }
    }
}

static opsig_status measure_paths(struct ops_topology *out, const opsig_graph *graph,
                                  const igraph_t *igraph, opsig_error *err)
{
    igraph_vector_int_t order;
    opsig_status status = ops_igraph_status(igraph_vector_int_init(&order, 0), err);
    if (status != OPSIG_OK) {
        return status;
    }
    uint32_t *const length = ops_mem_zalloc(graph->n_vertices, sizeof *length);
    TRY(length != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_igraph_status(igraph_topological_sorting(igraph, &order, IGRAPH_OUT), err));
    walk_order(out, graph, &order, length);
done:
    ops_mem_free(length);
    igraph_vector_int_destroy(&order);
    return status;
}

static void count_ends(struct ops_topology *out, const opsig_graph *graph)
{
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        out->n_sources += graph->pred_begin[v] == graph->pred_begin[v + 1];
        out->n_sinks += graph->succ_begin[v] == graph->succ_begin[v + 1];
        out->max_depth = graph->depth[v] > out->max_depth ? graph->depth[v] : out->max_depth;
    }
}

opsig_status ops_topology_measure(struct ops_topology *out, const opsig_graph *graph,
                                  opsig_error *err)
{
    igraph_t igraph;
    *out = (struct ops_topology){0};
    const struct ops_igraph_handlers handlers = ops_igraph_enter();
    opsig_status status = ops_igraph_of(&igraph, graph, err);
    if (status == OPSIG_OK) {
        count_ends(out, graph);
        status = count_components(out, &igraph, err);
        if (status == OPSIG_OK) {
            status = measure_paths(out, graph, &igraph, err);
        }
        igraph_destroy(&igraph);
    }
    ops_igraph_leave(handlers);
    return status;
}
