/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types of tensors that the file does not tell: those that follow from the operators, as the facts
 * of the operator graph have them. Facts name a tensor by its name and by the vertex that holds its
 * graph; the graphs of the chain are held by the vertices around any of the nodes asked for. */
#include "graph/slice.h"

#include <string.h>

/** The vertices that hold the graphs of the chain; of the main graph OPS_NO_VERTEX. */
static void find_holders(const opsig_slice *slice, uint32_t vertex, uint32_t *holders)
{
    uint32_t depth = opsig_graph_depth(slice->graph, vertex);
    uint32_t holder = vertex;
    for (; depth > 0; depth--) {
        holder = slice->facts->vertices[holder].holder;
        if (depth < slice->chain.len) {
            holders[depth] = holder;
        }
    }
    holders[0] = OPS_NO_VERTEX;
}

/** Gives a tensor to the name that it has in one of the graphs of the chain. */
static void take_tensor(opsig_slice *slice, const uint32_t *holders,
                        const struct ops_fact_tensor *tensor)
{
    const char *const name = slice->facts->text + tensor->name;
    size_t depth = 0;
    while (depth < slice->chain.len && holders[depth] != tensor->holder) {
        depth++;
    }
    if (depth == slice->chain.len || name[0] == '\0') {
        return;
    }
    const uint32_t value = ops_intern_find(slice->model->values, name, strlen(name));
    if (value != OPS_INTERN_NONE && slice->sources[value].scope == depth + 1) {
        slice->sources[value].tensor = tensor;
    }
}

opsig_status ops_slice_find_types(opsig_slice *slice, uint32_t vertex, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (slice->facts == NULL) {
        return OPSIG_OK;
    }
    uint32_t *const holders = ops_mem_zalloc(slice->chain.len, sizeof *holders);
    TRY(holders != NULL ? OPSIG_OK : ops_error_nomem(err));
    find_holders(slice, vertex, holders);
    for (uint32_t i = 0; i < slice->facts->n_tensors; i++) {
        TRY(ops_deadline_check(&slice->deadline, err));
        take_tensor(slice, holders, &slice->facts->tensors[i]);
    }
done:
    ops_mem_free(holders);
    return status;
}
