/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/all_subgraphs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"
#include "graph/snapshot.h"

enum { NAME_WORDS = sizeof(struct slow_name) / sizeof(uint32_t) };

static void must(bool done)
{
    if (!done) {
        abort();
    }
}

/* ---- names ---- */

static int compare_edges(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct ops_network_edge)); /* any total order will do */
}

/** The name under one order of vertices. */
static struct slow_name name_of_order(const struct slow_graph *graph, bool undirected,
                                      const uint32_t *place)
{
    struct slow_name name = {{graph->n_vertices, graph->n_edges}};
    struct ops_network_edge edges[SLOW_MAX_EDGES] = {{0}};
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        name.words[2 + place[v]] = graph->symbol[v];
    }
    for (uint32_t e = 0; e < graph->n_edges; e++) {
        const uint32_t from = place[graph->edges[e].from];
        const uint32_t to = place[graph->edges[e].to];
        const bool turn = undirected && to < from;
        edges[e] = (struct ops_network_edge){turn ? to : from, turn ? from : to,
                                             graph->edges[e].label};
    }
    qsort(edges, graph->n_edges, sizeof *edges, compare_edges);
    memcpy(name.words + 2 + SLOW_MAX_VERTICES, edges, sizeof edges);
    return name;
}

/** Tries the orders in which symbols ascend. */
static void try_orders(const struct slow_graph *graph, bool undirected, const uint32_t *sorted,
                       uint32_t *place, uint32_t v, uint32_t taken, struct slow_name *best)
{
    if (v == graph->n_vertices) {
        const struct slow_name name = name_of_order(graph, undirected, place);
        if (memcmp(&name, best, sizeof name) < 0) {
            *best = name;
        }
        return;
    }
    for (uint32_t p = 0; p < graph->n_vertices; p++) {
        if ((taken >> p & 1) == 0 && sorted[p] == graph->symbol[v]) {
            place[v] = p;
            try_orders(graph, undirected, sorted, place, v + 1, taken | 1U << p, best);
        }
    }
}

struct slow_name slow_name(const struct slow_graph *graph, bool undirected)
{
    uint32_t place[SLOW_MAX_VERTICES];
    struct slow_name best;
    uint32_t sorted[SLOW_MAX_VERTICES];
    memcpy(sorted, graph->symbol, sizeof sorted);
    ops_sort_u32(sorted, graph->n_vertices);
    memset(&best, 0xff, sizeof best);
    try_orders(graph, undirected, sorted, place, 0, 0, &best);
    return best;
}

/* ---- enumeration ---- */

struct slow_model {
    const struct ops_network_edge *edges; /* vertices counted in the model */
    uint32_t n_edges, model;
    const uint32_t *symbol;
};

/** The graph of some of a model's edges; false where it is not connected, or not labelled. */
static bool take_edges(struct slow_graph *out, const struct slow_model *model, uint32_t set)
{
    uint32_t place[64];
    uint32_t reached = 0;
    *out = (struct slow_graph){0};
    memset(place, 0xff, sizeof place);
    for (uint32_t e = 0; e < model->n_edges; e++) {
        const uint32_t ends[2] = {model->edges[e].from, model->edges[e].to};
        for (uint32_t end = 0; (set >> e & 1) != 0 && end < 2; end++) {
            if (place[ends[end]] == UINT32_MAX) {
                if (model->symbol[ends[end]] == OPS_NO_SYMBOL ||
                    out->n_vertices == SLOW_MAX_VERTICES) {
                    return false;
                }
                place[ends[end]] = out->n_vertices;
                out->symbol[out->n_vertices++] = model->symbol[ends[end]];
            }
        }
        if ((set >> e & 1) != 0) {
            out->edges[out->n_edges++] = (struct ops_network_edge){place[ends[0]], place[ends[1]],
                                                                   model->edges[e].label};
        }
    }
    reached = 1;
    for (uint32_t round = 0; round < out->n_edges; round++) {
        for (uint32_t e = 0; e < out->n_edges; e++) {
            const uint32_t both = 1U << out->edges[e].from | 1U << out->edges[e].to;
            reached |= (reached & both) != 0 ? both : 0;
        }
    }
    return out->n_vertices > 0 && reached == (1U << out->n_vertices) - 1;
}

static uint32_t id_of(struct all_subgraphs *all, const struct slow_graph *graph, bool undirected)
{
    const struct slow_name name = slow_name(graph, undirected);
    uint32_t id = 0;
    must(ops_intern_put(all->names, (const char *)&name, sizeof name, &id, NULL) == OPSIG_OK);
    if (id == all->patterns.len) {
        const struct slow_pattern pattern = {
            .last_model = UINT32_MAX, .n_edges = graph->n_edges, .closed = true};
        must(ops_vec_push(&all->patterns, pattern, NULL) == OPSIG_OK);
    }
    return id;
}

static void count_one(struct all_subgraphs *all, uint32_t id, uint32_t model)
{
    struct slow_pattern *pattern = &all->patterns.items[id];
    pattern->support += pattern->last_model != model;
    pattern->last_model = model;
}

static uint32_t vertex_id(struct all_subgraphs *all, uint32_t symbol, bool undirected)
{
    const struct slow_graph graph = {.n_vertices = 1, .symbol = {symbol}};
    return id_of(all, &graph, undirected);
}

/** Visits the sets of at most max_edges edges that make a graph. */
static void for_sets(struct all_subgraphs *all, const struct slow_model *model, bool undirected,
                     uint32_t max_edges, bool close)
{
    struct slow_graph graph;
    struct slow_graph part;
    for (uint32_t set = 1; set < 1U << model->n_edges; set++) {
        if ((uint32_t)__builtin_popcount(set) > max_edges || !take_edges(&graph, model, set)) {
            continue;
        }
        const uint32_t id = id_of(all, &graph, undirected);
        if (!close) {
            count_one(all, id, model->model);
            continue;
        }
        const uint32_t support = all->patterns.items[id].support;
        for (uint32_t v = 0; graph.n_edges == 1 && v < 2; v++) {
            struct slow_pattern *single =
                &all->patterns.items[vertex_id(all, graph.symbol[v], undirected)];
            single->closed = single->closed && single->support != support;
        }
        for (uint32_t e = 0; graph.n_edges > 1 && e < model->n_edges; e++) {
            if ((set >> e & 1) != 0 && take_edges(&part, model, set & ~(1U << e))) {
                struct slow_pattern *smaller =
                    &all->patterns.items[id_of(all, &part, undirected)];
                smaller->closed = smaller->closed && smaller->support != support;
            }
        }
    }
}

/** The edges of a model, each once. */
static uint32_t model_edges(struct ops_network_edge *out, const struct ops_raw_network *raw,
                            uint32_t model, bool undirected)
{
    uint32_t n = 0;
    const uint32_t base = raw->first_vertex[model];
    for (size_t e = 0; e < raw->edges.len; e++) {
        struct ops_network_edge edge = raw->edges.items[e];
        if (edge.from < base || edge.from >= raw->first_vertex[model + 1]) {
            continue;
        }
        const bool turn = undirected && edge.to < edge.from;
        edge = (struct ops_network_edge){(turn ? edge.to : edge.from) - base,
                                         (turn ? edge.from : edge.to) - base, edge.label};
        bool repeated = false;
        for (uint32_t i = 0; i < n; i++) {
            repeated = repeated || memcmp(&out[i], &edge, sizeof edge) == 0;
        }
        if (!repeated) {
            out[n++] = edge;
        }
    }
    return n;
}

/** Visits a model under each choice of its vertices' symbols. */
static void for_choices(struct all_subgraphs *all, const struct ops_raw_network *raw,
                        uint32_t model, bool undirected, uint32_t max_edges, bool close)
{
    struct ops_network_edge edges[64];
    uint32_t symbol[64];
    const uint32_t base = raw->first_vertex[model];
    const uint32_t n = raw->first_vertex[model + 1] - base;
    const struct slow_model slow = {.edges = edges,
                                    .n_edges = model_edges(edges, raw, model, undirected),
                                    .model = model,
                                    .symbol = symbol};
    for (uint32_t choice = 0; choice < (raw->n_layers > 1 ? 1U << n : 1U); choice++) {
        for (uint32_t v = 0; v < n; v++) {
            symbol[v] = raw->symbol[choice >> v & 1][base + v];
            if (!close && symbol[v] != OPS_NO_SYMBOL) {
                count_one(all, vertex_id(all, symbol[v], undirected), model);
            }
        }
        for_sets(all, &slow, undirected, max_edges, close);
    }
}

void all_subgraphs(struct all_subgraphs *out, const struct ops_raw_network *raw, bool undirected,
                   uint32_t max_edges)
{
    *out = (struct all_subgraphs){0};
    must(ops_intern_new(&out->names, NULL) == OPSIG_OK);
    for (int close = 0; close < 2; close++) {
        for (uint32_t m = 0; m < raw->n_models; m++) {
            for_choices(out, raw, m, undirected, max_edges, close != 0);
        }
    }
}

void all_subgraphs_dispose(struct all_subgraphs *all)
{
    ops_intern_free(all->names);
    ops_vec_dispose(&all->patterns);
}

/* ---- random graphs ---- */

struct dice {
    uint64_t seed, index;
};

static uint32_t roll(struct dice *dice, uint32_t bound)
{
    return (uint32_t)ops_rng_below(dice->seed, 1, dice->index++, bound);
}

static void add_symbols(struct ops_raw_network *raw, const struct random_raw_options *options)
{
    for (uint32_t s = 0; s < options->n_symbols; s++) {
        const char name = (char)('A' + s);
        uint32_t id;
        must(ops_intern_put(raw->symbols, &name, 1, &id, NULL) == OPSIG_OK);
    }
}

static void add_model(struct ops_raw_network *raw, uint32_t model, struct dice *dice,
                      const struct random_raw_options *options)
{
    const uint32_t base = raw->first_vertex[model];
    const uint32_t n = 1 + roll(dice, options->max_vertices);
    for (uint32_t v = base; v < base + n; v++) {
        raw->symbol[0][v] = roll(dice, 9) == 0 ? OPS_NO_SYMBOL : roll(dice, options->n_symbols);
        if (options->two_layers) {
            const uint32_t second = roll(dice, options->n_symbols);
            raw->symbol[1][v] = roll(dice, 2) == 0 || second == raw->symbol[0][v] ? OPS_NO_SYMBOL
                                                                                  : second;
        }
    }
    for (uint32_t e = roll(dice, options->max_edges + 1); n > 1 && e > 0; e--) {
        const uint32_t a = roll(dice, n);
        const uint32_t b = (a + 1 + roll(dice, n - 1)) % n;
        const bool turn = options->acyclic && b < a;
        const struct ops_network_edge edge = {base + (turn ? b : a), base + (turn ? a : b),
                                              roll(dice, options->n_labels) * 7};
        must(ops_vec_push(&raw->edges, edge, NULL) == OPSIG_OK);
    }
    raw->first_vertex[model + 1] = raw->n_vertices = base + n;
}

struct ops_raw_network *random_raw(uint64_t seed, const struct random_raw_options *options)
{
    struct dice dice = {seed, 0};
    const size_t most = (size_t)options->n_models * options->max_vertices;
    struct ops_raw_network *raw = ops_mem_zalloc(1, sizeof *raw);
    must(raw != NULL && ops_intern_new(&raw->symbols, NULL) == OPSIG_OK);
    raw->n_models = options->n_models;
    raw->n_layers = options->two_layers ? 2 : 1;
    raw->first_vertex = ops_mem_zalloc(options->n_models + 1U, sizeof(uint32_t));
    must(raw->first_vertex != NULL);
    for (uint32_t layer = 0; layer < raw->n_layers; layer++) {
        raw->symbol[layer] = ops_mem_zalloc(most, sizeof(uint32_t));
        must(raw->symbol[layer] != NULL);
    }
    add_symbols(raw, options);
    for (uint32_t m = 0; m < options->n_models; m++) {
        add_model(raw, m, &dice, options);
    }
    return raw;
}
