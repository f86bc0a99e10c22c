/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file element_type.h  What tensors hold: TensorProto.DataType; and kinds of attributes. */
#ifndef OPSIG_ONNX_ELEMENT_TYPE_H
#define OPSIG_ONNX_ELEMENT_TYPE_H

#include <stddef.h>
#include <stdint.h>

/** TensorProto.DataType. */
enum onnx_element_type {
    ONNX_UNDEFINED = 0,
    ONNX_FLOAT = 1,
    ONNX_UINT8 = 2,
    ONNX_INT8 = 3,
    ONNX_UINT16 = 4,
    ONNX_INT16 = 5,
    ONNX_INT32 = 6,
    ONNX_INT64 = 7,
    ONNX_STRING = 8,
    ONNX_BOOL = 9,
    ONNX_FLOAT16 = 10,
    ONNX_DOUBLE = 11,
    ONNX_UINT32 = 12,
    ONNX_UINT64 = 13,
    ONNX_COMPLEX64 = 14,
    ONNX_COMPLEX128 = 15,
    ONNX_BFLOAT16 = 16,
    ONNX_FLOAT8E4M3FN = 17,
    ONNX_FLOAT8E4M3FNUZ = 18,
    ONNX_FLOAT8E5M2 = 19,
    ONNX_FLOAT8E5M2FNUZ = 20,
    ONNX_UINT4 = 21,
    ONNX_INT4 = 22,
    ONNX_FLOAT4E2M1 = 23,
    ONNX_FLOAT8E8M0 = 24,
    ONNX_UINT2 = 25,
    ONNX_INT2 = 26,
    ONNX_N_ELEMENT_TYPES
};

/** AttributeProto.AttributeType. */
enum onnx_attribute_kind {
    ONNX_ATTRIBUTE_FLOAT = 1,
    ONNX_ATTRIBUTE_INT = 2,
    ONNX_ATTRIBUTE_STRING = 3,
    ONNX_ATTRIBUTE_TENSOR = 4,
    ONNX_ATTRIBUTE_GRAPH = 5,
    ONNX_ATTRIBUTE_FLOATS = 6,
    ONNX_ATTRIBUTE_INTS = 7,
    ONNX_ATTRIBUTE_STRINGS = 8,
    ONNX_ATTRIBUTE_TENSORS = 9,
    ONNX_ATTRIBUTE_GRAPHS = 10,
    ONNX_ATTRIBUTE_SPARSE_TENSOR = 11,
    ONNX_ATTRIBUTE_SPARSE_TENSORS = 12,
    ONNX_ATTRIBUTE_TYPE_PROTO = 13,
    ONNX_ATTRIBUTE_TYPE_PROTOS = 14
};

/** Name of an element type as the specification writes it ("float", "int64"); NULL for a number
 *  that is none. */
const char *onnx_element_type_name(int64_t type);
/** Element type of a name of `len` bytes; ONNX_UNDEFINED for an unknown one. */
enum onnx_element_type onnx_element_type_find(const char *name, size_t len);
/** Bits of one element; 0 for strings and for what is no type. */
unsigned onnx_element_type_bits(int64_t type);

/** Kind of attribute of a name ("ints") of `len` bytes; 0 for an unknown one. */
int32_t onnx_attribute_kind_find(const char *name, size_t len);

#endif
