/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file coverage_count.h  The sequences of a target corpus, and which of them are uncovered. */
#ifndef OPSIG_HYPOTHESIS_COVERAGE_COUNT_H
#define OPSIG_HYPOTHESIS_COVERAGE_COUNT_H

#include <opsig/coverage.h>

#include "base/intern.h"
#include "base/vec.h"
#include "mine/field.h"

/** All counts. Sequences of length n stand at n - min_length. Uncovered sequences are numbered in
 *  the order of the search; the symbols of sequence i are the bytes of id i of `uncovered`. */
struct ops_coverage_counts {
    uint32_t n_target; /* models */
    uint32_t min_length, n_lengths;
    opsig_coverage_count *distinct, *held; /* by length */
    opsig_coverage_count *of_model;        /* n_target times n_lengths */
    struct ops_intern *uncovered;
    OPS_VEC(size_t) begin;    /* of the models that hold uncovered sequence i; and the end */
    OPS_VEC(uint32_t) models; /* ascending */
};

/** Counts in a field whose first n_target models are the target's, the others the reference's.
 *  @return OPSIG_LIMIT, OPSIG_CANCELLED, OPSIG_NOMEM. Dispose of the counts in any case. */
opsig_status ops_coverage_count(struct ops_coverage_counts *out,
                                const struct ops_mine_field *field, uint32_t n_target,
                                const opsig_coverage_options *options, opsig_error *err);
void ops_coverage_counts_dispose(struct ops_coverage_counts *counts);

/** Number of uncovered sequences. */
uint32_t ops_coverage_n_uncovered(const struct ops_coverage_counts *counts);
/** Symbols of one of them, in *out; @return its length. */
uint32_t ops_coverage_symbols(const struct ops_coverage_counts *counts, uint32_t i,
                              uint32_t out[OPSIG_PATTERN_MAX_VERTICES]);
/** Target models that hold it. */
uint32_t ops_coverage_support(const struct ops_coverage_counts *counts, uint32_t i);

#endif
