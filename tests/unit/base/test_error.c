/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors: names, cleaning and cutting of messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <opsig/limits.h>
#include <opsig/version.h>

#include "base/error.h"
#include "base/escape.h"
#include "base/mem.h"

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = OPSIG_OK; i <= OPSIG_INTERNAL; i++) {
        const char *const name = opsig_status_name((opsig_status)i);
        assert_true(strlen(name) > 0);
        for (int j = OPSIG_OK; j < i; j++) {
            assert_string_not_equal(name, opsig_status_name((opsig_status)j));
        }
    }
    assert_string_equal(opsig_status_name(OPSIG_FORMAT), "format");
    assert_string_equal(opsig_status_name((opsig_status)99), "unknown");
}

static void an_error_holds_what_it_was_given(void **state)
{
    (void)state;
    opsig_error err = {0};
    assert_int_equal(ops_error_set(&err, OPSIG_FORMAT, "cycle", 17, "%s at %d", "Add", 3),
                     OPSIG_FORMAT);
    assert_int_equal(err.status, OPSIG_FORMAT);
    assert_string_equal(err.kind, "cycle");
    assert_int_equal(err.offset, 17);
    assert_string_equal(err.message, "Add at 3");
    assert_int_equal(ops_error_set(NULL, OPSIG_LIMIT, "limit", -1, "not wanted"), OPSIG_LIMIT);
}

static void control_characters_in_a_message_become_visible(void **state)
{
    (void)state;
    opsig_error err = {0};
    ops_error_set(&err, OPSIG_FORMAT, "x", -1, "%s", "a\nb\x1b[31m\xff\xe2\x80\xae");
    assert_string_equal(err.message, "a\\x0ab\\x1b[31m\\xff\\u{202e}");
}

static void a_long_message_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        char text[600];
        memset(text, 'x', shift);
        for (size_t i = 0; i < 140; i++) {
            memcpy(text + shift + 4 * i, "\xf0\x9f\x99\x82", 5);
        }
        opsig_error err = {0};
        ops_error_set(&err, OPSIG_FORMAT, "x", -1, "%s", text);
        const size_t len = strlen(err.message);
        assert_in_range(len, 236, 239);
        assert_int_equal((len - shift) % 4, 0);
        unsigned code;
        assert_int_equal(ops_utf8_decode(err.message + len - 4, 4, &code), 4);
    }
}

static void the_reason_of_errno_is_told(void **state)
{
    (void)state;
    opsig_error err = {0};
    errno = ENOSPC;
    assert_int_equal(ops_error_errno(&err, "cannot be written"), OPSIG_IO);
    assert_string_equal(err.message, "cannot be written: No space left on device");
}

static void setting_an_error_does_not_allocate(void **state)
{
    (void)state;
    opsig_error err = {0};
    ops_mem_fail_at(1, 1);
    assert_int_equal(ops_error_nomem(&err), OPSIG_NOMEM);
    ops_error_set(&err, OPSIG_FORMAT, "x", -1, "%s", "\x01");
    assert_int_equal(ops_mem_count(), 0);
    ops_mem_fail_at(0, 0);
}

static void limits_begin_with_their_documented_values(void **state)
{
    (void)state;
    opsig_limits limits;
    memset(&limits, 0xff, sizeof limits);
    opsig_limits_init(&limits);
    assert_int_equal(limits.version, 1);
    assert_int_equal(limits.max_file_size, UINT64_C(64) << 30);
    assert_int_equal(limits.max_nodes, 1000000);
    assert_int_equal(limits.max_edges, 16000000);
    assert_int_equal(limits.max_depth, 100);
    assert_int_equal(limits.max_name_length, 65536);
    assert_int_equal(limits.max_memory, 1 << 30);
    assert_true(limits.timeout > 59.9 && limits.timeout < 60.1);
    assert_null((const void *)(uintptr_t)limits.cancel);
}

static void the_version_is_that_of_the_header(void **state)
{
    (void)state;
    assert_string_equal(opsig_version(), OPSIG_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_of_its_own),
        cmocka_unit_test(an_error_holds_what_it_was_given),
        cmocka_unit_test(control_characters_in_a_message_become_visible),
        cmocka_unit_test(a_long_message_is_cut_between_characters),
        cmocka_unit_test(the_reason_of_errno_is_told),
        cmocka_unit_test(setting_an_error_does_not_allocate),
        cmocka_unit_test(limits_begin_with_their_documented_values),
        cmocka_unit_test(the_version_is_that_of_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
