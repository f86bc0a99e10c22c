/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file svg.h  The few shapes that pictures are made of. Classes are the program's own words. */
#ifndef OPSIG_REPORT_SVG_H
#define OPSIG_REPORT_SVG_H

#include "report/page.h"

/** Opens a picture of a size in pixels that scales with its place. @param id  of its title and
 *  description, unique in the page */
void ops_svg_begin(struct ops_page *page, const char *class_name, const char *id, double width,
                   double height);
/** Title and description, for those who cannot see the picture; they come first. */
void ops_svg_describe(struct ops_page *page, const char *id, const char *title,
                      const char *description);
void ops_svg_end(struct ops_page *page);

/** A number with at most one decimal, whatever the locale. */
void ops_svg_number(struct ops_page *page, double value);
/** "x,y" */
void ops_svg_point(struct ops_page *page, double x, double y);
void ops_svg_line(struct ops_page *page, const char *class_name, double x1, double y1, double x2,
                  double y2);
void ops_svg_rectangle(struct ops_page *page, const char *class_name, double x, double y,
                       double width, double height);
/** A line of text, or its beginning and end. */
void ops_svg_text(struct ops_page *page, const char *class_name, double x, double y,
                  const char *text);
void ops_svg_text_begin(struct ops_page *page, const char *class_name, double x, double y);
void ops_svg_text_end(struct ops_page *page);

#endif
