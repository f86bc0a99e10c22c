/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions of the schema: known ones are brought up to date, others are refused. */
#include <string.h>

#include "db/migrate.h"
#include "support/close.h"

/** Three versions of a small schema. */
static const struct ops_db_version three[] = {
    {"CREATE TABLE a (x TEXT) STRICT;", "ALTER TABLE a RENAME TO old_a;"
                                        "CREATE TABLE a (x TEXT, y REAL) STRICT;"
                                        "INSERT INTO a SELECT x, 0.5 FROM old_a;"
                                        "DROP TABLE old_a;"},
    {"CREATE TABLE a (x TEXT, y REAL) STRICT;", "CREATE TABLE b (z ANY) STRICT;"},
    {"CREATE TABLE a (x TEXT, y REAL) STRICT; CREATE TABLE b (z ANY) STRICT;", NULL},
};

static void open_with(struct ops_sql *sql, const char *statements)
{
    assert_int_equal(ops_sql_open(sql, OPSIG_FORMAT, NULL), OPSIG_OK);
    assert_int_equal(ops_sql_run(sql, statements, NULL), OPSIG_OK);
}

static void each_version_leads_to_the_newest(void **state)
{
    (void)state;
    for (uint32_t version = 1; version <= 3; version++) {
        struct ops_sql sql;
        open_with(&sql, three[version - 1].schema);
        assert_int_equal(ops_db_migrate(&sql, three, 3, version, NULL), OPSIG_OK);
        assert_int_equal(ops_db_version_check(&sql, three, 3, 3, NULL), OPSIG_OK);
        ops_sql_close(&sql);
    }
}

/** Puts the bytes of an open database in its place, as they come from a file. */
static void reopen_as_bytes(struct ops_sql *sql)
{
    sqlite3_int64 size;
    unsigned char *const bytes = sqlite3_serialize(sql->db, "main", &size, 0);
    assert_non_null(bytes);
    ops_sql_close(sql);
    assert_int_equal(ops_sql_open(sql, OPSIG_FORMAT, NULL), OPSIG_OK);
    assert_int_equal(
        sqlite3_deserialize(sql->db, "main", bytes, size, size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE),
        SQLITE_OK);
}

static int refuse_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *out_flags)
{
    (void)vfs, (void)name, (void)file, (void)flags, (void)out_flags;
    fail_msg("SQLite opens a file");
    return SQLITE_CANTOPEN;
}

static void content_is_taken_along_without_opening_a_file(void **state)
{
    (void)state;
    sqlite3_vfs refusing = *sqlite3_vfs_find(NULL);
    refusing.zName = "refusing";
    refusing.xOpen = refuse_open;
    assert_int_equal(sqlite3_vfs_register(&refusing, 1), SQLITE_OK);
    struct ops_sql sql;
    sqlite3_stmt *statement;
    double y;
    bool row;
    open_with(&sql, three[0].schema);
    assert_int_equal(ops_sql_run(&sql, "INSERT INTO a VALUES ('kept')", NULL), OPSIG_OK);
    reopen_as_bytes(&sql);
    assert_int_equal(ops_db_migrate(&sql, three, 3, 1, NULL), OPSIG_OK);
    assert_int_equal(ops_sql_prepare(&sql, &statement, "SELECT y FROM a WHERE x = 'kept'", NULL),
                     OPSIG_OK);
    assert_int_equal(ops_sql_step(&sql, statement, &row, NULL), OPSIG_OK);
    assert_true(row);
    assert_int_equal(ops_sql_real(&sql, statement, 0, "y", &y, NULL), OPSIG_OK);
    assert_true(y == 0.5);
    sqlite3_finalize(statement);
    ops_sql_close(&sql);
    sqlite3_vfs_unregister(&refusing);
}

static void a_newer_version_is_unsupported(void **state)
{
    (void)state;
    struct ops_sql sql;
    opsig_error err = {.offset = -1};
    open_with(&sql, three[2].schema);
    assert_int_equal(ops_db_version_check(&sql, three, 3, 4, &err), OPSIG_UNSUPPORTED);
    assert_non_null(strstr(err.message, "newer version"));
    assert_int_equal(ops_db_version_check(&sql, three, 3, 0, &err), OPSIG_FORMAT);
    ops_sql_close(&sql);
}

static void a_version_with_another_schema_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *statements, *reason;
    } cases[] = {
        {"CREATE TABLE a (x TEXT) STRICT; CREATE TABLE c (x);", "unknown c"},
        {"CREATE TABLE c (x TEXT) STRICT;", "other c"},
        {"CREATE TABLE a (x BLOB) STRICT;", "other a"},
        {"CREATE TABLE a (x TEXT);", "other a"},
        {"CREATE TABLE a (x TEXT) STRICT; CREATE INDEX i ON a (x);", "other i"},
        {"", "without a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ops_sql sql;
        opsig_error err = {.offset = -1};
        open_with(&sql, cases[i].statements);
        assert_int_equal(ops_db_version_check(&sql, three, 3, 1, &err), OPSIG_FORMAT);
        if (strstr(err.message, cases[i].reason) == NULL) {
            fail_msg("'%s' does not say '%s'", err.message, cases[i].reason);
        }
        ops_sql_close(&sql);
    }
}

/** An upgrade that fails to leave the schema of its target is a defect that must not pass. */
static void an_upgrade_is_checked(void **state)
{
    (void)state;
    const struct ops_db_version wrong[] = {
        {three[0].schema, "CREATE TABLE c (x)"},
        {three[1].schema, NULL},
    };
    struct ops_sql sql;
    open_with(&sql, three[0].schema);
    assert_int_equal(ops_db_migrate(&sql, wrong, 2, 1, NULL), OPSIG_FORMAT);
    ops_sql_close(&sql);
}

static void the_newest_known_version_has_no_upgrade(void **state)
{
    (void)state;
    uint32_t n;
    const struct ops_db_version *const versions = ops_db_versions(&n);
    assert_true(n >= 1);
    for (uint32_t i = 0; i < n; i++) {
        struct ops_sql sql;
        assert_int_equal(versions[i].upgrade == NULL, i + 1 == n);
        open_with(&sql, versions[i].schema);
        assert_int_equal(ops_db_version_check(&sql, versions, n, i + 1, NULL), OPSIG_OK);
        assert_int_equal(ops_db_migrate(&sql, versions, n, i + 1, NULL), OPSIG_OK);
        ops_sql_close(&sql);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_version_leads_to_the_newest),
        cmocka_unit_test(content_is_taken_along_without_opening_a_file),
        cmocka_unit_test(a_newer_version_is_unsupported),
        cmocka_unit_test(a_version_with_another_schema_is_refused),
        cmocka_unit_test(an_upgrade_is_checked),
        cmocka_unit_test(the_newest_known_version_has_no_upgrade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
