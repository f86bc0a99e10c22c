/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SVG. Looks are left to classes, so that a page can be light or dark and printed. */
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>

/** ` name="` number `"` */
static void attribute(struct ops_page *page, const char *name, double value)
{
    ops_page_print(page, " %s=", name);
    ops_page_tag(page, "\"");
    ops_svg_number(page, value);
    ops_page_tag(page, "\"");
}

/** `class="` name `"` */
static void classed(struct ops_page *page, const char *class_name)
{
    ops_page_tag(page, " class=\"");
    ops_page_print(page, "%s", class_name);
    ops_page_tag(page, "\"");
}

void ops_svg_begin(struct ops_page *page, const char *class_name, const char *id, double width,
                   double height)
{
    ops_page_tag(page, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"group\"");
    classed(page, class_name);
    attribute(page, "width", width);
    attribute(page, "height", height);
    ops_page_tag(page, " viewBox=\"0 0 ");
    ops_svg_number(page, width);
    ops_page_print(page, " ");
    ops_svg_number(page, height);
    ops_page_tag(page, "\" aria-labelledby=\"");
    ops_page_print(page, "%s-t %s-d", id, id);
    ops_page_tag(page, "\">");
}

void ops_svg_describe(struct ops_page *page, const char *id, const char *title,
                      const char *description)
{
    ops_page_tag(page, "<title id=\"");
    ops_page_print(page, "%s-t", id);
    ops_page_tag(page, "\">");
    ops_page_name(page, title);
    ops_page_tag(page, "</title><desc id=\"");
    ops_page_print(page, "%s-d", id);
    ops_page_tag(page, "\">");
    ops_page_name(page, description);
    ops_page_tag(page, "</desc>\n");
}

void ops_svg_end(struct ops_page *page)
{
    ops_page_tag(page, "</svg>\n");
}

void ops_svg_number(struct ops_page *page, double value)
{
    const long tenths = lround(value * 10);
    const long whole = labs(tenths);
    ops_page_print(page, "%s%ld", tenths < 0 ? "-" : "", whole / 10);
    if (whole % 10 != 0) {
        ops_page_print(page, ".%ld", whole % 10);
    }
}

void ops_svg_point(struct ops_page *page, double x, double y)
{
    ops_svg_number(page, x);
    ops_page_print(page, ",");
    ops_svg_number(page, y);
}

void ops_svg_line(struct ops_page *page, const char *class_name, double x1, double y1, double x2,
                  double y2)
{
    ops_page_tag(page, "<line");
    classed(page, class_name);
    attribute(page, "x1", x1);
    attribute(page, "y1", y1);
    attribute(page, "x2", x2);
    attribute(page, "y2", y2);
    ops_page_tag(page, "/>\n");
}

void ops_svg_rectangle(struct ops_page *page, const char *class_name, double x, double y,
                       double width, double height)
{
    ops_page_tag(page, "<rect");
    classed(page, class_name);
    attribute(page, "x", x);
    attribute(page, "y", y);
    attribute(page, "width", width);
    attribute(page, "height", height);
    ops_page_tag(page, "/>\n");
}

void ops_svg_text_begin(struct ops_page *page, const char *class_name, double x, double y)
{
    ops_page_tag(page, "<text");
    classed(page, class_name);
    attribute(page, "x", x);
    attribute(page, "y", y);
    ops_page_tag(page, ">");
}

void ops_svg_text_end(struct ops_page *page)
{
    ops_page_tag(page, "</text>\n");
}

void ops_svg_text(struct ops_page *page, const char *class_name, double x, double y,
                  const char *text)
{
    ops_svg_text_begin(page, class_name, x, y);
    ops_page_name(page, text);
    ops_svg_text_end(page);
}
