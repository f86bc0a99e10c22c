/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file wire.h  A bounded walk over protobuf's wire format.
 *
 *  A message is a row of fields: a tag (number and wire type), then the value. The walk hands
 *  each field to a function, which reads what it knows and leaves the rest: whatever it has not
 *  read is passed without being looked at, payloads without being read from the file.
 *
 *      3a 0c            graph, 12 bytes          walk(ModelProto) -> model_field
 *         0a 0a         . node, 10 bytes           message(GraphProto) -> graph_field
 *            0a 01 78   . . input, "x"               message(NodeProto) -> node_field
 *
 *  Every length is checked against the message around it, every tag and varint for being one,
 *  every level of nesting against the limit. Errors carry the byte offset.
 */
#ifndef OPSIG_ONNX_WIRE_H
#define OPSIG_ONNX_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/deadline.h"
#include "base/error.h"
#include "base/reader.h"

enum ops_wire_type {
    OPS_WIRE_VARINT = 0,
    OPS_WIRE_FIXED64 = 1,
    OPS_WIRE_BYTES = 2, /* strings, bytes, messages, packed scalars */
    OPS_WIRE_GROUP = 3,
    OPS_WIRE_END_GROUP = 4,
    OPS_WIRE_FIXED32 = 5
};

/** The deepest nesting that any limit may allow: what fits a small thread's stack. */
enum { OPS_WIRE_MAX_DEPTH = 300 };

struct ops_wire {
    struct ops_reader *reader;
    struct ops_deadline *deadline;
    opsig_error *err;
    void *context;                    /* handed to every ops_field_fn */
    const uint8_t *begin, *at, *stop; /* the bytes in sight; those before `at` are done */
    uint64_t stop_offset;             /* of `stop` in the input */
    size_t want;                      /* how many to ask for next time */
    bool ended;                       /* nothing follows `stop` */
    uint32_t depth, max_depth;        /* messages around the place; the outermost is 0 */
};

/** A field whose tag, and value or length, have been read. */
struct ops_field {
    uint32_t number;
    uint32_t wire_type;
    uint64_t value;  /* varint, fixed bits, or length in bytes */
    uint64_t offset; /* of the tag in the input */
    uint64_t end;    /* OPS_WIRE_BYTES: offset behind the last byte */
    const ProtobufCMessageDescriptor *message; /* that it is a field of */
};

/** Where a field of type OPS_WIRE_BYTES has its bytes. */
static inline uint64_t ops_wire_begin(const struct ops_field *field)
{
    return field->end - field->value;
}

/** Reads what it wants of a field; what is left is skipped. */
typedef opsig_status ops_field_fn(void *context, const struct ops_field *field, void *to);

/** @param max_depth  taken as OPS_WIRE_MAX_DEPTH where it is larger */
void ops_wire_init(struct ops_wire *wire, struct ops_reader *reader, uint32_t max_depth,
                   struct ops_deadline *deadline, void *context, opsig_error *err);
/** Offset in the input of the next byte. */
uint64_t ops_wire_offset(const struct ops_wire *wire);

/** Walks over all of the input as one message. */
opsig_status ops_wire_walk(struct ops_wire *wire, const ProtobufCMessageDescriptor *message,
                           ops_field_fn *visit, void *to);
/** Walks over a sub-message. @return OPSIG_FORMAT where the field is none, OPSIG_LIMIT beyond
 *  max_depth */
opsig_status ops_wire_message(struct ops_wire *wire, const struct ops_field *field,
                              const ProtobufCMessageDescriptor *message, ops_field_fn *visit,
                              void *to);

/** Refuses a field of another wire type. */
opsig_status ops_wire_expect(const struct ops_wire *wire, const struct ops_field *field,
                             uint32_t wire_type);
/** A scalar. */
opsig_status ops_wire_int(const struct ops_wire *wire, const struct ops_field *field,
                          int64_t *out);
opsig_status ops_wire_float(const struct ops_wire *wire, const struct ops_field *field,
                            float *out);
/** The next of a field's packed scalars; there is one while ops_wire_offset() < field->end. */
opsig_status ops_wire_packed_int(struct ops_wire *wire, const struct ops_field *field,
                                 int64_t *out);
opsig_status ops_wire_packed_float(struct ops_wire *wire, const struct ops_field *field,
                                   float *out);
/** The field->value bytes of a field, in sight until the next call. @return OPSIG_LIMIT where
 *  they are more than `max` or OPS_READER_WINDOW */
opsig_status ops_wire_bytes(struct ops_wire *wire, const struct ops_field *field, size_t max,
                            const char **out);
/** As ops_wire_bytes, but a NUL byte in them is refused. */
opsig_status ops_wire_text(struct ops_wire *wire, const struct ops_field *field, size_t max,
                           const char **out);
/** Shows a field's bytes as ops_wire_bytes does and then stands before them again. */
opsig_status ops_wire_look(struct ops_wire *wire, const struct ops_field *field, size_t max,
                           const char **out);

/** Sets an error of kind "malformed" at a field: "NodeProto.op_type: ...". */
__attribute__((format(printf, 3, 4))) opsig_status
ops_wire_malformed(const struct ops_wire *wire, const struct ops_field *field,
                   const char *format, ...);

#endif
