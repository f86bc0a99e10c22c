/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file facts_block.h  How facts lie in a graph's block: a header, then arrays, no pointers. */
#ifndef OPSIG_GRAPH_FACTS_BLOCK_H
#define OPSIG_GRAPH_FACTS_BLOCK_H

#include "graph/facts.h"

/** The arrays of struct ops_facts, in order; each begins at a multiple of 8. */
enum ops_facts_section {
    OPS_FACTS_TENSORS,
    OPS_FACTS_DIMS,
    OPS_FACTS_CONSTANTS,
    OPS_FACTS_NUMBERS,
    OPS_FACTS_VERTICES,
    OPS_FACTS_KINDS,
    OPS_FACTS_ATTRIBUTES,
    OPS_FACTS_SLOTS,
    OPS_FACTS_PORTS,
    OPS_FACTS_BODIES,
    OPS_FACTS_ENDS,
    OPS_FACTS_TEXT,
    OPS_N_FACTS_SECTIONS
};

struct ops_facts_header {
    uint64_t at[OPS_N_FACTS_SECTIONS]; /* offsets from the header */
    uint32_t n_tensors, n_constants, n_kinds, n_vertices, n_bodies;
};

/** The view of facts that begin at `block`, which is trusted and aligned for 8 bytes. */
void ops_facts_view(struct ops_facts *out, const void *block);

#endif
