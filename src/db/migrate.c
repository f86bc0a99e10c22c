/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A database of an older version is brought up to date in memory, one version at a time; its file
 * is left alone until the database is written again. Each step must leave the very schema text
 * of the version that it leads to, which is checked before the next, so that a reader knows one
 * schema only: the newest. */
#include "db/migrate.h"

#include <string.h>

static const char schema_1[] = {
#include "schema-1.inc"
};

static const char schema_2[] = {
#include "schema-2.inc"
};

static const char schema_3[] = {
#include "schema.inc"
};

/** Rows follow when the database is written. */
static const char from_1_to_2[] = "CREATE TABLE containment (\n"
                                  "  whole INTEGER NOT NULL REFERENCES signature (number),\n"
                                  "  part INTEGER NOT NULL REFERENCES signature (number),\n"
                                  "  PRIMARY KEY (whole, part)\n"
                                  ") STRICT, WITHOUT ROWID;";

static const char from_2_to_3[] = "CREATE TABLE rule (\n"
                                  "  id TEXT NOT NULL PRIMARY KEY,\n"
                                  "  text TEXT NOT NULL\n"
                                  ") STRICT, WITHOUT ROWID;";

static const struct ops_db_version versions[] = {
    {.schema = schema_1, .upgrade = from_1_to_2},
    {.schema = schema_2, .upgrade = from_2_to_3},
    {.schema = schema_3, .upgrade = NULL},
};

const struct ops_db_version *ops_db_versions(uint32_t *out_n)
{
    *out_n = (uint32_t)(sizeof versions / sizeof versions[0]);
    return versions;
}

/** A row of the schema table as one text. */
static const char list_schema[] =
    "SELECT name, type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') "
    "FROM sqlite_schema ORDER BY type, name";

static opsig_status foreign(const struct ops_sql *sql, const char *what, const char *name,
                            opsig_error *err)
{
    return ops_error_set(err, sql->blame, "schema", -1,
                         "the schema is not that of a signature database: %s %.60s", what, name);
}

static const char *column_text(sqlite3_stmt *statement, int column)
{
    const char *const text = (const char *)sqlite3_column_text(statement, column);
    return text != NULL ? text : "";
}

/** Goes through both lists side by side. */
static opsig_status compare_lists(struct ops_sql *found, sqlite3_stmt *found_rows,
                                  struct ops_sql *known, sqlite3_stmt *known_rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    bool more_found = true, more_known = true;
    while (more_found && more_known) {
        TRY(ops_sql_step(found, found_rows, &more_found, err));
        TRY(ops_sql_step(known, known_rows, &more_known, err));
        if (more_found && !more_known) {
            return foreign(found, "unknown", column_text(found_rows, 0), err);
        }
        if (!more_found && more_known) {
            return foreign(found, "without", column_text(known_rows, 0), err);
        }
        if (more_found && strcmp(column_text(found_rows, 1), column_text(known_rows, 1)) != 0) {
            return foreign(found, "other", column_text(found_rows, 0), err);
        }
    }
done:
    return status;
}

static opsig_status schema_check(struct ops_sql *sql, const struct ops_db_version *version,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_sql known = {0};
    sqlite3_stmt *found_rows = NULL;
    sqlite3_stmt *known_rows = NULL;
    TRY(ops_sql_open(&known, OPSIG_INTERNAL, err));
    TRY(ops_sql_run(&known, version->schema, err));
    TRY(ops_sql_prepare(&known, &known_rows, list_schema, err));
    TRY(ops_sql_prepare(sql, &found_rows, list_schema, err));
    TRY(compare_lists(sql, found_rows, &known, known_rows, err));
done:
    (void)sqlite3_finalize(found_rows);
    (void)sqlite3_finalize(known_rows);
    ops_sql_close(&known);
    return status;
}

opsig_status ops_db_version_check(struct ops_sql *sql, const struct ops_db_version *known,
                                  uint32_t n, uint32_t found, opsig_error *err)
{
    if (found > n) {
        return ops_error_set(err, OPSIG_UNSUPPORTED, "newer", -1,
                             "written by a newer version of opsig (schema %u; this one knows %u)",
                             found, n);
    }
    if (found == 0) {
        return ops_error_set(err, sql->blame, "schema", -1, "without a schema version");
    }
    return schema_check(sql, &known[found - 1], err);
}

opsig_status ops_db_migrate(struct ops_sql *sql, const struct ops_db_version *known, uint32_t n,
                            uint32_t found, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (found < n) {
        TRY(ops_sql_run(sql, "PRAGMA journal_mode = MEMORY", err)); /* no file, whatever happens */
    }
    for (uint32_t version = found; version < n; version++) {
        TRY(ops_sql_run(sql, known[version - 1].upgrade, err));
        TRY(ops_db_version_check(sql, known, n, version + 1, err));
    }
done:
    return status;
}
