/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file match.h  All matches of a trie's subgraph codes in one graph.
 *
 *  A match is an injective map of a code's vertices to the graph's that keeps symbols and edges
 *  with their directions and labels; an edge without a label stands on any, further edges between
 *  the vertices do no harm. Maps that a symmetry of the pattern takes into each other are one
 *  occurrence, told by the least of them. Sequences are not matched here: they have project.h.
 */
#ifndef OPSIG_PATTERN_MATCH_H
#define OPSIG_PATTERN_MATCH_H

#include "base/deadline.h"
#include "pattern/plan.h"
#include "pattern/project.h"

struct ops_match_options {
    size_t max_kept;   /* matches written out for each code */
    uint32_t max_work; /* neighbours looked at for one step of a code; see ops_found.cut */
    struct ops_deadline *deadline; /* NULL: none */
};

enum { OPS_MATCH_MAX_WORK = 1000000 }; /* the usual limit */

/** What was found of the codes that end at one node of the trie. */
struct ops_found {
    uint32_t node;
    uint32_t n_places;  /* different vertices that vertex 0 of the code stands on */
    uint64_t total;     /* occurrences, saturating at INT64_MAX; 0 only where cut */
    /** A step of the code reached max_work: there may be more matches. This and the numbers above
     *  follow from the code and the graph alone, whatever else is in the trie. */
    bool cut;
    size_t n_kept;
    OPS_VEC(uint32_t) rows; /* n_kept matches in code order, ascending */
    uint32_t last_root;     /* while matching: what n_places counted last */
};

typedef OPS_VEC(struct ops_found) ops_found_vec;

void ops_found_dispose(ops_found_vec *found);

/**
 * Fills `out`, empty until now, with what occurs in a field with predecessors, ascending by node.
 * Symbols of the field are those of the plan's codes.
 * Time: O(vertices + nodes of the trie + neighbours of partial matches), of which the last is
 * bounded for each node of the trie by max_work. Memory: O(nodes of the trie + matches kept).
 * @return OPSIG_TIMEOUT, OPSIG_CANCELLED, OPSIG_NOMEM
 */
opsig_status ops_match(const struct ops_plan *plan, const struct ops_field *field,
                       const struct ops_match_options *options, ops_found_vec *out,
                       opsig_error *err);

#endif
