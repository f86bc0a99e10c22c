/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of small integer tensors, followed from shapes and constants to where shapes are made of
 * them: Shape -> Gather -> Unsqueeze -> Concat -> Reshape. An element is a number, or the unknown
 * number that a dimension's name stands for, or unknown. */
#include <string.h>

#include "graph/infer_rules.h"
#include "onnx/elements.h"

/** Has a constant integers few enough to be followed? */
static bool is_followed(const struct onnx_tensor *tensor)
{
    const struct onnx_payload *const payload = tensor->payload;
    return payload != NULL && payload->numbers != NULL && tensor->n_dims <= 1 &&
           onnx_is_integer(tensor->data_type) && payload->n_numbers <= OPS_MAX_ELEMENTS &&
           payload->n_numbers == (tensor->n_dims == 0 ? 1 : (uint64_t)tensor->dims[0]);
}

static void follow_constant(struct ops_inference *x, struct ops_fact *fact,
                            const struct onnx_tensor *tensor)
{
    struct ops_elements *const elements = ops_infer_alloc(x, 1, sizeof *elements);
    if (elements == NULL) {
        return;
    }
    elements->n = (uint32_t)tensor->payload->n_numbers;
    for (uint32_t i = 0; i < elements->n; i++) {
        elements->items[i] =
            (struct ops_element){.value = tensor->payload->numbers[i].i, .known = true};
    }
    fact->elements = elements;
    fact->is_scalar = tensor->n_dims == 0;
}

void ops_infer_set_constant(struct ops_inference *x, struct ops_fact *fact,
                            const struct onnx_tensor *tensor)
{
    *fact = (struct ops_fact){.kind = tensor->sparse ? OPS_VALUE_OTHER : OPS_VALUE_TENSOR,
                              .element_type = tensor->data_type,
                              .rank = -1,
                              .constant = tensor};
    if (tensor->n_dims > OPS_MAX_RANK) {
        return;
    }
    struct ops_fact_dim *const dims = ops_infer_alloc(x, tensor->n_dims, sizeof *dims);
    for (size_t i = 0; i < tensor->n_dims && dims != NULL; i++) {
        dims[i] = ops_dim(tensor->dims[i]);
    }
    fact->dims = dims;
    fact->rank = dims != NULL || tensor->n_dims == 0 ? (int32_t)tensor->n_dims : -1;
    if (is_followed(tensor)) {
        follow_constant(x, fact, tensor);
    }
}

void ops_infer_set_elements(struct ops_inference *x, uint32_t slot,
                            const struct ops_elements *elements, bool is_scalar)
{
    const uint32_t tensor = ops_infer_output(x, slot);
    struct ops_elements *const copy =
        tensor != OPS_NO_TENSOR ? ops_infer_alloc(x, 1, sizeof *copy) : NULL;
    if (copy != NULL) {
        *copy = *elements;
        x->facts[tensor].elements = copy;
        x->facts[tensor].is_scalar = is_scalar;
    }
}

/* The value of an attribute of Constant, as a tensor. */

static const struct onnx_tensor *make_tensor(struct ops_inference *x, int32_t type, bool scalar,
                                             size_t n, union onnx_number **out_numbers)
{
    struct onnx_tensor *const tensor = ops_infer_alloc(x, 1, sizeof *tensor);
    struct onnx_payload *const payload = ops_infer_alloc(x, 1, sizeof *payload);
    int64_t *const dims = ops_infer_alloc(x, 1, sizeof *dims);
    *out_numbers = ops_infer_alloc(x, n + 1, sizeof **out_numbers);
    if (tensor == NULL || payload == NULL || dims == NULL || *out_numbers == NULL) {
        return NULL;
    }
    dims[0] = (int64_t)n;
    *payload = (struct onnx_payload){.n_numbers = n, .numbers = *out_numbers};
    *tensor = (struct onnx_tensor){
        .data_type = type, .n_dims = !scalar, .dims = dims, .payload = payload};
    return tensor;
}

static const struct onnx_tensor *of_numbers(struct ops_inference *x,
                                            const struct onnx_attribute *a)
{
    const bool ints = a->type == ONNX_ATTRIBUTE_INT || a->type == ONNX_ATTRIBUTE_INTS;
    const bool scalar = a->type == ONNX_ATTRIBUTE_INT || a->type == ONNX_ATTRIBUTE_FLOAT;
    const size_t n = scalar ? 1 : ints ? a->n_ints : a->n_floats;
    union onnx_number *numbers;
    const struct onnx_tensor *const tensor =
        make_tensor(x, ints ? ONNX_INT64 : ONNX_FLOAT, scalar, n, &numbers);
    for (size_t i = 0; i < n && tensor != NULL; i++) {
        if (ints) {
            numbers[i].i = scalar ? a->i : a->ints[i];
        } else {
            numbers[i].f = (double)(scalar ? a->f : a->floats[i]);
        }
    }
    return tensor;
}

static const struct onnx_tensor *of_attribute(struct ops_inference *x,
                                              const struct onnx_attribute *a)
{
    switch (a->type) {
    case ONNX_ATTRIBUTE_TENSOR:
        return a->tensor;
    case ONNX_ATTRIBUTE_INT:
    case ONNX_ATTRIBUTE_INTS:
    case ONNX_ATTRIBUTE_FLOAT:
    case ONNX_ATTRIBUTE_FLOATS:
        return of_numbers(x, a);
    default:
        return NULL;
    }
}

void ops_rule_constant(struct ops_inference *x)
{
    static const char *const names[] = {"value", "value_int", "value_ints", "value_float",
                                        "value_floats"};
    const uint32_t output = ops_infer_output(x, 0);
    const struct onnx_tensor *tensor = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && tensor == NULL; i++) {
        const struct onnx_attribute *const a = ops_node_attribute(x->node, names[i]);
        tensor = a != NULL ? of_attribute(x, a) : NULL;
    }
    if (tensor != NULL && output != OPS_NO_TENSOR) {
        ops_infer_set_constant(x, &x->facts[output], tensor);
        return;
    }
    const bool one = ops_node_attribute(x->node, "value_string") != NULL;
    const struct onnx_attribute *const many = ops_node_attribute(x->node, "value_strings");
    if (one || many != NULL) {
        struct ops_shape shape = {.rank = one ? 0 : 1};
        shape.dims[0] = ops_dim(one ? 0 : (int64_t)many->n_strings);
        ops_infer_set_type(x, 0, OPS_VALUE_TENSOR, ONNX_STRING);
        ops_infer_set_shape(x, 0, &shape);
    }
}

/* What is computed of followed elements. */

void ops_value_same(struct ops_inference *x)
{
    const struct ops_fact *const fact = ops_infer_fact(x, 0);
    const uint32_t output = ops_infer_output(x, 0);
    if (output != OPS_NO_TENSOR) {
        x->facts[output].elements = fact->elements;
        x->facts[output].is_scalar = fact->is_scalar;
        x->facts[output].constant = fact->constant;
    }
}

void ops_value_cast(struct ops_inference *x)
{
    const int64_t to = ops_infer_int(x, "to", 0);
    const struct ops_fact *const fact = ops_infer_fact(x, 0);
    const bool wide = to == ONNX_INT64 || (to == ONNX_INT32 && fact->element_type == ONNX_INT32);
    if (wide && fact->elements != NULL &&
        (fact->element_type == ONNX_INT64 || fact->element_type == ONNX_INT32)) {
        ops_infer_set_elements(x, 0, fact->elements, fact->is_scalar);
    }
}

/** Where the dimensions of a Shape end and begin; since opset 15 they may be a part. */
static void shape_range(const struct ops_inference *x, int32_t rank, int32_t *from, int32_t *to)
{
    int64_t start = ops_infer_int(x, "start", 0);
    int64_t end = ops_infer_int(x, "end", rank);
    start += start < 0 ? rank : 0;
    end += end < 0 ? rank : 0;
    *from = (int32_t)(start < 0 ? 0 : start > rank ? rank : start);
    *to = (int32_t)(end < *from ? *from : end > rank ? rank : end);
}

void ops_shape_shape(struct ops_inference *x)
{
    struct ops_shape shape = {.rank = 1, .dims = {ops_dim_unknown()}};
    const int32_t rank = ops_infer_fact(x, 0)->rank;
    int32_t from;
    int32_t to;
    if (rank >= 0) {
        shape_range(x, rank, &from, &to);
        shape.dims[0] = ops_dim(to - from);
    }
    ops_infer_set_shape(x, 0, &shape);
}

void ops_value_shape(struct ops_inference *x)
{
    const struct ops_fact *const fact = ops_infer_fact(x, 0);
    struct ops_elements elements = {0};
    int32_t from;
    int32_t to;
    if (fact->rank < 0) {
        return;
    }
    shape_range(x, fact->rank, &from, &to);
    for (int32_t i = from; i < to; i++) {
        elements.items[elements.n++] = (struct ops_element){.value = fact->dims[i].value,
                                                            .symbol = fact->dims[i].symbol,
                                                            .known = fact->dims[i].value >= 0};
    }
    ops_infer_set_elements(x, 0, &elements, false);
}

void ops_value_size(struct ops_inference *x)
{
    struct ops_shape shape;
    ops_infer_shape(x, 0, &shape);
    const int64_t n = shape.rank >= 0 ? ops_shape_product(&shape, 0, shape.rank) : -1;
    if (n >= 0) {
        const struct ops_elements one = {.n = 1, .items = {{.value = n, .known = true}}};
        ops_infer_set_elements(x, 0, &one, true);
    }
}

void ops_value_gather(struct ops_inference *x)
{
    const struct ops_elements *const data = ops_infer_fact(x, 0)->elements;
    const struct ops_fact *const indices = ops_infer_fact(x, 1);
    struct ops_elements out = {0};
    if (data == NULL || ops_infer_fact(x, 0)->is_scalar || indices->elements == NULL) {
        return;
    }
    for (uint32_t i = 0; i < indices->elements->n; i++) {
        int64_t index = indices->elements->items[i].value;
        if (!indices->elements->items[i].known || !ops_axis(&index, data->n)) {
            return;
        }
        out.items[out.n++] = data->items[index];
    }
    ops_infer_set_elements(x, 0, &out, indices->is_scalar);
}

/** The elements stay, and the rank becomes 0 or 1. */
void ops_value_reshaped(struct ops_inference *x)
{
    const struct ops_elements *const data = ops_infer_fact(x, 0)->elements;
    const uint32_t output = ops_infer_output(x, 0);
    const int32_t rank = output != OPS_NO_TENSOR ? x->facts[output].rank : -1;
    if (data != NULL && (rank == 1 || (rank == 0 && data->n == 1))) {
        ops_infer_set_elements(x, 0, data, rank == 0);
    }
}

void ops_value_concat(struct ops_inference *x)
{
    struct ops_elements out = {0};
    for (uint32_t slot = 0; slot < x->node->n_inputs; slot++) {
        const struct ops_fact *const fact = ops_infer_fact(x, slot);
        const bool is_list = fact->rank == 1 && fact->dims[0].value >= 0;
        const uint64_t n = fact->elements != NULL ? fact->elements->n
                           : is_list              ? (uint64_t)fact->dims[0].value
                                                  : OPS_MAX_ELEMENTS + 1;
        if (fact->is_scalar || n > OPS_MAX_ELEMENTS - out.n) {
            return;
        }
        for (uint64_t i = 0; i < n; i++) {
            out.items[out.n++] = fact->elements != NULL ? fact->elements->items[i]
                                                        : (struct ops_element){.value = -1};
        }
    }
    ops_infer_set_elements(x, 0, &out, false);
}

void ops_value_slice(struct ops_inference *x)
{
    const struct ops_elements *const data = ops_infer_fact(x, 0)->elements;
    int64_t starts[OPS_MAX_ELEMENTS];
    int64_t ends[OPS_MAX_ELEMENTS];
    int64_t steps[OPS_MAX_ELEMENTS] = {1};
    size_t n[3];
    struct ops_elements out = {0};
    if (data == NULL || ops_infer_list(x, "starts", 1, starts, &n[0]) != OPS_YES ||
        ops_infer_list(x, "ends", 2, ends, &n[1]) != OPS_YES ||
        (ops_infer_has(x, 4) && !ops_infer_input_ints(x, 4, steps, &n[2])) || n[0] != 1 ||
        n[1] != 1 || steps[0] <= 0) {
        return;
    }
    const int64_t end = ops_clamp(ends[0], data->n, 0, data->n);
    int64_t at = ops_clamp(starts[0], data->n, 0, data->n);
    while (at < end) {
        out.items[out.n++] = data->items[at];
        at = steps[0] > end - at ? end : at + steps[0];
    }
    ops_infer_set_elements(x, 0, &out, false);
}

/** a OP b. @return false where it overflows or has no result */
static bool compute(char op, int64_t a, int64_t b, int64_t *out)
{
    switch (op) {
    case '+':
        return !__builtin_add_overflow(a, b, out);
    case '-':
        return !__builtin_sub_overflow(a, b, out);
    case '*':
        return !__builtin_mul_overflow(a, b, out);
    default:
        if (b == 0 || (a == INT64_MIN && b == -1)) {
            return false;
        }
        *out = a / b;
        return true;
    }
}

/** a OP b; what stands for a dimension stays it beside 0 or 1. */
static struct ops_element combine(char op, const struct ops_element *a,
                                  const struct ops_element *b)
{
    struct ops_element out = {.value = -1};
    const int64_t neutral = op == '+' || op == '-' ? 0 : 1;
    if (!a->known && b->known && b->value == neutral) {
        return *a;
    }
    out.known = a->known && b->known && compute(op, a->value, b->value, &out.value);
    return out;
}

/** Element by element; a single one is stretched. */
static void value_arithmetic(struct ops_inference *x, char op)
{
    const struct ops_fact *const a = ops_infer_fact(x, 0);
    const struct ops_fact *const b = ops_infer_fact(x, 1);
    struct ops_elements out = {0};
    if (a->elements == NULL || b->elements == NULL || a->element_type != ONNX_INT64) {
        return;
    }
    const uint32_t n = a->elements->n == 1 ? b->elements->n : a->elements->n;
    if (b->elements->n != n && b->elements->n != 1) {
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        out.items[out.n++] = combine(op, &a->elements->items[a->elements->n == 1 ? 0 : i],
                                     &b->elements->items[b->elements->n == 1 ? 0 : i]);
    }
    ops_infer_set_elements(x, 0, &out, a->is_scalar && b->is_scalar);
}

void ops_value_add(struct ops_inference *x)
{
    value_arithmetic(x, '+');
}

void ops_value_sub(struct ops_inference *x)
{
    value_arithmetic(x, '-');
}

void ops_value_mul(struct ops_inference *x)
{
    value_arithmetic(x, '*');
}

void ops_value_div(struct ops_inference *x)
{
    value_arithmetic(x, '/');
}
