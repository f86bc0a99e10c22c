/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Precision and range of the number types, from their definitions: IEEE 754-2019 for float16, float
 * and double; bfloat16; the OCP 8-bit and microscaling formats for float8 and float4, as the ONNX
 * specification describes them. */
#include "rules/types.h"

#include <stddef.h>

#include "onnx/element_type.h"

/** A number type. Integers: `digits` without the sign, exponents 0. Floats: `digits` of the
 *  significand with the hidden one, exponents of the smallest subnormal and of the largest
 *  number. */
struct number_type {
    int digits, smallest, largest;
    bool is_signed, is_float, is_integer;
};

#define INTEGER(bits, sign) {(bits) - (sign), 0, (bits) - (sign) - 1, (sign) != 0, false, true}
#define FLOAT(digits, smallest, largest) {(digits), (smallest), (largest), true, true, false}

static const struct number_type table[ONNX_N_ELEMENT_TYPES] = {
    [ONNX_BOOL] = {1, 0, 0, false, false, false},
    [ONNX_UINT2] = INTEGER(2, 0),
    [ONNX_INT2] = INTEGER(2, 1),
    [ONNX_UINT4] = INTEGER(4, 0),
    [ONNX_INT4] = INTEGER(4, 1),
    [ONNX_UINT8] = INTEGER(8, 0),
    [ONNX_INT8] = INTEGER(8, 1),
    [ONNX_UINT16] = INTEGER(16, 0),
    [ONNX_INT16] = INTEGER(16, 1),
    [ONNX_UINT32] = INTEGER(32, 0),
    [ONNX_INT32] = INTEGER(32, 1),
    [ONNX_UINT64] = INTEGER(64, 0),
    [ONNX_INT64] = INTEGER(64, 1),
    [ONNX_FLOAT16] = FLOAT(11, -24, 15),
    [ONNX_BFLOAT16] = FLOAT(8, -133, 127),
    [ONNX_FLOAT] = FLOAT(24, -149, 127),
    [ONNX_DOUBLE] = FLOAT(53, -1074, 1023),
    [ONNX_FLOAT8E4M3FN] = FLOAT(4, -9, 8),
    [ONNX_FLOAT8E4M3FNUZ] = FLOAT(4, -10, 7),
    [ONNX_FLOAT8E5M2] = FLOAT(3, -16, 15),
    [ONNX_FLOAT8E5M2FNUZ] = FLOAT(3, -17, 15),
    [ONNX_FLOAT4E2M1] = FLOAT(2, -1, 2),
    [ONNX_FLOAT8E8M0] = {1, -127, 127, false, true, false},
};

static const struct number_type *find(int type)
{
    static const struct number_type none = {0};
    return type > 0 && type < ONNX_N_ELEMENT_TYPES ? &table[type] : &none;
}

bool ops_type_is_float(int type)
{
    return find(type)->is_float;
}

bool ops_type_is_integer(int type)
{
    return find(type)->is_integer;
}

bool ops_type_is_signed(int type)
{
    return find(type)->is_signed;
}

bool ops_type_fits(int type, int to)
{
    const struct number_type *const from = find(type);
    const struct number_type *const target = find(to);
    if (type == to) {
        return true;
    }
    return from->digits > 0 && target->digits > 0 && (target->is_float || !from->is_float) &&
           (target->is_signed || !from->is_signed) && from->digits <= target->digits &&
           from->smallest >= target->smallest && from->largest <= target->largest;
}
