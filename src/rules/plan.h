/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file plan.h  How to look for a rule: what is known of it before any model is seen.
 *
 *  A rule is a match part and lines behind `unless`. The search for a part follows its links in an
 *  order in which each has an end that is bound already: in the match part, beginning at the
 *  element that is reported; in an unless line, at those of the match part.
 */
#ifndef OPSIG_RULES_PLAN_H
#define OPSIG_RULES_PLAN_H

#include "base/intern.h"
#include "rules/rule.h"

/** A test with what it looks at. */
struct ops_planned_test {
    const struct ops_expression *test;
    uint32_t element; /* the only one that it is about, or OPS_NO_ELEMENT: judged at the end */
    uint64_t elements; /* bits of all of them */
};

struct ops_plan_part {
    const struct ops_link *links;
    const uint32_t *order; /* of the links */
    uint32_t n_links;
    const struct ops_planned_test *tests;
    uint32_t n_tests;
};

struct ops_rule_plan {
    const uint32_t *const *operators; /* by element: numbers of the operators that it names */
    uint64_t steps;                   /* bits of the elements that are steps */
    struct ops_plan_part match;
    const struct ops_plan_part *unless; /* by line; one that is a test has no links */
};

/** Makes the plan of a checked rule, in the arena of its pack.
 *  @param operators  gets the operators that the rule names
 *  @return OPSIG_NOMEM, OPSIG_LIMIT
 *  Time: quadratic in the links of a rule. */
opsig_status ops_rule_plan(struct opsig_rule *rule, struct ops_arena *arena,
                           struct ops_intern *operators, opsig_error *err);

#endif
