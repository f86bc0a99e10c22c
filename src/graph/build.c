/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a model to its operator graph, step by step: functions are expanded, vertices numbered,
 * names resolved to edges, the igraph graph proved acyclic, the snapshot written. Only the
 * snapshot remains. */
#include <opsig/graph.h>

#include "base/error.h"
#include "graph/facts_write.h"
#include "graph/opgraph.h"
#include "graph/snapshot_write.h"
#include "onnx/expand.h"

/* Rough sizes, so that a graph past the memory limit is refused before it is made: a vertex
 * without its names, an edge, and an edge that igraph gets too because it has to decide. */
#define BYTES_PER_VERTEX UINT64_C(96)
#define BYTES_PER_EDGE UINT64_C(64)
#define BYTES_PER_IGRAPH_EDGE UINT64_C(192)

static opsig_status check_memory(const struct ops_opgraph *graph, opsig_error *err)
{
    const bool ordered = graph->n_ordered == graph->edges.len;
    const uint64_t per_edge = ordered ? BYTES_PER_EDGE : BYTES_PER_IGRAPH_EDGE;
    const uint64_t need = graph->vertices.len * BYTES_PER_VERTEX + graph->edges.len * per_edge;
    if (need <= graph->limits->max_memory) {
        return OPSIG_OK;
    }
    return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                         "%zu nodes and %zu tensor reads need more than %llu bytes "
                         "(--max-model-memory)",
                         graph->vertices.len, graph->edges.len,
                         (unsigned long long)graph->limits->max_memory);
}

/** @param deadline  running; `limits` says the rest */
static opsig_status build(opsig_graph **out, const opsig_model *model, const opsig_limits *limits,
                          const struct ops_deadline *deadline, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_opgraph graph = {.model = model, .limits = limits, .deadline = *deadline};
    graph.tensors.wanted = model->keeps_constants;
    ops_arena_init(&graph.arena, limits->max_memory);
    TRY(ops_expand_functions(&graph.main, &graph.n_values, &graph.arena, model, limits, err));
    TRY(ops_opgraph_number(&graph, err));
    TRY(ops_opgraph_resolve(&graph, err));
    TRY(check_memory(&graph, err));
    TRY(ops_opgraph_sort_edges(&graph, err));
    TRY(ops_opgraph_check(&graph, err));
    if (graph.tensors.wanted) {
        TRY(ops_facts_build(&graph, err));
    }
    TRY(ops_snapshot_write(out, &graph, err));
done:
    ops_opgraph_dispose(&graph);
    return status;
}

/** The limits given, or the defaults; the vertex numbers that have a meaning stay free. */
static opsig_limits effective(const opsig_limits *limits)
{
    enum { RESERVED = 8 };
    opsig_limits own;
    if (limits == NULL) {
        opsig_limits_init(&own);
    } else {
        own = *limits;
    }
    if (own.max_nodes > UINT32_MAX - RESERVED) {
        own.max_nodes = UINT32_MAX - RESERVED;
    }
    return own;
}

opsig_status opsig_graph_build(opsig_graph **out, const opsig_model *model,
                               const opsig_limits *limits, opsig_error *err)
{
    *out = NULL;
    const opsig_limits own = effective(limits);
    struct ops_deadline deadline;
    ops_deadline_start(&deadline, own.timeout, own.cancel);
    return build(out, model, &own, &deadline, err);
}

opsig_status ops_graph_load(opsig_graph **out, const char *path, const opsig_limits *limits,
                            bool facts, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_model *model = NULL;
    *out = NULL;
    const opsig_limits own = effective(limits);
    struct ops_deadline deadline; /* of loading and building together */
    ops_deadline_start(&deadline, own.timeout, own.cancel);
    TRY(ops_model_load(&model, path, &own, facts, err));
    TRY(build(out, model, &own, &deadline, err));
done:
    opsig_model_free(model);
    return status;
}

opsig_status opsig_graph_load(opsig_graph **out, const char *path, const opsig_limits *limits,
                              opsig_error *err)
{
    return ops_graph_load(out, path, limits, false, err);
}

opsig_status opsig_graph_load_facts(opsig_graph **out, const char *path, const opsig_limits *limits,
                                    opsig_error *err)
{
    return ops_graph_load(out, path, limits, true, err);
}
