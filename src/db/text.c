/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the text form. Whatever bytes a path or a node's label holds, a line stays one line of
 * printable ASCII, which no editor, terminal, mail or diff will change. */
#include "db/text.h"

#include <string.h>

static bool is_bare_byte(char c)
{
    return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

static size_t bare_length(const char *bytes)
{
    size_t n = 0;
    while (is_bare_byte(bytes[n])) {
        n++;
    }
    return n;
}

static void write_escaped(struct ops_buffer *out, char c)
{
    switch (c) {
    case '"':
    case '\\':
        ops_buffer_printf(out, "\\%c", c);
        break;
    case '\n':
        ops_buffer_puts(out, "\\n");
        break;
    case '\t':
        ops_buffer_puts(out, "\\t");
        break;
    default:
        if (c >= ' ' && c <= '~') {
            ops_buffer_add(out, &c, 1);
        } else {
            ops_buffer_printf(out, "\\x%02x", (unsigned char)c);
        }
    }
}

void ops_word_write(struct ops_buffer *out, const char *bytes, size_t len)
{
    size_t bare = 0;
    while (bare < len && is_bare_byte(bytes[bare])) {
        bare++;
    }
    if (bare == len && len > 0) {
        ops_buffer_add(out, bytes, len);
        return;
    }
    ops_buffer_puts(out, "\"");
    for (size_t i = 0; i < len; i++) {
        write_escaped(out, bytes[i]);
    }
    ops_buffer_puts(out, "\"");
}

static int hex_digit(char c)
{
    const char *const digits = "0123456789abcdef";
    const char *const at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/** Reads the escape whose backslash is at `at`. @return its length, 0 where it is none */
static size_t read_escape(const char *at, char *out)
{
    switch (at[1]) {
    case '"':
    case '\\':
        *out = at[1];
        return 2;
    case 'n':
        *out = '\n';
        return 2;
    case 't':
        *out = '\t';
        return 2;
    case 'x': {
        const int high = hex_digit(at[2]);
        const int low = high < 0 ? -1 : hex_digit(at[3]);
        *out = (char)(high * 16 + low);
        return low >= 0 && *out != '\0' ? 4 : 0;
    }
    default:
        return 0;
    }
}

static const char *read_quoted(const char **cursor, struct ops_buffer *out)
{
    const char *at = *cursor + 1;
    while (*at != '"') {
        char c = *at;
        const size_t n = c == '\\' ? read_escape(at, &c) : 1;
        if (n == 0) {
            *cursor = at;
            return "unknown escape; known are \\\" \\\\ \\n \\t \\xHH";
        }
        if (*at == '\0' || *at == '\n') {
            return "a quote is not closed";
        }
        ops_buffer_add(out, &c, 1);
        at += n;
    }
    *cursor = at + 1;
    return NULL;
}

const char *ops_word_read(const char **cursor, struct ops_buffer *out)
{
    ops_buffer_clear(out);
    if (**cursor == '"') {
        return read_quoted(cursor, out);
    }
    const size_t n = bare_length(*cursor);
    if (n == 0) {
        return "a word is missing";
    }
    ops_buffer_add(out, *cursor, n);
    *cursor += n;
    return NULL;
}
