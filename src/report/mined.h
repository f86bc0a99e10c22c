/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file mined.h  What the reports on a whole database count. */
#ifndef OPSIG_REPORT_MINED_H
#define OPSIG_REPORT_MINED_H

#include <stddef.h>

#include <opsig/db.h>

/** Signatures that `opsig mine` prints. */
enum { OPS_MINED_SHOWN = 10 };

/** Adds up the signatures of each severity. @return how many there are in all */
size_t ops_count_severities(size_t *by_severity, const opsig_database *database);
/** Adds the database's rules to counts by severity. @return number of rules */
size_t ops_count_rules(size_t *by_severity, const opsig_database *database);
/** How many of the signatures are subgraphs, no sequences. */
size_t ops_count_subgraphs(const opsig_database *database);

#endif
