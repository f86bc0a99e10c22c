/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file model.h  What a model is in memory, between loading and graph building.
 *
 *  Everything lives in the model's arena. Value (tensor) names are ids of one intern table, so
 *  that edges are array look-ups; id OPS_NO_VALUE is the empty name of an omitted optional.
 *  Strings are NUL-terminated: a NUL inside a name was refused at loading.
 */
#ifndef OPSIG_ONNX_MODEL_H
#define OPSIG_ONNX_MODEL_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/model.h>

#include "base/arena.h"
#include "base/intern.h"

enum { OPS_NO_VALUE = 0 }; /* the empty string is put first into the intern table */

struct onnx_graph;

/** Bytes that may hold NUL (attribute values of type STRING), and a NUL behind them. What is longer
 *  than opsig_limits.max_name_length is not kept: {NULL, 0}. */
struct onnx_bytes {
    const char *bytes;
    size_t len;
};

/** Where a message's bytes lie in the file that it was read from. */
struct onnx_range {
    uint64_t begin, end;
};

/** An element: integers and bools in `i` (a uint64 above INT64_MAX wraps), floats of whatever width
 *  in `f`, a complex number as two of them. */
union onnx_number {
    int64_t i;
    double f;
};

/** Where a tensor's data lie, and what they are where they are few. */
struct onnx_payload {
    uint32_t field;        /* of TensorProto: raw_data, float_data ...; 0: none, or in pieces */
    uint64_t offset, size; /* of the bytes in the file */
    size_t n_numbers;      /* that are kept: one an element, two a complex one; 0: none. Those of
                              4 and 2 bits may be more than the elements, up to a full byte. */
    const union onnx_number *numbers;
    const struct onnx_bytes *strings; /* instead of numbers */
};

/** A tensor. */
struct onnx_tensor {
    uint32_t name; /* value id */
    int32_t data_type;
    size_t n_dims;
    const int64_t *dims;
    bool external, sparse;
    struct onnx_range bytes;
    const struct onnx_payload *payload; /* NULL unless the model was asked to keep constants */
};

/** AttributeProto; `type` is the ONNX AttributeType, inferred where the file leaves it out. */
struct onnx_attribute {
    const char *name;
    const char *ref_attr_name; /* "" unless inside a function body */
    int32_t type;
    int64_t i;
    float f;
    struct onnx_bytes s;
    size_t n_ints, n_floats, n_strings, n_graphs;
    const int64_t *ints;
    const float *floats;
    const struct onnx_bytes *strings;
    struct onnx_graph *const *graphs; /* g, or graphs, in order */
    const struct onnx_tensor *tensor; /* t, or NULL */
};

struct onnx_node {
    const char *name, *op_type, *domain, *overload; /* domain "ai.onnx" is made "" */
    uint32_t n_inputs, n_outputs, n_attributes;
    const uint32_t *inputs, *outputs; /* value ids */
    const struct onnx_attribute *attributes;
    const char *scope; /* calls around it, "outer/inner/"; "" outside expanded functions */
    int64_t offset;    /* in the file, for messages; no other node has the same */
    int64_t call;      /* offset of the outermost call around it; -1 outside expanded functions */
    struct onnx_range bytes;
};

/** A dimension: value >= 0, or unknown (-1), perhaps with a symbolic name. */
struct onnx_dim {
    int64_t value;
    const char *param; /* "" where none */
};

/** TypeProto: which field says what a value is. */
enum onnx_type_kind {
    ONNX_TYPE_TENSOR = 1,
    ONNX_TYPE_SEQUENCE = 4,
    ONNX_TYPE_MAP = 5,
    ONNX_TYPE_SPARSE_TENSOR = 8,
    ONNX_TYPE_OPTIONAL = 9
};

/** ValueInfoProto: tensor types only in detail; elem_type 0 is unknown. */
struct onnx_value_info {
    uint32_t name; /* value id */
    int32_t elem_type;
    int32_t rank;  /* -1: unknown */
    uint32_t kind; /* enum onnx_type_kind; 0: the file does not say */
    const struct onnx_dim *dims;
    struct onnx_range bytes;
};

struct onnx_graph {
    const char *name;
    size_t n_nodes, n_inputs, n_outputs, n_value_infos, n_initializers;
    struct onnx_node *nodes;
    const struct onnx_value_info *inputs, *outputs, *value_infos;
    const struct onnx_tensor *initializers; /* dense and sparse */
};

struct onnx_opset {
    const char *domain;
    int64_t version;
};

struct onnx_function {
    const char *name, *domain, *overload;
    uint32_t n_inputs, n_outputs;
    const uint32_t *inputs, *outputs; /* value ids */
    size_t n_nodes, n_opsets, n_defaults;
    struct onnx_node *nodes;
    const struct onnx_opset *opsets;
    const struct onnx_attribute *defaults; /* attribute_proto: parameters with defaults */
    struct onnx_range bytes;
};

/** A large array of a model, outside its arena so that it can grow where it is. */
struct onnx_block {
    struct onnx_block *next, **link; /* of a list; *link == this */
    alignas(max_align_t) unsigned char bytes[];
};

struct opsig_model {
    struct ops_arena arena;
    struct onnx_block *blocks;
    struct ops_intern *values;
    int64_t ir_version;
    const char *producer_name, *producer_version;
    size_t n_opsets, n_functions;
    const struct onnx_opset *opsets;
    const struct onnx_function *functions;
    struct onnx_graph *graph;
    size_t n_notes;
    const char *const *notes;
    bool keeps_constants; /* tensors have payloads */
};

/* As opsig_model_load, _fd and _memory. With `keep_constants` tensors have payloads, and graphs
 * that are built of the model have facts (graph/facts.h). */
opsig_status ops_model_load(opsig_model **out, const char *path, const opsig_limits *limits,
                            bool keep_constants, opsig_error *err);
opsig_status ops_model_load_fd(opsig_model **out, int fd, const opsig_limits *limits,
                               bool keep_constants, opsig_error *err);
opsig_status ops_model_load_memory(opsig_model **out, const void *bytes, size_t size,
                                   const opsig_limits *limits, bool keep_constants,
                                   opsig_error *err);

#endif
