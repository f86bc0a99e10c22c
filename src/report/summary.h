/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file summary.h  What `opsig inspect` says of a graph. */
#ifndef OPSIG_REPORT_SUMMARY_H
#define OPSIG_REPORT_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/graph.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/vec.h"
#include "graph/topology.h"

/** Longest sequences whose occurrences are counted, in vertices. */
enum { OPS_SUMMARY_MAX_LENGTH = 3 };
/** Longest text of an entry, in bytes. */
enum { OPS_SUMMARY_TEXT_MAX = 4 * 1024 * 1024 };

/** An operator symbol or a sequence of them, and how often it occurs. */
struct ops_tally_entry {
    uint32_t symbols[OPS_SUMMARY_MAX_LENGTH]; /* ids of facts->symbols */
    uint32_t length;
    uint64_t count;
};

typedef OPS_VEC(struct ops_tally_entry) ops_tally_entries;

struct ops_summary {
    struct ops_intern *symbols; /* "Cast", "com.microsoft::Gelu"; Constants included */
    ops_tally_entries operators; /* by falling count, then by text */
    ops_tally_entries sequences; /* likewise; the most frequent ones */
    struct ops_topology topology;
};

/** Gathers the facts. Sequences of three that would take more than a fixed amount of work to
 *  count (vertices with very many neighbours of many kinds) are left out as a whole.
 *  Time: O(vertices + edges). */
opsig_status ops_summary_gather(struct ops_summary *out, const opsig_graph *graph,
                                opsig_error *err);
void ops_summary_dispose(struct ops_summary *facts);

/** Appends the text of an entry: a symbol, or symbols joined by arrows. */
void ops_summary_write(struct ops_buffer *out, const struct ops_summary *facts,
                       const struct ops_tally_entry *entry);

#endif
