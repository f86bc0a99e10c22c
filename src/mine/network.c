/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbols and edges are counted model by model; what is not frequent is dropped at once, since no
 * frequent pattern holds it. An edge counts by its ends' symbols and its label, seen from the end
 * with the lesser symbol. A vertex of two symbols counts with each of them. */
#include "mine/network.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

#define NO_NUMBER UINT32_MAX

/** In how many models something occurs; models come in ascending order. */
struct tally {
    uint32_t last_model, support, n;
};

struct building {
    struct ops_raw_network *raw;
    struct ops_network *network;
    bool undirected;
    uint32_t min_support;
    uint32_t *number;                       /* by symbol id: its number, or NO_NUMBER */
    struct ops_intern *edge_kinds;          /* of struct edge_key */
    OPS_VEC(struct tally) edge_tallies;     /* by id in edge_kinds */
    OPS_VEC(uint32_t) labels;               /* of frequent edges, ascending */
    struct ops_intern *types;               /* of struct ops_arc_type */
};

/** What edges must share to count together. */
struct edge_key {
    uint32_t low, high; /* symbols' numbers */
    uint32_t label;
    uint32_t direction; /* seen from the lower end */
};

/** An arc before it has its place. */
struct loose_arc {
    uint32_t at;
    struct ops_network_arc arc;
};

typedef OPS_VEC(struct loose_arc) loose_arcs;

void ops_network_free(struct ops_network *network)
{
    if (network == NULL) {
        return;
    }
    ops_mem_free(network->model_of);
    ops_mem_free(network->arc_begin);
    ops_mem_free(network->arcs);
    ops_mem_free(network->types);
    ops_mem_free(network->symbol_id);
    ops_mem_free(network->label);
    ops_mem_free(network->holder_begin);
    ops_mem_free(network->holders);
    ops_mem_free(network);
}

void ops_network_translate(const struct ops_network *network, struct ops_code code,
                           struct ops_step *out_steps)
{
    for (size_t k = 0; k < code.n_steps; k++) {
        out_steps[k] = code.steps[k];
        if (out_steps[k].symbol != OPS_NO_SYMBOL) {
            out_steps[k].symbol = network->symbol_id[code.steps[k].symbol];
        }
        out_steps[k].label = k == 0 ? 0 : network->label[code.steps[k].label];
    }
}

static void count_in(struct tally *tally, uint32_t model)
{
    tally->support += tally->n == 0 || tally->last_model != model;
    tally->last_model = model;
    tally->n++;
}

/* ---- edges in order, once each ---- */

static int compare_edges(const void *a, const void *b)
{
    const struct ops_network_edge *x = a;
    const struct ops_network_edge *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to < y->to ? -1 : 1;
    }
    return (x->label > y->label) - (x->label < y->label);
}

static void order_edges(struct ops_raw_network *raw, bool undirected)
{
    struct ops_network_edge *edges = raw->edges.items;
    size_t kept = 0;
    bool sorted = true;
    for (size_t e = 0; e < raw->edges.len; e++) {
        if (undirected && edges[e].from > edges[e].to) {
            edges[e] = (struct ops_network_edge){edges[e].to, edges[e].from, edges[e].label};
        }
        sorted = sorted && (e == 0 || compare_edges(&edges[e - 1], &edges[e]) <= 0);
    }
    if (!sorted) {
        qsort(edges, raw->edges.len, sizeof *edges, compare_edges);
    }
    for (size_t e = 0; e < raw->edges.len; e++) {
        if (kept == 0 || compare_edges(&edges[kept - 1], &edges[e]) != 0) {
            edges[kept++] = edges[e];
        }
    }
    raw->edges.len = kept;
}

/* ---- symbols ---- */

struct counted {
    uint32_t id, n;
};

static int compare_counted(const void *a, const void *b)
{
    const struct counted *x = a;
    const struct counted *y = b;
    if (x->n != y->n) {
        return x->n < y->n ? -1 : 1;
    }
    return (x->id > y->id) - (x->id < y->id);
}

static void tally_symbols(const struct building *b, struct tally *tallies)
{
    const struct ops_raw_network *raw = b->raw;
    for (uint32_t v = 0; v < raw->n_vertices; v++) {
        for (uint32_t layer = 0; layer < raw->n_layers; layer++) {
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there are n_layers */
            const uint32_t id = raw->symbol[layer][v];
            if (id != OPS_NO_SYMBOL) {
                count_in(&tallies[id], b->network->model_of[v]);
            }
        }
    }
}

/** Numbers the frequent symbols, rare ones first. */
static opsig_status number_symbols(struct building *b, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = ops_intern_count(b->raw->symbols);
    struct tally *tallies = ops_mem_zalloc(n, sizeof *tallies);
    struct counted *frequent = ops_mem_zalloc(n, sizeof *frequent);
    uint32_t n_frequent = 0;
    b->number = ops_mem_zalloc(n, sizeof *b->number);
    b->network->symbol_id = ops_mem_zalloc(n, sizeof *b->network->symbol_id);
    TRY(tallies != NULL && frequent != NULL && b->number != NULL && b->network->symbol_id != NULL
            ? OPSIG_OK
            : ops_error_nomem(err));
    tally_symbols(b, tallies);
    for (uint32_t id = 0; id < n; id++) {
        b->number[id] = NO_NUMBER;
        if (tallies[id].n > 0 && tallies[id].support >= b->min_support) {
            frequent[n_frequent++] = (struct counted){id, tallies[id].n};
        }
    }
    qsort(frequent, n_frequent, sizeof *frequent, compare_counted);
    for (uint32_t i = 0; i < n_frequent; i++) {
        b->number[frequent[i].id] = i;
        b->network->symbol_id[i] = frequent[i].id;
    }
    b->network->n_symbols = n_frequent;
done:
    ops_mem_free(tallies);
    ops_mem_free(frequent);
    return status;
}

/** Number of a vertex's symbol, or NO_NUMBER. */
static uint32_t number_at(const struct building *b, uint32_t layer, uint32_t v)
{
    const uint32_t id = b->raw->symbol[layer][v];
    return id == OPS_NO_SYMBOL ? NO_NUMBER : b->number[id];
}

/** Symbols in the order of vertices, all layers of one before the next. */
static uint32_t symbol_of_place(const struct building *b, size_t i)
{
    return number_at(b, (uint32_t)(i % b->raw->n_layers), (uint32_t)(i / b->raw->n_layers));
}

/** Lists the vertices that carry each symbol. Counts stand two places further on, so that the
 *  next free place of s is begin[s + 1] while the list is filled. */
static opsig_status list_holders(struct building *b, opsig_error *err)
{
    struct ops_network *network = b->network;
    const struct ops_raw_network *raw = b->raw;
    const size_t most = (size_t)raw->n_vertices * raw->n_layers;
    uint32_t *begin = ops_mem_zalloc((size_t)network->n_symbols + 2, sizeof *begin);
    network->holder_begin = begin;
    network->holders = ops_mem_zalloc(most, sizeof *network->holders);
    if (begin == NULL || network->holders == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < most; i++) {
        const uint32_t symbol = symbol_of_place(b, i);
        if (symbol != NO_NUMBER) {
            begin[symbol + 2]++;
        }
    }
    for (uint32_t s = 0; s < network->n_symbols; s++) {
        begin[s + 2] += begin[s + 1];
    }
    for (size_t i = 0; i < most; i++) {
        const uint32_t symbol = symbol_of_place(b, i);
        if (symbol != NO_NUMBER) {
            network->holders[begin[symbol + 1]++] = (uint32_t)(i / raw->n_layers);
        }
    }
    return OPSIG_OK;
}

/* ---- frequent edges ---- */

/** The key of an edge whose ends carry these symbols. */
static struct edge_key key_of(const struct building *b, const struct ops_network_edge *edge,
                              uint32_t from, uint32_t to)
{
    const bool swap = to < from;
    return (struct edge_key){.low = swap ? to : from,
                             .high = swap ? from : to,
                             .label = edge->label,
                             .direction = b->undirected ? OPS_CODE_BOTH
                                          : swap        ? OPS_CODE_IN
                                                        : OPS_CODE_OUT};
}

/** Called with the numbers of the symbols at an edge's ends. */
typedef opsig_status (*edge_visitor)(struct building *b, const struct ops_network_edge *edge,
                                     uint32_t from, uint32_t to, void *payload, opsig_error *err);

/** Visits every edge between numbered symbols; with two layers, each pair of its ends' symbols. */
static opsig_status for_edges(struct building *b, edge_visitor visitor, void *payload,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n_layers = b->raw->n_layers;
    for (size_t e = 0; e < b->raw->edges.len; e++) {
        const struct ops_network_edge *edge = &b->raw->edges.items[e];
        for (uint32_t pair = 0; pair < n_layers * n_layers; pair++) {
            const uint32_t from = number_at(b, pair / n_layers, edge->from);
            const uint32_t to = number_at(b, pair % n_layers, edge->to);
            if (from != NO_NUMBER && to != NO_NUMBER) {
                TRY(visitor(b, edge, from, to, payload, err));
            }
        }
    }
done:
    return status;
}

static opsig_status tally_edge(struct building *b, const struct ops_network_edge *edge,
                               uint32_t from, uint32_t to, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct edge_key key = key_of(b, edge, from, to);
    uint32_t id = 0;
    (void)payload;
    TRY(ops_intern_put(b->edge_kinds, (const char *)&key, sizeof key, &id, err));
    if (id == b->edge_tallies.len) {
        const struct tally none = {0};
        TRY(ops_vec_push(&b->edge_tallies, none, err));
    }
    count_in(&b->edge_tallies.items[id], b->network->model_of[edge->from]);
done:
    return status;
}

/** Numbers the labels of frequent edges by value. */
static opsig_status number_labels(struct building *b, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t id = 0; id < b->edge_tallies.len; id++) {
        struct edge_key key;
        memcpy(&key, ops_intern_text(b->edge_kinds, id), sizeof key);
        if (b->edge_tallies.items[id].support >= b->min_support) {
            TRY(ops_vec_push(&b->labels, key.label, err));
        }
    }
    size_t kept = 0;
    if (b->labels.len > 0) {
        ops_sort_u32(b->labels.items, b->labels.len);
    }
    for (size_t i = 0; i < b->labels.len; i++) {
        if (kept == 0 || b->labels.items[kept - 1] != b->labels.items[i]) {
            b->labels.items[kept++] = b->labels.items[i];
        }
    }
    b->labels.len = kept;
    b->network->n_kinds = (uint32_t)kept << OPS_KIND_BITS;
    if (kept >> (32 - OPS_KIND_BITS) != 0) {
        status = ops_error_set(err, OPSIG_LIMIT, "limit", -1, "more than 2^30 edge labels");
    }
done:
    return status;
}

/* ---- arcs ---- */

static opsig_status add_arc(struct building *b, loose_arcs *arcs, uint32_t at, uint32_t to,
                            struct ops_arc_type type, opsig_error *err)
{
    struct loose_arc loose = {.at = at, .arc = {.to = to}};
    opsig_status status =
        ops_intern_put(b->types, (const char *)&type, sizeof type, &loose.arc.type, err);
    if (status == OPSIG_OK) {
        status = ops_vec_push(arcs, loose, err);
    }
    return status;
}

/** Makes both arcs of a frequent edge. */
static opsig_status add_arcs(struct building *b, const struct ops_network_edge *edge,
                             uint32_t from, uint32_t to, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct edge_key key = key_of(b, edge, from, to);
    const uint32_t id = ops_intern_find(b->edge_kinds, (const char *)&key, sizeof key);
    if (b->edge_tallies.items[id].support < b->min_support) {
        return OPSIG_OK;
    }
    const uint32_t label =
        (uint32_t)ops_find_u32(b->labels.items, b->labels.len, edge->label) << OPS_KIND_BITS;
    const uint32_t out = label | (b->undirected ? OPS_CODE_BOTH : OPS_CODE_OUT);
    TRY(add_arc(b, payload, edge->from, edge->to, (struct ops_arc_type){out, to}, err));
    TRY(add_arc(b, payload, edge->to, edge->from,
                (struct ops_arc_type){ops_kind_flip(out), from}, err));
done:
    return status;
}

static int compare_types(const void *a, const void *b)
{
    const struct ops_arc_type *x = a;
    const struct ops_arc_type *y = b;
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

/** Puts the types in order, and tells each arc the new number of its type. */
static opsig_status order_types(struct building *b, loose_arcs *arcs, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = ops_intern_count(b->types);
    struct ops_network *network = b->network;
    uint32_t *place = ops_mem_zalloc(n, sizeof *place);
    network->n_types = n;
    network->types = ops_mem_zalloc(n, sizeof *network->types);
    TRY(place != NULL && network->types != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t id = 0; id < n; id++) {
        memcpy(&network->types[id], ops_intern_text(b->types, id), sizeof network->types[id]);
    }
    qsort(network->types, n, sizeof *network->types, compare_types);
    for (uint32_t i = 0; i < n; i++) {
        place[ops_intern_find(b->types, (const char *)&network->types[i],
                              sizeof network->types[i])] = i;
    }
    for (size_t a = 0; a < arcs->len; a++) {
        arcs->items[a].arc.type = place[arcs->items[a].arc.type];
    }
done:
    ops_mem_free(place);
    return status;
}

static int compare_arcs(const void *a, const void *b)
{
    const struct ops_network_arc *x = a;
    const struct ops_network_arc *y = b;
    if (x->type != y->type) {
        return x->type < y->type ? -1 : 1;
    }
    return (x->to > y->to) - (x->to < y->to);
}

/** Sorts the arcs of each vertex and drops repeated ones. */
static void settle_arcs(struct ops_network *network)
{
    uint32_t kept = 0;
    for (uint32_t v = 0; v < network->n_vertices; v++) {
        const uint32_t begin = network->arc_begin[v];
        const uint32_t n = network->arc_begin[v + 1] - begin;
        qsort(network->arcs + begin, n, sizeof *network->arcs, compare_arcs);
        network->arc_begin[v] = kept;
        for (uint32_t i = 0; i < n; i++) {
            if (i == 0 || compare_arcs(&network->arcs[begin + i - 1],
                                       &network->arcs[begin + i]) != 0) {
                network->arcs[kept++] = network->arcs[begin + i];
            }
        }
    }
    network->arc_begin[network->n_vertices] = kept;
}

static opsig_status place_arcs(struct ops_network *network, const loose_arcs *arcs,
                               opsig_error *err)
{
    network->arc_begin = ops_mem_zalloc((size_t)network->n_vertices + 2, sizeof(uint32_t));
    network->arcs = ops_mem_zalloc(arcs->len, sizeof *network->arcs);
    if (network->arc_begin == NULL || network->arcs == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t a = 0; a < arcs->len; a++) {
        network->arc_begin[arcs->items[a].at + 2]++;
    }
    for (uint32_t v = 0; v < network->n_vertices; v++) {
        network->arc_begin[v + 2] += network->arc_begin[v + 1];
    }
    for (size_t a = 0; a < arcs->len; a++) {
        network->arcs[network->arc_begin[arcs->items[a].at + 1]++] = arcs->items[a].arc;
    }
    settle_arcs(network);
    return OPSIG_OK;
}

static opsig_status make_arcs(struct building *b, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    loose_arcs arcs = {0};
    TRY(ops_intern_new(&b->edge_kinds, err));
    TRY(ops_intern_new(&b->types, err));
    TRY(for_edges(b, tally_edge, NULL, err));
    TRY(number_labels(b, err));
    TRY(for_edges(b, add_arcs, &arcs, err));
    if (arcs.len >= UINT32_MAX) {
        status = ops_error_set(err, OPSIG_LIMIT, "limit", -1, "more than 2^31 edges");
        goto done;
    }
    TRY(order_types(b, &arcs, err));
    TRY(place_arcs(b->network, &arcs, err));
    b->network->label = b->labels.items;
    b->labels.items = NULL;
done:
    ops_vec_dispose(&arcs);
    return status;
}

static opsig_status set_models(struct building *b, opsig_error *err)
{
    struct ops_network *network = b->network;
    network->n_models = b->raw->n_models;
    network->n_vertices = b->raw->n_vertices;
    network->model_of = ops_mem_zalloc(network->n_vertices, sizeof *network->model_of);
    if (network->model_of == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t m = 0; m < network->n_models; m++) {
        for (uint32_t v = b->raw->first_vertex[m]; v < b->raw->first_vertex[m + 1]; v++) {
            network->model_of[v] = m;
        }
    }
    return OPSIG_OK;
}

opsig_status ops_network_new(struct ops_network **out, struct ops_raw_network *raw,
                             bool undirected, uint32_t min_support, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct building b = {.raw = raw, .undirected = undirected, .min_support = min_support};
    *out = NULL;
    b.network = ops_mem_zalloc(1, sizeof *b.network);
    TRY(b.network != NULL ? OPSIG_OK : ops_error_nomem(err));
    order_edges(raw, undirected);
    TRY(set_models(&b, err));
    TRY(number_symbols(&b, err));
    TRY(list_holders(&b, err));
    TRY(make_arcs(&b, err));
    *out = b.network;
    b.network = NULL;
done:
    ops_network_free(b.network);
    ops_mem_free(b.number);
    ops_intern_free(b.edge_kinds);
    ops_intern_free(b.types);
    ops_vec_dispose(&b.edge_tallies);
    ops_vec_dispose(&b.labels);
    return status;
}
