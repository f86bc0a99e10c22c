/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file print.h  Rules as text. */
#ifndef OPSIG_RULES_PRINT_H
#define OPSIG_RULES_PRINT_H

#include "base/buffer.h"
#include "rules/rule.h"

/** The whole rule, which reads back to an equal one; its examples may be left out. */
void ops_print_rule(struct ops_buffer *out, const struct opsig_rule *rule, bool with_examples);
/** Its match, where and unless lines, without indentation. */
void ops_print_pattern(struct ops_buffer *out, const struct opsig_rule *rule);
/** A test. @param current  the element whose brackets it stands in, or UINT32_MAX */
void ops_print_expression(struct ops_buffer *out, const struct opsig_rule *rule,
                          const struct ops_expression *expression, uint32_t current);
/** "onnxruntime 1.19 .. 1.20". */
void ops_print_claim(struct ops_buffer *out, const struct ops_claim *claim);

#endif
