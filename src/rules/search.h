/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file search.h  Looks for one rule after the other in one graph. */
#ifndef OPSIG_RULES_SEARCH_H
#define OPSIG_RULES_SEARCH_H

#include "rules/index.h"
#include "rules/match.h"

struct ops_rule_search;

/** @param found  gets what is found
 *  All that is handed over must outlive the search. */
opsig_status ops_rule_search_new(struct ops_rule_search **out, struct ops_rules_found *found,
                                 const struct ops_rule_index *index,
                                 const struct ops_rules_match_options *options, opsig_error *err);
void ops_rule_search_free(struct ops_rule_search *search);

/** Looks for a rule whose operators are there. @return as ops_rules_match */
opsig_status ops_rule_search_run(struct ops_rule_search *search, const struct opsig_rule *rule);

#endif
