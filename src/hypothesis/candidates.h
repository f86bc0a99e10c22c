/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file candidates.h  Sequences one by one: which models hold them, and which could. */
#ifndef OPSIG_HYPOTHESIS_CANDIDATES_H
#define OPSIG_HYPOTHESIS_CANDIDATES_H

#include "base/arena.h"
#include "hypothesis/sample.h"
#include "mine/trace.h"

/** Frequent sequences of two or more operators. Those of sequence c have the entries begin[c] ...
 *  begin[c+1]-1: the places of the models that hold all of its operators, ascending. */
struct ops_candidates {
    uint32_t n, min_support;
    struct ops_code *sequences;
    size_t *begin; /* n + 1 */
    uint32_t *place;
    uint8_t *holds; /* 1: the model holds the sequence itself */
    struct ops_arena arena;
};

/** Which sequences. */
struct ops_candidates_options {
    uint32_t min_support; /* raised until the entries are at most max_entries */
    uint32_t max_length;
    size_t max_entries;
    const volatile int *cancel;
};

opsig_status ops_candidates_new(struct ops_candidates **out, const struct ops_mine_field *field,
                                const struct ops_sample *sample,
                                const struct ops_candidates_options *options, opsig_error *err);
void ops_candidates_free(struct ops_candidates *candidates);

/** Adds 1 to the entry of each model that holds the sequence in the field of `trace`: the same
 *  models with other edges. @param hits  parallel to the entries */
opsig_status ops_candidates_count(const struct ops_candidates *candidates,
                                  const struct ops_sample *sample, struct ops_trace *trace,
                                  uint32_t *hits, opsig_error *err);

#endif
