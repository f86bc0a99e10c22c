/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of building share: numbering, the order of edges, names. Edges are ordered by
 * two stable counting sorts, by target and then by source, so that the time stays linear; only
 * the tensors that join the same two nodes are compared with each other. Without nested graphs
 * edges are found by ascending target, and the first sort has nothing to do. */
#include "graph/opgraph.h"

#include <stdlib.h>
#include "graph/put.h"
#include "graph/walk.h"

void ops_opgraph_dispose(struct ops_opgraph *graph)
{
    if (graph->has_igraph) {
        igraph_destroy(&graph->igraph);
        graph->has_igraph = false;
    }
    for (size_t i = 0; i < graph->notes.len; i++) {
        ops_mem_free(graph->notes.items[i]);
    }
    ops_vec_dispose(&graph->notes);
    ops_buffer_dispose(&graph->facts);
    ops_tensors_dispose(&graph->tensors);
    ops_vec_dispose(&graph->edges);
    ops_vec_dispose(&graph->vertices);
    ops_arena_dispose(&graph->arena);
}

static opsig_status add_vertex(struct ops_opgraph *graph, const struct ops_walk *walk,
                               opsig_error *err)
{
    const struct onnx_node *const node = walk->node;
    if (node->op_type[0] == '\0') {
        return ops_error_set(err, OPSIG_FORMAT, "missing-op-type", node->offset,
                             "node %u%s%.80s has no op_type", walk->vertex,
                             node->name[0] != '\0' ? ", " : "", node->name);
    }
    if (graph->vertices.len >= graph->limits->max_nodes) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "more than %u nodes after function expansion (--max-nodes)",
                             graph->limits->max_nodes);
    }
    graph->n_inputs += node->n_inputs;
    const struct ops_vertex vertex = {.node = node, .depth = walk->depth, .end = walk->vertex + 1};
    return ops_vec_push(&graph->vertices, vertex, err);
}

opsig_status ops_opgraph_number(struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_walk walk;
    enum ops_walk_event event = OPS_WALK_ENTER;
    ops_walk_start(&walk, graph->main);
    if (graph->main->n_nodes <= graph->limits->max_nodes) {
        TRY(ops_vec_reserve(&graph->vertices, graph->main->n_nodes, err));
    }
    while (event != OPS_WALK_END) {
        TRY(ops_deadline_check(&graph->deadline, err));
        TRY(ops_walk_next(&walk, &event, err));
        if (event == OPS_WALK_NODE) {
            TRY(add_vertex(graph, &walk, err));
        } else if (event == OPS_WALK_LEAVE && walk.vertex != OPS_NO_VERTEX) {
            graph->vertices.items[walk.vertex].end = walk.n_vertices;
        }
    }
done:
    ops_walk_dispose(&walk);
    return status;
}

/** Scatters edges into `out` by one of their ends, keeping their order otherwise. `begin` is
 *  scratch, n_vertices + 1 zeros. */
static void scatter(const struct ops_edge *edges, size_t n, struct ops_edge *out, uint32_t *begin,
                    size_t n_vertices, bool by_source)
{
    for (size_t e = 0; e < n; e++) {
        begin[(by_source ? edges[e].from : edges[e].to) + 1]++;
    }
    for (size_t v = 0; v < n_vertices; v++) {
        begin[v + 1] += begin[v];
    }
    for (size_t e = 0; e < n; e++) {
        out[begin[by_source ? edges[e].from : edges[e].to]++] = edges[e];
    }
}

static int by_slots(const void *a, const void *b)
{
    const struct ops_edge *const x = a;
    const struct ops_edge *const y = b;
    if (x->output_slot != y->output_slot) {
        return x->output_slot < y->output_slot ? -1 : 1;
    }
    return (x->input_slot > y->input_slot) - (x->input_slot < y->input_slot);
}

/** Orders the edges of each pair of vertices, which stand together. */
static void sort_parallel(struct ops_edge *edges, size_t n)
{
    for (size_t begin = 0, end; begin < n; begin = end) {
        bool sorted = true;
        for (end = begin + 1;
             end < n && edges[end].from == edges[begin].from && edges[end].to == edges[begin].to;
             end++) {
            sorted = sorted && by_slots(&edges[end - 1], &edges[end]) <= 0;
        }
        if (!sorted) {
            qsort(&edges[begin], end - begin, sizeof *edges, by_slots);
        }
    }
}

static bool ascending_targets(const struct ops_edge *edges, size_t n)
{
    for (size_t e = 1; e < n; e++) {
        if (edges[e - 1].to > edges[e].to) {
            return false;
        }
    }
    return true;
}

/** One counting sort of the edges by one of their ends. */
static opsig_status sort_by(struct ops_opgraph *graph, bool by_source, opsig_error *err)
{
    const size_t n = graph->edges.len;
    const size_t n_vertices = graph->vertices.len;
    struct ops_edge *const sorted = ops_mem_resize(NULL, n, sizeof *sorted);
    uint32_t *const begin = ops_mem_zalloc(n_vertices + 1, sizeof *begin);
    if (sorted == NULL || begin == NULL) {
        ops_mem_free(begin);
        ops_mem_free(sorted);
        return ops_error_nomem(err);
    }
    scatter(graph->edges.items, n, sorted, begin, n_vertices, by_source);
    ops_mem_free(begin);
    ops_mem_free(graph->edges.items);
    graph->edges.items = sorted;
    graph->edges.cap = n;
    return OPSIG_OK;
}

opsig_status ops_opgraph_sort_edges(struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (!ascending_targets(graph->edges.items, graph->edges.len)) {
        TRY(sort_by(graph, false, err));
    }
    TRY(sort_by(graph, true, err));
    sort_parallel(graph->edges.items, graph->edges.len);
done:
    return status;
}

const char *ops_opgraph_value_name(const struct ops_opgraph *graph, uint32_t value)
{
    const struct ops_intern *const names = graph->model->values;
    return value < ops_intern_count(names) ? ops_intern_text(names, value) : "";
}

void ops_opgraph_put_name(struct ops_buffer *out, const struct onnx_node *node)
{
    if (node->name[0] != '\0') {
        ops_buffer_puts(out, node->scope);
        ops_buffer_puts(out, node->name);
    }
}

void ops_opgraph_put_label(struct ops_buffer *out, const struct ops_opgraph *graph, uint32_t vertex)
{
    const struct onnx_node *const node = graph->vertices.items[vertex].node;
    if (node->name[0] != '\0') {
        ops_opgraph_put_name(out, node);
        return;
    }
    uint32_t slot = 0;
    while (slot < node->n_outputs && node->outputs[slot] == OPS_NO_VALUE) {
        slot++;
    }
    const char *const output =
        slot < node->n_outputs ? ops_opgraph_value_name(graph, node->outputs[slot]) : "";
    ops_buffer_puts(out, node->scope);
    ops_buffer_puts(out, node->op_type);
    ops_buffer_puts(out, "#");
    ops_put_i64(out, vertex);
    if (output[0] != '\0') {
        ops_buffer_puts(out, "(");
        ops_buffer_puts(out, output);
        ops_buffer_puts(out, ")");
    }
}

void ops_opgraph_put_tensor(struct ops_buffer *out, const struct ops_opgraph *graph,
                            uint32_t vertex, uint32_t slot)
{
    const struct onnx_node *const node = graph->vertices.items[vertex].node;
    const char *const name = ops_opgraph_value_name(graph, node->outputs[slot]);
    if (name[0] != '\0') {
        ops_buffer_puts(out, "tensor ");
        ops_buffer_puts(out, name);
        return;
    }
    ops_buffer_puts(out, "output ");
    ops_put_i64(out, slot);
    ops_buffer_puts(out, " of ");
    ops_opgraph_put_label(out, graph, vertex);
}

opsig_status ops_opgraph_note(struct ops_opgraph *graph, struct ops_buffer *line, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_buffer_status(line, err));
    TRY(ops_vec_reserve(&graph->notes, 1, err));
    char *const text = ops_buffer_take(line);
    if (text == NULL) {
        return ops_error_nomem(err);
    }
    graph->notes.items[graph->notes.len++] = text;
done:
    return status;
}
