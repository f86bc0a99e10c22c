/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file pack.h  Files of rules, and sets of them. */
#ifndef OPSIG_RULES_PACK_H
#define OPSIG_RULES_PACK_H

#include "base/intern.h"
#include "rules/rule.h"

struct opsig_rules {
    OPS_VEC(struct ops_pack *) packs;
    OPS_VEC(const struct opsig_rule *) rules;
    struct ops_intern *ids;       /* of all rules that were ever added */
    struct ops_intern *operators; /* that they name (ops_rule_operator) */
    OPS_VEC(opsig_rules_diagnostic) diagnostics;
    size_t n_errors;
};

/** As opsig_rules_add_text, without warnings: of rules that opsig wrote itself. */
opsig_status ops_rules_add_stored(opsig_rules *rules, const char *name, const char *text,
                                  size_t len, opsig_error *err);

/** Reads the text of a pack: rules and diagnostics. @return OPSIG_NOMEM, OPSIG_LIMIT */
opsig_status ops_rules_parse(struct ops_pack *pack, opsig_error *err);

/** Checks a rule against what is known of operators: notes errors and warnings. A rule with an
 *  error is told by *out_is_sound. @return OPSIG_NOMEM */
opsig_status ops_rule_check(struct ops_pack *pack, const struct opsig_rule *rule,
                            bool *out_is_sound, opsig_error *err);

/** Line and column, from 1, of a byte; and the line with carets under the place, for people, in the
 *  arena of the pack.
 *  O(size of the text before it) */
opsig_status ops_pack_locate(struct ops_pack *pack, struct ops_place place,
                             opsig_rules_diagnostic *out, opsig_error *err);

#endif
