/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does order add to sharing? (method.md section 5, test mode, 2) Rewired corpora say how much two
 * models share that have the operators and degrees they have. They cannot be the null
 * distribution themselves: real graphs share more than rewired ones whatever their labels, and
 * the spread over rewirings leaves out that labels could have fallen otherwise. So they serve to
 * explain the sharing of each pair; whether inconsistent pairs share more than is explained is
 * tested by permuted labels, which keeps the level exact. */
#include <math.h>

#include "base/mem.h"
#include "hypothesis/pair_test.h"
#include "hypothesis/regress.h"
#include "hypothesis/result.h"
#include "hypothesis/strongest.h"
#include "hypothesis/wiring.h"

enum { FEWEST_MODELS = 5, MAX_ENTRIES = 1 << 26 };

/** What one worker needs. */
struct worker {
    struct ops_wiring *wiring;
    struct ops_trace *trace; /* over the wiring */
    uint32_t *hits;          /* by entry of the candidates: rewirings with the sequence */
    struct ops_pairs once; /* sequences shared in one rewiring */
    struct ops_pairs sum;  /* over rewirings */
};

struct rewiring {
    struct ops_study *study;
    const struct ops_candidates *candidates;
    struct worker *workers;
    unsigned n_workers;
    uint64_t seed;
    double *observed, *excess; /* by rewiring */
    struct ops_rewired *done;  /* by rewiring */
};

static struct ops_pairs_bounds bounds_of(const struct ops_study *study, uint32_t min_length,
                                         uint32_t max_length)
{
    return (struct ops_pairs_bounds){
        .min_length = min_length, .max_length = max_length, .cancel = study->options->cancel};
}

static opsig_status rewire_once(uint32_t j, unsigned index, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct rewiring *const rewiring = payload;
    struct ops_study *const study = rewiring->study;
    struct worker *const worker = &rewiring->workers[index];
    const struct ops_pairs_bounds bounds = bounds_of(study, 2, study->options->max_length);
    rewiring->done[j] =
        ops_wiring_draw(worker->wiring, rewiring->seed, j, OPS_WIRING_TRIES);
    ops_pairs_clear(&worker->once);
    TRY(ops_pairs_count(&worker->once, &worker->wiring->field, study->sample->place, &bounds,
                        NULL, err));
    const struct ops_pair_mean mean =
        ops_pair_mean(&worker->once, study->sample, study->sample->labels);
    rewiring->observed[j] = mean.observed;
    rewiring->excess[j] = mean.observed - mean.expected;
    ops_pairs_add(&worker->sum, &worker->once);
    TRY(ops_candidates_count(rewiring->candidates, study->sample, worker->trace, worker->hits,
                             err));
done:
    return status;
}

static opsig_status worker_init(struct worker *worker, const struct rewiring *rewiring,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_study *const study = rewiring->study;
    const struct ops_candidates *const candidates = rewiring->candidates;
    TRY(ops_wiring_new(&worker->wiring, study->field, err));
    TRY(ops_trace_new(&worker->trace, &worker->wiring->field, err));
    TRY(ops_pairs_init(&worker->once, study->sample->n, err));
    TRY(ops_pairs_init(&worker->sum, study->sample->n, err));
    worker->hits = ops_mem_zalloc(candidates->begin[candidates->n], sizeof *worker->hits);
    if (worker->hits == NULL) {
        status = ops_error_nomem(err);
    }
done:
    return status;
}

static opsig_status reserve(struct rewiring *rewiring, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_study *const study = rewiring->study;
    const uint32_t n = study->options->rewirings;
    rewiring->n_workers = ops_each_workers(&study->each, n);
    rewiring->workers = ops_mem_zalloc(rewiring->n_workers, sizeof *rewiring->workers);
    rewiring->done = ops_mem_zalloc(n, sizeof *rewiring->done);
    rewiring->observed = ops_mem_zalloc(n, sizeof *rewiring->observed);
    if (rewiring->workers == NULL || rewiring->done == NULL || rewiring->observed == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(ops_study_numbers(study, n, &rewiring->excess, err));
    for (unsigned w = 0; w < rewiring->n_workers; w++) {
        TRY(worker_init(&rewiring->workers[w], rewiring, err));
    }
done:
    return status;
}

static void rewiring_dispose(struct rewiring *rewiring)
{
    for (unsigned w = 0; rewiring->workers != NULL && w < rewiring->n_workers; w++) {
        ops_trace_free(rewiring->workers[w].trace);
        ops_wiring_free(rewiring->workers[w].wiring);
        ops_mem_free(rewiring->workers[w].hits);
        ops_pairs_dispose(&rewiring->workers[w].once);
        ops_pairs_dispose(&rewiring->workers[w].sum);
    }
    ops_mem_free(rewiring->workers);
    ops_mem_free(rewiring->done);
    ops_mem_free(rewiring->observed);
}

/** Means over the rewirings. */
static void summarise(opsig_hypothesis_order *out, const struct rewiring *rewiring)
{
    const uint32_t n = rewiring->study->options->rewirings;
    for (uint32_t j = 0; j < n; j++) {
        const struct ops_rewired *const done = &rewiring->done[j];
        const double n_edges = done->n_edges > 0 ? (double)done->n_edges : 1;
        out->swaps += (double)done->n_swaps / n_edges / n;
        out->edges_kept += (double)done->n_kept / n_edges / n;
        out->rewired += rewiring->observed[j] / n;
    }
    out->rewired_excess = (opsig_numbers){rewiring->excess, n};
}

/** Fills study->remainder. `sum`, of the rewired counts, and `operators` are used up. */
static opsig_status explain(struct ops_study *study, struct ops_pairs *sum,
                            struct ops_pairs *operators, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_hypothesis_order *const out = &study->out->order;
    const struct ops_pairs_bounds single = bounds_of(study, 1, 1);
    double slopes[2] = {0, 0};
    TRY(ops_pairs_count(operators, study->field, study->sample->place, &single, NULL, err));
    TRY(ops_pairs_init(&study->remainder, study->sample->n, err));
    ops_pairs_add(&study->remainder, &study->shared);
    ops_pairs_log(&study->remainder, 1);
    ops_pairs_log(sum, 1.0 / study->options->rewirings);
    ops_pairs_regress(&study->remainder, sum, operators, study->sample, slopes);
    out->slope_rewired = slopes[0];
    out->slope_operators = slopes[1];
done:
    return status;
}

/** Adds what another worker found. */
static void join_worker(struct worker *worker, const struct worker *other,
                        const struct ops_candidates *candidates)
{
    ops_pairs_add(&worker->sum, &other->sum);
    for (size_t e = 0; e < candidates->begin[candidates->n]; e++) {
        worker->hits[e] += other->hits[e];
    }
}

static opsig_status rewire(struct rewiring *rewiring, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_study *const study = rewiring->study;
    TRY(reserve(rewiring, err));
    study->each.step = "rewire";
    TRY(ops_each_do(&study->each, study->options->rewirings, rewire_once, rewiring, err));
    for (unsigned w = 1; w < rewiring->n_workers; w++) {
        join_worker(&rewiring->workers[0], &rewiring->workers[w], rewiring->candidates);
    }
    summarise(&study->out->order, rewiring);
    ops_pairs_clear(&rewiring->workers[0].once);
    TRY(explain(study, &rewiring->workers[0].sum, &rewiring->workers[0].once, err));
done:
    return status;
}

/** The strongest sequences by presence and by order. */
static opsig_status find_strongest(struct rewiring *rewiring, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_study *const study = rewiring->study;
    const struct ops_contrast present = {.candidates = rewiring->candidates};
    const struct ops_contrast ordered = {.candidates = rewiring->candidates,
                                         .hits = rewiring->workers[0].hits,
                                         .n_rewirings = study->options->rewirings};
    study->each.step = "sequences";
    TRY(ops_study_strongest(study, &present,
                            ops_seed_for(study->options->seed, OPS_PURPOSE_PRESENT),
                            &study->out->present, err));
    TRY(ops_study_strongest(study, &ordered,
                            ops_seed_for(study->options->seed, OPS_PURPOSE_ORDERED),
                            &study->out->ordered, err));
done:
    return status;
}

/** Support of the sequences that are tested one by one: one model in a hundred, and at least 5. */
static uint32_t least_support(uint32_t n_models)
{
    return n_models / 100 > FEWEST_MODELS ? n_models / 100 : FEWEST_MODELS;
}

opsig_status ops_study_order(struct ops_study *study, opsig_error *err)
{
    struct ops_candidates *candidates = NULL;
    const struct ops_candidates_options which = {
        .min_support = least_support(study->sample->n),
        .max_length = study->options->max_length,
        .max_entries = MAX_ENTRIES,
        .cancel = study->options->cancel};
    opsig_status status = OPSIG_OK;
    const opsig_hypothesis_options *const options = study->options;
    struct rewiring rewiring = {.study = study,
                                .seed = ops_seed_for(options->seed, OPS_PURPOSE_REWIRE)};
    const struct ops_pair_test_options test = {
        .permutations = options->permutations,
        .bootstraps = options->bootstraps,
        .seed = ops_seed_for(options->seed, OPS_PURPOSE_ORDER)};
    double *null = NULL;
    TRY(ops_study_numbers(study, options->permutations, &null, err));
    TRY(ops_candidates_new(&candidates, study->field, study->sample, &which, err));
    rewiring.candidates = candidates;
    TRY(rewire(&rewiring, err));
    study->out->order.null = (opsig_numbers){null, options->permutations};
    study->each.step = "order";
    TRY(ops_pair_test(&study->out->order.excess, null, &study->remainder, study->sample,
                      study->sample->labels, &test, &study->each, err));
    TRY(find_strongest(&rewiring, err));
done:
    rewiring_dispose(&rewiring);
    ops_candidates_free(candidates);
    return status;
}
