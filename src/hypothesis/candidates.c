/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequences are explored once; the models that hold all operators of one are the intersection of
 * those that hold each, which were visited before or after it as sequences of length 1. */
#include "hypothesis/candidates.h"

#include <string.h>

#include "base/mem.h"
#include "mine/explore.h"

#define MAX_SEQUENCES UINT64_C(20000000)

typedef OPS_VEC(uint64_t *) bits_vec;
typedef OPS_VEC(struct ops_code) sequence_vec;

/** One search. */
struct gathering {
    struct ops_candidates *candidates;
    const struct ops_sample *sample;
    size_t n_words;
    uint64_t **singles; /* by symbol: bits of the places that hold it; NULL: not frequent */
    sequence_vec sequences;
    bits_vec holders; /* by sequence */
    uint64_t *within; /* n_words */
};

static uint64_t *keep_holders(struct gathering *gathering, const struct ops_visit *visit)
{
    uint64_t *const bits =
        ops_arena_zalloc(&gathering->candidates->arena, gathering->n_words, sizeof *bits);
    for (uint32_t i = 0; bits != NULL && i < visit->support; i++) {
        const uint32_t place = gathering->sample->place[visit->models[i]];
        bits[place / 64] |= UINT64_C(1) << place % 64;
    }
    return bits;
}

static opsig_status gather(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct gathering *const gathering = payload;
    const size_t n = visit->code.n_steps;
    uint64_t *const bits = keep_holders(gathering, visit);
    struct ops_step *const steps =
        ops_arena_zalloc(&gathering->candidates->arena, n, sizeof *steps);
    if (bits == NULL || steps == NULL) {
        return ops_error_nomem(err);
    }
    if (n == 1) {
        gathering->singles[visit->code.steps[0].symbol] = bits;
        return OPSIG_OK;
    }
    memcpy(steps, visit->code.steps, n * sizeof *steps);
    const struct ops_code sequence = {steps, n};
    TRY(ops_vec_push(&gathering->sequences, sequence, err));
    TRY(ops_vec_push(&gathering->holders, bits, err));
done:
    return status;
}

/** Finds the places that hold all operators of a sequence; returns their number. */
static size_t intersect(struct gathering *gathering, struct ops_code sequence)
{
    size_t n = 0;
    for (size_t w = 0; w < gathering->n_words; w++) {
        uint64_t all = ~UINT64_C(0);
        for (size_t k = 0; k < sequence.n_steps; k++) {
            all &= gathering->singles[sequence.steps[k].symbol][w];
        }
        gathering->within[w] = all;
        n += (size_t)__builtin_popcountll(all);
    }
    return n;
}

static size_t count_entries(struct gathering *gathering)
{
    size_t n = 0;
    for (size_t c = 0; c < gathering->sequences.len; c++) {
        n += intersect(gathering, gathering->sequences.items[c]);
    }
    return n;
}

static void write_entries(struct gathering *gathering)
{
    struct ops_candidates *const out = gathering->candidates;
    size_t n = 0;
    for (uint32_t c = 0; c < out->n; c++) {
        out->begin[c] = n;
        (void)intersect(gathering, out->sequences[c]);
        for (size_t w = 0; w < gathering->n_words; w++) {
            for (uint64_t left = gathering->within[w]; left != 0; left &= left - 1) {
                const unsigned bit = (unsigned)__builtin_ctzll(left);
                out->place[n] = (uint32_t)(w * 64 + bit);
                out->holds[n++] = gathering->holders.items[c][w] >> bit & 1;
            }
        }
    }
    out->begin[out->n] = n;
}

static opsig_status keep(struct gathering *gathering, size_t n_entries, opsig_error *err)
{
    struct ops_candidates *const out = gathering->candidates;
    const size_t n = gathering->sequences.len;
    out->n = (uint32_t)n;
    out->sequences = ops_arena_zalloc(&out->arena, n, sizeof *out->sequences);
    out->begin = ops_arena_zalloc(&out->arena, n + 1, sizeof *out->begin);
    out->place = ops_arena_zalloc(&out->arena, n_entries, sizeof *out->place);
    out->holds = ops_arena_zalloc(&out->arena, n_entries, sizeof *out->holds);
    if (out->sequences == NULL || out->begin == NULL || out->place == NULL ||
        out->holds == NULL) {
        return ops_error_nomem(err);
    }
    if (n > 0) {
        memcpy(out->sequences, gathering->sequences.items, n * sizeof *out->sequences);
    }
    write_entries(gathering);
    return OPSIG_OK;
}

/** One search with one support. *out_done is false where there were too many entries. */
static opsig_status try_support(struct ops_candidates *candidates,
                                const struct ops_mine_field *field,
                                const struct ops_sample *sample,
                                const struct ops_candidates_options *options, bool *out_done,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_explore_bounds bounds = {.min_support = candidates->min_support,
                                              .max_length = options->max_length,
                                              .max_patterns = MAX_SEQUENCES,
                                              .cancel = options->cancel};
    struct gathering gathering = {
        .candidates = candidates, .sample = sample, .n_words = (sample->n + 63U) / 64};
    gathering.singles = ops_mem_zalloc(field->field.n_symbols, sizeof *gathering.singles);
    gathering.within = ops_mem_zalloc(gathering.n_words, sizeof *gathering.within);
    if (gathering.singles == NULL || gathering.within == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(ops_explore(field, &bounds, gather, &gathering, err));
    const size_t n_entries = count_entries(&gathering);
    *out_done = n_entries <= options->max_entries;
    if (*out_done) {
        TRY(keep(&gathering, n_entries, err));
    }
done:
    ops_vec_dispose(&gathering.sequences);
    ops_vec_dispose(&gathering.holders);
    ops_mem_free(gathering.singles);
    ops_mem_free(gathering.within);
    return status;
}

opsig_status ops_candidates_new(struct ops_candidates **out, const struct ops_mine_field *field,
                                const struct ops_sample *sample,
                                const struct ops_candidates_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_candidates *candidates = ops_mem_zalloc(1, sizeof *candidates);
    *out = NULL;
    if (candidates == NULL) {
        return ops_error_nomem(err);
    }
    ops_arena_init(&candidates->arena, UINT64_MAX);
    candidates->min_support = options->min_support;
    bool done = false;
    while (!done) {
        TRY(try_support(candidates, field, sample, options, &done, err));
        if (!done) {
            candidates->min_support *= 2; /* beyond the models there are no entries */
            ops_arena_dispose(&candidates->arena);
            ops_arena_init(&candidates->arena, UINT64_MAX);
        }
    }
    *out = candidates;
    candidates = NULL;
done:
    ops_candidates_free(candidates);
    return status;
}

void ops_candidates_free(struct ops_candidates *candidates)
{
    if (candidates != NULL) {
        ops_arena_dispose(&candidates->arena);
        ops_mem_free(candidates);
    }
}

/** The entry of a place in [begin, end), which has it. */
static size_t find_entry(const struct ops_candidates *candidates, size_t begin, size_t end,
                         uint32_t place)
{
    while (begin + 1 < end) {
        const size_t middle = begin + (end - begin) / 2;
        if (candidates->place[middle] <= place) {
            begin = middle;
        } else {
            end = middle;
        }
    }
    return begin;
}

opsig_status ops_candidates_count(const struct ops_candidates *candidates,
                                  const struct ops_sample *sample, struct ops_trace *trace,
                                  uint32_t *hits, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t c = 0; c < candidates->n; c++) {
        TRY(ops_trace_follow(trace, candidates->sequences[c], err));
        const struct ops_level *const ends =
            trace->n_levels > 0 ? &trace->levels[trace->n_levels - 1] : NULL;
        uint32_t last = UINT32_MAX;
        for (size_t i = 0; ends != NULL && i < ends->n; i++) {
            const uint32_t model = trace->field->model_of[ends->vertices[i]];
            if (model != last) {
                hits[find_entry(candidates, candidates->begin[c], candidates->begin[c + 1],
                                sample->place[model])]++;
                last = model;
            }
        }
    }
done:
    return status;
}
