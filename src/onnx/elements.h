/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file elements.h  The elements of tensors, from the bytes of raw_data to numbers. */
#ifndef OPSIG_ONNX_ELEMENTS_H
#define OPSIG_ONNX_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onnx/model.h"

/** The most elements of a tensor that is kept. */
enum { OPS_MOST_KEPT = 1024 };

/** Numbers that an element becomes: 2 for a complex type, 1 for others, 0 for strings and for what
 *  is no type. */
unsigned onnx_numbers_per_element(int32_t type);
/** Is an element a number in `i`, not in `f`? */
bool onnx_is_integer(int32_t type);
/** The numbers that `size` bytes of raw data hold; those of 4 and 2 bits are counted up to the end
 *  of the last byte, whether or not it is full. */
uint64_t onnx_numbers_in(int32_t type, uint64_t size);
/** Bytes of raw data that n elements take; 0 for strings, and where that overflows. */
uint64_t onnx_raw_size(int32_t type, uint64_t n);
/** Decodes all numbers of raw data (little-endian, as files have it). */
void onnx_decode(int32_t type, const uint8_t *bytes, size_t size, union onnx_number *out);
/** Bytes that one number takes in raw data; 1 where several share one. */
size_t onnx_item_width(int32_t type);

/* The fields of TensorProto that hold data. */
enum {
    OPS_FLOAT_DATA = 4,
    OPS_INT32_DATA = 5,
    OPS_STRING_DATA = 6,
    OPS_INT64_DATA = 7,
    OPS_RAW_DATA = 9,
    OPS_DOUBLE_DATA = 10,
    OPS_UINT64_DATA = 11
};

/** Reads the next item of packed data, the bits of which are put into *out.
 *  @param field  of TensorProto, not raw_data or string_data
 *  @return bytes read; 0 where there is no item */
size_t ops_payload_item(uint32_t field, const uint8_t *bytes, size_t len, uint64_t *out);
/** Bytes that such an item takes in raw data. */
size_t ops_payload_width(uint32_t field, int32_t type);

#endif
