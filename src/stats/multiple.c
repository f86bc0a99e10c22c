/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Step-up and single-step corrections. Benjamini-Hochberg: the p-value of rank r becomes the
 * smallest p n_tests / rank of those at least as large, at most 1. Tarone: the number of hypotheses
 * that count falls as the level does, so K is where the two meet. */
#include "stats/multiple.h"

#include <stdlib.h>

#include "base/mem.h"

struct ranked {
    double p;
    size_t index;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *const x = a, *const y = b;
    if (x->p != y->p) {
        return x->p < y->p ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

int ops_adjust_bh(const double *p, size_t n, double n_tests, double *out)
{
    struct ranked *const order = ops_mem_alloc(n * sizeof *order);
    if (order == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = (struct ranked){.p = p[i], .index = i};
    }
    qsort(order, n, sizeof *order, compare_ranked);
    double smallest = 1.0;
    for (size_t rank = n; rank > 0; rank--) {
        const double scaled = order[rank - 1].p * (n_tests / (double)rank);
        smallest = scaled < smallest ? scaled : smallest;
        out[order[rank - 1].index] = smallest;
    }
    ops_mem_free(order);
    return 0;
}

void ops_adjust_bonferroni(const double *p, size_t n, double n_tests, double *out)
{
    for (size_t i = 0; i < n; i++) {
        const double scaled = p[i] * n_tests;
        out[i] = scaled < 1.0 ? scaled : 1.0;
    }
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many of n ascending numbers are at most `bound`. */
static size_t count_up_to(const double *sorted, size_t n, double bound)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sorted[middle] <= bound) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t ops_tarone_tests(const double *min_p, size_t n, double alpha)
{
    double *const sorted = ops_mem_dup(min_p, n * sizeof *sorted);
    if (sorted == NULL) {
        return 0;
    }
    qsort(sorted, n, sizeof *sorted, compare_doubles);
    size_t k = 1;
    while (count_up_to(sorted, n, alpha / (double)k) > k) {
        k++;
    }
    ops_mem_free(sorted);
    return k;
}

int ops_adjust_tarone(const double *p, const double *min_p, size_t n, double alpha, double *out)
{
    const size_t k = ops_tarone_tests(min_p, n, alpha);
    if (k == 0) {
        return -1;
    }
    const double level = alpha / (double)k;
    for (size_t i = 0; i < n; i++) {
        const double scaled = p[i] * (double)k;
        out[i] = min_p[i] > level || scaled > 1.0 ? 1.0 : scaled;
    }
    return 0;
}
