/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file statement.h  The parts of a rule, and the statements around its pattern. */
#ifndef OPSIG_RULES_STATEMENT_H
#define OPSIG_RULES_STATEMENT_H

#include "rules/parser.h"

/** Sections of a rule, in the order in which they stand. */
enum ops_section_of_rule {
    OPS_SECTION_METADATA = 0,
    OPS_SECTION_MATCH,
    OPS_SECTION_WHERE,
    OPS_SECTION_UNLESS,
    OPS_SECTION_REPORT,
    OPS_SECTION_EXAMPLES
};

/** One line of metadata: a key and what belongs to it. */
opsig_status ops_parse_metadata(struct ops_rule_parser *p);
/** `example KIND "TITLE"` and the model on the lines that follow, up to one that begins with
 *  `example` or `end`. The token is `example`. */
opsig_status ops_parse_example(struct ops_rule_parser *p);

#endif
