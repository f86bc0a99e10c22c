/* SPDX-License-Identifier: GPL-2.0-or-later */
/* igraph is handed dense ids of our own, with the number of vertices given: ids that it would have
 * to check or to make room for never reach it. */
#include "graph/igraph_bridge.h"

#include "base/error.h"
#include "base/mem.h"
#include "graph/snapshot.h"

struct ops_igraph_handlers ops_igraph_enter(void)
{
    return (struct ops_igraph_handlers){
        .error = igraph_set_error_handler(igraph_error_handler_ignore),
        .warning = igraph_set_warning_handler(igraph_warning_handler_ignore)};
}

void ops_igraph_leave(struct ops_igraph_handlers handlers)
{
    igraph_set_error_handler(handlers.error);
    igraph_set_warning_handler(handlers.warning);
}

opsig_status ops_igraph_status(igraph_error_t code, opsig_error *err)
{
    if (code == IGRAPH_SUCCESS) {
        return OPSIG_OK;
    }
    return code == IGRAPH_ENOMEM ? ops_error_nomem(err)
                                 : ops_error_set(err, OPSIG_INTERNAL, "igraph", -1, "igraph: %s",
                                                 igraph_strerror(code));
}

opsig_status ops_igraph_of(igraph_t *out, const opsig_graph *graph, opsig_error *err)
{
    const size_t n = graph->n_parallel_edges;
    igraph_integer_t *const ends = ops_mem_zalloc(n, 2 * sizeof *ends);
    if (ends == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            ends[2 * (size_t)e] = v;
            ends[2 * (size_t)e + 1] = graph->succ[e];
        }
    }
    igraph_vector_int_t view;
    igraph_vector_int_view(&view, ends, (igraph_integer_t)(2 * n));
    const igraph_error_t code = igraph_create(out, &view, graph->n_vertices, IGRAPH_DIRECTED);
    ops_mem_free(ends);
    return ops_igraph_status(code, err);
}
