/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A graph whose edges all run along one order of its vertices is acyclic, and in most files the
 * order of the nodes is one: that proof costs nothing. For the others igraph decides. Where there
 * is a cycle, one is found by taking away what has no producer left: each vertex that remains
 * then has one, and going back from producer to producer must come round. */
#include "graph/igraph_bridge.h"
#include "graph/opgraph.h"

/** Makes the igraph graph; ids are our own, below the number of vertices given. */
static opsig_status make_igraph(struct ops_opgraph *graph, bool *out_dag, opsig_error *err)
{
    const size_t n = graph->edges.len;
    igraph_integer_t *const ends = ops_mem_resize(NULL, n, 2 * sizeof *ends);
    if (ends == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t e = 0; e < n; e++) {
        ends[2 * e] = graph->edges.items[e].from;
        ends[2 * e + 1] = graph->edges.items[e].to;
    }
    const struct ops_igraph_handlers old = ops_igraph_enter();
    igraph_vector_int_t view;
    igraph_vector_int_view(&view, ends, (igraph_integer_t)(2 * n));
    igraph_error_t code = igraph_create(&graph->igraph, &view,
                                        (igraph_integer_t)graph->vertices.len, IGRAPH_DIRECTED);
    igraph_bool_t dag = false;
    if (code == IGRAPH_SUCCESS) {
        graph->has_igraph = true;
        code = igraph_is_dag(&graph->igraph, &dag);
    }
    ops_igraph_leave(old);
    ops_mem_free(ends);
    *out_dag = dag;
    return ops_igraph_status(code, err);
}

/** Takes away vertices without producers until none is left to take: n_producers[v] is 0 for
 *  those. `queue` has room for all vertices, `begin` says where a vertex's edges start. */
static void peel(const struct ops_opgraph *graph, const uint32_t *begin, uint32_t *n_producers,
                 uint32_t *queue)
{
    const size_t n = graph->vertices.len;
    size_t head = 0;
    size_t tail = 0;
    for (uint32_t v = 0; v < n; v++) {
        if (n_producers[v] == 0) {
            queue[tail++] = v;
        }
    }
    while (head < tail) {
        const uint32_t v = queue[head++];
        for (uint32_t e = begin[v]; e < begin[v + 1]; e++) {
            const uint32_t to = graph->edges.items[e].to;
            if (--n_producers[to] == 0) {
                queue[tail++] = to;
            }
        }
    }
}

/** An edge of a cycle: its place in the edges. At least one vertex is left. `producer[v]` becomes
 *  an edge from a vertex that is left. */
static size_t find_cycle_edge(const struct ops_opgraph *graph, const uint32_t *left,
                              uint32_t *producer)
{
    const struct ops_edge *const edges = graph->edges.items;
    uint32_t v = 0;
    for (size_t e = graph->edges.len; e > 0; e--) {
        if (left[edges[e - 1].from] > 0 && left[edges[e - 1].to] > 0) {
            producer[edges[e - 1].to] = (uint32_t)(e - 1);
            v = edges[e - 1].to;
        }
    }
    for (size_t step = 0; step < graph->vertices.len; step++) {
        v = edges[producer[v]].from; /* as many steps as vertices end on the cycle */
    }
    return producer[v];
}

static opsig_status cycle_error(const struct ops_opgraph *graph, const struct ops_edge *edge,
                                opsig_error *err)
{
    enum { LONGEST = 1 << 20 };
    struct ops_buffer node;
    struct ops_buffer tensor;
    ops_buffer_init(&node, LONGEST);
    ops_buffer_init(&tensor, LONGEST);
    ops_opgraph_put_label(&node, graph, edge->to);
    ops_opgraph_put_tensor(&tensor, graph, edge->from, edge->output_slot);
    const opsig_status status =
        ops_error_set(err, OPSIG_FORMAT, "cycle", graph->vertices.items[edge->to].node->offset,
                      "the graph has a cycle through node %.80s and %.100s", ops_buffer_text(&node),
                      ops_buffer_text(&tensor));
    ops_buffer_dispose(&tensor);
    ops_buffer_dispose(&node);
    return status;
}

static opsig_status name_cycle(const struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n = graph->vertices.len;
    uint32_t *const begin = ops_mem_zalloc(n + 1, sizeof *begin);
    uint32_t *const n_producers = ops_mem_zalloc(n, sizeof *n_producers);
    uint32_t *const queue = ops_mem_zalloc(n, sizeof *queue);
    if (begin == NULL || n_producers == NULL || queue == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    for (size_t e = 0; e < graph->edges.len; e++) {
        begin[graph->edges.items[e].from + 1]++;
        n_producers[graph->edges.items[e].to]++;
    }
    for (size_t v = 0; v < n; v++) {
        begin[v + 1] += begin[v];
    }
    peel(graph, begin, n_producers, queue);
    const size_t edge = find_cycle_edge(graph, n_producers, queue);
    status = cycle_error(graph, &graph->edges.items[edge], err);
done:
    ops_mem_free(queue);
    ops_mem_free(n_producers);
    ops_mem_free(begin);
    return status;
}

opsig_status ops_opgraph_check(struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    bool dag = false;
    if (graph->n_ordered == graph->edges.len) {
        return OPSIG_OK;
    }
    TRY(make_igraph(graph, &dag, err));
    if (!dag) {
        TRY(name_cycle(graph, err));
    }
done:
    return status;
}
