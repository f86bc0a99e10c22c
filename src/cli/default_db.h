/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file default_db.h  Where the database that comes with opsig lies. */
#ifndef OPSIG_CLI_DEFAULT_DB_H
#define OPSIG_CLI_DEFAULT_DB_H

/** Its path, the caller's (free); NULL: it is not there. The environment's OPSIG_DEFAULT_DB goes
 *  before the places that follow from where the program lies, and is not checked for. */
char *ops_default_db_path(void);

#endif
