/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The minimum DFS code, found step by step: all partial readings that have the least code so far
 * are kept side by side; each step takes the least one that any of them offers. Readings that a
 * symmetry of the pattern takes into each other would go on alike, so once there are many, one of
 * each kind is kept: a star of equal leaves has 63! readings and one kind. */
#include "pattern/shape.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "graph/snapshot.h"

enum {
    NOWHERE = UINT8_MAX,
    FEW_READINGS = 16,    /* that are not worth a comparison */
    MAX_READINGS = 1024,  /* kept, no two alike */
    MAX_COMPARISONS = 20000 /* of readings, for one code */
};

struct reading {
    uint64_t used;                                /* edges */
    uint8_t vertex[OPSIG_PATTERN_MAX_VERTICES];   /* by position */
    uint8_t position[OPSIG_PATTERN_MAX_VERTICES]; /* by vertex; NOWHERE */
};

/** A step that a reading offers. */
struct offer {
    struct ops_step step;
    uint32_t reading;
    uint8_t vertex, edge; /* in the shape */
};

struct canon {
    const struct ops_shape *shape;
    struct ops_step *steps;
    size_t n_steps;
    uint32_t n_placed;
    uint64_t path; /* positions on the rightmost path */
    uint32_t n_comparisons;
    OPS_VEC(struct reading) now, next;
    OPS_VEC(struct offer) offers; /* the least so far */
};

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/** The order of steps that may follow one and the same code (code.h). */
static int compare_steps(const struct ops_step *a, const struct ops_step *b)
{
    const bool a_back = a->symbol == OPS_NO_SYMBOL;
    const bool b_back = b->symbol == OPS_NO_SYMBOL;
    if (a_back != b_back) {
        return a_back ? -1 : 1;
    }
    const int place = a_back ? compare_u64(a->to, b->to) : compare_u64(b->from, a->from);
    if (place != 0) {
        return place;
    }
    const int kind =
        compare_u64(ops_arc_kind(a->label, a->dir), ops_arc_kind(b->label, b->dir));
    return kind != 0 ? kind : compare_u64(a->symbol, b->symbol);
}

static opsig_status offer(struct canon *c, const struct offer *made, opsig_error *err)
{
    const int order =
        c->offers.len == 0 ? -1 : compare_steps(&made->step, &c->offers.items[0].step);
    if (order > 0) {
        return OPSIG_OK;
    }
    c->offers.len = order < 0 ? 0 : c->offers.len;
    return ops_vec_push(&c->offers, *made, err);
}

/** Offers the steps at one position of a reading's path. */
static opsig_status offer_at(struct canon *c, uint32_t index, uint8_t at, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct reading *reading = &c->now.items[index];
    const uint8_t v = reading->vertex[at];
    for (uint32_t a = c->shape->arc_begin[v]; a < c->shape->arc_begin[v + 1]; a++) {
        const struct ops_arc *arc = &c->shape->arcs[a];
        const uint8_t to = reading->position[arc->to];
        if ((reading->used >> arc->edge & 1) != 0 || (to != NOWHERE && at + 1U != c->n_placed)) {
            continue;
        }
        const struct offer made = {
            .step = {.symbol = to == NOWHERE ? arc->symbol : OPS_NO_SYMBOL,
                     .label = (uint32_t)(arc->kind >> 2),
                     .from = at,
                     .to = to == NOWHERE ? (uint8_t)c->n_placed : to,
                     .dir = (uint8_t)(arc->kind & 3)},
            .reading = index,
            .vertex = arc->to,
            .edge = arc->edge};
        TRY(offer(c, &made, err));
    }
done:
    return status;
}

static opsig_status offer_all(struct canon *c, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    c->offers.len = 0;
    for (uint32_t i = 0; i < c->now.len; i++) {
        for (uint64_t path = c->path; path != 0; path &= path - 1) {
            TRY(offer_at(c, i, (uint8_t)__builtin_ctzll(path), err));
        }
    }
done:
    return status;
}

static opsig_status too_symmetric(opsig_error *err)
{
    return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                         "the pattern has too many symmetries to find its code");
}

/** Adds a reading to the next ones, unless there are many and one is alike. */
static opsig_status keep(struct canon *c, const struct reading *reading, opsig_error *err)
{
    for (size_t i = 0; c->offers.len > FEW_READINGS && i < c->next.len; i++) {
        if (++c->n_comparisons > MAX_COMPARISONS) {
            return too_symmetric(err);
        }
        if (ops_shape_symmetric(c->shape, c->next.items[i].vertex, reading->vertex, c->n_placed)) {
            return OPSIG_OK;
        }
    }
    if (c->next.len == MAX_READINGS) {
        return too_symmetric(err);
    }
    return ops_vec_push(&c->next, *reading, err);
}

/** Takes the least step in all readings that offer it. */
static opsig_status take_step(struct canon *c, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_step step = c->offers.items[0].step;
    const bool forward = step.symbol != OPS_NO_SYMBOL;
    c->steps[c->n_steps++] = step;
    if (forward) {
        c->path &= (UINT64_C(2) << step.from) - 1;
        c->path |= UINT64_C(1) << step.to;
        c->n_placed++;
    }
    c->next.len = 0;
    for (size_t i = 0; i < c->offers.len; i++) {
        const struct offer *taken = &c->offers.items[i];
        struct reading reading = c->now.items[taken->reading];
        reading.used |= UINT64_C(1) << taken->edge;
        if (forward) {
            reading.vertex[step.to] = taken->vertex;
            reading.position[taken->vertex] = step.to;
        }
        TRY(keep(c, &reading, err));
    }
    const size_t n = c->next.len;
    struct reading *const items = c->now.items;
    const size_t cap = c->now.cap;
    c->now.items = c->next.items;
    c->now.cap = c->next.cap;
    c->now.len = n;
    c->next.items = items;
    c->next.cap = cap;
done:
    return status;
}

/** The readings of the first vertex: all vertices with the least symbol. */
static opsig_status start(struct canon *c, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_shape *shape = c->shape;
    uint32_t least = shape->symbol[0];
    for (uint32_t v = 1; v < shape->n_vertices; v++) {
        least = shape->symbol[v] < least ? shape->symbol[v] : least;
    }
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        struct reading reading = {0};
        if (shape->symbol[v] != least) {
            continue;
        }
        memset(reading.position, NOWHERE, sizeof reading.position);
        reading.position[v] = 0;
        reading.vertex[0] = (uint8_t)v;
        TRY(ops_vec_push(&c->now, reading, err));
    }
    c->steps[0] = (struct ops_step){.symbol = least};
    c->n_steps = c->n_placed = 1;
    c->path = 1;
done:
    return status;
}

static opsig_status find_minimum(struct canon *c, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(start(c, err));
    while (c->n_steps <= c->shape->n_edges) {
        TRY(offer_all(c, err));
        if (c->offers.len == 0) {
            break;
        }
        TRY(take_step(c, err));
    }
    if (c->n_steps <= c->shape->n_edges || c->n_placed < c->shape->n_vertices) {
        status = ops_error_set(err, OPSIG_FORMAT, "disconnected", -1,
                               "the pattern is not connected");
    }
done:
    return status;
}

/* ---- paths ---- */

/** Arcs at a vertex that a walk may take. */
static const struct ops_arc *next_arc(const struct ops_shape *shape, uint8_t v, uint64_t used)
{
    for (uint32_t a = shape->arc_begin[v]; a < shape->arc_begin[v + 1]; a++) {
        const struct ops_arc *arc = &shape->arcs[a];
        if ((used >> arc->edge & 1) == 0 && (arc->kind & 3) != OPS_CODE_IN) {
            return arc;
        }
    }
    return NULL;
}

/** Walks on from a vertex as long as there is an arc; returns the number of steps. */
static size_t walk(const struct ops_shape *shape, uint8_t v, struct ops_step *out)
{
    uint64_t used = 0;
    uint64_t seen = UINT64_C(1) << v;
    size_t n = 1;
    out[0] = ops_code_sequence_step(0, shape->symbol[v]);
    for (const struct ops_arc *arc = next_arc(shape, v, 0);
         arc != NULL && (seen >> arc->to & 1) == 0; arc = next_arc(shape, arc->to, used)) {
        used |= UINT64_C(1) << arc->edge;
        seen |= UINT64_C(1) << arc->to;
        out[n] = ops_code_sequence_step(n, arc->symbol);
        out[n].label = (uint32_t)(arc->kind >> 2);
        out[n++].dir = (uint8_t)(arc->kind & 3);
    }
    return n;
}

static int compare_walks(const struct ops_step *a, const struct ops_step *b, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const int symbols = compare_u64(a[k].symbol, b[k].symbol);
        const int order = symbols != 0 ? symbols : compare_u64(a[k].label, b[k].label);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/** Where the shape is a path, its least walk; else false. */
static bool walk_path(const struct ops_shape *shape, struct ops_step *out)
{
    struct ops_step steps[OPS_CODE_MAX_STEPS];
    bool found = false;
    if (shape->n_edges + 1 != shape->n_vertices) {
        return false;
    }
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        const size_t n = walk(shape, (uint8_t)v, steps);
        if (n == shape->n_vertices && (!found || compare_walks(steps, out, n) < 0)) {
            memcpy(out, steps, n * sizeof *steps);
            found = true;
        }
    }
    return found;
}

opsig_status ops_shape_canon(const struct ops_shape *shape, struct ops_step *out_steps,
                             opsig_error *err)
{
    struct canon c = {.shape = shape, .steps = out_steps};
    if (walk_path(shape, out_steps)) {
        return OPSIG_OK;
    }
    const opsig_status status = find_minimum(&c, err);
    ops_vec_dispose(&c.now);
    ops_vec_dispose(&c.next);
    ops_vec_dispose(&c.offers);
    return status;
}
