/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The elements of constants: of small ones, which are at hand, and of large ones, for which the
 * model's file is opened again. Whatever the file has become since, no byte beyond the payload's
 * size is read, and no more elements are handed out than the tensor has. */
#include <math.h>

#include "base/error.h"
#include "base/reader.h"
#include "graph/facts.h"
#include "onnx/elements.h"

enum { AT_ONCE = 512, WIDEST = 8 /* bytes of a number */, LONGEST_ITEM = 10 };

static double as_double(union onnx_number number, int32_t type)
{
    if (type == ONNX_UINT64 && number.i < 0) {
        return (double)(uint64_t)number.i;
    }
    return onnx_is_integer(type) ? (double)number.i : number.f;
}

double ops_constant_number(const struct ops_facts *facts, const struct ops_fact_constant *constant,
                           uint64_t i)
{
    if (onnx_numbers_per_element(constant->element_type) != 1) {
        return NAN;
    }
    return as_double(facts->numbers[constant->first + i], constant->element_type);
}

/** Where elements go. */
struct visitor {
    ops_elements_fn visit;
    void *payload;
    int32_t type;
    uint64_t n_left; /* numbers that the tensor still has */
    bool stopped;
};

static void hand_over(struct visitor *visitor, const union onnx_number *numbers, size_t n)
{
    double doubles[AT_ONCE];
    for (size_t at = 0; at < n && visitor->n_left > 0 && !visitor->stopped;) {
        size_t len = 0;
        for (; len < AT_ONCE && at < n && visitor->n_left > 0; visitor->n_left--) {
            doubles[len++] = as_double(numbers[at++], visitor->type);
        }
        visitor->stopped = !visitor->visit(doubles, len, visitor->payload);
    }
}

/** Reads raw data of `size` bytes. */
static opsig_status read_raw(struct ops_reader *reader, uint64_t size, struct visitor *visitor,
                             struct ops_deadline *deadline, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint8_t bytes[AT_ONCE * WIDEST];
    union onnx_number numbers[AT_ONCE];
    const size_t width = onnx_item_width(visitor->type);
    const size_t step = AT_ONCE / (size_t)onnx_numbers_in(visitor->type, width) * width;
    while (size > 0 && visitor->n_left > 0 && !visitor->stopped) {
        const size_t n = size < step ? (size_t)size : step;
        TRY(ops_deadline_check(deadline, err));
        TRY(ops_reader_read(reader, bytes, n, err));
        onnx_decode(visitor->type, bytes, n, numbers);
        hand_over(visitor, numbers, (size_t)onnx_numbers_in(visitor->type, n));
        size -= n;
    }
done:
    return status;
}

/** Takes items off bytes, and adds what they are in raw data. @return bytes taken; 0: damaged */
static size_t take_items(uint32_t field, int32_t type, const uint8_t *bytes, size_t len,
                         uint8_t raw[AT_ONCE * WIDEST], size_t *out_len)
{
    const size_t width = ops_payload_width(field, type);
    size_t at = 0;
    *out_len = 0;
    for (size_t i = 0; i < AT_ONCE / 8 && at < len; i++) {
        uint64_t item;
        const size_t n = ops_payload_item(field, bytes + at, len - at, &item);
        if (n == 0) {
            return 0;
        }
        for (size_t b = 0; b < width; b++) {
            raw[(*out_len)++] = (uint8_t)(item >> (8 * b));
        }
        at += n;
    }
    return at;
}

/** Reads packed items of `size` bytes. @param out_damaged  they are none */
static opsig_status read_items(struct ops_reader *reader, uint32_t field, uint64_t size,
                               struct visitor *visitor, struct ops_deadline *deadline,
                               bool *out_damaged, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint8_t raw[AT_ONCE * WIDEST];
    union onnx_number numbers[AT_ONCE];
    *out_damaged = false;
    while (size > 0 && visitor->n_left > 0 && !visitor->stopped) {
        const uint8_t *bytes;
        size_t len;
        size_t raw_len;
        const size_t most = (size_t)AT_ONCE / 8 * LONGEST_ITEM;
        TRY(ops_deadline_check(deadline, err));
        TRY(ops_reader_peek(reader, size < most ? (size_t)size : most, &bytes, &len, err));
        const size_t taken = take_items(field, visitor->type, bytes, len, raw, &raw_len);
        if (taken == 0) {
            *out_damaged = true;
            break;
        }
        onnx_decode(visitor->type, raw, raw_len, numbers);
        hand_over(visitor, numbers, (size_t)onnx_numbers_in(visitor->type, raw_len));
        ops_reader_advance(reader, taken);
        size -= taken;
    }
done:
    return status;
}

static opsig_status read_file(const struct ops_fact_constant *constant, const char *path,
                              struct visitor *visitor, struct ops_deadline *deadline,
                              bool *out_damaged, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    *out_damaged = false;
    TRY(ops_reader_open(&reader, path, UINT64_MAX, err));
    TRY(ops_reader_skip(reader, constant->offset, err));
    if (constant->field == OPS_RAW_DATA) {
        TRY(read_raw(reader, constant->size, visitor, deadline, err));
    } else {
        TRY(read_items(reader, constant->field, constant->size, visitor, deadline, out_damaged,
                       err));
    }
done:
    ops_reader_free(reader);
    return status;
}

opsig_status ops_constant_each(const struct ops_facts *facts,
                               const struct ops_fact_constant *constant, const char *path,
                               struct ops_deadline *deadline, ops_elements_fn visit, void *payload,
                               bool *out_complete, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    bool damaged = false;
    struct visitor visitor = {.visit = visit,
                              .payload = payload,
                              .type = constant->element_type,
                              .n_left = constant->n_elements};
    *out_complete = false;
    if (onnx_numbers_per_element(constant->element_type) != 1) {
        return OPSIG_OK;
    }
    if ((constant->flags & OPS_CONSTANT_KEPT) != 0) {
        hand_over(&visitor, facts->numbers + constant->first, (size_t)constant->n_elements);
    } else if (path == NULL || constant->size == 0) {
        return OPSIG_OK;
    } else {
        TRY(read_file(constant, path, &visitor, deadline, &damaged, err));
    }
    *out_complete = visitor.stopped || (visitor.n_left == 0 && !damaged);
done:
    return status;
}
