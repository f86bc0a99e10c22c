/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file strata.h  What models are compared within. */
#ifndef OPSIG_CORPUS_STRATA_H
#define OPSIG_CORPUS_STRATA_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/corpus.h>

/** What decides the stratum of a model, and the stratum. */
struct ops_stratified {
    uint32_t group; /* ids in order of first appearance */
    uint32_t size;  /* number of vertices */
    uint32_t stratum;
};

/** Sets the strata, numbered without gaps by group, then by size. A model's size quartile is
 *  floor(4 x share of the models of its group that are smaller), so that equal sizes share one.
 *  Time: O(n log n). */
opsig_status ops_strata_assign(struct ops_stratified *models, size_t n, opsig_strata kind,
                               uint32_t *out_n_strata, opsig_error *err);

#endif
