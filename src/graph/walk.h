/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file walk.h  Visits the nodes of a model in the order of the vertices. */
#ifndef OPSIG_GRAPH_WALK_H
#define OPSIG_GRAPH_WALK_H

#include "base/vec.h"
#include "onnx/model.h"

#define OPS_NO_VERTEX UINT32_MAX

/** What happens next on a walk:
 *
 *      ENTER main  NODE If  ENTER then  NODE Add  LEAVE then  ENTER else ... LEAVE main  END
 */
enum ops_walk_event { OPS_WALK_ENTER, OPS_WALK_NODE, OPS_WALK_LEAVE, OPS_WALK_END };

/** A graph whose nodes are being visited. */
struct ops_frame {
    const struct onnx_graph *graph;
    size_t n_visited;       /* nodes; the bodies of the last one may still be ahead */
    size_t attribute, body; /* where to look for the next body of that node */
    uint32_t vertex;        /* of that node */
};

/** A walk under way. The nest of graphs is a stack in memory: nothing recurses. */
struct ops_walk {
    OPS_VEC(struct ops_frame) frames;
    const struct onnx_graph *main; /* NULL once it has been entered */
    uint32_t n_vertices;           /* nodes visited so far: the vertex of the next one */
    /* what the last event is about */
    const struct onnx_graph *graph; /* entered or left */
    const struct onnx_node *node;
    uint32_t vertex; /* of `node`, or of the node that holds `graph`; OPS_NO_VERTEX: none */
    uint32_t depth;  /* of the nodes of `graph`, or of `node`; 0 in the main graph */
};

void ops_walk_start(struct ops_walk *walk, const struct onnx_graph *main);
opsig_status ops_walk_next(struct ops_walk *walk, enum ops_walk_event *out, opsig_error *err);
void ops_walk_dispose(struct ops_walk *walk);

#endif
