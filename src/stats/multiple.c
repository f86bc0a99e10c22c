/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Step-up and single-step corrections. Benjamini-Hochberg: the p-value of rank r becomes the
 * smallest p n_tests / rank of those at least as large, at most 1. */
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
