/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shapes of operators that move elements: reshaping, joining, cutting, picking. */
#include <math.h>
#include <string.h>

#include "graph/infer_rules.h"

/** A shape of which only the rank is known. */
static struct ops_shape of_rank(int64_t rank)
{
    struct ops_shape shape = {.rank = 0};
    for (int64_t i = 0; i < rank && shape.rank >= 0; i++) {
        ops_shape_push(&shape, ops_dim_unknown());
    }
    shape.rank = rank < 0 ? -1 : shape.rank;
    return shape;
}

/** The length of a list, -1 where it is unknown. */
static int64_t list_length(const struct ops_fact *fact)
{
    return fact->elements != NULL ? (int64_t)fact->elements->n
           : fact->rank == 1      ? fact->dims[0].value
                                  : -1;
}

/** The dimensions that a list of integers spells; -1 and what is unknown become unknown. */
static struct ops_shape spelled(const struct ops_fact *fact)
{
    if (fact->elements == NULL) {
        return of_rank(list_length(fact));
    }
    struct ops_shape shape = {.rank = 0};
    for (uint32_t i = 0; i < fact->elements->n; i++) {
        const struct ops_element *const element = &fact->elements->items[i];
        struct ops_fact_dim dim = ops_dim(element->known ? element->value : -1);
        dim.symbol = element->known ? 0 : element->symbol;
        ops_shape_push(&shape, dim);
    }
    return shape;
}

/* Reshape */

/** Takes each unknown dimension of `out` but the one at `wild` out of those of `in`, by its name.
 *  @return false where one is left on either side */
static bool cancel(const struct ops_shape *in, const struct ops_shape *out, int32_t wild)
{
    bool used[OPS_MAX_RANK] = {false};
    int32_t n_left = 0;
    for (int32_t i = 0; i < in->rank; i++) {
        n_left += in->dims[i].value < 0;
    }
    for (int32_t o = 0; o < out->rank; o++) {
        int32_t i = 0;
        if (o == wild || out->dims[o].value >= 0) {
            continue;
        }
        while (i < in->rank && (used[i] || in->dims[i].value >= 0 ||
                                ops_dim_equal(&in->dims[i], &out->dims[o]) != OPS_YES)) {
            i++;
        }
        if (i == in->rank) {
            return false;
        }
        used[i] = true;
        n_left--;
    }
    return n_left == 0;
}

/** The product of the dimensions that are known, but for one. */
static int64_t known_product(const struct ops_shape *shape, int32_t but)
{
    int64_t product = 1;
    for (int32_t i = 0; i < shape->rank; i++) {
        if (i != but && shape->dims[i].value >= 0 &&
            __builtin_mul_overflow(product, shape->dims[i].value, &product)) {
            return -1;
        }
    }
    return product;
}

/** The dimension that stands for what is left. */
static struct ops_fact_dim left_over(const struct ops_shape *in, const struct ops_shape *out,
                                     int32_t wild)
{
    if (in->rank < 0 || !cancel(in, out, wild)) {
        return ops_dim_unknown();
    }
    const int64_t have = known_product(in, -1);
    const int64_t spelled_out = known_product(out, wild);
    const bool divides = have >= 0 && spelled_out > 0 && have % spelled_out == 0;
    return divides ? ops_dim(have / spelled_out) : ops_dim_unknown();
}

static void reshape(struct ops_inference *x, const struct ops_elements *wanted)
{
    struct ops_shape in;
    struct ops_shape out = {.rank = 0};
    int32_t wild = -1;
    const bool allow_zero = ops_infer_int(x, "allowzero", 0) != 0;
    ops_infer_shape(x, 0, &in);
    for (uint32_t i = 0; i < wanted->n && out.rank >= 0; i++) {
        const struct ops_element *const element = &wanted->items[i];
        struct ops_fact_dim dim = ops_dim(element->known ? element->value : -1);
        dim.symbol = element->known ? 0 : element->symbol;
        if (element->known && element->value == -1) {
            wild = (int32_t)i;
        } else if (element->known && element->value == 0 && !allow_zero) {
            dim = (int32_t)i < in.rank ? in.dims[i] : ops_dim_unknown();
        }
        ops_shape_push(&out, dim);
    }
    if (out.rank >= 0 && wild >= 0) {
        out.dims[wild] = left_over(&in, &out, wild);
    }
    ops_infer_set_shape(x, 0, &out);
}

void ops_shape_reshape(struct ops_inference *x)
{
    size_t n;
    struct ops_elements given = {0};
    const struct ops_elements *wanted = ops_infer_fact(x, 1)->elements;
    const int64_t *const ints = ops_infer_ints(x, "shape", &n);
    if (!ops_infer_has(x, 1) && n > 0 && n <= OPS_MAX_RANK) { /* before opset 5 */
        for (; given.n < n; given.n++) {
            given.items[given.n] =
                (struct ops_element){.value = ints[given.n], .known = true};
        }
        wanted = &given;
    }
    if (wanted != NULL) {
        reshape(x, wanted);
    } else {
        const struct ops_shape shape = of_rank(list_length(ops_infer_fact(x, 1)));
        ops_infer_set_shape(x, 0, &shape);
    }
}

/** The product of dimensions [from, to); a single one keeps its name. */
static struct ops_fact_dim folded(const struct ops_shape *shape, int32_t from, int32_t to)
{
    return to - from == 1 ? shape->dims[from] : ops_dim(ops_shape_product(shape, from, to));
}

void ops_shape_flatten(struct ops_inference *x)
{
    struct ops_shape in;
    struct ops_shape out = of_rank(2);
    int64_t axis = ops_infer_int(x, "axis", 1);
    ops_infer_shape(x, 0, &in);
    if (in.rank >= 0) {
        axis += axis < 0 ? in.rank : 0;
        if (axis < 0 || axis > in.rank) {
            return;
        }
        out.dims[0] = folded(&in, 0, (int32_t)axis);
        out.dims[1] = folded(&in, (int32_t)axis, in.rank);
    }
    ops_infer_set_shape(x, 0, &out);
}

void ops_shape_transpose(struct ops_inference *x)
{
    struct ops_shape in;
    size_t n;
    const int64_t *const order = ops_infer_ints(x, "perm", &n);
    ops_infer_shape(x, 0, &in);
    struct ops_shape out = {.rank = 0};
    if (in.rank < 0 || (n > 0 && (int32_t)n != in.rank)) {
        return;
    }
    for (int32_t i = 0; i < in.rank; i++) {
        const int64_t from = n > 0 ? order[i] : in.rank - 1 - i;
        if (from < 0 || from >= in.rank) {
            return;
        }
        ops_shape_push(&out, in.dims[from]);
    }
    ops_infer_set_shape(x, 0, &out);
}

/** Marks axes. @return false where one lies outside or comes twice */
static bool mark(const int64_t *axes, size_t n, int32_t rank, bool out[OPS_MAX_RANK])
{
    for (size_t i = 0; i < n; i++) {
        int64_t axis = axes[i];
        if (!ops_axis(&axis, rank) || out[axis]) {
            return false;
        }
        out[axis] = true;
    }
    return true;
}

void ops_shape_squeeze(struct ops_inference *x)
{
    struct ops_shape in;
    struct ops_shape out = {.rank = 0};
    bool gone[OPS_MAX_RANK] = {false};
    int64_t axes[OPS_MAX_ELEMENTS];
    size_t n;
    const enum ops_verdict given = ops_infer_list(x, "axes", 1, axes, &n);
    ops_infer_shape(x, 0, &in);
    if (in.rank < 0 || given == OPS_UNKNOWN || !mark(axes, n, in.rank, gone)) {
        return;
    }
    for (int32_t i = 0; i < in.rank; i++) {
        if (given == OPS_NO && in.dims[i].value < 0) {
            return;
        }
        if (given == OPS_NO ? in.dims[i].value != 1 : !gone[i]) {
            ops_shape_push(&out, in.dims[i]);
        }
    }
    ops_infer_set_shape(x, 0, &out);
}

void ops_shape_unsqueeze(struct ops_inference *x)
{
    struct ops_shape in;
    struct ops_shape out = {.rank = 0};
    bool fresh[OPS_MAX_RANK] = {false};
    int64_t axes[OPS_MAX_ELEMENTS];
    size_t n;
    const enum ops_verdict given = ops_infer_list(x, "axes", 1, axes, &n);
    ops_infer_shape(x, 0, &in);
    const int64_t length = list_length(ops_infer_fact(x, 1));
    if (in.rank >= 0 && given == OPS_UNKNOWN && length >= 0 && length <= OPS_MAX_RANK) {
        out = of_rank(in.rank + length);
        ops_infer_set_shape(x, 0, &out);
        return;
    }
    const int32_t rank = in.rank + (int32_t)n;
    if (in.rank < 0 || given != OPS_YES || rank > OPS_MAX_RANK || !mark(axes, n, rank, fresh)) {
        return;
    }
    for (int32_t i = 0, from = 0; i < rank; i++) {
        ops_shape_push(&out, fresh[i] ? ops_dim(1) : in.dims[from]);
        from += !fresh[i];
    }
    ops_infer_set_shape(x, 0, &out);
}

static struct ops_fact_dim sum(const struct ops_fact_dim *a, const struct ops_fact_dim *b)
{
    int64_t value;
    if (a->value < 0 || b->value < 0 || __builtin_add_overflow(a->value, b->value, &value)) {
        return ops_dim_unknown();
    }
    return ops_dim(value);
}

void ops_shape_concat(struct ops_inference *x)
{
    struct ops_shape out;
    struct ops_shape more;
    int64_t axis = ops_infer_int(x, "axis", 1);
    ops_infer_shape(x, 0, &out);
    if (out.rank < 1 || !ops_axis(&axis, out.rank)) {
        return;
    }
    for (uint32_t slot = 1; slot < x->node->n_inputs; slot++) {
        ops_infer_shape(x, slot, &more);
        for (int32_t i = 0; i < out.rank; i++) {
            if (more.rank != out.rank) { /* unknown: all the same rank */
                out.dims[i] = i == axis ? ops_dim_unknown() : out.dims[i];
            } else if (i == axis) {
                out.dims[i] = sum(&out.dims[i], &more.dims[i]);
            } else if (!ops_dim_merge(&out.dims[i], &more.dims[i])) {
                out.dims[i] = ops_dim_unknown();
            }
        }
    }
    ops_infer_set_shape(x, 0, &out);
}

/* Slice */

struct cuts {
    int64_t starts[OPS_MAX_ELEMENTS], ends[OPS_MAX_ELEMENTS], axes[OPS_MAX_ELEMENTS],
        steps[OPS_MAX_ELEMENTS];
    size_t n;
    bool known; /* starts, ends and steps */
};

/** Reads the steps of newer versions; one each where there are none. */
static bool read_steps(const struct ops_inference *x, struct cuts *out)
{
    size_t n = 0;
    if (ops_infer_has(x, 4)) {
        return ops_infer_input_ints(x, 4, out->steps, &n) && n == out->n;
    }
    for (size_t i = 0; i < OPS_MAX_ELEMENTS; i++) {
        out->steps[i] = 1;
    }
    return true;
}

/** Reads what is cut. @return false where not even the axes are known */
static bool read_cuts(const struct ops_inference *x, struct cuts *out)
{
    size_t n_ends;
    size_t n_axes;
    const int64_t length = list_length(ops_infer_fact(x, 1));
    out->known = ops_infer_list(x, "starts", 1, out->starts, &out->n) == OPS_YES &&
                 ops_infer_list(x, "ends", 2, out->ends, &n_ends) == OPS_YES &&
                 n_ends == out->n && read_steps(x, out);
    const enum ops_verdict axes = ops_infer_list(x, "axes", 3, out->axes, &n_axes);
    if (axes == OPS_YES) {
        out->known = out->known && n_axes == out->n;
        out->n = n_axes;
        return true;
    }
    out->n = out->known ? out->n : length < 0 ? 0 : (size_t)length;
    for (size_t i = 0; i < out->n && i < OPS_MAX_ELEMENTS; i++) {
        out->axes[i] = (int64_t)i;
    }
    return axes == OPS_NO && out->n > 0 && out->n <= OPS_MAX_RANK;
}

static struct ops_fact_dim cut(const struct ops_fact_dim *dim, int64_t start, int64_t end,
                               int64_t step)
{
    enum { ANY_END = INT32_MAX };
    const int64_t n = dim->value;
    if (start == 0 && end >= ANY_END && step == 1) {
        return *dim;
    }
    if (n < 0 || step == 0 || step == INT64_MIN) {
        return ops_dim_unknown();
    }
    const int64_t from = step > 0 ? ops_clamp(start, n, 0, n) : ops_clamp(start, n, 0, n - 1);
    const int64_t to = step > 0 ? ops_clamp(end, n, 0, n) : ops_clamp(end, n, -1, n - 1);
    const int64_t span = step > 0 ? to - from : from - to;
    const int64_t stride = step > 0 ? step : -step;
    return ops_dim(span <= 0 ? 0 : (span - 1) / stride + 1);
}

void ops_shape_slice(struct ops_inference *x)
{
    struct ops_shape shape;
    struct cuts cuts;
    ops_infer_shape(x, 0, &shape);
    if (shape.rank < 0) {
        return;
    }
    if (!read_cuts(x, &cuts)) {
        shape = of_rank(shape.rank);
        cuts.n = 0;
    }
    for (size_t i = 0; i < cuts.n; i++) {
        int64_t axis = cuts.axes[i];
        if (!ops_axis(&axis, shape.rank)) {
            return;
        }
        shape.dims[axis] =
            cuts.known ? cut(&shape.dims[axis], cuts.starts[i], cuts.ends[i], cuts.steps[i])
                       : ops_dim_unknown();
    }
    ops_infer_set_shape(x, 0, &shape);
}

/** Puts a shape in place of one axis of another. */
static void replace_axis(struct ops_inference *x, const struct ops_shape *data, int64_t axis,
                         const struct ops_shape *by)
{
    struct ops_shape out = {.rank = 0};
    for (int32_t i = 0; i < data->rank; i++) {
        for (int32_t j = 0; j < by->rank && i == axis; j++) {
            ops_shape_push(&out, by->dims[j]);
        }
        if (i != axis) {
            ops_shape_push(&out, data->dims[i]);
        }
    }
    ops_infer_set_shape(x, 0, &out);
}

void ops_shape_gather(struct ops_inference *x)
{
    struct ops_shape data;
    struct ops_shape indices;
    int64_t axis = ops_infer_int(x, "axis", 0);
    ops_infer_shape(x, 0, &data);
    ops_infer_shape(x, 1, &indices);
    if (data.rank > 0 && indices.rank >= 0 && ops_axis(&axis, data.rank)) {
        replace_axis(x, &data, axis, &indices);
    }
}

void ops_shape_of_indices(struct ops_inference *x)
{
    ops_infer_same_shape(x, 0, 1);
}

void ops_shape_gather_nd(struct ops_inference *x)
{
    struct ops_shape data;
    struct ops_shape out;
    const int64_t batch = ops_infer_int(x, "batch_dims", 0);
    ops_infer_shape(x, 0, &data);
    ops_infer_shape(x, 1, &out);
    const int64_t depth = out.rank > 0 ? out.dims[out.rank - 1].value : -1;
    if (data.rank < 1 || depth < 0 || depth > data.rank || batch < 0 ||
        batch > data.rank - depth) {
        return;
    }
    out.rank--;
    for (int64_t i = batch + depth; i < data.rank; i++) {
        ops_shape_push(&out, data.dims[i]);
    }
    ops_infer_set_shape(x, 0, &out);
}

/** What is added to each axis. @return false where that is not known */
static bool read_pads(const struct ops_inference *x, int32_t rank, int64_t out[OPS_MAX_RANK])
{
    int64_t pads[OPS_MAX_ELEMENTS];
    int64_t axes[OPS_MAX_ELEMENTS];
    size_t n;
    size_t n_axes = (size_t)rank;
    const bool some = ops_infer_has(x, 3);
    const char *const name = ops_infer_opset(x) < 2 ? "paddings" : "pads";
    if (ops_infer_list(x, name, 1, pads, &n) != OPS_YES ||
        (some && !ops_infer_input_ints(x, 3, axes, &n_axes)) || n != 2 * n_axes) {
        return false;
    }
    memset(out, 0, (size_t)rank * sizeof *out);
    for (size_t i = 0; i < n_axes; i++) {
        int64_t axis = some ? axes[i] : (int64_t)i;
        if (!ops_axis(&axis, rank) ||
            __builtin_add_overflow(pads[i], pads[i + n_axes], &out[axis])) {
            return false;
        }
    }
    return true;
}

void ops_shape_pad(struct ops_inference *x)
{
    struct ops_shape shape;
    int64_t added[OPS_MAX_RANK];
    ops_infer_shape(x, 0, &shape);
    const bool known = shape.rank >= 0 && read_pads(x, shape.rank, added);
    for (int32_t i = 0; i < shape.rank; i++) {
        int64_t value;
        if (!known) {
            shape.dims[i] = ops_dim_unknown();
        } else if (added[i] != 0) {
            const bool fits = shape.dims[i].value >= 0 &&
                              !__builtin_add_overflow(shape.dims[i].value, added[i], &value);
            shape.dims[i] = fits ? ops_dim(value) : ops_dim_unknown();
        }
    }
    ops_infer_set_shape(x, 0, &shape);
}

/* Resize */

/** A dimension times a factor, rounded down; unknown where float and double tell different. */
static struct ops_fact_dim scaled(const struct ops_fact_dim *dim, double factor)
{
    enum { MOST = 1 << 30 };
    if (factor > 0.999999 && factor < 1.000001) {
        return *dim;
    }
    if (dim->value < 0 || dim->value > MOST || !(factor > 0) || factor > MOST) {
        return ops_dim_unknown();
    }
    const double wide = floor((double)dim->value * factor);
    const double narrow = (double)floorf((float)dim->value * (float)factor);
    return wide < narrow || wide > narrow ? ops_dim_unknown() : ops_dim((int64_t)wide);
}

/** The factors of Resize or Upsample, wherever the version has them. */
static size_t read_factors(const struct ops_inference *x, double out[OPS_MAX_RANK])
{
    size_t n = 0;
    const bool resize = strcmp(x->kind->op_type, "Resize") == 0;
    const struct onnx_attribute *const scales = ops_infer_attribute(x, "scales");
    if (scales != NULL && scales->type == ONNX_ATTRIBUTE_FLOATS &&
        scales->n_floats <= OPS_MAX_RANK) {
        for (; n < scales->n_floats; n++) {
            out[n] = (double)scales->floats[n];
        }
        return n;
    }
    const uint32_t slot = resize && ops_infer_opset(x) >= 11 ? 2 : 1;
    return ops_infer_input_floats(x, slot, out, OPS_MAX_RANK, &n) ? n : 0;
}

/** @return false: which axes are resized is not known */
static bool resized_axes(const struct ops_inference *x, size_t n, int32_t rank,
                         int64_t out[OPS_MAX_RANK])
{
    size_t n_axes;
    const int64_t *const axes = ops_infer_ints(x, "axes", &n_axes);
    if (n > OPS_MAX_RANK || (n_axes > 0 ? n_axes != n : n != (size_t)rank)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = n_axes > 0 ? axes[i] : (int64_t)i;
        if (!ops_axis(&out[i], rank)) {
            return false;
        }
    }
    return true;
}

void ops_shape_resize(struct ops_inference *x)
{
    struct ops_shape shape;
    double factors[OPS_MAX_RANK];
    int64_t axes[OPS_MAX_RANK];
    const bool sized = ops_infer_has(x, 3);
    const bool stretched = ops_infer_attribute(x, "keep_aspect_ratio_policy") == NULL ||
                           ops_infer_is(x, "keep_aspect_ratio_policy", "stretch");
    const struct ops_shape sizes = spelled(ops_infer_fact(x, 3));
    const size_t n = sized ? (size_t)(sizes.rank < 0 ? 0 : sizes.rank) : read_factors(x, factors);
    ops_infer_shape(x, 0, &shape);
    if (shape.rank < 0 || n == 0 || !resized_axes(x, n, shape.rank, axes) ||
        (sized && !stretched)) {
        shape = of_rank(shape.rank);
        ops_infer_set_shape(x, 0, &shape);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct ops_fact_dim *const dim = &shape.dims[axes[i]];
        *dim = sized ? sizes.dims[i] : scaled(dim, factors[i]);
    }
    ops_infer_set_shape(x, 0, &shape);
}

/* Making, repeating and splitting. */

void ops_shape_constant_of_shape(struct ops_inference *x)
{
    const struct ops_shape shape = spelled(ops_infer_fact(x, 0));
    ops_infer_set_shape(x, 0, &shape);
}

void ops_shape_expand(struct ops_inference *x)
{
    struct ops_shape shape;
    const struct ops_shape to = spelled(ops_infer_fact(x, 1));
    ops_infer_shape(x, 0, &shape);
    ops_shape_broadcast(&shape, &to);
    ops_infer_set_shape(x, 0, &shape);
}

void ops_shape_tile(struct ops_inference *x)
{
    struct ops_shape shape;
    int64_t repeats[OPS_MAX_ELEMENTS];
    size_t n;
    const bool known = ops_infer_opset(x) >= 6 && ops_infer_input_ints(x, 1, repeats, &n);
    ops_infer_shape(x, 0, &shape);
    if (!known || (int32_t)n != shape.rank) {
        shape = of_rank(shape.rank);
        ops_infer_set_shape(x, 0, &shape);
        return;
    }
    for (int32_t i = 0; i < shape.rank; i++) {
        struct ops_fact_dim *const dim = &shape.dims[i];
        int64_t value;
        if (repeats[i] != 1) {
            const bool fits =
                dim->value >= 0 && !__builtin_mul_overflow(dim->value, repeats[i], &value);
            *dim = fits ? ops_dim(value) : ops_dim_unknown();
        }
    }
    ops_infer_set_shape(x, 0, &shape);
}

void ops_shape_range(struct ops_inference *x)
{
    struct ops_shape shape = of_rank(1);
    int64_t bounds[3][OPS_MAX_ELEMENTS];
    size_t n[3];
    bool known = true;
    for (uint32_t slot = 0; slot < 3; slot++) {
        known = ops_infer_input_ints(x, slot, bounds[slot], &n[slot]) && n[slot] == 1 && known;
    }
    int64_t span;
    if (known && bounds[2][0] > 0 &&
        !__builtin_sub_overflow(bounds[1][0], bounds[0][0], &span)) {
        shape.dims[0] = ops_dim(span <= 0 ? 0 : (span - 1) / bounds[2][0] + 1);
    }
    ops_infer_set_shape(x, 0, &shape);
}

/** The parts of a Split: given, or equal but for the last. */
static struct ops_fact_dim part_of(const struct ops_fact_dim *whole, int64_t n_parts, int64_t i,
                                   bool uneven)
{
    const int64_t part = whole->value < 0 ? -1 : (whole->value + n_parts - 1) / n_parts;
    if (part < 0 || (!uneven && whole->value % n_parts != 0) || part * i > whole->value) {
        return ops_dim_unknown();
    }
    const int64_t left = whole->value - part * i;
    return ops_dim(left < part ? left : part);
}

void ops_shape_split(struct ops_inference *x)
{
    struct ops_shape shape;
    int64_t parts[OPS_MAX_ELEMENTS];
    size_t n;
    int64_t axis = ops_infer_int(x, "axis", 0);
    const enum ops_verdict given = ops_infer_list(x, "split", 1, parts, &n);
    ops_infer_shape(x, 0, &shape);
    const int64_t n_parts = x->node->n_outputs;
    const bool uneven = ops_infer_opset(x) >= 18;
    if (shape.rank < 1 || !ops_axis(&axis, shape.rank) ||
        (given == OPS_NO && ops_infer_int(x, "num_outputs", n_parts) != n_parts)) {
        return;
    }
    const struct ops_fact_dim whole = shape.dims[axis];
    for (uint32_t slot = 0; slot < x->node->n_outputs; slot++) {
        shape.dims[axis] = given == OPS_NO ? part_of(&whole, n_parts, slot, uneven)
                           : slot < n      ? ops_dim(parts[slot])
                                           : ops_dim_unknown();
        ops_infer_set_shape(x, slot, &shape);
    }
}

void ops_shape_top_k(struct ops_inference *x)
{
    struct ops_shape shape;
    int64_t k[OPS_MAX_ELEMENTS];
    size_t n;
    int64_t axis = ops_infer_int(x, "axis", -1);
    const bool known = ops_infer_has(x, 1) && ops_infer_input_ints(x, 1, k, &n) && n == 1;
    ops_infer_shape(x, 0, &shape);
    if (shape.rank < 1 || !ops_axis(&axis, shape.rank)) {
        return;
    }
    shape.dims[axis] = ops_dim(known ? k[0] : ops_infer_int(x, "k", -1));
    ops_infer_set_shape(x, 0, &shape);
    ops_infer_set_shape(x, 1, &shape);
}

void ops_shape_non_zero(struct ops_inference *x)
{
    struct ops_shape shape = of_rank(2);
    shape.dims[0] = ops_dim(ops_infer_fact(x, 0)->rank);
    ops_infer_set_shape(x, 0, &shape);
}

void ops_shape_one_hot(struct ops_inference *x)
{
    struct ops_shape indices;
    struct ops_shape out = {.rank = 0};
    int64_t depth[OPS_MAX_ELEMENTS];
    size_t n;
    int64_t axis = ops_infer_int(x, "axis", -1);
    const bool known = ops_infer_input_ints(x, 1, depth, &n) && n == 1;
    ops_infer_shape(x, 0, &indices);
    if (indices.rank < 0 || !ops_axis(&axis, indices.rank + 1)) {
        return;
    }
    for (int32_t i = 0, from = 0; i <= indices.rank && out.rank >= 0; i++) {
        ops_shape_push(&out, i == axis ? ops_dim(known ? depth[0] : -1) : indices.dims[from]);
        from += i != axis;
    }
    ops_infer_set_shape(x, 0, &out);
}

/** Channels to space (1), or back (-1). */
static void move_blocks(struct ops_inference *x, int direction)
{
    struct ops_shape shape;
    const int64_t size = ops_infer_int(x, "blocksize", 0);
    ops_infer_shape(x, 0, &shape);
    if (shape.rank != 4 || size < 1 || size > INT16_MAX) {
        return;
    }
    for (int32_t i = 1; i < 4; i++) {
        const int64_t factor = i == 1 ? size * size : size;
        const int64_t value = shape.dims[i].value;
        const bool grows = (direction > 0) == (i > 1);
        int64_t product;
        if (value < 0 || (!grows && value % factor != 0) ||
            __builtin_mul_overflow(value, grows ? factor : 1, &product)) {
            shape.dims[i] = ops_dim_unknown();
        } else {
            shape.dims[i] = ops_dim(grows ? product : value / factor);
        }
    }
    ops_infer_set_shape(x, 0, &shape);
}

void ops_shape_depth_to_space(struct ops_inference *x)
{
    move_blocks(x, 1);
}

void ops_shape_space_to_depth(struct ops_inference *x)
{
    move_blocks(x, -1);
}

void ops_shape_compress(struct ops_inference *x)
{
    struct ops_shape shape;
    int64_t axis = ops_infer_int(x, "axis", 0);
    ops_infer_shape(x, 0, &shape);
    if (ops_node_attribute(x->node, "axis") == NULL) {
        shape = of_rank(1);
    } else if (shape.rank < 1 || !ops_axis(&axis, shape.rank)) {
        return;
    } else {
        shape.dims[axis] = ops_dim_unknown();
    }
    ops_infer_set_shape(x, 0, &shape);
}

/** The size that an attribute gives. */
void ops_shape_given(struct ops_inference *x)
{
    size_t n;
    const int64_t *const dims = ops_infer_ints(x, "shape", &n);
    struct ops_shape shape = {.rank = 0};
    if (ops_node_attribute(x->node, "shape") == NULL) {
        return;
    }
    for (size_t i = 0; i < n && shape.rank >= 0; i++) {
        ops_shape_push(&shape, ops_dim(dims[i]));
    }
    ops_infer_set_shape(x, 0, &shape);
}

void ops_shape_non_max_suppression(struct ops_inference *x)
{
    const struct ops_shape shape = {.rank = 2, .dims = {ops_dim_unknown(), ops_dim(3)}};
    ops_infer_set_shape(x, 0, &shape);
}

/** As many rows as the batch has. */
void ops_shape_multinomial(struct ops_inference *x)
{
    const struct ops_fact *const data = ops_infer_fact(x, 0);
    const struct ops_shape shape = {.rank = 2,
                                    .dims = {data->rank == 2 ? data->dims[0] : ops_dim_unknown(),
                                             ops_dim(ops_infer_int(x, "sample_size", 1))}};
    ops_infer_set_shape(x, 0, &shape);
}

/** The two last axes go. */
void ops_shape_det(struct ops_inference *x)
{
    struct ops_shape shape;
    ops_infer_shape(x, 0, &shape);
    shape.rank = shape.rank < 2 ? -1 : shape.rank - 2;
    ops_infer_set_shape(x, 0, &shape);
}
