/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file code.h  The canonical code of a pattern.
 *
 *  A code is a list of steps. Step 0 places vertex 0; each later step adds one edge, and with it
 *  at most one new vertex (gSpan's DFS code with directions; Yan & Han, ICDM 2002):
 *
 *      Pad -> AveragePool -> Add        a sequence: every step goes forward from the last vertex
 *      step   from  to  dir  symbol
 *      0      0     0   -    Pad
 *      1      0     1   out  AveragePool
 *      2      1     2   out  Add
 *
 *  `dir` says whether the edge leaves `from` (out), enters it (in), or has no direction (both: then
 *  all edges of the pattern have none). `symbol` is that of vertex `to` where the step places it,
 *  else OPS_NO_SYMBOL (a backward step, which closes a cycle of the undirected shape; two edges of
 *  one pair of vertices close one too).
 *
 *  A DFS code places vertices in the order of a depth-first search. What may follow the steps so
 *  far are the edges at the rightmost path, the walk of forward steps from vertex 0 to the vertex
 *  placed last, in this order, the least first:
 *
 *      backward steps, from the vertex placed last    by (to, label, dir)
 *      forward steps                                  by (from, largest first; label, dir, symbol)
 *
 *  The minimum DFS code of a pattern starts at a vertex with the least symbol, and takes the least
 *  possible step each time, over all ways to have come so far. Each of its prefixes is the minimum
 *  code of its own pattern, so a search that drops codes that are not minimal finds every pattern
 *  once.
 *
 *  The canonical code of a pattern that is a directed path is the walk from source to sink; of an
 *  undirected path the lesser of its two walks; of any other pattern its minimum DFS code, symbols
 *  in the order of their texts' bytes. Sequences and subgraphs are therefore one type, share one
 *  trie, and have the same id wherever they were found.
 *  Symbols are ids of a symbol table (struct ops_intern) that the owner of the code keeps.
 */
#ifndef OPSIG_PATTERN_CODE_H
#define OPSIG_PATTERN_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/pattern.h>

#include "base/error.h"

enum { OPS_CODE_OUT = 0, OPS_CODE_IN = 1, OPS_CODE_BOTH = 2 };

/** Most steps of a code: so many vertices has the largest tree. */
enum { OPS_CODE_MAX_STEPS = OPSIG_PATTERN_MAX_VERTICES };

struct ops_step {
    uint32_t symbol; /* of the vertex that the step places; OPS_NO_SYMBOL: none */
    uint32_t label;  /* of the edge; 0: none */
    uint8_t from, to, dir;
};

/** Steps [0, n_steps); not owning. n_vertices and n_edges follow from them. */
struct ops_code {
    const struct ops_step *steps;
    size_t n_steps;
};

/** Step number k of a sequence. */
static inline struct ops_step ops_code_sequence_step(size_t k, uint32_t symbol)
{
    return (struct ops_step){.symbol = symbol,
                             .from = (uint8_t)(k == 0 ? 0 : k - 1),
                             .to = (uint8_t)k,
                             .dir = OPS_CODE_OUT};
}

bool ops_step_equal(struct ops_step a, struct ops_step b);
bool ops_code_equal(struct ops_code a, struct ops_code b);
size_t ops_code_n_vertices(struct ops_code code);
/** Is it a directed path from vertex 0 on, step by step, without edge labels? A single vertex is
 *  one. */
bool ops_code_is_sequence(struct ops_code code);
/** Does each step go on from the vertex of the step before, in one direction? As for sequences, but
 *  with edge labels, or without directions. */
bool ops_code_is_chain(struct ops_code code);

/** The other end's view of a direction. */
static inline uint8_t ops_dir_flip(uint8_t dir)
{
    return dir == OPS_CODE_BOTH ? dir : (uint8_t)(dir ^ 1U);
}

/** Is this DFS code the minimum one, symbols and labels in the order of their numbers? All of its
 *  proper prefixes must be known to be. O(edges * codes' common prefixes with it), which is many
 *  only where the pattern has many symmetries. */
bool ops_code_is_minimal(struct ops_code code);

#endif
