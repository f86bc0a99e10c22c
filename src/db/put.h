/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file put.h  The bytes of a database file. */
#ifndef OPSIG_DB_PUT_H
#define OPSIG_DB_PUT_H

#include "db/fields.h"
#include "db/sql.h"

/** Makes the file's bytes: the same for the same database.
 *  @param out  the caller's (sqlite3_free); NULL on failure */
opsig_status ops_db_bytes(const struct opsig_database *database, unsigned char **out,
                          size_t *out_size, opsig_error *err);

#endif
