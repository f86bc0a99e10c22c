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

/** A table with headings, the first one's column left-aligned and the others' right.
 *  @param headings  ends with NULL */
void ops_html_table_begin(struct ops_page *page, const char *const *headings);
void ops_html_table_end(struct ops_page *page);
/** A row, which is named by its first cell. */
void ops_html_row_begin(struct ops_page *page, const char *what);
void ops_html_row_end(struct ops_page *page);
/** A cell with a count; a number, a dash for NaN; a number with its interval. */
void ops_html_count_cell(struct ops_page *page, size_t count);
void ops_html_number_cell(struct ops_page *page, double value);
void ops_html_interval_cell(struct ops_page *page, double value, double low, double high);

/** What sorts and filters the index of a page, opens the details that are linked to, tells of nodes
 *  that are clicked, and zooms what has the class "overview". */
extern const char ops_html_script[];
/** The index of a page: a table, one a page, that the script makes sortable, and filtered by the
 *  text of the first cell and by severity, which rows have as data-s: 0 none, 1 low ... 3 high, 4
 *  what `beyond` says. Closed by ops_html_table_end.
 *  @param headings  as above; the first one is the filter's, too
 *  @param beyond    NULL: nothing */
void ops_html_index_begin(struct ops_page *page, const char *const *headings, const char *beyond);

/** A text of the program's own as a heading, a paragraph. */
void ops_html_heading(struct ops_page *page, const char *text);
void ops_html_paragraph(struct ops_page *page, const char *text);

/** The same style inside a picture that stands alone. */
void ops_html_style(struct ops_page *page);

#endif
