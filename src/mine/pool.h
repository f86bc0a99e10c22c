/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file pool.h  A few threads that share a queue of work.
 *
 *  A job may add further jobs; it should where ops_pool_is_hungry says that others have little
 *  left to do. Which thread runs a job, and when, is not fixed: what a job computes must not depend
 *  on it.
 */
#ifndef OPSIG_MINE_POOL_H
#define OPSIG_MINE_POOL_H

#include <stdbool.h>

#include "base/error.h"

struct ops_pool;

/** What the pool does with jobs, which are whatever the caller likes. */
struct ops_pool_work {
    /** Does a job and frees it. `worker` < n_threads: no other thread has the same at a time. */
    opsig_status (*run)(void *job, struct ops_pool *pool, unsigned worker, void *payload,
                        opsig_error *err);
    void (*drop)(void *job); /* frees one that is not run, since another one failed */
    void *payload;
};

/** Most threads of a pool. */
enum { OPS_POOL_MAX_THREADS = 256 };

opsig_status ops_pool_new(struct ops_pool **out, const struct ops_pool_work *work,
                          unsigned n_threads, opsig_error *err);
/** Drops what was not run. */
void ops_pool_free(struct ops_pool *pool);
/** Adds a job, which the pool takes over, also on failure. For jobs and before ops_pool_run. */
opsig_status ops_pool_add(struct ops_pool *pool, void *job, opsig_error *err);
/** Are fewer jobs waiting than there are threads? Always false for one thread. */
bool ops_pool_is_hungry(const struct ops_pool *pool);
/** Did a job fail? Long ones ask, and may then end with any status. */
bool ops_pool_has_failed(const struct ops_pool *pool);
/** Runs all jobs, on the calling thread and as many others as can be had.
 *  @return the status of the first job that failed, with its error */
opsig_status ops_pool_run(struct ops_pool *pool, opsig_error *err);

#endif
