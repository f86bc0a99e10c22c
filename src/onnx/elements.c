/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Floats of fewer than 32 bits differ in the widths of exponent and mantissa, in the bias, and in
 * which codes are infinite or no number:
 *
 *      float16       s eeeee mmmmmmmmmm   all ones in e: infinite or NaN
 *      float8e4m3fn  s eeee mmm           all ones: NaN; nothing is infinite
 *      ...fnuz                            minus zero: NaN; nothing is infinite
 *      float4e2m1    s ee m               neither
 *      float8e8m0    eeeeeeee             a power of two; all ones: NaN
 */
#include "onnx/elements.h"

#include <math.h>
#include <string.h>

#include "onnx/element_type.h"

/** Which codes of a small float are no finite numbers. */
enum specials { NONE, IEEE, ONES, MINUS_ZERO };

struct small_float {
    uint8_t exponent, mantissa, bias, specials; /* widths in bits; */
};

static const struct small_float formats[ONNX_N_ELEMENT_TYPES] = {
    [ONNX_FLOAT16] = {5, 10, 15, IEEE},
    [ONNX_BFLOAT16] = {8, 7, 127, IEEE},
    [ONNX_FLOAT8E4M3FN] = {4, 3, 7, ONES},
    [ONNX_FLOAT8E4M3FNUZ] = {4, 3, 8, MINUS_ZERO},
    [ONNX_FLOAT8E5M2] = {5, 2, 15, IEEE},
    [ONNX_FLOAT8E5M2FNUZ] = {5, 2, 16, MINUS_ZERO},
    [ONNX_FLOAT4E2M1] = {2, 1, 1, NONE},
};

unsigned onnx_numbers_per_element(int32_t type)
{
    if (type == ONNX_COMPLEX64 || type == ONNX_COMPLEX128) {
        return 2;
    }
    return onnx_element_type_bits(type) > 0;
}

bool onnx_is_integer(int32_t type)
{
    switch (type) {
    case ONNX_UINT2:
    case ONNX_INT2:
    case ONNX_UINT4:
    case ONNX_INT4:
    case ONNX_UINT8:
    case ONNX_INT8:
    case ONNX_UINT16:
    case ONNX_INT16:
    case ONNX_UINT32:
    case ONNX_INT32:
    case ONNX_UINT64:
    case ONNX_INT64:
    case ONNX_BOOL:
        return true;
    default:
        return false;
    }
}

/** Bits of one number in raw data. */
static unsigned number_bits(int32_t type)
{
    const unsigned numbers = onnx_numbers_per_element(type);
    return numbers == 0 ? 0 : onnx_element_type_bits(type) / numbers;
}

uint64_t onnx_numbers_in(int32_t type, uint64_t size)
{
    const unsigned bits = number_bits(type);
    if (bits == 0) {
        return 0;
    }
    return bits < 8 ? size * (8 / bits) : size / (bits / 8);
}

uint64_t onnx_raw_size(int32_t type, uint64_t n)
{
    uint64_t bits;
    if (__builtin_mul_overflow(n, (uint64_t)onnx_element_type_bits(type), &bits) ||
        bits > UINT64_MAX - 7) {
        return 0;
    }
    return (bits + 7) / 8;
}

size_t onnx_item_width(int32_t type)
{
    const unsigned bits = number_bits(type);
    return bits < 8 ? 1 : bits / 8;
}

static double decode_small(const struct small_float *format, uint64_t code)
{
    const unsigned width = format->exponent + format->mantissa;
    const uint64_t ones = (UINT64_C(1) << format->exponent) - 1;
    const uint64_t exponent = code >> format->mantissa & ones;
    const uint64_t mantissa = code & ((UINT64_C(1) << format->mantissa) - 1);
    const bool negative = (code >> width & 1) != 0;
    const uint64_t magnitude = code & ((UINT64_C(1) << width) - 1);
    if ((format->specials == ONES && magnitude == (UINT64_C(1) << width) - 1) ||
        (format->specials == MINUS_ZERO && negative && magnitude == 0)) {
        return NAN;
    }
    if (format->specials == IEEE && exponent == ones) {
        return mantissa != 0 ? NAN : negative ? -INFINITY : INFINITY;
    }
    const int scale = (exponent > 0 ? (int)exponent : 1) - format->bias - format->mantissa;
    const uint64_t digits = mantissa + (exponent > 0 ? UINT64_C(1) << format->mantissa : 0);
    const double value = ldexp((double)digits, scale);
    return negative ? -value : value;
}

static double decode_float(int32_t type, uint64_t code)
{
    const uint32_t low = (uint32_t)code;
    float single;
    double wide;
    switch (type) {
    case ONNX_FLOAT:
    case ONNX_COMPLEX64:
        memcpy(&single, &low, sizeof single);
        return (double)single;
    case ONNX_DOUBLE:
    case ONNX_COMPLEX128:
        memcpy(&wide, &code, sizeof wide);
        return wide;
    case ONNX_FLOAT8E8M0:
        return code == 0xff ? NAN : ldexp(1, (int)code - 127);
    default:
        return decode_small(&formats[type], code);
    }
}

static int64_t decode_integer(int32_t type, uint64_t code, unsigned bits)
{
    const bool is_signed = type == ONNX_INT2 || type == ONNX_INT4 || type == ONNX_INT8 ||
                           type == ONNX_INT16 || type == ONNX_INT32 || type == ONNX_INT64;
    if (type == ONNX_BOOL) {
        return code != 0;
    }
    if (is_signed && bits < 64 && (code >> (bits - 1) & 1) != 0) {
        code |= UINT64_MAX << bits;
    }
    int64_t number;
    memcpy(&number, &code, sizeof number);
    return number;
}

/** The bits of number i. */
static uint64_t code_at(const uint8_t *bytes, size_t i, unsigned bits)
{
    if (bits < 8) {
        /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): there are numbers, of some bits */
        const unsigned per_byte = 8 / bits;
        const unsigned shift = (unsigned)(i % per_byte) * bits;
        return (uint64_t)(bytes[i / per_byte] >> shift) & ((1U << bits) - 1);
    }
    uint64_t code = 0;
    const size_t width = bits / 8;
    for (size_t b = width; b > 0; b--) {
        code = code << 8 | bytes[i * width + b - 1];
    }
    return code;
}

void onnx_decode(int32_t type, const uint8_t *bytes, size_t size, union onnx_number *out)
{
    const unsigned bits = number_bits(type);
    const size_t n = (size_t)onnx_numbers_in(type, size);
    const bool integer = onnx_is_integer(type);
    for (size_t i = 0; i < n; i++) {
        const uint64_t code = code_at(bytes, i, bits);
        if (integer) {
            out[i].i = decode_integer(type, code, bits);
        } else {
            out[i].f = decode_float(type, code);
        }
    }
}
