/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file error.h  Setting errors, and the one macro that passes them up. */
#ifndef OPSIG_BASE_ERROR_H
#define OPSIG_BASE_ERROR_H

#include <opsig/error.h>

/** Fills in *err (which may be NULL). The message is cut at a character boundary; control
 *  characters and invalid UTF-8 in it are made visible as \xHH. */
__attribute__((format(printf, 5, 6))) void ops_error_fill(opsig_error *err, opsig_status status,
                                                          const char *kind, int64_t offset,
                                                          const char *format, ...);

/** ops_error_fill, whose value is `status` (evaluated twice). A macro and an inline function, so
 *  that static analysis sees in a caller that what has set an error does not return OPSIG_OK. */
#define ops_error_set(err, status, ...)                                                          \
    (ops_error_fill((err), (status), __VA_ARGS__), ops_error_status(status))

static inline opsig_status ops_error_status(opsig_status status)
{
    return status;
}

/** OPSIG_NOMEM with its message. */
static inline opsig_status ops_error_nomem(opsig_error *err)
{
    return ops_error_set(err, OPSIG_NOMEM, "memory", -1, "out of memory");
}

/** OPSIG_IO with "WHAT: reason of errno". */
opsig_status ops_error_errno(opsig_error *err, const char *what);

/** Stores the status of a call in the local `status` and leaves by the label `done` unless OK. */
#define TRY(call)                                                                                \
    do {                                                                                         \
        status = (call);                                                                         \
        if (status != OPSIG_OK) {                                                                \
            goto done;                                                                           \
        }                                                                                        \
    } while (0)

#endif
