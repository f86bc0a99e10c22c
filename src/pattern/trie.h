/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file trie.h  Codes that share their prefixes.
 *
 *      Pad ── AveragePool ── Add*        each node is a step; * ends a code and carries a value.
 *       └──── Conv* ── Relu*             A walk over a graph visits each shared prefix once.
 */
#ifndef OPSIG_PATTERN_TRIE_H
#define OPSIG_PATTERN_TRIE_H

#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "pattern/code.h"

#define OPS_TRIE_NONE UINT32_MAX

struct ops_trie_node {
    struct ops_step step;
    uint32_t first_child, n_children; /* children are neighbours once the trie is sealed */
    uint32_t first_value, n_values;   /* values of the codes that end here */
    bool is_sequence;                 /* the code that leads here */
    bool sequences, subgraphs;        /* do codes of that kind end further down? */
};

/** Node 0 is the root, which stands for the empty code. */
struct ops_trie;

opsig_status ops_trie_new(struct ops_trie **out, opsig_error *err);
void ops_trie_free(struct ops_trie *trie);
/** Adds a code with a value; the same code may be added with several values. */
opsig_status ops_trie_add(struct ops_trie *trie, struct ops_code code, uint32_t value,
                          opsig_error *err);
/** Lays the nodes out for walking: children ascend by step, and have greater numbers than their
 *  parents. Nothing is added afterwards.
 *  O(total steps * log(codes)). */
opsig_status ops_trie_seal(struct ops_trie *trie, opsig_error *err);

/** Node by number; the values of a node. Valid until the trie is freed. */
const struct ops_trie_node *ops_trie_node(const struct ops_trie *trie, uint32_t node);
uint32_t ops_trie_n_nodes(const struct ops_trie *trie);
const uint32_t *ops_trie_values(const struct ops_trie *trie, uint32_t node);
/** The child whose step extends a sequence by `symbol`, or OPS_TRIE_NONE.
 *  @param depth  steps from the root to `node`.  O(log children) */
uint32_t ops_trie_sequence_child(const struct ops_trie *trie, uint32_t node, size_t depth,
                                 uint32_t symbol);

#endif
