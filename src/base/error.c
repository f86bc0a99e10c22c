/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors are filled in without allocating, since running out of memory is one of them. The
 * message is formatted into a local buffer and then copied character by character, so that text
 * from a model cannot put control characters into it and the cut never splits a character. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

enum { FORMATTED_SIZE = 2048 };

static const char *const status_names[] = {
    [OPSIG_OK] = "ok",
    [OPSIG_NOMEM] = "nomem",
    [OPSIG_IO] = "io",
    [OPSIG_USAGE] = "usage",
    [OPSIG_FORMAT] = "format",
    [OPSIG_UNSUPPORTED] = "unsupported",
    [OPSIG_LIMIT] = "limit",
    [OPSIG_TIMEOUT] = "timeout",
    [OPSIG_CANCELLED] = "cancelled",
    [OPSIG_NOT_FOUND] = "not-found",
    [OPSIG_CONFLICT] = "conflict",
    [OPSIG_INTERNAL] = "internal",
};

const char *opsig_status_name(opsig_status status)
{
    const size_t n = sizeof status_names / sizeof status_names[0];
    return (size_t)status < n ? status_names[status] : "unknown";
}

/** Copies cleaned text into the message as far as whole characters fit. */
static void set_message(opsig_error *err, const char *text)
{
    const size_t len = strlen(text);
    size_t used = 0;
    for (size_t at = 0; at < len;) {
        char piece[OPS_ESCAPE_PIECE];
        size_t piece_len;
        at += ops_escape_next(text + at, len - at, piece, &piece_len);
        if (used + piece_len >= sizeof err->message) {
            break;
        }
        memcpy(err->message + used, piece, piece_len);
        used += piece_len;
    }
    err->message[used] = '\0';
}

void ops_error_fill(opsig_error *err, opsig_status status, const char *kind, int64_t offset,
                    const char *format, ...)
{
    if (err == NULL) {
        return;
    }
    char text[FORMATTED_SIZE];
    va_list args;
    va_start(args, format);
    const int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err->status = status;
    err->kind = kind;
    err->offset = offset;
    set_message(err, len < 0 ? "the message cannot be formatted" : text);
}

opsig_status ops_error_errno(opsig_error *err, const char *what)
{
    char reason[128];
    const char *const text = strerror_r(errno, reason, sizeof reason);
    return ops_error_set(err, OPSIG_IO, "io", -1, "%s: %s", what, text);
}
