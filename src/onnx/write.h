/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file write.h  Messages made of pieces: own bytes, and ranges of a file that was read.
 *
 *      struct onnx_message graph, model;
 *      onnx_message_add_range(&graph, 1, &node->bytes, err);    a node, as it stands in the file
 *      onnx_message_add_text(&graph, 2, "slice", err);
 *      onnx_message_add_message(&model, 7, &graph, err);
 *      onnx_message_write(&model, reader, stream, deadline, err);
 *
 *  Sizes are known before anything is written, so payloads are streamed and never held.
 */
#ifndef OPSIG_ONNX_WRITE_H
#define OPSIG_ONNX_WRITE_H

#include <stdio.h>

#include "base/buffer.h"
#include "base/deadline.h"
#include "base/reader.h"
#include "base/vec.h"
#include "onnx/model.h"

/** Bytes of a message under construction, or of the file. */
struct onnx_piece {
    bool own;
    struct onnx_range range; /* of `own` bytes, or of the file */
};

/** Prepare with onnx_message_init. The first failure sticks, as in a buffer. */
struct onnx_message {
    struct ops_buffer own;
    OPS_VEC(struct onnx_piece) pieces;
    uint64_t size; /* of all pieces, bytes */
};

void onnx_message_init(struct onnx_message *message);
void onnx_message_dispose(struct onnx_message *message);

void onnx_message_add_int(struct onnx_message *message, uint32_t field, int64_t value);
void onnx_message_add_float(struct onnx_message *message, uint32_t field, float value);
void onnx_message_add_bytes(struct onnx_message *message, uint32_t field, const char *bytes,
                            size_t len);
void onnx_message_add_text(struct onnx_message *message, uint32_t field, const char *text);
/** A sub-message whose bytes lie in the file. */
void onnx_message_add_range(struct onnx_message *message, uint32_t field,
                            const struct onnx_range *range);
/** A sub-message, which stays as it is. */
void onnx_message_add_message(struct onnx_message *message, uint32_t field,
                              const struct onnx_message *part);
/** OPSIG_OK, OPSIG_NOMEM or OPSIG_LIMIT. */
opsig_status onnx_message_status(const struct onnx_message *message, opsig_error *err);

/** Writes all pieces. @param reader  of the file that ranges refer to, which can seek
 *  @return as ops_reader_read; OPSIG_IO, OPSIG_TIMEOUT, OPSIG_CANCELLED
 *  Time: linear in the size; one seek for each range. */
opsig_status onnx_message_write(const struct onnx_message *message, struct ops_reader *reader,
                                FILE *stream, struct ops_deadline *deadline, opsig_error *err);

#endif
