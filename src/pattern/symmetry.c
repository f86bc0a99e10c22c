/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for a symmetry of a pattern by colour refinement on two copies of it, in which vertices
 * that correspond have been given the same colour of their own. Vertices whose neighbours differ
 * in colour get different colours, until nothing changes; then one more vertex is chosen in each
 * copy. Choices are never taken back, and what comes out is checked, so that an answer of yes is
 * always right; on forests any choice leads to the end (refinement tells their orbits apart). */
#include "pattern/shape.h"

#include <string.h>

enum { N_COPIES = 2 };

struct colouring {
    const struct ops_shape *shape;
    uint64_t colour[N_COPIES][OPSIG_PATTERN_MAX_VERTICES];
};

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/** Number of different colours in the first copy. */
static uint32_t count_colours(const struct colouring *c)
{
    uint32_t n = 0;
    for (uint32_t v = 0; v < c->shape->n_vertices; v++) {
        uint32_t w = 0;
        while (w < v && c->colour[0][w] != c->colour[0][v]) {
            w++;
        }
        n += w == v;
    }
    return n;
}

static void refine_once(struct colouring *c, size_t copy)
{
    uint64_t next[OPSIG_PATTERN_MAX_VERTICES];
    for (uint32_t v = 0; v < c->shape->n_vertices; v++) {
        uint64_t sum = 0;
        for (uint32_t a = c->shape->arc_begin[v]; a < c->shape->arc_begin[v + 1]; a++) {
            const struct ops_arc *arc = &c->shape->arcs[a];
            sum += mix(c->colour[copy][arc->to] ^ mix(arc->kind + 1));
        }
        next[v] = mix(c->colour[copy][v] + mix(sum));
    }
    memcpy(c->colour[copy], next, c->shape->n_vertices * sizeof *next);
}

/** Refines both copies as long as colours split. */
static void refine(struct colouring *c)
{
    uint32_t before = 0;
    for (uint32_t n = count_colours(c); n > before; n = count_colours(c)) {
        before = n;
        refine_once(c, 0);
        refine_once(c, 1);
    }
}

/** A vertex of the first copy that shares its colour; n_vertices: none does. */
static uint32_t first_shared(const struct colouring *c)
{
    for (uint32_t v = 0; v < c->shape->n_vertices; v++) {
        for (uint32_t w = v + 1; w < c->shape->n_vertices; w++) {
            if (c->colour[0][w] == c->colour[0][v]) {
                return v;
            }
        }
    }
    return c->shape->n_vertices;
}

/** The first vertex of the second copy with a colour of the first; n_vertices: there is none. */
static uint32_t counterpart(const struct colouring *c, uint32_t v)
{
    uint32_t w = 0;
    while (w < c->shape->n_vertices && c->colour[1][w] != c->colour[0][v]) {
        w++;
    }
    return w;
}

static bool has_arc(const struct ops_shape *shape, uint32_t from, uint32_t to, uint64_t kind)
{
    for (uint32_t a = shape->arc_begin[from]; a < shape->arc_begin[from + 1]; a++) {
        if (shape->arcs[a].to == to && shape->arcs[a].kind == kind) {
            return true;
        }
    }
    return false;
}

/** Is the map between vertices of equal colour a symmetry that takes a[i] to b[i]? */
static bool is_symmetry(const struct colouring *c, const uint8_t *a, const uint8_t *b, size_t n)
{
    const struct ops_shape *shape = c->shape;
    uint32_t image[OPSIG_PATTERN_MAX_VERTICES];
    uint64_t taken = 0;
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        image[v] = counterpart(c, v);
        if (image[v] == shape->n_vertices || (taken >> image[v] & 1) != 0 ||
            shape->symbol[image[v]] != shape->symbol[v]) {
            return false;
        }
        taken |= UINT64_C(1) << image[v];
    }
    for (size_t i = 0; i < n; i++) {
        if (image[a[i]] != b[i]) {
            return false;
        }
    }
    for (uint32_t e = 0; e < shape->n_edges; e++) {
        const struct ops_shape_edge *edge = &shape->edges[e];
        if (!has_arc(shape, image[edge->from], image[edge->to],
                     ops_arc_kind(edge->label, edge->dir))) {
            return false;
        }
    }
    return true;
}

bool ops_shape_symmetric(const struct ops_shape *shape, const uint8_t *a, const uint8_t *b,
                         size_t n)
{
    struct colouring c = {.shape = shape};
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        c.colour[0][v] = c.colour[1][v] = mix(shape->symbol[v] + UINT64_C(1));
    }
    for (size_t i = 0; i < n; i++) {
        c.colour[0][a[i]] = c.colour[1][b[i]] = mix((UINT64_C(1) << 32) + i);
    }
    for (uint64_t choice = 0;; choice++) {
        refine(&c);
        const uint32_t v = first_shared(&c);
        if (v == shape->n_vertices) {
            return is_symmetry(&c, a, b, n);
        }
        const uint32_t w = counterpart(&c, v);
        if (w == shape->n_vertices) {
            return false;
        }
        c.colour[0][v] = c.colour[1][w] = mix((UINT64_C(1) << 33) + choice);
    }
}
