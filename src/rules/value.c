/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arithmetic and comparisons with three answers. An unknown item makes unknown only what depends
 * on it: of [N, 3] and [N, 4] it is known that they differ. */
#include "rules/value.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

struct ops_value ops_value_absent(void)
{
    return (struct ops_value){.state = OPS_VALUE_ABSENT};
}

struct ops_value ops_value_unknown(void)
{
    return (struct ops_value){.state = OPS_VALUE_MAYBE};
}

opsig_status ops_value_new(struct ops_value *out, struct ops_item **out_items, uint32_t n,
                           bool is_list, struct ops_arena *arena, opsig_error *err)
{
    struct ops_item *const items = ops_arena_zalloc(arena, (size_t)n + 1, sizeof *items);
    if (items == NULL) {
        return ops_error_nomem(err);
    }
    *out = (struct ops_value){.state = OPS_VALUE_HERE, .is_list = is_list, .n = n, .items = items};
    *out_items = items;
    return OPSIG_OK;
}

opsig_status ops_value_number(struct ops_value *out, double number, struct ops_arena *arena,
                              opsig_error *err)
{
    struct ops_item *item = NULL;
    const opsig_status status = ops_value_new(out, &item, 1, false, arena, err);
    if (status == OPSIG_OK) {
        *item = (struct ops_item){.kind = OPS_ITEM_NUMBER, .number = number};
    }
    return status;
}

bool ops_value_as_number(const struct ops_value *value, double *out)
{
    if (value->state != OPS_VALUE_HERE || value->large != NULL || value->n != 1 ||
        value->items[0].kind != OPS_ITEM_NUMBER) {
        return false;
    }
    *out = value->items[0].number;
    return true;
}

/* ---- truth ---- */

enum ops_truth ops_truth_not(enum ops_truth truth)
{
    static const enum ops_truth opposite[] = {[OPS_FALSE] = OPS_TRUE,
                                              [OPS_TRUE] = OPS_FALSE,
                                              [OPS_MAYBE] = OPS_MAYBE,
                                              [OPS_NOT_THERE] = OPS_NOT_THERE};
    return opposite[truth];
}

enum ops_truth ops_truth_of(enum ops_verdict verdict)
{
    return verdict == OPS_YES ? OPS_TRUE : verdict == OPS_NO ? OPS_FALSE : OPS_MAYBE;
}

static bool relates(double a, enum ops_relation relation, double b)
{
    switch (relation) {
    case OPS_EQ:
        return a == b;
    case OPS_NE:
        return a != b;
    case OPS_LT:
        return a < b;
    case OPS_LE:
        return a <= b;
    case OPS_GT:
        return a > b;
    case OPS_GE:
    default:
        return a >= b;
    }
}

static enum ops_truth truth(bool holds)
{
    return holds ? OPS_TRUE : OPS_FALSE;
}

enum ops_truth ops_item_compare(const struct ops_item *a, enum ops_relation relation,
                                const struct ops_item *b)
{
    if (a->kind == OPS_ITEM_NUMBER && b->kind == OPS_ITEM_NUMBER) {
        return truth(relates(a->number, relation, b->number));
    }
    if (a->kind == OPS_ITEM_SYMBOL && b->kind == OPS_ITEM_SYMBOL && a->symbol == b->symbol) {
        return truth(relates(0, relation, 0));
    }
    if (a->kind >= OPS_ITEM_SYMBOL || b->kind >= OPS_ITEM_SYMBOL) {
        return OPS_MAYBE;
    }
    const bool same = a->kind == b->kind && a->len == b->len &&
                      (a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
    return relation == OPS_EQ ? truth(same) : relation == OPS_NE ? truth(!same) : OPS_FALSE;
}

/** Joins what single elements say: all of them must hold, or one. */
static enum ops_truth joined(enum ops_truth all, enum ops_truth one, bool any)
{
    const enum ops_truth strong = any ? OPS_TRUE : OPS_FALSE;
    return all == strong || one == strong       ? strong
           : all == OPS_MAYBE || one == OPS_MAYBE ? OPS_MAYBE
                                                  : ops_truth_not(strong);
}

static const struct ops_item *item_of(const struct ops_value *value, uint32_t i)
{
    return &value->items[value->n == 1 ? 0 : i];
}

/** Compares n pairs of elements. */
static enum ops_truth compare_elements(const struct ops_value *a, enum ops_relation relation,
                                       const struct ops_value *b, uint32_t n, bool any)
{
    enum ops_truth result = any ? OPS_FALSE : OPS_TRUE;
    for (uint32_t i = 0; i < n; i++) {
        result = joined(result, ops_item_compare(item_of(a, i), relation, item_of(b, i)), any);
    }
    return result;
}

enum ops_truth ops_value_compare(const struct ops_value *a, enum ops_relation relation,
                                 const struct ops_value *b, enum ops_quantifier quantifier)
{
    if (a->state == OPS_VALUE_ABSENT || b->state == OPS_VALUE_ABSENT) {
        return OPS_NOT_THERE;
    }
    if (a->state == OPS_VALUE_MAYBE || b->state == OPS_VALUE_MAYBE) {
        return OPS_MAYBE;
    }
    if (relation == OPS_NE && quantifier == OPS_EACH) {
        return ops_truth_not(ops_value_compare(a, OPS_EQ, b, OPS_EACH));
    }
    const bool both = a->is_list && b->is_list;
    const uint32_t n = a->is_list ? a->n : b->n;
    if ((both && a->n != b->n) || (!both && n == 0 && quantifier == OPS_EACH)) {
        return truth(relation == OPS_NE);
    }
    return compare_elements(a, relation, b, n, quantifier == OPS_ANY);
}

/* ---- element by element ---- */

/** Number of elements that two values have together; false: they do not go together. A list of one
 *  stretches. */
static bool stretch(const struct ops_value *a, const struct ops_value *b, uint32_t *out_n)
{
    *out_n = a->n == 1 ? b->n : a->n;
    return a->n == b->n || a->n == 1 || b->n == 1;
}

/** Where one of two is not there, or large and so unknown here. @return false: both are here */
static bool settle(struct ops_value *out, const struct ops_value *a, const struct ops_value *b)
{
    if (a->state == OPS_VALUE_ABSENT || b->state == OPS_VALUE_ABSENT) {
        *out = ops_value_absent();
        return true;
    }
    *out = ops_value_unknown();
    return a->state != OPS_VALUE_HERE || b->state != OPS_VALUE_HERE || a->large != NULL ||
           b->large != NULL;
}

enum ops_truth ops_value_near(const struct ops_value *a, const struct ops_value *b,
                              double tolerance)
{
    struct ops_value settled;
    uint32_t n;
    if (settle(&settled, a, b)) {
        return settled.state == OPS_VALUE_ABSENT ? OPS_NOT_THERE : OPS_MAYBE;
    }
    if (!stretch(a, b, &n)) {
        return OPS_FALSE;
    }
    enum ops_truth result = OPS_TRUE;
    for (uint32_t i = 0; i < n; i++) {
        const struct ops_item *const x = item_of(a, i);
        const struct ops_item *const y = item_of(b, i);
        enum ops_truth one = OPS_MAYBE;
        if (x->kind == OPS_ITEM_NUMBER && y->kind == OPS_ITEM_NUMBER) {
            const double most = fmax(fabs(x->number), fabs(y->number));
            one = truth(x->number == y->number ||
                        fabs(x->number - y->number) <= tolerance * most);
        } else if (x->kind == OPS_ITEM_TEXT || y->kind == OPS_ITEM_TEXT) {
            one = OPS_FALSE;
        }
        result = joined(result, one, false);
    }
    return result;
}

static double compute(double a, char sign, double b)
{
    switch (sign) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    case '/':
        return a / b;
    case '%':
    default:
        return a - b * floor(a / b);
    }
}

opsig_status ops_value_arithmetic(struct ops_value *out, const struct ops_value *a, char sign,
                                  const struct ops_value *b, struct ops_arena *arena,
                                  opsig_error *err)
{
    uint32_t n;
    struct ops_item *items = NULL;
    if (settle(out, a, b)) {
        return OPSIG_OK;
    }
    if (!stretch(a, b, &n)) {
        *out = ops_value_absent();
        return OPSIG_OK;
    }
    const opsig_status status =
        ops_value_new(out, &items, n, a->is_list || b->is_list, arena, err);
    for (uint32_t i = 0; status == OPSIG_OK && i < n; i++) {
        const struct ops_item *const x = item_of(a, i);
        const struct ops_item *const y = item_of(b, i);
        items[i] = (struct ops_item){.kind = OPS_ITEM_UNKNOWN};
        if (x->kind == OPS_ITEM_TEXT || y->kind == OPS_ITEM_TEXT) {
            *out = ops_value_absent();
            return OPSIG_OK;
        }
        if (x->kind == OPS_ITEM_NUMBER && y->kind == OPS_ITEM_NUMBER) {
            items[i] = (struct ops_item){.kind = OPS_ITEM_NUMBER,
                                         .number = compute(x->number, sign, y->number)};
        }
    }
    return status;
}

/* ---- parts of lists ---- */

/** Place of element `number` of n, counted from the end where negative. @return false: outside */
static bool place_of(double number, uint32_t n, uint32_t *out)
{
    const double at = number < 0 ? number + n : number;
    if (!(at >= 0 && at < n && at == floor(at))) {
        return false;
    }
    *out = (uint32_t)at;
    return true;
}

opsig_status ops_value_item(struct ops_value *out, const struct ops_value *list,
                            const struct ops_value *index, struct ops_arena *arena,
                            opsig_error *err)
{
    struct ops_item *items = NULL;
    if (settle(out, list, index)) {
        return OPSIG_OK;
    }
    const opsig_status status = ops_value_new(out, &items, index->n, index->is_list, arena, err);
    for (uint32_t i = 0; status == OPSIG_OK && i < index->n; i++) {
        uint32_t at;
        if (index->items[i].kind >= OPS_ITEM_SYMBOL) {
            items[i] = (struct ops_item){.kind = OPS_ITEM_UNKNOWN};
        } else if (index->items[i].kind == OPS_ITEM_NUMBER &&
                   place_of(index->items[i].number, list->n, &at)) {
            items[i] = list->items[at];
        } else {
            *out = ops_value_absent();
            return OPSIG_OK;
        }
    }
    return status;
}

/** An end of a slice, from 0 to n. @return false: unknown */
static bool end_of(const struct ops_value *end, uint32_t n, uint32_t open, uint32_t *out)
{
    double number;
    *out = open;
    if (end == NULL) {
        return true;
    }
    if (!ops_value_as_number(end, &number)) {
        return false;
    }
    number = number < 0 ? number + n : number;
    *out = number <= 0 ? 0 : number >= n ? n : (uint32_t)number;
    return true;
}

struct ops_value ops_value_part(const struct ops_value *list, const struct ops_value *from,
                                const struct ops_value *to)
{
    struct ops_value settled;
    uint32_t first;
    uint32_t end;
    if (settle(&settled, list, list)) {
        return settled;
    }
    if (!end_of(from, list->n, 0, &first) || !end_of(to, list->n, list->n, &end)) {
        return ops_value_unknown();
    }
    return (struct ops_value){.state = OPS_VALUE_HERE,
                              .is_list = true,
                              .n = end > first ? end - first : 0,
                              .items = list->items != NULL ? list->items + first : NULL};
}

/* ---- functions of lists ---- */

double ops_value_fold_start(enum ops_function_id id)
{
    return id == OPS_FN_SUM ? 0 : id == OPS_FN_PRODUCT ? 1 : (double)NAN;
}

double ops_value_fold_step(enum ops_function_id id, double so_far, double number)
{
    switch (id) {
    case OPS_FN_SUM:
        return so_far + number;
    case OPS_FN_PRODUCT:
        return so_far * number;
    case OPS_FN_MIN:
        return fmin(so_far, number);
    case OPS_FN_MAX:
    default:
        return fmax(so_far, number);
    }
}

opsig_status ops_value_fold(struct ops_value *out, enum ops_function_id id,
                            const struct ops_value *list, struct ops_arena *arena,
                            opsig_error *err)
{
    if (id == OPS_FN_LEN && list->state == OPS_VALUE_HERE && list->large != NULL) {
        return ops_value_number(out, (double)list->large->n_elements, arena, err);
    }
    if (settle(out, list, list)) {
        return OPSIG_OK;
    }
    if (id == OPS_FN_LEN) {
        return ops_value_number(out, list->n, arena, err);
    }
    const bool extreme = id == OPS_FN_MIN || id == OPS_FN_MAX;
    double result = ops_value_fold_start(id);
    bool known = true;
    for (uint32_t i = 0; i < list->n; i++) {
        if (list->items[i].kind == OPS_ITEM_TEXT) {
            *out = ops_value_absent();
            return OPSIG_OK;
        }
        known = known && list->items[i].kind == OPS_ITEM_NUMBER;
        result = ops_value_fold_step(id, result, list->items[i].number);
    }
    if (extreme && list->n == 0) {
        *out = ops_value_absent();
        return OPSIG_OK;
    }
    return known ? ops_value_number(out, result, arena, err) : OPSIG_OK;
}

opsig_status ops_value_map(struct ops_value *out, enum ops_function_id id,
                           const struct ops_value *list, struct ops_arena *arena,
                           opsig_error *err)
{
    struct ops_item *items = NULL;
    if (settle(out, list, list)) {
        return OPSIG_OK;
    }
    const opsig_status status = ops_value_new(out, &items, list->n, list->is_list, arena, err);
    for (uint32_t i = 0; status == OPSIG_OK && i < list->n; i++) {
        items[i] = list->items[id == OPS_FN_REVERSE ? list->n - 1 - i : i];
        if (id == OPS_FN_ABS) {
            items[i].number = fabs(items[i].number);
        }
    }
    return status;
}

enum ops_truth ops_value_distinct(const struct ops_value *list)
{
    struct ops_value settled;
    enum ops_truth result = OPS_TRUE;
    if (settle(&settled, list, list)) {
        return settled.state == OPS_VALUE_ABSENT ? OPS_NOT_THERE : OPS_MAYBE;
    }
    for (uint32_t i = 0; i < list->n && result != OPS_FALSE; i++) {
        for (uint32_t j = 0; j < i; j++) {
            result = joined(
                result, ops_item_compare(&list->items[i], OPS_NE, &list->items[j]), false);
        }
    }
    return result;
}
