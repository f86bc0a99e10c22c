/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pattern/contain.h"

static bool contains(const char *whole_text, const char *part_text)
{
    opsig_pattern *whole = NULL;
    opsig_pattern *part = NULL;
    assert_int_equal(opsig_pattern_parse(&whole, whole_text, NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&part, part_text, NULL), OPSIG_OK);
    bool result = ops_pattern_contains(whole, part);
    opsig_pattern_free(whole);
    opsig_pattern_free(part);
    return result;
}

static void contiguous_runs_are_contained(void **state)
{
    (void)state;
    assert_true(contains("A -> B -> C", "A -> B -> C"));
    assert_true(contains("A -> B -> C", "B -> C"));
    assert_true(contains("A -> B -> C", "B"));
    assert_true(contains("A -> A -> B", "A -> B"));
    assert_false(contains("A -> B -> C", "A -> C"));
    assert_false(contains("A -> B -> C", "B -> A"));
    assert_false(contains("B -> C", "A -> B -> C"));
}

static void an_operator_stands_for_itself_with_attributes_but_not_the_other_way(void **state)
{
    (void)state;
    assert_true(contains("Pad{mode=constant} -> AveragePool", "Pad -> AveragePool"));
    assert_false(contains("Pad -> AveragePool", "Pad{mode=constant}"));
    assert_false(contains("Pad{mode=constant}", "Pad{mode=edge}"));
    assert_false(contains("Padding -> X", "Pad"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contiguous_runs_are_contained),
        cmocka_unit_test(an_operator_stands_for_itself_with_attributes_but_not_the_other_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
