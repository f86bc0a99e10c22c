/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file names.h  Node names that occur more than once. */
#ifndef OPSIG_GRAPH_NAMES_H
#define OPSIG_GRAPH_NAMES_H

#include "graph/tally.h"

/** Counts nodes that have the name of an earlier one (OPS_REPEATED_NAME). Copies of a function's
 *  node share its name by nature and do not count. Expected time: linear. */
opsig_status ops_names_count(const struct ops_opgraph *graph, struct ops_tally *tally,
                             opsig_error *err);

#endif
