/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact tests against integer arithmetic (tests/data/stats/reference.py) and against counting
 * every labelling of small corpora. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/exact.h"
#include "support/close.h"

enum { MAX_STRATA = 256, MAX_LINE = 8192 };

struct row {
    uint32_t a;
    double log_p, log_min_p;
    size_t n_strata;
    struct ops_stratum strata[MAX_STRATA];
};

static bool read_row(FILE *file, struct row *row)
{
    char line[MAX_LINE];
    do {
        if (fgets(line, sizeof line, file) == NULL) {
            return false;
        }
    } while (line[0] == '#');
    char *at = line;
    row->a = (uint32_t)strtoul(at, &at, 10);
    row->log_p = strtod(at, &at);
    row->log_min_p = strtod(at, &at);
    row->n_strata = strtoul(at, &at, 10);
    assert_in_range(row->n_strata, 1, MAX_STRATA);
    for (size_t k = 0; k < row->n_strata; k++) {
        row->strata[k].total = (uint32_t)strtoul(at, &at, 10);
        row->strata[k].positives = (uint32_t)strtoul(at, &at, 10);
        row->strata[k].holders = (uint32_t)strtoul(at, &at, 10);
    }
    return true;
}

static void cmh_and_fisher_agree_with_integer_arithmetic(void **state)
{
    (void)state;
    FILE *const file = fopen(OPSIG_TEST_DATA "/exact.csv", "r");
    assert_non_null(file);
    struct ops_cmh *const scratch = ops_cmh_new();
    struct row row;
    int rows = 0;
    for (; read_row(file, &row); rows++) {
        assert_close(ops_cmh_log_p(scratch, row.strata, row.n_strata, row.a), row.log_p, 1e-10);
        assert_close(ops_cmh_log_min_p(row.strata, row.n_strata), row.log_min_p,
                     1e-10 + 1e-14 * fabs(row.log_min_p));
        if (row.n_strata == 1) {
            assert_close(ops_fisher_log_p(row.strata[0], row.a), row.log_p,
                         1e-10 + 1e-14 * fabs(row.log_p));
        }
    }
    assert_true(rows > 400);
    ops_cmh_free(scratch);
    fclose(file);
}

/* Counts the labellings of small strata, one after the other, by the number of inconsistent
 * holders: models 0 ... holders - 1 of a stratum hold the pattern. */
static void count_labellings(const struct ops_stratum *strata, size_t n_strata, uint32_t held,
                             uint64_t *counts)
{
    if (n_strata == 0) {
        counts[held]++;
        return;
    }
    for (unsigned labels = 0; labels < 1U << strata[0].total; labels++) {
        if ((uint32_t)__builtin_popcount(labels) == strata[0].positives) {
            const unsigned holders = labels & ((1U << strata[0].holders) - 1);
            count_labellings(strata + 1, n_strata - 1, held + (uint32_t)__builtin_popcount(holders),
                             counts);
        }
    }
}

static void cmh_is_the_share_of_labellings_with_as_many_holders(void **state)
{
    (void)state;
    struct ops_cmh *const scratch = ops_cmh_new();
    for (uint64_t i = 0; i < 300; i++) {
        struct ops_stratum strata[3];
        uint64_t counts[20] = {0}, all = 0, tail = 0;
        const size_t n = 1 + ops_rng_below(1, i, 0, 3);
        for (size_t k = 0; k < n; k++) {
            const uint32_t total = (uint32_t)ops_rng_below(1, i, 3 * k + 1, 6);
            strata[k] = (struct ops_stratum){
                .total = total,
                .positives = (uint32_t)ops_rng_below(1, i, 3 * k + 2, total + 1),
                .holders = (uint32_t)ops_rng_below(1, i, 3 * k + 3, total + 1)};
        }
        count_labellings(strata, n, 0, counts);
        for (size_t a = 0; a < 20; a++) {
            all += counts[a];
        }
        for (uint32_t a = 20; a > 0; a--) {
            tail += counts[a - 1];
            const double expected = log((double)tail / (double)all);
            assert_close(ops_cmh_log_p(scratch, strata, n, a - 1), expected, 1e-12);
        }
    }
    ops_cmh_free(scratch);
}

static void strata_that_cannot_vary_change_nothing(void **state)
{
    (void)state;
    const struct ops_stratum two[] = {{40, 10, 12}, {30, 5, 20}};
    const struct ops_stratum more[] = {{9, 0, 5}, {40, 10, 12}, {7, 7, 3}, {30, 5, 20}, {0, 0, 0}};
    struct ops_cmh *const scratch = ops_cmh_new();
    for (uint32_t a = 0; a < 17; a++) {
        assert_close(ops_cmh_log_p(scratch, more, 5, a + 3), ops_cmh_log_p(scratch, two, 2, a),
                     1e-12);
    }
    ops_cmh_free(scratch);
}

static void no_strata_give_a_p_of_one(void **state)
{
    (void)state;
    struct ops_cmh *const scratch = ops_cmh_new();
    assert_true(ops_cmh_log_p(scratch, NULL, 0, 0) == 0.0);
    assert_true(ops_cmh_log_p(scratch, NULL, 0, 1) == -INFINITY);
    assert_true(ops_cmh_log_min_p(NULL, 0) == 0.0);
    ops_cmh_free(scratch);
}

static void order_of_strata_does_not_matter(void **state)
{
    (void)state;
    const struct ops_stratum there[] = {{400, 90, 120}, {30, 5, 20}, {90, 45, 9}};
    const struct ops_stratum back[] = {{90, 45, 9}, {30, 5, 20}, {400, 90, 120}};
    struct ops_cmh *const scratch = ops_cmh_new();
    for (uint32_t a = 0; a < 104; a++) {
        assert_close(ops_cmh_log_p(scratch, there, 3, a), ops_cmh_log_p(scratch, back, 3, a),
                     1e-11);
    }
    ops_cmh_free(scratch);
}

/* The factorial table ends at 2^20; counts beyond it must do as well. Reference: phyper. */
static void large_corpora_agree_with_fisher(void **state)
{
    (void)state;
    const struct ops_stratum margins = {3000000, 500000, 1000};
    struct ops_cmh *const scratch = ops_cmh_new();
    for (uint32_t a = 150; a < 1000; a += 50) {
        assert_close(ops_cmh_log_p(scratch, &margins, 1, a), ops_fisher_log_p(margins, a), 1e-9);
    }
    ops_cmh_free(scratch);
}

static void p_falls_as_the_count_grows(void **state)
{
    (void)state;
    struct ops_stratum strata[40];
    uint32_t most = 0;
    for (uint32_t k = 0; k < 40; k++) {
        strata[k] = (struct ops_stratum){.total = 20 + k, .positives = 1 + k / 4, .holders = 3};
        most += strata[k].positives < 3 ? strata[k].positives : 3;
    }
    struct ops_cmh *const scratch = ops_cmh_new();
    double before = 0.0;
    for (uint32_t a = 1; a <= most; a++) {
        const double log_p = ops_cmh_log_p(scratch, strata, 40, a);
        assert_true(log_p <= before);
        before = log_p;
    }
    assert_close(before, ops_cmh_log_min_p(strata, 40), 1e-12);
    ops_cmh_free(scratch);
}

static void missing_memory_gives_nan(void **state)
{
    (void)state;
    const struct ops_stratum strata[] = {{40, 10, 12}, {30, 5, 20}};
    for (uint64_t n = 1; n <= 3; n++) {
        struct ops_cmh *const scratch = ops_cmh_new();
        ops_mem_fail_at(n, 0);
        assert_true(isnan(ops_cmh_log_p(scratch, strata, 2, 9)));
        ops_mem_fail_at(0, 0);
        assert_true(ops_cmh_log_p(scratch, strata, 2, 9) < 0.0);
        ops_cmh_free(scratch);
    }
    ops_cmh_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cmh_and_fisher_agree_with_integer_arithmetic),
        cmocka_unit_test(cmh_is_the_share_of_labellings_with_as_many_holders),
        cmocka_unit_test(strata_that_cannot_vary_change_nothing),
        cmocka_unit_test(no_strata_give_a_p_of_one),
        cmocka_unit_test(order_of_strata_does_not_matter),
        cmocka_unit_test(large_corpora_agree_with_fisher),
        cmocka_unit_test(p_falls_as_the_count_grows),
        cmocka_unit_test(missing_memory_gives_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
