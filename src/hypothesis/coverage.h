/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file coverage.h  What a coverage is inside. */
#ifndef OPSIG_HYPOTHESIS_COVERAGE_H
#define OPSIG_HYPOTHESIS_COVERAGE_H

#include "hypothesis/coverage_count.h"

struct ops_listed_gap {
    opsig_pattern *pattern;
    uint32_t id; /* among the uncovered sequences */
};

struct opsig_coverage {
    struct ops_coverage_counts counts;
    uint64_t n_gaps; /* all */
    OPS_VEC(struct ops_listed_gap) gaps;
    OPS_VEC(opsig_coverage_addition) additions;
};

/** As opsig_coverage_measure, in a field whose first n_target models are the target's. */
opsig_status ops_coverage_of_field(opsig_coverage **out, const struct ops_mine_field *field,
                                   uint32_t n_target, const opsig_coverage_options *options,
                                   opsig_error *err);

#endif
