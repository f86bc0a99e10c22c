/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model's labels under all permutations are one bit string, a bit a permutation. Adding up the
 * strings of a class's models, column by column, gives the number of inconsistent holders under
 * every permutation at once: the sums are kept bit-sliced, slice s holding the bits of weight 2^s,
 * and a string is added to them with carries, 64 permutations an instruction. The p-value depends
 * on nothing but that number, so it is computed once for each number that occurs, and not at all
 * where it could not lower the minimum of any permutation. */
#include "mine/westfall_young.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mine/permute.h"

enum { MAX_SLICES = 32 };

/** p-values this close, in logarithms, are the same number computed in two ways. */
static const double SAME = 1e-9;

struct run {
    const struct ops_classes *classes;
    const struct ops_design *design;
    const uint64_t *rows;
    uint32_t n_permutations;
    size_t n_words;             /* of a bit string over permutations */
    uint64_t *labels;           /* by model: its string */
    uint64_t *slices;           /* MAX_SLICES strings */
    uint32_t *counts;           /* by permutation */
    double *log_p;              /* by count, of the class at hand; NaN: not computed */
    double *min_log_p;
    double largest_min;         /* of min_log_p */
    struct ops_cmh *cmh;
};

/** Adds one string to the slices; returns the number of slices in use. */
static uint32_t add_string(const struct run *run, const uint64_t *string, uint32_t n_slices)
{
    for (size_t w = 0; w < run->n_words; w++) {
        uint64_t carry = string[w];
        for (uint32_t s = 0; carry != 0; s++) {
            uint64_t *slice = run->slices + s * run->n_words + w;
            uint64_t next = *slice & carry;
            *slice ^= carry;
            carry = next;
            n_slices = s + 1 > n_slices ? s + 1 : n_slices;
        }
    }
    return n_slices;
}

/** Counts the inconsistent holders of a class under every permutation; returns the largest. */
static uint32_t count_class(struct run *run, const struct ops_class *class)
{
    uint32_t n_slices = 0;
    uint32_t largest = 0;
    memset(run->slices, 0, MAX_SLICES * run->n_words * sizeof *run->slices);
    for (size_t w = 0; w < run->design->n_words; w++) {
        for (uint64_t left = class->models[w] & run->rows[w]; left != 0; left &= left - 1) {
            size_t m = w * 64 + (size_t)__builtin_ctzll(left);
            n_slices = add_string(run, run->labels + m * run->n_words, n_slices);
        }
    }
    for (uint32_t j = 0; j < run->n_permutations; j++) {
        uint32_t count = 0;
        for (uint32_t s = 0; s < n_slices; s++) {
            count |= (uint32_t)(run->slices[s * run->n_words + j / 64] >> j % 64 & 1) << s;
        }
        run->counts[j] = count;
        largest = count > largest ? count : largest;
    }
    return largest;
}

static double largest_of(const double *values, uint32_t n)
{
    double largest = -INFINITY;
    for (uint32_t i = 0; i < n; i++) {
        largest = values[i] > largest ? values[i] : largest;
    }
    return largest;
}

/** Lowers the minima by the p-values of one class. */
static opsig_status lower_minima(struct run *run, const struct ops_class *class, opsig_error *err)
{
    struct ops_table table;
    opsig_status status = ops_design_table(&table, run->design, run->rows, class->models, err);
    if (status != OPSIG_OK) {
        return status;
    }
    if (ops_cmh_log_min_p(table.strata, table.n_strata) >= run->largest_min) {
        ops_table_dispose(&table);
        return OPSIG_OK;
    }
    uint32_t largest = count_class(run, class);
    for (uint32_t a = 0; a <= largest; a++) {
        run->log_p[a] = NAN;
    }
    uint32_t useless = 0; /* counts up to here have p-values that lower nothing */
    bool lowered = false;
    for (uint32_t j = 0; j < run->n_permutations && status == OPSIG_OK; j++) {
        uint32_t a = run->counts[j];
        if (a <= useless) {
            continue;
        }
        if (isnan(run->log_p[a])) {
            run->log_p[a] = ops_cmh_log_p(run->cmh, table.strata, table.n_strata, a);
            status = isnan(run->log_p[a]) ? ops_error_nomem(err) : OPSIG_OK;
            if (run->log_p[a] >= run->largest_min) {
                useless = a;
                continue;
            }
        }
        if (run->log_p[a] < run->min_log_p[j]) {
            run->min_log_p[j] = run->log_p[a];
            lowered = true;
        }
    }
    if (lowered) {
        run->largest_min = largest_of(run->min_log_p, run->n_permutations);
    }
    ops_table_dispose(&table);
    return status;
}

static opsig_status run_reserve(struct run *run, opsig_error *err)
{
    size_t n_models = run->design->n_models;
    run->n_words = (run->n_permutations + 63U) / 64;
    run->labels = ops_mem_zalloc(n_models, run->n_words * sizeof *run->labels);
    run->slices = ops_mem_zalloc(MAX_SLICES, run->n_words * sizeof *run->slices);
    run->counts = ops_mem_zalloc(run->n_permutations, sizeof *run->counts);
    run->log_p = ops_mem_zalloc(n_models + 1, sizeof *run->log_p);
    run->min_log_p = ops_mem_zalloc(run->n_permutations, sizeof *run->min_log_p);
    run->cmh = ops_cmh_new();
    if (run->labels == NULL || run->slices == NULL || run->counts == NULL ||
        run->log_p == NULL || run->min_log_p == NULL || run->cmh == NULL) {
        return ops_error_nomem(err);
    }
    return OPSIG_OK;
}

static void run_dispose(struct run *run)
{
    ops_mem_free(run->labels);
    ops_mem_free(run->slices);
    ops_mem_free(run->counts);
    ops_mem_free(run->log_p);
    ops_mem_free(run->min_log_p);
    ops_cmh_free(run->cmh);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

opsig_status ops_westfall_young_run(struct ops_westfall_young *out,
                                    const struct ops_classes *classes,
                                    const struct ops_design *design, const uint64_t *rows,
                                    const uint32_t *class_ids, size_t n,
                                    uint32_t n_permutations, uint64_t seed, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct run run = {.classes = classes, .design = design, .rows = rows,
                      .n_permutations = n_permutations};
    *out = (struct ops_westfall_young){NULL, 0};
    TRY(run_reserve(&run, err));
    TRY(ops_permute_labels(run.labels, run.n_words, design, rows, n_permutations, seed, err));
    for (size_t i = 0; i < n; i++) {
        TRY(lower_minima(&run, &classes->classes.items[class_ids[i]], err));
    }
    qsort(run.min_log_p, n_permutations, sizeof *run.min_log_p, compare_doubles);
    *out = (struct ops_westfall_young){run.min_log_p, n_permutations};
    run.min_log_p = NULL;
done:
    run_dispose(&run);
    return status;
}

double ops_westfall_young_adjust(const struct ops_westfall_young *minima, double log_p)
{
    uint32_t low = 0;
    uint32_t high = minima->n_permutations;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (minima->min_log_p[middle] <= log_p + SAME) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (1.0 + low) / (1.0 + minima->n_permutations);
}

double ops_westfall_young_bound(const struct ops_westfall_young *minima, double alpha)
{
    uint32_t n = 0; /* permutations that may be at most as extreme, the identity counted in */
    while (n <= minima->n_permutations && (n + 1.0) / (1.0 + minima->n_permutations) <= alpha) {
        n++;
    }
    if (n == 0) {
        return -INFINITY;
    }
    return n > minima->n_permutations ? 0 : minima->min_log_p[n - 1];
}
