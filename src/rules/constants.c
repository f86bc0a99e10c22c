/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Constants of models as values. Those that are kept become items; of larger ones the elements are
 * read and looked at one by one, never held. */
#include "rules/evaluate.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "onnx/elements.h"

static struct ops_item number_item(double number)
{
    return (struct ops_item){.kind = OPS_ITEM_NUMBER, .number = number};
}

static struct ops_item text_item(const struct ops_facts *facts, uint32_t at)
{
    const char *const text = facts->text + at;
    return (struct ops_item){.kind = OPS_ITEM_TEXT, .text = text, .len = strlen(text)};
}

/** The elements of a constant that is at hand. */
static opsig_status kept_value(struct ops_evaluation *e, const struct ops_fact_constant *constant,
                               bool is_list, struct ops_value *out)
{
    const struct ops_facts *const facts = e->index->facts;
    const uint32_t n = (uint32_t)constant->n_elements;
    struct ops_item *items = NULL;
    const opsig_status status = ops_value_new(out, &items, n, is_list, e->arena, e->err);
    for (uint32_t i = 0; status == OPSIG_OK && i < n; i++) {
        items[i] = constant->element_type == ONNX_STRING
                       ? text_item(facts, (uint32_t)facts->numbers[constant->first + i].i)
                       : number_item(ops_constant_number(facts, constant, i));
    }
    return status;
}

static opsig_status value_of(struct ops_evaluation *e, const struct ops_fact_constant *constant,
                             bool is_list, struct ops_value *out)
{
    const bool is_complex = onnx_numbers_per_element(constant->element_type) == 2;
    if ((constant->flags & OPS_CONSTANT_KEPT) != 0 && !is_complex &&
        constant->n_elements <= OPS_VALUE_MAX_ITEMS) {
        return kept_value(e, constant, is_list, out);
    }
    *out = ops_value_unknown();
    if (!is_complex && constant->element_type != ONNX_STRING &&
        constant->n_elements != UINT64_MAX &&
        ((constant->flags & OPS_CONSTANT_KEPT) != 0 || (constant->size > 0 && e->path != NULL))) {
        *out = (struct ops_value){.state = OPS_VALUE_HERE, .is_list = true, .large = constant};
    }
    return OPSIG_OK;
}

opsig_status ops_constant_value(struct ops_evaluation *e, uint32_t tensor, struct ops_value *out)
{
    const struct ops_fact_constant *const constant = ops_facts_constant(e->index->facts, tensor);
    if (constant == NULL) {
        *out = ops_value_absent();
        return OPSIG_OK;
    }
    return value_of(e, constant, e->index->facts->tensors[tensor].rank != 0, out);
}

/** A list of integers, floats or strings. */
static opsig_status list_value(struct ops_evaluation *e,
                               const struct ops_fact_attribute *attribute, struct ops_value *out)
{
    const struct ops_facts *const facts = e->index->facts;
    struct ops_item *items = NULL;
    const opsig_status status =
        ops_value_new(out, &items, attribute->n_items, true, e->arena, e->err);
    for (uint32_t i = 0; status == OPSIG_OK && i < attribute->n_items; i++) {
        const union onnx_number number = facts->numbers[attribute->items + i];
        items[i] = attribute->type == ONNX_ATTRIBUTE_STRINGS ? text_item(facts, (uint32_t)number.i)
                   : attribute->type == ONNX_ATTRIBUTE_INTS  ? number_item((double)number.i)
                                                             : number_item(number.f);
    }
    return status;
}

opsig_status ops_attribute_value(struct ops_evaluation *e,
                                 const struct ops_fact_attribute *attribute,
                                 struct ops_value *out)
{
    const struct ops_facts *const facts = e->index->facts;
    struct ops_item *item = NULL;
    opsig_status status;
    switch (attribute->type) {
    case ONNX_ATTRIBUTE_INT:
        return ops_value_number(out, (double)attribute->i, e->arena, e->err);
    case ONNX_ATTRIBUTE_FLOAT:
        return ops_value_number(out, (double)attribute->f, e->arena, e->err);
    case ONNX_ATTRIBUTE_STRING:
        status = ops_value_new(out, &item, 1, false, e->arena, e->err);
        if (status == OPSIG_OK) {
            *item = (struct ops_item){.kind = OPS_ITEM_TEXT,
                                      .text = facts->text + attribute->s,
                                      .len = attribute->s_len};
        }
        return status;
    case ONNX_ATTRIBUTE_INTS:
    case ONNX_ATTRIBUTE_FLOATS:
    case ONNX_ATTRIBUTE_STRINGS:
        return list_value(e, attribute, out);
    default:
        break;
    }
    if (attribute->type == ONNX_ATTRIBUTE_TENSOR && attribute->constant != OPS_NO_CONSTANT) {
        const struct ops_fact_constant *const constant = &facts->constants[attribute->constant];
        return value_of(e, constant, constant->n_elements != 1, out);
    }
    *out = ops_value_absent();
    return OPSIG_OK;
}

/* ---- large constants ---- */

/** What is asked of each element. */
struct scan {
    enum ops_relation relation;
    const struct ops_item *items;
    uint32_t n_items;
    enum ops_truth stop_at; /* TRUE: one that holds decides; FALSE: one that does not */
    bool is_decided, is_unknown;
    enum ops_function_id id;
    double result;
};

static bool look(const double *numbers, size_t n, void *payload)
{
    struct scan *const scan = payload;
    for (size_t i = 0; i < n; i++) {
        const struct ops_item number = number_item(numbers[i]);
        enum ops_truth holds = OPS_FALSE;
        for (uint32_t k = 0; k < scan->n_items && holds != OPS_TRUE; k++) {
            const enum ops_truth one =
                ops_item_compare(&number, scan->relation, &scan->items[k]);
            holds = one == OPS_FALSE ? holds : one;
        }
        scan->is_unknown = scan->is_unknown || holds == OPS_MAYBE;
        scan->is_decided = holds == scan->stop_at;
        if (scan->is_decided) {
            return false;
        }
    }
    return true;
}

opsig_status ops_large_compare(struct ops_evaluation *e, const struct ops_value *large,
                               enum ops_relation relation, const struct ops_item *items,
                               uint32_t n_items, enum ops_quantifier quantifier,
                               enum ops_truth *out)
{
    const bool opposite = relation == OPS_NE && quantifier == OPS_EACH;
    struct scan scan = {.relation = opposite ? OPS_EQ : relation,
                        .items = items,
                        .n_items = n_items,
                        .stop_at = quantifier == OPS_ANY ? OPS_TRUE : OPS_FALSE};
    bool complete = false;
    const opsig_status status = ops_constant_each(e->index->facts, large->large, e->path,
                                                  e->deadline, look, &scan, &complete, e->err);
    const enum ops_truth result = scan.is_decided                    ? scan.stop_at
                                  : scan.is_unknown || !complete ? OPS_MAYBE
                                                                 : ops_truth_not(scan.stop_at);
    *out = opposite ? ops_truth_not(result) : result;
    return status;
}

static bool add(const double *numbers, size_t n, void *payload)
{
    struct scan *const scan = payload;
    for (size_t i = 0; i < n; i++) {
        scan->result = ops_value_fold_step(scan->id, scan->result, numbers[i]);
    }
    return true;
}

opsig_status ops_large_fold(struct ops_evaluation *e, const struct ops_value *large,
                            enum ops_function_id id, struct ops_value *out)
{
    struct scan scan = {.id = id, .result = ops_value_fold_start(id)};
    bool complete = false;
    const opsig_status status = ops_constant_each(e->index->facts, large->large, e->path,
                                                  e->deadline, add, &scan, &complete, e->err);
    *out = ops_value_unknown();
    return status == OPSIG_OK && complete ? ops_value_number(out, scan.result, e->arena, e->err)
                                          : status;
}
