/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables that tests read: RFC 4180 with a header, no line breaks in fields. */
#ifndef OPSIG_TESTS_CSV_TABLE_H
#define OPSIG_TESTS_CSV_TABLE_H

#include <stdbool.h>

struct csv_table;

/* NULL where the file cannot be opened. */
struct csv_table *csv_table_open(const char *path);
void csv_table_close(struct csv_table *table);
/* Goes to the next row; false behind the last. */
bool csv_table_next(struct csv_table *table);
/* A field of the row, valid until the next; a column that does not exist ends the test. */
const char *csv_table_get(const struct csv_table *table, const char *column);

#endif
