/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file open.h  Database files, from a path to a connection that can be trusted to answer. */
#ifndef OPSIG_DB_OPEN_H
#define OPSIG_DB_OPEN_H

#include <stddef.h>

#include "db/sql.h"

/** Largest file that is read, in bytes: a database or its text form. */
#define OPS_DB_MAX_FILE (1ULL << 30)

/** Reads a regular file whole, with a zero byte behind it.
 *  @param out  the caller's (ops_mem_free); NULL on failure */
opsig_status ops_db_read_file(char **out, size_t *out_size, const char *path, opsig_error *err);

/** Reads a file whole and opens its bytes; nothing else is opened and nothing is created.
 *  @return as opsig_database_open */
opsig_status ops_db_open(struct ops_sql *out, const char *path, opsig_error *err);
/** Opens the bytes of a database file. They are copied. */
opsig_status ops_db_open_bytes(struct ops_sql *out, const void *bytes, size_t size,
                               opsig_error *err);
/** Does a rollback journal or a write-ahead log lie beside a database?  Then another program is
 *  writing it, or was stopped while it did.  @return OPSIG_OK where there is none, OPSIG_IO */
opsig_status ops_db_no_journal(const char *path, opsig_error *err);

#endif
