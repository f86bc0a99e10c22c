/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From steps to edges, and from edges to the arcs at each vertex: a counting sort by vertex, whose
 * counts end up as the places where each vertex's arcs begin. */
#include "pattern/shape.h"

#include <string.h>

#include "graph/snapshot.h"

void ops_shape_of_code(struct ops_shape *out, struct ops_code code)
{
    out->n_vertices = 0;
    out->n_edges = (uint32_t)code.n_steps - 1;
    for (size_t k = 0; k < code.n_steps; k++) {
        const struct ops_step *step = &code.steps[k];
        if (step->symbol != OPS_NO_SYMBOL) {
            out->symbol[out->n_vertices++] = step->symbol;
        }
        if (k > 0) {
            out->edges[k - 1] = (struct ops_shape_edge){
                .label = step->label, .from = step->from, .to = step->to, .dir = step->dir};
        }
    }
    ops_shape_connect(out);
}

static void add_arc(struct ops_shape *shape, uint8_t at, uint8_t to, uint64_t kind, uint32_t edge)
{
    shape->arcs[--shape->arc_begin[at]] = (struct ops_arc){
        .kind = kind, .symbol = shape->symbol[to], .to = to, .edge = (uint8_t)edge};
}

void ops_shape_connect(struct ops_shape *shape)
{
    memset(shape->arc_begin, 0, sizeof shape->arc_begin);
    for (uint32_t e = 0; e < shape->n_edges; e++) {
        shape->arc_begin[shape->edges[e].from]++;
        shape->arc_begin[shape->edges[e].to]++;
    }
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        shape->arc_begin[v + 1] = (uint8_t)(shape->arc_begin[v + 1] + shape->arc_begin[v]);
    }
    for (uint32_t e = shape->n_edges; e-- > 0;) {
        const struct ops_shape_edge *edge = &shape->edges[e];
        add_arc(shape, edge->from, edge->to, ops_arc_kind(edge->label, edge->dir), e);
        add_arc(shape, edge->to, edge->from, ops_arc_kind(edge->label, ops_dir_flip(edge->dir)),
                e);
    }
}
