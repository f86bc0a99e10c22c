/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Breadth first from the core. Parts are small, so membership is a look through the list; a
 * vertex with a million edges is left as soon as the part is full. */
#include "graph/neighbourhood.h"

#include <stdlib.h>

#include "graph/snapshot.h"

void ops_neighbourhood_dispose(struct ops_neighbourhood *part)
{
    ops_vec_dispose(&part->vertices);
    ops_vec_dispose(&part->ends);
}

static bool holds(const struct ops_neighbourhood *part, uint32_t vertex)
{
    for (size_t i = 0; i < part->vertices.len; i++) {
        if (part->vertices.items[i].vertex == vertex) {
            return true;
        }
    }
    return false;
}

/** Adds the neighbours of a vertex on one side, while there is room. */
static opsig_status add_side(struct ops_neighbourhood *part, const uint32_t *begin,
                             const uint32_t *neighbours, uint32_t vertex, size_t max_vertices,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t e = begin[vertex]; e < begin[vertex + 1]; e++) {
        if (part->vertices.len >= max_vertices) {
            break;
        }
        if (!holds(part, neighbours[e])) {
            const struct ops_neighbour added = {.vertex = neighbours[e]};
            TRY(ops_vec_push(&part->vertices, added, err));
        }
    }
done:
    return status;
}

/** Adds what is one edge away from the vertices [from, to) of the part. */
static opsig_status add_hop(struct ops_neighbourhood *part, const opsig_graph *graph, size_t from,
                            size_t to, size_t max_vertices, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = from; i < to; i++) {
        const uint32_t v = part->vertices.items[i].vertex;
        TRY(add_side(part, graph->pred_begin, graph->pred, v, max_vertices, err));
        TRY(add_side(part, graph->succ_begin, graph->succ, v, max_vertices, err));
    }
done:
    return status;
}

static int compare(const void *a, const void *b)
{
    const struct ops_neighbour *const x = a;
    const struct ops_neighbour *const y = b;
    return (x->vertex > y->vertex) - (x->vertex < y->vertex);
}

/** The place of a vertex among the part's, which are sorted; NULL: it is not there. */
static const struct ops_neighbour *find(const struct ops_neighbourhood *part, uint32_t vertex)
{
    const struct ops_neighbour key = {.vertex = vertex};
    return bsearch(&key, part->vertices.items, part->vertices.len, sizeof key, compare);
}

/** Adds the edges that leave a vertex of the part, and sees whether any of its edges leaves the
 *  part. Parallel edges follow one another. */
static opsig_status add_edges(struct ops_neighbourhood *part, const opsig_graph *graph,
                              uint32_t at, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_neighbour *const here = &part->vertices.items[at];
    const uint32_t v = here->vertex;
    for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
        const struct ops_neighbour *const there = find(part, graph->succ[e]);
        if (there == NULL) {
            here->cut = true;
        } else if (e == graph->succ_begin[v] || graph->succ[e] != graph->succ[e - 1]) {
            TRY(ops_vec_push(&part->ends, at, err));
            TRY(ops_vec_push(&part->ends, (uint32_t)(there - part->vertices.items), err));
        }
    }
    for (uint32_t e = graph->pred_begin[v]; !here->cut && e < graph->pred_begin[v + 1]; e++) {
        here->cut = find(part, graph->pred[e]) == NULL;
    }
done:
    return status;
}

static opsig_status join(struct ops_neighbourhood *part, const opsig_graph *graph,
                         opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; i < part->vertices.len; i++) {
        TRY(add_edges(part, graph, i, err));
    }
done:
    return status;
}

opsig_status ops_neighbourhood_find(struct ops_neighbourhood *out, const opsig_graph *graph,
                                    const uint32_t *core, size_t n_core, unsigned hops,
                                    size_t max_vertices, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = (struct ops_neighbourhood){0};
    for (size_t i = 0; i < n_core; i++) {
        const struct ops_neighbour added = {.vertex = core[i], .core = true};
        TRY(ops_vec_push(&out->vertices, added, err));
    }
    size_t from = 0;
    for (unsigned hop = 0; hop < hops; hop++) {
        const size_t to = out->vertices.len;
        TRY(add_hop(out, graph, from, to, max_vertices, err));
        from = to;
    }
    qsort(out->vertices.items, out->vertices.len, sizeof *out->vertices.items, compare);
    TRY(join(out, graph, err));
done:
    return status;
}

opsig_status ops_neighbourhood_all(struct ops_neighbourhood *out, const opsig_graph *graph,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = (struct ops_neighbourhood){0};
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        const struct ops_neighbour added = {.vertex = v};
        TRY(ops_vec_push(&out->vertices, added, err));
    }
    TRY(join(out, graph, err));
done:
    return status;
}
