/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The growing string. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"

static void parts_are_joined(void **state)
{
    (void)state;
    struct ops_buffer buffer;
    ops_buffer_init(&buffer, 10000);
    assert_string_equal(ops_buffer_text(&buffer), "");
    ops_buffer_puts(&buffer, "a");
    ops_buffer_add(&buffer, "b\0c", 3);
    ops_buffer_printf(&buffer, "-%d-%s", 42, "text");
    assert_int_equal(buffer.len, 12);
    assert_memory_equal(buffer.bytes, "ab\0c-42-text", 13);
    for (int i = 0; i < 1000; i++) {
        ops_buffer_printf(&buffer, "%s", "xxxxx");
    }
    assert_int_equal(buffer.len, 5012);
    assert_int_equal(strlen(buffer.bytes + 4), 5008);
    assert_int_equal(ops_buffer_status(&buffer, NULL), OPSIG_OK);
    ops_buffer_clear(&buffer);
    assert_string_equal(ops_buffer_text(&buffer), "");
    ops_buffer_dispose(&buffer);
}

static void the_largest_size_is_kept_and_the_failure_sticks(void **state)
{
    (void)state;
    struct ops_buffer buffer;
    opsig_error err = {0};
    ops_buffer_init(&buffer, 4);
    ops_buffer_puts(&buffer, "1234");
    assert_int_equal(ops_buffer_status(&buffer, &err), OPSIG_OK);
    ops_buffer_printf(&buffer, "%d", 5);
    ops_buffer_add(&buffer, "", 0);
    assert_string_equal(ops_buffer_text(&buffer), "1234");
    assert_int_equal(ops_buffer_status(&buffer, &err), OPSIG_LIMIT);
    assert_non_null(strstr(err.message, "4 bytes"));
    assert_null(ops_buffer_take(&buffer));
    ops_buffer_puts(&buffer, "12");
    assert_string_equal(ops_buffer_text(&buffer), "12");
    ops_buffer_add(&buffer, "x", SIZE_MAX);
    assert_int_equal(ops_buffer_status(&buffer, NULL), OPSIG_LIMIT);
    ops_buffer_dispose(&buffer);
}

static void taking_gives_the_text_away(void **state)
{
    (void)state;
    struct ops_buffer buffer;
    ops_buffer_init(&buffer, 100);
    char *const empty = ops_buffer_take(&buffer);
    assert_string_equal(empty, "");
    ops_buffer_puts(&buffer, "text");
    char *const text = ops_buffer_take(&buffer);
    assert_string_equal(text, "text");
    assert_string_equal(ops_buffer_text(&buffer), "");
    ops_mem_free(empty);
    ops_mem_free(text);
}

static void running_out_of_memory_sticks(void **state)
{
    (void)state;
    struct ops_buffer buffer;
    opsig_error err = {0};
    ops_buffer_init(&buffer, 1000);
    ops_buffer_puts(&buffer, "kept");
    ops_mem_fail_at(1, 0);
    ops_buffer_printf(&buffer, "%0200d", 1);
    ops_mem_fail_at(0, 0);
    ops_buffer_puts(&buffer, "lost");
    assert_string_equal(ops_buffer_text(&buffer), "kept");
    assert_int_equal(ops_buffer_status(&buffer, &err), OPSIG_NOMEM);
    assert_int_equal(err.status, OPSIG_NOMEM);
    ops_buffer_dispose(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_joined),
        cmocka_unit_test(the_largest_size_is_kept_and_the_failure_sticks),
        cmocka_unit_test(taking_gives_the_text_away),
        cmocka_unit_test(running_out_of_memory_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
