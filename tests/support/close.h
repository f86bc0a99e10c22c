/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparing doubles in tests; cmocka 1.1.5 has no assertion for it. */
#ifndef OPSIG_TESTS_SUPPORT_CLOSE_H
#define OPSIG_TESTS_SUPPORT_CLOSE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* |actual - expected| <= tolerance, or both the same infinity or NaN. */
static inline bool is_close(double actual, double expected, double tolerance)
{
    if (isnan(expected) || isinf(expected)) {
        return isnan(expected) ? isnan(actual) : actual == expected;
    }
    return fabs(actual - expected) <= tolerance;
}

#define assert_close(actual, expected, tolerance)                                                  \
    do {                                                                                           \
        const double close_actual = (actual), close_expected = (expected);                         \
        if (!is_close(close_actual, close_expected, (tolerance))) {                                \
            fail_msg("%s is %.17g, expected %.17g", #actual, close_actual, close_expected);        \
        }                                                                                          \
    } while (0)

/* The same with a tolerance relative to the expected value. */
#define assert_close_relative(actual, expected, tolerance)                                         \
    assert_close((actual), (expected), (tolerance)*fabs(expected))

#endif
