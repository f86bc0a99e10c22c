/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The growing array against a plain one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include "base/vec.h"

static void items_stay_as_they_were_pushed(void **state)
{
    (void)state;
    OPS_VEC(uint64_t) vec = {0};
    for (uint64_t i = 0; i < 10000; i++) {
        assert_int_equal(ops_vec_push(&vec, i * i, NULL), OPSIG_OK);
    }
    assert_int_equal(vec.len, 10000);
    for (uint64_t i = 0; i < 10000; i++) {
        assert_int_equal(vec.items[i], i * i);
    }
    ops_vec_dispose(&vec);
    assert_null(vec.items);
    assert_int_equal(vec.len + vec.cap, 0);
}

static void the_number_of_growths_is_logarithmic(void **state)
{
    (void)state;
    OPS_VEC(char) vec = {0};
    ops_mem_fail_at(0, 0);
    for (int i = 0; i < 1 << 16; i++) {
        assert_int_equal(ops_vec_push(&vec, 'x', NULL), OPSIG_OK);
    }
    assert_true(ops_mem_count() <= 16);
    ops_vec_dispose(&vec);
}

static void sizes_that_overflow_are_out_of_memory(void **state)
{
    (void)state;
    OPS_VEC(uint64_t) vec = {0};
    opsig_error err = {0};
    assert_int_equal(ops_vec_push(&vec, 1, &err), OPSIG_OK);
    assert_int_equal(ops_vec_reserve(&vec, SIZE_MAX, &err), OPSIG_NOMEM);
    assert_int_equal(ops_vec_reserve(&vec, SIZE_MAX / 2, &err), OPSIG_NOMEM);
    assert_int_equal(ops_vec_reserve(&vec, SIZE_MAX / 8, &err), OPSIG_NOMEM);
    assert_int_equal(err.status, OPSIG_NOMEM);
    assert_int_equal(vec.items[0], 1);
    ops_vec_dispose(&vec);
}

static void a_failed_growth_keeps_the_items(void **state)
{
    (void)state;
    OPS_VEC(int) vec = {0};
    for (int i = 0; i < 8; i++) {
        assert_int_equal(ops_vec_push(&vec, i, NULL), OPSIG_OK);
    }
    ops_mem_fail_at(1, 0);
    assert_int_equal(ops_vec_push(&vec, 8, NULL), OPSIG_NOMEM);
    ops_mem_fail_at(0, 0);
    assert_int_equal(vec.len, 8);
    assert_int_equal(vec.items[7], 7);
    assert_int_equal(ops_vec_push(&vec, 8, NULL), OPSIG_OK);
    ops_vec_dispose(&vec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_stay_as_they_were_pushed),
        cmocka_unit_test(the_number_of_growths_is_logarithmic),
        cmocka_unit_test(sizes_that_overflow_are_out_of_memory),
        cmocka_unit_test(a_failed_growth_keeps_the_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
