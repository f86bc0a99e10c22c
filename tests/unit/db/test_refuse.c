/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are no database of this program, or a damaged or forged one: each is refused with
 * its reason, and left as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/rng.h"
#include "db/put.h"
#include "support/close.h"
#include "support/random_database.h"
#include "support/temp_folder.h"

enum { N_SIGNATURES = 12, N_MODELS = 6, PAGE = 4096 };

/** Bytes of a good database. */
struct good {
    unsigned char *bytes;
    size_t size;
};

static int make_good(void **state)
{
    static struct good good;
    opsig_database *const database = random_database(21, N_SIGNATURES, N_MODELS);
    temp_folder_make();
    assert_int_equal(ops_db_bytes(database, &good.bytes, &good.size, NULL), OPSIG_OK);
    opsig_database_free(database);
    *state = &good;
    return 0;
}

static int drop_good(void **state)
{
    const struct good *const good = *state;
    sqlite3_free(good->bytes);
    temp_folder_remove();
    return 0;
}

/** Opens a file that must be refused. */
static void assert_refused(const char *path, opsig_status expected, const char *reason,
                           const char *what)
{
    opsig_database *database;
    opsig_error err = {.offset = -1};
    const opsig_status status = opsig_database_open(&database, path, &err);
    assert_null(database);
    if (status != expected || strstr(err.message, reason) == NULL || strchr(err.message, '\n')) {
        fail_msg("%s: %s: '%s', expected %s: '%s'", what, opsig_status_name(status), err.message,
                 opsig_status_name(expected), reason);
    }
}

/** Writes bytes to a file that must be refused, and stay alone as it is. */
static void assert_bytes_refused(const void *bytes, size_t size, opsig_status expected,
                                 const char *reason, const char *what)
{
    size_t after_size;
    temp_write(temp_path("a.db"), bytes, size);
    assert_refused(temp_path("a.db"), expected, reason, what);
    unsigned char *const after = temp_read(temp_path("a.db"), &after_size);
    assert_int_equal(after_size, size);
    assert_memory_equal(after, bytes, size);
    free(after);
    assert_int_equal(temp_folder_count(), 1);
}

/** The good database after some SQL: what a person with the shell could make of it. */
static unsigned char *forge(const struct good *good, const char *statements, size_t *out_size)
{
    sqlite3 *db;
    char *message = NULL;
    sqlite3_int64 size;
    unsigned char *const copy = sqlite3_malloc64(good->size);
    memcpy(copy, good->bytes, good->size);
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_deserialize(db, "main", copy, (sqlite3_int64)good->size, (sqlite3_int64)good->size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE),
        SQLITE_OK);
    if (sqlite3_exec(db, statements, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", statements, message);
    }
    unsigned char *const out = sqlite3_serialize(db, "main", &size, 0);
    sqlite3_close(db);
    *out_size = (size_t)size;
    return out;
}

/** What is done to a good database, and what must be said of the result. */
static const struct forgery {
    const char *statements;
    opsig_status status;
    const char *reason;
} forgeries[] = {
    {"PRAGMA application_id = 0", OPSIG_FORMAT, "another program (application id 0x00000000)"},
    {"PRAGMA application_id = 7", OPSIG_FORMAT, "another program (application id 0x00000007)"},
    {"PRAGMA user_version = 1", OPSIG_FORMAT, "other containment"},
    {"PRAGMA user_version = 2", OPSIG_FORMAT, "other rule"},
    {"PRAGMA user_version = 4", OPSIG_UNSUPPORTED, "newer version of opsig (schema 4"},
    {"PRAGMA user_version = 9999", OPSIG_UNSUPPORTED, "newer version"},
    {"PRAGMA user_version = -1", OPSIG_UNSUPPORTED, "newer version"},
    {"PRAGMA user_version = 0", OPSIG_FORMAT, "without a schema version"},
    {"CREATE TRIGGER t AFTER INSERT ON model BEGIN DELETE FROM model; END", OPSIG_FORMAT,
     "unknown t"},
    {"CREATE VIEW v AS SELECT * FROM model", OPSIG_FORMAT, "unknown v"},
    {"ALTER TABLE risk RENAME TO r; CREATE VIEW risk AS SELECT * FROM r", OPSIG_FORMAT,
     "schema is not that"},
    {"CREATE TABLE extra (x)", OPSIG_FORMAT, "extra"},
    {"CREATE INDEX i ON model (label)", OPSIG_FORMAT, "schema is not that"},
    {"CREATE VIRTUAL TABLE f USING fts5(x)", OPSIG_FORMAT, "schema is not that"},
    {"DROP TABLE evidence", OPSIG_FORMAT, "schema is not that"},
    {"ALTER TABLE model ADD COLUMN extra TEXT", OPSIG_FORMAT, "other model"},
    {"ANALYZE", OPSIG_FORMAT, "schema is not that"},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'IN (0, 1)', "
     "'= randomblob(1e9)') WHERE name = 'signature'",
     OPSIG_FORMAT, "other signature"},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'model'",
     OPSIG_FORMAT, "damaged"},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE nonsense'", OPSIG_FORMAT,
     "damaged"},
    {"DELETE FROM evidence; DELETE FROM signature; DELETE FROM rule", OPSIG_FORMAT,
     "holds no signatures"},
    {"UPDATE signature SET significant = 0; DELETE FROM rule", OPSIG_FORMAT, "holds no signatures"},
    {"UPDATE signature SET id = 'OPS-000000000000' WHERE number = 3", OPSIG_FORMAT,
     "the id is not that of the pattern: OPS-000000000000"},
    {"UPDATE signature SET pattern = 'A -> B' WHERE number = 3", OPSIG_FORMAT, "the id is not"},
    {"UPDATE signature SET pattern = 'A ->' WHERE number = 3", OPSIG_FORMAT, "pattern: "},
    {"UPDATE signature SET pattern = replace(pattern, ' -> ', '->')", OPSIG_FORMAT,
     "not in its canonical form"},
    {"UPDATE signature SET context = 'A' || replace(hex(zeroblob(40)), '0', ' -> A')", OPSIG_FORMAT,
     "pattern: more than 64 symbols"},
    {"UPDATE signature SET context = '' WHERE number = 3", OPSIG_FORMAT, "pattern: "},
    {"UPDATE signature SET context = pattern || x'00' || 'x' WHERE number = 3", OPSIG_FORMAT,
     "context is not text: it holds a zero byte"},
    {"UPDATE signature SET kind = CASE kind WHEN 'sequence' THEN 'subgraph' ELSE 'sequence' END",
     OPSIG_FORMAT, "the kind is not the pattern's"},
    {"UPDATE signature SET context = 'a:A; b:B; c:C; a -> b; a -> d' WHERE number = 3",
     OPSIG_FORMAT, "pattern: "},
    {"UPDATE signature SET context = 'a:A; b:B; c:C; a -> b' WHERE number = 3", OPSIG_FORMAT,
     "not connected"},
    {"UPDATE signature SET context = 'a:A; b:C; c:B; a -> b; a -> c' WHERE number = 3",
     OPSIG_FORMAT, "not in its canonical form"},
    {"UPDATE signature SET context = 'A -- B' WHERE number = 3", OPSIG_FORMAT,
     "the pattern's edges have no direction: A -- B"},
    {"DELETE FROM containment; INSERT INTO containment VALUES (0, 99)", OPSIG_FORMAT,
     "signature 99 cannot lie within signature 0"},
    {"DELETE FROM containment; INSERT INTO containment VALUES (99, 0)", OPSIG_FORMAT,
     "signature 0 cannot lie within signature 99"},
    {"DELETE FROM containment; INSERT INTO containment VALUES (1, 1)", OPSIG_FORMAT,
     "signature 1 cannot lie within signature 1"},
    {"DELETE FROM containment; INSERT INTO containment VALUES (-1, 1)", OPSIG_FORMAT,
     "whole is not a count"},
    {"DROP TABLE containment", OPSIG_FORMAT, "schema is not that"},
    {"UPDATE rule SET text = replace(text, 'Relu', '')", OPSIG_FORMAT,
     "damaged: in its rules: line "},
    {"UPDATE rule SET id = 'zzz'  WHERE id = 'rule-b'", OPSIG_FORMAT,
     "the text of rule zzz is that of another one"},
    {"UPDATE rule SET text = '' WHERE id = 'rule-b'", OPSIG_FORMAT,
     "the text of rule rule-b is that of another one"},
    {"UPDATE rule SET text = ''", OPSIG_FORMAT, "the text of rule rule-a is that of another one"},
    {"UPDATE rule SET text = text || 'rule c match n:Relu'", OPSIG_FORMAT, "in its rules: "},
    {"UPDATE rule SET text = printf('%.*c', 5000000, 'x')", OPSIG_FORMAT, ""},
    {"PRAGMA ignore_check_constraints = ON; UPDATE signature SET kind = 'x'", OPSIG_FORMAT,
     "CHECK constraint failed in signature"},
    {"PRAGMA ignore_check_constraints = ON; UPDATE info SET alphabet = 'x'", OPSIG_FORMAT,
     "CHECK constraint failed in info"},
    {"UPDATE signature SET severity = CASE severity WHEN 'low' THEN 'high' ELSE 'low' END",
     OPSIG_FORMAT, "the severity does not follow from the likelihood ratio"},
    {"UPDATE signature SET p = -0.1", OPSIG_FORMAT, "p is out of range"},
    {"UPDATE signature SET p_adjusted = 1.1", OPSIG_FORMAT, "p_adjusted is out of range"},
    {"UPDATE signature SET p_order = 9e999", OPSIG_FORMAT, "p_order is out of range"},
    {"UPDATE signature SET lift = -1e999", OPSIG_FORMAT, "lift is out of range"},
    {"UPDATE signature SET weight = 1e999", OPSIG_FORMAT, "weight is out of range"},
    {"UPDATE signature SET odds_ratio_low = odds_ratio_high, odds_ratio_high = odds_ratio_low",
     OPSIG_FORMAT, "an interval does not hold its value"},
    {"UPDATE signature SET n_consistent = 0, with_consistent = 1", OPSIG_FORMAT, "more models"},
    {"UPDATE signature SET n_consistent = -1", OPSIG_FORMAT, "n_consistent is not a count"},
    {"UPDATE signature SET n_consistent = 4294967296", OPSIG_FORMAT, "n_consistent is not a count"},
    {"UPDATE signature SET number = number + 1000000", OPSIG_FORMAT, "row 0 has number 1000000"},
    {"DELETE FROM evidence WHERE signature = 1; DELETE FROM signature WHERE number = 1",
     OPSIG_FORMAT, "row 1 has number 2"},
    {"UPDATE evidence SET signature = 99 WHERE signature = (SELECT max(signature) FROM evidence)",
     OPSIG_FORMAT, "evidence of a signature that is not there"},
    {"UPDATE evidence SET signature = -1 WHERE signature = (SELECT min(signature) FROM evidence)",
     OPSIG_FORMAT, "signature is not a count"},
    {"DELETE FROM evidence; INSERT INTO evidence VALUES (0, 99, 'x')", OPSIG_FORMAT,
     "evidence from a model that is not listed"},
    {"DELETE FROM evidence; INSERT INTO evidence VALUES (0, 0, 7)", OPSIG_FORMAT,
     "nodes is not text"},
    {"DELETE FROM evidence; INSERT INTO evidence VALUES (0, 0, x'410042')", OPSIG_FORMAT,
     "nodes is not text: it holds a zero byte"},
    {"UPDATE model SET path = 1.5 WHERE number = 2", OPSIG_FORMAT, "path is not text"},
    {"UPDATE model SET sha256 = printf('%064s', 'G')", OPSIG_FORMAT, "64 hexadecimal digits"},
    {"UPDATE model SET path = 'twice' WHERE number = 1;"
     "UPDATE model SET path = x'7477696365' WHERE number = 2",
     OPSIG_FORMAT, "the model is listed twice: twice"},
    {"UPDATE provenance SET value = 1", OPSIG_FORMAT, "value is not text"},
    {"INSERT INTO provenance VALUES ('a b', 'x')", OPSIG_FORMAT, "printable"},
    {"INSERT INTO provenance VALUES ('', 'x')", OPSIG_FORMAT, "printable"},
    {"DELETE FROM risk; INSERT INTO risk VALUES (1, 1e999, 0, 0, 0, 0)", OPSIG_FORMAT,
     "not finite"},
};

static void forged_databases_are_refused(void **state)
{
    for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++) {
        size_t size;
        unsigned char *const bytes = forge(*state, forgeries[i].statements, &size);
        assert_bytes_refused(bytes, size, forgeries[i].status, forgeries[i].reason,
                             forgeries[i].statements);
        sqlite3_free(bytes);
    }
}

static void what_sql_changed_for_the_better_is_read(void **state)
{
    size_t size;
    opsig_database *database;
    unsigned char *const bytes =
        forge(*state,
              "UPDATE provenance SET value = 'x'; UPDATE model SET sha256 = NULL; "
              "PRAGMA page_size = 512; VACUUM",
              &size);
    temp_write(temp_path("a.db"), bytes, size);
    assert_int_equal(opsig_database_open(&database, temp_path("a.db"), NULL), OPSIG_OK);
    assert_int_equal(database->models.len, N_MODELS);
    opsig_database_free(database);
    sqlite3_free(bytes);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    unsigned char zeros[PAGE] = {0};
    assert_bytes_refused("", 0, OPSIG_FORMAT, "the file is empty", "empty");
    assert_bytes_refused("text", 4, OPSIG_FORMAT, "not an SQLite file", "text");
    assert_bytes_refused("opsig-database 1\n", 17, OPSIG_FORMAT, "text form", "text form");
    assert_bytes_refused(zeros, sizeof zeros, OPSIG_FORMAT, "not an SQLite file", "zeros");
    assert_bytes_refused("SQLite format 3", 16, OPSIG_FORMAT, "not an SQLite file", "magic alone");
}

/** Changes one byte of the header. */
static void changed_headers_are_refused(void **state)
{
    const struct good *const good = *state;
    static const struct {
        size_t at;
        unsigned char value;
        const char *reason;
    } changes[] = {
        {15, 'x', "not an SQLite file"},
        {16, 3, "damaged"},
        {18, 2, "write-ahead mode"},
        {19, 2, "write-ahead mode"},
        {59, 2, "not UTF-8"},
        {59, 0, "not UTF-8"},
        {21, 32, "damaged"},
        {31, 200, "damaged"},
        {47, 9, "SQLite: "},
        {100, 5, "damaged"},
        {100, 0, "damaged"},
    };
    unsigned char *const bytes = malloc(good->size);
    assert_non_null(bytes);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        char what[32];
        (void)snprintf(what, sizeof what, "byte %zu", changes[i].at);
        memcpy(bytes, good->bytes, good->size);
        bytes[changes[i].at] = changes[i].value;
        assert_bytes_refused(bytes, good->size, OPSIG_FORMAT, changes[i].reason, what);
    }
    free(bytes);
}

static void cut_files_are_refused(void **state)
{
    const struct good *const good = *state;
    for (size_t size = 0; size < good->size; size += size < 200 ? 13 : 509) {
        assert_bytes_refused(good->bytes, size, OPSIG_FORMAT, "", "cut");
    }
}

/** Random damage is refused or harmless: what is read can be written again. */
static void damaged_pages_do_no_harm(void **state)
{
    const struct good *const good = *state;
    unsigned char *const bytes = malloc(good->size);
    size_t refused = 0;
    assert_non_null(bytes);
    for (uint64_t i = 0; i < 600; i++) {
        opsig_database *database;
        const uint64_t n = 1 + ops_rng_below(22, i, 0, 20);
        memcpy(bytes, good->bytes, good->size);
        for (uint64_t k = 1; k <= n; k++) {
            const size_t at = ops_rng_below(22, i, 2 * k, good->size);
            bytes[at] = (unsigned char)ops_rng_below(22, i, 2 * k + 1, 256);
        }
        temp_write(temp_path("a.db"), bytes, good->size);
        const opsig_status status = opsig_database_open(&database, temp_path("a.db"), NULL);
        assert_true(status == OPSIG_OK || status == OPSIG_FORMAT || status == OPSIG_UNSUPPORTED);
        refused += status != OPSIG_OK;
        if (status == OPSIG_OK) {
            unsigned char *again;
            size_t size;
            assert_int_equal(ops_db_bytes(database, &again, &size, NULL), OPSIG_OK);
            sqlite3_free(again);
        }
        opsig_database_free(database);
    }
    assert_true(refused > 200);
    free(bytes);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(temp_path("fifo.db"), 0600), 0);
    assert_int_equal(mkdir(temp_path("folder.db"), 0700), 0);
    assert_int_equal(symlink("loop.db", temp_path("loop.db")), 0);
    assert_refused(temp_path("fifo.db"), OPSIG_FORMAT, "not a regular file", "FIFO");
    assert_refused(temp_path("folder.db"), OPSIG_FORMAT, "not a regular file", "folder");
    assert_refused("/dev/zero", OPSIG_FORMAT, "not a regular file", "device");
    assert_refused(temp_path("loop.db"), OPSIG_NOT_FOUND, "circle", "loop");
    assert_refused(temp_path("none.db"), OPSIG_NOT_FOUND, "", "nothing");
    assert_refused("", OPSIG_NOT_FOUND, "", "no name");
    assert_int_equal(temp_folder_count(), 3);
}

/** Rows of malformed/index.csv whose kind is "database"; all of them are to be rejected. */
static void hostile_databases_are_refused(void **state)
{
    (void)state;
    const char *const set = getenv("OPSIG_SHARED");
    const char *const shared = set != NULL ? set : OPSIG_SHARED_DEFAULT;
    char path[4096], line[4096], name[256], kind[32];
    int rows = 0;
    (void)snprintf(path, sizeof path, "%s/malformed/index.csv", shared);
    FILE *const index = fopen(path, "r");
    if (index == NULL) {
        print_message("%s is absent\n", path);
        skip();
    }
    while (fgets(line, sizeof line, index) != NULL) {
        if (sscanf(line, "%255[^,],%31[^,],", name, kind) == 2 && strcmp(kind, "database") == 0) {
            size_t size;
            assert_non_null(strstr(line, "must-reject"));
            (void)snprintf(path, sizeof path, "%s/malformed/%s", shared, name);
            unsigned char *const bytes = temp_read(path, &size);
            assert_non_null(bytes);
            assert_bytes_refused(bytes, size, OPSIG_FORMAT, "", name);
            free(bytes);
            rows++;
        }
    }
    (void)fclose(index);
    assert_true(rows > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_good, drop_good)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(forged_databases_are_refused),
        TEST(what_sql_changed_for_the_better_is_read),
        TEST(other_files_are_refused),
        TEST(changed_headers_are_refused),
        TEST(cut_files_are_refused),
        TEST(damaged_pages_do_no_harm),
        TEST(what_is_no_file_is_refused),
        TEST(hostile_databases_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
