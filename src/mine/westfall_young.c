/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model's labels under all permutations are one bit string, a bit a permutation. Adding up the
 * strings of a class's models, column by column, gives the number of inconsistent holders under
 * every permutation at once, hundreds of permutations an instruction. The p-value depends on
 * nothing but that number and falls with it: so the largest number that could not lower the minimum
 * of any permutation is found by bisection, and only permutations with more are looked at one by
 * one. */
#include "mine/westfall_young.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/mem.h"
#include "mine/permute.h"

/** p-values this close, in logarithms, are the same number computed in two ways. */
static const double SAME = 1e-9;

struct run {
    const struct ops_classes *classes;
    const struct ops_design *design;
    const struct ops_bits *bits;
    const uint64_t *rows;
    uint32_t n_permutations;
    size_t n_words;           /* of a bit string over permutations; whole blocks */
    uint64_t *labels;         /* by model: its string */
    const uint64_t **strings; /* those of the class at hand */
    uint64_t *slices;         /* digits of the counts */
    uint32_t n_slices;
    double *log_p;            /* by count, of the class at hand; NaN: not computed */
    double *min_log_p;
    double largest_min;       /* of min_log_p */
    struct ops_cmh *cmh;
};

/** Counts the inconsistent holders of a class under every permutation. */
static void count_class(struct run *run, const struct ops_class *class)
{
    size_t n = 0;
    for (size_t w = 0; w < run->design->n_words; w++) {
        for (uint64_t left = class->models[w] & run->rows[w]; left != 0; left &= left - 1) {
            const size_t m = w * 64 + (size_t)__builtin_ctzll(left);
            run->strings[n++] = run->labels + m * run->n_words;
        }
    }
    run->bits->add_columns(run->slices, run->strings, n, run->n_words);
    run->n_slices = ops_bits_n_slices(n);
}

/** The permutations of a word that count more than n. */
static uint64_t counting_more(const struct run *run, size_t word, uint32_t n)
{
    uint64_t more = 0;
    uint64_t equal = ~UINT64_C(0);
    for (uint32_t s = run->n_slices; s-- > 0;) {
        const uint64_t digits = run->slices[s * run->n_words + word];
        more |= (n >> s & 1) != 0 ? 0 : equal & digits;
        equal &= (n >> s & 1) != 0 ? digits : ~digits;
    }
    return more;
}

static uint32_t count_of(const struct run *run, uint32_t permutation)
{
    uint32_t count = 0;
    for (uint32_t s = 0; s < run->n_slices; s++) {
        const uint64_t digits = run->slices[s * run->n_words + permutation / 64];
        count |= (uint32_t)(digits >> permutation % 64 & 1) << s;
    }
    return count;
}

/** The largest count of the words. */
static uint32_t largest_count(const struct run *run)
{
    uint32_t largest = 0;
    for (size_t w = 0; w < run->n_words; w++) {
        for (uint64_t more; (more = counting_more(run, w, largest)) != 0;) {
            largest = count_of(run, (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(more));
        }
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

/** The p-value of a count; NaN: memory ran out. */
static double log_p_of(struct run *run, const struct ops_table *table, uint32_t count)
{
    if (isnan(run->log_p[count])) {
        run->log_p[count] = ops_cmh_log_p(run->cmh, table->strata, table->n_strata, count);
    }
    return run->log_p[count];
}

/** The least count up to `largest` whose p-value could lower a minimum; beyond it: none could. */
static uint32_t least_useful(struct run *run, const struct ops_table *table, uint32_t largest)
{
    uint32_t low = 0;
    uint32_t high = largest + 1;
    for (uint32_t middle = largest; low < high; middle = low + (high - low) / 2) {
        if (log_p_of(run, table, middle) >= run->largest_min) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/** Lowers the minima by the p-values of one class. */
static opsig_status lower_minima(struct run *run, const struct ops_class *class, opsig_error *err)
{
    struct ops_table table;
    opsig_status status =
        ops_design_table(&table, run->design, run->cmh, run->rows, class->models, err);
    if (status != OPSIG_OK ||
        ops_cmh_log_min_p(table.strata, table.n_strata) >= run->largest_min) {
        return status;
    }
    count_class(run, class);
    const uint32_t largest = largest_count(run);
    for (uint32_t a = 0; a <= largest; a++) {
        run->log_p[a] = NAN;
    }
    const uint32_t useful = least_useful(run, &table, largest);
    bool lowered = false;
    for (size_t w = 0; w < run->n_words && useful <= largest; w++) {
        const uint64_t more = useful == 0 ? ~UINT64_C(0) : counting_more(run, w, useful - 1);
        for (uint64_t left = more; left != 0; left &= left - 1) {
            const uint32_t j = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
            const double log_p = log_p_of(run, &table, count_of(run, j));
            if (isnan(log_p)) {
                return ops_error_nomem(err);
            }
            if (j < run->n_permutations && log_p < run->min_log_p[j]) {
                run->min_log_p[j] = log_p;
                lowered = true;
            }
        }
    }
    if (lowered) {
        run->largest_min = largest_of(run->min_log_p, run->n_permutations);
    }
    return OPSIG_OK;
}

static opsig_status run_reserve(struct run *run, opsig_error *err)
{
    size_t n_models = run->design->n_models;
    const size_t words = ((size_t)run->n_permutations + 63) / 64;
    run->n_words = (words + OPS_BITS_BLOCK - 1) / OPS_BITS_BLOCK * OPS_BITS_BLOCK;
    run->labels = ops_mem_zalloc(n_models, run->n_words * sizeof *run->labels);
    run->strings = ops_mem_zalloc(n_models, sizeof *run->strings);
    run->slices = ops_mem_zalloc(OPS_BITS_SLICES, run->n_words * sizeof *run->slices);
    run->log_p = ops_mem_zalloc(n_models + 1, sizeof *run->log_p);
    run->min_log_p = ops_mem_zalloc(run->n_permutations, sizeof *run->min_log_p);
    run->cmh = ops_cmh_new();
    if (run->labels == NULL || run->strings == NULL || run->slices == NULL ||
        run->log_p == NULL || run->min_log_p == NULL || run->cmh == NULL) {
        return ops_error_nomem(err);
    }
    return OPSIG_OK;
}

static void run_dispose(struct run *run)
{
    ops_mem_free(run->labels);
    ops_mem_free(run->strings);
    ops_mem_free(run->slices);
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
    struct run run = {.classes = classes, .design = design, .bits = ops_bits_best(),
                      .rows = rows, .n_permutations = n_permutations};
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
