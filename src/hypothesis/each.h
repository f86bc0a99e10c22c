/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file each.h  A loop over independent items, on several threads. */
#ifndef OPSIG_HYPOTHESIS_EACH_H
#define OPSIG_HYPOTHESIS_EACH_H

#include <opsig/corpus.h>

#include "base/error.h"

/** How a loop runs, and who is told. */
struct ops_each {
    unsigned n_threads; /* 0: as 1 */
    const volatile int *cancel;
    opsig_progress progress; /* called from the calling thread only; NULL: none */
    void *progress_payload;
    const char *step; /* for progress */
};

/** Does item i. `worker` < n_threads: no other thread has the same at a time. What item i computes
 *  must not depend on the worker or on the other items. */
typedef opsig_status (*ops_each_run)(uint32_t i, unsigned worker, void *payload, opsig_error *err);

/** Most workers that a loop of n items has. */
unsigned ops_each_workers(const struct ops_each *each, uint32_t n);
/** Does the items 0 ... n-1 in any order.
 *  @return OPSIG_CANCELLED, OPSIG_NOMEM or what an item returned */
opsig_status ops_each_do(const struct ops_each *each, uint32_t n, ops_each_run run, void *payload,
                         opsig_error *err);

#endif
