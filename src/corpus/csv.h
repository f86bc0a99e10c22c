/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file csv.h  Rows of a CSV file (RFC 4180).
 *
 *  Strict where a lenient reader would guess: a quote inside an unquoted field, text behind a
 *  closing quote, a bare carriage return, a NUL and an open quote at the end are errors. Lines
 *  may end in LF or CRLF; a byte order mark and empty lines are passed over.
 */
#ifndef OPSIG_CORPUS_CSV_H
#define OPSIG_CORPUS_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/reader.h"

enum { OPS_CSV_MAX_COLUMNS = 4096, OPS_CSV_MAX_FIELD = 1 << 20, OPS_CSV_MAX_ROW = 1 << 22 };

struct ops_csv;

/** @param reader  at the front of the file; must outlive the csv */
opsig_status ops_csv_new(struct ops_csv **out, struct ops_reader *reader, opsig_error *err);
void ops_csv_free(struct ops_csv *csv);
/** Reads the next row; *out_found is false at the end of the file.
 *  @return OPSIG_FORMAT or OPSIG_LIMIT with line and column in the message, OPSIG_NOMEM */
opsig_status ops_csv_next(struct ops_csv *csv, bool *out_found, opsig_error *err);
/** Fields of the row that was read last; texts are valid until the next row. */
size_t ops_csv_n_fields(const struct ops_csv *csv);
const char *ops_csv_field(const struct ops_csv *csv, size_t i);
/** Sets OPSIG_FORMAT with the place of field i of the last row in front of the message; where the
 *  row has no such field, with the place that is read next. */
__attribute__((format(printf, 5, 6))) opsig_status ops_csv_error(const struct ops_csv *csv,
                                                                 size_t i, const char *kind,
                                                                 opsig_error *err,
                                                                 const char *format, ...);

#endif
