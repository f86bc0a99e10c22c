/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file error.h  Statuses and the error that a caller owns. */
#ifndef OPSIG_ERROR_H
#define OPSIG_ERROR_H

#include <stdint.h>

#include <opsig/export.h>

OPSIG_BEGIN_DECLS

/** What a call came to. Every function that can fail returns one of these. */
typedef enum opsig_status {
    OPSIG_OK = 0,      /**< it was done */
    OPSIG_NOMEM,       /**< memory ran out */
    OPSIG_IO,          /**< the operating system refused a read or a write */
    OPSIG_USAGE,       /**< an argument makes no sense */
    OPSIG_FORMAT,      /**< input is not what it should be */
    OPSIG_UNSUPPORTED, /**< input is legal but not handled by this version */
    OPSIG_LIMIT,       /**< input passes a limit of opsig_limits */
    OPSIG_TIMEOUT,     /**< the deadline passed */
    OPSIG_CANCELLED,   /**< the caller's cancel flag was set */
    OPSIG_NOT_FOUND,   /**< what was named does not exist */
    OPSIG_CONFLICT,    /**< two things that must agree do not */
    OPSIG_INTERNAL     /**< a defect of the library */
} opsig_status;

/**
 * Why a call failed. Owned by the caller, who may pass NULL where he does not care.
 * Set once, at the place where the failure was found; untouched by calls that succeed.
 */
typedef struct opsig_error {
    /** What the call returned. */
    opsig_status status;
    /** A short stable word for programs ("truncated", "cycle", "limit"); a static string. */
    const char *kind;
    /** Byte offset in the input where the failure was noticed; -1 where there is none. */
    int64_t offset;
    /** One line for people, without the path of the input; printable ASCII or UTF-8. */
    char message[240];
} opsig_error;

/** The name of a status in lower case, e.g. "format".
 *  @param status  any value  @return a static string */
OPSIG_API const char *opsig_status_name(opsig_status status);

OPSIG_END_DECLS

#endif
