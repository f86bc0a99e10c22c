/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file text_reader.h  What the two files that read models as text share. */
#ifndef OPSIG_ONNX_TEXT_READER_H
#define OPSIG_ONNX_TEXT_READER_H

#include "onnx/element_type.h"
#include "onnx/write.h"

enum { ONNX_TEXT_MAX_DEPTH = 16, ONNX_TEXT_MAX_ELEMENTS = 1 << 20 };

/** Fields of messages that a text can be about. */
enum {
    TEXT_MODEL_IR_VERSION = 1,
    TEXT_MODEL_PRODUCER_NAME = 2,
    TEXT_MODEL_PRODUCER_VERSION = 3,
    TEXT_MODEL_GRAPH = 7,
    TEXT_MODEL_OPSET = 8,
    TEXT_OPSET_DOMAIN = 1,
    TEXT_OPSET_VERSION = 2,
    TEXT_GRAPH_NODE = 1,
    TEXT_GRAPH_NAME = 2,
    TEXT_GRAPH_INITIALIZER = 5,
    TEXT_GRAPH_INPUT = 11,
    TEXT_GRAPH_OUTPUT = 12,
    TEXT_GRAPH_VALUE_INFO = 13,
    TEXT_NODE_INPUT = 1,
    TEXT_NODE_OUTPUT = 2,
    TEXT_NODE_NAME = 3,
    TEXT_NODE_OP_TYPE = 4,
    TEXT_NODE_ATTRIBUTE = 5,
    TEXT_NODE_DOMAIN = 7,
    TEXT_ATTRIBUTE_NAME = 1,
    TEXT_ATTRIBUTE_F = 2,
    TEXT_ATTRIBUTE_I = 3,
    TEXT_ATTRIBUTE_S = 4,
    TEXT_ATTRIBUTE_T = 5,
    TEXT_ATTRIBUTE_G = 6,
    TEXT_ATTRIBUTE_FLOATS = 7,
    TEXT_ATTRIBUTE_INTS = 8,
    TEXT_ATTRIBUTE_STRINGS = 9,
    TEXT_ATTRIBUTE_TYPE = 20,
    TEXT_TENSOR_DIMS = 1,
    TEXT_TENSOR_DATA_TYPE = 2,
    TEXT_TENSOR_STRING_DATA = 6,
    TEXT_TENSOR_NAME = 8,
    TEXT_TENSOR_RAW_DATA = 9,
    TEXT_VALUE_NAME = 1,
    TEXT_VALUE_TYPE = 2,
    TEXT_TYPE_TENSOR = 1,
    TEXT_TYPE_ELEMENT = 1,
    TEXT_TYPE_SHAPE = 2,
    TEXT_SHAPE_DIM = 1,
    TEXT_DIM_VALUE = 1,
    TEXT_DIM_PARAM = 2
};

/** A text under way. */
struct onnx_text {
    const char *start, *at, *end;
    uint64_t n_elements; /* of all tensors so far */
    opsig_error *err;
};

/** Bytes of the text. */
struct onnx_span {
    const char *bytes;
    size_t len;
};

/** A number as it was written, and its value. */
struct onnx_literal {
    bool is_integer;
    int64_t i;
    double f;
};

opsig_status onnx_text_error(struct onnx_text *text, const char *what);
/** The next byte that is no blank and in no comment; NUL at the end. */
char onnx_text_peek(struct onnx_text *text);
/** Passes a byte if it is next. */
bool onnx_text_accept(struct onnx_text *text, char c);
opsig_status onnx_text_expect(struct onnx_text *text, char c);
/** Does a name come next? */
bool onnx_text_at_name(struct onnx_text *text);
/** A name with dots in it, or in quotes. */
opsig_status onnx_text_name(struct onnx_text *text, struct onnx_span *out);
opsig_status onnx_text_number(struct onnx_text *text, struct onnx_literal *out);

/** The element type that comes next, passed; ONNX_UNDEFINED: none does. */
enum onnx_element_type onnx_text_type(struct onnx_text *text);
/** `[2, N, ?]` as a TensorShapeProto; nothing where there are no brackets. */
opsig_status onnx_text_shape(struct onnx_text *text, bool *out_present,
                             struct onnx_message *shape);
/** A tensor from behind its element type: `[2] {1, 2}`. @param name  empty: none */
opsig_status onnx_text_tensor(struct onnx_text *text, enum onnx_element_type type,
                              struct onnx_span name, struct onnx_message *out);
/** A tensor with the shape that stands at `shape_text`, from before its values: `{1, 2}`. */
opsig_status onnx_text_values(struct onnx_text *text, enum onnx_element_type type,
                              const char *shape_text, struct onnx_span name,
                              struct onnx_message *out);

#endif
