/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vertices are numbered in file order, a node before the nodes of its bodies. A walk hands out
 * nodes in that order and says where graphs begin and end, so that what numbers vertices and what
 * resolves names agree on the numbers without keeping them in the model. */
#include "graph/walk.h"

void ops_walk_start(struct ops_walk *walk, const struct onnx_graph *main)
{
    *walk = (struct ops_walk){.main = main, .vertex = OPS_NO_VERTEX};
}

void ops_walk_dispose(struct ops_walk *walk)
{
    ops_vec_dispose(&walk->frames);
}

/** The next body of the node visited last, or NULL. */
static const struct onnx_graph *next_body(struct ops_frame *frame)
{
    if (frame->n_visited == 0) {
        return NULL;
    }
    const struct onnx_node *const node = &frame->graph->nodes[frame->n_visited - 1];
    for (; frame->attribute < node->n_attributes; frame->attribute++, frame->body = 0) {
        const struct onnx_attribute *const attribute = &node->attributes[frame->attribute];
        if (frame->body < attribute->n_graphs) {
            return attribute->graphs[frame->body++];
        }
    }
    return NULL;
}

static opsig_status enter(struct ops_walk *walk, const struct onnx_graph *graph, uint32_t holder,
                          opsig_error *err)
{
    const struct ops_frame frame = {.graph = graph, .vertex = OPS_NO_VERTEX};
    const opsig_status status = ops_vec_push(&walk->frames, frame, err);
    walk->graph = graph;
    walk->vertex = holder;
    walk->depth = (uint32_t)walk->frames.len - 1;
    return status;
}

static void visit(struct ops_walk *walk, struct ops_frame *frame)
{
    frame->vertex = walk->n_vertices++;
    frame->attribute = frame->body = 0;
    walk->node = &frame->graph->nodes[frame->n_visited++];
    walk->vertex = frame->vertex;
    walk->depth = (uint32_t)walk->frames.len - 1;
}

static void leave(struct ops_walk *walk)
{
    const size_t depth = --walk->frames.len;
    walk->graph = walk->frames.items[depth].graph;
    walk->vertex = depth > 0 ? walk->frames.items[depth - 1].vertex : OPS_NO_VERTEX;
    walk->depth = (uint32_t)depth;
}

opsig_status ops_walk_next(struct ops_walk *walk, enum ops_walk_event *out, opsig_error *err)
{
    if (walk->frames.len == 0) {
        const struct onnx_graph *const main = walk->main;
        walk->main = NULL;
        *out = main != NULL ? OPS_WALK_ENTER : OPS_WALK_END;
        return main != NULL ? enter(walk, main, OPS_NO_VERTEX, err) : OPSIG_OK;
    }
    struct ops_frame *const frame = &walk->frames.items[walk->frames.len - 1];
    const struct onnx_graph *const body = next_body(frame);
    if (body != NULL) {
        *out = OPS_WALK_ENTER;
        return enter(walk, body, frame->vertex, err);
    }
    if (frame->n_visited < frame->graph->n_nodes) {
        *out = OPS_WALK_NODE;
        visit(walk, frame);
        return OPSIG_OK;
    }
    *out = OPS_WALK_LEAVE;
    leave(walk);
    return OPSIG_OK;
}
