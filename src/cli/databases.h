/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file databases.h  The databases that a command line names. */
#ifndef OPSIG_CLI_DATABASES_H
#define OPSIG_CLI_DATABASES_H

#include <stddef.h>

#include <opsig/db.h>

/** Databases and their paths, which belong to the command line. */
struct ops_databases {
    opsig_database **items; /* n of them, owned; NULL where not opened */
    const char **paths;
    size_t n;
};

/** Adds a path; it is opened later. @return 0 or ENOMEM */
int ops_databases_add(struct ops_databases *databases, const char *path);
/** Opens all. On failure nothing else can be done than to dispose of them.
 *  @return an exit status; what is wrong has been said */
int ops_databases_open(struct ops_databases *databases);
/** The databases as the library takes them. */
const opsig_database *const *ops_databases_items(const struct ops_databases *databases);
void ops_databases_dispose(struct ops_databases *databases);

#endif
