/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Baselines: what they cover, their bytes, and files that are none; and ways between folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/scan.h>

#include "scan/place.h"
#include "support/temp_folder.h"

static int set_up(void **state)
{
    (void)state;
    temp_folder_make();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

static opsig_baseline *baseline_of(const char *text)
{
    opsig_baseline *baseline = NULL;
    opsig_error error = {0};
    temp_write(temp_path("base.json"), text, strlen(text));
    if (opsig_baseline_open(&baseline, temp_path("base.json"), &error) != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
    return baseline;
}

static char *text_of(const opsig_baseline *baseline)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(opsig_baseline_write(baseline, stream, NULL), OPSIG_OK);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void test_covers_as_many_as_there_were(void **state)
{
    (void)state;
    opsig_baseline *const baseline =
        baseline_of("{\"opsig_baseline\": 1, \"findings\": ["
                    "{\"path\": \"b.onnx\", \"id\": \"OPS-2\", \"count\": 3},"
                    "{\"path\": \"a.onnx\", \"id\": \"OPS-2\", \"count\": 1}]}");
    const char *const b = temp_path("b.onnx");
    assert_true(opsig_baseline_covers(baseline, b, "OPS-2", 2));
    assert_true(opsig_baseline_covers(baseline, b, "OPS-2", 3));
    assert_false(opsig_baseline_covers(baseline, b, "OPS-2", 4));
    assert_false(opsig_baseline_covers(baseline, b, "OPS-1", 1));
    assert_true(opsig_baseline_covers(baseline, temp_path("a.onnx"), "OPS-2", 1));
    assert_false(opsig_baseline_covers(baseline, "a.onnx", "OPS-2", 1));
    opsig_baseline_free(baseline);
}

static void test_what_is_written_is_sorted_and_read_back(void **state)
{
    (void)state;
    opsig_baseline *baseline = NULL;
    assert_int_equal(opsig_baseline_new(&baseline, temp_path("base.json"), NULL), OPSIG_OK);
    static const struct {
        const char *model, *id;
        uint64_t count;
    } added[] = {{"z.onnx", "OPS-1", 2}, {"a.onnx", "OPS-2", 1},        {"a.onnx", "OPS-1", 5},
                 {"z.onnx", "OPS-1", 1}, {"\xff\".onnx", "R", INT64_MAX}};
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        assert_int_equal(opsig_baseline_add(baseline, temp_path(added[i].model), added[i].id,
                                            added[i].count, NULL),
                         OPSIG_OK);
    }
    char *const text = text_of(baseline);
    assert_string_equal(text,
                        "{\"opsig_baseline\": 1, \"findings\": [\n"
                        " {\"path\": \"\\\\xff\\\".onnx\", \"id\": \"R\", "
                        "\"count\": 9223372036854775807},\n"
                        " {\"path\": \"a.onnx\", \"id\": \"OPS-1\", \"count\": 5},\n"
                        " {\"path\": \"a.onnx\", \"id\": \"OPS-2\", \"count\": 1},\n"
                        " {\"path\": \"z.onnx\", \"id\": \"OPS-1\", \"count\": 2}]}\n");
    opsig_baseline *const again = baseline_of(text);
    char *const text_again = text_of(again);
    assert_string_equal(text, text_again);
    assert_true(opsig_baseline_covers(again, temp_path("\xff\".onnx"), "R", INT64_MAX));
    free(text_again);
    free(text);
    opsig_baseline_free(again);
    opsig_baseline_free(baseline);
}

static void test_refuses_what_is_no_baseline(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        opsig_status status;
        const char *message;
    } cases[] = {
        {"{\n  nonsense", OPSIG_FORMAT,
         "line 2, column 10: string or '}' expected near 'nonsense'"},
        {"[]", OPSIG_FORMAT, "no baseline: \"opsig_baseline\" or \"findings\" is missing"},
        {"{\"opsig_baseline\": 2, \"findings\": []}", OPSIG_UNSUPPORTED,
         "a baseline of version 2, not 1"},
        {"{\"opsig_baseline\": 1, \"findings\": [1]}", OPSIG_FORMAT,
         "finding 1: \"path\" and \"id\" are strings"},
        {"{\"opsig_baseline\": 1, \"findings\": [{\"path\": \"a\", \"id\": \"b\", \"count\": 0}]}",
         OPSIG_FORMAT, "finding 1: \"count\" is a whole number from 1"},
        {"{\"opsig_baseline\": 1, \"findings\": [{\"path\": \"a\", \"id\": \"b\", \"count\": 1},"
         "{\"path\": \"a\", \"id\": \"b\", \"count\": 2}]}",
         OPSIG_FORMAT, "a has b twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        opsig_baseline *baseline = NULL;
        opsig_error error = {0};
        temp_write(temp_path("base.json"), cases[i].text, strlen(cases[i].text));
        assert_int_equal(opsig_baseline_open(&baseline, temp_path("base.json"), &error),
                         cases[i].status);
        assert_string_equal(error.message, cases[i].message);
        assert_null(baseline);
    }
}

static void test_ways_between_folders(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *way;
    } cases[] = {
        {"/base.json", "/a.onnx", "a.onnx"},
        {"/x/base.json", "/x/a.onnx", "a.onnx"},
        {"/x/base.json", "/x/y/z/a.onnx", "y/z/a.onnx"},
        {"/x/y/base.json", "/x/a.onnx", "../a.onnx"},
        {"/x/y/base.json", "/xy/a.onnx", "../../xy/a.onnx"},
        {"/x/yz/base.json", "/x/y/a.onnx", "../y/a.onnx"},
        {"/x/base.json", "/a.onnx", "../a.onnx"},
        {"/x/base.json", "-", "-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ops_place place;
        assert_int_equal(ops_place_init(&place, cases[i].from, NULL), OPSIG_OK);
        assert_string_equal(ops_place_relative(&place, cases[i].to), cases[i].way);
        ops_place_dispose(&place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_covers_as_many_as_there_were),
        cmocka_unit_test(test_what_is_written_is_sorted_and_read_back),
        cmocka_unit_test(test_refuses_what_is_no_baseline),
        cmocka_unit_test(test_ways_between_folders),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
