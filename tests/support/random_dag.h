/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file random_dag.h  Small random graphs to find subgraphs in, and the slow way to find them. */
#ifndef OPSIG_TESTS_RANDOM_DAG_H
#define OPSIG_TESTS_RANDOM_DAG_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "graph/plain.h"
#include "pattern/pattern.h"
#include "support/random_shape.h"

/** A DAG in which edge slots are 0 and 1, so that labels are 1 and 2. Vertices carry the symbols of
 *  a table. Aborts without memory. */
static inline opsig_graph *random_dag(struct shape_dice *dice, uint32_t n_vertices,
                                      uint32_t edge_percent, const struct ops_intern *symbols)
{
    struct ops_plain_edge edges[2 * 32 * 32];
    uint32_t symbol[32];
    struct ops_plain_graph plain = {
        .n_vertices = n_vertices, .symbol = symbol, .edges = edges, .symbols = symbols};
    opsig_graph *graph = NULL;
    for (uint32_t v = 0; v < n_vertices; v++) {
        symbol[v] = shape_roll(dice, ops_intern_count(symbols));
        for (uint32_t w = v + 1; w < n_vertices; w++) {
            const uint32_t slots =
                shape_roll(dice, 100) < edge_percent ? 1 + shape_roll(dice, 3) : 0;
            for (uint32_t slot = 0; slot < 2; slot++) {
                if ((slots >> slot & 1) != 0) {
                    edges[plain.n_edges++] = (struct ops_plain_edge){v, w, slot};
                }
            }
        }
    }
    if (ops_plain_snapshot(&graph, &plain, NULL) != OPSIG_OK) {
        abort();
    }
    return graph;
}

/** Turns the edges of a shape so that none closes a cycle, and drops those that are there twice. */
static inline void make_acyclic(struct ops_shape *shape)
{
    uint32_t n = 0;
    for (uint32_t e = 0; e < shape->n_edges; e++) {
        struct ops_shape_edge edge = shape->edges[e];
        bool repeated = false;
        if (edge.from > edge.to) {
            const uint8_t from = edge.to;
            edge.to = edge.from;
            edge.from = from;
        }
        for (uint32_t f = 0; f < n; f++) {
            repeated = repeated || (shape->edges[f].from == edge.from &&
                                    shape->edges[f].to == edge.to &&
                                    shape->edges[f].label == edge.label);
        }
        if (!repeated) {
            shape->edges[n++] = edge;
        }
    }
    shape->n_edges = n;
}

/** A random acyclic pattern over "A", "B", ... Aborts without memory. */
static inline opsig_pattern *random_pattern(struct shape_dice *dice, uint32_t max_vertices,
                                            uint32_t n_symbols, uint32_t n_labels)
{
    struct ops_buffer text;
    opsig_pattern *pattern = NULL;
    struct ops_shape shape = random_shape(dice, 2 + shape_roll(dice, max_vertices - 1),
                                          shape_roll(dice, 3), n_symbols, n_labels, false);
    make_acyclic(&shape);
    ops_buffer_init(&text, 10000);
    write_scrambled(&text, &shape, dice);
    if (opsig_pattern_parse(&pattern, ops_buffer_text(&text), NULL) != OPSIG_OK) {
        abort();
    }
    ops_buffer_dispose(&text);
    return pattern;
}

/** Is there an edge with a label, 0 for any? */
static inline bool dag_has_edge(const opsig_graph *graph, uint32_t from, uint32_t to,
                                uint32_t label)
{
    for (uint32_t e = graph->succ_begin[from]; e < graph->succ_begin[from + 1]; e++) {
        if (graph->succ[e] == to && (label == 0 || graph->in_slot[e] == label - 1)) {
            return true;
        }
    }
    return false;
}

/** All maps of a small pattern into a graph, in ascending order. */
struct all_maps {
    const opsig_pattern *pattern;
    const opsig_graph *graph;
    uint32_t n_vertices, row[8];
    size_t n;
    uint32_t (*rows)[8];
};

static inline bool map_fits(const struct all_maps *all, uint32_t v)
{
    const char *const symbol = opsig_pattern_symbol(all->pattern, v);
    const uint32_t at = all->row[v];
    if (strcmp(symbol, ops_snapshot_symbol_text(all->graph, all->graph->symbol[0][at])) != 0) {
        return false;
    }
    for (uint32_t w = 0; w < v; w++) {
        if (all->row[w] == at) {
            return false;
        }
    }
    for (size_t e = 0; e < opsig_pattern_n_edges(all->pattern); e++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(all->pattern, e);
        const bool known = edge.from <= v && edge.to <= v;
        if (known && !dag_has_edge(all->graph, all->row[edge.from], all->row[edge.to],
                                   edge.label)) {
            return false;
        }
    }
    return true;
}

static inline void add_maps(struct all_maps *all, uint32_t v)
{
    if (v == all->n_vertices) {
        all->rows = realloc(all->rows, (all->n + 1) * sizeof *all->rows);
        if (all->rows == NULL) {
            abort();
        }
        memcpy(all->rows[all->n++], all->row, sizeof all->row);
        return;
    }
    for (all->row[v] = 0; all->row[v] < all->graph->n_vertices; all->row[v]++) {
        if (map_fits(all, v)) {
            add_maps(all, v + 1);
        }
    }
}

/** Lists all maps; free(rows) by the caller. */
static inline struct all_maps all_maps(const opsig_pattern *pattern, const opsig_graph *graph)
{
    struct all_maps all = {.pattern = pattern,
                           .graph = graph,
                           .n_vertices = (uint32_t)opsig_pattern_n_vertices(pattern)};
    add_maps(&all, 0);
    return all;
}

/** Does taking vertex i to to[i] leave the pattern as it is? */
static inline bool is_symmetry_of(const opsig_pattern *pattern, const uint32_t *to)
{
    const size_t n = opsig_pattern_n_edges(pattern);
    for (size_t v = 0; v < opsig_pattern_n_vertices(pattern); v++) {
        if (strcmp(opsig_pattern_symbol(pattern, v), opsig_pattern_symbol(pattern, to[v])) != 0) {
            return false;
        }
    }
    for (size_t e = 0; e < n; e++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, e);
        bool found = false;
        for (size_t f = 0; f < n && !found; f++) {
            const opsig_pattern_edge other = opsig_pattern_edge_at(pattern, f);
            found = other.from == to[edge.from] && other.to == to[edge.to] &&
                    other.label == edge.label;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/** Is one map the other one after some symmetry of the pattern? */
static inline bool same_occurrence(const opsig_pattern *pattern, const uint32_t *a,
                                   const uint32_t *b)
{
    const size_t n = opsig_pattern_n_vertices(pattern);
    uint32_t to[8];
    for (size_t v = 0; v < n; v++) {
        to[v] = UINT32_MAX;
        for (uint32_t w = 0; w < n; w++) {
            to[v] = b[w] == a[v] ? w : to[v];
        }
        if (to[v] == UINT32_MAX) {
            return false;
        }
    }
    return is_symmetry_of(pattern, to);
}

#endif
