/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <math.h>
#include <string.h>

#include "report/json.h"

/** A value as it is written. */
static void assert_written(json_t *value, const char *expected)
{
    struct memory_stream memory;
    memory_stream_open(&memory);
    assert_int_equal(ops_json_write(memory.stream, value, NULL), OPSIG_OK);
    assert_string_equal(memory_stream_text(&memory), expected);
    memory_stream_free(&memory);
}

static void numbers_have_six_digits_and_what_is_none_is_null(void **state)
{
    (void)state;
    assert_written(ops_json_number(1.0 / 3), "0.333333");
    assert_written(ops_json_number(1e-9), "1e-9");
    assert_written(ops_json_number(NAN), "null");
    assert_written(ops_json_number(-INFINITY), "null");
    assert_written(ops_json_count(UINT64_MAX), "9223372036854775807");
    assert_written(ops_json_bounds((opsig_interval){2, 1, INFINITY}), "[1.0, null]");
}

static void provenance_becomes_a_number_where_it_is_one(void **state)
{
    (void)state;
    assert_written(ops_json_value("12"), "12");
    assert_written(ops_json_value("0.5"), "0.5");
    assert_written(ops_json_value("bh"), "\"bh\"");
    assert_written(ops_json_value(""), "\"\"");
    assert_written(ops_json_text_or_null(""), "null");
}

static void output_is_printable_ascii_whatever_the_name(void **state)
{
    (void)state;
    assert_written(ops_json_text("\x1b[2J\n\x7f"), "\"\\u001B[2J\\n\\u007f\"");
    assert_written(ops_json_text("</script>"), "\"\\u003c/script>\"");
    assert_written(ops_json_text("\xe2\x80\xae"), "\"\\u202E\"");
    assert_written(ops_json_text("a\xff"), "\"a\\\\xff\"");
}

static void a_name_comes_back_from_a_parser(void **state)
{
    (void)state;
    static const char name[] = "<a> \x1b \"q\" \\ \x7f \xf0\x9f\xa7\xa0 \xe2\x80\xa8 end";
    struct memory_stream memory;
    memory_stream_open(&memory);
    json_t *const list = json_pack("[o]", ops_json_text(name));
    assert_int_equal(ops_json_write_line(memory.stream, list, NULL), OPSIG_OK);
    json_t *json = memory_stream_json(&memory);
    assert_string_equal(json_string_value(json_array_get(json, 0)), name);
    json_decref(json);
    memory_stream_free(&memory);
}

static void a_part_that_failed_fails_the_whole(void **state)
{
    (void)state;
    json_t *object = json_object();
    const int failed = ops_json_put(object, "part", NULL);
    assert_int_equal(failed, -1);
    assert_null(ops_json_checked(object, failed));
    assert_int_equal(ops_json_write(stdout, NULL, NULL), OPSIG_NOMEM);
    assert_int_equal(ops_json_put(NULL, "key", json_true()), -1);
}

static void errors_have_an_offset_or_null(void **state)
{
    (void)state;
    opsig_error error = {.status = OPSIG_FORMAT, .kind = "truncated", .offset = 1834,
                         .message = "cut"};
    assert_written(ops_json_error(&error),
                   "{\"kind\": \"truncated\", \"message\": \"cut\", \"offset\": 1834}");
    error.offset = -1;
    assert_written(ops_json_error(&error),
                   "{\"kind\": \"truncated\", \"message\": \"cut\", \"offset\": null}");
}

static void a_full_device_is_found_out(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        skip();
    }
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(ops_json_write(full, ops_json_text("text"), NULL), OPSIG_IO);
    assert_int_equal(ops_json_puts(full, "text", NULL), OPSIG_IO);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_six_digits_and_what_is_none_is_null),
        cmocka_unit_test(provenance_becomes_a_number_where_it_is_one),
        cmocka_unit_test(output_is_printable_ascii_whatever_the_name),
        cmocka_unit_test(a_name_comes_back_from_a_parser),
        cmocka_unit_test(a_part_that_failed_fails_the_whole),
        cmocka_unit_test(errors_have_an_offset_or_null),
        cmocka_unit_test(a_full_device_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
