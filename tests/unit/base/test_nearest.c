/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of some known words is proposed for an unknown one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/nearest.h>

static const char *nearest(const char *word)
{
    static const char *const known[] = {"scan", "mine", "min-severity", "inspect", "Relu", "Mul"};
    opsig_nearest search;
    opsig_nearest_start(&search, word, strlen(word));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        opsig_nearest_offer(&search, known[i]);
    }
    return search.best != NULL ? search.best : "";
}

static void test_proposes_what_differs_in_a_third_or_less(void **state)
{
    (void)state;
    assert_string_equal(nearest("scna"), "scan");
    assert_string_equal(nearest("sacn"), "scan");
    assert_string_equal(nearest("inspekt"), "inspect");
    assert_string_equal(nearest("relu"), "Relu");
    assert_string_equal(nearest("min-severty"), "min-severity");
    assert_string_equal(nearest("mulx"), "Mul");
    assert_string_equal(nearest("xyz"), "");
    assert_string_equal(nearest("completely"), "");
}

static void test_a_beginning_is_near(void **state)
{
    (void)state;
    assert_string_equal(nearest("insp"), "inspect");
    assert_string_equal(nearest("min-s"), "min-severity");
}

static void test_passes_empty_and_long_words(void **state)
{
    (void)state;
    char longest[100];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_string_equal(nearest(""), "");
    assert_string_equal(nearest(longest), "");
    opsig_nearest search;
    opsig_nearest_start(&search, "a", 1);
    opsig_nearest_offer(&search, "");
    opsig_nearest_offer(&search, longest);
    assert_null(search.best);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proposes_what_differs_in_a_third_or_less),
        cmocka_unit_test(test_a_beginning_is_near),
        cmocka_unit_test(test_passes_empty_and_long_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
