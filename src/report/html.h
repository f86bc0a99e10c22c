/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file html.h  Bricks of web pages: one file each, which needs nothing from elsewhere. */
#ifndef OPSIG_REPORT_HTML_H
#define OPSIG_REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "report/page.h"

/** Opens a page. Its policy allows the style and the script that are in it, by their digests, and
 *  nothing else. @param script  NULL: none; not owned */
void ops_html_begin(struct ops_page *page, const char *title, const char *script);
/** Closes it. @param script  as above */
void ops_html_end(struct ops_page *page, const char *script);

/** A cell with a count, or with a number as text sees it. */
void ops_html_count_cell(struct ops_page *page, size_t count);
/** A row of two cells: what, and a number. */
void ops_html_number_row(struct ops_page *page, const char *what, double value, int digits);
/** A row of two cells: what, and a number with its interval. */
void ops_html_interval_row(struct ops_page *page, const char *what, opsig_interval interval);

/** The same style inside a picture that stands alone. */
void ops_html_style(struct ops_page *page);

#endif
