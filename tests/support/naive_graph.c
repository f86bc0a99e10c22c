/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One recursion over the nested graphs numbers the nodes, a second one resolves names; a cycle is
 * looked for by reachability. */
#include "support/naive_graph.h"

#include <stdlib.h>
#include <string.h>

/* A graph and those around it. */
struct surroundings {
    const struct onnx_graph *graph;
    const struct surroundings *outer;
};

struct writer {
    bool defined, is_node;
    uint32_t vertex, slot;
};

static const char *name_of(const struct naive_graph *g, uint32_t value)
{
    return ops_intern_text(g->model->values, value);
}

static uint32_t vertex_of(const struct naive_graph *g, const struct onnx_node *node)
{
    uint32_t v = 0;
    while (g->nodes[v] != node) {
        v++;
    }
    return v;
}

static void number(struct naive_graph *g, const struct onnx_graph *graph, uint32_t depth)
{
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct onnx_node *const node = &graph->nodes[i];
        if (g->n_vertices == NAIVE_MAX_VERTICES) {
            abort();
        }
        g->depth[g->n_vertices] = depth;
        g->nodes[g->n_vertices++] = node;
        for (uint32_t a = 0; a < node->n_attributes; a++) {
            for (size_t b = 0; b < node->attributes[a].n_graphs; b++) {
                number(g, node->attributes[a].graphs[b], depth + 1);
            }
        }
    }
}

static bool same_name(const struct naive_graph *g, uint32_t value, const char *name)
{
    return strcmp(name_of(g, value), name) == 0;
}

/* The first node of a graph that writes a name. */
static struct writer node_that_writes(const struct naive_graph *g, const struct onnx_graph *graph,
                                      const char *name)
{
    for (size_t i = 0; i < graph->n_nodes; i++) {
        for (uint32_t slot = 0; slot < graph->nodes[i].n_outputs; slot++) {
            if (same_name(g, graph->nodes[i].outputs[slot], name)) {
                return (struct writer){true, true, vertex_of(g, &graph->nodes[i]), slot};
            }
        }
    }
    return (struct writer){0};
}

static bool is_given(const struct naive_graph *g, const struct onnx_graph *graph, const char *name)
{
    for (size_t i = 0; i < graph->n_inputs; i++) {
        if (same_name(g, graph->inputs[i].name, name)) {
            return true;
        }
    }
    for (size_t i = 0; i < graph->n_initializers; i++) {
        if (same_name(g, graph->initializers[i].name, name)) {
            return true;
        }
    }
    return false;
}

static struct writer find(const struct naive_graph *g, const struct surroundings *at,
                          const char *name)
{
    for (; at != NULL; at = at->outer) {
        const struct writer node = node_that_writes(g, at->graph, name);
        if (node.defined) {
            return node;
        }
        if (is_given(g, at->graph, name)) {
            return (struct writer){.defined = true};
        }
    }
    return (struct writer){0};
}

static void join(struct naive_graph *g, struct writer from, uint32_t to, uint32_t input_slot)
{
    if (g->n_edges == NAIVE_MAX_EDGES) {
        abort();
    }
    g->edges[g->n_edges++] = (struct naive_edge){from.vertex, to, from.slot, input_slot};
}

/* Do two outputs of one graph, or an output and an input, share a name? Constants may. */
static bool writes_twice(const struct naive_graph *g, const struct onnx_graph *graph)
{
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct onnx_node *const a = &graph->nodes[i];
        for (uint32_t s = 0; s < a->n_outputs; s++) {
            const char *const name = name_of(g, a->outputs[s]);
            if (name[0] == '\0') {
                continue;
            }
            for (size_t k = 0; k < graph->n_inputs; k++) {
                if (same_name(g, graph->inputs[k].name, name)) {
                    return true;
                }
            }
            for (size_t j = i; j < graph->n_nodes; j++) {
                const struct onnx_node *const b = &graph->nodes[j];
                const bool twins = j > i && strcmp(a->op_type, "Constant") == 0 &&
                                   strcmp(b->op_type, "Constant") == 0 && a->n_outputs == 1 &&
                                   b->n_outputs == 1;
                for (uint32_t t = j == i ? s + 1 : 0; t < b->n_outputs && !twins; t++) {
                    if (same_name(g, b->outputs[t], name)) {
                        return true;
                    }
                }
            }
        }
    }
    return false;
}

static void resolve(struct naive_graph *g, const struct onnx_graph *graph,
                    const struct surroundings *outer)
{
    const struct surroundings here = {graph, outer};
    g->duplicate_output = g->duplicate_output || writes_twice(g, graph);
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct onnx_node *const node = &graph->nodes[i];
        const uint32_t v = vertex_of(g, node);
        for (uint32_t slot = 0; slot < node->n_inputs; slot++) {
            const char *const name = name_of(g, node->inputs[slot]);
            const struct writer from = find(g, &here, name);
            if (name[0] != '\0' && from.is_node) {
                join(g, from, v, slot);
            }
            g->dangling_inputs += name[0] != '\0' && !from.defined;
        }
        uint32_t slot = node->n_inputs;
        for (uint32_t a = 0; a < node->n_attributes; a++) {
            for (size_t b = 0; b < node->attributes[a].n_graphs; b++) {
                const struct onnx_graph *const body = node->attributes[a].graphs[b];
                const struct surroundings inner = {body, &here};
                resolve(g, body, &here);
                for (size_t k = 0; k < body->n_outputs; k++, slot++) {
                    const char *const name = name_of(g, body->outputs[k].name);
                    const struct writer from = find(g, &inner, name);
                    if (name[0] != '\0' && from.is_node) {
                        join(g, from, v, slot);
                    }
                }
            }
        }
    }
}

static int compare(const void *a, const void *b)
{
    const uint32_t *const x = a;
    const uint32_t *const y = b;
    for (int i = 0; i < 4; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

static bool has_cycle(const struct naive_graph *g)
{
    static bool reaches[NAIVE_MAX_VERTICES][NAIVE_MAX_VERTICES];
    const uint32_t n = g->n_vertices;
    memset(reaches, 0, sizeof reaches);
    for (uint32_t e = 0; e < g->n_edges; e++) {
        reaches[g->edges[e].from][g->edges[e].to] = true;
    }
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t j = 0; j < n && reaches[i][k]; j++) {
                reaches[i][j] = reaches[i][j] || reaches[k][j];
            }
        }
    }
    for (uint32_t v = 0; v < n; v++) {
        if (reaches[v][v]) {
            return true;
        }
    }
    return false;
}

void naive_build(struct naive_graph *out, const opsig_model *model)
{
    out->model = model;
    out->n_vertices = out->n_edges = out->dangling_inputs = 0;
    out->duplicate_output = false;
    number(out, model->graph, 0);
    resolve(out, model->graph, NULL);
    qsort(out->edges, out->n_edges, sizeof out->edges[0], compare);
    out->cycle = has_cycle(out);
}
