/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes in sight are a part of the reader's window. A field's tag and scalar take 15 bytes at
 * most, so that many are brought into sight before a field and the rest is pointer arithmetic.
 * How many are asked for grows from 4 to 64 KiB while the walk goes on in sequence and starts
 * small again after a skip out of sight: a payload costs one read of what follows it.
 *
 * Stricter than protobuf where parsers disagree (a tag above 32 bits, a length of more than 5
 * bytes that needs fewer, a varint above 64 bits, a known field of another wire type): a file
 * that one reader takes for one thing and another for something else is refused. */
#include "onnx/wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    FIRST_LOOK = 4096,
    MAX_VARINT = 10,
    MAX_TAG = 5, /* bytes; also of a length that needs no more */
    HEADER = MAX_TAG + MAX_VARINT,
    SKIP_PIECE = 1 << 20 /* bytes between two looks at the deadline */
};

static void lose_sight(struct ops_wire *wire)
{
    wire->begin = wire->at = wire->stop = (const uint8_t *)"";
}

void ops_wire_init(struct ops_wire *wire, struct ops_reader *reader, uint32_t max_depth,
                   struct ops_deadline *deadline, void *context, opsig_error *err)
{
    *wire = (struct ops_wire){
        .reader = reader,
        .deadline = deadline,
        .err = err,
        .context = context,
        .stop_offset = ops_reader_offset(reader),
        .want = FIRST_LOOK,
        .max_depth = max_depth < OPS_WIRE_MAX_DEPTH ? max_depth : OPS_WIRE_MAX_DEPTH,
    };
    lose_sight(wire);
}

uint64_t ops_wire_offset(const struct ops_wire *wire)
{
    return wire->stop_offset - (uint64_t)(wire->stop - wire->at);
}

opsig_status ops_wire_malformed(const struct ops_wire *wire, const struct ops_field *field,
                                const char *format, ...)
{
    char text[128];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const int64_t offset = (int64_t)field->offset;
    const char *const message = field->message->short_name;
    const ProtobufCFieldDescriptor *const known =
        protobuf_c_message_descriptor_get_field(field->message, field->number);
    if (known != NULL) {
        return ops_error_set(wire->err, OPSIG_FORMAT, "malformed", offset, "%s.%s: %s", message,
                             known->name, text);
    }
    return ops_error_set(wire->err, OPSIG_FORMAT, "malformed", offset, "%s, field %u: %s", message,
                         field->number, text);
}

static opsig_status truncated(const struct ops_wire *wire)
{
    return ops_error_set(wire->err, OPSIG_FORMAT, "truncated", (int64_t)ops_wire_offset(wire),
                         "the input ends in the middle of a field");
}

/** Brings `need` bytes or the end of the input into sight. */
static opsig_status look_ahead(struct ops_wire *wire, size_t need)
{
    const size_t want = need > wire->want ? need : wire->want;
    const uint8_t *bytes;
    size_t len;
    opsig_status status = ops_deadline_check(wire->deadline, wire->err);
    if (status != OPSIG_OK) {
        return status;
    }
    ops_reader_advance(wire->reader, (size_t)(wire->at - wire->begin));
    lose_sight(wire);
    status = ops_reader_peek(wire->reader, want, &bytes, &len, wire->err);
    if (status == OPSIG_OK) {
        wire->begin = wire->at = bytes;
        wire->stop = bytes + len;
        wire->stop_offset = ops_reader_offset(wire->reader) + len;
        wire->ended = len < want;
        wire->want = want < OPS_READER_WINDOW / 2 ? want * 2 : OPS_READER_WINDOW;
    }
    return status;
}

static inline opsig_status ensure(struct ops_wire *wire, size_t need)
{
    return (size_t)(wire->stop - wire->at) >= need || wire->ended ? OPSIG_OK
                                                                  : look_ahead(wire, need);
}

/** A varint of up to max_len bytes, which the caller has brought into sight. */
static opsig_status slow_varint(struct ops_wire *wire, const struct ops_field *field,
                                size_t max_len, uint64_t *out)
{
    const size_t in_sight = (size_t)(wire->stop - wire->at);
    uint64_t value = 0;
    for (size_t i = 0; i < max_len; i++) {
        if (i == in_sight) {
            return truncated(wire);
        }
        const uint64_t bits = wire->at[i] & 0x7f;
        if (i == MAX_VARINT - 1 && bits > 1) {
            return ops_wire_malformed(wire, field, "a varint above 64 bits");
        }
        value |= bits << (7 * i);
        if (wire->at[i] < 0x80) {
            wire->at += i + 1;
            *out = value;
            return OPSIG_OK;
        }
    }
    return ops_wire_malformed(wire, field, "a varint of more than %zu bytes", max_len);
}

static inline opsig_status varint(struct ops_wire *wire, const struct ops_field *field,
                                  size_t max_len, uint64_t *out)
{
    if (wire->at < wire->stop && *wire->at < 0x80) {
        *out = *wire->at++;
        return OPSIG_OK;
    }
    return slow_varint(wire, field, max_len, out);
}

/** Little-endian bits of a fixed-width scalar. */
static opsig_status fixed(struct ops_wire *wire, size_t size, uint64_t *out)
{
    if ((size_t)(wire->stop - wire->at) < size) {
        return truncated(wire);
    }
    *out = 0;
    for (size_t i = 0; i < size; i++) {
        *out |= (uint64_t)wire->at[i] << (8 * i);
    }
    wire->at += size;
    return OPSIG_OK;
}

static opsig_status overrun(const struct ops_wire *wire, const struct ops_field *field,
                            uint64_t left)
{
    const unsigned long long value = field->value;
    if (wire->depth > 0) {
        return ops_wire_malformed(wire, field, "announces %llu bytes, its message has %llu left",
                                  value, (unsigned long long)left);
    }
    return ops_error_set(wire->err, OPSIG_FORMAT, "truncated", (int64_t)field->offset,
                         "field %u announces %llu bytes, the input has %llu left", field->number,
                         value, (unsigned long long)left);
}

/** The length of a field, which must lie inside its message. */
static opsig_status length(struct ops_wire *wire, struct ops_field *field, uint64_t end)
{
    const uint8_t *const from = wire->at;
    const opsig_status status = varint(wire, field, MAX_VARINT, &field->value);
    if (status != OPSIG_OK) {
        return status;
    }
    if (wire->at - from > MAX_TAG && field->value >> (7 * MAX_TAG) == 0) {
        return ops_wire_malformed(wire, field, "a length of more than %d bytes", MAX_TAG);
    }
    const uint64_t at = ops_wire_offset(wire);
    if (at > end || field->value > end - at) {
        return overrun(wire, field, at > end ? 0 : end - at);
    }
    field->end = at + field->value;
    return OPSIG_OK;
}

static opsig_status tag(struct ops_wire *wire, struct ops_field *field)
{
    uint64_t value = 0;
    const opsig_status status = varint(wire, field, MAX_TAG, &value);
    if (status != OPSIG_OK) {
        return status;
    }
    if (value > UINT32_MAX) {
        return ops_wire_malformed(wire, field, "a tag above 32 bits");
    }
    field->number = (uint32_t)value >> 3;
    field->wire_type = (uint32_t)value & 7;
    return field->number > 0 ? OPSIG_OK : ops_wire_malformed(wire, field, "no field has number 0");
}

/** Reads tag and value or length of the next field of a message that ends at `end`. */
static opsig_status next_field(struct ops_wire *wire, struct ops_field *field, uint64_t end)
{
    opsig_status status = OPSIG_OK;
    TRY(ensure(wire, HEADER));
    field->number = 0;
    field->offset = ops_wire_offset(wire);
    TRY(tag(wire, field));
    switch (field->wire_type) {
    case OPS_WIRE_VARINT:
        TRY(varint(wire, field, MAX_VARINT, &field->value));
        break;
    case OPS_WIRE_FIXED64:
        TRY(fixed(wire, 8, &field->value));
        break;
    case OPS_WIRE_BYTES:
        return length(wire, field, end);
    case OPS_WIRE_GROUP:
        break;
    case OPS_WIRE_END_GROUP:
        return ops_wire_malformed(wire, field, "the end of a group that has no beginning");
    case OPS_WIRE_FIXED32:
        TRY(fixed(wire, 4, &field->value));
        break;
    default:
        return ops_wire_malformed(wire, field, "wire type %u does not exist", field->wire_type);
    }
    if (ops_wire_offset(wire) > end) {
        return ops_wire_malformed(wire, field, "goes on behind the end of its message");
    }
done:
    return status;
}

/** Passes everything up to an offset, by seeking where it is out of sight. */
static opsig_status skip_to(struct ops_wire *wire, uint64_t offset)
{
    opsig_status status = OPSIG_OK;
    if (offset <= wire->stop_offset) {
        wire->at = wire->stop - (wire->stop_offset - offset);
        return OPSIG_OK;
    }
    ops_reader_advance(wire->reader, (size_t)(wire->stop - wire->begin));
    lose_sight(wire);
    while (wire->stop_offset < offset) {
        const uint64_t left = offset - wire->stop_offset;
        const uint64_t n = left < SKIP_PIECE ? left : SKIP_PIECE;
        TRY(ops_deadline_check(wire->deadline, wire->err));
        TRY(ops_reader_skip(wire->reader, n, wire->err));
        wire->stop_offset += n;
    }
    wire->want = FIRST_LOOK;
done:
    return status;
}

static opsig_status too_deep(const struct ops_wire *wire)
{
    return ops_error_set(wire->err, OPSIG_LIMIT, "limit", (int64_t)ops_wire_offset(wire),
                         "messages are nested deeper than %u levels (--max-depth)",
                         wire->max_depth);
}

/** Passes the rest of a group. The numbers of the groups that are open are kept aside. Inlined,
 *  they would lie on the stack once for each level of nested messages. */
__attribute__((noinline)) static opsig_status
skip_group(struct ops_wire *wire, const struct ops_field *group, uint64_t end)
{
    uint32_t open[OPS_WIRE_MAX_DEPTH];
    uint32_t n = 0;
    opsig_status status = OPSIG_OK;
    struct ops_field field = *group;
    for (;;) {
        if (field.wire_type == OPS_WIRE_GROUP) {
            if (wire->depth + n >= wire->max_depth) {
                return too_deep(wire);
            }
            open[n++] = field.number;
        } else if (field.wire_type == OPS_WIRE_BYTES) {
            TRY(skip_to(wire, field.end));
        }
        TRY(ensure(wire, HEADER));
        const uint8_t *const before = wire->at;
        const uint64_t offset = ops_wire_offset(wire);
        if (offset >= end) {
            return ops_wire_malformed(wire, group, "a group without its end");
        }
        TRY(tag(wire, &field));
        if (field.wire_type != OPS_WIRE_END_GROUP) {
            wire->at = before;
            TRY(next_field(wire, &field, end));
            continue;
        }
        if (ops_wire_offset(wire) > end || field.number != open[n - 1]) {
            return ops_wire_malformed(wire, group, "a group that ends as field %u", field.number);
        }
        if (--n == 0) {
            return OPSIG_OK;
        }
    }
done:
    return status;
}

/** Passes what the visitor has left of a field. */
static inline opsig_status finish(struct ops_wire *wire, const struct ops_field *field,
                                  uint64_t end)
{
    if (field->wire_type == OPS_WIRE_BYTES) {
        return ops_wire_offset(wire) < field->end ? skip_to(wire, field->end) : OPSIG_OK;
    }
    return field->wire_type == OPS_WIRE_GROUP ? skip_group(wire, field, end) : OPSIG_OK;
}

static opsig_status walk(struct ops_wire *wire, uint64_t end,
                         const ProtobufCMessageDescriptor *message, ops_field_fn *visit, void *to)
{
    opsig_status status = OPSIG_OK;
    struct ops_field field = {.message = message};
    while (ops_wire_offset(wire) < end) {
        if (end == UINT64_MAX) { /* the outermost message of a stream: its end is the input's */
            TRY(ensure(wire, 1));
            if (wire->at == wire->stop) {
                break;
            }
        }
        TRY(next_field(wire, &field, end));
        TRY(visit(wire->context, &field, to));
        TRY(finish(wire, &field, end));
    }
done:
    return status;
}

opsig_status ops_wire_walk(struct ops_wire *wire, const ProtobufCMessageDescriptor *message,
                           ops_field_fn *visit, void *to)
{
    return walk(wire, ops_reader_size(wire->reader), message, visit, to);
}

opsig_status ops_wire_message(struct ops_wire *wire, const struct ops_field *field,
                              const ProtobufCMessageDescriptor *message, ops_field_fn *visit,
                              void *to)
{
    opsig_status status = ops_wire_expect(wire, field, OPS_WIRE_BYTES);
    if (status == OPSIG_OK && wire->depth >= wire->max_depth) {
        status = too_deep(wire);
    }
    if (status == OPSIG_OK) {
        status = ops_deadline_check(wire->deadline, wire->err);
    }
    if (status == OPSIG_OK) {
        wire->depth++;
        status = walk(wire, field->end, message, visit, to);
        wire->depth--;
    }
    return status;
}

opsig_status ops_wire_expect(const struct ops_wire *wire, const struct ops_field *field,
                             uint32_t wire_type)
{
    return field->wire_type == wire_type
               ? OPSIG_OK
               : ops_wire_malformed(wire, field, "has wire type %u instead of %u",
                                    field->wire_type, wire_type);
}

opsig_status ops_wire_int(const struct ops_wire *wire, const struct ops_field *field, int64_t *out)
{
    const opsig_status status = ops_wire_expect(wire, field, OPS_WIRE_VARINT);
    if (status == OPSIG_OK) {
        *out = (int64_t)field->value;
    }
    return status;
}

static float float_of(uint64_t bits)
{
    const uint32_t word = (uint32_t)bits;
    float value;
    memcpy(&value, &word, sizeof value);
    return value;
}

opsig_status ops_wire_float(const struct ops_wire *wire, const struct ops_field *field, float *out)
{
    const opsig_status status = ops_wire_expect(wire, field, OPS_WIRE_FIXED32);
    if (status == OPSIG_OK) {
        *out = float_of(field->value);
    }
    return status;
}

opsig_status ops_wire_packed_int(struct ops_wire *wire, const struct ops_field *field,
                                 int64_t *out)
{
    uint64_t value = 0;
    opsig_status status = OPSIG_OK;
    TRY(ensure(wire, MAX_VARINT));
    TRY(varint(wire, field, MAX_VARINT, &value));
    if (ops_wire_offset(wire) > field->end) {
        return ops_wire_malformed(wire, field, "packed numbers end within a number");
    }
    *out = (int64_t)value;
done:
    return status;
}

opsig_status ops_wire_packed_float(struct ops_wire *wire, const struct ops_field *field,
                                   float *out)
{
    uint64_t bits = 0;
    opsig_status status = OPSIG_OK;
    if (field->end - ops_wire_offset(wire) < sizeof *out) {
        return ops_wire_malformed(wire, field, "packed numbers end within a number");
    }
    TRY(ensure(wire, sizeof *out));
    TRY(fixed(wire, sizeof *out, &bits));
    *out = float_of(bits);
done:
    return status;
}

opsig_status ops_wire_look(struct ops_wire *wire, const struct ops_field *field, size_t max,
                           const char **out)
{
    opsig_status status = OPSIG_OK;
    const size_t most = max < OPS_READER_WINDOW ? max : OPS_READER_WINDOW;
    TRY(ops_wire_expect(wire, field, OPS_WIRE_BYTES));
    if (field->value > most) {
        return ops_error_set(wire->err, OPSIG_LIMIT, "limit", (int64_t)field->offset,
                             "a name or type of %llu bytes, more than %zu "
                             "(--max-name-length)",
                             (unsigned long long)field->value, most);
    }
    const size_t len = (size_t)field->value;
    TRY(ensure(wire, len));
    if ((size_t)(wire->stop - wire->at) < len) {
        return truncated(wire);
    }
    *out = len > 0 ? (const char *)wire->at : "";
done:
    return status;
}

opsig_status ops_wire_bytes(struct ops_wire *wire, const struct ops_field *field, size_t max,
                            const char **out)
{
    const opsig_status status = ops_wire_look(wire, field, max, out);
    if (status == OPSIG_OK && field->value > 0) {
        wire->at += field->value;
    }
    return status;
}

opsig_status ops_wire_text(struct ops_wire *wire, const struct ops_field *field, size_t max,
                           const char **out)
{
    const opsig_status status = ops_wire_bytes(wire, field, max, out);
    if (status == OPSIG_OK && memchr(*out, '\0', (size_t)field->value) != NULL) {
        return ops_wire_malformed(wire, field, "a NUL byte in a name");
    }
    return status;
}
