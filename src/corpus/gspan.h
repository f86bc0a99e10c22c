/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file gspan.h  gSpan's text format: many small labelled graphs in one file.
 *
 *      t # 0          a graph begins; "t # -1" may end the file
 *      v 0 C          vertex 0 (they count from 0 in order) and its label, a number or a word
 *      e 0 1 2        an edge from 0 to 1, and its label, a number below 2^32
 */
#ifndef OPSIG_CORPUS_GSPAN_H
#define OPSIG_CORPUS_GSPAN_H

#include <opsig/corpus.h>

#include "base/reader.h"

/** Takes over a graph as it is read. @param id  the number behind "t #", as text */
typedef opsig_status (*ops_gspan_sink)(opsig_graph *graph, const char *id, void *payload,
                                       opsig_error *err);

/** Reads graphs to the end of the input, and hands them over in order.
 *  @return OPSIG_FORMAT with line and column in the message, OPSIG_LIMIT, or what the sink
 *          returned */
opsig_status ops_gspan_read(struct ops_reader *reader, const opsig_limits *limits,
                            ops_gspan_sink sink, void *payload, opsig_error *err);

/** Are the input slots of the corpus's graphs edge labels that were read? */
bool ops_corpus_has_edge_labels(const opsig_corpus *corpus);

#endif
