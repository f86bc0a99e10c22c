/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slots of all vertices lie in one array; where a vertex's begin is a running sum. */
#include "graph/tensors.h"

#include "graph/opgraph.h"

opsig_status ops_tensors_start(struct ops_tensors *tensors, const struct ops_vertex *vertices,
                               size_t n_vertices, opsig_error *err)
{
    size_t n = 0;
    tensors->first = ops_mem_resize(NULL, n_vertices + 1, sizeof *tensors->first);
    if (tensors->first == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t v = 0; v < n_vertices; v++) {
        tensors->first[v] = n;
        n += (size_t)vertices[v].node->n_inputs + vertices[v].node->n_outputs;
    }
    tensors->first[n_vertices] = n;
    tensors->slots = ops_mem_resize(NULL, n + 1, sizeof *tensors->slots);
    if (tensors->slots == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        tensors->slots[i] = OPS_NO_TENSOR;
    }
    return OPSIG_OK;
}

void ops_tensors_dispose(struct ops_tensors *tensors)
{
    ops_vec_dispose(&tensors->items);
    ops_vec_dispose(&tensors->bodies);
    ops_vec_dispose(&tensors->ends);
    ops_mem_free(tensors->slots);
    ops_mem_free(tensors->first);
    tensors->slots = NULL;
    tensors->first = NULL;
}
