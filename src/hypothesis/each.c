/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The items are cut into runs, a few for each thread, which a pool does. A run asks for the cancel
 * flag before each item, so items should be short. */
#include "hypothesis/each.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "mine/pool.h"

enum { RUNS_PER_THREAD = 16 };

struct loop {
    const struct ops_each *each;
    uint32_t n;
    ops_each_run run;
    void *payload;
    pthread_t caller;
    atomic_uint n_done;
};

/** Items from ... to - 1. */
struct span {
    uint32_t from, to;
};

unsigned ops_each_workers(const struct ops_each *each, uint32_t n)
{
    unsigned workers = each->n_threads < 1 ? 1 : each->n_threads;
    workers = workers > OPS_POOL_MAX_THREADS ? OPS_POOL_MAX_THREADS : workers;
    return workers <= n || n == 0 ? workers : n;
}

static void report(struct loop *loop)
{
    const struct ops_each *const each = loop->each;
    const unsigned done = atomic_fetch_add_explicit(&loop->n_done, 1, memory_order_relaxed) + 1;
    if (each->progress != NULL && pthread_equal(pthread_self(), loop->caller)) {
        each->progress(each->step, done, loop->n, each->progress_payload);
    }
}

static opsig_status run_span(void *job, struct ops_pool *pool, unsigned worker, void *payload,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct loop *const loop = payload;
    const struct span *const span = job;
    struct ops_deadline deadline;
    ops_deadline_start(&deadline, 0, loop->each->cancel);
    for (uint32_t i = span->from; i < span->to && !ops_pool_has_failed(pool); i++) {
        TRY(ops_deadline_check(&deadline, err));
        TRY(loop->run(i, worker, loop->payload, err));
        report(loop);
    }
done:
    ops_mem_free(job);
    return status;
}

static opsig_status add_span(struct ops_pool *pool, uint32_t from, uint32_t to, opsig_error *err)
{
    struct span *const span = ops_mem_alloc(sizeof *span);
    if (span == NULL) {
        return ops_error_nomem(err);
    }
    *span = (struct span){from, to};
    return ops_pool_add(pool, span, err);
}

opsig_status ops_each_do(const struct ops_each *each, uint32_t n, ops_each_run run, void *payload,
                         opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct loop loop = {
        .each = each, .n = n, .run = run, .payload = payload, .caller = pthread_self()};
    const unsigned workers = ops_each_workers(each, n);
    const uint32_t length = n / (workers * RUNS_PER_THREAD) + 1;
    const struct ops_pool_work work = {.run = run_span, .drop = ops_mem_free, .payload = &loop};
    struct ops_pool *pool = NULL;
    atomic_init(&loop.n_done, 0);
    TRY(ops_pool_new(&pool, &work, workers, err));
    for (uint32_t from = 0; from < n; from += length) {
        TRY(add_span(pool, from, n - from < length ? n : from + length, err));
    }
    TRY(ops_pool_run(pool, err));
done:
    ops_pool_free(pool);
    return status;
}
