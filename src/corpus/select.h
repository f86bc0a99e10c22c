/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file select.h  Parts of a corpus, with its labels or others. */
#ifndef OPSIG_CORPUS_SELECT_H
#define OPSIG_CORPUS_SELECT_H

#include <opsig/corpus.h>

/**
 * Makes a corpus of some models of another one, which lends graphs and texts and must outlive it.
 * Strata keep their numbers; some may be empty.
 * @param models  n of them
 * @param labels  theirs, parallel to models
 * @param out     owned by the caller (opsig_corpus_free).  O(n)
 */
opsig_status ops_corpus_select(opsig_corpus **out, const opsig_corpus *corpus,
                               const uint32_t *models, const opsig_label *labels, size_t n,
                               opsig_error *err);

/** Does the corpus know by how much the outputs of some model differ? */
bool ops_corpus_has_differences(const opsig_corpus *corpus);
/** The label that model i has if it is inconsistent just where its largest absolute difference is
 *  above the tolerance; its own where the difference is not known. */
opsig_label ops_corpus_label_at(const opsig_corpus *corpus, size_t i, double tolerance);

#endif
