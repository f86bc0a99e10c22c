/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file infer.h  Types, shapes and small values carried from inputs to outputs, node by node.
 *
 *  Each tensor has a fact, at first what the file declares. A node's outputs follow from the facts
 *  of its inputs: the type by what operators.txt says of the operator, the shape by a rule of the
 *  table in infer_rules.c. What a rule cannot tell stays unknown. Where the file and the rule
 *  disagree, nothing is known.
 *
 *  Rules do not fail: memory that runs out is remembered (x->status) and ends the whole.
 */
#ifndef OPSIG_GRAPH_INFER_H
#define OPSIG_GRAPH_INFER_H

#include "base/intern.h"
#include "graph/alphabet.h" /* ops_opset_of */
#include "graph/facts.h"
#include "graph/opgraph.h"
#include "graph/operators.h"

enum {
    OPS_MAX_RANK = 32,    /* a higher rank is unknown to rules */
    OPS_MAX_ELEMENTS = 64 /* of tensors whose values are followed */
};

/** A shape on a rule's bench. In dims `symbol` is an id of x->symbols. */
struct ops_shape {
    int32_t rank; /* -1: unknown */
    struct ops_fact_dim dims[OPS_MAX_RANK];
};

/** An element of an integer tensor that is followed: known, or the value of a dimension, or
 *  unknown. */
struct ops_element {
    int64_t value;
    uint32_t symbol; /* where not known; 0: none */
    bool known;
};

/** The elements of a tensor of rank 0 or 1. */
struct ops_elements {
    uint32_t n;
    struct ops_element items[OPS_MAX_ELEMENTS];
};

/** What is known of a tensor. */
struct ops_fact {
    uint8_t kind; /* enum ops_value_kind */
    bool is_scalar; /* of `elements`: rank 0 */
    int32_t element_type;
    int32_t rank;
    const struct ops_fact_dim *dims;
    const struct onnx_tensor *constant; /* NULL: none, or one that is not in the file */
    const struct ops_elements *elements; /* NULL: not followed */
};

struct ops_inference;

/** What can be said of an operator's outputs. */
struct ops_rule {
    const char *op_type;
    void (*shape)(struct ops_inference *x);
    void (*value)(struct ops_inference *x); /* NULL: values are not followed */
};

/** An operator of the model. */
struct ops_infer_kind {
    const char *domain, *op_type;
    int64_t opset;
    const struct ops_operator *op; /* NULL: the table does not know it */
    const struct ops_rule *rule;   /* NULL: none */
};

struct ops_inference {
    struct ops_opgraph *graph;
    struct ops_arena arena;
    struct ops_intern *symbols; /* names of dimensions; id 0 is the empty one: none */
    struct ops_intern *kind_ids;
    OPS_VEC(struct ops_infer_kind) kinds;
    uint32_t *kind_of;      /* by vertex */
    struct ops_fact *facts; /* by tensor */
    opsig_status status;    /* the first failure */
    opsig_error *err;
    OPS_VEC(size_t) left; /* bodies whose holder is not done, in graph->tensors.bodies */
    /* the node at hand */
    uint32_t vertex;
    const struct onnx_node *node;
    const struct ops_infer_kind *kind;
    const size_t *bodies; /* of the node, where it has some */
    size_t n_bodies;
};

/** Finds the facts of all tensors. *x is empty before, and to be disposed of in any case. */
opsig_status ops_infer(struct ops_inference *x, struct ops_opgraph *graph, opsig_error *err);
void ops_infer_dispose(struct ops_inference *x);

/* For rules. Slots beyond a node's, and omitted ones, are absent. */

/** Tensor of an input or output slot of the node at hand, or OPS_NO_TENSOR. */
uint32_t ops_infer_input(const struct ops_inference *x, uint32_t slot);
uint32_t ops_infer_output(const struct ops_inference *x, uint32_t slot);
bool ops_infer_has(const struct ops_inference *x, uint32_t slot);
/** The fact of an input; one that knows nothing where it is absent. */
const struct ops_fact *ops_infer_fact(const struct ops_inference *x, uint32_t slot);
/** The shape of an input, a copy. */
void ops_infer_shape(const struct ops_inference *x, uint32_t slot, struct ops_shape *out);
/** Says that an output has a shape. */
void ops_infer_set_shape(struct ops_inference *x, uint32_t slot, const struct ops_shape *shape);
/** Says that an output has the shape of an input. */
void ops_infer_same_shape(struct ops_inference *x, uint32_t output, uint32_t input);

/** Says that an output is of a type that the table cannot tell. */
void ops_infer_set_type(struct ops_inference *x, uint32_t slot, uint8_t kind,
                        int32_t element_type);

/** The opset version of the operator's domain. */
int64_t ops_infer_opset(const struct ops_inference *x);
/** The attribute that holds; NULL: neither given nor a default. */
const struct onnx_attribute *ops_infer_attribute(const struct ops_inference *x, const char *name);
/** An integer attribute, or what stands for it. */
int64_t ops_infer_int(const struct ops_inference *x, const char *name, int64_t absent);
/** A list of integers; n 0 where it is absent. */
const int64_t *ops_infer_ints(const struct ops_inference *x, const char *name, size_t *out_n);
/** Is a string attribute this text? */
bool ops_infer_is(const struct ops_inference *x, const char *name, const char *text);

/** The integers that an input is known to hold, a scalar as one. @return false: not all known */
bool ops_infer_input_ints(const struct ops_inference *x, uint32_t slot,
                          int64_t out[OPS_MAX_ELEMENTS], size_t *out_n);
/** The numbers of a constant input. @return false: it is none, or has more than `max` */
bool ops_infer_input_floats(const struct ops_inference *x, uint32_t slot, double *out, size_t max,
                            size_t *out_n);
/** Integers that are an attribute of old versions and an input of newer ones.
 *  @return OPS_NO: absent; OPS_UNKNOWN: there, but not known */
enum ops_verdict ops_infer_list(const struct ops_inference *x, const char *attribute,
                                uint32_t slot, int64_t out[OPS_MAX_ELEMENTS], size_t *out_n);

/** A dimension: a number (an unknown one where it is negative), or nothing known. */
struct ops_fact_dim ops_dim(int64_t value);
struct ops_fact_dim ops_dim_unknown(void);
/** Adds an axis; the rank becomes unknown past OPS_MAX_RANK. */
void ops_shape_push(struct ops_shape *shape, struct ops_fact_dim dim);
/** Makes a negative axis positive. @return false where it lies outside [0, rank) */
bool ops_axis(int64_t *axis, int64_t rank);
/** A bound of a cut, counted from the end where it is negative, within [least, most]. */
int64_t ops_clamp(int64_t bound, int64_t n, int64_t least, int64_t most);
/** What is known of a dimension that two facts tell of: *a, refined. @return false where they
 *  contradict each other */
bool ops_dim_merge(struct ops_fact_dim *a, const struct ops_fact_dim *b);
/** The number of elements of part of a shape, [from, to); -1: unknown. */
int64_t ops_shape_product(const struct ops_shape *shape, int32_t from, int32_t to);
/** NumPy's broadcasting of two shapes, both ways. */
void ops_shape_broadcast(struct ops_shape *a, const struct ops_shape *b);

/* The steps of ops_infer. */

/** The rule of an operator, or NULL. */
const struct ops_rule *ops_infer_rule(const char *domain, const char *op_type);
/** Element types of the outputs of the node at hand. */
void ops_infer_types(struct ops_inference *x);
/** Followed elements, which are copied, as an output's value. */
void ops_infer_set_elements(struct ops_inference *x, uint32_t slot,
                            const struct ops_elements *elements, bool is_scalar);
/** A constant, and what follows from it, as an output's value. */
void ops_infer_set_constant(struct ops_inference *x, struct ops_fact *fact,
                            const struct onnx_tensor *tensor);
/** Facts of a body's inputs, as it is entered. */
void ops_infer_enter_body(struct ops_inference *x, const struct ops_body *body);
/** Facts of the outputs of a node with bodies. */
void ops_infer_leave_bodies(struct ops_inference *x);
/** Memory that lives as long as the inference; NULL where it ran out. */
void *ops_infer_alloc(struct ops_inference *x, size_t count, size_t size);

#endif
