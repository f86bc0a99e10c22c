/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file value.h  What tests compare (docs/rules.md, Tests): numbers and texts, one or a list,
 *  each of which may be unknown.
 */
#ifndef OPSIG_RULES_VALUE_H
#define OPSIG_RULES_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "graph/facts.h"
#include "rules/rule.h"

/** What a test says. Something that is not there neither holds nor does its opposite. */
enum ops_truth { OPS_FALSE, OPS_TRUE, OPS_MAYBE, OPS_NOT_THERE };

enum ops_item_kind { OPS_ITEM_NUMBER, OPS_ITEM_TEXT, OPS_ITEM_SYMBOL, OPS_ITEM_UNKNOWN };

/** A number, a text, a dimension that has a name only (`symbol`), or nothing that is known. */
struct ops_item {
    enum ops_item_kind kind;
    double number;
    uint32_t symbol;
    const char *text;
    size_t len; /* of the text */
};

enum ops_value_state { OPS_VALUE_HERE, OPS_VALUE_MAYBE, OPS_VALUE_ABSENT };

/** One item, or a list of n. Of a constant that is too large to be kept only `large` is given. */
struct ops_value {
    enum ops_value_state state;
    bool is_list;
    uint32_t n;
    const struct ops_item *items;
    const struct ops_fact_constant *large;
};

enum { OPS_VALUE_MAX_ITEMS = 1024 };

/** How many of several elements must hold a comparison. */
enum ops_quantifier { OPS_EACH, OPS_ANY, OPS_ALL };

struct ops_value ops_value_absent(void);
struct ops_value ops_value_unknown(void);
/** A number. Items live as long as the arena. */
opsig_status ops_value_number(struct ops_value *out, double number, struct ops_arena *arena,
                              opsig_error *err);
/** A value of n items to be filled in. */
opsig_status ops_value_new(struct ops_value *out, struct ops_item **out_items, uint32_t n,
                           bool is_list, struct ops_arena *arena, opsig_error *err);
/** The number that a value is. @return false: it is none, or unknown */
bool ops_value_as_number(const struct ops_value *value, double *out);

enum ops_truth ops_truth_not(enum ops_truth truth);
enum ops_truth ops_truth_of(enum ops_verdict verdict);

/** Compares two items. */
enum ops_truth ops_item_compare(const struct ops_item *a, enum ops_relation relation,
                                const struct ops_item *b);
/** Compares two values, none of which is large. */
enum ops_truth ops_value_compare(const struct ops_value *a, enum ops_relation relation,
                                 const struct ops_value *b, enum ops_quantifier quantifier);
/** Do both differ by at most `tolerance` times the larger one, element by element? */
enum ops_truth ops_value_near(const struct ops_value *a, const struct ops_value *b,
                              double tolerance);
/** a sign b, element by element. */
opsig_status ops_value_arithmetic(struct ops_value *out, const struct ops_value *a, char sign,
                                  const struct ops_value *b, struct ops_arena *arena,
                                  opsig_error *err);
/** The element of a list, or the elements that another list numbers. */
opsig_status ops_value_item(struct ops_value *out, const struct ops_value *list,
                            const struct ops_value *index, struct ops_arena *arena,
                            opsig_error *err);
/** list[from:to]; NULL: open. */
struct ops_value ops_value_part(const struct ops_value *list, const struct ops_value *from,
                                const struct ops_value *to);

/** sum, product, min, max: the result with one number more. */
double ops_value_fold_step(enum ops_function_id id, double so_far, double number);
/** The result for no number; NaN for min and max. */
double ops_value_fold_start(enum ops_function_id id);
/** sum, product, min, max, len of a list. */
opsig_status ops_value_fold(struct ops_value *out, enum ops_function_id id,
                            const struct ops_value *list, struct ops_arena *arena,
                            opsig_error *err);
/** abs and reverse. */
opsig_status ops_value_map(struct ops_value *out, enum ops_function_id id,
                           const struct ops_value *list, struct ops_arena *arena,
                           opsig_error *err);
/** Are all elements different? */
enum ops_truth ops_value_distinct(const struct ops_value *list);

#endif
