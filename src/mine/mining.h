/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file mining.h  One run of opsig_mine: what its steps hand on to each other. */
#ifndef OPSIG_MINE_MINING_H
#define OPSIG_MINE_MINING_H

#include <opsig/mine.h>

#include "mine/risk.h"

struct ops_mining {
    const opsig_corpus *corpus;
    const opsig_mine_options *options;
    uint32_t min_support; /* as used */
    struct ops_mine_field *field;
    struct ops_design *design;
    struct ops_classes *classes;
    ops_selection selection;
    struct ops_select_tally tally; /* of the selection on all models */
    double *weights; /* by place in selection */
    struct ops_risk_quality quality;
    struct opsig_database *database;
};

/** Finds the frequent patterns of the kinds asked for, and groups them: field and classes. */
opsig_status ops_mining_search(struct ops_mining *mining, const struct ops_select_options *select,
                               opsig_error *err);
/** Fills the database with the corpus's models and a signature for each selected class that is
 *  significant or weighs in the risk model, with statistics and evidence; sorts it. */
opsig_status ops_mining_add_signatures(struct ops_mining *mining, opsig_error *err);

#endif
