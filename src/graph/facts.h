/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file facts.h  What is known of a graph's tensors and attributes, beyond its edges: for rules.
 *
 *  Facts are part of a graph's block where the model was loaded with its constants
 *  (ops_graph_load, ops_model_load), so they cross processes with it; ops_facts_of gives the view.
 *  Tensors are numbered: each name that a graph or body defines is one. What is not known is said
 *  so: an element type 0, a rank -1, a dimension -1 with or without a name, a constant whose
 *  elements are not at hand.
 *
 *      const struct ops_facts *facts = ops_facts_of(graph);
 *      const uint32_t x = ops_facts_input(facts, v, 0);            tensor of input 0 of vertex v
 *      if (x != OPS_NO_TENSOR && facts->tensors[x].rank == 4) ...  NO_TENSOR: absent
 *
 *      const struct ops_fact_attribute *group =
 *          ops_facts_attribute(facts, v, "group", NULL);           given, or the default
 *      if (group != NULL && group->i > 1) ...
 */
#ifndef OPSIG_GRAPH_FACTS_H
#define OPSIG_GRAPH_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/graph.h>

#include "base/deadline.h"
#include "graph/tensors.h" /* OPS_NO_TENSOR */
#include "graph/walk.h"    /* OPS_NO_VERTEX */
#include "onnx/element_type.h"
#include "onnx/model.h"

#define OPS_NO_CONSTANT UINT32_MAX

/** An answer to a question about a graph. */
enum ops_verdict { OPS_NO, OPS_YES, OPS_UNKNOWN };

/** What a value is. */
enum ops_value_kind {
    OPS_VALUE_UNKNOWN,
    OPS_VALUE_TENSOR,
    OPS_VALUE_SEQUENCE, /* of tensors; element_type is theirs, rank is that of all of them */
    OPS_VALUE_OTHER     /* a map, an optional, a sparse tensor */
};

enum ops_tensor_flags {
    OPS_TENSOR_INPUT = 1,       /* input of the main graph (perhaps with an initializer) */
    OPS_TENSOR_OUTPUT = 2,      /* output of the main graph */
    OPS_TENSOR_BODY_INPUT = 4,  /* input of a nested graph */
    OPS_TENSOR_BODY_OUTPUT = 8, /* output of a nested graph */
    OPS_TENSOR_CAPTURED = 16,   /* read, or handed on as a result, inside a nested graph of the one
                                   that defines it */
    OPS_TENSOR_INITIALIZER = 32
};

/** A dimension: value >= 0, or -1; then `symbol` may be the place of a name that stands for the
 *  same unknown number wherever it occurs (facts->text + symbol; 0: none). */
struct ops_fact_dim {
    int64_t value;
    uint32_t symbol;
    uint32_t unused;
};

struct ops_fact_tensor {
    uint32_t name;     /* facts->text + name; "" for one that function expansion made */
    uint32_t producer; /* vertex; OPS_NO_VERTEX: an input or an initializer */
    uint32_t slot;     /* which output of the producer */
    uint32_t holder;   /* vertex whose body defines it; OPS_NO_VERTEX: the main graph */
    uint32_t n_readers; /* input slots of nodes of the same graph or body that read it */
    uint32_t constant;  /* facts->constants[constant], or OPS_NO_CONSTANT */
    uint32_t dims;      /* facts->dims[dims] is the first of `rank` */
    int32_t rank;       /* -1: unknown */
    int32_t element_type; /* enum onnx_element_type; 0: unknown */
    uint8_t kind;         /* enum ops_value_kind */
    uint8_t flags;        /* enum ops_tensor_flags */
    uint16_t unused;
};

enum ops_constant_flags {
    OPS_CONSTANT_KEPT = 1,    /* the elements are at hand */
    OPS_CONSTANT_FOLDED = 2,  /* computed: of a Shape, say, of a known shape; not in the file */
    OPS_CONSTANT_EXTERNAL = 4 /* in another file, which is never opened */
};

/** The value of a tensor that is the same in every run: an initializer that no caller can replace,
 *  a Constant, one of these behind Identity, or what follows from known shapes. */
struct ops_fact_constant {
    uint64_t n_elements; /* UINT64_MAX where the dimensions overflow */
    uint64_t offset;     /* of the payload in the file, bytes */
    uint64_t size;       /* of the payload; 0: it cannot be read on demand */
    uint32_t first;      /* facts->numbers[first] is the first element that is kept */
    int32_t element_type; /* says how: onnx_number; of a complex number two */
    uint32_t field;       /* of TensorProto that holds the payload */
    uint32_t flags;       /* enum ops_constant_flags */
};

/** The given or default attribute of a vertex. */
struct ops_fact_attribute {
    int64_t i;      /* INT; of a tensor: its data_type; of graphs: how many */
    float f;        /* FLOAT */
    uint32_t name;  /* facts->text + name */
    int32_t type;   /* enum onnx_attribute_kind */
    uint32_t s;     /* STRING: facts->text + s */
    uint32_t s_len; /* a string may hold NUL bytes */
    uint32_t n_items, items; /* of a list: facts->numbers[items] is the first; floats are `f`,
                                strings `i`: facts->text + i */
    uint32_t constant; /* of a tensor: facts->constants[constant], or OPS_NO_CONSTANT */
};

/** An operator that the graph uses. */
struct ops_fact_kind {
    int64_t opset;                         /* of its domain, as the model imports it */
    int64_t since;                         /* 0: an operator that the table does not know */
    uint32_t n_inputs, n_outputs;          /* ports, not slots */
    uint32_t inputs, outputs;              /* first of their names in facts->ports (text) */
    uint32_t n_attributes, attributes;     /* defaults */
};

struct ops_fact_vertex {
    uint32_t kind;                     /* facts->kinds */
    uint32_t holder;                   /* vertex whose body it is in; OPS_NO_VERTEX */
    uint32_t n_inputs, inputs;         /* facts->slots[inputs + slot] is a tensor */
    uint32_t n_outputs, outputs;       /* likewise; OPS_NO_TENSOR where omitted */
    uint32_t n_attributes, attributes; /* as given */
};

/** A graph in an attribute of a vertex: facts->ends[inputs] is the tensor of its first input,
 *  facts->ends[results] that of its first result (OPS_NO_TENSOR: defined nowhere). */
struct ops_fact_body {
    uint32_t holder;
    uint32_t n_inputs, inputs;
    uint32_t n_results, results;
};

/** The view of a block. */
struct ops_facts {
    uint32_t n_tensors, n_constants, n_kinds, n_vertices, n_bodies;
    const struct ops_fact_tensor *tensors;
    const struct ops_fact_dim *dims;
    const struct ops_fact_constant *constants;
    const union onnx_number *numbers;
    const struct ops_fact_vertex *vertices;
    const struct ops_fact_kind *kinds;
    const struct ops_fact_attribute *attributes;
    const struct ops_fact_body *bodies; /* in the order in which the file has them */
    const uint32_t *slots, *ports, *ends;
    const char *text;
};

/** As opsig_graph_load; with `facts` the graph has them. */
opsig_status ops_graph_load(opsig_graph **out, const char *path, const opsig_limits *limits,
                            bool facts, opsig_error *err);

/** The facts of a graph, NULL where none were asked for; they live as long as the graph. */
const struct ops_facts *ops_facts_of(const opsig_graph *graph);

/** Tensor in an input or output slot; OPS_NO_TENSOR: omitted, beyond the last, or (inputs) defined
 *  nowhere. */
uint32_t ops_facts_input(const struct ops_facts *facts, uint32_t v, uint32_t slot);
uint32_t ops_facts_output(const struct ops_facts *facts, uint32_t v, uint32_t slot);
/** Slot of the input or output of that name, in the version of the operator that the model uses;
 *  -1: no such name, or an unknown operator. */
int32_t ops_facts_input_slot(const struct ops_facts *facts, uint32_t v, const char *name);
int32_t ops_facts_output_slot(const struct ops_facts *facts, uint32_t v, const char *name);

/** The attribute that holds for a vertex: as given, or its default in this version; NULL: neither.
 *  @param out_given  not NULL: does the file itself give it? */
const struct ops_fact_attribute *ops_facts_attribute(const struct ops_facts *facts, uint32_t v,
                                                     const char *name, bool *out_given);

/** The dimensions of a tensor; NULL where its rank is unknown or 0. */
const struct ops_fact_dim *ops_facts_dims(const struct ops_facts *facts, uint32_t tensor);
/** Are two dimensions the same? Known where both are numbers, or the same name. */
enum ops_verdict ops_dim_equal(const struct ops_fact_dim *a, const struct ops_fact_dim *b);
/** Number of elements of a tensor; -1: unknown. */
int64_t ops_facts_n_elements(const struct ops_facts *facts, uint32_t tensor);
/** Does `tensor` broadcast to the shape of `to`, one way (NumPy's rules)? */
enum ops_verdict ops_facts_broadcasts(const struct ops_facts *facts, uint32_t tensor, uint32_t to);

/** The constant that a tensor is, or NULL. */
const struct ops_fact_constant *ops_facts_constant(const struct ops_facts *facts, uint32_t tensor);
/** Element i < n_elements of a kept constant as a number (of strings and complex numbers: NaN). */
double ops_constant_number(const struct ops_facts *facts, const struct ops_fact_constant *constant,
                           uint64_t i);

/** Called with elements in their order, some at a time. @return false to stop */
typedef bool (*ops_elements_fn)(const double *numbers, size_t n, void *payload);
/** Hands the elements of a constant to a function: those at hand, or read from the model's file
 *  `path` (NULL: there is none).
 *  @param out_complete  false where not all of them can be had, and the function did not stop
 *  @return as ops_reader_open and ops_reader_skip; OPSIG_TIMEOUT, OPSIG_CANCELLED */
opsig_status ops_constant_each(const struct ops_facts *facts,
                               const struct ops_fact_constant *constant, const char *path,
                               struct ops_deadline *deadline, ops_elements_fn visit, void *payload,
                               bool *out_complete, opsig_error *err);

#endif
