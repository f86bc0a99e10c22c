/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One search over the field of both corpora, by projections: no path is listed. Only the target's
 * models count to the support, which must be 1, so what the target lacks is not grown; that a
 * model of the reference holds a sequence is seen in passing. */
#include "hypothesis/coverage_count.h"

#include <string.h>

#include "base/mem.h"
#include "mine/explore.h"

struct counting {
    struct ops_coverage_counts *counts;
    const opsig_coverage_options *options;
    uint64_t n_visited;
};

void ops_coverage_counts_dispose(struct ops_coverage_counts *counts)
{
    ops_mem_free(counts->distinct);
    ops_mem_free(counts->held);
    ops_mem_free(counts->of_model);
    ops_intern_free(counts->uncovered);
    ops_vec_dispose(&counts->begin);
    ops_vec_dispose(&counts->models);
}

/** Notes an uncovered sequence and the models that hold it. */
static opsig_status keep(const struct counting *counting, const struct ops_visit *visit,
                         opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_coverage_counts *const counts = counting->counts;
    uint32_t symbols[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t id;
    const uint64_t held = (uint64_t)counts->models.len + visit->support;
    if ((held * 2 + (uint64_t)counts->begin.len * 8) * sizeof(uint32_t) >
        counting->options->max_memory) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "uncovered sequences need more than %llu bytes (--max-memory); a "
                             "smaller --length needs less",
                             (unsigned long long)counting->options->max_memory);
    }
    for (size_t k = 0; k < visit->code.n_steps; k++) {
        symbols[k] = visit->code.steps[k].symbol;
    }
    TRY(ops_intern_put(counts->uncovered, (const char *)symbols,
                       visit->code.n_steps * sizeof *symbols, &id, err));
    TRY(ops_vec_reserve(&counts->models, visit->support, err));
    memcpy(counts->models.items + counts->models.len, visit->models,
           visit->support * sizeof *visit->models);
    counts->models.len += visit->support;
    TRY(ops_vec_push(&counts->begin, counts->models.len, err));
done:
    return status;
}

static opsig_status count_visit(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    struct counting *const counting = payload;
    struct ops_coverage_counts *const counts = counting->counts;
    if (++counting->n_visited > counting->options->max_patterns) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "the target has more than %llu sequences (--max-patterns); a smaller "
                             "--length gives fewer",
                             (unsigned long long)counting->options->max_patterns);
    }
    if (visit->code.n_steps < counts->min_length) {
        return OPSIG_OK;
    }
    const size_t at = visit->code.n_steps - counts->min_length;
    const bool covered = visit->n_models > visit->support;
    counts->distinct[at].sequences++;
    counts->distinct[at].covered += covered;
    counts->held[at].sequences += visit->support;
    counts->held[at].covered += covered ? visit->support : 0;
    for (uint32_t i = 0; i < visit->support; i++) {
        opsig_coverage_count *const of_model =
            &counts->of_model[(size_t)visit->models[i] * counts->n_lengths + at];
        of_model->sequences++;
        of_model->covered += covered;
    }
    return covered ? OPSIG_OK : keep(counting, visit, err);
}

static opsig_status prepare(struct ops_coverage_counts *counts, opsig_error *err)
{
    counts->distinct = ops_mem_zalloc(counts->n_lengths, sizeof *counts->distinct);
    counts->held = ops_mem_zalloc(counts->n_lengths, sizeof *counts->held);
    counts->of_model = ops_mem_zalloc((size_t)counts->n_target * counts->n_lengths,
                                      sizeof *counts->of_model);
    if (counts->distinct == NULL || counts->held == NULL || counts->of_model == NULL ||
        ops_vec_push(&counts->begin, 0, err) != OPSIG_OK) {
        return ops_error_nomem(err);
    }
    return ops_intern_new(&counts->uncovered, err);
}

opsig_status ops_coverage_count(struct ops_coverage_counts *out,
                                const struct ops_mine_field *field, uint32_t n_target,
                                const opsig_coverage_options *options, opsig_error *err)
{
    *out = (struct ops_coverage_counts){
        .n_target = n_target,
        .min_length = options->min_length,
        .n_lengths = options->max_length - options->min_length + 1,
    };
    const struct ops_explore_bounds bounds = {
        .min_support = 1,
        .n_counted = n_target,
        .max_length = options->max_length,
        .max_patterns = UINT64_MAX, /* the visitor counts, and knows what to advise */
        .cancel = options->cancel,
    };
    struct counting counting = {.counts = out, .options = options};
    const opsig_status status = prepare(out, err);
    return status == OPSIG_OK ? ops_explore(field, &bounds, count_visit, &counting, err) : status;
}

uint32_t ops_coverage_n_uncovered(const struct ops_coverage_counts *counts)
{
    return ops_intern_count(counts->uncovered);
}

uint32_t ops_coverage_symbols(const struct ops_coverage_counts *counts, uint32_t i,
                              uint32_t out[OPSIG_PATTERN_MAX_VERTICES])
{
    const size_t len = ops_intern_len(counts->uncovered, i);
    memcpy(out, ops_intern_text(counts->uncovered, i), len);
    return (uint32_t)(len / sizeof *out);
}

uint32_t ops_coverage_support(const struct ops_coverage_counts *counts, uint32_t i)
{
    return (uint32_t)(counts->begin.items[i + 1] - counts->begin.items[i]);
}
