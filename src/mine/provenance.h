/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file provenance.h  Where a database came from, as keys and values. */
#ifndef OPSIG_MINE_PROVENANCE_H
#define OPSIG_MINE_PROVENANCE_H

#include <opsig/mine.h>

#include "mine/risk.h"

/** Records tool, options, corpus, extent of the search, quality of the risk model, and how often
 *  findings name the culprits that the manifest knows. Signatures must be complete and sorted.
 *  @param min_support  as used */
opsig_status ops_provenance_record(struct opsig_database *database, const opsig_corpus *corpus,
                                   const opsig_mine_options *options, uint32_t min_support,
                                   const struct ops_classes *classes,
                                   const struct ops_select_tally *tally,
                                   const struct ops_risk_quality *quality, opsig_error *err);

#endif
