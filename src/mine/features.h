/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file features.h  The matrix that the risk model is fitted on. */
#ifndef OPSIG_MINE_FEATURES_H
#define OPSIG_MINE_FEATURES_H

#include "mine/places.h"
#include "mine/select.h"
#include "mine/trace.h"
#include "stats/logistic.h"

/** A row a model, a column a selected class; the value is log2(1 + places). The places of a
 *  sequence are its different end vertices, those of a subgraph the different vertices that its
 *  vertex 0 stands on. */
struct ops_features {
    struct ops_sparse matrix; /* refers to the arrays below */
    uint32_t *begin, *items;
    double *values;
};

/** @param corpus  that the trace's field is made of; NULL where no column is a subgraph's */
opsig_status ops_features_new(struct ops_features **out, struct ops_trace *trace,
                              const opsig_corpus *corpus, struct ops_classes *classes,
                              const ops_selection *columns, opsig_error *err);
void ops_features_free(struct ops_features *features);

#endif
