/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk of one sequence through the whole corpus at once, one projection a symbol. */
#include "mine/trace.h"

#include "base/mem.h"
#include "base/sort.h"

opsig_status ops_trace_new(struct ops_trace **out, const struct ops_mine_field *field,
                           opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_trace *trace = ops_mem_zalloc(1, sizeof *trace);
    *out = NULL;
    if (trace == NULL) {
        return ops_error_nomem(err);
    }
    trace->field = field;
    TRY(ops_projector_new(&trace->projector, &field->field, err));
    TRY(ops_project_roots(trace->projector, &trace->roots, err));
    *out = trace;
    trace = NULL;
done:
    ops_trace_free(trace);
    return status;
}

void ops_trace_free(struct ops_trace *trace)
{
    if (trace == NULL) {
        return;
    }
    for (size_t k = 0; k < OPSIG_PATTERN_MAX_VERTICES; k++) {
        ops_groups_dispose(&trace->groups[k]);
    }
    ops_groups_dispose(&trace->roots);
    ops_projector_free(trace->projector);
    ops_mem_free(trace);
}

/** The group of a symbol; empty where there is none. */
static struct ops_level group_of(const struct ops_groups *groups, uint32_t symbol)
{
    size_t g = ops_find_u32(groups->symbols.items, groups->symbols.len, symbol);
    if (g == SIZE_MAX) {
        return (struct ops_level){NULL, 0};
    }
    uint32_t begin = groups->begin.items[g];
    return (struct ops_level){groups->vertices.items + begin, groups->begin.items[g + 1] - begin};
}

opsig_status ops_trace_follow(struct ops_trace *trace, struct ops_code sequence,
                              opsig_error *err)
{
    trace->n_levels = 0;
    for (size_t k = 0; k < sequence.n_steps; k++) {
        const struct ops_groups *groups = &trace->roots;
        if (k > 0) {
            opsig_status status =
                ops_project_extend(trace->projector, trace->levels[k - 1].vertices,
                                   trace->levels[k - 1].n, &trace->groups[k], err);
            if (status != OPSIG_OK) {
                return status;
            }
            groups = &trace->groups[k];
        }
        trace->levels[k] = group_of(groups, sequence.steps[k].symbol);
        if (trace->levels[k].n == 0) {
            return OPSIG_OK;
        }
    }
    trace->n_levels = sequence.n_steps;
    return OPSIG_OK;
}

struct ops_level ops_trace_in_model(const struct ops_trace *trace, size_t level, uint32_t model)
{
    struct ops_level all = trace->levels[level];
    const uint32_t *model_of = trace->field->model_of;
    size_t low = 0;
    size_t high = all.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (model_of[all.vertices[middle]] < model) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t end = low;
    while (end < all.n && model_of[all.vertices[end]] == model) {
        end++;
    }
    return (struct ops_level){all.vertices + low, end - low};
}
