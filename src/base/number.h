/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file number.h  Numbers to and from text, whatever the locale. */
#ifndef OPSIG_BASE_NUMBER_H
#define OPSIG_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/** Shortest of %.6g ... %.17g that reads back to the same double; "nan", "inf", "-inf". The
 *  decimal point is '.'. @param out  at least 32 bytes */
void ops_number_format(double value, char *out);
/** As ops_number_format with at most `digits` significant digits. */
void ops_number_format_digits(double value, int digits, char *out);
/** Reads all of the text as a finite double. @return OPSIG_FORMAT */
opsig_status ops_number_parse(const char *text, double *out, opsig_error *err);
/** Reads all of the text as an unsigned decimal integer of at most `max`. @return OPSIG_FORMAT */
opsig_status ops_number_parse_u64(const char *text, uint64_t max, uint64_t *out,
                                  opsig_error *err);

#endif
