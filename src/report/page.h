/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file page.h  Text for people: names are escaped, numbers have a point in every locale. */
#ifndef OPSIG_REPORT_PAGE_H
#define OPSIG_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/report.h>
#include <opsig/signature.h>

#include "base/error.h"

/** A stream with its style. The first failure sticks: later calls do nothing, and
 *  ops_page_finish tells. */
struct ops_page {
    FILE *stream;
    bool color, verbose;
    opsig_status status;
};

void ops_page_start(struct ops_page *page, FILE *stream, const opsig_report_style *style);
/** @return OPSIG_OK, OPSIG_NOMEM, or OPSIG_IO where the stream refused something */
opsig_status ops_page_finish(const struct ops_page *page, opsig_error *err);

/** Text of the program itself. */
__attribute__((format(printf, 2, 3))) void ops_page_print(struct ops_page *page,
                                                          const char *format, ...);
/** Text from models, users and databases. */
void ops_page_name(struct ops_page *page, const char *name);
void ops_page_bytes(struct ops_page *page, const char *bytes, size_t len);
/** As ops_page_name, filled up with blanks to a width in bytes. */
void ops_page_cell(struct ops_page *page, const char *name, size_t width);
/** "1 model", "2 models". */
void ops_page_count(struct ops_page *page, uint64_t n, const char *noun);
void ops_page_number(struct ops_page *page, double value, int digits);
/** How many times: three digits, and whole numbers from 100 on. */
void ops_page_factor(struct ops_page *page, double factor);
/** "(95 % interval 1.1 to 17)". */
void ops_page_bounds(struct ops_page *page, opsig_interval interval);
/** "4.2 (95 % interval 1.1 to 17)". */
void ops_page_interval(struct ops_page *page, opsig_interval interval);
/** A share in [0, 1] as "83 %"; shares that round to 0 or 100 without being it as "< 1 %" and
 *  "> 99 %". */
void ops_page_percent(struct ops_page *page, double share);
/** The same behind blanks that fill up a width. */
void ops_page_percent_cell(struct ops_page *page, double share, int width);
/** The severity, coloured, filled up to the longest. */
void ops_page_severity(struct ops_page *page, opsig_severity severity);

/** Colours, by meaning. */
enum ops_tone { OPS_TONE_PLAIN = 0, OPS_TONE_HEADING, OPS_TONE_ALARM, OPS_TONE_FAINT };

/** A text or a name in a tone. */
void ops_page_toned(struct ops_page *page, enum ops_tone tone, const char *text);

#endif
