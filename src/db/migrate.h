/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file migrate.h  Versions of the schema, and the way from each to the next. */
#ifndef OPSIG_DB_MIGRATE_H
#define OPSIG_DB_MIGRATE_H

#include "db/sql.h"

/** Marks the file as this program's (the header's application id): "opsg". */
enum { OPS_DB_APPLICATION_ID = 0x6f707367 };

/** Version v of the schema is entry v - 1 of the list. */
struct ops_db_version {
    const char *schema;  /* that makes a database of this version */
    const char *upgrade; /* that makes the version after it out of this one; NULL: the newest */
};

/** All versions that this program knows. */
const struct ops_db_version *ops_db_versions(uint32_t *out_n);

/** Is `found` among the n known versions, and the schema of the open database that of it, object
 *  by object and byte by byte?
 *  @return OPSIG_UNSUPPORTED where it is newer than those; OPSIG_FORMAT naming an object that is
 *          foreign or missing */
opsig_status ops_db_version_check(struct ops_sql *sql, const struct ops_db_version *versions,
                                  uint32_t n, uint32_t found, opsig_error *err);

/** Takes a checked database from version `found` to the newest of the n known ones. */
opsig_status ops_db_migrate(struct ops_sql *sql, const struct ops_db_version *versions, uint32_t n,
                            uint32_t found, opsig_error *err);

#endif
