/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file random_shape.h  Small random patterns as shapes, and their texts in any order. */
#ifndef OPSIG_TESTS_RANDOM_SHAPE_H
#define OPSIG_TESTS_RANDOM_SHAPE_H

#include "base/buffer.h"
#include "base/rng.h"
#include "pattern/shape.h"

struct shape_dice {
    uint64_t seed, index;
};

static inline uint32_t shape_roll(struct shape_dice *dice, uint32_t bound)
{
    return (uint32_t)ops_rng_below(dice->seed, 2, dice->index++, bound);
}

/** Adds an edge unless it is there. */
static inline void shape_add(struct ops_shape *shape, struct shape_dice *dice, uint32_t a,
                             uint32_t b, uint32_t n_labels, bool undirected)
{
    struct ops_shape_edge edge = {.label = shape_roll(dice, n_labels),
                                  .from = (uint8_t)a,
                                  .to = (uint8_t)b,
                                  .dir = undirected ? OPS_CODE_BOTH : OPS_CODE_OUT};
    if (undirected && a > b) {
        edge.from = (uint8_t)b;
        edge.to = (uint8_t)a;
    }
    for (uint32_t e = 0; e < shape->n_edges; e++) {
        const struct ops_shape_edge *other = &shape->edges[e];
        if (other->from == edge.from && other->to == edge.to && other->label == edge.label) {
            return;
        }
    }
    shape->edges[shape->n_edges++] = edge;
}

/** A random connected shape: a random tree with some edges more. */
static inline struct ops_shape random_shape(struct shape_dice *dice, uint32_t n_vertices,
                                            uint32_t n_more, uint32_t n_symbols,
                                            uint32_t n_labels, bool undirected)
{
    struct ops_shape shape = {.n_vertices = n_vertices};
    for (uint32_t v = 0; v < n_vertices; v++) {
        shape.symbol[v] = shape_roll(dice, n_symbols);
        if (v > 0) {
            const uint32_t w = shape_roll(dice, v);
            const bool turn = shape_roll(dice, 2) == 0;
            shape_add(&shape, dice, turn ? w : v, turn ? v : w, n_labels, undirected);
        }
    }
    for (uint32_t e = 0; e < n_more && n_vertices > 1; e++) {
        const uint32_t a = shape_roll(dice, n_vertices);
        const uint32_t b = (a + 1 + shape_roll(dice, n_vertices - 1)) % n_vertices;
        shape_add(&shape, dice, a, b, n_labels, undirected);
    }
    ops_shape_connect(&shape);
    return shape;
}

/** Writes a shape as a graph, vertices and edges in random order, with names of their own. */
static inline void write_scrambled(struct ops_buffer *out, const struct ops_shape *shape,
                                   struct shape_dice *dice)
{
    uint32_t order[OPS_CODE_MAX_STEPS];
    ops_rng_permutation(dice->seed, 100 + dice->index++, order, shape->n_vertices);
    for (uint32_t i = 0; i < shape->n_vertices; i++) {
        ops_buffer_printf(out, "%sn%u:%c", i > 0 ? "; " : "", order[i],
                          (char)('A' + shape->symbol[order[i]]));
    }
    ops_rng_permutation(dice->seed, 100 + dice->index++, order, shape->n_edges);
    for (uint32_t i = 0; i < shape->n_edges; i++) {
        const struct ops_shape_edge *edge = &shape->edges[order[i]];
        const bool both = edge->dir == OPS_CODE_BOTH;
        const bool turn = both && shape_roll(dice, 2) == 0;
        ops_buffer_printf(out, ";n%u", turn ? edge->to : edge->from);
        if (edge->label != 0) {
            ops_buffer_printf(out, " -[%u]%s ", edge->label, both ? "-" : "->");
        } else {
            ops_buffer_puts(out, both ? "--" : "->");
        }
        ops_buffer_printf(out, "n%u", turn ? edge->from : edge->to);
    }
}

#endif
