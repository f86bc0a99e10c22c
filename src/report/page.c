/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for people. Whatever comes from outside goes through ops_page_name, so that no file can
 * move the cursor, set the window's title or turn a line around. Errors stick to the page, which
 * keeps the writers free of checks. */
#include "report/page.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/buffer.h"
#include "base/escape.h"
#include "base/number.h"

/* Longest name that is printed; escaping makes at most eight bytes of one. */
enum { NAME_MAX_BYTES = 8 * 1024 * 1024 };

/* From here on a factor is printed as a whole number. */
enum { LARGE_FACTOR = 100 };

void ops_page_start(struct ops_page *page, FILE *stream, const opsig_report_style *style)
{
    *page = (struct ops_page){
        .stream = stream,
        .color = style->color,
        .verbose = style->verbose,
        .markup = style->format == OPSIG_REPORT_HTML || style->format == OPSIG_REPORT_JUNIT,
        .status = OPSIG_OK,
    };
}

void ops_page_start_buffer(struct ops_page *page, struct ops_buffer *buffer,
                           const opsig_report_style *style)
{
    ops_page_start(page, NULL, style);
    page->buffer = buffer;
}

opsig_status ops_page_finish(const struct ops_page *page, opsig_error *err)
{
    if (page->status == OPSIG_NOMEM) {
        return ops_error_nomem(err);
    }
    if (page->buffer != NULL && page->status == OPSIG_OK) {
        return ops_buffer_status(page->buffer, err);
    }
    if (page->status != OPSIG_OK || ferror(page->stream) != 0) {
        return ops_error_set(err, OPSIG_IO, "io", -1, "the report could not be written");
    }
    return OPSIG_OK;
}

void ops_page_markup(struct ops_page *page, const char *markup, size_t len)
{
    if (page->status != OPSIG_OK) {
        return;
    }
    if (page->buffer != NULL) {
        ops_buffer_add(page->buffer, markup, len);
    } else if (fwrite(markup, 1, len, page->stream) != len) {
        page->status = OPSIG_IO;
    }
}

/** A text of the program's own; in a web page with entities for what would be markup. */
static void put(struct ops_page *page, const char *text)
{
    while (page->markup) {
        const size_t plain = strcspn(text, "&<>\"'");
        const char *const entity = ops_markup_entity((unsigned char)text[plain]);
        if (entity == NULL) {
            break;
        }
        ops_page_markup(page, text, plain);
        ops_page_markup(page, entity, strlen(entity));
        text += plain + 1;
    }
    ops_page_markup(page, text, strlen(text));
}

/** As vfprintf, for a page that is no plain stream. */
__attribute__((format(printf, 2, 0))) static void print_formatted(struct ops_page *page,
                                                                  const char *format,
                                                                  va_list args)
{
    struct ops_buffer text;
    ops_buffer_init(&text, SIZE_MAX / 4);
    ops_buffer_vprintf(&text, format, args);
    page->status = text.status != OPSIG_OK ? OPSIG_NOMEM : page->status;
    put(page, ops_buffer_text(&text));
    ops_buffer_dispose(&text);
}

void ops_page_print(struct ops_page *page, const char *format, ...)
{
    if (page->status != OPSIG_OK) {
        return;
    }
    va_list args;
    va_start(args, format);
    if (page->markup || page->buffer != NULL) {
        print_formatted(page, format, args);
    } else if (vfprintf(page->stream, format, args) < 0) {
        page->status = OPSIG_IO;
    }
    va_end(args);
}

/** Bytes from outside, escaped and filled up with blanks to a width. */
static void put_escaped(struct ops_page *page, const char *bytes, size_t len, size_t width)
{
    struct ops_buffer text;
    ops_buffer_init(&text, NAME_MAX_BYTES);
    if (page->markup) {
        ops_escape_html(&text, bytes, len);
    } else {
        ops_escape_terminal(&text, bytes, len);
    }
    if (text.status == OPSIG_NOMEM) {
        page->status = OPSIG_NOMEM;
    }
    ops_page_markup(page, ops_buffer_text(&text), text.len);
    for (size_t i = text.len; i < width; i++) {
        put(page, " ");
    }
    ops_buffer_dispose(&text);
}

void ops_page_name(struct ops_page *page, const char *name)
{
    put_escaped(page, name, strlen(name), 0);
}

void ops_page_bytes(struct ops_page *page, const char *bytes, size_t len)
{
    put_escaped(page, bytes, len, 0);
}

void ops_page_cell(struct ops_page *page, const char *name, size_t width)
{
    put_escaped(page, name, strlen(name), width);
}

void ops_page_count(struct ops_page *page, uint64_t n, const char *noun)
{
    ops_page_print(page, "%llu %s%s", (unsigned long long)n, noun, n == 1 ? "" : "s");
}

void ops_page_number(struct ops_page *page, double value, int digits)
{
    char text[32];
    ops_number_format_digits(value, digits, text);
    put(page, text);
}

void ops_page_factor(struct ops_page *page, double factor)
{
    if (factor < LARGE_FACTOR || !isfinite(factor)) {
        ops_page_number(page, factor, 3);
    } else {
        ops_page_print(page, "%.0f", factor);
    }
}

void ops_page_bounds(struct ops_page *page, opsig_interval interval)
{
    put(page, "(95 % interval ");
    ops_page_factor(page, interval.low);
    put(page, " to ");
    ops_page_factor(page, interval.high);
    put(page, ")");
}

void ops_page_interval(struct ops_page *page, opsig_interval interval)
{
    ops_page_factor(page, interval.value);
    put(page, " ");
    ops_page_bounds(page, interval);
}

void ops_page_percent(struct ops_page *page, double share)
{
    ops_page_percent_cell(page, share, 0);
}

void ops_page_percent_cell(struct ops_page *page, double share, int width)
{
    const double percent = round(share * 100);
    if (percent < 1 && share > 0) {
        ops_page_print(page, "%*s", width, "< 1 %");
    } else if (percent > 99 && share < 1) {
        ops_page_print(page, "%*s", width, "> 99 %");
    } else {
        ops_page_print(page, "%*d %%", width > 2 ? width - 2 : 0, (int)percent);
    }
}

static const char *tone_code(enum ops_tone tone)
{
    static const char *const codes[] = {
        [OPS_TONE_PLAIN] = "",
        [OPS_TONE_HEADING] = "\x1b[1m",
        [OPS_TONE_ALARM] = "\x1b[1;31m",
        [OPS_TONE_FAINT] = "\x1b[2m",
    };
    return codes[tone];
}

void ops_page_toned(struct ops_page *page, enum ops_tone tone, const char *text)
{
    bool color = page->color && tone != OPS_TONE_PLAIN;
    put(page, color ? tone_code(tone) : "");
    ops_page_name(page, text);
    put(page, color ? "\x1b[0m" : "");
}

void ops_page_severity(struct ops_page *page, opsig_severity severity)
{
    static const enum ops_tone tones[] = {OPS_TONE_FAINT, OPS_TONE_HEADING, OPS_TONE_ALARM};
    const char *name = opsig_severity_name(severity);
    ops_page_toned(page, tones[severity], name);
    ops_page_print(page, "%*s", (int)(sizeof "medium" - 1 - strlen(name)), "");
}
