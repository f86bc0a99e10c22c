/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file igraph_bridge.h  Operator graphs as igraph graphs, and the way in and out of igraph.
 *
 *  igraph's default error handler ends the process and is global, so each piece of work is framed
 *  by ops_igraph_enter and ops_igraph_leave, which put the host program's handlers back.
 */
#ifndef OPSIG_GRAPH_IGRAPH_BRIDGE_H
#define OPSIG_GRAPH_IGRAPH_BRIDGE_H

#include <stdint.h>

#include <igraph/igraph.h>

#include <opsig/graph.h>

struct ops_igraph_handlers {
    igraph_error_handler_t *error;
    igraph_warning_handler_t *warning;
};

struct ops_igraph_handlers ops_igraph_enter(void);
void ops_igraph_leave(struct ops_igraph_handlers handlers);

/** OPSIG_OK for success; OPSIG_NOMEM or OPSIG_INTERNAL with igraph's words. */
opsig_status ops_igraph_status(igraph_error_t code, opsig_error *err);

/** The graph with vertices and parallel edges numbered as in the snapshot, so that the snapshot's
 *  arrays (symbols, names, slots) are its attributes. Inside enter and leave only.
 *  @param out  igraph_destroy on success.  O(vertices + edges) */
opsig_status ops_igraph_of(igraph_t *out, const opsig_graph *graph, opsig_error *err);

#endif
