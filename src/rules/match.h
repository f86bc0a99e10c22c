/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file match.h  Finds rules in a model. */
#ifndef OPSIG_RULES_MATCH_H
#define OPSIG_RULES_MATCH_H

#include "base/arena.h"
#include "base/deadline.h"
#include "base/vec.h"
#include "graph/facts.h"
#include "rules/rule.h"

/** One place where a rule holds. */
struct ops_rule_match {
    const uint32_t *vertices; /* n: of the nodes of the match part in the order in which the rule
                                 introduces them, then of the steps in between */
    uint32_t n;
    uint32_t report;  /* vertex of the node that is reported */
    bool is_certain;  /* false: some test is unknown */
};

/** What was found of one rule. */
struct ops_rule_found {
    const opsig_rule *rule;
    size_t n_total;   /* different vertices that are reported */
    size_t n_certain; /* of these */
    size_t n_matches; /* those that are kept: one for each vertex, certain where there is a certain
                         one, ascending by vertex */
    const struct ops_rule_match *matches;
    bool incomplete; /* the search was broken off: there may be more */
};

/** The rules that were found, in the order of their set. Those that were not, but whose search was
 *  broken off, are among them with no match. */
struct ops_rules_found {
    OPS_VEC(struct ops_rule_found) items;
    struct ops_arena arena; /* of matches */
};

enum { OPS_RULES_MAX_WORK = 1000000 };

struct ops_rules_match_options {
    size_t max_kept;   /* matches of a rule */
    uint64_t max_work; /* arrows looked at for one rule; past it the search is broken off */
    struct ops_deadline *deadline;
    const char *path; /* the model's file, for large constants; NULL: none */
};

/** Looks for all rules of a set.
 *  @param out  to be disposed of, also after a failure
 *  @param graph  with facts (graph/facts.h)
 *  @return OPSIG_NOMEM, OPSIG_TIMEOUT, OPSIG_CANCELLED; OPSIG_IO where weights are read again
 *  Time: linear in the graph and in the rules, and for each rule whose operators are there in the
 *  partial matches from each node that may be reported, up to max_work. */
opsig_status ops_rules_match(struct ops_rules_found *out, const opsig_rules *rules,
                             const opsig_graph *graph,
                             const struct ops_rules_match_options *options, opsig_error *err);
void ops_rules_found_dispose(struct ops_rules_found *found);

#endif
