/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file page.h  Text for people: names are escaped, numbers have a point in every locale. The text
 *  of a web page is written in the same words; what is no markup in the source cannot become
 *  markup there. */
#ifndef OPSIG_REPORT_PAGE_H
#define OPSIG_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/report.h>
#include <opsig/signature.h>

#include "base/buffer.h"
#include "base/error.h"

/** A stream with its style. The first failure sticks: later calls do nothing, and
 *  ops_page_finish tells. */
struct ops_page {
    FILE *stream;              /* NULL: a buffer */
    struct ops_buffer *buffer; /* the caller's */
    bool color, verbose;
    bool markup; /* a web page or XML: all text is escaped, ops_page_tag alone writes tags */
    opsig_status status;
};

void ops_page_start(struct ops_page *page, FILE *stream, const opsig_report_style *style);
/** The same into a buffer, behind what is there. */
void ops_page_start_buffer(struct ops_page *page, struct ops_buffer *buffer,
                           const opsig_report_style *style);
/** @return OPSIG_OK, OPSIG_NOMEM, or OPSIG_IO where the stream refused something */
opsig_status ops_page_finish(const struct ops_page *page, opsig_error *err);

/** Text of the program itself. */
__attribute__((format(printf, 2, 3))) void ops_page_print(struct ops_page *page,
                                                          const char *format, ...);
/** Markup of the program itself, a string literal. */
#define ops_page_tag(page, literal) ops_page_markup((page), "" literal "", sizeof(literal) - 1)
/** Markup that is no literal: another page's, or a file of the program's own. */
void ops_page_markup(struct ops_page *page, const char *markup, size_t len);
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
