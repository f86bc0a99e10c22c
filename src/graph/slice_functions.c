/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions a slice calls. Kept nodes are walked with their bodies; a function that is met
 * for the first time is listed, and its nodes are walked in their turn. */
#include "graph/slice.h"

#include "graph/walk.h"
#include "onnx/functions.h"

struct search {
    opsig_slice *slice;
    struct ops_functions functions;
    bool *listed; /* by function */
    opsig_error *err;
};

static opsig_status follow(struct search *search, const struct onnx_node *node)
{
    opsig_slice *const slice = search->slice;
    struct ops_target *target;
    opsig_status status = OPSIG_OK;
    TRY(ops_functions_find(&search->functions, node, &target, search->err));
    if (target != NULL) {
        const size_t i = (size_t)(target->function - slice->model->functions);
        if (!search->listed[i]) {
            search->listed[i] = true;
            TRY(ops_vec_push(&slice->functions, target->function, search->err));
        }
    }
done:
    return status;
}

/** Follows the calls of some nodes and of their bodies. */
static opsig_status follow_all(struct search *search, struct onnx_node *nodes, size_t n)
{
    opsig_status status = OPSIG_OK;
    const struct onnx_graph graph = {.name = "", .nodes = nodes, .n_nodes = n};
    struct ops_walk walk;
    enum ops_walk_event event = OPS_WALK_ENTER;
    ops_walk_start(&walk, &graph);
    while (event != OPS_WALK_END) {
        TRY(ops_deadline_check(&search->slice->deadline, search->err));
        TRY(ops_walk_next(&walk, &event, search->err));
        if (event == OPS_WALK_NODE) {
            TRY(follow(search, walk.node));
        }
    }
done:
    ops_walk_dispose(&walk);
    return status;
}

opsig_status ops_slice_find_functions(opsig_slice *slice, opsig_error *err)
{
    const struct onnx_graph *const graph = ops_slice_graph(slice);
    struct search search = {.slice = slice, .err = err};
    opsig_status status = OPSIG_OK;
    if (slice->model->n_functions == 0) {
        return OPSIG_OK;
    }
    TRY(ops_functions_init(&search.functions, slice->model, &slice->limits, err));
    search.listed = ops_mem_zalloc(slice->model->n_functions, sizeof *search.listed);
    TRY(search.listed != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (size_t i = 0; i < slice->order.len; i++) {
        TRY(follow_all(&search, &graph->nodes[slice->order.items[i]], 1));
    }
    for (size_t i = 0; i < slice->functions.len; i++) { /* which grows meanwhile */
        const struct onnx_function *const function = slice->functions.items[i];
        TRY(follow_all(&search, function->nodes, function->n_nodes));
    }
done:
    ops_mem_free(search.listed);
    ops_functions_dispose(&search.functions);
    return status;
}
