/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules are made of: access to the node at hand, and shapes. */
#include "graph/infer.h"

#include <string.h>

#include "onnx/elements.h"

uint32_t ops_infer_input(const struct ops_inference *x, uint32_t slot)
{
    const struct ops_tensors *const tensors = &x->graph->tensors;
    return slot < x->node->n_inputs ? tensors->slots[tensors->first[x->vertex] + slot]
                                    : OPS_NO_TENSOR;
}

uint32_t ops_infer_output(const struct ops_inference *x, uint32_t slot)
{
    const struct ops_tensors *const tensors = &x->graph->tensors;
    return slot < x->node->n_outputs
               ? tensors->slots[tensors->first[x->vertex] + x->node->n_inputs + slot]
               : OPS_NO_TENSOR;
}

bool ops_infer_has(const struct ops_inference *x, uint32_t slot)
{
    return slot < x->node->n_inputs && x->node->inputs[slot] != OPS_NO_VALUE;
}

const struct ops_fact *ops_infer_fact(const struct ops_inference *x, uint32_t slot)
{
    static const struct ops_fact unknown = {.rank = -1};
    const uint32_t tensor = ops_infer_input(x, slot);
    return tensor != OPS_NO_TENSOR ? &x->facts[tensor] : &unknown;
}

void ops_infer_shape(const struct ops_inference *x, uint32_t slot, struct ops_shape *out)
{
    const struct ops_fact *const fact = ops_infer_fact(x, slot);
    out->rank = fact->rank;
    if (fact->rank > 0) {
        memcpy(out->dims, fact->dims, (size_t)fact->rank * sizeof *out->dims);
    }
}

/** Refines the dimensions of a fact; one that contradicts becomes unknown. */
static void merge_dims(struct ops_inference *x, struct ops_fact *fact,
                       const struct ops_shape *shape)
{
    struct ops_fact_dim *const dims = ops_infer_alloc(x, (size_t)shape->rank, sizeof *dims);
    for (int32_t i = 0; i < shape->rank && dims != NULL; i++) {
        dims[i] = fact->dims[i];
        if (!ops_dim_merge(&dims[i], &shape->dims[i])) {
            dims[i] = ops_dim_unknown();
        }
    }
    fact->dims = dims != NULL ? dims : fact->dims;
}

void ops_infer_set_shape(struct ops_inference *x, uint32_t slot, const struct ops_shape *shape)
{
    const uint32_t tensor = ops_infer_output(x, slot);
    if (tensor == OPS_NO_TENSOR || shape->rank < 0) {
        return;
    }
    struct ops_fact *const fact = &x->facts[tensor];
    if (fact->rank >= 0 && fact->rank == shape->rank) {
        merge_dims(x, fact, shape);
    } else if (fact->rank >= 0) {
        fact->rank = -1;
    } else {
        struct ops_fact_dim *const dims = ops_infer_alloc(x, (size_t)shape->rank, sizeof *dims);
        if (dims != NULL) {
            memcpy(dims, shape->dims, (size_t)shape->rank * sizeof *dims);
        }
        fact->dims = dims;
        fact->rank = dims != NULL || shape->rank == 0 ? shape->rank : -1;
    }
}

void ops_infer_same_shape(struct ops_inference *x, uint32_t output, uint32_t input)
{
    struct ops_shape shape;
    ops_infer_shape(x, input, &shape);
    ops_infer_set_shape(x, output, &shape);
}

int64_t ops_infer_opset(const struct ops_inference *x)
{
    return x->kind->opset;
}

const struct onnx_attribute *ops_infer_attribute(const struct ops_inference *x, const char *name)
{
    return ops_operator_effective(x->kind->op, x->node, name);
}

int64_t ops_infer_int(const struct ops_inference *x, const char *name, int64_t absent)
{
    const struct onnx_attribute *const attribute = ops_infer_attribute(x, name);
    return attribute != NULL && attribute->type == ONNX_ATTRIBUTE_INT ? attribute->i : absent;
}

const int64_t *ops_infer_ints(const struct ops_inference *x, const char *name, size_t *out_n)
{
    const struct onnx_attribute *const attribute = ops_infer_attribute(x, name);
    const bool listed = attribute != NULL && attribute->type == ONNX_ATTRIBUTE_INTS;
    *out_n = listed ? attribute->n_ints : 0;
    return listed ? attribute->ints : NULL;
}

bool ops_infer_is(const struct ops_inference *x, const char *name, const char *text)
{
    const struct onnx_attribute *const attribute = ops_infer_attribute(x, name);
    return attribute != NULL && attribute->type == ONNX_ATTRIBUTE_STRING &&
           attribute->s.bytes != NULL && attribute->s.len == strlen(text) &&
           memcmp(attribute->s.bytes, text, attribute->s.len) == 0;
}

bool ops_infer_input_ints(const struct ops_inference *x, uint32_t slot,
                          int64_t out[OPS_MAX_ELEMENTS], size_t *out_n)
{
    const struct ops_elements *const elements = ops_infer_fact(x, slot)->elements;
    *out_n = 0;
    if (elements == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < elements->n; i++) {
        if (!elements->items[i].known) {
            return false;
        }
        out[i] = elements->items[i].value;
    }
    *out_n = elements->n;
    return true;
}

bool ops_infer_input_floats(const struct ops_inference *x, uint32_t slot, double *out, size_t max,
                            size_t *out_n)
{
    const struct onnx_tensor *const tensor = ops_infer_fact(x, slot)->constant;
    *out_n = 0;
    if (tensor == NULL || tensor->payload == NULL || tensor->payload->numbers == NULL ||
        tensor->payload->n_numbers > max || onnx_numbers_per_element(tensor->data_type) != 1) {
        return false;
    }
    *out_n = tensor->payload->n_numbers;
    for (size_t i = 0; i < *out_n; i++) {
        const union onnx_number number = tensor->payload->numbers[i];
        out[i] = onnx_is_integer(tensor->data_type) ? (double)number.i : number.f;
    }
    return true;
}

enum ops_verdict ops_infer_list(const struct ops_inference *x, const char *attribute,
                                uint32_t slot, int64_t out[OPS_MAX_ELEMENTS], size_t *out_n)
{
    *out_n = 0;
    if (ops_infer_has(x, slot)) {
        return ops_infer_input_ints(x, slot, out, out_n) ? OPS_YES : OPS_UNKNOWN;
    }
    const int64_t *const ints = ops_infer_ints(x, attribute, out_n);
    if (*out_n == 0 || *out_n > OPS_MAX_ELEMENTS) {
        return *out_n == 0 ? OPS_NO : OPS_UNKNOWN;
    }
    memcpy(out, ints, *out_n * sizeof *out);
    return OPS_YES;
}

struct ops_fact_dim ops_dim(int64_t value)
{
    return (struct ops_fact_dim){.value = value >= 0 ? value : -1};
}

struct ops_fact_dim ops_dim_unknown(void)
{
    return ops_dim(-1);
}

void ops_shape_push(struct ops_shape *shape, struct ops_fact_dim dim)
{
    if (shape->rank >= 0 && shape->rank < OPS_MAX_RANK) {
        shape->dims[shape->rank++] = dim;
    } else {
        shape->rank = -1;
    }
}

bool ops_axis(int64_t *axis, int64_t rank)
{
    *axis += *axis < 0 ? rank : 0;
    return *axis >= 0 && *axis < rank;
}

int64_t ops_clamp(int64_t bound, int64_t n, int64_t least, int64_t most)
{
    bound += bound < 0 ? n : 0;
    return bound < least ? least : bound > most ? most : bound;
}

bool ops_dim_merge(struct ops_fact_dim *a, const struct ops_fact_dim *b)
{
    if (a->value >= 0 && b->value >= 0) {
        return a->value == b->value;
    }
    if (b->value >= 0 || (a->value < 0 && a->symbol == 0)) {
        *a = *b;
    }
    return true;
}

int64_t ops_shape_product(const struct ops_shape *shape, int32_t from, int32_t to)
{
    int64_t product = 1;
    for (int32_t i = from; i < to; i++) {
        if (shape->dims[i].value < 0 ||
            __builtin_mul_overflow(product, shape->dims[i].value, &product)) {
            return -1;
        }
    }
    return product;
}

/** One dimension of two that are broadcast: where one is unknown it may be 1 or the other. */
static struct ops_fact_dim broadcast_dim(const struct ops_fact_dim *a,
                                         const struct ops_fact_dim *b)
{
    if (a->value == 1 || b->value == 1) {
        return a->value == 1 ? *b : *a;
    }
    if (ops_dim_equal(a, b) == OPS_YES) {
        return *a;
    }
    if (a->value >= 0 && b->value >= 0) {
        return ops_dim_unknown(); /* they do not broadcast */
    }
    return a->value >= 0 ? *a : b->value >= 0 ? *b : ops_dim_unknown();
}

void ops_shape_broadcast(struct ops_shape *a, const struct ops_shape *b)
{
    if (a->rank < 0 || b->rank < 0) {
        a->rank = -1;
        return;
    }
    const struct ops_shape narrow = a->rank < b->rank ? *a : *b;
    const struct ops_shape wide = a->rank < b->rank ? *b : *a;
    const int32_t more = wide.rank - narrow.rank;
    *a = wide;
    for (int32_t i = 0; i < narrow.rank; i++) {
        a->dims[more + i] = broadcast_dim(&wide.dims[more + i], &narrow.dims[i]);
    }
}
