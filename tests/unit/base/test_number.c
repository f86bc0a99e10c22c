/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers to and from text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/rng.h"

static double random_double(uint64_t i)
{
    const uint64_t bits = ops_rng_u64(9, 0, i);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void every_double_reads_back_as_it_was(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        const double value = random_double(i);
        if (!isfinite(value)) {
            continue;
        }
        char text[32];
        double back;
        ops_number_format(value, text);
        assert_int_equal(ops_number_parse(text, &back, NULL), OPSIG_OK);
        assert_memory_equal(&value, &back, sizeof value);
    }
}

static void the_shortest_form_is_taken(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},        {0.1, "0.1"},
        {1e-7, "1e-07"}, {100000, "100000"},
        {1e6, "1e+06"},  {1.0 / 3, "0.3333333333333333"},
        {-2.5, "-2.5"},  {0x1p-1074, "4.94066e-324"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        ops_number_format(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void what_is_not_finite_has_a_name(void **state)
{
    (void)state;
    char text[32];
    ops_number_format(NAN, text);
    assert_string_equal(text, "nan");
    ops_number_format(-NAN, text);
    assert_string_equal(text, "nan");
    ops_number_format(INFINITY, text);
    assert_string_equal(text, "inf");
    ops_number_format_digits(-INFINITY, 3, text);
    assert_string_equal(text, "-inf");
}

static void digits_are_limited(void **state)
{
    (void)state;
    char text[32];
    ops_number_format_digits(1.0 / 3, 3, text);
    assert_string_equal(text, "0.333");
    ops_number_format_digits(123456, 3, text);
    assert_string_equal(text, "1.23e+05");
    ops_number_format_digits(1.0 / 3, 99, text);
    assert_string_equal(text, "0.33333333333333331");
    ops_number_format_digits(2.0 / 3, 0, text);
    assert_string_equal(text, "0.7");
}

static void only_whole_numbers_in_plain_form_are_read(void **state)
{
    (void)state;
    static const char *const good[] = {"1", "-1", "+1.5", ".5", "5.", "1e3", "1E-3", "007"};
    static const char *const bad[] = {"",    " 1", "1 ", "1,5", "0x10",  "nan",  "inf",   "1e",
                                      "1e+", ".",  "-",  "e5",  "1.2.3", "1e5.", "1e999", "--1"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(ops_number_parse(good[i], &value, NULL), OPSIG_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        opsig_error err = {0};
        value = 42;
        assert_int_equal(ops_number_parse(bad[i], &value, &err), OPSIG_FORMAT);
        assert_int_equal(err.status, OPSIG_FORMAT);
        assert_true(value > 41.9 && value < 42.1);
    }
    assert_int_equal(ops_number_parse("1e-999", &value, NULL), OPSIG_OK);
}

static void a_number_of_endless_digits_is_refused(void **state)
{
    (void)state;
    static char text[5000];
    memset(text, '1', sizeof text - 1);
    double value;
    assert_int_equal(ops_number_parse(text, &value, NULL), OPSIG_FORMAT);
    text[300] = '\0';
    assert_int_equal(ops_number_parse(text, &value, NULL), OPSIG_OK);
}

static void integers_are_bounded(void **state)
{
    (void)state;
    uint64_t value = 0;
    assert_int_equal(ops_number_parse_u64("18446744073709551615", UINT64_MAX, &value, NULL),
                     OPSIG_OK);
    assert_int_equal(value, UINT64_MAX);
    assert_int_equal(ops_number_parse_u64("0", 0, &value, NULL), OPSIG_OK);
    assert_int_equal(value, 0);
    assert_int_equal(ops_number_parse_u64("18446744073709551616", UINT64_MAX, &value, NULL),
                     OPSIG_FORMAT);
    assert_int_equal(ops_number_parse_u64("11", 10, &value, NULL), OPSIG_FORMAT);
    static const char *const bad[] = {"", "-1", "+1", "1.0", " 1", "1 ", "0x1", "1e3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(ops_number_parse_u64(bad[i], 10, &value, NULL), OPSIG_FORMAT);
    }
}

/** Sets a locale with a decimal comma, compiled for the test where the tool is there. */
static bool set_comma_locale(const char *folder)
{
    char command[200];
    (void)snprintf(command, sizeof command,
                   "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1", folder);
    if (system(command) != 0 || setenv("LOCPATH", folder, 1) != 0) {
        return false;
    }
    return setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    char folder[] = "/tmp/opsig-number-XXXXXX";
    char command[100];
    assert_non_null(mkdtemp(folder));
    const bool is_set = set_comma_locale(folder);
    char text[32];
    char plain[32];
    double value = 0;
    (void)snprintf(plain, sizeof plain, "%g", 0.5);
    ops_number_format(0.5, text);
    const opsig_status status = ops_number_parse("1.5", &value, NULL);
    (void)setlocale(LC_ALL, "C");
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    if (!is_set) {
        print_message("skipped: no locale with a decimal comma can be made\n");
        skip();
    }
    assert_string_equal(plain, "0,5"); /* the locale is the one that the test is about */
    assert_string_equal(text, "0.5");
    assert_int_equal(status, OPSIG_OK);
    assert_true(value > 1.49 && value < 1.51);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_double_reads_back_as_it_was),
        cmocka_unit_test(the_shortest_form_is_taken),
        cmocka_unit_test(what_is_not_finite_has_a_name),
        cmocka_unit_test(digits_are_limited),
        cmocka_unit_test(only_whole_numbers_in_plain_form_are_read),
        cmocka_unit_test(a_number_of_endless_digits_is_refused),
        cmocka_unit_test(integers_are_bounded),
        cmocka_unit_test(the_locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
