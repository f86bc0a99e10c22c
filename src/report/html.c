/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Web pages. A page's policy forbids every request, and every style and script but its own, which
 * it names by SHA-256: even if text from a model could become markup, it could neither run nor
 * call home. */
#include "report/html.h"

#include <math.h>
#include <string.h>

#include <opsig/version.h>

#include "base/sha256.h"
#include "report/format.h"
#include "report/kept.h"

enum { DIGITS = 3 };

/* page.css, ending with a zero. */
static const char style[] = {
#include "page.inc"
};

/* script.js, ending with a zero. */
const char ops_html_script[] = {
#include "script.inc"
};

const struct ops_format ops_format_html = {
    .scan_begin = ops_kept_begin,
    .scan_model = ops_html_scan_model,
    .scan_end = ops_html_scan_end,
    .scan_dispose = ops_kept_dispose,
    .hypothesis = ops_html_hypothesis,
    .inspect_begin = ops_html_inspect_begin,
    .inspect_model = ops_html_inspect_model,
    .inspect_end = ops_html_inspect_end,
    .db_list = ops_html_db_list,
    .db_show = ops_html_db_show,
    .rule = ops_html_rule,
};

static unsigned hex_value(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/** The digest of a text as a policy writes it: 'sha256-' and base64. */
static void print_digest(struct ops_page *page, const char *text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char hex[OPS_SHA256_HEX];
    char base64[OPS_SHA256_HEX];
    size_t n = 0;
    ops_sha256_bytes(text, strlen(text), hex);
    size_t i = 0;
    for (; hex[i + 1] != '\0'; i += 3) { /* three digits are two letters, and 64 = 21 * 3 + 1 */
        const unsigned bits =
            hex_value(hex[i]) << 8 | hex_value(hex[i + 1]) << 4 | hex_value(hex[i + 2]);
        base64[n++] = letters[bits >> 6];
        base64[n++] = letters[bits & 63];
    }
    base64[n++] = letters[hex_value(hex[i]) << 2];
    base64[n] = '\0';
    ops_page_print(page, "'sha256-%s='", base64);
}

void ops_html_style(struct ops_page *page)
{
    ops_page_tag(page, "<style>");
    ops_page_markup(page, style, sizeof style - 1);
    ops_page_tag(page, "</style>\n");
}

void ops_html_begin(struct ops_page *page, const char *title, const char *script)
{
    ops_page_tag(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" "
                       "content=\"default-src 'none'; base-uri 'none'; form-action 'none'; "
                       "style-src ");
    print_digest(page, style);
    if (script != NULL) {
        ops_page_print(page, "; script-src ");
        print_digest(page, script);
    }
    ops_page_tag(page, "\">\n<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n<meta name=\"generator\" content=\"opsig ");
    ops_page_print(page, "%s", opsig_version());
    ops_page_tag(page, "\">\n<title>");
    ops_page_name(page, title);
    ops_page_tag(page, "</title>\n");
    ops_html_style(page);
    ops_page_tag(page, "</head><body>\n<h1>");
    ops_page_name(page, title);
    ops_page_tag(page, "</h1>\n");
}

void ops_html_end(struct ops_page *page, const char *script)
{
    ops_page_tag(page, "<p class=\"faint\">");
    ops_page_print(page, "Written by opsig %s. This file needs nothing else and asks for nothing.",
                   opsig_version());
    ops_page_tag(page, "</p>\n");
    if (script != NULL) {
        ops_page_tag(page, "<script>");
        ops_page_markup(page, script, strlen(script));
        ops_page_tag(page, "</script>\n");
    }
    ops_page_tag(page, "</body></html>\n");
}

void ops_html_count_cell(struct ops_page *page, size_t count)
{
    ops_page_tag(page, "<td class=\"n\" data-v=\"");
    ops_page_print(page, "%zu", count);
    ops_page_tag(page, "\">");
    ops_page_print(page, "%zu", count);
    ops_page_tag(page, "</td>");
}

void ops_html_number_cell(struct ops_page *page, double value)
{
    ops_page_tag(page, "<td class=\"n\">");
    if (isnan(value)) {
        ops_page_print(page, "–");
    } else {
        ops_page_number(page, value, DIGITS);
    }
    ops_page_tag(page, "</td>");
}

void ops_html_interval_cell(struct ops_page *page, double value, double low, double high)
{
    ops_page_tag(page, "<td class=\"n\">");
    if (isnan(value)) {
        ops_page_print(page, "–");
    } else {
        ops_page_number(page, value, DIGITS);
        ops_page_print(page, " [");
        ops_page_number(page, low, DIGITS);
        ops_page_print(page, ", ");
        ops_page_number(page, high, DIGITS);
        ops_page_print(page, "]");
    }
    ops_page_tag(page, "</td>");
}

static void print_headings(struct ops_page *page, const char *const *headings)
{
    ops_page_tag(page, "<thead><tr>");
    for (size_t i = 0; headings[i] != NULL; i++) {
        if (i == 0) {
            ops_page_tag(page, "<th scope=\"col\">");
        } else {
            ops_page_tag(page, "<th scope=\"col\" class=\"n\">");
        }
        ops_page_print(page, "%s", headings[i]);
        ops_page_tag(page, "</th>");
    }
    ops_page_tag(page, "</tr></thead><tbody>\n");
}

void ops_html_table_begin(struct ops_page *page, const char *const *headings)
{
    ops_page_tag(page, "<div class=\"scroll\"><table>");
    print_headings(page, headings);
}

void ops_html_index_begin(struct ops_page *page, const char *const *headings, const char *beyond)
{
    ops_page_tag(page, "<p id=\"filter\" hidden><label>");
    ops_page_print(page, "%s holds ", headings[0]);
    ops_page_tag(page, "<input type=\"search\"></label> <label>at least <select>"
                       "<option value=\"0\">anything<option value=\"1\">low"
                       "<option value=\"2\">medium<option value=\"3\">high");
    if (beyond != NULL) {
        ops_page_tag(page, "<option value=\"4\">");
        ops_page_print(page, "%s", beyond);
    }
    ops_page_tag(page, "</select></label></p>\n<div class=\"scroll\"><table id=\"index\">");
    print_headings(page, headings);
}

void ops_html_table_end(struct ops_page *page)
{
    ops_page_tag(page, "</tbody></table></div>\n");
}

void ops_html_row_begin(struct ops_page *page, const char *what)
{
    ops_page_tag(page, "<tr><th scope=\"row\">");
    ops_page_name(page, what);
    ops_page_tag(page, "</th>");
}

void ops_html_row_end(struct ops_page *page)
{
    ops_page_tag(page, "</tr>\n");
}

void ops_html_heading(struct ops_page *page, const char *text)
{
    ops_page_tag(page, "<h2>");
    ops_page_print(page, "%s", text);
    ops_page_tag(page, "</h2>\n");
}

void ops_html_paragraph(struct ops_page *page, const char *text)
{
    ops_page_tag(page, "<p>");
    ops_page_print(page, "%s", text);
    ops_page_tag(page, "</p>\n");
}
