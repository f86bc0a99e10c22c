/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The minimality test. All ways to read the code's steps in its own pattern are followed at once,
 * depth first; where one of them could take a lesser step than the code does, the code is not
 * minimal. As the code without its last edge is minimal, a lesser step needs that edge: until a
 * reading has used it, it is the only one to compare. */
#include "pattern/shape.h"

#include <string.h>

#include "graph/snapshot.h"

enum { NOWHERE = UINT8_MAX };

struct reading {
    struct ops_shape shape;
    struct ops_code code;
    uint64_t path[OPS_CODE_MAX_STEPS];     /* before each step: positions on the rightmost path */
    uint8_t rightmost[OPS_CODE_MAX_STEPS]; /* before each step: the position placed last */
    uint8_t vertex[OPSIG_PATTERN_MAX_VERTICES];   /* by position */
    uint8_t position[OPSIG_PATTERN_MAX_VERTICES]; /* by vertex; NOWHERE */
    uint64_t used;                                /* edges */
};

static bool is_forward(const struct ops_step *step)
{
    return step->symbol != OPS_NO_SYMBOL;
}

static bool is_used(const struct reading *r, const struct ops_arc *arc)
{
    return (r->used >> arc->edge & 1) != 0;
}

/** Is the backward step along an arc, to this position, less than the code's step? */
static bool backward_is_less(const struct ops_step *step, const struct ops_arc *arc, uint8_t to)
{
    return is_forward(step) || to < step->to ||
           (to == step->to && arc->kind < ops_arc_kind(step->label, step->dir));
}

/** Is the forward step along an arc, from this position, less than the code's step? */
static bool forward_is_less(const struct ops_step *step, const struct ops_arc *arc, uint8_t from)
{
    if (!is_forward(step) || from != step->from) {
        return is_forward(step) && from > step->from;
    }
    const uint64_t kind = ops_arc_kind(step->label, step->dir);
    return arc->kind < kind || (arc->kind == kind && arc->symbol < step->symbol);
}

/** Can an arc of the vertex at this position of the path be taken as a lesser step than step t? */
static bool arc_is_less(const struct reading *r, size_t t, uint8_t at, const struct ops_arc *arc)
{
    const uint8_t to = r->position[arc->to];
    if (is_used(r, arc)) {
        return false;
    }
    if (to == NOWHERE) {
        return forward_is_less(&r->code.steps[t], arc, at);
    }
    return at == r->rightmost[t] && (r->path[t] >> to & 1) != 0 &&
           backward_is_less(&r->code.steps[t], arc, to);
}

/** Is there a lesser step than step t at the vertex with this position? */
static bool any_is_less_at(const struct reading *r, size_t t, uint8_t at)
{
    const uint8_t v = r->vertex[at];
    for (uint32_t a = r->shape.arc_begin[v]; a < r->shape.arc_begin[v + 1]; a++) {
        if (arc_is_less(r, t, at, &r->shape.arcs[a])) {
            return true;
        }
    }
    return false;
}

static bool any_is_less(const struct reading *r, size_t t)
{
    for (uint64_t path = r->path[t]; path != 0; path &= path - 1) {
        if (any_is_less_at(r, t, (uint8_t)__builtin_ctzll(path))) {
            return true;
        }
    }
    return false;
}

/** Can the code's last edge, not used yet, be taken as a lesser step than step t? */
static bool last_is_less(const struct reading *r, size_t t)
{
    const uint32_t last = r->shape.n_edges - 1;
    const struct ops_shape_edge *edge = &r->shape.edges[last];
    const uint8_t ends[2] = {edge->from, edge->to};
    for (size_t end = 0; end < 2; end++) {
        const uint8_t at = r->position[ends[end]];
        if (at == NOWHERE || (r->path[t] >> at & 1) == 0) {
            continue;
        }
        const struct ops_arc arc = {
            .kind = ops_arc_kind(edge->label, end == 0 ? edge->dir : ops_dir_flip(edge->dir)),
            .symbol = r->shape.symbol[ends[1 - end]],
            .to = ends[1 - end],
            .edge = (uint8_t)last};
        if (arc_is_less(r, t, at, &arc)) {
            return true;
        }
    }
    return false;
}

static bool finds_less(struct reading *r, size_t t);

/** Takes step t along an arc, and goes on. */
static bool follow(struct reading *r, size_t t, const struct ops_arc *arc)
{
    const struct ops_step *step = &r->code.steps[t];
    const uint64_t used = r->used;
    r->used |= UINT64_C(1) << arc->edge;
    if (is_forward(step)) {
        r->vertex[step->to] = arc->to;
        r->position[arc->to] = step->to;
    }
    const bool found = finds_less(r, t + 1);
    if (is_forward(step)) {
        r->position[arc->to] = NOWHERE;
    }
    r->used = used;
    return found;
}

/** Does this reading, or one that goes on from it, take a lesser step than the code at t or later?
 *  Recursion is bounded by the number of steps. */
static bool finds_less(struct reading *r, size_t t)
{
    if (t == r->code.n_steps) {
        return false;
    }
    const bool has_last = (r->used >> (r->shape.n_edges - 1) & 1) != 0;
    if (has_last ? any_is_less(r, t) : last_is_less(r, t)) {
        return true;
    }
    const struct ops_step *step = &r->code.steps[t];
    const uint64_t kind = ops_arc_kind(step->label, step->dir);
    const uint8_t v = r->vertex[step->from];
    for (uint32_t a = r->shape.arc_begin[v]; a < r->shape.arc_begin[v + 1]; a++) {
        const struct ops_arc *arc = &r->shape.arcs[a];
        const bool fits = is_forward(step) ? r->position[arc->to] == NOWHERE &&
                                                 arc->symbol == step->symbol
                                           : r->position[arc->to] == step->to;
        if (fits && arc->kind == kind && !is_used(r, arc) && follow(r, t, arc)) {
            return true;
        }
    }
    return false;
}

/** Notes the rightmost path before each step. */
static void trace_path(struct reading *r)
{
    uint64_t path = 1;
    uint8_t rightmost = 0;
    for (size_t t = 1; t < r->code.n_steps; t++) {
        const struct ops_step *step = &r->code.steps[t];
        r->path[t] = path;
        r->rightmost[t] = rightmost;
        if (is_forward(step)) {
            path &= (UINT64_C(2) << step->from) - 1;
            path |= UINT64_C(1) << step->to;
            rightmost = step->to;
        }
    }
}

bool ops_code_is_minimal(struct ops_code code)
{
    struct reading r;
    if (code.n_steps == 1) {
        return true;
    }
    r.code = code;
    r.used = 0;
    ops_shape_of_code(&r.shape, code);
    trace_path(&r);
    memset(r.position, NOWHERE, r.shape.n_vertices);
    for (uint32_t v = 0; v < r.shape.n_vertices; v++) {
        if (r.shape.symbol[v] < r.shape.symbol[0]) {
            return false;
        }
    }
    for (uint32_t v = 0; v < r.shape.n_vertices; v++) {
        if (r.shape.symbol[v] != r.shape.symbol[0]) {
            continue;
        }
        r.vertex[0] = (uint8_t)v;
        r.position[v] = 0;
        if (finds_less(&r, 1)) {
            return false;
        }
        r.position[v] = NOWHERE;
    }
    return true;
}
