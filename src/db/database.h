/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file database.h  The rules of databases. */
#ifndef OPSIG_DB_DATABASE_H
#define OPSIG_DB_DATABASE_H

#include <opsig/rules.h>

#include "db/build.h"

/** Rules by id. @param out  the caller's (ops_mem_free); of `rules`, which may be NULL: none */
opsig_status ops_db_rules_sorted(const opsig_rule ***out, size_t *out_n, const opsig_rules *rules,
                                 opsig_error *err);

/** Reads the rules of a database in the making from a text, once.
 *  @param name  stands for a path in messages
 *  @return OPSIG_FORMAT with line and column of the first error in the text */
opsig_status ops_db_build_rules(struct ops_db_build *build, const char *name, const char *text,
                                size_t len, opsig_error *err);

/** Copies rules from several sets, some of which may be NULL; of several with one id the first. */
opsig_status ops_db_build_rules_of(struct ops_db_build *build, const char *name,
                                   const opsig_rules *const *sets, size_t n, opsig_error *err);

#endif
