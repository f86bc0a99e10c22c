/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file graph_classes.h  The classes of graphs in a file of their own: a line each, 0 or 1. */
#ifndef OPSIG_CORPUS_GRAPH_CLASSES_H
#define OPSIG_CORPUS_GRAPH_CLASSES_H

#include <opsig/corpus.h>

#include "base/reader.h"

/** Takes the label of graph i: 1 is inconsistent, 0 consistent. */
typedef opsig_status (*ops_graph_classes_sink)(size_t i, opsig_label label, void *payload,
                                               opsig_error *err);

/** Reads classes to the end of the input, and hands them over in order. Lines without a class are
 *  passed over. @return OPSIG_FORMAT naming the line, or what the sink returned */
opsig_status ops_graph_classes_read(struct ops_reader *reader, ops_graph_classes_sink sink,
                                    void *payload, opsig_error *err);

#endif
