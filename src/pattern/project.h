/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file project.h  The one step: extend a projection by one edge.
 *
 *  The projection of a sequence is the set of end vertices of all paths that carry it. The
 *  projections of its extensions are the successors of that set, grouped by symbol: work linear
 *  in the edges that leave the set, however many paths lead there (method.md section 2). The
 *  miner follows all groups, the scanner those that its trie has.
 */
#ifndef OPSIG_PATTERN_PROJECT_H
#define OPSIG_PATTERN_PROJECT_H

#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "graph/snapshot.h"
#include "pattern/code.h"

/** Symbols that one vertex can carry at once: that of each alphabet. */
enum { OPS_FIELD_LAYERS = OPS_N_ALPHABETS };

/** What projections run over: one graph, or the disjoint union of a corpus's graphs. Symbols are
 *  ids of one table; a vertex may carry several, or OPS_NO_SYMBOL. Does not own its arrays. The
 *  last three are for subgraphs (match.h), and NULL where only sequences are followed. */
struct ops_field {
    uint32_t n_vertices, n_symbols;
    uint32_t n_layers; /* <= OPS_FIELD_LAYERS */
    const uint32_t *succ_begin, *succ; /* ascending at each vertex */
    const uint32_t *symbols[OPS_FIELD_LAYERS];
    const uint32_t *pred_begin, *pred; /* ascending at each vertex */
    const uint32_t *in_slot;           /* parallel to succ: label - 1 of the edge */
};

/** The extensions of one projection: group g has symbol symbols[g] and the end vertices
 *  vertices[begin[g] ... begin[g+1]-1], each once. Groups ascend by symbol; vertices keep the
 *  order in which the projection's members lead to them. */
struct ops_groups {
    OPS_VEC(uint32_t) symbols, begin, vertices;
};

/** Scratch for one field and one thread. */
struct ops_projector;

opsig_status ops_projector_new(struct ops_projector **out, const struct ops_field *field,
                               opsig_error *err);
void ops_projector_free(struct ops_projector *projector);

/** Groups of single vertices: the projections of all sequences of length 1. O(vertices). */
opsig_status ops_project_roots(struct ops_projector *projector, struct ops_groups *out,
                               opsig_error *err);
/** Groups that extend a projection of n vertices. O(edges that leave it + s log s), s the number
 *  of symbols met. `out` may not hold `projection`. */
opsig_status ops_project_extend(struct ops_projector *projector, const uint32_t *projection,
                                size_t n, struct ops_groups *out, opsig_error *err);
void ops_groups_dispose(struct ops_groups *groups);

/** Projections of the prefixes of one sequence, first to last. */
struct ops_level {
    const uint32_t *vertices;
    size_t n;
};

/** All matches of a sequence. */
struct ops_matches {
    uint64_t total;     /* saturating at INT64_MAX */
    size_t n_kept;
    uint32_t *vertices; /* n_kept times n_levels, ordered; ops_mem_free */
};

/**
 * Counts the paths behind a walk and writes out the first of them in the order of their
 * vertices. `levels` are the projections of the sequence's prefixes in `field`, the last one not
 * empty. Time: O(edges between the levels * log(level size) + kept * length).
 */
opsig_status ops_matches_collect(struct ops_matches *out, const struct ops_field *field,
                                 const struct ops_level *levels, size_t n_levels,
                                 size_t max_kept, opsig_error *err);

#endif
