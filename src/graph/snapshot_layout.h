/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file snapshot_layout.h  Where things lie in a snapshot's block. */
#ifndef OPSIG_GRAPH_SNAPSHOT_LAYOUT_H
#define OPSIG_GRAPH_SNAPSHOT_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/** The arrays of a block, in order. Where they lie depends only on the counts of those before
 *  them: the size of the text and the number of symbols may be known last. */
enum ops_section {
    OPS_AT_OPSET_VERSION,
    OPS_AT_SUCC_BEGIN,
    OPS_AT_SUCC,
    OPS_AT_OUT_SLOT,
    OPS_AT_IN_SLOT,
    OPS_AT_PRED_BEGIN,
    OPS_AT_PRED,
    OPS_AT_SYMBOL_OP,
    OPS_AT_SYMBOL_OP_ATTR,
    OPS_AT_DEPTH,
    OPS_AT_N_GIVEN,
    OPS_AT_N_RESULTS,
    OPS_AT_OP_TYPE,
    OPS_AT_DOMAIN,
    OPS_AT_NAME,
    OPS_AT_LABEL,
    OPS_AT_MAIN_OP_TYPE,
    OPS_AT_OPSET_DOMAIN,
    OPS_AT_NOTE,
    OPS_AT_TEXT,
    OPS_AT_SYMBOL_TEXT,
    OPS_AT_FACTS, /* in units of 8 bytes; empty unless they were asked for */
    OPS_N_SECTIONS
};

/** The front of a block. */
struct ops_block_header {
    uint64_t size; /* of the block, bytes */
    int64_t ir_version;
    uint64_t text_size, facts_size; /* bytes; the latter a multiple of 8 */
    uint32_t n_vertices, n_edges, n_parallel_edges, n_symbols, n_main_nodes, n_functions;
    uint32_t n_opsets, n_notes;
    uint32_t producer; /* offset into the text */
    uint32_t unused;
};

/** Offsets of the sections from the front of the block, and its size behind the last one.
 *  @return OPSIG_LIMIT where the size overflows */
opsig_status ops_block_layout(const struct ops_block_header *header, size_t out[OPS_N_SECTIONS + 1],
                              opsig_error *err);

#endif
