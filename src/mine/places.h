/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file places.h  Where known subgraphs stand in the models of a corpus. */
#ifndef OPSIG_MINE_PLACES_H
#define OPSIG_MINE_PLACES_H

#include <opsig/corpus.h>

#include "base/vec.h"
#include "pattern/pattern.h"

/** One pattern in one model. */
struct ops_place {
    uint32_t model, pattern;
    uint32_t n_places;  /* different vertices that vertex 0 of the pattern stands on */
    size_t first_match; /* in `vertices`: the model's vertices in code order */
};

/** By model, then by pattern. */
struct ops_places {
    OPS_VEC(struct ops_place) items;
    OPS_VEC(uint32_t) vertices;
};

/** Looks for all of the patterns in each model, as a scan does.
 *  @param out  empty; disposed of by the caller, also on failure */
opsig_status ops_places_find(struct ops_places *out, const opsig_corpus *corpus,
                             const opsig_pattern *const *patterns, size_t n, opsig_error *err);
void ops_places_dispose(struct ops_places *places);

#endif
