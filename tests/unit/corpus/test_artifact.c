/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON of the paper's artifact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "corpus/artifact.h"
#include "support/temp_folder.h"

static opsig_status read_text(struct ops_rows *rows, const char *text, const char *folder,
                              const opsig_corpus_options *options, opsig_error *err)
{
    struct ops_reader *reader = NULL;
    ops_rows_init(rows);
    opsig_status status = ops_reader_open_memory(&reader, text, strlen(text), err);
    if (status == OPSIG_OK) {
        status = ops_artifact_read(rows, reader, folder, options, err);
    }
    ops_reader_free(reader);
    return status;
}

static void check_labels(const char *text, const opsig_corpus_options *options,
                         const opsig_label *expected, size_t n)
{
    struct ops_rows rows;
    opsig_error err = {0};
    assert_int_equal(read_text(&rows, text, "dir/", options, &err), OPSIG_OK);
    assert_int_equal(rows.rows.len, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows.rows.items[i].label, expected[i]);
    }
    ops_rows_dispose(&rows);
}

static const char runs[] =
    "[{\"model\": \"m0\", \"path\": \"t/m0\", \"result\": 1, \"error\": \"\\\"NaN\\\" [\\\\\"},\n"
    " {\"model\": \"m1\", \"path\": \"t/m1\", \"result\": 0, \"error\": null, \"mismatch\": "
    "false},\n"
    " {\"model\": \"m2\", \"path\": \"t/m2\", \"result\": 0, \"error\": null, \"mismatch\": "
    "true},\n"
    " {\"path\": \"t/m3\", \"result\": 0, \"mad\": 1e-8},\n"
    " {\"path\": \"t/m4\", \"result\": 0, \"mad\": 2e-7, \"onnx_model_path\": \"m4.onnx\"},\n"
    " {\"path\": \"t/m5\", \"result\": 0, \"mad\": NaN},\n"
    " {\"path\": \"t/m6\", \"result\": 0, \"mad\":Infinity},\n"
    " {\"path\": \"t/m7\", \"result\": 0},\n"
    " {\"path\": \"t/m8\", \"result\": 0, \"mismatch\": 1},\n"
    " {\"path\": \"t/m9\", \"result\": 1, \"mismatch\": true, \"hang\": 1}]\n";

static void results_become_labels(void **state)
{
    (void)state;
    static const opsig_label expected[] = {OPSIG_LABEL_CRASH,        OPSIG_LABEL_CONSISTENT,
                                           OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_CONSISTENT,
                                           OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_INCONSISTENT,
                                           OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_SKIPPED,
                                           OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_CRASH};
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    check_labels(runs, &options, expected, 10);
}

static void a_tolerance_moves_the_bound_of_mad(void **state)
{
    (void)state;
    static const opsig_label expected[] = {OPSIG_LABEL_CRASH,        OPSIG_LABEL_CONSISTENT,
                                           OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_CONSISTENT,
                                           OPSIG_LABEL_CONSISTENT,   OPSIG_LABEL_INCONSISTENT,
                                           OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_SKIPPED,
                                           OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_CRASH};
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    options.has_tolerance = true;
    options.tolerance_abs = 1e-3;
    check_labels(runs, &options, expected, 10);
}

static void the_oracle_has_the_name_of_the_user_or_of_the_member(void **state)
{
    (void)state;
    struct ops_rows rows;
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    assert_int_equal(read_text(&rows, "[]", "", &options, NULL), OPSIG_OK);
    assert_string_equal(rows.oracle, "mismatch");
    ops_rows_dispose(&rows);
    options.oracle = "torch";
    assert_int_equal(read_text(&rows, "[]", "", &options, NULL), OPSIG_OK);
    assert_string_equal(rows.oracle, "torch");
    ops_rows_dispose(&rows);
}

static void check_file(const char *path, const char *expected)
{
    char text[200];
    char folder[100];
    struct ops_rows rows;
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    (void)snprintf(text, sizeof text, "[{\"path\": \"%s\", \"result\": 0, \"mismatch\": true}]",
                   path);
    (void)snprintf(folder, sizeof folder, "%s", temp_path(""));
    assert_int_equal(read_text(&rows, text, folder, &options, NULL), OPSIG_OK);
    assert_string_equal(rows.rows.items[0].path, path);
    assert_string_equal(rows.rows.items[0].file, temp_path(expected));
    ops_rows_dispose(&rows);
}

static void the_model_is_looked_for_where_the_artifact_puts_it(void **state)
{
    (void)state;
    static const char *const folders[] = {"m1", "m2", "m2_repro", "m2_repro/a", "m2_repro/b"};
    temp_folder_make();
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        assert_int_equal(mkdir(temp_path(folders[i]), 0700), 0);
    }
    temp_write(temp_path("m0"), "", 0);
    temp_write(temp_path("m1/model.onnx"), "", 0);
    temp_write(temp_path("m2_repro/b/x.onnx"), "", 0);
    temp_write(temp_path("m3.onnx"), "", 0);
    check_file("m0", "m0");
    check_file("m1", "m1/model.onnx");
    check_file("m2", "m2_repro/b/x.onnx");
    check_file("m3", "m3.onnx");
    check_file("m4", "m4");
    assert_int_equal(unlink(temp_path("m1/model.onnx")), 0);
    assert_int_equal(unlink(temp_path("m2_repro/b/x.onnx")), 0);
    for (size_t i = sizeof folders / sizeof folders[0]; i > 0; i--) {
        assert_int_equal(rmdir(temp_path(folders[i - 1])), 0);
    }
    temp_folder_remove();
}

static void check_error(const char *text, const char *message)
{
    struct ops_rows rows;
    opsig_error err = {0};
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    assert_int_equal(read_text(&rows, text, "", &options, &err), OPSIG_FORMAT);
    if (strstr(err.message, message) == NULL) {
        fail_msg("%s", err.message);
    }
    ops_rows_dispose(&rows);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    check_error("[\n{\"path\": }]", "line 2, column ");
    check_error("{\"path\": \"x\"}", "an array of objects");
    check_error("[{\"path\": \"x\"}, {\"model\": \"m\"}]", "entry 2: ");
    check_error("[3]", "entry 1: ");
    check_error("[{\"path\": \"x\", \"path\": \"y\"}]", "duplicate");
    check_error("[] x", "line 1");
    check_error("", "line 1");
}

static void deep_nesting_is_refused_without_a_crash(void **state)
{
    (void)state;
    static char text[200001];
    memset(text, '[', sizeof text - 1);
    check_error(text, "depth");
}

static void each_failed_allocation_is_reported(void **state)
{
    (void)state;
    char folder[100];
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    temp_folder_make();
    assert_int_equal(mkdir(temp_path("m"), 0700), 0);
    temp_write(temp_path("m/model.onnx"), "", 0);
    (void)snprintf(folder, sizeof folder, "%s", temp_path(""));
    for (uint64_t k = 1, count = k; count >= k; k++) {
        struct ops_rows rows;
        opsig_error err = {0};
        ops_mem_fail_at(k, 0);
        const opsig_status status =
            read_text(&rows, "[{\"path\": \"m\", \"mismatch\": 1}, {\"path\": \"n\"}]", folder,
                      &options, &err);
        count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        assert_int_equal(status, count < k ? OPSIG_OK : OPSIG_NOMEM);
        assert_int_equal(err.status, status);
        ops_rows_dispose(&rows);
    }
    assert_int_equal(unlink(temp_path("m/model.onnx")), 0);
    temp_folder_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_become_labels),
        cmocka_unit_test(a_tolerance_moves_the_bound_of_mad),
        cmocka_unit_test(the_oracle_has_the_name_of_the_user_or_of_the_member),
        cmocka_unit_test(the_model_is_looked_for_where_the_artifact_puts_it),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(deep_nesting_is_refused_without_a_crash),
        cmocka_unit_test(each_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
