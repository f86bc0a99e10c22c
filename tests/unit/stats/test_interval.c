/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effect sizes against tests/data/stats/reference.py, and the bounds of the severities. */
#include <stdio.h>

#include "stats/interval.h"
#include "support/close.h"

static void check(opsig_interval actual, const double expected[3])
{
    assert_close_relative(actual.value, expected[0], 1e-12);
    assert_close(actual.low, expected[1], 1e-12 * (fabs(expected[1]) + 1e-3));
    assert_close_relative(actual.high, expected[2], 1e-12);
}

static void intervals_agree_with_the_reference(void **state)
{
    (void)state;
    FILE *const file = fopen(OPSIG_TEST_DATA "/interval.csv", "r");
    assert_non_null(file);
    assert_int_not_equal(fscanf(file, "%*[^\n]"), 1);
    uint32_t a, n1, c, n0;
    int rows = 0;
    for (; fscanf(file, "%u %u %u %u", &a, &n1, &c, &n0) == 4; rows++) {
        double v[9];
        for (int i = 0; i < 9; i++) {
            assert_int_equal(fscanf(file, "%lf", &v[i]), 1);
        }
        check(ops_odds_ratio(a, n1, c, n0), v);
        check(ops_likelihood_ratio(a, n1, c, n0), v + 3);
        if ((uint64_t)a + c <= UINT32_MAX) {
            check(ops_wilson(a, a + c), v + 6);
        }
    }
    assert_true(rows > 100);
    fclose(file);
}

static void statistics_hold_counts_effects_and_lift(void **state)
{
    (void)state;
    opsig_statistics s = {.p = 0.25, .p_adjusted = 0.5, .p_order = 0.75};
    ops_statistics_fill(&s, 31, 210, 4, 900);
    assert_int_equal(s.n_inconsistent, 210);
    assert_int_equal(s.n_consistent, 900);
    assert_int_equal(s.with_inconsistent, 31);
    assert_int_equal(s.with_consistent, 4);
    assert_close(s.confidence.value, 31.0 / 35, 1e-15);
    assert_close(s.lift, (31.0 / 35) / (210.0 / 1110), 1e-12);
    assert_true(s.p == 0.25 && s.p_adjusted == 0.5 && s.p_order == 0.75);
    assert_true(s.odds_ratio.value == ops_odds_ratio(31, 210, 4, 900).value);
}

static void severity_follows_the_lower_end_of_the_likelihood_ratio(void **state)
{
    (void)state;
    bool seen[3] = {false};
    for (uint32_t with = 0; with <= 100; with++) {
        opsig_statistics s;
        ops_statistics_fill(&s, with, 100, 2, 1000);
        const double low = s.likelihood_ratio.low;
        const opsig_severity expected = low >= 10  ? OPSIG_SEVERITY_HIGH
                                        : low >= 3 ? OPSIG_SEVERITY_MEDIUM
                                                   : OPSIG_SEVERITY_LOW;
        assert_int_equal(s.severity, expected);
        seen[s.severity] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
}

static void a_corpus_of_one_label_gives_finite_numbers(void **state)
{
    (void)state;
    opsig_statistics s;
    ops_statistics_fill(&s, 0, 0, 0, 0);
    assert_true(s.lift == 0.0 && isfinite(s.odds_ratio.high) && isfinite(s.likelihood_ratio.low));
    ops_statistics_fill(&s, 0, 0, 3, 5);
    assert_true(s.lift == 0.0 && s.confidence.value == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_agree_with_the_reference),
        cmocka_unit_test(statistics_hold_counts_effects_and_lift),
        cmocka_unit_test(severity_follows_the_lower_end_of_the_likelihood_ratio),
        cmocka_unit_test(a_corpus_of_one_label_gives_finite_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
