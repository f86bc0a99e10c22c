/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors with their place. The text may be one line of a million columns, or hold any bytes: what
 * is shown of it is a window around the place, made harmless for terminals. */
#include "rules/pack.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/escape.h"

enum { MAX_DIAGNOSTICS = 100, MAX_MESSAGE = 400, WINDOW = 76, LEAD = 50 };

__attribute__((format(printf, 5, 0))) static opsig_status
note(struct ops_pack *pack, struct ops_place place, bool is_warning, opsig_error *err,
     const char *format, va_list args)
{
    char raw[MAX_MESSAGE];
    struct ops_buffer message;
    pack->n_errors += !is_warning;
    if (pack->diagnostics.len >= MAX_DIAGNOSTICS) {
        return OPSIG_OK;
    }
    (void)vsnprintf(raw, sizeof raw, format, args);
    ops_buffer_init(&message, (size_t)MAX_MESSAGE * OPS_ESCAPE_PIECE);
    ops_escape_terminal(&message, raw, strlen(raw));
    struct ops_diagnostic diagnostic = {is_warning, place, ops_buffer_take(&message)};
    ops_buffer_dispose(&message);
    if (diagnostic.message == NULL) {
        return ops_error_nomem(err);
    }
    const opsig_status status = ops_vec_push(&pack->diagnostics, diagnostic, err);
    if (status != OPSIG_OK) {
        ops_mem_free(diagnostic.message);
    }
    return status;
}

opsig_status ops_pack_error(struct ops_pack *pack, struct ops_place place, opsig_error *err,
                            const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const opsig_status status = note(pack, place, false, err, format, args);
    va_end(args);
    return status == OPSIG_OK ? OPSIG_FORMAT : status;
}

opsig_status ops_pack_warning(struct ops_pack *pack, struct ops_place place, opsig_error *err,
                              const char *format, ...)
{
    va_list args;
    if (pack->is_quiet) {
        return OPSIG_OK;
    }
    va_start(args, format);
    const opsig_status status = note(pack, place, true, err, format, args);
    va_end(args);
    return status;
}

/** Characters in bytes; what is no UTF-8 counts by the byte. */
static uint32_t count_characters(const char *bytes, size_t len)
{
    uint32_t n = 0;
    for (size_t at = 0; at < len; n++) {
        unsigned code;
        const size_t taken = ops_utf8_decode(bytes + at, len - at, &code);
        at += taken > 0 ? taken : 1;
    }
    return n;
}

/** The front of a window of the line: at most LEAD characters before the place. */
static const char *window_start(const char *line, const char *at)
{
    const char *start = at;
    for (int n = 0; start > line && n < LEAD; n++) {
        do {
            start--;
        } while (start > line && ((unsigned char)*start & 0xc0U) == 0x80);
    }
    return start;
}

/** Appends characters up to `end` or until the window is full; tabs become blanks.
 *  @return columns written */
static uint32_t add_window(struct ops_buffer *out, const char *from, const char *end,
                           uint32_t room)
{
    uint32_t columns = 0;
    while (from < end && columns < room) {
        char piece[OPS_ESCAPE_PIECE];
        size_t len = 1;
        piece[0] = ' ';
        from += *from == '\t' ? 1
                              : (long)ops_escape_next(from, (size_t)(end - from), piece, &len);
        ops_buffer_add(out, piece, len);
        columns += count_characters(piece, len);
    }
    return columns;
}

static void add_repeated(struct ops_buffer *out, const char *text, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        ops_buffer_puts(out, text);
    }
}

/** The line around a place, and carets below. */
static void draw(struct ops_buffer *out, const char *line, const char *at, const char *end,
                 uint32_t len)
{
    const char *const start = window_start(line, at);
    const bool is_cut = start > line;
    ops_buffer_puts(out, is_cut ? "    ..." : "    ");
    const uint32_t before = add_window(out, start, at, WINDOW);
    const uint32_t room = before < WINDOW ? WINDOW - before : 1;
    const size_t left = (size_t)(end - at);
    const uint32_t marked = add_window(out, at, at + (len < left ? len : left), room);
    if (len < left) {
        (void)add_window(out, at + len, end, room - marked);
    }
    ops_buffer_puts(out, "\n    ");
    add_repeated(out, " ", before + (is_cut ? 3 : 0));
    ops_buffer_puts(out, "^");
    add_repeated(out, "~", marked > 1 ? marked - 1 : 0);
}

opsig_status ops_pack_locate(struct ops_pack *pack, struct ops_place place,
                             opsig_rules_diagnostic *out, opsig_error *err)
{
    struct ops_buffer excerpt;
    const char *const text = pack->text;
    const char *const at = text + (place.at < pack->len ? place.at : pack->len);
    const char *line = text;
    out->line = 1;
    for (const char *c = text; (c = memchr(c, '\n', (size_t)(at - c))) != NULL; c++) {
        line = c + 1;
        out->line++;
    }
    const char *end = memchr(at, '\n', pack->len - (size_t)(at - text));
    end = end != NULL ? end : text + pack->len;
    out->column = 1 + count_characters(line, (size_t)(at - line));
    out->path = pack->path;
    ops_buffer_init(&excerpt, 64 * (size_t)WINDOW);
    draw(&excerpt, line, at, end, place.len);
    opsig_status status = ops_buffer_status(&excerpt, err);
    if (status == OPSIG_OK) {
        out->excerpt = ops_arena_strndup(&pack->arena, ops_buffer_text(&excerpt), excerpt.len);
        status = out->excerpt != NULL ? OPSIG_OK : ops_error_nomem(err);
    }
    ops_buffer_dispose(&excerpt);
    return status;
}
