/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Corrections against tests/data/stats/reference.py, where they are fractions. */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/multiple.h"
#include "support/close.h"

enum { MAX_TESTS = 64 };

static void corrections_agree_with_the_reference(void **state)
{
    (void)state;
    FILE *const file = fopen(OPSIG_TEST_DATA "/multiple.csv", "r");
    assert_non_null(file);
    assert_int_not_equal(fscanf(file, "%*[^\n]"), 1);
    size_t n;
    double n_tests;
    int rows = 0;
    for (; fscanf(file, "%zu %lf", &n, &n_tests) == 2; rows++) {
        double p[MAX_TESTS], bh[MAX_TESTS], bonferroni[MAX_TESTS], actual[MAX_TESTS];
        assert_in_range(n, 0, MAX_TESTS);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(fscanf(file, "%lf %lf %lf", &p[i], &bh[i], &bonferroni[i]), 3);
        }
        assert_int_equal(ops_adjust_bh(p, n, n_tests, actual), 0);
        for (size_t i = 0; i < n; i++) {
            assert_close_relative(actual[i], bh[i], 1e-14);
        }
        ops_adjust_bonferroni(p, n, n_tests, actual);
        for (size_t i = 0; i < n; i++) {
            assert_close_relative(actual[i], bonferroni[i], 1e-14);
        }
    }
    assert_int_equal(rows, 40);
    fclose(file);
}

static void equal_p_values_stay_equal(void **state)
{
    (void)state;
    const double p[] = {0.01, 0.2, 0.01, 0.04, 0.01};
    double out[5];
    assert_int_equal(ops_adjust_bh(p, 5, 5, out), 0);
    assert_close(out[0], 0.01 * 5 / 3, 1e-15);
    assert_true(out[0] == out[2] && out[2] == out[4]);
    assert_close(out[3], 0.05, 1e-15);
    assert_close(out[1], 0.2, 1e-15);
}

/* Tarone's K by its definition, tried from 1 on. */
static size_t smallest_k(const double *min_p, size_t n, double alpha)
{
    for (size_t k = 1;; k++) {
        size_t testable = 0;
        for (size_t i = 0; i < n; i++) {
            testable += min_p[i] <= alpha / (double)k;
        }
        if (testable <= k) {
            return k;
        }
    }
}

static void tarone_counts_what_could_be_significant(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        const double alpha = 0.05;
        double p[MAX_TESTS], min_p[MAX_TESTS], out[MAX_TESTS];
        const size_t n = (size_t)ops_rng_below(seed, 0, 0, MAX_TESTS + 1);
        for (size_t i = 0; i < n; i++) {
            min_p[i] = exp2(-(double)ops_rng_below(seed, 1, i, 16));
            p[i] = min_p[i] * exp2((double)ops_rng_below(seed, 2, i, 4));
        }
        const double k = (double)smallest_k(min_p, n, alpha);
        assert_int_equal(ops_adjust_tarone(p, min_p, n, alpha, out), 0);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(out[i] <= alpha, p[i] <= alpha / k);
            assert_true(out[i] >= p[i] || p[i] > 1.0);
        }
    }
}

static void missing_memory_is_told(void **state)
{
    (void)state;
    const double p[] = {0.5};
    double out[1];
    ops_mem_fail_at(1, 0);
    assert_int_equal(ops_adjust_bh(p, 1, 1, out), -1);
    ops_mem_fail_at(1, 0);
    assert_int_equal(ops_adjust_tarone(p, p, 1, 0.05, out), -1);
    ops_mem_fail_at(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corrections_agree_with_the_reference),
        cmocka_unit_test(equal_p_values_stay_equal),
        cmocka_unit_test(tarone_counts_what_could_be_significant),
        cmocka_unit_test(missing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
