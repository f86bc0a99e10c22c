/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Layered layout (Sugiyama, Tagawa, Toda, IEEE Transactions on Systems, Man, and Cybernetics 11,
 * 1981). Layers: the longest path to a vertex, but one that nothing leads to stands right above
 * what it leads to. Where an edge crosses a layer it gets a knot there, so that all segments join
 * neighbouring layers. Order: each layer is sorted by the mean place of its neighbours above, then
 * below, some times over. Columns: nodes want to stand in the middle of their neighbours, one
 * column apart at least; the nearest such places in the sense of least squares are an isotonic
 * regression of (wanted place - rank), which pooling adjacent violators finds exactly.
 * igraph's own layout would do, but links GLPK, which a program from archives does without. */
#include "graph/layout.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

enum { SWEEPS = 12 };

/** Vertices, then knots, as nodes. */
struct grid {
    uint32_t n_vertices, n_nodes, n_layers;
    size_t n_segments;
    uint32_t *layer;           /* by node */
    uint32_t *begin, *order;   /* nodes of layer k: order[begin[k] ... begin[k + 1] - 1] */
    uint32_t *segments;        /* from, to */
    uint32_t *first[2], *next[2]; /* neighbours above (0) and below (1) of each node */
    double *x;
    struct ranked *ranked; /* scratch of one layer */
    struct pool *pools;
};

struct ranked {
    double wanted;
    uint32_t node, rank;
};

/** Nodes that stand side by side. */
struct pool {
    double sum;
    uint32_t n;
};

void ops_layout_dispose(struct ops_layout *layout)
{
    ops_mem_free(layout->vertex);
    ops_mem_free(layout->bend);
    ops_mem_free(layout->bend_begin);
    *layout = (struct ops_layout){0};
}

static void grid_dispose(struct grid *grid)
{
    ops_mem_free(grid->layer);
    ops_mem_free(grid->begin);
    ops_mem_free(grid->order);
    ops_mem_free(grid->segments);
    for (size_t side = 0; side < 2; side++) {
        ops_mem_free(grid->first[side]);
        ops_mem_free(grid->next[side]);
    }
    ops_mem_free(grid->x);
    ops_mem_free(grid->ranked);
    ops_mem_free(grid->pools);
}

/* ---- layers ---- */

/** Lowers vertices where an edge needs it, again and again. @return false: there is a cycle */
static bool lower(uint32_t *layer, uint32_t n, const uint32_t *ends, size_t n_edges)
{
    bool changed = true;
    for (uint32_t round = 0; changed && round <= n; round++) {
        changed = false;
        for (size_t e = 0; e < n_edges; e++) {
            uint32_t *const below = &layer[ends[2 * e + 1]];
            const uint32_t least = layer[ends[2 * e]] + 1;
            changed = changed || *below < least;
            *below = *below < least ? least : *below;
        }
    }
    return !changed;
}

/** Sinks the vertices that nothing leads to. @param above  scratch, n of them */
static void sink_sources(uint32_t *layer, uint32_t n, const uint32_t *ends, size_t n_edges,
                         uint32_t *above)
{
    for (uint32_t v = 0; v < n; v++) {
        above[v] = UINT32_MAX;
    }
    for (size_t e = 0; e < n_edges; e++) {
        const uint32_t from = ends[2 * e];
        const uint32_t to = layer[ends[2 * e + 1]] - 1;
        above[from] = to < above[from] ? to : above[from];
    }
    for (uint32_t v = 0; v < n; v++) {
        layer[v] = layer[v] == 0 && above[v] != UINT32_MAX ? above[v] : layer[v];
    }
}

static opsig_status assign_layers(uint32_t *layer, uint32_t n, const uint32_t *ends,
                                  size_t n_edges, opsig_error *err)
{
    if (!lower(layer, n, ends, n_edges)) {
        return ops_error_set(err, OPSIG_INTERNAL, "layout", -1, "the graph has a cycle");
    }
    uint32_t *const above = ops_mem_zalloc(n, sizeof *above);
    if (above == NULL) {
        return ops_error_nomem(err);
    }
    sink_sources(layer, n, ends, n_edges, above);
    ops_mem_free(above);
    return OPSIG_OK;
}

/* ---- knots and segments ---- */

/** Counts the bends of each edge, and makes room for places. */
static opsig_status count_bends(struct ops_layout *out, const uint32_t *layer, uint32_t n,
                                const uint32_t *ends, size_t n_edges, opsig_error *err)
{
    out->vertex = ops_mem_zalloc(n, sizeof *out->vertex);
    out->bend_begin = ops_mem_zalloc(n_edges + 1, sizeof *out->bend_begin);
    if (out->vertex == NULL || out->bend_begin == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t e = 0; e < n_edges; e++) {
        out->bend_begin[e + 1] =
            out->bend_begin[e] + (layer[ends[2 * e + 1]] - layer[ends[2 * e]] - 1);
    }
    if (out->bend_begin[n_edges] > OPS_LAYOUT_MAX_BENDS) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "the graph has too many long edges to be drawn (--format dot hands it "
                             "to a program that draws)");
    }
    out->bend = ops_mem_zalloc(out->bend_begin[n_edges], sizeof *out->bend);
    return out->bend == NULL ? ops_error_nomem(err) : OPSIG_OK;
}

static opsig_status grid_reserve(struct grid *grid, opsig_error *err)
{
    const size_t n = grid->n_nodes;
    uint32_t *const layer = ops_mem_resize(grid->layer, n, sizeof *layer);
    grid->layer = layer != NULL ? layer : grid->layer;
    grid->order = ops_mem_zalloc(n, sizeof *grid->order);
    grid->segments = ops_mem_zalloc(grid->n_segments, 2 * sizeof *grid->segments);
    grid->x = ops_mem_zalloc(n, sizeof *grid->x);
    grid->ranked = ops_mem_zalloc(n, sizeof *grid->ranked);
    grid->pools = ops_mem_zalloc(n, sizeof *grid->pools);
    bool complete = layer != NULL && grid->order != NULL && grid->segments != NULL &&
                    grid->x != NULL && grid->ranked != NULL && grid->pools != NULL;
    for (size_t side = 0; side < 2; side++) {
        grid->first[side] = ops_mem_zalloc(n + 1, sizeof *grid->first[side]);
        grid->next[side] = ops_mem_zalloc(grid->n_segments, sizeof *grid->next[side]);
        complete = complete && grid->first[side] != NULL && grid->next[side] != NULL;
    }
    return complete ? OPSIG_OK : ops_error_nomem(err);
}

/** Puts knots into their layers and cuts edges into segments. */
static void cut_edges(struct grid *grid, const struct ops_layout *layout, const uint32_t *ends,
                      size_t n_edges)
{
    size_t s = 0;
    for (size_t e = 0; e < n_edges; e++) {
        uint32_t from = ends[2 * e];
        for (size_t i = layout->bend_begin[e]; i < layout->bend_begin[e + 1]; i++) {
            const uint32_t knot = grid->n_vertices + (uint32_t)i;
            grid->layer[knot] = grid->layer[from] + 1;
            grid->segments[2 * s] = from;
            grid->segments[2 * s++ + 1] = knot;
            from = knot;
        }
        grid->segments[2 * s] = from;
        grid->segments[2 * s++ + 1] = ends[2 * e + 1];
    }
}

/** Neighbours above (side 0) or below (side 1) of each node, from the segments. */
static void join(struct grid *grid, size_t side)
{
    uint32_t *const first = grid->first[side];
    for (size_t s = 0; s < grid->n_segments; s++) {
        first[grid->segments[2 * s + (1 - side)] + 1]++;
    }
    for (uint32_t v = 0; v < grid->n_nodes; v++) {
        first[v + 1] += first[v];
    }
    for (size_t s = grid->n_segments; s-- > 0;) {
        const uint32_t node = grid->segments[2 * s + (1 - side)];
        grid->next[side][--first[node + 1]] = grid->segments[2 * s + side];
    }
    for (uint32_t v = 0; v < grid->n_nodes; v++) {
        first[v] = first[v + 1];
    }
    first[grid->n_nodes] = (uint32_t)grid->n_segments;
}

/** Lists the nodes of each layer in the order of their numbers. */
static opsig_status fill_layers(struct grid *grid, opsig_error *err)
{
    for (uint32_t v = 0; v < grid->n_nodes; v++) {
        grid->n_layers = grid->layer[v] >= grid->n_layers ? grid->layer[v] + 1 : grid->n_layers;
    }
    grid->begin = ops_mem_zalloc((size_t)grid->n_layers + 2, sizeof *grid->begin);
    if (grid->begin == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t v = 0; v < grid->n_nodes; v++) {
        grid->begin[grid->layer[v] + 2]++;
    }
    for (uint32_t k = 0; k < grid->n_layers; k++) {
        grid->begin[k + 2] += grid->begin[k + 1];
    }
    for (uint32_t v = 0; v < grid->n_nodes; v++) {
        grid->order[grid->begin[grid->layer[v] + 1]++] = v;
    }
    for (uint32_t i = 0; i < grid->n_nodes; i++) {
        const uint32_t v = grid->order[i];
        grid->x[v] = i - grid->begin[grid->layer[v]];
    }
    return OPSIG_OK;
}

/* ---- order and columns ---- */

/** Mean column of a node's neighbours on one side; its own column where it has none. */
static double wanted_place(const struct grid *grid, uint32_t node, size_t side)
{
    const uint32_t begin = grid->first[side][node];
    const uint32_t end = grid->first[side][node + 1];
    double sum = 0;
    for (uint32_t i = begin; i < end; i++) {
        sum += grid->x[grid->next[side][i]];
    }
    return end > begin ? sum / (end - begin) : grid->x[node];
}

static int compare(const void *a, const void *b)
{
    const struct ranked *const x = a;
    const struct ranked *const y = b;
    if (x->wanted < y->wanted || x->wanted > y->wanted) {
        return x->wanted < y->wanted ? -1 : 1;
    }
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/** Lists what the nodes of a layer want. @return their number */
static uint32_t rank_layer(struct grid *grid, uint32_t k, size_t side)
{
    const uint32_t n = grid->begin[k + 1] - grid->begin[k];
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t node = grid->order[grid->begin[k] + i];
        grid->ranked[i] = (struct ranked){wanted_place(grid, node, side), node, i};
    }
    return n;
}

static void order_layer(struct grid *grid, uint32_t k, size_t side)
{
    const uint32_t n = rank_layer(grid, k, side);
    qsort(grid->ranked, n, sizeof *grid->ranked, compare);
    for (uint32_t i = 0; i < n; i++) {
        grid->order[grid->begin[k] + i] = grid->ranked[i].node;
        grid->x[grid->ranked[i].node] = i;
    }
}

/** Places the nodes of a layer, in their order, as near to what they want as they can. */
static void place_layer(struct grid *grid, uint32_t k, size_t side)
{
    const uint32_t n = rank_layer(grid, k, side);
    size_t n_pools = 0;
    struct pool *const pools = grid->pools;
    for (uint32_t i = 0; i < n; i++) {
        struct pool here = {grid->ranked[i].wanted - i, 1};
        while (n_pools > 0 &&
               pools[n_pools - 1].sum / pools[n_pools - 1].n >= here.sum / here.n) {
            here.sum += pools[--n_pools].sum;
            here.n += pools[n_pools].n;
        }
        pools[n_pools++] = here;
    }
    uint32_t i = 0;
    for (size_t p = 0; p < n_pools; p++) {
        for (uint32_t left = pools[p].n; left > 0; left--, i++) {
            grid->x[grid->ranked[i].node] = pools[p].sum / pools[p].n + i;
        }
    }
}

/** Goes through all layers, down by the neighbours above, then up by those below. */
static void sweep(struct grid *grid, void (*step)(struct grid *grid, uint32_t k, size_t side))
{
    for (int round = 0; round < SWEEPS; round++) {
        for (uint32_t k = 1; k < grid->n_layers; k++) {
            step(grid, k, 0);
        }
        for (uint32_t k = grid->n_layers; k-- > 1;) {
            step(grid, k - 1, 1);
        }
    }
}

/** Hands out the places, the leftmost one at 0. */
static void read_places(struct ops_layout *out, const struct grid *grid)
{
    double least = grid->n_nodes > 0 ? INFINITY : 0;
    for (uint32_t v = 0; v < grid->n_nodes; v++) {
        least = fmin(least, grid->x[v]);
    }
    for (uint32_t v = 0; v < grid->n_nodes; v++) {
        const struct ops_place place = {grid->x[v] - least, grid->layer[v]};
        if (v < grid->n_vertices) {
            out->vertex[v] = place;
        } else {
            out->bend[v - grid->n_vertices] = place;
        }
        out->columns = fmax(out->columns, place.x + 1);
    }
    out->layers = grid->n_layers;
}

opsig_status ops_layout_in_layers(struct ops_layout *out, uint32_t n_vertices,
                                  const uint32_t *ends, size_t n_edges, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct grid grid = {.n_vertices = n_vertices};
    *out = (struct ops_layout){0};
    grid.layer = ops_mem_zalloc(n_vertices, sizeof *grid.layer);
    TRY(grid.layer != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(assign_layers(grid.layer, n_vertices, ends, n_edges, err));
    TRY(count_bends(out, grid.layer, n_vertices, ends, n_edges, err));
    grid.n_nodes = n_vertices + (uint32_t)out->bend_begin[n_edges];
    grid.n_segments = n_edges + out->bend_begin[n_edges];
    TRY(grid_reserve(&grid, err));
    cut_edges(&grid, out, ends, n_edges);
    join(&grid, 0);
    join(&grid, 1);
    TRY(fill_layers(&grid, err));
    sweep(&grid, order_layer);
    sweep(&grid, place_layer);
    read_places(out, &grid);
done:
    grid_dispose(&grid);
    return status;
}
