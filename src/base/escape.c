/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All escapes work character by character: a decoded character is printed as it is, or its place
 * says how it is spelled. What is not UTF-8 comes out as \xHH, one byte at a time. Characters
 * that a reader cannot see or that reorder others are listed in one table. */
#include "base/escape.h"

#include <stdio.h>
#include <string.h>

#define BACKSLASH "\\"

/** Length of the character that a byte begins; 0 where no character begins with it. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

size_t ops_utf8_decode(const char *bytes, size_t len, unsigned *out_code)
{
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000}; /* by length */
    const size_t n = len > 0 ? length_of((unsigned char)bytes[0]) : 0;
    if (n <= 1 || n > len) {
        *out_code = n == 1 ? (unsigned char)bytes[0] : 0;
        return n == 1;
    }
    unsigned code = (unsigned char)bytes[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        const unsigned char next = (unsigned char)bytes[i];
        if ((next & 0xc0) != 0x80) {
            return 0;
        }
        code = (code << 6) | (next & 0x3fU);
    }
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < smallest[n] || code > 0x10ffff || is_surrogate) {
        return 0;
    }
    *out_code = code;
    return n;
}

/** True for controls, and characters that are invisible or change the direction of text. */
static bool is_hidden(unsigned code)
{
    static const unsigned ranges[][2] = {
        {0x00, 0x1f},       /* C0 */
        {0x7f, 0x9f},       /* DEL, C1 */
        {0xad, 0xad},       /* soft hyphen */
        {0x61c, 0x61c},     /* Arabic letter mark */
        {0x180e, 0x180e},   /* Mongolian vowel separator */
        {0x200b, 0x200f},   /* zero width, direction marks */
        {0x2028, 0x202e},   /* line and paragraph separators, embeddings and overrides */
        {0x2060, 0x206f},   /* word joiner, invisible operators, isolates */
        {0xfeff, 0xfeff},   /* byte order mark */
        {0xfff9, 0xfffb},   /* interlinear annotation */
        {0xfffe, 0xffff},   /* no characters */
        {0x1bca0, 0x1bca3}, /* shorthand format controls */
        {0x1d173, 0x1d17a}, /* musical beams and slurs */
        {0xe0000, 0xe007f}, /* tags */
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code >= ranges[i][0] && code <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

/** Spells a character or a stray byte that cannot be shown. @return length */
static size_t spell(char piece[OPS_ESCAPE_PIECE], const char *lead, size_t char_len, unsigned code)
{
    const int n = char_len <= 1 && code < 0x100
                      ? snprintf(piece, OPS_ESCAPE_PIECE, "%sx%02x", lead, code)
                      : snprintf(piece, OPS_ESCAPE_PIECE, "%su{%04x}", lead, code);
    return (size_t)n;
}

/** Takes one character off the front. @return its length in bytes; *out_valid false for a stray
 *  byte, whose value is *out_code then */
static size_t take(const char *bytes, size_t len, unsigned *out_code, bool *out_valid)
{
    const size_t n = ops_utf8_decode(bytes, len, out_code);
    *out_valid = n > 0;
    if (n == 0) {
        *out_code = (unsigned char)bytes[0];
        return 1;
    }
    return n;
}

size_t ops_escape_next(const char *bytes, size_t len, char piece[OPS_ESCAPE_PIECE], size_t *out_len)
{
    unsigned code;
    bool valid;
    const size_t n = take(bytes, len, &code, &valid);
    if (!valid || is_hidden(code)) {
        *out_len = spell(piece, BACKSLASH, n, code);
    } else {
        memcpy(piece, bytes, n);
        *out_len = n;
    }
    return n;
}

void ops_escape_terminal(struct ops_buffer *out, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        char piece[OPS_ESCAPE_PIECE];
        size_t piece_len;
        at += ops_escape_next(bytes + at, len - at, piece, &piece_len);
        ops_buffer_add(out, piece, piece_len);
    }
}

void ops_escape_utf8(struct ops_buffer *out, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        unsigned code;
        bool valid;
        const size_t n = take(bytes + at, len - at, &code, &valid);
        if (valid) {
            ops_buffer_add(out, bytes + at, n);
        } else {
            ops_buffer_printf(out, "\\x%02x", code);
        }
        at += n;
    }
}

void ops_escape_dot(struct ops_buffer *out, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        unsigned code;
        bool valid;
        const size_t n = take(bytes + at, len - at, &code, &valid);
        if (!valid || is_hidden(code)) {
            char piece[OPS_ESCAPE_PIECE];
            ops_buffer_add(out, piece, spell(piece, BACKSLASH BACKSLASH, n, code));
        } else {
            if (code == '"' || code == '\\') {
                ops_buffer_puts(out, BACKSLASH);
            }
            ops_buffer_add(out, bytes + at, n);
        }
        at += n;
    }
}

const char *ops_markup_entity(unsigned code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    default:
        return NULL;
    }
}

void ops_escape_html(struct ops_buffer *out, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        const char *const entity = ops_markup_entity((unsigned char)bytes[at]);
        if (entity != NULL) {
            ops_buffer_puts(out, entity);
            at++;
        } else {
            char piece[OPS_ESCAPE_PIECE];
            size_t piece_len;
            at += ops_escape_next(bytes + at, len - at, piece, &piece_len);
            ops_buffer_add(out, piece, piece_len);
        }
    }
}

/** True for characters that XML 1.0 has no way to hold. */
static bool not_in_xml(unsigned code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0xfffe ||
           code == 0xffff;
}

void ops_escape_xml(struct ops_buffer *out, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        unsigned code;
        bool valid;
        const size_t n = take(bytes + at, len - at, &code, &valid);
        const char *const entity = valid ? ops_markup_entity(code) : NULL;
        if (!valid || not_in_xml(code)) {
            char piece[OPS_ESCAPE_PIECE];
            ops_buffer_add(out, piece, spell(piece, BACKSLASH, n, code));
        } else if (entity != NULL) {
            ops_buffer_puts(out, entity);
        } else if (is_hidden(code)) {
            ops_buffer_printf(out, "&#x%X;", code);
        } else {
            ops_buffer_add(out, bytes + at, n);
        }
        at += n;
    }
}
