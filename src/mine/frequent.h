/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file frequent.h  Lists of frequent patterns, and how they come about. */
#ifndef OPSIG_MINE_FREQUENT_H
#define OPSIG_MINE_FREQUENT_H

#include <opsig/mine.h>

#include "base/vec.h"
#include "mine/explore.h"
#include "mine/network.h"

struct ops_frequent_item {
    opsig_pattern *pattern;
    uint32_t support;
};

struct opsig_frequent {
    uint32_t max_edges;
    uint64_t count;
    uint64_t by_edges[OPSIG_PATTERN_MAX_VERTICES];
    OPS_VEC(struct ops_frequent_item) items;
};

/** A list without patterns. @param max_edges  as in opsig_frequent_options */
opsig_status ops_frequent_new(opsig_frequent **out, uint32_t max_edges, opsig_error *err);
/** Adds a pattern made of a code. @param symbols  what the code's symbols are ids of */
opsig_status ops_frequent_add(opsig_frequent *frequent, struct ops_code code,
                              const struct ops_intern *symbols, uint32_t support,
                              opsig_error *err);
/** Puts the patterns in order. */
void ops_frequent_sort(opsig_frequent *frequent);

/** Sequences, of a field that is there already. */
opsig_status ops_frequent_collect(opsig_frequent **out, const struct ops_mine_field *field,
                                  const opsig_frequent_options *options, opsig_error *err);
/** Subgraphs, of a network that is there already. */
opsig_status ops_frequent_subgraphs(opsig_frequent **out, struct ops_raw_network *raw,
                                    const opsig_frequent_options *options, opsig_error *err);

#endif
