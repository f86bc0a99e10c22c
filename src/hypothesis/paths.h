/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file paths.h  The paths of a model from a graph input to a graph output, as a graph of what
 *  lies on them.
 *
 *  A path is a graph input, nodes of the main graph that are joined by edges, and a graph output;
 *  its string is `input`, the nodes' symbols, `output`. Two tensors between the same two nodes are
 *  one edge; a node that reads two inputs begins two paths. There may be 2^64 paths and more with
 *  few different strings, so they are counted, and kept as the graph.
 *
 *          input -> 0:Split -> 1:Relu -> 3:Add -> output    strings: input Split Relu Add output
 *                      `-----> 2:Relu -------^              paths: 2
 */
#ifndef OPSIG_HYPOTHESIS_PATHS_H
#define OPSIG_HYPOTHESIS_PATHS_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/graph.h>

#include "base/arena.h"
#include "hypothesis/vocabulary.h"

/** A graph without vertices where there is no path. Vertices are numbered so that edges lead to
 *  higher numbers. */
struct ops_paths {
    struct ops_arena arena;
    uint32_t n_vertices, n_edges;
    const uint32_t *symbol;             /* n_vertices */
    const uint32_t *n_given, *n_results; /* n_vertices: graph inputs read, outputs written */
    const uint32_t *succ_begin, *succ;  /* n_vertices + 1; n_edges */
    const uint32_t *bigram;             /* n_edges: the two ends of an edge */
    const uint32_t *first, *last;       /* n_vertices: the bigrams with `input` and `output` */
    uint64_t n_paths;    /* UINT64_MAX stands for that many or more */
    uint64_t n_distinct; /* strings; one more than the limit stands for more than it */
    uint32_t longest;    /* string, in symbols; 0: none */
};

/**
 * Finds the paths of a model. @param max_distinct  strings that are told apart
 * @param cancel  as in opsig_limits
 * @return OPSIG_NOMEM, OPSIG_CANCELLED
 */
opsig_status ops_paths_new(struct ops_paths **out, const opsig_graph *graph,
                           opsig_alphabet alphabet, uint64_t max_distinct,
                           struct ops_vocabulary *vocabulary, const volatile int *cancel,
                           opsig_error *err);
void ops_paths_free(struct ops_paths *paths);

/** Called with a string; the symbols are gone afterwards. */
typedef opsig_status ops_paths_visit(const uint32_t *symbols, size_t n, void *payload,
                                     opsig_error *err);
/** Visits all distinct strings, each once, in rising order of their symbols' numbers. Time: linear
 *  in the symbols of distinct beginnings, times the nodes that share one. */
opsig_status ops_paths_walk(const struct ops_paths *paths, ops_paths_visit *visit, void *payload,
                            opsig_error *err);

#endif
