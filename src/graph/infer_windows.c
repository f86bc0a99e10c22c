/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Convolution and pooling: along each spatial axis a window of size k, its elements `dilation`
 * apart, moves by `stride` over the padded input:
 *
 *      out = floor((in + padding - dilation * (k - 1) - 1) / stride) + 1
 */
#include "graph/infer_rules.h"


/** How windows lie along one axis. */
struct window {
    int64_t size, stride, dilation, padding; /* both sides together; size -1: unknown */
};

static int64_t item_or(const int64_t *items, size_t n, size_t i, int64_t absent)
{
    return i < n ? items[i] : absent;
}

static bool sane(int64_t value)
{
    enum { MOST = 1 << 30 }; /* so that no product overflows */
    return value >= 0 && value <= MOST;
}

/** Windows along axis i of n. @return false where the file has none that make sense */
static bool window_at(const struct ops_inference *x, const struct ops_fact *weights, size_t i,
                      size_t n, struct window *out)
{
    size_t n_sizes;
    size_t n_strides;
    size_t n_dilations;
    size_t n_pads;
    const int64_t *const sizes = ops_infer_ints(x, "kernel_shape", &n_sizes);
    const int64_t *const strides = ops_infer_ints(x, "strides", &n_strides);
    const int64_t *const dilations = ops_infer_ints(x, "dilations", &n_dilations);
    const int64_t *const pads = ops_infer_ints(x, "pads", &n_pads);
    const int64_t of_weights = weights != NULL && weights->rank == (int32_t)n + 2
                                   ? weights->dims[i + 2].value
                                   : -1;
    const int64_t begin = item_or(pads, n_pads, i, 0);
    const int64_t end = item_or(pads, n_pads, i + n, 0);
    *out = (struct window){.size = item_or(sizes, n_sizes, i, of_weights),
                           .stride = item_or(strides, n_strides, i, 1),
                           .dilation = item_or(dilations, n_dilations, i, 1)};
    if (!sane(begin) || !sane(end) || (out->size >= 0 && !sane(out->size)) || !sane(out->stride) ||
        out->stride < 1 || !sane(out->dilation) || out->dilation < 1) {
        return false;
    }
    out->padding = begin + end;
    return true;
}

static bool is_same_padded(const struct ops_inference *x)
{
    return ops_infer_is(x, "auto_pad", "SAME_UPPER") || ops_infer_is(x, "auto_pad", "SAME_LOWER");
}

/** The number of windows; where a last one is only begun, rounding up is told in two ways. */
static struct ops_fact_dim count_windows(const struct window *window,
                                         const struct ops_fact_dim *in, bool same, bool ceil)
{
    if (same) {
        return window->stride == 1   ? *in
               : !sane(in->value)    ? ops_dim_unknown()
                                     : ops_dim((in->value + window->stride - 1) / window->stride);
    }
    if (window->size < 1) {
        return ops_dim_unknown();
    }
    const int64_t span = window->dilation * (window->size - 1) + 1;
    if (window->stride == 1 && window->padding == span - 1) {
        return *in;
    }
    if (!sane(in->value) || in->value + window->padding < span) {
        return ops_dim_unknown();
    }
    const int64_t room = in->value + window->padding - span;
    const bool ambiguous = ceil && room % window->stride != 0;
    return ambiguous ? ops_dim_unknown() : ops_dim(room / window->stride + 1);
}

/** @param weights  of a convolution, or NULL.  @param out  with its first two axes */
static void slide(struct ops_inference *x, const struct ops_fact *weights, struct ops_shape *out)
{
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    const size_t n = (size_t)data->rank - 2;
    const bool same = is_same_padded(x);
    const bool ceil = ops_infer_int(x, "ceil_mode", 0) != 0;
    const bool valid = ops_infer_is(x, "auto_pad", "VALID");
    for (size_t i = 0; i < n; i++) {
        struct window window;
        const bool known = window_at(x, weights, i, n, &window);
        window.padding = valid ? 0 : window.padding;
        ops_shape_push(out, known ? count_windows(&window, &data->dims[i + 2], same, ceil)
                                  : ops_dim_unknown());
    }
}

static void convolve(struct ops_inference *x, uint32_t weights_slot)
{
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    const struct ops_fact *const weights = ops_infer_fact(x, weights_slot);
    struct ops_shape out = {.rank = 2};
    if (data->rank < 2) {
        return;
    }
    out.dims[0] = data->dims[0];
    out.dims[1] = weights->rank > 0 ? weights->dims[0] : ops_dim_unknown();
    slide(x, weights, &out);
    ops_infer_set_shape(x, 0, &out);
}

void ops_shape_conv(struct ops_inference *x)
{
    convolve(x, 1);
}

void ops_shape_qlinear_conv(struct ops_inference *x)
{
    convolve(x, 3);
}

void ops_shape_pool(struct ops_inference *x)
{
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    struct ops_shape out = {.rank = 2};
    if (data->rank < 2) {
        return;
    }
    out.dims[0] = data->dims[0];
    out.dims[1] = data->dims[1];
    slide(x, NULL, &out);
    ops_infer_set_shape(x, 0, &out);
    ops_infer_set_shape(x, 1, &out);
}

void ops_shape_global_pool(struct ops_inference *x)
{
    struct ops_shape shape;
    ops_infer_shape(x, 0, &shape);
    for (int32_t i = 2; i < shape.rank; i++) {
        shape.dims[i] = ops_dim(1);
    }
    ops_infer_set_shape(x, 0, &shape);
}

/** One axis of a transposed convolution. */
static struct ops_fact_dim transpose_window(const struct ops_inference *x,
                                            const struct window *window, int64_t in, size_t i)
{
    size_t n_more;
    const int64_t *const more = ops_infer_ints(x, "output_padding", &n_more);
    const int64_t added = item_or(more, n_more, i, 0);
    if (is_same_padded(x) || window->size < 1 || !sane(in) || in < 1 || !sane(added)) {
        return ops_dim_unknown();
    }
    return ops_dim(window->stride * (in - 1) + added + window->dilation * (window->size - 1) + 1 -
                   window->padding);
}

void ops_shape_conv_transpose(struct ops_inference *x)
{
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    const struct ops_fact *const weights = ops_infer_fact(x, 1);
    struct ops_shape out = {.rank = 2};
    size_t n_wanted;
    const int64_t *const wanted = ops_infer_ints(x, "output_shape", &n_wanted);
    const int64_t group = ops_infer_int(x, "group", 1);
    if (data->rank < 2) {
        return;
    }
    const size_t n = (size_t)data->rank - 2;
    const bool known = weights->rank > 1 && sane(weights->dims[1].value) && sane(group);
    out.dims[0] = data->dims[0];
    out.dims[1] = known ? ops_dim(weights->dims[1].value * group) : ops_dim_unknown();
    for (size_t i = 0; i < n; i++) {
        struct window window;
        const bool clear = window_at(x, weights, i, n, &window);
        ops_shape_push(&out, n_wanted == n ? ops_dim(wanted[i])
                             : clear && n_wanted == 0
                                 ? transpose_window(x, &window, data->dims[i + 2].value, i)
                                 : ops_dim_unknown());
    }
    ops_infer_set_shape(x, 0, &out);
}

/** Samples of an image at the points of a grid. */
void ops_shape_grid_sample(struct ops_inference *x)
{
    struct ops_shape out;
    const struct ops_fact *const grid = ops_infer_fact(x, 1);
    ops_infer_shape(x, 0, &out);
    for (int32_t i = 2; i < out.rank; i++) {
        out.dims[i] = grid->rank == out.rank ? grid->dims[i - 1] : ops_dim_unknown();
    }
    ops_infer_set_shape(x, 0, &out);
}

void ops_shape_roi_align(struct ops_inference *x)
{
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    const struct ops_fact *const rois = ops_infer_fact(x, 1);
    const struct ops_shape out = {
        .rank = 4,
        .dims = {rois->rank > 0 ? rois->dims[0] : ops_dim_unknown(),
                 data->rank > 1 ? data->dims[1] : ops_dim_unknown(),
                 ops_dim(ops_infer_int(x, "output_height", 1)),
                 ops_dim(ops_infer_int(x, "output_width", 1))}};
    ops_infer_set_shape(x, 0, &out);
}
