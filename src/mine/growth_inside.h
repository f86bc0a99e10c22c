/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file growth_inside.h  What growth.c and closed.c share: the scratch of one thread. */
#ifndef OPSIG_MINE_GROWTH_INSIDE_H
#define OPSIG_MINE_GROWTH_INSIDE_H

#include "mine/growth.h"

enum { OPS_UNMARKED = UINT8_MAX };

/* In a table: an extension that is not worth counting, and one that no pattern on the way needs. */
#define OPS_DEAD UINT32_MAX
#define OPS_PRUNED (UINT32_MAX - 1)

/** One more edge at any place, while the models that hold it are counted. */
struct ops_closing_key {
    uint32_t what;      /* forward: the arc's type; back: its kind */
    uint8_t from, to;   /* positions; `to` is OPS_UNMARKED for a new vertex */
    uint32_t n_models;  /* that hold it, of those looked at so far */
};

struct ops_growth {
    const struct ops_network *network;
    uint32_t min_support;
    uint64_t max_memory, max_words, carried;
    OPS_VEC(uint32_t) stack;
    OPS_VEC(struct ops_extension) extensions; /* of the patterns on the way */
    uint8_t *mark;                            /* by vertex: its position in the row, or UNMARKED */
    /** By position: for each arc type, and behind them each kind of edges back to it, the number
     *  of an extension from 1, or that it is dead; 0: not met yet. Between calls all are 0 but the
     *  pruned ones. */
    uint32_t *table[OPSIG_PATTERN_MAX_VERTICES];
    OPS_VEC(struct ops_pruned) pruned; /* of the patterns on the way: OPS_PRUNED in the tables */
    OPS_VEC(struct ops_closing_key) keys;
    uint32_t *models;        /* room for all */
    OPS_VEC(uint32_t) order; /* of rows, while they are thinned */
};

/** Makes the table of a position. */
opsig_status ops_growth_table(struct ops_growth *growth, size_t position, opsig_error *err);

static inline void ops_growth_mark(struct ops_growth *growth, size_t row, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++) {
        growth->mark[growth->stack.items[row + i]] = (uint8_t)i;
    }
}

static inline void ops_growth_unmark(struct ops_growth *growth, size_t row, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++) {
        growth->mark[growth->stack.items[row + i]] = OPS_UNMARKED;
    }
}

#endif
