/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever holds an uncovered sequence is uncovered itself: an operator that the reference lacks
 * makes as many as there are ways around it. Told are those whose two longest parts, all but the
 * last and all but the first symbol, are covered or too short to be counted. */
#include "hypothesis/gaps.h"

#include <stdlib.h>
#include <string.h>

/** A gap with all that its place in the list depends on. */
struct gap {
    const struct ops_coverage_counts *counts;
    const struct ops_intern *symbols;
    uint32_t id, support;
};

static bool is_uncovered(const struct ops_coverage_counts *counts, const uint32_t *symbols,
                         size_t n)
{
    return n >= counts->min_length &&
           ops_intern_find(counts->uncovered, (const char *)symbols, n * sizeof *symbols) !=
               OPS_INTERN_NONE;
}

static int compare(const void *a, const void *b)
{
    const struct gap *const x = a;
    const struct gap *const y = b;
    uint32_t of_x[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t of_y[OPSIG_PATTERN_MAX_VERTICES];
    if (x->support != y->support) {
        return x->support > y->support ? -1 : 1;
    }
    const uint32_t n_x = ops_coverage_symbols(x->counts, x->id, of_x);
    const uint32_t n_y = ops_coverage_symbols(y->counts, y->id, of_y);
    if (n_x != n_y) {
        return n_x < n_y ? -1 : 1;
    }
    for (uint32_t k = 0; k < n_x; k++) {
        const int order = strcmp(ops_intern_text(x->symbols, of_x[k]),
                                 ops_intern_text(y->symbols, of_y[k]));
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

opsig_status ops_gaps_find(ops_gaps *out, const struct ops_coverage_counts *counts,
                           const struct ops_intern *symbols, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    OPS_VEC(struct gap) gaps = {0};
    for (uint32_t i = 0; i < ops_coverage_n_uncovered(counts); i++) {
        uint32_t of_gap[OPSIG_PATTERN_MAX_VERTICES];
        const uint32_t n = ops_coverage_symbols(counts, i, of_gap);
        if (!is_uncovered(counts, of_gap, n - 1) && !is_uncovered(counts, of_gap + 1, n - 1)) {
            const struct gap gap = {counts, symbols, i, ops_coverage_support(counts, i)};
            TRY(ops_vec_push(&gaps, gap, err));
        }
    }
    if (gaps.len > 1) {
        qsort(gaps.items, gaps.len, sizeof *gaps.items, compare);
    }
    TRY(ops_vec_reserve(out, gaps.len, err));
    for (size_t i = 0; i < gaps.len; i++) {
        out->items[out->len++] = gaps.items[i].id;
    }
done:
    ops_vec_dispose(&gaps);
    return status;
}
