/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text form: lossless, stable, plain, and refused with line and column where it is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "db/text.h"
#include "support/close.h"
#include "support/random_database.h"
#include "support/temp_folder.h"

static int make_folder(void **state)
{
    (void)state;
    temp_folder_make();
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

/** Exports to a string; the caller's (free). */
static char *export_text(const opsig_database *database)
{
    char *text = NULL;
    size_t size = 0;
    opsig_error err = {.offset = -1};
    FILE *const stream = open_memstream(&text, &size);
    assert_non_null(stream);
    if (opsig_database_export(database, stream, &err) != OPSIG_OK) {
        fail_msg("%s", err.message);
    }
    fclose(stream);
    assert_int_equal(strlen(text), size);
    return text;
}

/** Imports a string. */
static opsig_status import_text(const char *text, size_t size, opsig_database **out,
                                opsig_error *err)
{
    temp_write(temp_path("a.txt"), text, size);
    return opsig_database_import(out, temp_path("a.txt"), err);
}

static opsig_database *import_or_fail(const char *text)
{
    opsig_database *database;
    opsig_error err = {.offset = -1};
    if (import_text(text, strlen(text), &database, &err) != OPSIG_OK) {
        fail_msg("%s", err.message);
    }
    return database;
}

static void what_is_exported_is_imported(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 160; seed++) {
        const uint32_t n = 1 + (uint32_t)ops_rng_below(seed, 9, 0, 40);
        opsig_database *const exported = random_database(seed, n, n * 2 % 31);
        char *const text = export_text(exported);
        opsig_database *const imported = import_or_fail(text);
        const char *const difference = database_difference(imported, exported);
        if (difference != NULL) {
            fail_msg("seed %llu: %s differs", (unsigned long long)seed, difference);
        }
        char *const again = export_text(imported);
        assert_string_equal(again, text);
        free(text);
        free(again);
        opsig_database_free(exported);
        opsig_database_free(imported);
    }
}

static void a_file_made_from_the_text_has_the_same_bytes(void **state)
{
    (void)state;
    opsig_database *const mined = random_database(200, 50, 30);
    char *const text = export_text(mined);
    opsig_database *const imported = import_or_fail(text);
    size_t size_a, size_b;
    assert_int_equal(opsig_database_write(mined, temp_path("a.db"), NULL), OPSIG_OK);
    assert_int_equal(opsig_database_write(imported, temp_path("b.db"), NULL), OPSIG_OK);
    unsigned char *const a = temp_read(temp_path("a.db"), &size_a);
    unsigned char *const b = temp_read(temp_path("b.db"), &size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(a, b, size_a);
    free(a);
    free(b);
    free(text);
    opsig_database_free(mined);
    opsig_database_free(imported);
}

static void text_is_printable_lines(void **state)
{
    (void)state;
    opsig_database *const database = random_database(201, 40, 30);
    char *const text = export_text(database);
    for (const char *c = text; *c != '\0'; c++) {
        assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
        assert_false(*c == ' ' && c[1] == '\n');
    }
    free(text);
    opsig_database_free(database);
}

/** Any bytes survive as one word. */
static void words_hold_any_bytes(void **state)
{
    (void)state;
    struct ops_buffer text, word;
    ops_buffer_init(&text, 10000);
    ops_buffer_init(&word, 10000);
    for (uint64_t i = 0; i < 2000; i++) {
        char bytes[20];
        const size_t len = ops_rng_below(30, i, 0, sizeof bytes);
        for (size_t k = 0; k < len; k++) {
            bytes[k] = (char)(1 + ops_rng_below(30, i, k + 1, 255));
        }
        ops_buffer_clear(&text);
        ops_word_write(&text, bytes, len);
        const char *cursor = ops_buffer_text(&text);
        assert_null(ops_word_read(&cursor, &word));
        assert_true(*cursor == '\0');
        assert_int_equal(word.len, len);
        assert_memory_equal(ops_buffer_text(&word), bytes, len);
    }
    ops_buffer_dispose(&text);
    ops_buffer_dispose(&word);
}

/** A small file as a person would write it; `$` ends each line of it. */
static const char small[] = "# A comment.\r\n"
                            "opsig-database 1\n"
                            "alphabet op+attr\n"
                            "provenance oracle \"a b\"\n"
                            "risk intercept -1 offset 0 slope 1 hinge 0 knot 0\n"
                            "\n"
                            "model inconsistent - a.onnx\n"
                            "model consistent - b.onnx\n"
                            "signature OPS-998bd8308727 significant\n"
                            "  pattern Pad -> AveragePool\n"
                            "  context Pad -> AveragePool -> Add\n"
                            "  inconsistent 9 10\n"
                            "  consistent 1 10\n"
                            "  p 0.25\n"
                            "  p_adjusted 5e-1\n"
                            "  p_order -\n"
                            "  odds_ratio 10 1 20\n"
                            "  likelihood_ratio 9 3 20\n"
                            "  confidence 0.5 0.25 0.75\n"
                            "  lift 2\n"
                            "  weight 0.5\n"
                            "  severity medium\n"
                            "  # A comment inside.\n"
                            "  evidence a.onnx /Pad \"/Average Pool\"\n"
                            "  evidence b.onnx \"\"\n";

static void a_file_written_by_hand_is_read(void **state)
{
    (void)state;
    opsig_database *const database = import_or_fail(small);
    assert_int_equal(database->models.len, 2);
    assert_int_equal(opsig_database_n_signatures(database), 1);
    assert_string_equal(opsig_database_provenance(database, "oracle"), "a b");
    const opsig_signature *const signature = opsig_database_signature(database, 0);
    assert_int_equal(signature->n_evidence, 2);
    assert_string_equal(signature->evidence[0].nodes, "/Pad\n/Average Pool");
    assert_string_equal(signature->evidence[1].nodes, "");
    assert_true(isnan(signature->statistics.p_order));
    assert_int_equal(signature->statistics.severity, OPSIG_SEVERITY_MEDIUM);
    opsig_database_free(database);
}

static void the_example_of_the_manual_is_read(void **state)
{
    (void)state;
    size_t size;
    char *const manual = (char *)temp_read(OPSIG_DOCS "/database.md", &size);
    assert_non_null(manual);
    manual[size] = '\0';
    char *const begin = strstr(manual, "```\n# Comments");
    assert_non_null(begin);
    char *const end = strstr(begin + 3, "```");
    assert_non_null(end);
    *end = '\0';
    opsig_database *const database = import_or_fail(begin + 4);
    assert_int_equal(database->models.len, 2);
    assert_int_equal(database->signatures.items[0]->n_evidence, 1);
    opsig_database_free(database);
    free(manual);
}

/** Puts `with` in place of the first `what` of the small file. */
static char *replace(const char *what, const char *with)
{
    const char *const at = strstr(small, what);
    assert_non_null(at);
    const size_t before = (size_t)(at - small), size = strlen(small) + strlen(with) + 1;
    char *const text = calloc(1, size);
    assert_non_null(text);
    (void)snprintf(text, size, "%.*s%s%s", (int)before, small, with, at + strlen(what));
    return text;
}

/** What is put in place of what, and what must be said of the result. */
static const struct {
    const char *what, *with, *reason;
} mistakes[] = {
    {"opsig-database", "SQLite", "line 2, column 1: 'opsig-database' is expected"},
    {"base 1", "base 3", "line 2, column 17: written by a newer version"},
    {"base 1", "base 0", "the version of the text form"},
    {"base 1", "base", "line 2, column 15: a word is missing"},
    {"base 1", "base 1 1", "line 2, column 18: the line should end here"},
    {"op+attr", "ops", "line 3, column 10: unknown alphabet: ops"},
    {"alphabet op+attr\n", "", "line 3, column 1: 'alphabet' is expected here"},
    {"oracle \"a b\"", "oracle a b", "line 4, column 21: the line should end here"},
    {"\"a b\"", "\"a b", "line 4, column 19: a quote is not closed"},
    {"\"a b\"", "\"a b\"c", "line 4, column 24: a blank is expected here"},
    {"\"a b\"", "\"a \\q\"", "line 4, column 22: unknown escape"},
    {"\"a b\"", "\"a \\x0\"", "line 4, column 22: unknown escape"},
    {"\"a b\"", "\"a \\x00\"", "line 4, column 22: unknown escape"},
    {"oracle \"a b\"", "\"\" x", "line 4, column 12: provenance: a key"},
    {"risk i", "provenance oracle x\nrisk i", "line 5, column 12: the key is there twice"},
    {"slope", "hinge", "line 5, column 28: 'slope' is expected here"},
    {"-1 offset", "x offset", "line 5, column 16: 'x' is not a number"},
    {"-1 offset", "1e999 offset", "line 5, column 16: '1e999' is too large"},
    {"-1 offset", "nan offset", "line 5, column 16: 'nan' is not a number"},
    {"-1 offset", "0,5 offset", "line 5, column 16: '0,5' is not a number"},
    {"inconsistent -", "maybe -", "line 7, column 7: unknown label: maybe"},
    {"- a.onnx", "00 a.onnx", "line 7, column 7: a.onnx: its digest"},
    {"b.onnx", "a.onnx", "line 8, column 7: the model is listed twice: a.onnx"},
    {"OPS-998b", "OPS-ffff", "line 9, column 11: the id is not that of the pattern"},
    {" significant", "", "line 9, column 27: 'significant' or 'risk-term'"},
    {" significant", " risk-term", "holds no signatures"},
    {"Pad -> Av", "Pad -> -> Av", "line 10, column 18: pattern: "},
    {"pattern Pad", "pattern \"Pad\"", "line 9, column 11: the pattern is not in its canonical"},
    {"  context", "  contxt", "line 11, column 3: 'context' is expected here"},
    {"Pool -> Add", "Pool -> Add ->", "line 11, column 39: pattern: "},
    {"9 10", "9", "line 12, column 17: a word is missing"},
    {"9 10", "-9 10", "line 12, column 16: '-9' is not a whole number"},
    {"9 10", "9 4294967296", "line 12, column 18: is more than 4294967295"},
    {"9 10", "11 10", "line 9, column 1: OPS-998bd8308727: more models hold it"},
    {"p 0.25", "p -", "line 14, column 5: '-' is not a number"},
    {"p 0.25", "p 2", "line 9, column 1: OPS-998bd8308727: p is out of range"},
    {"p 0.25\n  p_adj", "p_adj", "line 14, column 3: 'p' is expected here"},
    {"10 1 20", "10 11 20", "an interval does not hold its value"},
    {"medium", "high", "the severity does not follow"},
    {"medium", "mediummediummediummedium", "the severity does not follow"},
    {"evidence a.onnx", "evidence c.onnx", "line 24, column 12: evidence from a model that is not"},
    {"evidence a.onnx", "evidence b.onnx", "evidence is not in the order of the models"},
    {"b.onnx \"\"\n", "b.onnx\n", "line 25, column 18: a word is missing"},
    {"  evidence b", "  evidenc b", "line 25, column 3: 'signature' is expected here"},
    {"b.onnx \"\"\n", "b.onnx \"", "line 25, column 19: a quote is not closed"},
};

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        opsig_database *database;
        opsig_error err = {.offset = -1};
        char *const text = replace(mistakes[i].what, mistakes[i].with);
        const opsig_status status = import_text(text, strlen(text), &database, &err);
        assert_null(database);
        if ((status != OPSIG_FORMAT && status != OPSIG_UNSUPPORTED) ||
            strstr(err.message, mistakes[i].reason) == NULL) {
            fail_msg("%s for %s: %s: '%s', expected '%s'", mistakes[i].with, mistakes[i].what,
                     opsig_status_name(status), err.message, mistakes[i].reason);
        }
        free(text);
    }
}

static void a_signature_twice_is_refused(void **state)
{
    (void)state;
    opsig_database *database;
    opsig_error err = {.offset = -1};
    char *const text = calloc(2, sizeof small);
    assert_non_null(text);
    (void)snprintf(text, 2 * sizeof small, "%s%s", small, strstr(small, "signature"));
    assert_int_equal(import_text(text, strlen(text), &database, &err), OPSIG_FORMAT);
    assert_non_null(strstr(err.message, "line 26, column 11: the signature is there twice"));
    free(text);
}

static void every_cut_is_refused_or_whole(void **state)
{
    (void)state;
    size_t read = 0;
    for (size_t size = 0; size < strlen(small); size++) {
        opsig_database *database;
        const opsig_status status = import_text(small, size, &database, NULL);
        assert_true(status == OPSIG_OK ? database != NULL
                                       : status == OPSIG_FORMAT && database == NULL);
        read += status == OPSIG_OK;
        opsig_database_free(database);
    }
    assert_true(read < 60); /* cuts at the evidence leave a whole signature */
}

static void a_zero_byte_is_refused(void **state)
{
    (void)state;
    opsig_database *database;
    opsig_error err = {.offset = -1};
    char text[sizeof small];
    memcpy(text, small, sizeof small);
    *strstr(text, "oracle") = '\0';
    assert_int_equal(import_text(text, sizeof small - 1, &database, &err), OPSIG_FORMAT);
    assert_string_equal(err.message, "line 4, column 12: a zero byte");
}

static void random_damage_does_no_harm(void **state)
{
    (void)state;
    opsig_database *const good = random_database(202, 6, 6);
    char *const text = export_text(good);
    const size_t size = strlen(text);
    for (uint64_t i = 0; i < 600; i++) {
        opsig_database *database;
        const size_t at = ops_rng_below(31, i, 0, size);
        const char before = text[at];
        text[at] = (char)ops_rng_below(31, i, 1, 256);
        const opsig_status status = import_text(text, size, &database, NULL);
        assert_true(status == OPSIG_OK || status == OPSIG_FORMAT || status == OPSIG_UNSUPPORTED ||
                    status == OPSIG_LIMIT);
        opsig_database_free(database);
        text[at] = before;
    }
    free(text);
    opsig_database_free(good);
}

static void failing_streams_are_told(void **state)
{
    (void)state;
    opsig_database *const database = random_database(203, 100, 30);
    FILE *const full = fopen("/dev/full", "w");
    opsig_error err = {.offset = -1};
    assert_non_null(full);
    assert_int_equal(opsig_database_export(database, full, &err), OPSIG_IO);
    assert_non_null(strstr(err.message, "No space left"));
    fclose(full);
    opsig_database_free(database);
}

static void missing_memory_is_told_at_every_point(void **state)
{
    (void)state;
    opsig_database *const exported = random_database(204, 4, 6);
    char *const text = export_text(exported);
    FILE *const nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    temp_write(temp_path("a.txt"), text, strlen(text));
    opsig_status status = OPSIG_NOMEM;
    uint64_t n = 1;
    for (; status != OPSIG_OK; n++) {
        opsig_database *imported;
        ops_mem_fail_at(n, 0);
        status = opsig_database_import(&imported, temp_path("a.txt"), NULL);
        ops_mem_fail_at(0, 0);
        if (status == OPSIG_OK ? imported == NULL : status != OPSIG_NOMEM || imported != NULL) {
            fail_msg("allocation %d: %s", (int)n, opsig_status_name(status));
        }
        opsig_database_free(imported);
    }
    assert_true(n > 50);
    status = OPSIG_NOMEM;
    for (n = 1; status != OPSIG_OK; n++) {
        ops_mem_fail_at(n, 0);
        status = opsig_database_export(exported, nowhere, NULL);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
    }
    assert_true(n > 3);
    fclose(nowhere);
    free(text);
    opsig_database_free(exported);
}

static void what_is_no_text_file_is_refused(void **state)
{
    (void)state;
    opsig_database *database;
    assert_int_equal(opsig_database_import(&database, temp_path("none"), NULL), OPSIG_NOT_FOUND);
    assert_int_equal(opsig_database_import(&database, "/dev/zero", NULL), OPSIG_FORMAT);
    assert_int_equal(import_text("", 0, &database, NULL), OPSIG_FORMAT);
    assert_null(database);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_exported_is_imported),
        TEST(a_file_made_from_the_text_has_the_same_bytes),
        TEST(text_is_printable_lines),
        TEST(words_hold_any_bytes),
        TEST(a_file_written_by_hand_is_read),
        TEST(the_example_of_the_manual_is_read),
        TEST(mistakes_are_told_with_their_place),
        TEST(a_signature_twice_is_refused),
        TEST(every_cut_is_refused_or_whole),
        TEST(a_zero_byte_is_refused),
        TEST(random_damage_does_no_harm),
        TEST(failing_streams_are_told),
        TEST(missing_memory_is_told_at_every_point),
        TEST(what_is_no_text_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
