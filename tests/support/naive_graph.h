/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operator graph of a model without functions, by the words of the method: no ids, no
 * scopes taken back, every name looked up by walking outward. Slow, and so plain that it can be
 * read beside the rules. */
#ifndef OPSIG_TESTS_NAIVE_GRAPH_H
#define OPSIG_TESTS_NAIVE_GRAPH_H

#include <stdbool.h>

#include "onnx/model.h"

enum { NAIVE_MAX_VERTICES = 512, NAIVE_MAX_EDGES = 8192 };

struct naive_edge {
    uint32_t from, to, output_slot, input_slot;
};

struct naive_graph {
    const opsig_model *model;
    const struct onnx_node *nodes[NAIVE_MAX_VERTICES];
    uint32_t depth[NAIVE_MAX_VERTICES];
    uint32_t n_vertices;
    struct naive_edge edges[NAIVE_MAX_EDGES]; /* ordered */
    uint32_t n_edges;
    bool duplicate_output, cycle;
    uint32_t dangling_inputs;
};

/* Models past the maxima end the test. */
void naive_build(struct naive_graph *out, const opsig_model *model);

#endif
