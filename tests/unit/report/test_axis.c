/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "report/axis.h"
#include "support/close.h"

static void values_lie_between_the_ends(void **state)
{
    (void)state;
    const struct ops_axis linear = {.low = -1, .high = 3, .from = 100, .to = 0};
    const struct ops_axis powers = {.low = 1e-7, .high = 1e-1, .from = 0, .to = 60, .log = true};
    assert_close(ops_axis_place(&linear, -1), 100, 1e-9);
    assert_close(ops_axis_place(&linear, 0), 75, 1e-9);
    assert_close(ops_axis_place(&linear, 99), 0, 1e-9);
    assert_close(ops_axis_place(&powers, 1e-4), 30, 1e-9);
}

static void check_ticks(const struct ops_axis *axis, size_t wanted, const double *expected,
                        size_t n)
{
    double ticks[OPS_AXIS_MAX_TICKS];
    assert_int_equal(ops_axis_ticks(axis, wanted, ticks), n);
    for (size_t i = 0; i < n; i++) {
        assert_close(ticks[i], expected[i], 1e-12);
    }
}

static void ticks_are_round(void **state)
{
    (void)state;
    check_ticks(&(struct ops_axis){.low = 0, .high = 1}, 6, (double[]){0, 0.2, 0.4, 0.6, 0.8, 1},
                6);
    check_ticks(&(struct ops_axis){.low = -3, .high = 11}, 3, (double[]){0, 5, 10}, 3);
    check_ticks(&(struct ops_axis){.low = 1e-3, .high = 1, .log = true}, 3,
                (double[]){1e-3, 1e-2, 1e-1, 1}, 4);
}

static void random_axes_have_ticks_inside_and_not_too_many(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5000; seed++) {
        double ticks[OPS_AXIS_MAX_TICKS];
        const double scale = pow(10, (double)ops_rng_below(seed, 0, 0, 21) - 10);
        const double low = ((double)ops_rng_below(seed, 0, 1, 2001) - 1000) * scale;
        const struct ops_axis axis = {
            .low = low, .high = low + (double)(1 + ops_rng_below(seed, 0, 2, 1000)) * scale};
        const size_t n = ops_axis_ticks(&axis, 6, ticks);
        assert_in_range(n, 2, 7);
        for (size_t i = 0; i < n; i++) {
            assert_true(ticks[i] >= axis.low - 1e-6 * scale);
            assert_true(ticks[i] <= axis.high + 1e-6 * scale);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_lie_between_the_ends),
        cmocka_unit_test(ticks_are_round),
        cmocka_unit_test(random_axes_have_ticks_inside_and_not_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
