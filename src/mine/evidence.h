/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file evidence.h  Models and matched nodes that stand behind a signature. */
#ifndef OPSIG_MINE_EVIDENCE_H
#define OPSIG_MINE_EVIDENCE_H

#include <opsig/corpus.h>

#include "mine/trace.h"
#include "pattern/signature.h"

/** Gives a signature one match in each model that holds its sequence: the first in vertex order.
 *  @param sequence  the signature's pattern in the trace's symbols */
opsig_status ops_evidence_of_sequence(struct opsig_signature *signature, struct ops_trace *trace,
                                      struct ops_code sequence, const opsig_corpus *corpus,
                                      opsig_error *err);
/** The same for n signatures of subgraphs, which are looked for as a scan looks for them. */
opsig_status ops_evidence_of_subgraphs(struct opsig_signature *const *signatures, size_t n,
                                       const opsig_corpus *corpus, opsig_error *err);

#endif
