/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pattern growth over end-vertex sets (method.md section 2), depth first. Each depth keeps the
 * groups of its projection's extensions; a group is visited, then extended at the next depth.
 * Vertices of a group stay grouped by model, because a projection's members are and edges never
 * leave a model; so support is the number of runs. */
#include "mine/explore.h"

#include <string.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "base/sort.h"

struct search {
    const struct ops_mine_field *field;
    const struct ops_explore_bounds *bounds;
    ops_visitor visitor;
    void *payload;
    struct ops_projector *projector;
    struct ops_deadline deadline;
    struct ops_groups groups[OPSIG_PATTERN_MAX_VERTICES]; /* by depth */
    struct ops_step steps[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t *models; /* room for all */
    uint32_t *counts; /* by stratum: zeros */
    uint64_t n_visited;
};

/** Lists the models of a group; returns their number. */
static uint32_t list_models(const struct ops_mine_field *field, const uint32_t *vertices, size_t n,
                            uint32_t *out)
{
    uint32_t support = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t model = field->model_of[vertices[i]];
        if (support == 0 || out[support - 1] != model) {
            out[support++] = model;
        }
    }
    return support;
}

/** How many of these models count to the support. */
static uint32_t count_support(const struct ops_explore_bounds *bounds, const uint32_t *models,
                              uint32_t n)
{
    while (bounds->n_counted > 0 && n > 0 && models[n - 1] >= bounds->n_counted) {
        n--;
    }
    return n;
}

/** Do all vertices of this special symbol's group make up the group of their general symbol? */
static bool is_redundant(const struct search *search, const struct ops_groups *groups, size_t g)
{
    const struct ops_field *field = &search->field->field;
    uint32_t begin = groups->begin.items[g];
    uint32_t n = groups->begin.items[g + 1] - begin;
    uint32_t first = groups->vertices.items[begin];
    if (field->n_layers < 2 || field->symbols[1][first] != groups->symbols.items[g]) {
        return false;
    }
    uint32_t general = field->symbols[0][first];
    size_t h = ops_find_u32(groups->symbols.items, groups->symbols.len, general);
    return h != SIZE_MAX && groups->begin.items[h + 1] - groups->begin.items[h] == n;
}

/** Could the models listed have a p-value of interest? */
static bool is_testable(const struct search *search, uint32_t support)
{
    const struct ops_testable *testable = search->bounds->testable;
    return testable == NULL ||
           ops_testable_may(testable, search->counts, search->models, support);
}

static opsig_status check_bounds(struct search *search, opsig_error *err)
{
    if (++search->n_visited > search->bounds->max_patterns) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "more than %llu patterns are frequent (--max-patterns); a larger "
                             "--min-support or a smaller --max-length gives fewer",
                             (unsigned long long)search->bounds->max_patterns);
    }
    return ops_deadline_check(&search->deadline, err);
}

/** Visits group g at `depth` if it is frequent; *out_frequent says whether it was. */
static opsig_status visit(struct search *search, size_t depth, size_t g, bool *out_frequent,
                          opsig_error *err)
{
    const struct ops_groups *groups = &search->groups[depth];
    uint32_t begin = groups->begin.items[g];
    size_t n = groups->begin.items[g + 1] - begin;
    const uint32_t *vertices = ops_vec_from(&groups->vertices, begin);
    *out_frequent = false;
    if (n < search->bounds->min_support || is_redundant(search, groups, g)) {
        return OPSIG_OK;
    }
    uint32_t n_models = list_models(search->field, vertices, n, search->models);
    uint32_t support = count_support(search->bounds, search->models, n_models);
    if (support < search->bounds->min_support || !is_testable(search, support)) {
        return OPSIG_OK;
    }
    opsig_status status = check_bounds(search, err);
    if (status != OPSIG_OK) {
        return status;
    }
    *out_frequent = true;
    search->steps[depth] = ops_code_sequence_step(depth, groups->symbols.items[g]);
    struct ops_visit visit = {{search->steps, depth + 1}, search->models, n_models, support};
    return search->visitor(&visit, search->payload, err);
}

/** Visits the groups at `depth` and what extends them. Recursion is bounded by max_length. */
static opsig_status grow(struct search *search, size_t depth, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_groups *groups = &search->groups[depth];
    for (size_t g = 0; g < groups->symbols.len; g++) {
        bool frequent = false;
        TRY(visit(search, depth, g, &frequent, err));
        if (!frequent || depth + 1 == search->bounds->max_length) {
            continue;
        }
        uint32_t begin = groups->begin.items[g];
        TRY(ops_project_extend(search->projector, groups->vertices.items + begin,
                               groups->begin.items[g + 1] - begin, &search->groups[depth + 1],
                               err));
        TRY(grow(search, depth + 1, err));
    }
done:
    return status;
}

opsig_status ops_explore(const struct ops_mine_field *field,
                         const struct ops_explore_bounds *bounds, ops_visitor visitor,
                         void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct search *search = ops_mem_zalloc(1, sizeof *search);
    if (search == NULL) {
        return ops_error_nomem(err);
    }
    search->field = field;
    search->bounds = bounds;
    search->visitor = visitor;
    search->payload = payload;
    search->models = ops_mem_zalloc(field->n_models, sizeof *search->models);
    search->counts = ops_mem_zalloc(bounds->testable == NULL ? 1 : bounds->testable->n_strata,
                                    sizeof *search->counts);
    if (search->models == NULL || search->counts == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    ops_deadline_start(&search->deadline, 0, bounds->cancel);
    TRY(ops_projector_new(&search->projector, &field->field, err));
    TRY(ops_project_roots(search->projector, &search->groups[0], err));
    TRY(grow(search, 0, err));
done:
    for (size_t depth = 0; depth < OPSIG_PATTERN_MAX_VERTICES; depth++) {
        ops_groups_dispose(&search->groups[depth]);
    }
    ops_projector_free(search->projector);
    ops_mem_free(search->models);
    ops_mem_free(search->counts);
    ops_mem_free(search);
    return status;
}
