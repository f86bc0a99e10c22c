/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Under permutations within strata the expectation has a closed form over pairs of strata, so the
 * effect needs no sampling; only its p-value and its interval do. Places are sorted by stratum, so
 * a row of the matrix is cut into one run for each stratum. */
#include "hypothesis/pair_test.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/** p-values may not hang on the last bits of sums that were added up in another order. */
static const double SAME = 1e-9;

/** Sums over the pairs between two strata, or within one. */
struct block {
    double sum, weight;                           /* over all pairs */
    double inconsistent_sum, inconsistent_weight; /* over those of inconsistent models */
};

/** What one worker writes to. */
struct scratch {
    uint32_t *order;
    uint8_t *labels;
    double *weights;
};

struct test {
    const struct ops_pairs *pairs;
    const struct ops_sample *sample;
    const uint8_t *labels;
    const struct ops_pair_test_options *options;
    double expected;
    double *null, *resampled; /* by item */
    struct scratch *scratch;  /* by worker */
    unsigned n_workers;
};

/** Adds one row's pairs with the places begin ... end - 1. */
static void add_run(struct block *block, const double *row, uint32_t begin, uint32_t end,
                    const double *weights, double weight)
{
    double sum = 0;
    double total = 0;
    for (uint32_t k = begin; k < end; k++) {
        const double w = weights == NULL ? 1 : weights[k];
        sum += w * row[k];
        total += w;
    }
    block->sum += weight * sum;
    block->weight += weight * total;
}

/** Likewise those with inconsistent models, of a row that is one. */
static void add_inconsistent(struct block *block, const double *row, uint32_t begin, uint32_t end,
                             const uint8_t *labels, const double *weights, double weight)
{
    for (uint32_t k = begin; k < end; k++) {
        if (labels[k]) {
            const double w = weights == NULL ? weight : weight * weights[k];
            block->inconsistent_sum += w * row[k];
            block->inconsistent_weight += w;
        }
    }
}

/** Pairs between strata s >= t. @param weights  by place; NULL: all 1 */
static struct block sum_block(const struct ops_pairs *pairs, const struct ops_sample *sample,
                              const uint8_t *labels, const double *weights, uint32_t s, uint32_t t)
{
    struct block block = {0, 0, 0, 0};
    for (uint32_t i = sample->begin[s]; i < sample->begin[s + 1]; i++) {
        const double weight = weights == NULL ? 1 : weights[i];
        const double *const row = ops_pairs_row(pairs, i);
        const uint32_t end = s == t ? i : sample->begin[t + 1];
        if (weight > 0) {
            add_run(&block, row, sample->begin[t], end, weights, weight);
        }
        if (weight > 0 && labels[i]) {
            add_inconsistent(&block, row, sample->begin[t], end, labels, weights, weight);
        }
    }
    return block;
}

/** Observed and expected mean over inconsistent pairs, in a sample drawn by weights. */
static struct ops_pair_mean weighted_mean(const struct ops_pairs *pairs,
                                          const struct ops_sample *sample, const uint8_t *labels,
                                          const double *weights)
{
    double observed = 0;
    double expected = 0;
    double n_pairs = 0;
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        for (uint32_t t = 0; t <= s; t++) {
            const struct block block = sum_block(pairs, sample, labels, weights, s, t);
            if (block.inconsistent_weight > 0) {
                observed += block.inconsistent_sum;
                expected += block.inconsistent_weight * (block.sum / block.weight);
                n_pairs += block.inconsistent_weight;
            }
        }
    }
    return (struct ops_pair_mean){observed / n_pairs, expected / n_pairs};
}

struct ops_pair_mean ops_pair_mean(const struct ops_pairs *pairs, const struct ops_sample *sample,
                                   const uint8_t *labels)
{
    return weighted_mean(pairs, sample, labels, NULL);
}

/** Mean over inconsistent pairs alone. @param order  room for n */
static double observed_mean(const struct ops_pairs *pairs, const uint8_t *labels, uint32_t *order)
{
    uint32_t n = 0;
    double sum = 0;
    for (uint32_t i = 0; i < pairs->n; i++) {
        if (!labels[i]) {
            continue;
        }
        const double *const row = ops_pairs_row(pairs, i);
        for (uint32_t k = 0; k < n; k++) {
            sum += row[order[k]];
        }
        order[n++] = i;
    }
    return sum / ((double)n * (n - 1.0) / 2);
}

static opsig_status permute_once(uint32_t j, unsigned worker, void *payload, opsig_error *err)
{
    (void)err;
    const struct test *const test = payload;
    const struct scratch *const scratch = &test->scratch[worker];
    ops_sample_permute(test->sample, test->labels, test->options->seed, j, scratch->order,
                       scratch->labels);
    test->null[j] = observed_mean(test->pairs, scratch->labels, scratch->order) - test->expected;
    return OPSIG_OK;
}

static opsig_status resample_once(uint32_t j, unsigned worker, void *payload, opsig_error *err)
{
    (void)err;
    const struct test *const test = payload;
    const struct scratch *const scratch = &test->scratch[worker];
    /* permutations have the streams from 0 on */
    ops_sample_resample(test->sample, test->labels, ~test->options->seed, j, scratch->order,
                        scratch->weights);
    const struct ops_pair_mean mean =
        weighted_mean(test->pairs, test->sample, test->labels, scratch->weights);
    test->resampled[j] = mean.observed - mean.expected;
    return OPSIG_OK;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/** Quantile of sorted values, linear between them. */
static double quantile(const double *sorted, size_t n, double q)
{
    const double at = q * (double)(n - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

void ops_percentiles(double *values, size_t n, double *out_low, double *out_high)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i])) {
            values[kept++] = values[i];
        }
    }
    *out_low = *out_high = NAN;
    if (kept > 0) {
        qsort(values, kept, sizeof *values, compare_doubles);
        *out_low = quantile(values, kept, 0.025);
        *out_high = quantile(values, kept, 0.975);
    }
}

static double p_value(double value, const double *null, uint32_t n)
{
    uint32_t reached = 0;
    for (uint32_t j = 0; j < n; j++) {
        reached += null[j] >= value - SAME * (1 + fabs(value));
    }
    return (1.0 + reached) / (1.0 + n);
}

static opsig_status reserve(struct test *test, const struct ops_each *each, opsig_error *err)
{
    const uint32_t n = test->sample->n;
    const uint32_t most = test->options->permutations > test->options->bootstraps
                              ? test->options->permutations
                              : test->options->bootstraps;
    test->n_workers = ops_each_workers(each, most);
    test->scratch = ops_mem_zalloc(test->n_workers, sizeof *test->scratch);
    test->resampled = ops_mem_zalloc(test->options->bootstraps, sizeof *test->resampled);
    bool complete = test->scratch != NULL && test->resampled != NULL;
    for (unsigned w = 0; complete && w < test->n_workers; w++) {
        struct scratch *const scratch = &test->scratch[w];
        scratch->order = ops_mem_zalloc(n, sizeof *scratch->order);
        scratch->labels = ops_mem_zalloc(n, sizeof *scratch->labels);
        scratch->weights = ops_mem_zalloc(n, sizeof *scratch->weights);
        complete = scratch->order != NULL && scratch->labels != NULL && scratch->weights != NULL;
    }
    return complete ? OPSIG_OK : ops_error_nomem(err);
}

static void test_dispose(struct test *test)
{
    for (unsigned w = 0; test->scratch != NULL && w < test->n_workers; w++) {
        ops_mem_free(test->scratch[w].order);
        ops_mem_free(test->scratch[w].labels);
        ops_mem_free(test->scratch[w].weights);
    }
    ops_mem_free(test->scratch);
    ops_mem_free(test->resampled);
}

opsig_status ops_pair_test(opsig_effect *out, double *null, const struct ops_pairs *pairs,
                           const struct ops_sample *sample, const uint8_t *labels,
                           const struct ops_pair_test_options *options,
                           const struct ops_each *each, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct test test = {
        .pairs = pairs, .sample = sample, .labels = labels, .options = options, .null = null};
    const struct ops_pair_mean mean = ops_pair_mean(pairs, sample, labels);
    test.expected = mean.expected;
    *out = (opsig_effect){NAN, NAN, NAN, NAN};
    TRY(reserve(&test, each, err));
    TRY(ops_each_do(each, options->permutations, permute_once, &test, err));
    TRY(ops_each_do(each, options->bootstraps, resample_once, &test, err));
    out->value = mean.observed - mean.expected;
    out->p = p_value(out->value, null, options->permutations);
    ops_percentiles(test.resampled, options->bootstraps, &out->low, &out->high);
done:
    test_dispose(&test);
    return status;
}
