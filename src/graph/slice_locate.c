/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From vertices to nodes of the file. Vertices are numbered after functions have been expanded, so
 * the expansion is done once more; a node of it knows its own place in the file, and that of the
 * call that it came from. Two walks over the model as it stands then look for these places: the
 * first finds which graphs are around all of them, the second marks the nodes of the innermost. */
#include "graph/slice.h"

#include <stdlib.h>

#include "graph/opgraph.h"
#include "graph/walk.h"
#include "onnx/expand.h"

/** Offsets of the nodes to be found, ascending. */
struct places {
    int64_t *offsets;
    size_t n;
};

static int compare_offsets(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool is_wanted(const struct places *places, int64_t offset)
{
    return bsearch(&offset, places->offsets, places->n, sizeof offset, compare_offsets) != NULL;
}

static opsig_status list_offsets(struct places *places, const struct ops_opgraph *graph,
                                 const uint32_t *vertices, size_t n, opsig_error *err)
{
    places->offsets = ops_mem_zalloc(n, sizeof *places->offsets);
    if (places->offsets == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        if (vertices[i] >= graph->vertices.len) {
            return ops_error_set(err, OPSIG_USAGE, "usage", -1, "there is no node %u among %zu",
                                 vertices[i], graph->vertices.len);
        }
        const struct onnx_node *const node = graph->vertices.items[vertices[i]].node;
        places->offsets[i] = node->call >= 0 ? node->call : node->offset;
    }
    qsort(places->offsets, n, sizeof *places->offsets, compare_offsets);
    places->n = n;
    return OPSIG_OK;
}

static opsig_status find_places(struct places *places, const opsig_slice *slice,
                                const uint32_t *vertices, size_t n, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_opgraph graph = {
        .model = slice->model, .limits = &slice->limits, .deadline = slice->deadline};
    ops_arena_init(&graph.arena, slice->limits.max_memory);
    TRY(ops_expand_functions(&graph.main, &graph.n_values, &graph.arena, slice->model,
                             &slice->limits, err));
    TRY(ops_opgraph_number(&graph, err));
    TRY(list_offsets(places, &graph, vertices, n, err));
done:
    ops_opgraph_dispose(&graph);
    return status;
}

/** Leaves of the chain what is also around this node; the first node makes the chain. */
static opsig_status narrow(opsig_slice *slice, const struct ops_walk *walk, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    size_t n = 0;
    if (slice->chain.len == 0) {
        for (size_t i = 0; i < walk->frames.len; i++) {
            TRY(ops_vec_push(&slice->chain, walk->frames.items[i].graph, err));
        }
    }
    while (n < slice->chain.len && n < walk->frames.len &&
           slice->chain.items[n] == walk->frames.items[n].graph) {
        n++;
    }
    slice->chain.len = n;
done:
    return status;
}

/** Walks over the model and visits the wanted nodes: narrows the chain or marks what holds them. */
static opsig_status visit(opsig_slice *slice, const struct places *places, bool mark,
                          opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_walk walk;
    enum ops_walk_event event = OPS_WALK_ENTER;
    ops_walk_start(&walk, slice->model->graph);
    while (event != OPS_WALK_END) {
        TRY(ops_deadline_check(&slice->deadline, err));
        TRY(ops_walk_next(&walk, &event, err));
        if (event != OPS_WALK_NODE || !is_wanted(places, walk.node->offset)) {
            continue;
        }
        if (mark) {
            slice->kept[walk.frames.items[slice->chain.len - 1].n_visited - 1] = true;
        } else {
            TRY(narrow(slice, &walk, err));
        }
    }
done:
    ops_walk_dispose(&walk);
    return status;
}

opsig_status ops_slice_locate(opsig_slice *slice, const uint32_t *vertices, size_t n,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct places places = {0};
    TRY(find_places(&places, slice, vertices, n, err));
    TRY(visit(slice, &places, false, err));
    TRY(slice->chain.len > 0 ? OPSIG_OK
                             : ops_error_set(err, OPSIG_USAGE, "usage", -1, "no node to keep"));
    slice->kept = ops_mem_zalloc(ops_slice_graph(slice)->n_nodes, sizeof *slice->kept);
    TRY(slice->kept != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(visit(slice, &places, true, err));
done:
    ops_mem_free(places.offsets);
    return status;
}
