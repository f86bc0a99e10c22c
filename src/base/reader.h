/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file reader.h  Forward reading with skips over a file, a stream or memory.
 *
 *  A window slides over the input: ops_reader_peek shows the next bytes, ops_reader_advance
 *  passes them, ops_reader_skip passes many without reading them where the input can seek.
 *  Small files are read whole by one read(); large ones by pread windows. A file that turns
 *  out shorter than it was at opening, or was written to before a small one was read or
 *  ops_reader_unchanged is asked, is an OPSIG_FORMAT error of kind "changed".
 */
#ifndef OPSIG_BASE_READER_H
#define OPSIG_BASE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "base/deadline.h"
#include "base/error.h"

struct ops_reader;

/** Largest number of bytes that ops_reader_peek can be asked for. */
enum { OPS_READER_WINDOW = 64 * 1024 };

/** Opens a regular file (links are followed; O_NONBLOCK, so a FIFO does not block).
 *  @return OPSIG_NOT_FOUND, OPSIG_IO, OPSIG_FORMAT of kind "not-a-file", OPSIG_LIMIT past
 *          max_size, OPSIG_NOMEM */
opsig_status ops_reader_open(struct ops_reader **out, const char *path, uint64_t max_size,
                             opsig_error *err);
/** Reads a descriptor, which stays open: by pread where it is a regular file, from its current
 *  offset; else as a stream of at most max_size bytes. */
opsig_status ops_reader_open_fd(struct ops_reader **out, int fd, uint64_t max_size,
                                opsig_error *err);
/** Reads memory, which must outlive the reader. */
opsig_status ops_reader_open_memory(struct ops_reader **out, const void *bytes, size_t size,
                                    opsig_error *err);
void ops_reader_free(struct ops_reader *reader);
/** From now on waiting for the bytes of a stream asks the deadline, which must outlive all reading:
 *  a sender that stalls does not hold up the program, nor a user who interrupts it. */
void ops_reader_watch(struct ops_reader *reader, struct ops_deadline *deadline);

/** Offset of the next byte. */
uint64_t ops_reader_offset(const struct ops_reader *reader);
/** Size of the input in bytes; UINT64_MAX for a stream whose end is not known yet. */
uint64_t ops_reader_size(const struct ops_reader *reader);
/** Shows up to `want` <= OPS_READER_WINDOW next bytes; *out_len < want only at the end of the
 *  input. The pointer is valid until the next call. */
opsig_status ops_reader_peek(struct ops_reader *reader, size_t want, const uint8_t **out_bytes,
                             size_t *out_len, opsig_error *err);
/** Passes bytes that peek has shown. */
void ops_reader_advance(struct ops_reader *reader, size_t n);
/** Passes n bytes. @return OPSIG_FORMAT of kind "truncated" where fewer are left */
opsig_status ops_reader_skip(struct ops_reader *reader, uint64_t n, opsig_error *err);
/** Goes to a place of a file or of memory, before or behind the present one; no stream can.
 *  @return OPSIG_FORMAT of kind "truncated" where the input ends before it */
opsig_status ops_reader_seek(struct ops_reader *reader, uint64_t offset, opsig_error *err);
/** Copies the next n bytes. @return as ops_reader_skip */
opsig_status ops_reader_read(struct ops_reader *reader, void *out, size_t n, opsig_error *err);
/** For when all is read: has nobody written to the file since it was opened? Streams and memory
 *  do not change. @return OPSIG_FORMAT of kind "changed", OPSIG_IO */
opsig_status ops_reader_unchanged(const struct ops_reader *reader, opsig_error *err);

#endif
