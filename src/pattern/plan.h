/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file plan.h  What the subgraph codes of a trie have in common, laid out for matching.
 *
 *  Children of a trie node that leave the same vertex the same way are one run: the neighbours are
 *  gone through once for all of them, and each neighbour's symbol tells which child it is.
 *
 *      node Conv      run from 0, out, no label      Add, Relu, Tanh
 *                     run from 0, in, no label       Pad
 *
 *  A pattern with symmetries matches the same vertices in several ways. Of these the one whose
 *  vertices come first in order is told by pairs of positions whose vertices must ascend (Grochow
 *  and Kellis, RECOMB 2007, section 4): for each position k, the pairs of k and all positions that
 *  a symmetry which keeps those before k takes k to.
 */
#ifndef OPSIG_PATTERN_PLAN_H
#define OPSIG_PATTERN_PLAN_H

#include <stdbool.h>

#include "pattern/trie.h"

struct ops_plan_node {
    uint32_t first_run, n_runs;
    uint32_t first_pair, n_pairs;
    uint32_t width; /* vertices of the code that leads here */
    bool is_end;    /* a subgraph's code ends here */
};

struct ops_plan_run {
    uint32_t first_child, n_children; /* in the trie */
    uint32_t label;
    uint8_t from, to, dir;
    bool forward;
};

/** Positions whose vertices must ascend. */
struct ops_plan_pair {
    uint8_t a, b;
};

/** Arrays by the trie's node have n_nodes entries. */
struct ops_plan {
    const struct ops_trie *trie;
    uint32_t n_nodes, n_symbols, n_runs;
    struct ops_plan_node *nodes;
    uint32_t *symbol;    /* by node: that its step places */
    uint32_t *parent;    /* by node; the root is its own */
    uint32_t *root;      /* by symbol: the child of the trie's root, or OPS_TRIE_NONE */
    struct ops_plan_run *runs; /* ascending by node */
    OPS_VEC(struct ops_plan_pair) pairs;
};

/** @param trie       sealed; must outlive the plan
 *  @param n_symbols  of the table that its codes use.  O(nodes * length^2 symmetry tests) */
opsig_status ops_plan_new(struct ops_plan **out, const struct ops_trie *trie, uint32_t n_symbols,
                          opsig_error *err);
void ops_plan_free(struct ops_plan *plan);

#endif
