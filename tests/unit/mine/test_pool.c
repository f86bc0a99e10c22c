/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "mine/pool.h"

/** A job that splits into two smaller ones. */
struct job {
    uint32_t size;
};

struct tree {
    atomic_uint n_leaves, n_jobs;
    uint32_t fails_at; /* size of the jobs that fail; 0: none */
};

static struct job *new_job(uint32_t size)
{
    struct job *job = ops_mem_alloc(sizeof *job);
    assert_non_null(job);
    job->size = size;
    return job;
}

static opsig_status run(void *payload, struct ops_pool *pool, unsigned worker, void *shared,
                        opsig_error *err)
{
    struct tree *tree = shared;
    struct job *job = payload;
    const uint32_t size = job->size;
    opsig_status status = OPSIG_OK;
    ops_mem_free(job);
    atomic_fetch_add(&tree->n_jobs, 1);
    if (worker >= 4 || size == tree->fails_at) {
        return ops_error_set(err, OPSIG_CONFLICT, "test", -1, "size %u", size);
    }
    if (size == 1) {
        atomic_fetch_add(&tree->n_leaves, 1);
        return OPSIG_OK;
    }
    status = ops_pool_add(pool, new_job(size / 2), err);
    return status == OPSIG_OK ? ops_pool_add(pool, new_job(size - size / 2), err) : status;
}

static opsig_status run_tree(struct tree *tree, uint32_t size, unsigned n_threads,
                             opsig_error *err)
{
    struct ops_pool *pool = NULL;
    const struct ops_pool_work work = {.run = run, .drop = ops_mem_free, .payload = tree};
    assert_int_equal(ops_pool_new(&pool, &work, n_threads, NULL), OPSIG_OK);
    assert_int_equal(ops_pool_add(pool, new_job(size), NULL), OPSIG_OK);
    const opsig_status status = ops_pool_run(pool, err);
    ops_pool_free(pool);
    return status;
}

static void every_job_runs_once_on_any_number_of_threads(void **state)
{
    (void)state;
    for (unsigned n_threads = 0; n_threads <= 4; n_threads++) {
        struct tree tree = {0};
        assert_int_equal(run_tree(&tree, 1000, n_threads, NULL), OPSIG_OK);
        assert_int_equal(atomic_load(&tree.n_leaves), 1000);
        assert_int_equal(atomic_load(&tree.n_jobs), 1999);
    }
}

static void the_first_failure_is_told_and_ends_the_work(void **state)
{
    (void)state;
    for (unsigned n_threads = 1; n_threads <= 4; n_threads++) {
        struct tree tree = {.fails_at = 16};
        opsig_error err;
        assert_int_equal(run_tree(&tree, 1024, n_threads, &err), OPSIG_CONFLICT);
        assert_string_equal(err.message, "size 16");
        assert_true(atomic_load(&tree.n_leaves) == 0);
    }
}

static void no_jobs_are_no_work(void **state)
{
    (void)state;
    struct ops_pool *pool = NULL;
    struct tree tree = {0};
    const struct ops_pool_work work = {.run = run, .drop = ops_mem_free, .payload = &tree};
    assert_int_equal(ops_pool_new(&pool, &work, 3, NULL), OPSIG_OK);
    assert_int_equal(ops_pool_run(pool, NULL), OPSIG_OK);
    ops_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_runs_once_on_any_number_of_threads),
        cmocka_unit_test(the_first_failure_is_told_and_ends_the_work),
        cmocka_unit_test(no_jobs_are_no_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
