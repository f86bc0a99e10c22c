/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data of tensors, where a model is asked to keep constants: the place of all that lie in one
 * piece, and the numbers of those with few. Whatever form they have in the file, they become bytes
 * as raw_data has them, and those become numbers. What is damaged in data is no error, since
 * loading without constants does not look at it: such a tensor has no payload. */
#include <string.h>

#include "onnx/element_type.h"
#include "onnx/loader.h"

enum {
    MOST_BYTES = OPS_MOST_KEPT * 16,       /* of complex128 */
    MOST_ITEMS = OPS_MOST_KEPT * 2,        /* of float_data, for complex64 */
    LONGEST_VARINT = 10,
    MOST_PACKED = MOST_ITEMS * LONGEST_VARINT, /* bytes of a packed field */
    MOST_KEPT = 64 * 1024 * 1024           /* bytes of numbers for one model */
};

/** The field beside raw_data that elements of a type may stand in. */
static uint32_t typed_field(int32_t type)
{
    switch (type) {
    case ONNX_FLOAT:
    case ONNX_COMPLEX64:
        return OPS_FLOAT_DATA;
    case ONNX_DOUBLE:
    case ONNX_COMPLEX128:
        return OPS_DOUBLE_DATA;
    case ONNX_INT64:
        return OPS_INT64_DATA;
    case ONNX_UINT32:
    case ONNX_UINT64:
        return OPS_UINT64_DATA;
    case ONNX_STRING:
        return OPS_STRING_DATA;
    default:
        return OPS_INT32_DATA;
    }
}

static void drop(struct ops_payload_parts *parts)
{
    parts->dropped = true;
    parts->payload = (struct onnx_payload){0};
}

static opsig_status push_item(struct ops_loader *loader, struct ops_payload_parts *parts,
                              uint64_t item)
{
    if (loader->items.len == MOST_ITEMS) {
        parts->too_many = true;
        return OPSIG_OK;
    }
    return ops_vec_push(&loader->items, item, loader->err);
}

/** Reads a varint. @return the bytes it has; 0: it is none */
static size_t read_varint(const uint8_t *bytes, size_t len, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < len && i < LONGEST_VARINT; i++) {
        *out |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
        if (bytes[i] < 0x80) {
            return i + 1;
        }
    }
    return 0;
}

/** Reads a number of 4 or 8 bytes. @return how many there are; 0: too few */
static size_t read_fixed(const uint8_t *bytes, size_t len, size_t width, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < width && i < len; i++) {
        *out |= (uint64_t)bytes[i] << (8 * i);
    }
    return width <= len ? width : 0;
}

size_t ops_payload_item(uint32_t field, const uint8_t *bytes, size_t len, uint64_t *out)
{
    if (field == OPS_FLOAT_DATA || field == OPS_DOUBLE_DATA) {
        return read_fixed(bytes, len, field == OPS_FLOAT_DATA ? 4 : 8, out);
    }
    return read_varint(bytes, len, out);
}

static opsig_status read_packed(struct ops_loader *loader, const struct ops_field *field,
                                struct ops_payload_parts *parts)
{
    const char *bytes;
    opsig_status status = OPSIG_OK;
    if (field->value > MOST_PACKED) {
        parts->too_many = true;
        return OPSIG_OK;
    }
    TRY(ops_wire_look(&loader->wire, field, MOST_PACKED, &bytes));
    for (size_t at = 0, n; at < field->value; at += n) {
        uint64_t item;
        n = ops_payload_item(field->number, (const uint8_t *)bytes + at,
                             (size_t)field->value - at, &item);
        if (n == 0) {
            drop(parts);
            return OPSIG_OK;
        }
        TRY(push_item(loader, parts, item));
    }
done:
    return status;
}

static opsig_status read_raw(struct ops_loader *loader, const struct ops_field *field,
                             struct ops_payload_parts *parts)
{
    const char *bytes;
    opsig_status status = OPSIG_OK;
    if (field->value > MOST_BYTES) {
        parts->too_many = true;
        return OPSIG_OK;
    }
    TRY(ops_wire_look(&loader->wire, field, MOST_BYTES, &bytes));
    TRY(ops_vec_reserve(&loader->raw, (size_t)field->value, loader->err));
    if (field->value > 0) {
        memcpy(loader->raw.items, bytes, (size_t)field->value);
    }
    loader->raw.len = (size_t)field->value;
done:
    return status;
}

static opsig_status read_string(struct ops_loader *loader, const struct ops_field *field,
                                struct ops_payload_parts *parts)
{
    void *item;
    opsig_status status = OPSIG_OK;
    if (parts->strings.len == OPS_MOST_KEPT) {
        parts->too_many = true;
        return OPSIG_OK;
    }
    TRY(ops_loader_push(loader, &parts->strings, sizeof(struct onnx_bytes), &item));
    TRY(ops_loader_bytes(loader, field, item));
    parts->too_many = parts->too_many || ((struct onnx_bytes *)item)->bytes == NULL;
done:
    return status;
}

/** The wire type of an item that is not packed. */
static uint32_t item_wire_type(uint32_t field)
{
    return field == OPS_FLOAT_DATA    ? OPS_WIRE_FIXED32
           : field == OPS_DOUBLE_DATA ? OPS_WIRE_FIXED64
                                      : OPS_WIRE_VARINT;
}

/** Can a field's data follow those that were read before? Lists may come in pieces, but all in one
 *  field; of raw_data there is one. */
static bool may_follow(const struct ops_payload_parts *parts, const struct ops_field *field)
{
    const bool first = parts->payload.field == 0;
    return !parts->dropped && !parts->finished &&
           (first || (parts->payload.field == field->number && field->number != OPS_RAW_DATA));
}

/** Has a field the wire type of its data, packed or not? */
static bool is_well_typed(const struct ops_field *field)
{
    const bool listed = field->number != OPS_RAW_DATA && field->number != OPS_STRING_DATA;
    return field->wire_type == OPS_WIRE_BYTES ||
           (listed && field->wire_type == item_wire_type(field->number));
}

opsig_status ops_load_payload(struct ops_loader *loader, const struct ops_field *field,
                              struct ops_payload_parts *parts)
{
    const bool first = parts->payload.field == 0;
    const bool packed = field->wire_type == OPS_WIRE_BYTES;
    if (!may_follow(parts, field) || !is_well_typed(field)) {
        drop(parts);
        return OPSIG_OK;
    }
    parts->payload.field = field->number;
    parts->payload.offset = first && packed ? field->end - field->value : 0;
    parts->payload.size =
        first && packed && field->number != OPS_STRING_DATA ? field->value : 0;
    switch (field->number) {
    case OPS_RAW_DATA:
        return read_raw(loader, field, parts);
    case OPS_STRING_DATA:
        return read_string(loader, field, parts);
    default:
        return packed ? read_packed(loader, field, parts)
                      : push_item(loader, parts, field->value);
    }
}

size_t ops_payload_width(uint32_t field, int32_t type)
{
    return field == OPS_FLOAT_DATA ? 4 : field == OPS_DOUBLE_DATA ? 8 : onnx_item_width(type);
}

/** The low bytes of items are what raw data would have. */
static opsig_status items_to_raw(struct ops_loader *loader, uint32_t field, int32_t type)
{
    opsig_status status = OPSIG_OK;
    const size_t width = ops_payload_width(field, type);
    TRY(ops_vec_reserve(&loader->raw, loader->items.len * width, loader->err));
    for (size_t i = 0; i < loader->items.len; i++) {
        for (size_t b = 0; b < width; b++) {
            loader->raw.items[loader->raw.len++] = (uint8_t)(loader->items.items[i] >> (8 * b));
        }
    }
done:
    return status;
}

/** Makes numbers of raw bytes, if they are few and whole. */
static opsig_status decode(struct ops_loader *loader, int32_t type, struct onnx_payload *payload)
{
    void *memory;
    opsig_status status = OPSIG_OK;
    const size_t len = loader->raw.len;
    const size_t n = (size_t)onnx_numbers_in(type, len);
    const size_t most = OPS_MOST_KEPT * (size_t)onnx_numbers_per_element(type);
    const uint64_t cost = n * sizeof(union onnx_number);
    if (n == 0 || n > most || len % onnx_item_width(type) != 0 ||
        cost > MOST_KEPT - loader->kept) {
        return OPSIG_OK;
    }
    TRY(ops_loader_alloc(loader, n, sizeof(union onnx_number), &memory));
    onnx_decode(type, loader->raw.items, len, memory);
    loader->kept += cost;
    payload->numbers = memory;
    payload->n_numbers = n;
done:
    return status;
}

/** The payload of data that have been read. */
static opsig_status finish(struct ops_loader *loader, struct ops_payload_parts *parts,
                           struct onnx_tensor *tensor)
{
    struct onnx_payload *const payload = &parts->payload;
    const int32_t type = tensor->data_type;
    const bool raw = payload->field == OPS_RAW_DATA;
    void *memory;
    opsig_status status = OPSIG_OK;
    if (!raw && payload->field != typed_field(type)) {
        return OPSIG_OK;
    }
    if (payload->field == OPS_STRING_DATA && !parts->too_many) {
        payload->strings = parts->strings.items;
        payload->n_numbers = parts->strings.len;
    } else if (!parts->too_many && onnx_numbers_per_element(type) > 0) {
        if (!raw) {
            TRY(items_to_raw(loader, payload->field, type));
        }
        TRY(decode(loader, type, payload));
    }
    TRY(ops_loader_copy(loader, payload, 0, 1, sizeof *payload, &memory));
    tensor->payload = memory;
done:
    return status;
}

opsig_status ops_finish_payload(struct ops_loader *loader, struct ops_payload_parts *parts,
                                struct onnx_tensor *tensor)
{
    opsig_status status = OPSIG_OK;
    if (parts->dropped) {
        tensor->payload = NULL;
    } else if (!parts->finished && parts->payload.field != 0) {
        parts->finished = true;
        status = finish(loader, parts, tensor);
    }
    loader->items.len = loader->raw.len = 0;
    return status;
}
