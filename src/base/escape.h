/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file escape.h  Text from models, made harmless for the place it is printed to. Input is bytes
 *  of any kind; output is valid UTF-8 without control or bidirectional characters. */
#ifndef OPSIG_BASE_ESCAPE_H
#define OPSIG_BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/** Length in bytes of the valid UTF-8 character at the front of the bytes (1 to 4, its code
 *  point in *out_code), or 0 where there is none. */
size_t ops_utf8_decode(const char *bytes, size_t len, unsigned *out_code);

/** Room for one escaped character. */
enum { OPS_ESCAPE_PIECE = 16 };

/** Takes one character off the front of len > 0 bytes and writes it as ops_escape_terminal would,
 *  without a NUL. @return the bytes taken; *out_len: the bytes written */
size_t ops_escape_next(const char *bytes, size_t len, char piece[OPS_ESCAPE_PIECE],
                       size_t *out_len);

/** For a terminal or a log line: C0, C1, DEL, bidirectional and zero-width controls and bytes
 *  that are not UTF-8 come out as \xHH or \u{HHHH}; a backslash as it is. */
void ops_escape_terminal(struct ops_buffer *out, const char *bytes, size_t len);
/** Valid UTF-8 that JSON writers take, who escape the rest: only bytes that are not UTF-8 are
 *  changed, to \xHH. */
void ops_escape_utf8(struct ops_buffer *out, const char *bytes, size_t len);
/** Inside a quoted DOT string. */
void ops_escape_dot(struct ops_buffer *out, const char *bytes, size_t len);
/** The entity of a character that is markup; NULL for others. */
const char *ops_markup_entity(unsigned code);
/** Text or a quoted attribute value of a web page, or of a picture in one: entities for what is
 *  markup, and as for a terminal what cannot be seen. */
void ops_escape_html(struct ops_buffer *out, const char *bytes, size_t len);
/** XML 1.0 text or attribute value: entities, and \xHH for what XML cannot hold. */
void ops_escape_xml(struct ops_buffer *out, const char *bytes, size_t len);

#endif
