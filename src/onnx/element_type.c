/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One table for each of the two enumerations. */
#include "onnx/element_type.h"

#include <string.h>

/* Text in place, so that nothing has to be relocated. */
static const struct {
    char name[15];
    uint8_t bits;
} types[ONNX_N_ELEMENT_TYPES] = {
    [ONNX_FLOAT] = {"float", 32},
    [ONNX_UINT8] = {"uint8", 8},
    [ONNX_INT8] = {"int8", 8},
    [ONNX_UINT16] = {"uint16", 16},
    [ONNX_INT16] = {"int16", 16},
    [ONNX_INT32] = {"int32", 32},
    [ONNX_INT64] = {"int64", 64},
    [ONNX_STRING] = {"string", 0},
    [ONNX_BOOL] = {"bool", 8},
    [ONNX_FLOAT16] = {"float16", 16},
    [ONNX_DOUBLE] = {"double", 64},
    [ONNX_UINT32] = {"uint32", 32},
    [ONNX_UINT64] = {"uint64", 64},
    [ONNX_COMPLEX64] = {"complex64", 64},
    [ONNX_COMPLEX128] = {"complex128", 128},
    [ONNX_BFLOAT16] = {"bfloat16", 16},
    [ONNX_FLOAT8E4M3FN] = {"float8e4m3fn", 8},
    [ONNX_FLOAT8E4M3FNUZ] = {"float8e4m3fnuz", 8},
    [ONNX_FLOAT8E5M2] = {"float8e5m2", 8},
    [ONNX_FLOAT8E5M2FNUZ] = {"float8e5m2fnuz", 8},
    [ONNX_UINT4] = {"uint4", 4},
    [ONNX_INT4] = {"int4", 4},
    [ONNX_FLOAT4E2M1] = {"float4e2m1", 4},
    [ONNX_FLOAT8E8M0] = {"float8e8m0", 8},
    [ONNX_UINT2] = {"uint2", 2},
    [ONNX_INT2] = {"int2", 2},
};

static const char kinds[][16] = {
    [ONNX_ATTRIBUTE_FLOAT] = "float",
    [ONNX_ATTRIBUTE_INT] = "int",
    [ONNX_ATTRIBUTE_STRING] = "string",
    [ONNX_ATTRIBUTE_TENSOR] = "tensor",
    [ONNX_ATTRIBUTE_GRAPH] = "graph",
    [ONNX_ATTRIBUTE_FLOATS] = "floats",
    [ONNX_ATTRIBUTE_INTS] = "ints",
    [ONNX_ATTRIBUTE_STRINGS] = "strings",
    [ONNX_ATTRIBUTE_TENSORS] = "tensors",
    [ONNX_ATTRIBUTE_GRAPHS] = "graphs",
    [ONNX_ATTRIBUTE_SPARSE_TENSOR] = "sparse_tensor",
    [ONNX_ATTRIBUTE_SPARSE_TENSORS] = "sparse_tensors",
    [ONNX_ATTRIBUTE_TYPE_PROTO] = "type_proto",
    [ONNX_ATTRIBUTE_TYPE_PROTOS] = "type_protos",
};

static int is_named(const char *entry, const char *name, size_t len)
{
    return len > 0 && strlen(entry) == len && memcmp(entry, name, len) == 0;
}

const char *onnx_element_type_name(int64_t type)
{
    return type > 0 && type < ONNX_N_ELEMENT_TYPES ? types[type].name : NULL;
}

enum onnx_element_type onnx_element_type_find(const char *name, size_t len)
{
    for (int i = 1; i < ONNX_N_ELEMENT_TYPES; i++) {
        if (is_named(types[i].name, name, len)) {
            return (enum onnx_element_type)i;
        }
    }
    return ONNX_UNDEFINED;
}

unsigned onnx_element_type_bits(int64_t type)
{
    return type > 0 && type < ONNX_N_ELEMENT_TYPES ? types[type].bits : 0;
}

int32_t onnx_attribute_kind_find(const char *name, size_t len)
{
    for (size_t i = 1; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (is_named(kinds[i], name, len)) {
            return (int32_t)i;
        }
    }
    return 0;
}
