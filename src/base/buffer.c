/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A string that doubles up to its largest size. Failures stick, so that a caller can write a
 * whole text and ask once at the end. */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 64 };

void ops_buffer_init(struct ops_buffer *buffer, size_t max)
{
    *buffer = (struct ops_buffer){.max = max, .status = OPSIG_OK};
}

void ops_buffer_dispose(struct ops_buffer *buffer)
{
    ops_mem_free(buffer->bytes);
    buffer->bytes = NULL;
    buffer->len = buffer->cap = 0;
}

void ops_buffer_clear(struct ops_buffer *buffer)
{
    buffer->len = 0;
    buffer->status = OPSIG_OK;
    if (buffer->bytes != NULL) {
        buffer->bytes[0] = '\0';
    }
}

/** Makes room for `more` bytes and a NUL. */
static bool make_room(struct ops_buffer *buffer, size_t more)
{
    if (buffer->status != OPSIG_OK) {
        return false;
    }
    if (more >= SIZE_MAX / 2 || buffer->len + more > buffer->max) {
        buffer->status = OPSIG_LIMIT;
        return false;
    }
    const size_t need = buffer->len + more + 1;
    if (need <= buffer->cap) {
        return true;
    }
    size_t cap = buffer->cap > 0 ? buffer->cap : FIRST_CAPACITY;
    while (cap < need) {
        cap *= 2;
    }
    char *const bytes = ops_mem_resize(buffer->bytes, cap, 1);
    if (bytes == NULL) {
        buffer->status = OPSIG_NOMEM;
        return false;
    }
    buffer->bytes = bytes;
    buffer->cap = cap;
    return true;
}

void ops_buffer_add(struct ops_buffer *buffer, const char *bytes, size_t len)
{
    if (!make_room(buffer, len)) {
        return;
    }
    if (len > 0) {
        memcpy(buffer->bytes + buffer->len, bytes, len);
    }
    buffer->len += len;
    buffer->bytes[buffer->len] = '\0';
}

void ops_buffer_puts(struct ops_buffer *buffer, const char *text)
{
    ops_buffer_add(buffer, text, strlen(text));
}

void ops_buffer_printf(struct ops_buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    ops_buffer_vprintf(buffer, format, args);
    va_end(args);
}

/** Prints where there may be room already, and again where there was too little. */
void ops_buffer_vprintf(struct ops_buffer *buffer, const char *format, va_list args)
{
    if (!make_room(buffer, 0)) {
        return;
    }
    va_list again;
    va_copy(again, args);
    const size_t room = buffer->cap - buffer->len;
    const int len = vsnprintf(buffer->bytes + buffer->len, room, format, args);
    if (len < 0) {
        buffer->status = OPSIG_LIMIT;
    } else if (!make_room(buffer, (size_t)len)) {
        buffer->bytes[buffer->len] = '\0';
    } else {
        if ((size_t)len >= room) {
            (void)vsnprintf(buffer->bytes + buffer->len, (size_t)len + 1, format, again);
        }
        buffer->len += (size_t)len;
    }
    va_end(again);
}

const char *ops_buffer_text(const struct ops_buffer *buffer)
{
    return buffer->bytes != NULL ? buffer->bytes : "";
}

char *ops_buffer_take(struct ops_buffer *buffer)
{
    char *text = buffer->bytes;
    if (buffer->status != OPSIG_OK) {
        ops_mem_free(text);
        text = NULL;
    } else if (text == NULL) {
        text = ops_mem_strdup("");
    }
    ops_buffer_init(buffer, buffer->max);
    return text;
}

opsig_status ops_buffer_status(const struct ops_buffer *buffer, opsig_error *err)
{
    switch (buffer->status) {
    case OPSIG_OK:
        return OPSIG_OK;
    case OPSIG_NOMEM:
        return ops_error_nomem(err);
    default:
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "text is longer than %zu bytes",
                             buffer->max);
    }
}
