/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules find in models what docs/rules.md says: the examples of tests/data/rules, run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <opsig/rules.h>

/** Counts of a run. */
struct run {
    size_t n, n_failed;
    opsig_example_result last;
};

static int take(const opsig_example_result *result, void *payload)
{
    struct run *const run = payload;
    run->n++;
    run->last = *result;
    if (!result->passed) {
        run->n_failed++;
        print_message("%s:%u:%u: %s: expected %s, found %s\n", result->place.path,
                      result->place.line, result->place.column, opsig_rule_id(result->rule),
                      opsig_example_kind_name(result->expected),
                      result->is_readable ? opsig_example_kind_name(result->found)
                                          : result->place.message);
    }
    return 0;
}

static void run_file(const char *path)
{
    opsig_rules *rules = NULL;
    opsig_limits limits;
    struct run run = {0};
    opsig_error error = {.status = OPSIG_OK};
    opsig_limits_init(&limits);
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    const opsig_status status = opsig_rules_add_file(rules, path, &error);
    for (size_t i = 0; i < opsig_rules_n_diagnostics(rules); i++) {
        const opsig_rules_diagnostic diagnostic = opsig_rules_diagnostic_at(rules, i);
        if (!diagnostic.is_warning) {
            print_message("%s:%u:%u: %s\n%s\n", path, diagnostic.line, diagnostic.column,
                          diagnostic.message, diagnostic.excerpt);
        }
    }
    assert_int_equal(status, OPSIG_OK);
    assert_int_equal(opsig_rules_test(rules, &limits, take, &run, NULL), OPSIG_OK);
    opsig_rules_free(rules);
    print_message("%zu examples\n", run.n);
    assert_true(run.n > 0);
    assert_int_equal(run.n_failed, 0);
}

static void patterns_match_what_they_draw(void **state)
{
    (void)state;
    run_file(OPSIG_TEST_DATA "/rules/pattern.rules");
}

static void tests_give_three_answers(void **state)
{
    (void)state;
    run_file(OPSIG_TEST_DATA "/rules/tests.rules");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_what_they_draw),
        cmocka_unit_test(tests_give_three_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
