/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message is a rope:
 *
 *      own   0a 05                 tag and length of a node
 *      file  bytes 120 to 125      the node
 *      own   12 05 73 6c 69 63 65  field 2, "slice"
 *
 * Own bytes lie in one buffer; neighbours are one piece. What the file has is copied byte for
 * byte, so nothing is lost that this project does not know. */
#include "onnx/write.h"

#include <string.h>

#include "onnx/wire.h"

enum { MOST_OWN = 1 << 30, MAX_VARINT = 10 };

void onnx_message_init(struct onnx_message *message)
{
    *message = (struct onnx_message){0};
    ops_buffer_init(&message->own, MOST_OWN);
}

void onnx_message_dispose(struct onnx_message *message)
{
    ops_buffer_dispose(&message->own);
    ops_vec_dispose(&message->pieces);
}

opsig_status onnx_message_status(const struct onnx_message *message, opsig_error *err)
{
    return ops_buffer_status(&message->own, err);
}

static void add_piece(struct onnx_message *message, bool own, struct onnx_range range)
{
    const uint64_t len = range.end - range.begin;
    struct onnx_piece *const last =
        message->pieces.len > 0 ? &message->pieces.items[message->pieces.len - 1] : NULL;
    if (message->own.status != OPSIG_OK || len == 0) {
        return;
    }
    if (__builtin_add_overflow(message->size, len, &message->size)) {
        message->own.status = OPSIG_LIMIT;
    } else if (last != NULL && last->own == own && last->range.end == range.begin) {
        last->range.end = range.end;
    } else {
        const struct onnx_piece piece = {.own = own, .range = range};
        message->own.status = ops_vec_push(&message->pieces, piece, NULL);
    }
}

static void add_own(struct onnx_message *message, const char *bytes, size_t len)
{
    const size_t begin = message->own.len;
    ops_buffer_add(&message->own, bytes, len);
    add_piece(message, true, (struct onnx_range){begin, message->own.len});
}

static void add_varint(struct onnx_message *message, uint64_t value)
{
    char bytes[MAX_VARINT];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) {
        bytes[n++] = (char)(value | 0x80);
    }
    bytes[n++] = (char)value;
    add_own(message, bytes, n);
}

static void add_tag(struct onnx_message *message, uint32_t field, uint32_t wire_type)
{
    add_varint(message, (uint64_t)field << 3 | wire_type);
}

void onnx_message_add_int(struct onnx_message *message, uint32_t field, int64_t value)
{
    add_tag(message, field, OPS_WIRE_VARINT);
    add_varint(message, (uint64_t)value);
}

void onnx_message_add_float(struct onnx_message *message, uint32_t field, float value)
{
    uint32_t bits;
    char bytes[sizeof bits];
    memcpy(&bits, &value, sizeof bits);
    for (size_t i = 0; i < sizeof bits; i++) {
        bytes[i] = (char)(bits >> (8 * i));
    }
    add_tag(message, field, OPS_WIRE_FIXED32);
    add_own(message, bytes, sizeof bytes);
}

void onnx_message_add_bytes(struct onnx_message *message, uint32_t field, const char *bytes,
                            size_t len)
{
    add_tag(message, field, OPS_WIRE_BYTES);
    add_varint(message, len);
    add_own(message, bytes, len);
}

void onnx_message_add_text(struct onnx_message *message, uint32_t field, const char *text)
{
    onnx_message_add_bytes(message, field, text, strlen(text));
}

void onnx_message_add_range(struct onnx_message *message, uint32_t field,
                            const struct onnx_range *range)
{
    add_tag(message, field, OPS_WIRE_BYTES);
    add_varint(message, range->end - range->begin);
    add_piece(message, false, *range);
}

void onnx_message_add_message(struct onnx_message *message, uint32_t field,
                              const struct onnx_message *part)
{
    add_tag(message, field, OPS_WIRE_BYTES);
    add_varint(message, part->size);
    for (size_t i = 0; i < part->pieces.len; i++) {
        const struct onnx_piece *const piece = &part->pieces.items[i];
        if (piece->own) {
            add_own(message, part->own.bytes + piece->range.begin,
                    (size_t)(piece->range.end - piece->range.begin));
        } else {
            add_piece(message, false, piece->range);
        }
    }
    if (part->own.status != OPSIG_OK) {
        message->own.status = part->own.status;
    }
}

static opsig_status put(FILE *stream, const void *bytes, size_t len, opsig_error *err)
{
    return fwrite(bytes, 1, len, stream) == len ? OPSIG_OK
                                                : ops_error_errno(err, "cannot be written");
}

static opsig_status copy(const struct onnx_range *range, struct ops_reader *reader, FILE *stream,
                         struct ops_deadline *deadline, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t left = range->end - range->begin;
    TRY(ops_reader_seek(reader, range->begin, err));
    while (left > 0) {
        const uint8_t *bytes;
        size_t len;
        TRY(ops_deadline_check(deadline, err));
        const size_t want = left < OPS_READER_WINDOW ? (size_t)left : OPS_READER_WINDOW;
        TRY(ops_reader_peek(reader, want, &bytes, &len, err));
        if (len < want) {
            return ops_error_set(err, OPSIG_FORMAT, "changed", (int64_t)range->begin,
                                 "the file became shorter while it was read");
        }
        TRY(put(stream, bytes, len, err));
        ops_reader_advance(reader, len);
        left -= len;
    }
done:
    return status;
}

opsig_status onnx_message_write(const struct onnx_message *message, struct ops_reader *reader,
                                FILE *stream, struct ops_deadline *deadline, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < message->pieces.len; i++) {
        const struct onnx_piece *const piece = &message->pieces.items[i];
        if (piece->own) {
            TRY(put(stream, message->own.bytes + piece->range.begin,
                    (size_t)(piece->range.end - piece->range.begin), err));
        } else {
            TRY(copy(&piece->range, reader, stream, deadline, err));
        }
    }
done:
    return status;
}
