/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of CSV: against a writer of random fields, against Python's csv module, and the places of
 * errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "base/rng.h"
#include "corpus/csv.h"

enum { MANY = 100000000 };

/** Reads all rows into text with fields ended by \037 and rows by \036. */
static opsig_status flatten(struct ops_buffer *out, struct ops_reader *reader, opsig_error *err)
{
    struct ops_csv *csv = NULL;
    bool found = true;
    opsig_status status = ops_csv_new(&csv, reader, err);
    while (status == OPSIG_OK && found) {
        status = ops_csv_next(csv, &found, err);
        for (size_t i = 0; status == OPSIG_OK && found && i < ops_csv_n_fields(csv); i++) {
            ops_buffer_printf(out, "%s\037", ops_csv_field(csv, i));
        }
        if (status == OPSIG_OK && found) {
            ops_buffer_puts(out, "\036");
        }
    }
    ops_csv_free(csv);
    return status;
}

static opsig_status flatten_text(struct ops_buffer *out, const char *text, size_t len,
                                 opsig_error *err)
{
    struct ops_reader *reader = NULL;
    ops_buffer_init(out, MANY);
    opsig_status status = ops_reader_open_memory(&reader, text, len, err);
    if (status == OPSIG_OK) {
        status = flatten(out, reader, err);
    }
    ops_reader_free(reader);
    return status;
}

static void check_rows(const char *text, const char *expected)
{
    struct ops_buffer out;
    assert_int_equal(flatten_text(&out, text, strlen(text), NULL), OPSIG_OK);
    assert_string_equal(ops_buffer_text(&out), expected);
    ops_buffer_dispose(&out);
}

static void rows_and_fields_are_told_apart(void **state)
{
    (void)state;
    check_rows("", "");
    check_rows("a", "a\037\036");
    check_rows("a,b\n", "a\037b\037\036");
    check_rows("a,b\r\nc,d", "a\037b\037\036c\037d\037\036");
    check_rows(",\n,,", "\037\037\036\037\037\037\036");
    check_rows("\xef\xbb\xbf"
               "a,b\n",
               "a\037b\037\036");
    check_rows("\xef\xbb", "\xef\xbb\037\036");
}

static void quotes_hold_commas_line_ends_and_quotes(void **state)
{
    (void)state;
    check_rows("\"a,b\",c\n", "a,b\037c\037\036");
    check_rows("\"a\nb\r\nc\rd\"\n", "a\nb\r\nc\rd\037\036");
    check_rows("\"say \"\"hi\"\"\"", "say \"hi\"\037\036");
    check_rows("\"\"\"\"", "\"\037\036");
    check_rows("\"\"", "\037\036");
}

static void empty_lines_are_passed_over(void **state)
{
    (void)state;
    check_rows("\n\r\na\n\n\nb\n\n", "a\037\036b\037\036");
}

static void check_error(const char *text, size_t len, const char *place, int64_t offset)
{
    struct ops_buffer out;
    opsig_error err = {0};
    assert_int_equal(flatten_text(&out, text, len, &err), OPSIG_FORMAT);
    assert_int_equal(strncmp(err.message, place, strlen(place)), 0);
    assert_int_equal(err.offset, offset);
    ops_buffer_dispose(&out);
}

static void errors_name_line_and_column(void **state)
{
    (void)state;
    check_error("a,b\nc,d\"e\n", 10, "line 2, column 4: a quote inside", 7);
    check_error("a,\"b\"c\n", 7, "line 1, column 6: text behind", 5);
    check_error("a\n\"b\nc", 6, "line 2, column 1: a quote is never closed", 2);
    check_error("a\rb\n", 4, "line 1, column 3: a carriage return", 2);
    check_error("a\r", 2, "line 1, column 3: a carriage return", 2);
    check_error("a\nb\0c\n", 6, "line 2, column 2: a NUL", 3);
    check_error("\"a\0\"", 4, "line 1, column 3: a NUL", 2);
    check_error("\xff\xfe"
                "a\0",
                4, "line 1, column 4: a NUL", 3);
}

/** Many commas, or one long field, or many fields of some length. */
static opsig_status read_repeated(const char *piece, size_t n, opsig_error *err)
{
    struct ops_buffer text;
    struct ops_buffer out;
    ops_buffer_init(&text, MANY);
    for (size_t i = 0; i < n; i++) {
        ops_buffer_puts(&text, piece);
    }
    const opsig_status status = flatten_text(&out, text.bytes, text.len, err);
    ops_buffer_dispose(&text);
    ops_buffer_dispose(&out);
    return status;
}

static void columns_fields_and_rows_have_limits(void **state)
{
    (void)state;
    opsig_error err = {0};
    static char kilobyte[1025];
    memset(kilobyte, 'x', 1024);
    assert_int_equal(read_repeated(",", OPS_CSV_MAX_COLUMNS - 1, &err), OPSIG_OK);
    assert_int_equal(read_repeated(",", OPS_CSV_MAX_COLUMNS, &err), OPSIG_LIMIT);
    assert_non_null(strstr(err.message, "line 1, column 4097: more than 4096 columns"));
    assert_int_equal(read_repeated(kilobyte, 1024, &err), OPSIG_OK);
    assert_int_equal(read_repeated(kilobyte, 1025, &err), OPSIG_LIMIT);
    kilobyte[0] = ',';
    assert_int_equal(read_repeated(kilobyte, 4000, &err), OPSIG_OK);
    assert_int_equal(read_repeated(kilobyte, 4095, &err), OPSIG_OK);
    kilobyte[0] = '\n';
    assert_int_equal(read_repeated(kilobyte, 5000, &err), OPSIG_OK);
}

/** Appends one field of random characters, quoted where it must be and at times elsewhere. */
static void add_random_field(struct ops_buffer *csv, struct ops_buffer *expected, uint64_t seed)
{
    static const char letters[] = "ab \",\n\r;'\t\xc3\xa4\xff\\";
    char field[20];
    size_t len = ops_rng_below(seed, 1, 0, sizeof field);
    bool must_quote = ops_rng_below(seed, 2, 0, 4) == 0;
    for (size_t i = 0; i < len; i++) {
        field[i] = letters[ops_rng_below(seed, 3, i, sizeof letters - 1)];
        must_quote |= strchr("\",\n\r", field[i]) != NULL;
    }
    ops_buffer_add(expected, field, len);
    ops_buffer_puts(expected, "\037");
    ops_buffer_puts(csv, must_quote ? "\"" : "");
    for (size_t i = 0; i < len; i++) {
        ops_buffer_add(csv, &field[i], 1);
        ops_buffer_puts(csv, field[i] == '"' ? "\"" : "");
    }
    ops_buffer_puts(csv, must_quote ? "\"" : "");
}

static void random_tables_read_back_as_they_were_written(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 300; round++) {
        struct ops_buffer csv;
        struct ops_buffer expected;
        struct ops_buffer out;
        ops_buffer_init(&csv, MANY);
        ops_buffer_init(&expected, MANY);
        const uint64_t n_rows = ops_rng_below(round, 4, 0, 12);
        for (uint64_t row = 0; row < n_rows; row++) {
            const uint64_t n_fields = 2 + ops_rng_below(round, 5, row, 6);
            for (uint64_t i = 0; i < n_fields; i++) {
                ops_buffer_puts(&csv, i > 0 ? "," : "");
                add_random_field(&csv, &expected, round * 1000 + row * 10 + i);
            }
            ops_buffer_puts(&csv, ops_rng_below(round, 6, row, 2) == 0 ? "\n" : "\r\n");
            ops_buffer_puts(&expected, "\036");
        }
        assert_int_equal(flatten_text(&out, csv.bytes, csv.len, NULL), OPSIG_OK);
        assert_string_equal(ops_buffer_text(&out), ops_buffer_text(&expected));
        ops_buffer_dispose(&csv);
        ops_buffer_dispose(&expected);
        ops_buffer_dispose(&out);
    }
}

static const char script[] =
    "import csv, random, sys\n"
    "random.seed(5)\n"
    "cell = lambda: ''.join(random.choice('ab \\\",\\n;\\'\\u00e4\\u4e2d') "
    "for _ in range(random.randrange(9)))\n"
    "rows = [[cell() for _ in range(random.randrange(2, 7))] for _ in range(3000)]\n"
    "with open(sys.argv[1], 'w', newline='', encoding='utf-8') as f:\n"
    "    for row in rows:\n"
    "        style = random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])\n"
    "        csv.writer(f, quoting=style, lineterminator=random.choice(['\\n', '\\r\\n']))"
    ".writerow(row)\n"
    "with open(sys.argv[2], 'w', newline='', encoding='utf-8') as f:\n"
    "    f.write(''.join(''.join(c + '\\x1f' for c in row) + '\\x1e' for row in rows))\n";

/** Writes the script's two files. @return false without a Python */
static bool run_python(const char *folder)
{
    char path[100];
    char command[400];
    (void)snprintf(path, sizeof path, "%s/make.py", folder);
    FILE *const file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(script, file) >= 0);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(command, sizeof command,
                   "/usr/bin/python3 %s %s/table.csv %s/table.txt 2>/dev/null", path, folder,
                   folder);
    return system(command) == 0;
}

static void what_python_writes_is_read_as_python_reads_it(void **state)
{
    (void)state;
    char folder[] = "/tmp/opsig-csv-XXXXXX";
    char path[100];
    assert_non_null(mkdtemp(folder));
    const bool has_python = run_python(folder);
    static char expected[1 << 20];
    struct ops_buffer out;
    ops_buffer_init(&out, MANY);
    if (has_python) {
        struct ops_reader *reader = NULL;
        (void)snprintf(path, sizeof path, "%s/table.csv", folder);
        assert_int_equal(ops_reader_open(&reader, path, MANY, NULL), OPSIG_OK);
        assert_int_equal(flatten(&out, reader, NULL), OPSIG_OK);
        ops_reader_free(reader);
        (void)snprintf(path, sizeof path, "%s/table.txt", folder);
        FILE *const file = fopen(path, "r");
        expected[fread(expected, 1, sizeof expected - 1, file)] = '\0';
        assert_int_equal(fclose(file), 0);
    }
    (void)snprintf(path, sizeof path, "rm -r %s", folder);
    assert_int_equal(system(path), 0);
    if (!has_python) {
        print_message("skipped: no /usr/bin/python3\n");
        ops_buffer_dispose(&out);
        skip();
    }
    assert_true(strlen(expected) > 50000);
    assert_string_equal(ops_buffer_text(&out), expected);
    ops_buffer_dispose(&out);
}

static void each_failed_allocation_is_reported(void **state)
{
    (void)state;
    static const char text[] = "a,b,c,d,e,f,g,h,i,j\n1,2\n";
    for (uint64_t k = 1;; k++) {
        struct ops_reader *reader = NULL;
        struct ops_csv *csv = NULL;
        bool found = true;
        assert_int_equal(ops_reader_open_memory(&reader, text, strlen(text), NULL), OPSIG_OK);
        ops_mem_fail_at(k, 0);
        opsig_status status = ops_csv_new(&csv, reader, NULL);
        while (status == OPSIG_OK && found) {
            status = ops_csv_next(csv, &found, NULL);
        }
        const uint64_t count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        ops_csv_free(csv);
        ops_reader_free(reader);
        assert_int_equal(status, count < k ? OPSIG_OK : OPSIG_NOMEM);
        if (count < k) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_fields_are_told_apart),
        cmocka_unit_test(quotes_hold_commas_line_ends_and_quotes),
        cmocka_unit_test(empty_lines_are_passed_over),
        cmocka_unit_test(errors_name_line_and_column),
        cmocka_unit_test(columns_fields_and_rows_have_limits),
        cmocka_unit_test(random_tables_read_back_as_they_were_written),
        cmocka_unit_test(what_python_writes_is_read_as_python_reads_it),
        cmocka_unit_test(each_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
