/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file snapshot_write.h  From the igraph graph with its side arrays to the flat form. */
#ifndef OPSIG_GRAPH_SNAPSHOT_WRITE_H
#define OPSIG_GRAPH_SNAPSHOT_WRITE_H

#include "graph/opgraph.h"
#include "graph/snapshot.h"

/** @param graph  complete: edges in order, proved acyclic
 *  @param out    does not refer to `graph`
 *  @return OPSIG_LIMIT where names take more than 4 GiB or the memory limit; OPSIG_NOMEM
 *  Time: linear. */
opsig_status ops_snapshot_write(opsig_graph **out, struct ops_opgraph *graph, opsig_error *err);

#endif
