/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A block begins with a header of counts, from which the place of every array follows. So a block
 * holds no pointers and no offsets but those into its text: a byte-wise copy is the same graph. */
#include "graph/snapshot.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "graph/facts_block.h"
#include "graph/snapshot_layout.h"

static uint64_t items_of(const struct ops_block_header *h, enum ops_section section)
{
    switch (section) {
    case OPS_AT_OPSET_VERSION:
    case OPS_AT_OPSET_DOMAIN:
        return h->n_opsets;
    case OPS_AT_SUCC_BEGIN:
    case OPS_AT_PRED_BEGIN:
        return (uint64_t)h->n_vertices + 1;
    case OPS_AT_SUCC:
    case OPS_AT_OUT_SLOT:
    case OPS_AT_IN_SLOT:
    case OPS_AT_PRED:
        return h->n_parallel_edges;
    case OPS_AT_SYMBOL_TEXT:
        return h->n_symbols;
    case OPS_AT_MAIN_OP_TYPE:
        return h->n_main_nodes;
    case OPS_AT_NOTE:
        return h->n_notes;
    case OPS_AT_TEXT:
        return h->text_size;
    case OPS_AT_FACTS:
        return h->facts_size / sizeof(uint64_t);
    default:
        return h->n_vertices;
    }
}

static size_t item_size(enum ops_section section)
{
    if (section == OPS_AT_OPSET_VERSION || section == OPS_AT_FACTS) {
        return sizeof(int64_t);
    }
    return section == OPS_AT_TEXT ? 1 : sizeof(uint32_t);
}

opsig_status ops_block_layout(const struct ops_block_header *header, size_t out[OPS_N_SECTIONS + 1],
                              opsig_error *err)
{
    size_t at = sizeof *header;
    for (int section = 0; section < OPS_N_SECTIONS; section++) {
        const size_t size = item_size((enum ops_section)section);
        size_t bytes;
        out[section] = at = (at + size - 1) / size * size;
        if (__builtin_mul_overflow(items_of(header, (enum ops_section)section), size, &bytes) ||
            __builtin_add_overflow(at, bytes, &at) || at > SIZE_MAX / 2) {
            return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "the graph is too large");
        }
    }
    out[OPS_N_SECTIONS] = at;
    return OPSIG_OK;
}

static const uint32_t *numbers(const char *block, size_t offset)
{
    return (const void *)(block + offset);
}

static void view(opsig_graph *graph, const struct ops_block_header *h,
                 const size_t at[OPS_N_SECTIONS])
{
    const char *const block = graph->block;
    graph->n_vertices = h->n_vertices;
    graph->n_edges = h->n_edges;
    graph->n_parallel_edges = h->n_parallel_edges;
    graph->n_symbols = h->n_symbols;
    graph->n_main_nodes = h->n_main_nodes;
    graph->n_functions = h->n_functions;
    graph->n_opsets = h->n_opsets;
    graph->n_notes = h->n_notes;
    graph->ir_version = h->ir_version;
    graph->producer = h->producer;
    graph->opset_version = (const void *)(block + at[OPS_AT_OPSET_VERSION]);
    graph->succ_begin = numbers(block, at[OPS_AT_SUCC_BEGIN]);
    graph->succ = numbers(block, at[OPS_AT_SUCC]);
    graph->out_slot = numbers(block, at[OPS_AT_OUT_SLOT]);
    graph->in_slot = numbers(block, at[OPS_AT_IN_SLOT]);
    graph->pred_begin = numbers(block, at[OPS_AT_PRED_BEGIN]);
    graph->pred = numbers(block, at[OPS_AT_PRED]);
    graph->symbol[OPSIG_ALPHABET_OP] = numbers(block, at[OPS_AT_SYMBOL_OP]);
    graph->symbol[OPSIG_ALPHABET_OP_ATTR] = numbers(block, at[OPS_AT_SYMBOL_OP_ATTR]);
    graph->depth = numbers(block, at[OPS_AT_DEPTH]);
    graph->n_given = numbers(block, at[OPS_AT_N_GIVEN]);
    graph->n_results = numbers(block, at[OPS_AT_N_RESULTS]);
    graph->symbol_text = numbers(block, at[OPS_AT_SYMBOL_TEXT]);
    graph->op_type = numbers(block, at[OPS_AT_OP_TYPE]);
    graph->domain = numbers(block, at[OPS_AT_DOMAIN]);
    graph->name = numbers(block, at[OPS_AT_NAME]);
    graph->label = numbers(block, at[OPS_AT_LABEL]);
    graph->main_op_type = numbers(block, at[OPS_AT_MAIN_OP_TYPE]);
    graph->opset_domain = numbers(block, at[OPS_AT_OPSET_DOMAIN]);
    graph->note = numbers(block, at[OPS_AT_NOTE]);
    graph->text = block + at[OPS_AT_TEXT];
    graph->has_facts = h->facts_size > 0;
    if (graph->has_facts) {
        ops_facts_view(&graph->facts, block + at[OPS_AT_FACTS]);
    }
}

opsig_status ops_snapshot_attach(opsig_graph **out, void *block, size_t size, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_block_header header = {0};
    size_t at[OPS_N_SECTIONS + 1] = {0};
    *out = NULL;
    opsig_graph *graph = ops_mem_zalloc(1, sizeof *graph);
    if (graph == NULL) {
        ops_mem_free(block);
        return ops_error_nomem(err);
    }
    graph->block = block;
    graph->size = size;
    if (size >= sizeof header) {
        memcpy(&header, block, sizeof header);
        TRY(ops_block_layout(&header, at, err));
    }
    if (size < sizeof header || header.size != size || at[OPS_N_SECTIONS] != size) {
        status = ops_error_set(err, OPSIG_INTERNAL, "snapshot", -1, "not a graph's block");
        goto done;
    }
    view(graph, &header, at);
    *out = graph;
    graph = NULL;
done:
    opsig_graph_free(graph);
    return status;
}

const struct ops_facts *ops_facts_of(const opsig_graph *graph)
{
    return graph->has_facts ? &graph->facts : NULL;
}

const void *ops_snapshot_block(const opsig_graph *graph, size_t *out_size)
{
    *out_size = graph->size;
    return graph->block;
}
