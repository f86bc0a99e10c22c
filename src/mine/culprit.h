/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file culprit.h  Do findings name the operator that was at fault? */
#ifndef OPSIG_MINE_CULPRIT_H
#define OPSIG_MINE_CULPRIT_H

#include <opsig/corpus.h>

#include "pattern/signature.h"

/** Inconsistent models by what their findings name. */
struct ops_culprit_hits {
    uint32_t known;        /* models with a known culprit */
    uint32_t found;        /* of these, models with any finding */
    uint32_t first, three; /* culprit's operator in the first finding, in one of the first three */
    uint32_t any;          /* and in any of them */
};

/** Compares the culprits of a corpus with the findings that its own signatures give, ranked as a
 *  scan ranks them. The culprits were not mined, but the models were. */
opsig_status ops_culprit_compare(struct ops_culprit_hits *out,
                                 const struct opsig_database *database,
                                 const opsig_corpus *corpus, opsig_error *err);

#endif
