/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of docs/rules.md. Something that is not there is answered by `present`, `absent`,
 * `const` and `given`, and passed on by all others. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "graph/snapshot.h"
#include "onnx/element_type.h"
#include "rules/evaluate.h"
#include "rules/types.h"

static enum ops_truth truth(bool holds)
{
    return holds ? OPS_TRUE : OPS_FALSE;
}

/** What to answer of what is not a tensor. */
static enum ops_truth without_tensor(const struct ops_referent *referent)
{
    return referent->kind == OPS_REFERENT_MAYBE ? OPS_MAYBE : OPS_NOT_THERE;
}

static const struct ops_fact_tensor *fact_of(const struct ops_evaluation *e,
                                             const struct ops_referent *referent)
{
    return &e->index->facts->tensors[referent->tensor];
}

/* ---- tests of a tensor ---- */

static enum ops_truth is_present(const struct ops_evaluation *e, const struct ops_referent *t)
{
    (void)e;
    return t->kind == OPS_REFERENT_MAYBE ? OPS_MAYBE : truth(t->kind != OPS_REFERENT_NONE);
}

static enum ops_truth is_absent(const struct ops_evaluation *e, const struct ops_referent *t)
{
    return ops_truth_not(is_present(e, t));
}

static enum ops_truth is_given(const struct ops_evaluation *e, const struct ops_referent *t)
{
    (void)e;
    return t->kind == OPS_REFERENT_MAYBE ? OPS_MAYBE : truth(t->given);
}

/** An attribute is a constant, too: what was one may have become an input. */
static enum ops_truth is_const(const struct ops_evaluation *e, const struct ops_referent *t)
{
    if (t->kind == OPS_REFERENT_TENSOR) {
        return truth(ops_facts_constant(e->index->facts, t->tensor) != NULL);
    }
    return is_present(e, t);
}

/** A dimension without a number is dynamic where it has a name or the model takes it from outside;
 *  elsewhere it may just not be known. */
static enum ops_truth is_dynamic(const struct ops_evaluation *e, const struct ops_referent *t)
{
    if (t->kind != OPS_REFERENT_TENSOR) {
        return without_tensor(t);
    }
    const struct ops_fact_tensor *const fact = fact_of(e, t);
    const struct ops_fact_dim *const dims = ops_facts_dims(e->index->facts, t->tensor);
    enum ops_truth result = fact->rank < 0 ? OPS_MAYBE : OPS_FALSE;
    for (int32_t i = 0; i < fact->rank && result != OPS_TRUE; i++) {
        if (dims[i].value < 0) {
            const bool open = dims[i].symbol != 0 || (fact->flags & OPS_TENSOR_INPUT) != 0;
            result = open ? OPS_TRUE : OPS_MAYBE;
        }
    }
    return result;
}

static enum ops_truth is_output(const struct ops_evaluation *e, const struct ops_referent *t)
{
    return t->kind == OPS_REFERENT_TENSOR
               ? truth((fact_of(e, t)->flags & OPS_TENSOR_OUTPUT) != 0)
               : without_tensor(t);
}

static enum ops_truth is_captured(const struct ops_evaluation *e, const struct ops_referent *t)
{
    return t->kind == OPS_REFERENT_TENSOR
               ? truth((fact_of(e, t)->flags & OPS_TENSOR_CAPTURED) != 0)
               : without_tensor(t);
}

/* ---- tests of two tensors, of a tensor and operators ---- */

static enum ops_truth broadcasts(const struct ops_evaluation *e, const struct ops_referent *t,
                                 const struct ops_referent *u)
{
    if (t->kind != OPS_REFERENT_TENSOR || u->kind != OPS_REFERENT_TENSOR) {
        return without_tensor(t->kind != OPS_REFERENT_TENSOR ? t : u);
    }
    return ops_truth_of(ops_facts_broadcasts(e->index->facts, t->tensor, u->tensor));
}

static enum ops_truth is_same(const struct ops_evaluation *e, const struct ops_referent *t,
                              const struct ops_referent *u)
{
    if (t->kind != OPS_REFERENT_TENSOR || u->kind != OPS_REFERENT_TENSOR) {
        return without_tensor(t->kind != OPS_REFERENT_TENSOR ? t : u);
    }
    return truth(ops_rule_index_root(e->index, t->tensor) ==
                 ops_rule_index_root(e->index, u->tensor));
}

/** Is a tensor an output of one of these operators, Identity left aside unless it is asked for? */
static enum ops_truth is_from(const struct ops_evaluation *e, const struct ops_referent *t,
                              const struct ops_operator_set *set)
{
    const struct ops_facts *const facts = e->index->facts;
    if (t->kind != OPS_REFERENT_TENSOR) {
        return without_tensor(t);
    }
    uint32_t producer = facts->tensors[t->tensor].producer;
    if (producer != OPS_NO_VERTEX && !set->negated &&
        ops_operator_set_has(set, e->index->graph, producer)) {
        return OPS_TRUE;
    }
    producer = facts->tensors[ops_rule_index_root(e->index, t->tensor)].producer;
    return truth(producer != OPS_NO_VERTEX &&
                 ops_operator_set_has(set, e->index->graph, producer));
}

/* ---- tests of a node ---- */

static enum ops_truth is_inside(const struct ops_evaluation *e, uint32_t v,
                                const struct ops_operator_set *set)
{
    const struct ops_facts *const facts = e->index->facts;
    for (v = facts->vertices[v].holder; v != OPS_NO_VERTEX; v = facts->vertices[v].holder) {
        if (ops_operator_set_has(set, e->index->graph, v)) {
            return OPS_TRUE;
        }
    }
    return OPS_FALSE;
}

/** Does a body of v return a constant, or (input >= 0) its input of that number? */
static enum ops_truth returns(const struct ops_evaluation *e, uint32_t v, int64_t input)
{
    const struct ops_facts *const facts = e->index->facts;
    for (uint32_t b = e->index->first_body[v]; b < facts->n_bodies; b = e->index->next_body[b]) {
        const struct ops_fact_body *const body = &facts->bodies[b];
        if (input >= 0 && input >= body->n_inputs) {
            continue;
        }
        const uint32_t wanted =
            input >= 0 ? facts->ends[body->inputs + (uint32_t)input] : OPS_NO_TENSOR;
        for (uint32_t i = 0; i < body->n_results; i++) {
            const uint32_t result = facts->ends[body->results + i];
            if (result != OPS_NO_TENSOR &&
                (input >= 0 ? ops_rule_index_root(e->index, result) == wanted
                            : ops_facts_constant(facts, result) != NULL)) {
                return OPS_TRUE;
            }
        }
    }
    return OPS_FALSE;
}

/* ---- calls of tests ---- */

/** A whole number from 0. @return false: it is none, or unknown */
static bool as_index(const struct ops_value *value, int64_t *out)
{
    double number;
    if (!ops_value_as_number(value, &number) || number < 0 || number > INT32_MAX ||
        number != floor(number)) {
        return false;
    }
    *out = (int64_t)number;
    return true;
}

static enum ops_truth unless_number(const struct ops_value *value)
{
    return value->state == OPS_VALUE_ABSENT ? OPS_NOT_THERE : OPS_MAYBE;
}

/** Functions of element types. */
static opsig_status call_type_test(struct ops_evaluation *e, const struct ops_expression *call,
                                   enum ops_truth *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_value values[2];
    double types[2] = {0, 0};
    for (uint32_t i = 0; i < call->n_args; i++) {
        TRY(ops_evaluate_value(e, call->args[i], &values[i]));
        if (!ops_value_as_number(&values[i], &types[i])) {
            *out = unless_number(&values[i]);
            goto done;
        }
    }
    const int type = (int)types[0];
    switch (call->function->id) {
    case OPS_FN_FITS:
        *out = truth(ops_type_fits(type, (int)types[1]));
        break;
    case OPS_FN_IS_FLOAT:
        *out = truth(ops_type_is_float(type));
        break;
    case OPS_FN_IS_INTEGER:
        *out = truth(ops_type_is_integer(type));
        break;
    default:
        *out = truth(ops_type_is_signed(type));
        break;
    }
done:
    return status;
}

/** Functions of values. */
static opsig_status call_value_test(struct ops_evaluation *e, const struct ops_expression *call,
                                    enum ops_truth *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_value values[3];
    double tolerance = 1e-6;
    for (uint32_t i = 0; i < call->n_args; i++) {
        TRY(ops_evaluate_value(e, call->args[i], &values[i]));
    }
    if (call->function->id == OPS_FN_DISTINCT) {
        *out = ops_value_distinct(&values[0]);
    } else if (call->n_args == 3 && !ops_value_as_number(&values[2], &tolerance)) {
        *out = unless_number(&values[2]);
    } else {
        *out = ops_value_near(&values[0], &values[1], tolerance);
    }
done:
    return status;
}

static opsig_status call_returns_input(struct ops_evaluation *e, const struct ops_expression *call,
                                       enum ops_truth *out)
{
    struct ops_value value;
    int64_t input;
    const opsig_status status = ops_evaluate_value(e, call->args[1], &value);
    if (status == OPSIG_OK) {
        *out = as_index(&value, &input) ? returns(e, e->vertex[call->args[0]->index], input)
                                        : unless_number(&value);
    }
    return status;
}

/** Functions of one tensor. */
static enum ops_truth call_tensor_test(const struct ops_evaluation *e,
                                       const struct ops_expression *call)
{
    const struct ops_referent t = ops_evaluate_referent(e, call->args[0]);
    switch (call->function->id) {
    case OPS_FN_ABSENT:
        return is_absent(e, &t);
    case OPS_FN_PRESENT:
        return is_present(e, &t);
    case OPS_FN_GIVEN:
        return is_given(e, &t);
    case OPS_FN_CONST:
        return is_const(e, &t);
    case OPS_FN_DYNAMIC:
        return is_dynamic(e, &t);
    case OPS_FN_IS_OUTPUT:
        return is_output(e, &t);
    default:
        return is_captured(e, &t);
    }
}

opsig_status ops_call_test(struct ops_evaluation *e, const struct ops_expression *call,
                           enum ops_truth *out)
{
    struct ops_referent t;
    struct ops_referent u;
    switch (call->function->id) {
    case OPS_FN_FITS:
    case OPS_FN_IS_FLOAT:
    case OPS_FN_IS_INTEGER:
    case OPS_FN_IS_SIGNED:
        return call_type_test(e, call, out);
    case OPS_FN_DISTINCT:
    case OPS_FN_NEAR:
        return call_value_test(e, call, out);
    case OPS_FN_BROADCASTS:
    case OPS_FN_SAME:
        t = ops_evaluate_referent(e, call->args[0]);
        u = ops_evaluate_referent(e, call->args[1]);
        *out = call->function->id == OPS_FN_SAME ? is_same(e, &t, &u) : broadcasts(e, &t, &u);
        return OPSIG_OK;
    case OPS_FN_FROM:
        t = ops_evaluate_referent(e, call->args[0]);
        *out = is_from(e, &t, &call->args[1]->operators);
        return OPSIG_OK;
    case OPS_FN_INSIDE:
        *out = is_inside(e, e->vertex[call->args[0]->index], &call->args[1]->operators);
        return OPSIG_OK;
    case OPS_FN_RETURNS_INPUT:
        return call_returns_input(e, call, out);
    case OPS_FN_RETURNS_CONSTANT:
        *out = returns(e, e->vertex[call->args[0]->index], -1);
        return OPSIG_OK;
    case OPS_FN_SHADOWS:
        *out = truth(e->index->shadows[e->vertex[call->args[0]->index]]);
        return OPSIG_OK;
    default:
        *out = call_tensor_test(e, call);
        return OPSIG_OK;
    }
}

/* ---- values of tensors ---- */

static struct ops_item dim_item(const struct ops_fact_dim *dim)
{
    if (dim->value >= 0) {
        return (struct ops_item){.kind = OPS_ITEM_NUMBER, .number = (double)dim->value};
    }
    return (struct ops_item){.kind = dim->symbol != 0 ? OPS_ITEM_SYMBOL : OPS_ITEM_UNKNOWN,
                             .symbol = dim->symbol};
}

static opsig_status shape_value(struct ops_evaluation *e, uint32_t tensor, struct ops_value *out)
{
    const struct ops_facts *const facts = e->index->facts;
    const int32_t rank = facts->tensors[tensor].rank;
    const struct ops_fact_dim *const dims = ops_facts_dims(facts, tensor);
    struct ops_item *items = NULL;
    *out = ops_value_unknown();
    if (rank < 0) {
        return OPSIG_OK;
    }
    const opsig_status status =
        ops_value_new(out, &items, (uint32_t)rank, true, e->arena, e->err);
    for (int32_t i = 0; status == OPSIG_OK && i < rank; i++) {
        items[i] = dim_item(&dims[i]);
    }
    return status;
}

static opsig_status dim_value(struct ops_evaluation *e, const struct ops_expression *call,
                              uint32_t tensor, struct ops_value *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_value shape;
    struct ops_value at;
    TRY(shape_value(e, tensor, &shape));
    TRY(ops_evaluate_value(e, call->args[1], &at));
    TRY(ops_value_item(out, &shape, &at, e->arena, e->err));
done:
    return status;
}

/** A number that is known from 0 up. */
static opsig_status count_value(struct ops_evaluation *e, int64_t count, struct ops_value *out)
{
    *out = ops_value_unknown();
    return count < 0 ? OPSIG_OK : ops_value_number(out, (double)count, e->arena, e->err);
}

/** dtype of a tensor, or of the tensor that an attribute holds. */
static int64_t type_of(const struct ops_evaluation *e, const struct ops_referent *t)
{
    const int64_t type = t->kind == OPS_REFERENT_TENSOR ? fact_of(e, t)->element_type
                                                        : t->attribute->i;
    return type > 0 ? type : -1;
}

static int64_t count_readers(const struct ops_evaluation *e, const struct ops_expression *call,
                             uint32_t tensor)
{
    const struct ops_rule_index *const index = e->index;
    const struct ops_facts *const facts = index->facts;
    int64_t n = 0;
    if (call->n_args == 1) {
        return facts->tensors[tensor].n_readers;
    }
    const uint32_t root = ops_rule_index_root(index, tensor);
    for (uint32_t i = index->reader_begin[root]; i < index->reader_begin[root + 1]; i++) {
        const uint32_t v = index->readers[i].vertex;
        n += ops_facts_input(facts, v, index->readers[i].slot) == tensor &&
             facts->vertices[v].holder == facts->tensors[tensor].holder &&
             ops_operator_set_has(&call->args[1]->operators, index->graph, v);
    }
    return n;
}

/** Functions of a tensor. */
static opsig_status call_tensor_value(struct ops_evaluation *e, const struct ops_expression *call,
                                      struct ops_value *out)
{
    const struct ops_referent t = ops_evaluate_referent(e, call->args[0]);
    const bool is_typed = t.kind == OPS_REFERENT_ATTRIBUTE &&
                          t.attribute->type == ONNX_ATTRIBUTE_TENSOR;
    if (t.kind != OPS_REFERENT_TENSOR && !(is_typed && call->function->id == OPS_FN_DTYPE)) {
        *out = t.kind == OPS_REFERENT_MAYBE ? ops_value_unknown() : ops_value_absent();
        return OPSIG_OK;
    }
    switch (call->function->id) {
    case OPS_FN_DTYPE:
        return count_value(e, type_of(e, &t), out);
    case OPS_FN_RANK:
        return count_value(e, fact_of(e, &t)->rank, out);
    case OPS_FN_NUMEL:
        return count_value(e, ops_facts_n_elements(e->index->facts, t.tensor), out);
    case OPS_FN_SHAPE:
        return shape_value(e, t.tensor, out);
    case OPS_FN_DIM:
        return dim_value(e, call, t.tensor, out);
    default:
        return count_value(e, count_readers(e, call, t.tensor), out);
    }
}

static opsig_status call_count(struct ops_evaluation *e, const struct ops_expression *call,
                               struct ops_value *out)
{
    const struct ops_fact_vertex *const vertex =
        &e->index->facts->vertices[e->vertex[call->args[0]->index]];
    const bool inputs = call->function->id == OPS_FN_INPUTS;
    const uint32_t first = inputs ? vertex->inputs : vertex->outputs;
    const uint32_t n = inputs ? vertex->n_inputs : vertex->n_outputs;
    int64_t given = 0;
    for (uint32_t i = first; i < first + n; i++) {
        given += e->index->facts->slots[i] != OPS_NO_TENSOR;
    }
    return count_value(e, given, out);
}

/** range(n) and bits(d): of one number. */
static opsig_status call_of_number(struct ops_evaluation *e, const struct ops_expression *call,
                                   const struct ops_value *value, struct ops_value *out)
{
    struct ops_item *items = NULL;
    int64_t number;
    *out = value->state == OPS_VALUE_ABSENT ? ops_value_absent() : ops_value_unknown();
    if (!as_index(value, &number)) {
        return OPSIG_OK;
    }
    if (call->function->id == OPS_FN_BITS) {
        const unsigned bits = onnx_element_type_bits(number);
        return count_value(e, bits > 0 ? (int64_t)bits : -1, out);
    }
    if (number > OPS_VALUE_MAX_ITEMS) {
        return OPSIG_OK;
    }
    const opsig_status status =
        ops_value_new(out, &items, (uint32_t)number, true, e->arena, e->err);
    for (int64_t i = 0; status == OPSIG_OK && i < number; i++) {
        items[i] = (struct ops_item){.kind = OPS_ITEM_NUMBER, .number = (double)i};
    }
    return status;
}

/** Functions of lists. */
static opsig_status call_list_value(struct ops_evaluation *e, const struct ops_expression *call,
                                    struct ops_value *out)
{
    opsig_status status = OPSIG_OK;
    const enum ops_function_id id = call->function->id;
    struct ops_value value;
    TRY(ops_evaluate_value(e, call->args[0], &value));
    switch (id) {
    case OPS_FN_ABS:
    case OPS_FN_REVERSE:
        TRY(ops_value_map(out, id, &value, e->arena, e->err));
        break;
    case OPS_FN_BITS:
    case OPS_FN_RANGE:
        TRY(call_of_number(e, call, &value, out));
        break;
    default:
        TRY(value.large != NULL && id != OPS_FN_LEN
                ? ops_large_fold(e, &value, id, out)
                : ops_value_fold(out, id, &value, e->arena, e->err));
        break;
    }
done:
    return status;
}

opsig_status ops_call_value(struct ops_evaluation *e, const struct ops_expression *call,
                            struct ops_value *out)
{
    const char first = call->function->args[0];
    return first == OPS_TYPE_TENSOR    ? call_tensor_value(e, call, out)
           : first == OPS_TYPE_ELEMENT ? call_count(e, call, out)
                                       : call_list_value(e, call, out);
}

/* ---- other(node, source) ---- */

/** Does input `slot` of the node come from the source? By the arrow that leads there, through
 *  whatever steps; where there is none, directly. */
static bool comes_from(const struct ops_evaluation *e, const struct ops_expression *call,
                       uint32_t slot, uint32_t tensor)
{
    const struct opsig_rule *const rule = e->rule;
    const struct ops_expression *const source = call->args[1];
    const bool is_node = source->kind == OPS_EXPR_ELEMENT;
    for (uint32_t i = 0; i < rule->n_links; i++) {
        const struct ops_link *const link = &rule->links[i];
        if (link->to == call->args[0]->index && e->link_slot[i] == slot &&
            link->from == source->index &&
            (is_node ? !link->from_tensor
                     : link->from_tensor && source->kind == OPS_EXPR_TENSOR)) {
            return true;
        }
    }
    const uint32_t root = ops_rule_index_root(e->index, tensor);
    if (is_node) {
        const uint32_t from = e->vertex[source->index];
        return e->index->facts->tensors[root].producer == from ||
               e->index->facts->tensors[tensor].producer == from;
    }
    const struct ops_referent t = ops_evaluate_referent(e, source);
    return t.kind == OPS_REFERENT_TENSOR && ops_rule_index_root(e->index, t.tensor) == root;
}

struct ops_referent ops_call_other(const struct ops_evaluation *e,
                                   const struct ops_expression *call)
{
    const struct ops_facts *const facts = e->index->facts;
    const uint32_t v = e->vertex[call->args[0]->index];
    for (uint32_t slot = 0; slot < facts->vertices[v].n_inputs; slot++) {
        const uint32_t tensor = ops_facts_input(facts, v, slot);
        if (tensor != OPS_NO_TENSOR && !comes_from(e, call, slot, tensor)) {
            return (struct ops_referent){
                .kind = OPS_REFERENT_TENSOR, .tensor = tensor, .given = true};
        }
    }
    return (struct ops_referent){.kind = OPS_REFERENT_NONE};
}
