/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time limit and cancel flag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/deadline.h"

enum { ENOUGH_CALLS = 600 };

static opsig_status check_often(struct ops_deadline *deadline, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (int i = 0; i < ENOUGH_CALLS && status == OPSIG_OK; i++) {
        status = ops_deadline_check(deadline, err);
    }
    return status;
}

static void no_limit_never_passes(void **state)
{
    (void)state;
    struct ops_deadline deadline;
    ops_deadline_start(&deadline, 0, NULL);
    assert_int_equal(check_often(&deadline, NULL), OPSIG_OK);
    ops_deadline_start(&deadline, 1e300, NULL);
    assert_int_equal(check_often(&deadline, NULL), OPSIG_OK);
}

static void a_limit_far_away_does_not_pass(void **state)
{
    (void)state;
    struct ops_deadline deadline;
    ops_deadline_start(&deadline, 1000, NULL);
    assert_int_equal(check_often(&deadline, NULL), OPSIG_OK);
}

static void a_limit_behind_us_is_a_timeout_that_names_the_option(void **state)
{
    (void)state;
    struct ops_deadline deadline;
    opsig_error err = {0};
    ops_deadline_start(&deadline, 1e-9, NULL);
    assert_int_equal(check_often(&deadline, &err), OPSIG_TIMEOUT);
    assert_string_equal(err.kind, "limit");
    assert_non_null(strstr(err.message, "--timeout"));
    assert_non_null(strstr(err.message, "1e-09"));
}

static void the_cancel_flag_is_seen_at_once(void **state)
{
    (void)state;
    struct ops_deadline deadline;
    volatile int cancel = 0;
    opsig_error err = {0};
    ops_deadline_start(&deadline, 1000, &cancel);
    assert_int_equal(ops_deadline_check(&deadline, &err), OPSIG_OK);
    cancel = 1;
    assert_int_equal(ops_deadline_check(&deadline, &err), OPSIG_CANCELLED);
    assert_string_equal(err.kind, "cancelled");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_limit_never_passes),
        cmocka_unit_test(a_limit_far_away_does_not_pass),
        cmocka_unit_test(a_limit_behind_us_is_a_timeout_that_names_the_option),
        cmocka_unit_test(the_cancel_flag_is_seen_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
