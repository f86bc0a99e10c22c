/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file all_subgraphs.h  Frequent subgraphs the slow way: every set of edges of every graph, told
 *  apart by trying all orders of their vertices. */
#ifndef OPSIG_TESTS_ALL_SUBGRAPHS_H
#define OPSIG_TESTS_ALL_SUBGRAPHS_H

#include <opsig/pattern.h>

#include "mine/network.h"

enum { SLOW_MAX_VERTICES = 7, SLOW_MAX_EDGES = 6 };

/** A small labelled graph. */
struct slow_graph {
    uint32_t n_vertices, n_edges;
    uint32_t symbol[SLOW_MAX_VERTICES];
    struct ops_network_edge edges[SLOW_MAX_EDGES];
};

/** The same for equal graphs and for no others; zeros behind it. */
struct slow_name {
    uint32_t words[2 + SLOW_MAX_VERTICES + 3 * SLOW_MAX_EDGES];
};

struct slow_pattern {
    uint32_t support, last_model, n_edges;
    bool closed;
};

struct all_subgraphs {
    struct ops_intern *names; /* of struct slow_name */
    OPS_VEC(struct slow_pattern) patterns; /* by id in names */
};

struct slow_name slow_name(const struct slow_graph *graph, bool undirected);

/** All patterns of up to max_edges edges with their supports. Those with fewer know whether they
 *  are closed. Aborts when memory runs out. */
void all_subgraphs(struct all_subgraphs *out, const struct ops_raw_network *raw, bool undirected,
                   uint32_t max_edges);
void all_subgraphs_dispose(struct all_subgraphs *all);

/** Sizes of random graphs. */
struct random_raw_options {
    uint32_t n_models, max_vertices, max_edges, n_symbols, n_labels;
    bool two_layers, acyclic;
};

/** Random graphs with symbols "A", "B", ...; aborts when memory runs out. */
struct ops_raw_network *random_raw(uint64_t seed, const struct random_raw_options *options);

#endif
