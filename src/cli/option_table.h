/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file option_table.h  All options of a command in one list: own ones and shared ones. */
#ifndef OPSIG_CLI_OPTION_TABLE_H
#define OPSIG_CLI_OPTION_TABLE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

struct ops_option_table {
    const struct argp_option **items; /* n of them, with a long name each */
    size_t n;
};

/** Gathers the options that are shown in the help. @return 0 or ENOMEM */
int ops_option_table_init(struct ops_option_table *table, const struct argp *argp);
void ops_option_table_dispose(struct ops_option_table *table);

/** Place of an option of this long name; SIZE_MAX: there is none. */
size_t ops_option_table_find(const struct ops_option_table *table, const char *name);
/** The long name that is nearest; NULL: none is near. */
const char *ops_option_table_nearest(const struct ops_option_table *table, const char *name);
/** The letter of an option; '\0': it has none. */
char ops_option_table_letter(const struct argp_option *option);

#endif
