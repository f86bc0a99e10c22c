/* SPDX-License-Identifier: GPL-2.0-or-later */
/* If, Loop and Scan: what their bodies read follows from what they read, what they write from what
 * their bodies result in. A tensor that a Loop carries may change its shape from one iteration to
 * the next, so within the body only its type is known; one that a Scan carries may not. */
#include <string.h>

#include "graph/infer.h"

static bool is(const struct ops_inference *x, const char *op_type)
{
    return x->kind->domain[0] == '\0' && strcmp(x->kind->op_type, op_type) == 0;
}

/** The fact of input i of a body, to be refined; NULL where it has none. */
static struct ops_fact *body_input(struct ops_inference *x, const struct ops_body *body, size_t i)
{
    const struct ops_tensors *const tensors = &x->graph->tensors;
    const uint32_t tensor =
        i < body->graph->n_inputs ? tensors->ends.items[body->inputs + i] : OPS_NO_TENSOR;
    return tensor != OPS_NO_TENSOR ? &x->facts[tensor] : NULL;
}

/** The fact of result i of a body; NULL where it has none. */
static const struct ops_fact *body_result(const struct ops_inference *x,
                                          const struct ops_body *body, size_t i)
{
    const struct ops_tensors *const tensors = &x->graph->tensors;
    const uint32_t tensor =
        i < body->graph->n_outputs ? tensors->ends.items[body->results + i] : OPS_NO_TENSOR;
    return tensor != OPS_NO_TENSOR ? &x->facts[tensor] : NULL;
}

static void hand_type(struct ops_fact *to, uint8_t kind, int32_t element_type)
{
    if (to != NULL && to->kind == OPS_VALUE_UNKNOWN) {
        to->kind = kind;
    }
    if (to != NULL && to->element_type == 0) {
        to->element_type = element_type;
    }
}

/** Hands on what is known of a tensor, where nothing is known of the other. */
static void hand_over(struct ops_fact *to, const struct ops_fact *from)
{
    hand_type(to, from->kind, from->element_type);
    if (to != NULL && to->rank < 0) {
        to->rank = from->rank;
        to->dims = from->dims;
    }
}

/** A scalar, or what the file says. */
static void hand_scalar(struct ops_fact *to, int32_t element_type)
{
    hand_type(to, OPS_VALUE_TENSOR, element_type);
    if (to != NULL && to->rank < 0) {
        to->rank = 0;
    }
}

static size_t n_scan_inputs(const struct ops_inference *x)
{
    const int64_t n = ops_infer_int(x, "num_scan_inputs", 0);
    return n > 0 && n <= x->node->n_inputs ? (size_t)n : 0;
}

/** Scan from opset 9 on; the older form has another layout. */
static void enter_scan(struct ops_inference *x, const struct ops_body *body)
{
    const size_t n_state = x->node->n_inputs - n_scan_inputs(x);
    for (size_t i = 0; i < x->node->n_inputs; i++) {
        const struct ops_fact *const fact = ops_infer_fact(x, (uint32_t)i);
        if (i < n_state) {
            hand_over(body_input(x, body, i), fact);
        } else {
            hand_type(body_input(x, body, i), fact->kind, fact->element_type);
        }
    }
}

void ops_infer_enter_body(struct ops_inference *x, const struct ops_body *body)
{
    if (is(x, "Loop")) {
        hand_scalar(body_input(x, body, 0), ONNX_INT64);
        hand_scalar(body_input(x, body, 1), ONNX_BOOL);
        for (uint32_t i = 2; i < x->node->n_inputs; i++) {
            const struct ops_fact *const fact = ops_infer_fact(x, i);
            hand_type(body_input(x, body, i), fact->kind, fact->element_type);
        }
    } else if (is(x, "Scan") && ops_infer_opset(x) >= 9) {
        enter_scan(x, body);
    }
}

/** What two tensors have in common, of which one becomes an output. */
static void common_shape(const struct ops_fact *a, const struct ops_fact *b, struct ops_shape *out)
{
    out->rank = a->rank == b->rank ? a->rank : -1;
    for (int32_t i = 0; i < out->rank; i++) {
        out->dims[i] = ops_dim_equal(&a->dims[i], &b->dims[i]) == OPS_YES ? a->dims[i]
                                                                         : ops_dim_unknown();
    }
}

/** Either of two values becomes an output. */
static void set_either(struct ops_inference *x, uint32_t slot, const struct ops_fact *a,
                       const struct ops_fact *b)
{
    struct ops_shape shape;
    const bool agree = a->kind == b->kind && a->element_type == b->element_type;
    const bool half = a->element_type == 0 || b->element_type == 0;
    const struct ops_fact *const known = a->element_type != 0 ? a : b;
    if (agree || half) {
        ops_infer_set_type(x, slot, known->kind, known->element_type);
    }
    common_shape(a, b, &shape);
    ops_infer_set_shape(x, slot, &shape);
}

static const struct ops_body *body_of(const struct ops_inference *x, size_t i)
{
    return &x->graph->tensors.bodies.items[x->bodies[i]];
}

static void leave_if(struct ops_inference *x)
{
    for (uint32_t slot = 0; slot < x->node->n_outputs && x->n_bodies == 2; slot++) {
        const struct ops_fact *const a = body_result(x, body_of(x, 0), slot);
        const struct ops_fact *const b = body_result(x, body_of(x, 1), slot);
        if (a != NULL && b != NULL) {
            set_either(x, slot, a, b);
        }
    }
}

/** An output that collects a result of each iteration along an axis. */
static void set_collected(struct ops_inference *x, uint32_t slot, const struct ops_fact *each)
{
    struct ops_shape shape = {.rank = each->rank >= 0 ? 0 : -1};
    ops_infer_set_type(x, slot, OPS_VALUE_TENSOR, each->element_type);
    if (each->rank >= 0) {
        ops_shape_push(&shape, ops_dim_unknown());
    }
    for (int32_t i = 0; i < each->rank; i++) {
        ops_shape_push(&shape, each->dims[i]);
    }
    ops_infer_set_shape(x, slot, &shape);
}

static void leave_loop(struct ops_inference *x)
{
    const uint32_t n_carried = x->node->n_inputs > 2 ? x->node->n_inputs - 2 : 0;
    for (uint32_t slot = 0; slot < x->node->n_outputs; slot++) {
        const struct ops_fact *const result = body_result(x, body_of(x, 0), (size_t)slot + 1);
        if (result == NULL) {
            continue;
        }
        if (slot < n_carried) {
            set_either(x, slot, ops_infer_fact(x, slot + 2), result);
        } else {
            set_collected(x, slot, result);
        }
    }
}

static void leave_scan(struct ops_inference *x)
{
    const size_t n_state = x->node->n_inputs - n_scan_inputs(x);
    for (uint32_t slot = 0; slot < x->node->n_outputs; slot++) {
        const struct ops_fact *const result = body_result(x, body_of(x, 0), slot);
        if (result == NULL) {
            continue;
        }
        if (slot < n_state) {
            set_either(x, slot, ops_infer_fact(x, slot), result);
        } else if (ops_node_attribute(x->node, "scan_output_axes") == NULL) {
            set_collected(x, slot, result);
        } else {
            ops_infer_set_type(x, slot, OPS_VALUE_TENSOR, result->element_type);
        }
    }
}

void ops_infer_leave_bodies(struct ops_inference *x)
{
    if (is(x, "If")) {
        leave_if(x);
    } else if (is(x, "Loop") && x->n_bodies == 1) {
        leave_loop(x);
    } else if (is(x, "Scan") && x->n_bodies == 1 && ops_infer_opset(x) >= 9) {
        leave_scan(x);
    }
}
