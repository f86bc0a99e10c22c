/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file field.h  One model's graph, its symbols as ids of a table that patterns use too. */
#ifndef OPSIG_PATTERN_FIELD_H
#define OPSIG_PATTERN_FIELD_H

#include "base/intern.h"
#include "pattern/project.h"

struct ops_graph_field {
    struct ops_field field; /* refers to the graph and to the array below */
    uint32_t *symbols;      /* by layer and vertex; owned */
};

/** A graph in terms of a table, both alphabets: symbols that it has not become OPS_NO_SYMBOL, and
 *  so does a second symbol that is the first. O(vertices + symbols)
 *  @param out  refers to the graph; disposed of by the caller, also on failure */
opsig_status ops_graph_field_init(struct ops_graph_field *out, const opsig_graph *graph,
                                  const struct ops_intern *symbols, opsig_error *err);
void ops_graph_field_dispose(struct ops_graph_field *field);

#endif
