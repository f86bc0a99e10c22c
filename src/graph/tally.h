/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file tally.h  What a file gets wrong and runtimes accept: counted, the first case kept. */
#ifndef OPSIG_GRAPH_TALLY_H
#define OPSIG_GRAPH_TALLY_H

#include "graph/opgraph.h"

enum ops_oddity {
    OPS_DANGLING_INPUT,      /* a node reads what nothing defines */
    OPS_DANGLING_OUTPUT,     /* a graph output that nothing computes */
    OPS_UNSORTED,            /* an edge against the order of the file */
    OPS_SHADOWED,            /* a name in a body hides an outer one */
    OPS_TWIN_CONSTANT,       /* a Constant writes what another one has written */
    OPS_WRITTEN_INITIALIZER, /* a node writes an initializer */
    OPS_REPEATED_NAME,       /* a node has the name of an earlier one */
    OPS_N_ODDITIES
};

struct ops_tally {
    struct {
        uint64_t count;
        uint32_t vertex, value; /* of the first case; OPS_NO_VERTEX, OPS_NO_VALUE: none */
    } cases[OPS_N_ODDITIES];
};

void ops_tally_count(struct ops_tally *tally, enum ops_oddity oddity, uint32_t vertex,
                     uint32_t value);
/** Turns counts into notes. */
opsig_status ops_tally_report(const struct ops_tally *tally, struct ops_opgraph *graph,
                              opsig_error *err);

#endif
