/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shapes of operators that compute element by element, reduce, or multiply matrices. */
#include <string.h>

#include "graph/infer_rules.h"

void ops_shape_same(struct ops_inference *x)
{
    ops_infer_same_shape(x, 0, 0);
}

void ops_shape_scalar(struct ops_inference *x)
{
    const struct ops_shape scalar = {.rank = 0};
    ops_infer_set_shape(x, 0, &scalar);
}

/** Outputs of the shape of the first input, all of them. */
void ops_shape_all_same(struct ops_inference *x)
{
    for (uint32_t slot = 0; slot < x->node->n_outputs; slot++) {
        ops_infer_same_shape(x, slot, 0);
    }
}

/** The result, then statistics of the channels. */
void ops_shape_batch_normalization(struct ops_inference *x)
{
    struct ops_shape channels = {.rank = 1, .dims = {ops_dim_unknown()}};
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    if (data->rank > 1) {
        channels.dims[0] = data->dims[1];
    }
    ops_infer_same_shape(x, 0, 0);
    const bool spatial = ops_infer_int(x, "spatial", 1) != 0;
    for (uint32_t slot = 1; slot < x->node->n_outputs && spatial; slot++) {
        ops_infer_set_shape(x, slot, &channels);
    }
}

/** The result, then statistics over the axes that are normalised. */
void ops_shape_layer_normalization(struct ops_inference *x)
{
    struct ops_shape shape;
    int64_t axis = ops_infer_int(x, "axis", -1);
    ops_infer_same_shape(x, 0, 0);
    ops_infer_shape(x, 0, &shape);
    if (shape.rank < 0 || !ops_axis(&axis, shape.rank)) {
        return;
    }
    for (int64_t i = axis; i < shape.rank; i++) {
        shape.dims[i] = ops_dim(1);
    }
    for (uint32_t slot = 1; slot < x->node->n_outputs; slot++) {
        ops_infer_set_shape(x, slot, &shape);
    }
}

void ops_shape_dynamic_quantize(struct ops_inference *x)
{
    const struct ops_shape scalar = {.rank = 0};
    ops_infer_same_shape(x, 0, 0);
    ops_infer_set_shape(x, 1, &scalar);
    ops_infer_set_shape(x, 2, &scalar);
}

void ops_shape_broadcasted(struct ops_inference *x)
{
    struct ops_shape shape;
    struct ops_shape other;
    ops_infer_shape(x, 0, &shape);
    for (uint32_t slot = 1; slot < x->node->n_inputs; slot++) {
        ops_infer_shape(x, slot, &other);
        ops_shape_broadcast(&shape, &other);
    }
    ops_infer_set_shape(x, 0, &shape);
}

/** Before opset 7 the second operand of two is stretched to the first. */
void ops_shape_binary(struct ops_inference *x)
{
    if (ops_infer_opset(x) < 7) {
        ops_infer_same_shape(x, 0, 0);
    } else {
        ops_shape_broadcasted(x);
    }
}

/** Which axes are reduced. @return false where that is not known */
static bool reduced_axes(const struct ops_inference *x, int32_t rank, bool out[OPS_MAX_RANK])
{
    int64_t axes[OPS_MAX_ELEMENTS];
    size_t n;
    const enum ops_verdict given = ops_infer_list(x, "axes", 1, axes, &n);
    if (given == OPS_UNKNOWN) {
        return false;
    }
    const bool none = given == OPS_NO || n == 0;
    const bool all = none && ops_infer_int(x, "noop_with_empty_axes", 0) == 0;
    for (int32_t i = 0; i < rank; i++) {
        out[i] = all;
    }
    for (size_t i = 0; i < n; i++) {
        if (!ops_axis(&axes[i], rank)) {
            return false;
        }
        out[axes[i]] = true;
    }
    return true;
}

void ops_shape_reduce(struct ops_inference *x)
{
    struct ops_shape data;
    struct ops_shape out = {.rank = 0};
    bool reduced[OPS_MAX_RANK];
    const bool keep = ops_infer_int(x, "keepdims", 1) != 0;
    ops_infer_shape(x, 0, &data);
    if (data.rank < 0) {
        return;
    }
    if (!reduced_axes(x, data.rank, reduced)) {
        for (int32_t i = 0; i < data.rank && keep; i++) {
            data.dims[i] = ops_dim_unknown();
        }
        data.rank = keep ? data.rank : -1;
        ops_infer_set_shape(x, 0, &data);
        return;
    }
    for (int32_t i = 0; i < data.rank; i++) {
        if (!reduced[i] || keep) {
            ops_shape_push(&out, reduced[i] ? ops_dim(1) : data.dims[i]);
        }
    }
    ops_infer_set_shape(x, 0, &out);
}

void ops_shape_arg_extreme(struct ops_inference *x)
{
    struct ops_shape data;
    struct ops_shape out = {.rank = 0};
    const bool keep = ops_infer_int(x, "keepdims", 1) != 0;
    int64_t axis = ops_infer_int(x, "axis", 0);
    ops_infer_shape(x, 0, &data);
    if (data.rank < 0 || !ops_axis(&axis, data.rank)) {
        return;
    }
    for (int32_t i = 0; i < data.rank; i++) {
        if (i != axis || keep) {
            ops_shape_push(&out, i == axis ? ops_dim(1) : data.dims[i]);
        }
    }
    ops_infer_set_shape(x, 0, &out);
}

/** NumPy's matmul: a vector becomes a row or a column, and that axis is taken away again. */
static void multiply(struct ops_inference *x, uint32_t left, uint32_t right)
{
    struct ops_shape a;
    struct ops_shape b;
    ops_infer_shape(x, left, &a);
    ops_infer_shape(x, right, &b);
    if (a.rank < 1 || b.rank < 1) {
        return;
    }
    const struct ops_fact_dim rows = a.rank > 1 ? a.dims[a.rank - 2] : ops_dim(1);
    const struct ops_fact_dim columns = b.dims[b.rank - 1];
    const bool has_rows = a.rank > 1;
    const bool has_columns = b.rank > 1;
    a.rank = a.rank > 2 ? a.rank - 2 : 0;
    b.rank = b.rank > 2 ? b.rank - 2 : 0;
    ops_shape_broadcast(&a, &b);
    if (has_rows) {
        ops_shape_push(&a, rows);
    }
    if (has_columns) {
        ops_shape_push(&a, columns);
    }
    ops_infer_set_shape(x, 0, &a);
}

void ops_shape_matmul(struct ops_inference *x)
{
    multiply(x, 0, 1);
}

void ops_shape_qlinear_matmul(struct ops_inference *x)
{
    multiply(x, 0, 3);
}

void ops_shape_gemm(struct ops_inference *x)
{
    struct ops_shape out = {.rank = 2, .dims = {ops_dim_unknown(), ops_dim_unknown()}};
    const struct ops_fact *const a = ops_infer_fact(x, 0);
    const struct ops_fact *const b = ops_infer_fact(x, 1);
    if (a->rank == 2) {
        out.dims[0] = a->dims[ops_infer_int(x, "transA", 0) != 0];
    }
    if (b->rank == 2) {
        out.dims[1] = b->dims[ops_infer_int(x, "transB", 0) == 0];
    }
    ops_infer_set_shape(x, 0, &out);
}

/* Einsum: "bij,bjk->bik" */

struct letters {
    struct ops_fact_dim dims['z' + 1];
    bool seen['z' + 1];
};

/** Takes the letters of one operand and the comma behind them. @return what follows; NULL: cannot
 *  be told */
static const char *take_operand(const char *at, const struct ops_fact *fact,
                                struct letters *letters)
{
    int32_t n = 0;
    for (; *at != '\0' && *at != ',' && *at != '-'; at++) {
        const unsigned char letter = (unsigned char)*at;
        if (letter == ' ') {
            continue;
        }
        if (letter < 'A' || letter > 'z' || n >= fact->rank) {
            return NULL;
        }
        struct ops_fact_dim *const dim = &letters->dims[letter];
        if (!letters->seen[letter]) {
            *dim = fact->dims[n];
        } else if (dim->value == 1 || !ops_dim_merge(dim, &fact->dims[n])) {
            *dim = ops_dim_unknown();
        }
        letters->seen[letter] = true;
        n++;
    }
    at += *at == ',';
    return n == fact->rank ? at : NULL;
}

void ops_shape_einsum(struct ops_inference *x)
{
    struct letters letters = {0};
    struct ops_shape out = {.rank = 0};
    const struct onnx_attribute *const equation = ops_infer_attribute(x, "equation");
    const bool readable = equation != NULL && equation->type == ONNX_ATTRIBUTE_STRING &&
                          equation->s.bytes != NULL &&
                          memchr(equation->s.bytes, '.', equation->s.len) == NULL;
    const char *at = readable ? equation->s.bytes : NULL;
    for (uint32_t slot = 0; slot < x->node->n_inputs && at != NULL; slot++) {
        at = take_operand(at, ops_infer_fact(x, slot), &letters);
    }
    if (at == NULL || strncmp(at, "->", 2) != 0) {
        return;
    }
    for (at += 2; *at != '\0'; at++) {
        const unsigned char letter = (unsigned char)*at;
        if (letter != ' ' && (letter > 'z' || !letters.seen[letter])) {
            return;
        }
        if (letter != ' ') {
            ops_shape_push(&out, letters.dims[letter]);
        }
    }
    ops_infer_set_shape(x, 0, &out);
}

/** RNN, GRU and LSTM: all states, then the last ones. */
void ops_shape_recurrent(struct ops_inference *x)
{
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    const struct ops_fact *const recurrence = ops_infer_fact(x, 2);
    const bool batch_first = ops_infer_int(x, "layout", 0) != 0;
    const int64_t size = ops_infer_int(x, "hidden_size", -1);
    struct ops_fact_dim hidden = ops_dim(size);
    if (size < 0 && recurrence->rank == 3) {
        hidden = recurrence->dims[2];
    }
    const bool known = data->rank == 3;
    const struct ops_fact_dim steps = known ? data->dims[batch_first] : ops_dim_unknown();
    const struct ops_fact_dim batch = known ? data->dims[!batch_first] : ops_dim_unknown();
    const struct ops_fact_dim directions =
        ops_infer_is(x, "direction", "bidirectional") ? ops_dim(2) : ops_dim(1);
    const struct ops_shape all = {
        .rank = 4,
        .dims = {batch_first ? batch : steps, batch_first ? steps : directions,
                 batch_first ? directions : batch, hidden}};
    const struct ops_shape last = {
        .rank = 3, .dims = {batch_first ? batch : directions, batch_first ? directions : batch,
                            hidden}};
    ops_infer_set_shape(x, 0, &all);
    ops_infer_set_shape(x, 1, &last);
    ops_infer_set_shape(x, 2, &last);
}
