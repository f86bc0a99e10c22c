/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes patterns and symbols, and reads symbols: `Resize{mode=linear} -> Round -> "odd name"`.
 *
 * A symbol stands bare when it is a name, or a name with one attribute list in braces; all else
 * is quoted, and whatever is not printable ASCII is written as \xHH, so that a pattern survives
 * any terminal, mail or diff. There is one way to write each symbol, so equal texts mean equal
 * symbols, and the pattern's id can be the hash of its text. */
#include "pattern/text.h"

#include <inttypes.h>
#include <string.h>

#include "graph/snapshot.h"

enum { N_LETTERS = 26 };

static bool is_name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.' || c == ':';
}

static bool is_list_byte(char c)
{
    return is_name_byte(c) || (c != '\0' && strchr("=,;[]+-|/", c) != NULL);
}

/** Length of the bare symbol at the front of the text; 0 where there is none. A colon at the front
 *  would be taken for a part of "name::symbol". */
static size_t bare_length(const char *text)
{
    size_t n = 0;
    while (text[0] != ':' && is_name_byte(text[n])) {
        n++;
    }
    if (n == 0 || text[n] != '{') {
        return n;
    }
    size_t end = n + 1;
    while (is_list_byte(text[end])) {
        end++;
    }
    return text[end] == '}' ? end + 1 : n;
}

void ops_symbol_write(struct ops_buffer *out, const char *symbol)
{
    size_t n = bare_length(symbol);
    if (n > 0 && symbol[n] == '\0') {
        ops_buffer_add(out, symbol, n);
        return;
    }
    ops_buffer_puts(out, "\"");
    for (const char *c = symbol; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            ops_buffer_printf(out, "\\%c", *c);
        } else if (*c >= ' ' && *c <= '~') {
            ops_buffer_add(out, c, 1);
        } else {
            ops_buffer_printf(out, "\\x%02x", (unsigned char)*c);
        }
    }
    ops_buffer_puts(out, "\"");
}

static void write_arrow(struct ops_buffer *out, const struct ops_step *step)
{
    const bool both = step->dir == OPS_CODE_BOTH;
    if (step->label == 0) {
        ops_buffer_puts(out, both ? " -- " : " -> ");
    } else {
        ops_buffer_printf(out, " -[%" PRIu32 "]%s ", step->label, both ? "-" : "->");
    }
}

/** Vertices are named a ... z, a1 ... z1, a2 ... */
static void write_name(struct ops_buffer *out, uint8_t v)
{
    const unsigned round = v / N_LETTERS;
    ops_buffer_printf(out, "%c", 'a' + v % N_LETTERS);
    if (round > 0) {
        ops_buffer_printf(out, "%u", round);
    }
}

static void write_chain(struct ops_buffer *out, const struct opsig_pattern *pattern)
{
    for (size_t k = 0; k < pattern->n_steps; k++) {
        if (k > 0) {
            write_arrow(out, &pattern->steps[k]);
        }
        ops_symbol_write(out, pattern->symbols[pattern->steps[k].symbol]);
    }
}

static void write_graph(struct ops_buffer *out, const struct opsig_pattern *pattern)
{
    uint8_t v = 0;
    for (size_t k = 0; k < pattern->n_steps; k++) {
        if (pattern->steps[k].symbol != OPS_NO_SYMBOL) {
            ops_buffer_puts(out, v > 0 ? "; " : "");
            write_name(out, v++);
            ops_buffer_puts(out, ":");
            ops_symbol_write(out, pattern->symbols[pattern->steps[k].symbol]);
        }
    }
    for (size_t k = 1; k < pattern->n_steps; k++) {
        const struct ops_step *step = &pattern->steps[k];
        const bool enters = step->dir == OPS_CODE_IN;
        ops_buffer_puts(out, "; ");
        write_name(out, enters ? step->to : step->from);
        write_arrow(out, step);
        write_name(out, enters ? step->from : step->to);
    }
}

opsig_status ops_pattern_write(struct ops_buffer *out, const struct opsig_pattern *pattern,
                               opsig_error *err)
{
    if (ops_code_is_chain((struct ops_code){pattern->steps, pattern->n_steps})) {
        write_chain(out, pattern);
    } else {
        write_graph(out, pattern);
    }
    return ops_buffer_status(out, err);
}

static opsig_status syntax_error(const char *text, const char *at, const char *what,
                                 opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "syntax", at - text, "pattern: %s", what);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/** Reads the escape behind a backslash at *cursor into *out; false where it is none. */
static bool read_escape(const char **cursor, char *out)
{
    const char *c = *cursor + 1;
    if (*c == '"' || *c == '\\') {
        *out = *c;
    } else if (*c == 'n') {
        *out = '\n';
    } else if (*c == 't') {
        *out = '\t';
    } else if (*c == 'x' && hex_digit(c[1]) >= 0 && hex_digit(c[2]) >= 0) {
        int byte = hex_digit(c[1]) * 16 + hex_digit(c[2]);
        if (byte == 0) {
            return false;
        }
        *out = (char)byte;
        c += 2;
    } else {
        return false;
    }
    *cursor = c + 1;
    return true;
}

static opsig_status read_quoted(const char *text, const char **cursor, struct ops_buffer *out,
                                opsig_error *err)
{
    const char *start = *cursor;
    const char *c = start + 1;
    while (*c != '"') {
        char byte = *c;
        if (byte == '\0') {
            return syntax_error(text, start, "a quote is not closed", err);
        }
        if (byte != '\\') {
            c++;
        } else if (!read_escape(&c, &byte)) {
            return syntax_error(text, c, "unknown escape; known are \\\" \\\\ \\n \\t \\xHH", err);
        }
        ops_buffer_add(out, &byte, 1);
    }
    *cursor = c + 1;
    return c == start + 1 ? syntax_error(text, start, "a symbol is empty", err)
                          : ops_buffer_status(out, err);
}

opsig_status ops_symbol_read(const char *text, const char **cursor, struct ops_buffer *out,
                             opsig_error *err)
{
    ops_buffer_clear(out);
    if (**cursor == '"') {
        return read_quoted(text, cursor, out, err);
    }
    size_t n = bare_length(*cursor);
    if (n == 0) {
        return syntax_error(text, *cursor, "a symbol is expected here", err);
    }
    ops_buffer_add(out, *cursor, n);
    *cursor += n;
    return ops_buffer_status(out, err);
}
