/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file deadline.h  Time limit and cancel flag, asked now and then by every loop over input. */
#ifndef OPSIG_BASE_DEADLINE_H
#define OPSIG_BASE_DEADLINE_H

#include <stdint.h>

#include "base/error.h"

struct ops_deadline {
    int64_t end;                /* nanoseconds of the monotonic clock; INT64_MAX: none */
    double seconds;             /* as given, for the message */
    const volatile int *cancel; /* NULL: none */
    uint32_t countdown;         /* calls until the clock is read again */
};

/** @param seconds  from now; 0: no limit.  @param cancel  may be NULL */
void ops_deadline_start(struct ops_deadline *deadline, double seconds,
                        const volatile int *cancel);
/** @return OPSIG_OK, OPSIG_TIMEOUT (kind "limit", naming --timeout) or OPSIG_CANCELLED. Cheap:
 *  reads the clock each 256th call. */
opsig_status ops_deadline_check(struct ops_deadline *deadline, opsig_error *err);

#endif
