/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file field_graph.h  One model of a random field as an operator graph to scan. */
#ifndef OPSIG_TESTS_FIELD_GRAPH_H
#define OPSIG_TESTS_FIELD_GRAPH_H

#include "graph/snapshot.h"
#include "support/random_field.h"

/** Only what a scanner reads is filled in: edges and symbols. Freed by field_graph_free. */
struct field_graph {
    struct opsig_graph graph;
    uint32_t *succ_begin, *succ, *symbol[OPS_N_ALPHABETS], *symbol_text;
    char *text;
};

void field_graph_init(struct field_graph *out, const struct ops_mine_field *field,
                      uint32_t model);
void field_graph_dispose(struct field_graph *graph);

#endif
