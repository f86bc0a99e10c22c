/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cancel flag is looked at in every call, the clock in every 256th. */
#include "base/deadline.h"

#include <time.h>

#include "base/number.h"

enum { CALLS_PER_READING = 256, NUMBER_SIZE = 32 };
#define NANOSECONDS 1000000000LL

static int64_t now(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) {
        return 0;
    }
    return (int64_t)time.tv_sec * NANOSECONDS + time.tv_nsec;
}

void ops_deadline_start(struct ops_deadline *deadline, double seconds, const volatile int *cancel)
{
    *deadline = (struct ops_deadline){.end = INT64_MAX, .seconds = seconds, .cancel = cancel};
    const double largest = 1e9; /* some 30 years */
    if (seconds > 0 && seconds < largest) {
        deadline->end = now() + (int64_t)(seconds * (double)NANOSECONDS);
    }
}

opsig_status ops_deadline_check(struct ops_deadline *deadline, opsig_error *err)
{
    if (deadline->cancel != NULL && *deadline->cancel != 0) {
        return ops_error_set(err, OPSIG_CANCELLED, "cancelled", -1, "cancelled");
    }
    if (deadline->countdown > 0 || deadline->end == INT64_MAX) {
        deadline->countdown -= deadline->countdown > 0;
        return OPSIG_OK;
    }
    deadline->countdown = CALLS_PER_READING - 1;
    if (now() < deadline->end) {
        return OPSIG_OK;
    }
    char seconds[NUMBER_SIZE];
    ops_number_format(deadline->seconds, seconds);
    return ops_error_set(err, OPSIG_TIMEOUT, "limit", -1,
                         "takes longer than %s seconds (--timeout)", seconds);
}
