/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One queue under one lock: jobs are large, so the lock is seldom taken. The work is over when the
 * queue is empty and nobody runs a job that might add to it, or when one has failed. */
#include "mine/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/vec.h"

struct ops_pool {
    struct ops_pool_work work;
    unsigned n_threads;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    OPS_VEC(void *) queue;
    size_t next;        /* job in the queue */
    unsigned n_running; /* jobs */
    unsigned n_workers; /* threads so far */
    opsig_status status;
    opsig_error error;
    atomic_size_t n_waiting; /* jobs in the queue, to be read without the lock */
    atomic_bool failed;
};

opsig_status ops_pool_new(struct ops_pool **out, const struct ops_pool_work *work,
                          unsigned n_threads, opsig_error *err)
{
    *out = ops_mem_zalloc(1, sizeof **out);
    if (*out == NULL) {
        return ops_error_nomem(err);
    }
    struct ops_pool *const pool = *out;
    pool->work = *work;
    pool->n_threads = n_threads < 1 ? 1 : n_threads;
    pool->n_threads =
        pool->n_threads > OPS_POOL_MAX_THREADS ? OPS_POOL_MAX_THREADS : pool->n_threads;
    atomic_init(&pool->n_waiting, 0);
    atomic_init(&pool->failed, false);
    (void)pthread_mutex_init(&pool->lock, NULL); /* neither can fail with default attributes */
    (void)pthread_cond_init(&pool->changed, NULL);
    return OPSIG_OK;
}

void ops_pool_free(struct ops_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    for (size_t i = pool->next; i < pool->queue.len; i++) {
        pool->work.drop(pool->queue.items[i]);
    }
    ops_vec_dispose(&pool->queue);
    (void)pthread_cond_destroy(&pool->changed);
    (void)pthread_mutex_destroy(&pool->lock);
    ops_mem_free(pool);
}

bool ops_pool_is_hungry(const struct ops_pool *pool)
{
    return pool->n_threads > 1 &&
           atomic_load_explicit(&pool->n_waiting, memory_order_relaxed) < pool->n_threads;
}

bool ops_pool_has_failed(const struct ops_pool *pool)
{
    return atomic_load_explicit(&pool->failed, memory_order_relaxed);
}

opsig_status ops_pool_add(struct ops_pool *pool, void *job, opsig_error *err)
{
    (void)pthread_mutex_lock(&pool->lock);
    if (pool->next > 0 && pool->next == pool->queue.len) {
        pool->next = pool->queue.len = 0;
    }
    const opsig_status status = ops_vec_push(&pool->queue, job, err);
    if (status == OPSIG_OK) {
        atomic_fetch_add(&pool->n_waiting, 1);
        (void)pthread_cond_signal(&pool->changed);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    if (status != OPSIG_OK) {
        pool->work.drop(job);
    }
    return status;
}

/** Waits for a job, with the lock held; NULL when the work is over. */
static void *take_job(struct ops_pool *pool)
{
    while (pool->next == pool->queue.len && pool->n_running > 0 && pool->status == OPSIG_OK) {
        (void)pthread_cond_wait(&pool->changed, &pool->lock);
    }
    if (pool->next == pool->queue.len || pool->status != OPSIG_OK) {
        return NULL;
    }
    pool->n_running++;
    atomic_fetch_sub(&pool->n_waiting, 1);
    return pool->queue.items[pool->next++];
}

/** Notes what a job came to, with the lock held. */
static void end_job(struct ops_pool *pool, opsig_status status, const opsig_error *error)
{
    pool->n_running--;
    if (status != OPSIG_OK && pool->status == OPSIG_OK) {
        pool->status = status;
        pool->error = *error;
        atomic_store(&pool->failed, true);
    }
    (void)pthread_cond_broadcast(&pool->changed);
}

static void *work(void *payload)
{
    struct ops_pool *const pool = payload;
    (void)pthread_mutex_lock(&pool->lock);
    const unsigned worker = pool->n_workers++;
    for (void *job = take_job(pool); job != NULL; job = take_job(pool)) {
        opsig_error error = {.offset = -1};
        (void)pthread_mutex_unlock(&pool->lock);
        const opsig_status status =
            pool->work.run(job, pool, worker, pool->work.payload, &error);
        (void)pthread_mutex_lock(&pool->lock);
        end_job(pool, status, &error);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return NULL;
}

opsig_status ops_pool_run(struct ops_pool *pool, opsig_error *err)
{
    pthread_t threads[OPS_POOL_MAX_THREADS];
    unsigned n = 0;
    while (n + 1 < pool->n_threads && pthread_create(&threads[n], NULL, work, pool) == 0) {
        n++;
    }
    (void)work(pool);
    for (unsigned i = 0; i < n; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    if (pool->status != OPSIG_OK && err != NULL) {
        *err = pool->error;
    }
    return pool->status;
}
