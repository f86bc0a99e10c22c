/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQLite as a reader and writer of bytes in memory. What a database file may contain beside data
 * (triggers, views, virtual tables, functions in its schema) is switched off, and the virtual
 * machine has a budget, so that a crafted file costs at most a bounded time. */
#include "db/sql.h"

#include <math.h>
#include <string.h>

enum { STEPS_A_CALL = 1000 };

/** Bounds on what a schema or a row may be; those of the own schema fit with room to spare. */
static const struct {
    int id, value;
} limits[] = {
    {SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024},
    {SQLITE_LIMIT_SQL_LENGTH, 16 * 1024},
    {SQLITE_LIMIT_COLUMN, 64},
    {SQLITE_LIMIT_EXPR_DEPTH, 32},
    {SQLITE_LIMIT_COMPOUND_SELECT, 2},
    {SQLITE_LIMIT_VDBE_OP, 25000},
    {SQLITE_LIMIT_FUNCTION_ARG, 8},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 64},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

/** Switches of a connection. */
static const struct {
    int option, value;
} switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
};

static int count_down(void *payload)
{
    struct ops_sql *const sql = payload;
    return sql->steps_left == 0 || --sql->steps_left == 0;
}

opsig_status ops_sql_error(const struct ops_sql *sql, int code, opsig_error *err)
{
    const char *const kind = sql->blame == OPSIG_INTERNAL ? "internal" : "damaged";
    if (code != SQLITE_OK && sqlite3_errcode(sql->db) == SQLITE_NOMEM) {
        return ops_error_nomem(err); /* some calls return SQLITE_ERROR for it */
    }
    switch (code & 0xff) {
    case SQLITE_OK:
        return OPSIG_OK;
    case SQLITE_NOMEM:
        return ops_error_nomem(err);
    case SQLITE_INTERRUPT:
        return ops_error_set(err, sql->blame, kind, -1, "takes too long to read: damaged");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ops_error_set(err, sql->blame, kind, -1, "damaged: %s", sqlite3_errstr(code));
    default:
        return ops_error_set(err, sql->blame, kind, -1, "SQLite: %s", sqlite3_errmsg(sql->db));
    }
}

/** Settings that are pragmas. An empty database in memory needs no journal: after a failure it is
 *  thrown away. */
static const char pragmas[] = "PRAGMA journal_mode = OFF;"
                              "PRAGMA cell_size_check = ON;"
                              "PRAGMA mmap_size = 0;"
                              "PRAGMA temp_store = MEMORY;"
                              "PRAGMA foreign_keys = ON;";

/** Pragmas first: the switches forbid some of them. */
static opsig_status configure(struct ops_sql *sql, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_sql_run(sql, pragmas, err));
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        TRY(ops_sql_error(
            sql, sqlite3_db_config(sql->db, switches[i].option, switches[i].value, NULL), err));
    }
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        (void)sqlite3_limit(sql->db, limits[i].id, limits[i].value);
    }
    sqlite3_progress_handler(sql->db, STEPS_A_CALL, count_down, sql);
done:
    return status;
}

opsig_status ops_sql_open(struct ops_sql *sql, opsig_status blame, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    *sql = (struct ops_sql){.blame = blame, .steps_left = UINT64_MAX};
    const int code = sqlite3_open_v2(":memory:", &sql->db, flags, NULL);
    if (sql->db == NULL) {
        return ops_error_nomem(err);
    }
    TRY(ops_sql_error(sql, code, err));
    TRY(configure(sql, err));
done:
    if (status != OPSIG_OK) {
        ops_sql_close(sql);
    }
    return status;
}

void ops_sql_close(struct ops_sql *sql)
{
    (void)sqlite3_close(sql->db);
    sql->db = NULL;
}

opsig_status ops_sql_run(struct ops_sql *sql, const char *statements, opsig_error *err)
{
    return ops_sql_error(sql, sqlite3_exec(sql->db, statements, NULL, NULL, NULL), err);
}

opsig_status ops_sql_prepare(struct ops_sql *sql, sqlite3_stmt **out, const char *statement,
                             opsig_error *err)
{
    *out = NULL;
    return ops_sql_error(sql, sqlite3_prepare_v2(sql->db, statement, -1, out, NULL), err);
}

opsig_status ops_sql_step(struct ops_sql *sql, sqlite3_stmt *statement, bool *out_row,
                          opsig_error *err)
{
    const int code = sqlite3_step(statement);
    *out_row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? OPSIG_OK : ops_sql_error(sql, code, err);
}

static opsig_status wrong_type(const struct ops_sql *sql, const char *name, const char *wanted,
                               opsig_error *err)
{
    return ops_error_set(err, sql->blame, "damaged", -1, "damaged: %s is not %s", name, wanted);
}

opsig_status ops_sql_text(struct ops_sql *sql, sqlite3_stmt *statement, int column,
                          const char *name, const char **out, opsig_error *err)
{
    const int type = sqlite3_column_type(statement, column);
    if (type != SQLITE_TEXT && type != SQLITE_BLOB) {
        return wrong_type(sql, name, "text", err);
    }
    *out = (const char *)sqlite3_column_text(statement, column); /* a blob gets a zero behind it */
    if (*out == NULL) {
        return ops_error_nomem(err);
    }
    if (strlen(*out) != (size_t)sqlite3_column_bytes(statement, column)) {
        return wrong_type(sql, name, "text: it holds a zero byte", err);
    }
    return OPSIG_OK;
}

opsig_status ops_sql_count(struct ops_sql *sql, sqlite3_stmt *statement, int column,
                           const char *name, uint32_t max, uint32_t *out, opsig_error *err)
{
    const sqlite3_int64 value = sqlite3_column_int64(statement, column);
    if (sqlite3_column_type(statement, column) != SQLITE_INTEGER || value < 0 || value > max) {
        return wrong_type(sql, name, "a count in range", err);
    }
    *out = (uint32_t)value;
    return OPSIG_OK;
}

opsig_status ops_sql_real(struct ops_sql *sql, sqlite3_stmt *statement, int column,
                          const char *name, double *out, opsig_error *err)
{
    const int type = sqlite3_column_type(statement, column);
    if (type != SQLITE_FLOAT && type != SQLITE_NULL) {
        return wrong_type(sql, name, "a number", err);
    }
    *out = type == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
    return OPSIG_OK;
}
