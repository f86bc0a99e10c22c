/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gSpan's search (Yan and Han, ICDM 2002): a pattern is extended at its rightmost path only, and
 * what is not a minimum DFS code is not followed, so each pattern is met once. A pattern comes with
 * all of its embeddings, a row of vertices each, in the order of models:
 *
 *      stack   rows of the pattern | (row, vertex) of its extensions | rows of one of them | ...
 *
 * One pass over the rows finds the extensions of all of them, counts each one's support, and drops
 * on the spot those that cannot be minimal. Subtrees are handed to other threads while these have
 * nothing to do. */
#include "mine/subgraph.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "mine/growth.h"
#include "mine/pool.h"

/** A subtree that waits for a thread. */
struct job {
    struct ops_growth_pattern pattern;
    struct ops_growth_way way; /* what was pruned lies behind the rows */
    uint32_t rows[];
};

struct search {
    const struct ops_network *network;
    const struct ops_subgraph_bounds *bounds;
    ops_subgraph_visitor visitor;
    void *payload;
    struct ops_growth **workers;
    uint32_t **counts; /* by worker and stratum: zeros */
    atomic_uint_least64_t n_patterns;
};

/** What one thread passes down the recursion. */
struct branch {
    struct search *search;
    struct ops_growth *growth;
    struct ops_pool *pool;
    struct ops_deadline deadline;
    unsigned worker;
};

static void drop_job(void *job)
{
    ops_mem_free(job);
}

/** A job with room for the pattern's rows; NULL: memory ran out. */
static struct job *new_job(const struct ops_growth_pattern *pattern,
                           const struct ops_growth_way *way)
{
    const size_t words = (size_t)pattern->n * pattern->n_vertices;
    const size_t pruned_bytes = way->n_pruned * sizeof *way->pruned;
    struct job *job = ops_mem_alloc(sizeof *job + words * sizeof job->rows[0] + pruned_bytes);
    if (job != NULL) {
        struct ops_pruned *const pruned = (struct ops_pruned *)(job->rows + words);
        if (pruned_bytes > 0) {
            memcpy(pruned, way->pruned, pruned_bytes);
        }
        job->pattern = *pattern;
        job->way = *way;
        job->way.pruned = pruned;
    }
    return job;
}

static opsig_status check_bounds(struct branch *branch, opsig_error *err)
{
    struct search *search = branch->search;
    const uint64_t limit = search->bounds->max_patterns;
    if (atomic_fetch_add_explicit(&search->n_patterns, 1, memory_order_relaxed) >= limit) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "more than %" PRIu64 " patterns are frequent (--max-patterns); a "
                             "larger --min-support or a smaller --max-edges gives fewer",
                             limit);
    }
    if (ops_pool_has_failed(branch->pool)) {
        return ops_error_set(err, OPSIG_CANCELLED, "cancelled", -1, "cancelled");
    }
    return ops_deadline_check(&branch->deadline, err);
}

static opsig_status visit(struct branch *branch, const struct ops_growth_pattern *pattern,
                          const uint32_t *models, opsig_error *err)
{
    const struct ops_subgraph_visit visit = {.code = {pattern->steps, pattern->n_steps},
                                             .models = models,
                                             .support = pattern->support,
                                             .worker = branch->worker};
    return branch->search->visitor(&visit, branch->search->payload, err);
}

static opsig_status grow(struct branch *branch, struct ops_growth_pattern *pattern, size_t rows,
                         opsig_error *err);

/** Drops rows that the search has no use for. */
static opsig_status thin(struct branch *branch, struct ops_growth_pattern *pattern, size_t rows,
                         opsig_error *err)
{
    const struct ops_subgraph_bounds *bounds = branch->search->bounds;
    return bounds->closed ? OPSIG_OK
                          : ops_growth_thin(branch->growth, pattern, rows,
                                            bounds->max_edges + 1 - pattern->n_steps, err);
}

/** Could these models have a p-value of interest? */
static bool is_testable(const struct branch *branch, const uint32_t *models, uint32_t n)
{
    const struct ops_testable *testable = branch->search->bounds->testable;
    return testable == NULL ||
           ops_testable_may(testable, branch->search->counts[branch->worker], models, n);
}

/** Is it worth the trouble to hand this subtree to another thread? */
static bool is_worth_sharing(const struct branch *branch, const struct ops_growth_pattern *pattern)
{
    enum { FEW_ROWS = 32 };
    return pattern->n >= FEW_ROWS && pattern->n_steps <= branch->search->bounds->max_edges &&
           ops_pool_is_hungry(branch->pool);
}

/** Follows one extension of a pattern, here or in another thread. */
static opsig_status follow(struct branch *branch, const struct ops_growth_pattern *pattern,
                           size_t rows, const struct ops_extension *extension, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_growth *growth = branch->growth;
    const struct ops_subgraph_bounds *bounds = branch->search->bounds;
    struct ops_growth_pattern longer;
    ops_growth_extend(&longer, pattern, extension);
    TRY(check_bounds(branch, err));
    const bool needs_rows = bounds->closed || longer.n_steps <= bounds->max_edges;
    if (!needs_rows) {
        return visit(branch, &longer,
                     ops_growth_extension_models(growth, pattern, rows, extension), err);
    }
    if (is_worth_sharing(branch, &longer)) {
        const struct ops_growth_way way = ops_growth_way(growth);
        struct job *job = new_job(&longer, &way);
        TRY(job != NULL ? OPSIG_OK : ops_error_nomem(err));
        ops_growth_write_rows(growth, pattern, rows, extension, job->rows);
        return ops_pool_add(branch->pool, job, err);
    }
    size_t longer_rows = 0;
    TRY(ops_growth_push_rows(growth, pattern, rows, extension, &longer_rows, err));
    TRY(thin(branch, &longer, longer_rows, err));
    status = grow(branch, &longer, longer_rows, err);
    ops_growth_pop(growth, longer_rows);
done:
    return status;
}

/** Gives up the extensions that are not testable: what holds them is not, either. */
static opsig_status prune_untestable(struct branch *branch,
                                     const struct ops_growth_pattern *pattern, size_t rows,
                                     const struct ops_extensions *extensions, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; branch->search->bounds->testable != NULL && i < extensions->n; i++) {
        const struct ops_extension *const extension =
            ops_growth_extension(branch->growth, extensions, i);
        const uint32_t *const models =
            ops_growth_extension_models(branch->growth, pattern, rows, extension);
        if (!is_testable(branch, models, extension->support)) {
            TRY(ops_growth_prune(branch->growth, extensions, i, err));
        }
    }
done:
    return status;
}

/** Visits a pattern whose rows lie on the stack, and all that extend it. Recursion is bounded by
 *  max_edges. */
static opsig_status grow(struct branch *branch, struct ops_growth_pattern *pattern, size_t rows,
                         opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_growth *growth = branch->growth;
    const struct ops_subgraph_bounds *bounds = branch->search->bounds;
    struct ops_extensions extensions = {0};
    bool closed = true;
    if (bounds->closed) {
        TRY(ops_growth_is_closed(growth, pattern, rows, &closed, err));
    }
    if (closed) {
        TRY(visit(branch, pattern, ops_growth_models(growth, pattern, rows), err));
    }
    if (pattern->n_steps > bounds->max_edges) {
        return OPSIG_OK;
    }
    TRY(ops_growth_find(growth, pattern, rows, &extensions, err));
    TRY(prune_untestable(branch, pattern, rows, &extensions, err));
    for (uint32_t i = 0; i < extensions.n; i++) {
        const struct ops_extension extension = *ops_growth_extension(growth, &extensions, i);
        if (!extension.dead) {
            TRY(follow(branch, pattern, rows, &extension, err));
        }
    }
done:
    ops_growth_forget(growth, &extensions);
    return status;
}

static opsig_status new_worker(struct search *search, unsigned worker, opsig_error *err)
{
    const struct ops_subgraph_bounds *bounds = search->bounds;
    const uint32_t n_strata = bounds->testable == NULL ? 1 : bounds->testable->n_strata;
    search->counts[worker] = ops_mem_zalloc(n_strata, sizeof *search->counts[worker]);
    if (search->counts[worker] == NULL) {
        return ops_error_nomem(err);
    }
    return ops_growth_new(&search->workers[worker], search->network, bounds->min_support,
                          bounds->max_memory, err);
}

static opsig_status run_job(void *payload, struct ops_pool *pool, unsigned worker, void *shared,
                            opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct search *search = shared;
    struct job *job = payload;
    struct branch branch = {.search = search, .pool = pool, .worker = worker};
    struct ops_growth_pattern pattern = job->pattern;
    size_t rows = 0;
    ops_deadline_start(&branch.deadline, 0, search->bounds->cancel);
    if (search->workers[worker] == NULL) {
        TRY(new_worker(search, worker, err));
    }
    branch.growth = search->workers[worker];
    TRY(ops_growth_reset(branch.growth, &job->way, err));
    TRY(ops_growth_push(branch.growth, job->rows, (size_t)pattern.n * pattern.n_vertices, &rows,
                        err));
    ops_mem_free(job);
    job = NULL;
    const uint32_t *models = ops_growth_models(branch.growth, &pattern, rows);
    if (pattern.n_steps == 1 && !is_testable(&branch, models, pattern.support)) {
        goto done;
    }
    TRY(thin(&branch, &pattern, rows, err));
    TRY(grow(&branch, &pattern, rows, err));
done:
    ops_mem_free(job);
    return status;
}

/** Adds a job for each frequent symbol. */
static opsig_status add_roots(struct search *search, struct ops_pool *pool, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_network *network = search->network;
    const struct ops_growth_way nothing = {0};
    for (uint32_t s = 0; s < network->n_symbols; s++) {
        const uint32_t begin = network->holder_begin[s];
        struct ops_growth_pattern pattern;
        ops_growth_start(&pattern, network, s);
        if (pattern.support < search->bounds->min_support) {
            continue;
        }
        struct branch branch = {.search = search, .pool = pool};
        ops_deadline_start(&branch.deadline, 0, search->bounds->cancel);
        TRY(check_bounds(&branch, err));
        struct job *job = new_job(&pattern, &nothing);
        TRY(job != NULL ? OPSIG_OK : ops_error_nomem(err));
        memcpy(job->rows, network->holders + begin, pattern.n * sizeof *job->rows);
        TRY(ops_pool_add(pool, job, err));
    }
done:
    return status;
}

opsig_status ops_subgraph_explore(const struct ops_network *network,
                                  const struct ops_subgraph_bounds *bounds,
                                  ops_subgraph_visitor visitor, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct search search = {
        .network = network, .bounds = bounds, .visitor = visitor, .payload = payload};
    const struct ops_pool_work work = {.run = run_job, .drop = drop_job, .payload = &search};
    struct ops_pool *pool = NULL;
    atomic_init(&search.n_patterns, 0);
    search.workers = ops_mem_zalloc(bounds->n_threads, sizeof(struct ops_growth *));
    search.counts = ops_mem_zalloc(bounds->n_threads, sizeof(uint32_t *));
    TRY(search.workers != NULL && search.counts != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_pool_new(&pool, &work, bounds->n_threads, err));
    TRY(add_roots(&search, pool, err));
    TRY(ops_pool_run(pool, err));
done:
    ops_pool_free(pool);
    for (unsigned i = 0; search.workers != NULL && i < bounds->n_threads; i++) {
        ops_growth_free(search.workers[i]);
    }
    for (unsigned i = 0; search.counts != NULL && i < bounds->n_threads; i++) {
        ops_mem_free(search.counts[i]);
    }
    ops_mem_free(search.counts);
    ops_mem_free(search.workers);
    return status;
}
