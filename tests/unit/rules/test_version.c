/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <opsig/rules.h>

#include "base/arena.h"
#include "rules/version.h"

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void versions_compare_as_versions(void **state)
{
    (void)state;
    static const char *const ascending[] = {"0.9",    "1.0rc1", "1.0",  "1.0.1",   "1.2",
                                            "1.9",    "1.10",   "1.10.1", "1.19.2", "1.20",
                                            "2.0a1",  "2.0b1",  "2.0",  "2022.3.0", "2026.4"};
    const size_t n = sizeof ascending / sizeof *ascending;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            assert_int_equal(sign(opsig_version_compare(ascending[i], ascending[j])),
                             (i > j) - (i < j));
        }
    }
    assert_int_equal(opsig_version_compare("1.02", "1.2"), 0);
    assert_int_equal(opsig_version_compare("1.2+cu118", "1.2-cu118"), 0);
}

static void ranges_hold_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *range, *version;
        bool is_in;
    } cases[] = {
        {"", "1.0", true},
        {"1.19 .. 1.20", "1.18.9", false},
        {"1.19 .. 1.20", "1.19", true},
        {"1.19..1.20", "1.20.3", true},
        {"1.19 .. 1.20", "1.21", false},
        {"1.20", "1.20.1", true},
        {"1.20", "1.2", false},
        {"< 1.26", "1.25.9", true},
        {"< 1.26", "1.26", false},
        {"<1.26", "1.9", true},
        {"<= 1.26", "1.26.1", true},
        {"> 1.2", "1.2", false},
        {"> 1.2", "1.10", true},
        {">= 1.2", "1.2", true},
        {"1.2 ..", "3", true},
        {".. 1.4", "1.4.9", true},
        {".. 1.4", "1.5", false},
    };
    struct ops_arena arena;
    ops_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ops_version_range range;
        assert_int_equal(ops_version_range_parse(cases[i].range, &arena, &range), OPSIG_OK);
        assert_int_equal(ops_version_in_range(cases[i].version, &range), cases[i].is_in);
    }
    ops_arena_dispose(&arena);
}

static void what_is_no_range_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"..", "<", "< ", "1.2 1.3", "1.2 .. 1.3 x", "= 1", "< 1 2",
                                        "$", ">= .. 2"};
    struct ops_arena arena;
    ops_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ops_version_range range;
        assert_int_equal(ops_version_range_parse(texts[i], &arena, &range), OPSIG_FORMAT);
    }
    ops_arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_compare_as_versions),
        cmocka_unit_test(ranges_hold_what_they_say),
        cmocka_unit_test(what_is_no_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
