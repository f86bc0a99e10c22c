/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file buffer.h  A growing string that knows its largest size from birth. */
#ifndef OPSIG_BASE_BUFFER_H
#define OPSIG_BASE_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

#include "base/error.h"

/** The first failure sticks: later calls do nothing, ops_buffer_status tells. */
struct ops_buffer {
    char *bytes; /* NUL behind len; NULL while empty */
    size_t len, cap, max;
    opsig_status status;
};

void ops_buffer_init(struct ops_buffer *buffer, size_t max);
void ops_buffer_dispose(struct ops_buffer *buffer);
void ops_buffer_clear(struct ops_buffer *buffer);
void ops_buffer_add(struct ops_buffer *buffer, const char *bytes, size_t len);
void ops_buffer_puts(struct ops_buffer *buffer, const char *text);
__attribute__((format(printf, 2, 3))) void ops_buffer_printf(struct ops_buffer *buffer,
                                                             const char *format, ...);
__attribute__((format(printf, 2, 0))) void ops_buffer_vprintf(struct ops_buffer *buffer,
                                                              const char *format, va_list args);
/** The text, never NULL. */
const char *ops_buffer_text(const struct ops_buffer *buffer);
/** Gives the text away (ops_mem_free) and empties the buffer; NULL when memory ran out. */
char *ops_buffer_take(struct ops_buffer *buffer);
/** OPSIG_OK, OPSIG_NOMEM or OPSIG_LIMIT, with the message in *err. */
opsig_status ops_buffer_status(const struct ops_buffer *buffer, opsig_error *err);

#endif
