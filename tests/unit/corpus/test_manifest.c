/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Manifests: columns by name, oracles, labels, and what is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "corpus/csv.h"
#include "corpus/manifest.h"
#include "support/shared.h"

/** Reads a manifest from text. */
static opsig_status read_text(struct ops_rows *rows, const char *text,
                              const opsig_corpus_options *options, opsig_error *err)
{
    struct ops_reader *reader = NULL;
    opsig_corpus_options defaults;
    opsig_corpus_options_init(&defaults);
    ops_rows_init(rows);
    opsig_status status = ops_reader_open_memory(&reader, text, strlen(text), err);
    if (status == OPSIG_OK) {
        status =
            ops_manifest_read(rows, reader, "dir/", options != NULL ? options : &defaults, err);
    }
    ops_reader_free(reader);
    return status;
}

static void check_row(const struct ops_row *row, const char *path, const char *group,
                      opsig_label label, const char *culprit)
{
    assert_string_equal(row->path, path);
    assert_string_equal(row->group, group);
    assert_string_equal(row->culprit, culprit);
    assert_int_equal(row->label, label);
}

static void columns_are_found_by_name_in_any_order(void **state)
{
    (void)state;
    struct ops_rows rows;
    assert_int_equal(read_text(&rows,
                               "note,x_culprit,x_status,group,path,culprit\n"
                               "n,Cast,inconsistent,g,a.onnx,Add\n"
                               ",,consistent,,/b.onnx,Add\n"
                               ",,crash,h,./c.onnx,\n"
                               ",,skipped,h,\"d,\n.onnx\",\n",
                               NULL, NULL),
                     OPSIG_OK);
    assert_int_equal(rows.rows.len, 4);
    assert_string_equal(rows.oracle, "x");
    check_row(&rows.rows.items[0], "a.onnx", "g", OPSIG_LABEL_INCONSISTENT, "Cast");
    check_row(&rows.rows.items[1], "/b.onnx", "", OPSIG_LABEL_CONSISTENT, "");
    check_row(&rows.rows.items[2], "./c.onnx", "h", OPSIG_LABEL_CRASH, "");
    check_row(&rows.rows.items[3], "d,\n.onnx", "h", OPSIG_LABEL_SKIPPED, "");
    assert_string_equal(rows.rows.items[0].file, "dir/a.onnx");
    assert_string_equal(rows.rows.items[1].file, "/b.onnx");
    assert_string_equal(rows.rows.items[2].file, "dir/./c.onnx");
    ops_rows_dispose(&rows);
}

static void a_manifest_of_paths_alone_has_no_labels(void **state)
{
    (void)state;
    struct ops_rows rows;
    assert_int_equal(read_text(&rows, "path\na.onnx\n-\n", NULL, NULL), OPSIG_OK);
    assert_string_equal(rows.oracle, "");
    check_row(&rows.rows.items[0], "a.onnx", "", OPSIG_LABEL_NONE, "");
    assert_string_equal(rows.rows.items[1].file, "dir/-");
    ops_rows_dispose(&rows);
}

static const char two_oracles[] = "path,kind,a_status,a_max_abs,b_status,culprit,b_culprit\n"
                                  "m,k1,consistent,1e-3,inconsistent,Add,Mul\n";

static void the_named_oracle_is_taken_with_its_own_culprit(void **state)
{
    (void)state;
    struct ops_rows rows;
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    options.oracle = "a";
    options.group_by = "kind";
    assert_int_equal(read_text(&rows, two_oracles, &options, NULL), OPSIG_OK);
    assert_string_equal(rows.oracle, "a");
    check_row(&rows.rows.items[0], "m", "k1", OPSIG_LABEL_CONSISTENT, "Add");
    ops_rows_dispose(&rows);
    options.oracle = "b";
    assert_int_equal(read_text(&rows, two_oracles, &options, NULL), OPSIG_OK);
    check_row(&rows.rows.items[0], "m", "k1", OPSIG_LABEL_INCONSISTENT, "Mul");
    ops_rows_dispose(&rows);
}

static void without_labels_wanted_every_row_counts_whatever_the_oracles(void **state)
{
    (void)state;
    struct ops_rows rows;
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    options.unlabelled = true;
    assert_int_equal(read_text(&rows, two_oracles, &options, NULL), OPSIG_OK);
    assert_string_equal(rows.oracle, "");
    assert_int_equal(rows.rows.items[0].label, OPSIG_LABEL_NONE);
    ops_rows_dispose(&rows);
    options.oracle = "b";
    assert_int_equal(read_text(&rows, two_oracles, &options, NULL), OPSIG_OK);
    assert_int_equal(rows.rows.items[0].label, OPSIG_LABEL_INCONSISTENT);
    ops_rows_dispose(&rows);
}

static void check_error(const char *text, const opsig_corpus_options *options, opsig_status status,
                        const char *message)
{
    struct ops_rows rows;
    opsig_error err = {0};
    assert_int_equal(read_text(&rows, text, options, &err), status);
    assert_string_equal(err.message, message);
    ops_rows_dispose(&rows);
}

static void what_was_asked_for_and_is_missing_is_named(void **state)
{
    (void)state;
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    check_error(two_oracles, NULL, OPSIG_USAGE,
                "the manifest has several oracles, name one (--oracle): a, b");
    options.oracle = "c";
    check_error(two_oracles, &options, OPSIG_NOT_FOUND,
                "the manifest has no oracle 'c': no column 'c_status'");
    options.oracle = "b";
    options.has_tolerance = true;
    check_error(two_oracles, &options, OPSIG_NOT_FOUND,
                "--tolerance needs a column 'b_max_abs', which is missing");
    options.has_tolerance = false;
    options.group_by = "colour";
    check_error(two_oracles, &options, OPSIG_NOT_FOUND,
                "the manifest has no column 'colour' (--group-by)");
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    (void)state;
    check_error("", NULL, OPSIG_FORMAT, "line 1, column 1: the manifest is empty");
    check_error("\n\n", NULL, OPSIG_FORMAT, "line 3, column 1: the manifest is empty");
    check_error("file,x_status\n", NULL, OPSIG_FORMAT,
                "line 1, column 1: there is no column 'path'");
    check_error("path,a,a\n", NULL, OPSIG_FORMAT,
                "line 1, column 8: column 'a' comes a second time");
    check_error("path,x_status\nm,consistent,\n", NULL, OPSIG_FORMAT,
                "line 2, column 14: the row has 3 fields, the header has 2");
    check_error("path,x_status\n\nm\n", NULL, OPSIG_FORMAT,
                "line 3, column 1: the row has 1 fields, the header has 2");
    check_error("path,x_status\n,consistent\n", NULL, OPSIG_FORMAT,
                "line 2, column 1: the path is empty");
    check_error("path,x_status\nm,Consistent\n", NULL, OPSIG_FORMAT,
                "line 2, column 3: 'Consistent' is none of consistent, inconsistent, crash, "
                "skipped");
    check_error("path,x_status,x_max_rel\nm,consistent,\"1,5\"\n", NULL, OPSIG_FORMAT,
                "line 2, column 14: '1,5' is not a number");
    check_error("path,x_status,x_nan\nm,consistent,1e999\n", NULL, OPSIG_FORMAT,
                "line 2, column 14: '1e999' is too large");
    check_error("path,x_status\nm,crash\n\"m\",consistent\n", NULL, OPSIG_FORMAT,
                "line 3, column 1: path 'm' comes a second time, as consistent instead of crash");
}

static void a_path_may_come_twice_with_one_label(void **state)
{
    (void)state;
    struct ops_rows rows;
    assert_int_equal(read_text(&rows, "path,x_status\nm,crash\nm,crash\n", NULL, NULL), OPSIG_OK);
    assert_int_equal(rows.rows.len, 2);
    ops_rows_dispose(&rows);
}

static void measures_and_tolerance_make_the_label(void **state)
{
    (void)state;
    static const char text[] = "path,x_status,x_max_abs,x_max_rel,x_nan,x_inf,x_shape\n"
                               "0,consistent,1e-2,1,0,0,0\n"
                               "1,inconsistent,1e-9,1,,,\n"
                               "2,inconsistent,,,0,0,0\n"
                               "3,consistent,0,0,0,2,0\n"
                               "4,consistent,nan,NaN,,,\n"
                               "5,consistent,inf,+Infinity,,,\n"
                               "6,crash,1,1,1,1,1\n"
                               "7,consistent,-inf,0,,,\n";
    static const opsig_label by_status[] = {OPSIG_LABEL_CONSISTENT,   OPSIG_LABEL_INCONSISTENT,
                                            OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_INCONSISTENT,
                                            OPSIG_LABEL_CONSISTENT,   OPSIG_LABEL_CONSISTENT,
                                            OPSIG_LABEL_CRASH,        OPSIG_LABEL_CONSISTENT};
    static const opsig_label by_tolerance[] = {OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_CONSISTENT,
                                               OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_INCONSISTENT,
                                               OPSIG_LABEL_INCONSISTENT, OPSIG_LABEL_INCONSISTENT,
                                               OPSIG_LABEL_CRASH,        OPSIG_LABEL_CONSISTENT};
    struct ops_rows rows;
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    assert_int_equal(read_text(&rows, text, &options, NULL), OPSIG_OK);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(rows.rows.items[i].label, by_status[i]);
    }
    ops_rows_dispose(&rows);
    options.has_tolerance = true;
    options.tolerance_abs = 1e-3;
    assert_int_equal(read_text(&rows, text, &options, NULL), OPSIG_OK);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(rows.rows.items[i].label, by_tolerance[i]);
    }
    ops_rows_dispose(&rows);
}

static opsig_status read_file(const char *path, opsig_error *err)
{
    struct ops_reader *reader = NULL;
    struct ops_rows rows;
    opsig_corpus_options options;
    opsig_corpus_options_init(&options);
    ops_rows_init(&rows);
    opsig_status status = ops_reader_open(&reader, path, UINT64_MAX, err);
    if (status == OPSIG_OK) {
        status = ops_manifest_read(&rows, reader, "", &options, err);
    }
    ops_reader_free(reader);
    ops_rows_dispose(&rows);
    return status;
}

/** Checks one row of the index of malformed files. @return whether it names a manifest */
static bool check_indexed(const struct ops_csv *csv)
{
    const char *const file = ops_csv_field(csv, 0);
    const char *const expected = ops_csv_field(csv, 4);
    if (strcmp(ops_csv_field(csv, 1), "manifest") != 0) {
        return false;
    }
    char name[300];
    char path[600];
    opsig_error err = {0};
    (void)snprintf(name, sizeof name, "malformed/%s", file);
    assert_true(shared_path(path, sizeof path, name));
    const opsig_status status = read_file(path, &err);
    if (strcmp(expected, "must-load") == 0 && status != OPSIG_OK) {
        fail_msg("%s: %s", file, err.message);
    }
    if (strcmp(expected, "must-reject") == 0) {
        if (status != OPSIG_FORMAT) {
            fail_msg("%s: loads", file);
        }
        assert_non_null(strstr(err.message, "line "));
    }
    return true;
}

static void malformed_manifests_are_refused_and_odd_ones_load(void **state)
{
    (void)state;
    char path[600];
    if (!shared_path(path, sizeof path, "malformed/index.csv")) {
        skip();
    }
    struct ops_reader *reader = NULL;
    struct ops_csv *csv = NULL;
    bool found = true;
    size_t n = 0;
    assert_int_equal(ops_reader_open(&reader, path, UINT64_MAX, NULL), OPSIG_OK);
    assert_int_equal(ops_csv_new(&csv, reader, NULL), OPSIG_OK);
    while (found) {
        assert_int_equal(ops_csv_next(csv, &found, NULL), OPSIG_OK);
        n += found && check_indexed(csv);
    }
    assert_true(n >= 15);
    ops_csv_free(csv);
    ops_reader_free(reader);
}

static void each_failed_allocation_is_reported(void **state)
{
    (void)state;
    for (uint64_t k = 1;; k++) {
        struct ops_rows rows;
        opsig_error err = {0};
        opsig_corpus_options options;
        opsig_corpus_options_init(&options);
        options.oracle = "a";
        ops_mem_fail_at(k, 0);
        const opsig_status status = read_text(&rows, two_oracles, &options, &err);
        const uint64_t count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        ops_rows_dispose(&rows);
        assert_int_equal(status, count < k ? OPSIG_OK : OPSIG_NOMEM);
        assert_int_equal(err.status, status);
        if (count < k) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_name_in_any_order),
        cmocka_unit_test(a_manifest_of_paths_alone_has_no_labels),
        cmocka_unit_test(the_named_oracle_is_taken_with_its_own_culprit),
        cmocka_unit_test(without_labels_wanted_every_row_counts_whatever_the_oracles),
        cmocka_unit_test(what_was_asked_for_and_is_missing_is_named),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(a_path_may_come_twice_with_one_label),
        cmocka_unit_test(measures_and_tolerance_make_the_label),
        cmocka_unit_test(malformed_manifests_are_refused_and_odd_ones_load),
        cmocka_unit_test(each_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
