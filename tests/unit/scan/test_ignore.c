/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ignore files: their lines, what they cover, and mistakes with their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/ignore.h"
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

/** Ignores of a text, read on a day. */
static opsig_ignores *ignores_of(const char *text)
{
    opsig_ignores *ignores = NULL;
    opsig_error error = {0};
    temp_write(temp_path("ignore"), text, strlen(text));
    assert_int_equal(opsig_ignores_new(&ignores, "2026-06-15", &error), OPSIG_OK);
    if (opsig_ignores_read(ignores, temp_path("ignore"), &error) != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
    return ignores;
}

static void test_reads_id_paths_day_and_reason(void **state)
{
    (void)state;
    opsig_ignores *const ignores =
        ignores_of("# remark\n\n  OPS-1 *.onnx until=2026-06-15 looked  at\t\r\n"
                   "OPS-2 \"a \\\"b\\\" \\\\c\" why not\nOPS-3\tsub/*\tuntil=2026-06-14 old");
    assert_int_equal(opsig_ignores_n(ignores), 3);
    opsig_ignore line = opsig_ignores_line(ignores, 0);
    assert_string_equal(line.id, "OPS-1");
    assert_string_equal(line.glob, "*.onnx");
    assert_string_equal(line.until, "2026-06-15");
    assert_string_equal(line.reason, "looked  at\t");
    assert_int_equal(line.line, 3);
    assert_false(line.is_expired);
    line = opsig_ignores_line(ignores, 1);
    assert_string_equal(line.glob, "a \"b\" \\c");
    assert_string_equal(line.until, "");
    assert_string_equal(line.reason, "why not");
    line = opsig_ignores_line(ignores, 2);
    assert_true(line.is_expired);
    assert_int_equal(line.line, 5);
    opsig_ignores_free(ignores);
}

static const char *match(opsig_ignores *ignores, const char *name, const char *id)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s", temp_path(name));
    return ops_ignores_match(ignores, path, id);
}

static void test_covers_by_id_and_path_from_its_folder(void **state)
{
    (void)state;
    opsig_ignores *const ignores =
        ignores_of("OPS-1 a*.onnx one\nOPS-1 *.onnx two\nOPS-2 b.onnx three\n"
                   "OPS-3 x* until=2000-01-01 expired\nOPS-4 ../* outside\n");
    assert_string_equal(match(ignores, "a.onnx", "OPS-1"), "one");
    assert_string_equal(match(ignores, "c.onnx", "OPS-1"), "two");
    assert_null(match(ignores, "c.onnx", "OPS-2"));
    assert_null(match(ignores, "x.onnx", "OPS-3"));
    assert_null(match(ignores, "c.onnx", "OPS-11"));
    assert_null(match(ignores, "c.onnx", "OPS-4"));
    assert_string_equal(match(ignores, "../c.onnx", "OPS-4"), "outside");
    const bool used[] = {true, true, false, false, true};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(opsig_ignores_line(ignores, i).is_used, used[i]);
    }
    opsig_ignores_free(ignores);
}

static void test_mistakes_are_told_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"OPS-1\n", "line 1, column 6: the paths are missing: a glob, such as * or sub/*.onnx"},
        {"OPS-1 *\n", "line 1, column 8: the reason is missing"},
        {"\n OPS-1 * until=2026-01-01 ", "line 2, column 27: the reason is missing"},
        {"OPS-1 * until=2026-02-29 x",
         "line 1, column 15: a day as 2027-01-31 is expected behind 'until='"},
        {"OPS-1 * until=2026-2-1 x",
         "line 1, column 15: a day as 2027-01-31 is expected behind 'until='"},
        {"OPS-1 * until=2026-02-011 x",
         "line 1, column 15: a day as 2027-01-31 is expected behind 'until='"},
        {"OPS-1 \"* x", "line 1, column 7: a quote that is not closed"},
        {"OPS-1 \"*\"x y", "line 1, column 10: a blank is missing behind the quote"},
    };
    opsig_ignores *ignores = NULL;
    opsig_error error = {0};
    assert_int_equal(opsig_ignores_new(&ignores, NULL, &error), OPSIG_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        temp_write(temp_path("ignore"), cases[i].text, strlen(cases[i].text));
        assert_int_equal(opsig_ignores_read(ignores, temp_path("ignore"), &error), OPSIG_FORMAT);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(opsig_ignores_n(ignores), 0);
    }
    temp_write(temp_path("ignore"), "OPS-1 *\0 x\n", 11);
    assert_int_equal(opsig_ignores_read(ignores, temp_path("ignore"), &error), OPSIG_FORMAT);
    assert_string_equal(error.message, "line 1, column 8: a NUL byte");
    assert_int_equal(opsig_ignores_read(ignores, temp_path("none"), &error), OPSIG_NOT_FOUND);
    opsig_ignores_free(ignores);
    assert_int_equal(opsig_ignores_new(&ignores, "2026-13-01", &error), OPSIG_USAGE);
    assert_int_equal(opsig_ignores_new(&ignores, "today", &error), OPSIG_USAGE);
    assert_null(ignores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_id_paths_day_and_reason),
        cmocka_unit_test(test_covers_by_id_and_path_from_its_folder),
        cmocka_unit_test(test_mistakes_are_told_with_line_and_column),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
