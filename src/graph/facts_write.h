/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file facts_write.h  From a resolved graph to its block of facts. */
#ifndef OPSIG_GRAPH_FACTS_WRITE_H
#define OPSIG_GRAPH_FACTS_WRITE_H

#include "graph/opgraph.h"

/** Finds the facts of a graph whose tensors are numbered, and writes them to graph->facts.
 *  @return OPSIG_NOMEM, OPSIG_LIMIT (max_memory), OPSIG_TIMEOUT, OPSIG_CANCELLED */
opsig_status ops_facts_build(struct ops_opgraph *graph, opsig_error *err);

#endif
