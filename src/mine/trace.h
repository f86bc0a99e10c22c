/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file trace.h  Where a known sequence stands in a field. */
#ifndef OPSIG_MINE_TRACE_H
#define OPSIG_MINE_TRACE_H

#include "mine/field.h"

/** Follows one sequence after another. */
struct ops_trace {
    const struct ops_mine_field *field;
    struct ops_projector *projector;
    struct ops_groups roots;
    struct ops_groups groups[OPSIG_PATTERN_MAX_VERTICES];
    struct ops_level levels[OPSIG_PATTERN_MAX_VERTICES]; /* of the sequence followed last */
    size_t n_levels;
};

opsig_status ops_trace_new(struct ops_trace **out, const struct ops_mine_field *field,
                           opsig_error *err);
void ops_trace_free(struct ops_trace *trace);
/** Fills in the projections of the sequence's prefixes; members are grouped by model. n_levels
 *  is 0 where the sequence occurs nowhere. */
opsig_status ops_trace_follow(struct ops_trace *trace, struct ops_code sequence,
                              opsig_error *err);
/** The part of a level that lies in one model. O(log level) */
struct ops_level ops_trace_in_model(const struct ops_trace *trace, size_t level, uint32_t model);

#endif
