/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Database files: what is written is read back, in the same bytes, and a write that fails or is
 * killed leaves what stood there. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/mem.h"
#include "base/rng.h"
#include "db/fields.h"
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

static void assert_same(const opsig_database *a, const opsig_database *b, uint64_t seed)
{
    const char *const difference = database_difference(a, b);
    if (difference != NULL) {
        fail_msg("seed %llu: %s differs", (unsigned long long)seed, difference);
    }
}

static void assert_status(opsig_status actual, opsig_status expected, const opsig_error *err)
{
    if (actual != expected) {
        fail_msg("%s (%s), expected %s", opsig_status_name(actual), err->message,
                 opsig_status_name(expected));
    }
}

static opsig_database *open_or_fail(const char *path)
{
    opsig_database *database;
    opsig_error err = {.offset = -1};
    assert_status(opsig_database_open(&database, path, &err), OPSIG_OK, &err);
    return database;
}

static void write_or_fail(const opsig_database *database, const char *path)
{
    opsig_error err = {.offset = -1};
    assert_status(opsig_database_write(database, path, &err), OPSIG_OK, &err);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const uint32_t n = 1 + (uint32_t)ops_rng_below(seed, 9, 0, 40);
        opsig_database *const written = random_database(seed, n, n * 2 % 31);
        write_or_fail(written, temp_path("a.db"));
        opsig_database *const read = open_or_fail(temp_path("a.db"));
        assert_same(read, written, seed);
        opsig_database_free(read);
        opsig_database_free(written);
        assert_int_equal(temp_folder_count(), 1);
    }
}

static void assert_same_bytes(const char *a, const char *b)
{
    size_t size_a, size_b;
    unsigned char *const bytes_a = temp_read(a, &size_a);
    unsigned char *const bytes_b = temp_read(b, &size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(bytes_a, bytes_b, size_a);
    free(bytes_a);
    free(bytes_b);
}

static void the_same_database_gives_the_same_bytes(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        opsig_database *const first = random_database(seed, 120, 60);
        write_or_fail(first, temp_path("a.db"));
        opsig_database *const second = open_or_fail(temp_path("a.db"));
        write_or_fail(second, temp_path("b.db"));
        assert_same_bytes(temp_path("a.db"), temp_path("b.db"));
        opsig_database_free(first);
        opsig_database_free(second);
    }
}

static void reading_changes_and_creates_nothing(void **state)
{
    (void)state;
    opsig_database *const written = random_database(3, 50, 20);
    write_or_fail(written, temp_path("a.db"));
    write_or_fail(written, temp_path("copy.db"));
    opsig_database_free(open_or_fail(temp_path("a.db")));
    assert_same_bytes(temp_path("a.db"), temp_path("copy.db"));
    assert_int_equal(temp_folder_count(), 2);
    opsig_database_free(written);
}

static int refuse_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *out_flags)
{
    (void)vfs, (void)name, (void)file, (void)flags, (void)out_flags;
    fail_msg("SQLite opens a file");
    return SQLITE_CANTOPEN;
}

static void sqlite_opens_no_file(void **state)
{
    (void)state;
    sqlite3_vfs *const usual = sqlite3_vfs_find(NULL);
    sqlite3_vfs refusing = *usual;
    refusing.zName = "refusing";
    refusing.xOpen = refuse_open;
    assert_int_equal(sqlite3_vfs_register(&refusing, 1), SQLITE_OK);
    opsig_database *const written = random_database(4, 300, 100);
    write_or_fail(written, temp_path("a.db"));
    opsig_database_free(open_or_fail(temp_path("a.db")));
    opsig_database_free(written);
    sqlite3_vfs_unregister(&refusing);
    sqlite3_vfs_register(usual, 1);
}

static void paths_may_hold_any_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"a?mode=ro&b.db", "a#b.db", "a%20b.db", "a b'\"\n.db",
                                        "\xff\xfe.db",    "-a.db",  ":memory:", "file:a.db"};
    opsig_database *const written = random_database(5, 3, 3);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        write_or_fail(written, temp_path(names[i]));
        opsig_database *const read = open_or_fail(temp_path(names[i]));
        assert_same(read, written, i);
        opsig_database_free(read);
        assert_int_equal(temp_folder_count(), i + 1);
    }
    opsig_database_free(written);
}

static void a_link_leads_to_the_database(void **state)
{
    (void)state;
    opsig_database *const old = random_database(6, 3, 3), *const new = random_database(7, 3, 3);
    write_or_fail(old, temp_path("real.db"));
    assert_int_equal(symlink("real.db", temp_path("link.db")), 0);
    write_or_fail(new, temp_path("link.db"));
    opsig_database *const read = open_or_fail(temp_path("real.db"));
    assert_same(read, new, 7);
    opsig_database_free(read);
    opsig_database_free(old);
    opsig_database_free(new);
}

/** Other programs can read the file, and find it sound. */
static void sqlite_finds_the_file_sound(void **state)
{
    (void)state;
    opsig_database *const written = random_database(8, 200, 80);
    write_or_fail(written, temp_path("a.db"));
    opsig_database_free(written);
    sqlite3 *db;
    assert_int_equal(sqlite3_open_v2(temp_path("a.db"), &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    static const char *const questions[][2] = {
        {"PRAGMA integrity_check", "ok"},
        {"SELECT count(*) FROM pragma_foreign_key_check", "0"},
        {"PRAGMA application_id", "1869640551"},
        {"PRAGMA user_version", "3"},
        {"PRAGMA page_size", "4096"},
        {"PRAGMA freelist_count", "0"},
        {"SELECT count(*) FROM signature", "200"},
        {"SELECT count(*) FROM signature WHERE significant = (number >= (SELECT sum(significant)"
         " FROM signature))",
         "0"},
    };
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        sqlite3_stmt *statement;
        assert_int_equal(sqlite3_prepare_v2(db, questions[i][0], -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(statement, 0), questions[i][1]);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

/** Gives the signatures of a database these patterns, in this order of p-values. */
static void set_patterns(opsig_database *database, const char *const *texts)
{
    for (size_t i = 0; i < database->signatures.len; i++) {
        struct opsig_signature *const signature = database->signatures.items[i];
        opsig_pattern_free(signature->pattern);
        assert_int_equal(opsig_pattern_parse(&signature->pattern, texts[i], NULL), OPSIG_OK);
        signature->significant = true;
        signature->statistics.p = (double)i / 10;
    }
    ops_database_sort(database);
}

/** The answer to a question that has one row. */
static void assert_answer(const char *path, const char *question, const char *expected)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, question, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), expected);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void what_lies_within_what_is_written(void **state)
{
    (void)state;
    static const char *const texts[] = {"B -> C", "a:A; b:B; c:C; a -> b; a -> c; b -> c", "C",
                                        "A -> B -> C", "D"};
    opsig_database *const written = random_database(9, 5, 3);
    set_patterns(written, texts);
    write_or_fail(written, temp_path("a.db"));
    assert_answer(temp_path("a.db"),
                  "SELECT group_concat(whole || '>' || part, ' ') FROM containment",
                  "0>2 1>3 3>0");
    assert_answer(temp_path("a.db"), "SELECT group_concat(kind, ' ') FROM signature",
                  "sequence subgraph sequence sequence sequence");
    opsig_database *const read = open_or_fail(temp_path("a.db"));
    assert_same(read, written, 9);
    opsig_database_free(read);
    opsig_database_free(written);
}

/** A file of the first version of the schema is brought up to date in memory, and stays as it is
 *  until it is written. */
static void an_old_file_is_read_and_written_as_a_new_one(void **state)
{
    (void)state;
    static const char *const texts[] = {"B -> C", "A -> B -> C"};
    opsig_database *const written = random_database(10, 2, 3);
    opsig_rules_free(written->rules);
    written->rules = NULL;
    set_patterns(written, texts);
    write_or_fail(written, temp_path("new.db"));
    write_or_fail(written, temp_path("old.db"));
    sqlite3 *db;
    assert_int_equal(sqlite3_open(temp_path("old.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "DROP TABLE containment; DROP TABLE rule;"
                                  "PRAGMA user_version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    opsig_database *const read = open_or_fail(temp_path("old.db"));
    assert_same(read, written, 10);
    assert_answer(temp_path("old.db"), "PRAGMA user_version", "1");
    write_or_fail(read, temp_path("old.db"));
    assert_same_bytes(temp_path("old.db"), temp_path("new.db"));
    opsig_database_free(read);
    opsig_database_free(written);
}

static void columns_of_the_schema_are_those_of_the_fields(void **state)
{
    (void)state;
    opsig_database *const written = random_database(8, 1, 1);
    write_or_fail(written, temp_path("a.db"));
    opsig_database_free(written);
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(temp_path("a.db"), &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT * FROM signature", -1, &statement, NULL),
                     SQLITE_OK);
    for (int i = 0; i < OPS_DB_FIELDS; i++) {
        assert_string_equal(sqlite3_column_name(statement, 6 + i), ops_db_fields[i].column);
    }
    assert_string_equal(sqlite3_column_name(statement, 6 + OPS_DB_FIELDS), "severity");
    assert_int_equal(sqlite3_column_count(statement), 7 + OPS_DB_FIELDS);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void assert_refuses_to_write(const opsig_database *database, const char *path,
                                    opsig_status expected, const char *reason)
{
    opsig_error err = {.offset = -1};
    assert_status(opsig_database_write(database, path, &err), expected, &err);
    if (strstr(err.message, reason) == NULL) {
        fail_msg("'%s' does not say '%s'", err.message, reason);
    }
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    opsig_database *const old = random_database(10, 3, 3);
    opsig_database *const new = random_database(11, 300, 60);
    write_or_fail(old, temp_path("a.db"));
    write_or_fail(old, temp_path("copy.db"));
    struct rlimit usual, small = {.rlim_cur = 8192};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    small.rlim_max = usual.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_refuses_to_write(new, temp_path("a.db"), OPSIG_IO, "written");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_same_bytes(temp_path("a.db"), temp_path("copy.db"));
    assert_int_equal(temp_folder_count(), 2);
    assert_refuses_to_write(new, "/dev/full", OPSIG_IO, "No space left");
    assert_refuses_to_write(new, temp_path("none/a.db"), OPSIG_IO, "No such file");
    opsig_database_free(old);
    opsig_database_free(new);
}

static void a_journal_beside_it_is_respected(void **state)
{
    (void)state;
    opsig_database *const old = random_database(12, 3, 3);
    static const char *const names[] = {"a.db-journal", "a.db-wal"};
    write_or_fail(old, temp_path("a.db"));
    write_or_fail(old, temp_path("copy.db"));
    for (int i = 0; i < 2; i++) {
        opsig_database *read;
        opsig_error err = {.offset = -1};
        temp_write(temp_path(names[i]), "", 0);
        opsig_database_free(open_or_fail(temp_path("a.db")));
        temp_write(temp_path(names[i]), "x", 1);
        assert_refuses_to_write(old, temp_path("a.db"), OPSIG_IO, "locked by another process");
        assert_status(opsig_database_open(&read, temp_path("a.db"), &err), OPSIG_IO, &err);
        assert_string_equal(err.kind, "journal");
        assert_same_bytes(temp_path("a.db"), temp_path("copy.db"));
        assert_int_equal(remove(temp_path(names[i])), 0);
    }
    opsig_database_free(old);
}

/** Writes two databases in turn until it is killed. */
static void write_until_killed(const opsig_database *const databases[2], const char *path)
{
    for (int i = 0;; i++) {
        if (opsig_database_write(databases[i % 2], path, NULL) != OPSIG_OK) {
            _exit(1);
        }
    }
}

static void a_killed_writer_leaves_a_whole_file(void **state)
{
    (void)state;
    opsig_database *const databases[2] = {random_database(13, 100, 40),
                                          random_database(14, 60, 40)};
    char path[256];
    (void)snprintf(path, sizeof path, "%s", temp_path("a.db"));
    write_or_fail(databases[0], path);
    for (uint64_t i = 0; i < 15; i++) {
        const pid_t writer = fork();
        assert_true(writer >= 0);
        if (writer == 0) {
            write_until_killed((const opsig_database *const *)databases, path);
        }
        usleep((useconds_t)(1000 + ops_rng_below(13, 0, i, 20000)));
        kill(writer, SIGKILL);
        waitpid(writer, NULL, 0);
        opsig_database *const read = open_or_fail(path);
        assert_true(database_difference(read, databases[0]) == NULL ||
                    database_difference(read, databases[1]) == NULL);
        opsig_database_free(read);
    }
    write_or_fail(databases[0], path); /* takes over what a killed one left */
    assert_int_equal(temp_folder_count(), 1);
    opsig_database_free(databases[0]);
    opsig_database_free(databases[1]);
}

static void unsound_databases_are_not_written(void **state)
{
    (void)state;
    opsig_database *const database = random_database(15, 1, 2);
    struct opsig_signature *const signature = database->signatures.items[0];
    opsig_statistics *const s = &signature->statistics;
    const opsig_statistics good = *s;
    s->p = NAN;
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "p is out of range");
    s->p = 1.5;
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "p is out of range");
    *s = good;
    s->odds_ratio.high = INFINITY;
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "odds_ratio_high");
    *s = good;
    s->with_inconsistent = s->n_inconsistent + 1;
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "more models");
    *s = good;
    s->severity = s->severity == OPSIG_SEVERITY_LOW ? OPSIG_SEVERITY_HIGH : OPSIG_SEVERITY_LOW;
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "severity");
    *s = good;
    signature->weight = -INFINITY;
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "weight");
    signature->weight = 0;
    database->risk = (struct ops_risk){.present = true, .slope = NAN};
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "not finite");
    database->risk.present = false;
    ops_mem_free(database->models.items[1].path);
    database->models.items[1].path = ops_mem_strdup(database->models.items[0].path);
    assert_refuses_to_write(database, temp_path("a.db"), OPSIG_INTERNAL, "UNIQUE");
    assert_int_equal(temp_folder_count(), 0);
    opsig_database_free(database);
}

static void missing_memory_is_told_at_every_point(void **state)
{
    (void)state;
    opsig_database *const written = random_database(16, 4, 6);
    opsig_status status = OPSIG_NOMEM;
    uint64_t n = 1;
    for (; status != OPSIG_OK; n++) {
        ops_mem_fail_at(n, 0);
        status = opsig_database_write(written, temp_path("a.db"), NULL);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
        assert_int_equal(temp_folder_count(), status == OPSIG_OK);
    }
    status = OPSIG_NOMEM;
    for (n = 1; status != OPSIG_OK; n++) {
        opsig_database *read;
        ops_mem_fail_at(n, 1);
        status = opsig_database_open(&read, temp_path("a.db"), NULL);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK ? read != NULL : status == OPSIG_NOMEM && read == NULL);
        opsig_database_free(read);
    }
    assert_true(n > 50);
    opsig_database_free(written);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read_back),
        TEST(the_same_database_gives_the_same_bytes),
        TEST(reading_changes_and_creates_nothing),
        TEST(sqlite_opens_no_file),
        TEST(paths_may_hold_any_bytes),
        TEST(a_link_leads_to_the_database),
        TEST(sqlite_finds_the_file_sound),
        TEST(columns_of_the_schema_are_those_of_the_fields),
        TEST(what_lies_within_what_is_written),
        TEST(an_old_file_is_read_and_written_as_a_new_one),
        TEST(a_full_disk_leaves_the_old_file),
        TEST(a_journal_beside_it_is_respected),
        TEST(a_killed_writer_leaves_a_whole_file),
        TEST(unsound_databases_are_not_written),
        TEST(missing_memory_is_told_at_every_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
