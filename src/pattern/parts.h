/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file parts.h  Which of many patterns lie within which.
 *
 *      0: Pad -> Conv -> Add      whole 0, part 1
 *      1: Conv -> Add             whole 1, part 2      and no line for 0 and 2, which 1 stands
 *      2: Add                                          between
 */
#ifndef OPSIG_PATTERN_PARTS_H
#define OPSIG_PATTERN_PARTS_H

#include "base/vec.h"
#include "pattern/pattern.h"

/** Pattern `whole` contains pattern `part`, and none that contains it in turn. */
struct ops_part {
    uint32_t whole, part;
};

typedef OPS_VEC(struct ops_part) ops_part_vec;

/** Finds all such pairs among n different patterns, ascending. Of two patterns that contain each
 *  other one counts as the whole.
 *  Time: O(n^2) comparisons of words, and a containment test for each pair of patterns whose
 *  operators allow it. After 2^32 units of work, which only thousands of contrived patterns of the
 *  same operators take, pairs may be missing. */
opsig_status ops_parts_find(ops_part_vec *out, const opsig_pattern *const *patterns, size_t n,
                            opsig_error *err);

#endif
