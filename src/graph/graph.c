/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: a graph is its attached block, so each is an array look-up, but for the source of an
 * edge, which is found by bisection. */
#include <opsig/graph.h>

#include "base/mem.h"
#include "graph/snapshot.h"

void opsig_graph_free(opsig_graph *graph)
{
    if (graph != NULL) {
        ops_mem_free(graph->block);
        ops_mem_free(graph);
    }
}

uint32_t opsig_graph_n_vertices(const opsig_graph *graph)
{
    return graph->n_vertices;
}

uint32_t opsig_graph_n_edges(const opsig_graph *graph)
{
    return graph->n_edges;
}

uint32_t opsig_graph_n_parallel_edges(const opsig_graph *graph)
{
    return graph->n_parallel_edges;
}

const char *opsig_graph_op_type(const opsig_graph *graph, uint32_t v)
{
    return graph->text + graph->op_type[v];
}

const char *opsig_graph_domain(const opsig_graph *graph, uint32_t v)
{
    return graph->text + graph->domain[v];
}

const char *opsig_graph_node_name(const opsig_graph *graph, uint32_t v)
{
    return graph->text + graph->name[v];
}

const char *opsig_graph_node_label(const opsig_graph *graph, uint32_t v)
{
    return graph->text + graph->label[v];
}

uint32_t opsig_graph_depth(const opsig_graph *graph, uint32_t v)
{
    return graph->depth[v];
}

const char *opsig_graph_symbol(const opsig_graph *graph, uint32_t v, opsig_alphabet alphabet)
{
    const uint32_t symbol = graph->symbol[alphabet][v];
    return symbol != OPS_NO_SYMBOL ? ops_snapshot_symbol_text(graph, symbol) : NULL;
}

opsig_edge opsig_graph_edge(const opsig_graph *graph, uint32_t i)
{
    /* the last vertex whose edges begin at or before i */
    uint32_t from = 0;
    uint32_t beyond = graph->n_vertices;
    while (beyond - from > 1) {
        const uint32_t middle = from + (beyond - from) / 2;
        if (graph->succ_begin[middle] <= i) {
            from = middle;
        } else {
            beyond = middle;
        }
    }
    return (opsig_edge){.from = from,
                        .to = graph->succ[i],
                        .output_slot = graph->out_slot[i],
                        .input_slot = graph->in_slot[i]};
}

uint32_t opsig_graph_n_opsets(const opsig_graph *graph)
{
    return graph->n_opsets;
}

const char *opsig_graph_opset_domain(const opsig_graph *graph, uint32_t i)
{
    return graph->text + graph->opset_domain[i];
}

int64_t opsig_graph_opset_version(const opsig_graph *graph, uint32_t i)
{
    return graph->opset_version[i];
}

uint32_t opsig_graph_n_notes(const opsig_graph *graph)
{
    return graph->n_notes;
}

const char *opsig_graph_note(const opsig_graph *graph, uint32_t i)
{
    return graph->text + graph->note[i];
}

int64_t opsig_graph_ir_version(const opsig_graph *graph)
{
    return graph->ir_version;
}

uint32_t opsig_graph_n_main_nodes(const opsig_graph *graph)
{
    return graph->n_main_nodes;
}

uint32_t opsig_graph_n_functions(const opsig_graph *graph)
{
    return graph->n_functions;
}

const char *opsig_graph_producer(const opsig_graph *graph)
{
    return graph->text + graph->producer;
}

const char *opsig_graph_main_op_type(const opsig_graph *graph, uint32_t i)
{
    return graph->text + graph->main_op_type[i];
}
