/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The allocator and its failures on demand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"

static void sizes_of_zero_give_memory(void **state)
{
    (void)state;
    void *const a = ops_mem_alloc(0);
    void *const b = ops_mem_zalloc(0, 8);
    void *const c = ops_mem_resize(NULL, 8, 0);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    ops_mem_free(a);
    ops_mem_free(b);
    ops_mem_free(c);
}

static void products_that_overflow_fail(void **state)
{
    (void)state;
    assert_null(ops_mem_zalloc(SIZE_MAX / 2, 3));
    assert_null(ops_mem_resize(NULL, SIZE_MAX / 2, 3));
}

static void zalloc_clears_and_copies_are_equal(void **state)
{
    (void)state;
    unsigned char *const zeros = ops_mem_zalloc(1000, 3);
    for (size_t i = 0; i < 3000; i++) {
        assert_int_equal(zeros[i], 0);
    }
    char *const copy = ops_mem_strdup("text");
    assert_string_equal(copy, "text");
    char *const bytes = ops_mem_dup("a\0b", 3);
    assert_memory_equal(bytes, "a\0b", 3);
    ops_mem_free(zeros);
    ops_mem_free(copy);
    ops_mem_free(bytes);
}

static void resizing_keeps_what_was_there(void **state)
{
    (void)state;
    char *memory = ops_mem_strdup("kept");
    memory = ops_mem_resize(memory, 1000, 100);
    assert_string_equal(memory, "kept");
    ops_mem_free(memory);
}

static void the_nth_allocation_fails_once(void **state)
{
    (void)state;
    ops_mem_fail_at(3, 0);
    for (int i = 1; i <= 5; i++) {
        void *const memory = ops_mem_alloc(10);
        assert_int_equal(memory == NULL, i == 3);
        ops_mem_free(memory);
    }
    assert_int_equal(ops_mem_count(), 5);
    ops_mem_fail_at(0, 0);
}

static void all_allocations_fail_for_good_from_the_nth_on(void **state)
{
    (void)state;
    ops_mem_fail_at(2, 1);
    void *const first = ops_mem_zalloc(1, 1);
    assert_non_null(first);
    assert_null(ops_mem_strdup("x"));
    assert_null(ops_mem_dup("x", 1));
    assert_null(ops_mem_zalloc(1, 1));
    assert_null(ops_mem_resize(first, 10, 10));
    ops_mem_fail_at(0, 0);
    ops_mem_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_of_zero_give_memory),
        cmocka_unit_test(products_that_overflow_fail),
        cmocka_unit_test(zalloc_clears_and_copies_are_equal),
        cmocka_unit_test(resizing_keeps_what_was_there),
        cmocka_unit_test(the_nth_allocation_fails_once),
        cmocka_unit_test(all_allocations_fail_for_good_from_the_nth_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
