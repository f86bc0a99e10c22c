/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file subgraph.h  The search: all frequent connected subgraphs of a network. */
#ifndef OPSIG_MINE_SUBGRAPH_H
#define OPSIG_MINE_SUBGRAPH_H

#include "mine/network.h"
#include "mine/testable.h"

/** Bounds of the search. */
struct ops_subgraph_bounds {
    uint32_t min_support;       /* models, at least 1; not less than the network was made for */
    uint32_t max_edges;         /* at most OPS_CODE_MAX_STEPS - 1 */
    bool closed;                /* visit only patterns that no pattern with one edge more, of any
                                   number of edges, has the support of */
    uint64_t max_patterns;      /* frequent ones before OPSIG_LIMIT */
    uint64_t max_memory;        /* bytes of embeddings on the way from a vertex to a pattern */
    unsigned n_threads;         /* at least 1 */
    const struct ops_testable *testable; /* neither visit nor extend what is not; NULL: all is */
    const volatile int *cancel; /* NULL: none */
};

/** A pattern as it is visited; valid during the visit. */
struct ops_subgraph_visit {
    struct ops_code code; /* minimum DFS code in the network's numbers */
    const uint32_t *models; /* that hold it, ascending */
    uint32_t support;       /* number of models */
    unsigned worker;           /* < n_threads; visits of one worker follow each other */
};

/** @return OPSIG_OK to go on */
typedef opsig_status (*ops_subgraph_visitor)(const struct ops_subgraph_visit *visit, void *payload,
                                             opsig_error *err);

/**
 * Visits every pattern of support >= min_support, single vertices included, each once. The visitor
 * is called by several threads at a time; the order of visits depends on them, the set of patterns
 * does not.
 * @return OPSIG_LIMIT naming the option, OPSIG_CANCELLED, OPSIG_NOMEM, or what the visitor returned
 */
opsig_status ops_subgraph_explore(const struct ops_network *network,
                                  const struct ops_subgraph_bounds *bounds,
                                  ops_subgraph_visitor visitor, void *payload, opsig_error *err);

#endif
