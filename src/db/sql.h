/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file sql.h  SQLite with this project's statuses. */
#ifndef OPSIG_DB_SQL_H
#define OPSIG_DB_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/error.h"

/** A connection. It never has a file: databases are built in memory, and files are read whole
 *  before SQLite sees their bytes. */
struct ops_sql {
    sqlite3 *db;
    opsig_status blame;  /* status of errors other than missing memory */
    uint64_t steps_left; /* of the virtual machine, in thousands; then statements fail */
};

/** An empty database in memory: no triggers, views, extensions or trust in its schema.
 *  @param blame  OPSIG_FORMAT for input, OPSIG_INTERNAL for output */
opsig_status ops_sql_open(struct ops_sql *sql, opsig_status blame, opsig_error *err);
void ops_sql_close(struct ops_sql *sql);
/** Runs statements that give no rows. */
opsig_status ops_sql_run(struct ops_sql *sql, const char *statements, opsig_error *err);
/** @param out  the caller's (sqlite3_finalize); NULL on failure */
opsig_status ops_sql_prepare(struct ops_sql *sql, sqlite3_stmt **out, const char *statement,
                             opsig_error *err);
/** Goes to the next row; *out_row is false at the end. */
opsig_status ops_sql_step(struct ops_sql *sql, sqlite3_stmt *statement, bool *out_row,
                          opsig_error *err);
/** The status that a result code of SQLite comes to. */
opsig_status ops_sql_error(const struct ops_sql *sql, int code, opsig_error *err);

/** Text of a column, TEXT or BLOB, without a zero in it; valid until the next step.
 *  @param name  of the column, for the message */
opsig_status ops_sql_text(struct ops_sql *sql, sqlite3_stmt *statement, int column,
                          const char *name, const char **out, opsig_error *err);
/** A whole number of 0 ... max. */
opsig_status ops_sql_count(struct ops_sql *sql, sqlite3_stmt *statement, int column,
                           const char *name, uint32_t max, uint32_t *out, opsig_error *err);
/** A floating-point number; NaN for NULL. */
opsig_status ops_sql_real(struct ops_sql *sql, sqlite3_stmt *statement, int column,
                          const char *name, double *out, opsig_error *err);

#endif
