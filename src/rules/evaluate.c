/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions are walked as they were written. Their depth was bounded when they were read. */
#include "rules/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* ---- what a name stands for ---- */

static struct ops_referent tensor_referent(uint32_t tensor)
{
    return (struct ops_referent){
        .kind = tensor != OPS_NO_TENSOR ? OPS_REFERENT_TENSOR : OPS_REFERENT_NONE,
        .tensor = tensor,
        .given = tensor != OPS_NO_TENSOR};
}

/** "in0", "out", "out1": by number. @return false: no such name */
static bool numbered_field(const struct ops_facts *facts, uint32_t v, const char *name,
                           struct ops_referent *out)
{
    const bool input = strncmp(name, "in", 2) == 0;
    const char *const digits = name + (input ? 2 : strncmp(name, "out", 3) == 0 ? 3 : 0);
    if (digits == name || digits[strspn(digits, "0123456789")] != '\0' ||
        (input && *digits == '\0')) {
        return false;
    }
    const unsigned long slot = strtoul(digits, NULL, 10);
    const uint32_t number = slot > OPS_RULE_MAX_SLOT ? UINT32_MAX : (uint32_t)slot;
    *out = tensor_referent(input ? ops_facts_input(facts, v, number)
                                 : ops_facts_output(facts, v, number));
    return true;
}

static struct ops_referent field(const struct ops_facts *facts, uint32_t v, const char *name)
{
    struct ops_referent out = {.kind = OPS_REFERENT_ATTRIBUTE};
    out.attribute = ops_facts_attribute(facts, v, name, &out.given);
    if (out.attribute != NULL) {
        return out;
    }
    int32_t slot = ops_facts_input_slot(facts, v, name);
    if (slot >= 0) {
        return tensor_referent(ops_facts_input(facts, v, (uint32_t)slot));
    }
    slot = ops_facts_output_slot(facts, v, name);
    if (slot >= 0) {
        return tensor_referent(ops_facts_output(facts, v, (uint32_t)slot));
    }
    if (!numbered_field(facts, v, name, &out)) {
        const bool unknown = facts->kinds[facts->vertices[v].kind].since == 0;
        out.kind = unknown ? OPS_REFERENT_MAYBE : OPS_REFERENT_NONE;
    }
    return out;
}

struct ops_referent ops_evaluate_referent(const struct ops_evaluation *e,
                                          const struct ops_expression *expression)
{
    if (expression->kind == OPS_EXPR_FIELD) {
        return field(e->index->facts, e->vertex[expression->index], expression->text);
    }
    if (expression->kind == OPS_EXPR_TENSOR) {
        return tensor_referent(e->tensor[expression->index]);
    }
    return ops_call_other(e, expression);
}

static opsig_status referent_value(struct ops_evaluation *e,
                                   const struct ops_expression *expression, struct ops_value *out)
{
    const struct ops_referent referent = ops_evaluate_referent(e, expression);
    switch (referent.kind) {
    case OPS_REFERENT_TENSOR:
        return ops_constant_value(e, referent.tensor, out);
    case OPS_REFERENT_ATTRIBUTE:
        return ops_attribute_value(e, referent.attribute, out);
    case OPS_REFERENT_MAYBE:
        *out = ops_value_unknown();
        return OPSIG_OK;
    default:
        *out = ops_value_absent();
        return OPSIG_OK;
    }
}

/* ---- values ---- */

static opsig_status literal(struct ops_evaluation *e, const struct ops_expression *expression,
                            struct ops_value *out)
{
    struct ops_item *item = NULL;
    if (expression->kind != OPS_EXPR_STRING) {
        return ops_value_number(out, expression->number, e->arena, e->err);
    }
    const opsig_status status = ops_value_new(out, &item, 1, false, e->arena, e->err);
    if (status == OPSIG_OK) {
        *item = (struct ops_item){.kind = OPS_ITEM_TEXT,
                                  .text = expression->text,
                                  .len = strlen(expression->text)};
    }
    return status;
}

/** The items of a list, each a value of one item. Something absent makes the list so.
 *  @param first  of the arguments */
static opsig_status list(struct ops_evaluation *e, const struct ops_expression *expression,
                         uint32_t first, struct ops_value *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_item *items = NULL;
    const uint32_t n = expression->n_args - first;
    TRY(ops_value_new(out, &items, n, true, e->arena, e->err));
    for (uint32_t i = 0; i < n; i++) {
        struct ops_value one;
        TRY(ops_evaluate_value(e, expression->args[first + i], &one));
        if (one.state == OPS_VALUE_ABSENT) {
            *out = one;
            break;
        }
        items[i] = one.state == OPS_VALUE_HERE && one.large == NULL && one.n == 1
                       ? one.items[0]
                       : (struct ops_item){.kind = OPS_ITEM_UNKNOWN};
    }
done:
    return status;
}

static opsig_status arithmetic(struct ops_evaluation *e, const struct ops_expression *expression,
                               struct ops_value *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_value a;
    struct ops_value b;
    const bool minus = expression->kind == OPS_EXPR_MINUS;
    TRY(ops_evaluate_value(e, expression->args[0], &b));
    if (minus) {
        TRY(ops_value_number(&a, 0, e->arena, e->err));
    } else {
        a = b;
        TRY(ops_evaluate_value(e, expression->args[1], &b));
    }
    TRY(ops_value_arithmetic(out, &a, minus ? '-' : expression->sign, &b, e->arena, e->err));
done:
    return status;
}

static opsig_status part(struct ops_evaluation *e, const struct ops_expression *expression,
                         struct ops_value *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_value base;
    struct ops_value ends[2];
    const bool is_slice = expression->kind == OPS_EXPR_SLICE;
    TRY(ops_evaluate_value(e, expression->args[0], &base));
    for (uint32_t i = 1; i < expression->n_args; i++) {
        if (expression->args[i] != NULL) {
            TRY(ops_evaluate_value(e, expression->args[i], &ends[i - 1]));
        }
    }
    if (is_slice) {
        *out = ops_value_part(&base, expression->args[1] != NULL ? &ends[0] : NULL,
                               expression->args[2] != NULL ? &ends[1] : NULL);
    } else {
        TRY(ops_value_item(out, &base, &ends[0], e->arena, e->err));
    }
done:
    return status;
}

opsig_status ops_evaluate_value(struct ops_evaluation *e, const struct ops_expression *expression,
                                struct ops_value *out)
{
    switch (expression->kind) {
    case OPS_EXPR_NUMBER:
    case OPS_EXPR_STRING:
    case OPS_EXPR_TYPE:
        return literal(e, expression, out);
    case OPS_EXPR_LIST:
        return list(e, expression, 0, out);
    case OPS_EXPR_MINUS:
    case OPS_EXPR_ARITHMETIC:
        return arithmetic(e, expression, out);
    case OPS_EXPR_ITEM:
    case OPS_EXPR_SLICE:
        return part(e, expression, out);
    case OPS_EXPR_CALL:
        if (expression->function->result == OPS_TYPE_VALUE) {
            return ops_call_value(e, expression, out);
        }
        return referent_value(e, expression, out);
    default:
        return referent_value(e, expression, out);
    }
}

/* ---- comparisons ---- */

/** One side of a comparison: any(x) and all(x) say how many of the elements count. */
static opsig_status side(struct ops_evaluation *e, const struct ops_expression *expression,
                         struct ops_value *out, enum ops_quantifier *quantifier)
{
    if (expression->kind == OPS_EXPR_CALL && expression->function->result == OPS_TYPE_QUANTITY) {
        *quantifier = expression->function->id == OPS_FN_ANY ? OPS_ANY : OPS_ALL;
        expression = expression->args[0];
    }
    return ops_evaluate_value(e, expression, out);
}

static enum ops_relation turned(enum ops_relation relation)
{
    static const enum ops_relation other[] = {[OPS_EQ] = OPS_EQ, [OPS_NE] = OPS_NE,
                                              [OPS_LT] = OPS_GT, [OPS_LE] = OPS_GE,
                                              [OPS_GT] = OPS_LT, [OPS_GE] = OPS_LE};
    return other[relation];
}

/** A comparison with a constant that has to be read: known where the other side is one item. */
static opsig_status compare_large(struct ops_evaluation *e, const struct ops_value *large,
                                  enum ops_relation relation, const struct ops_value *other,
                                  enum ops_quantifier quantifier, enum ops_truth *out)
{
    *out = other->state == OPS_VALUE_ABSENT ? OPS_NOT_THERE : OPS_MAYBE;
    if (other->state != OPS_VALUE_HERE || other->large != NULL) {
        return OPSIG_OK;
    }
    if (other->is_list) { /* it has few elements, the constant many */
        *out = relation == OPS_NE ? OPS_TRUE : OPS_FALSE;
        return OPSIG_OK;
    }
    return ops_large_compare(e, large, relation, other->items, 1, quantifier, out);
}

static opsig_status compare(struct ops_evaluation *e, const struct ops_expression *test,
                            enum ops_truth *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_value a;
    struct ops_value b;
    enum ops_quantifier quantifier = OPS_EACH;
    TRY(side(e, test->args[0], &a, &quantifier));
    TRY(side(e, test->args[1], &b, &quantifier));
    if (a.large != NULL) {
        TRY(compare_large(e, &a, test->relation, &b, quantifier, out));
    } else if (b.large != NULL) {
        TRY(compare_large(e, &b, turned(test->relation), &a, quantifier, out));
    } else {
        *out = ops_value_compare(&a, test->relation, &b, quantifier);
    }
done:
    return status;
}

/** Is one item among those of a set? */
static enum ops_truth is_among(const struct ops_item *item, const struct ops_value *set)
{
    enum ops_truth result = OPS_FALSE;
    for (uint32_t i = 0; i < set->n && result != OPS_TRUE; i++) {
        const enum ops_truth one = ops_item_compare(item, OPS_EQ, &set->items[i]);
        result = one == OPS_FALSE ? result : one;
    }
    return result;
}

/** `x in {...}`: each element of x, or any, is one of the set's. */
static enum ops_truth are_among(const struct ops_value *value, const struct ops_value *set,
                                enum ops_quantifier quantifier)
{
    const enum ops_truth decides = quantifier == OPS_ANY ? OPS_TRUE : OPS_FALSE;
    enum ops_truth result = ops_truth_not(decides);
    if (value->n == 0 && quantifier == OPS_EACH) {
        return OPS_FALSE;
    }
    for (uint32_t i = 0; i < value->n && result != decides; i++) {
        const enum ops_truth one = is_among(&value->items[i], set);
        result = one == decides || one == OPS_MAYBE ? one : result;
    }
    return result;
}

static opsig_status in(struct ops_evaluation *e, const struct ops_expression *test,
                       enum ops_truth *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_value value;
    struct ops_value set;
    enum ops_quantifier quantifier = OPS_EACH;
    TRY(side(e, test->args[0], &value, &quantifier));
    TRY(list(e, test, 1, &set));
    if (value.state == OPS_VALUE_ABSENT || set.state == OPS_VALUE_ABSENT) {
        *out = OPS_NOT_THERE;
    } else if (value.state == OPS_VALUE_MAYBE) {
        *out = OPS_MAYBE;
    } else if (value.large != NULL) {
        TRY(ops_large_compare(e, &value, OPS_EQ, set.items, set.n, quantifier, out));
    } else {
        *out = are_among(&value, &set, quantifier);
    }
done:
    return status;
}

/* ---- tests ---- */

/** `and` (decides FALSE) and `or` (decides TRUE); what is not there counts as false. */
static opsig_status junction(struct ops_evaluation *e, const struct ops_expression *test,
                             enum ops_truth decides, enum ops_truth *out)
{
    opsig_status status = OPSIG_OK;
    *out = ops_truth_not(decides);
    for (uint32_t i = 0; i < test->n_args && *out != decides; i++) {
        enum ops_truth one;
        TRY(ops_evaluate_test(e, test->args[i], &one));
        one = one == OPS_NOT_THERE ? OPS_FALSE : one;
        *out = one == decides || one == OPS_MAYBE ? one : *out;
    }
done:
    return status;
}

opsig_status ops_evaluate_test(struct ops_evaluation *e, const struct ops_expression *test,
                               enum ops_truth *out)
{
    opsig_status status;
    *out = OPS_MAYBE;
    switch (test->kind) {
    case OPS_EXPR_AND:
        return junction(e, test, OPS_FALSE, out);
    case OPS_EXPR_OR:
        return junction(e, test, OPS_TRUE, out);
    case OPS_EXPR_NOT:
        status = ops_evaluate_test(e, test->args[0], out);
        *out = ops_truth_not(*out);
        return status;
    case OPS_EXPR_COMPARE:
        return compare(e, test, out);
    case OPS_EXPR_IN:
        return in(e, test, out);
    default:
        return ops_call_test(e, test, out);
    }
}
