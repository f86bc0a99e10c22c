/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file text.h  Symbols and patterns to and from text. */
#ifndef OPSIG_PATTERN_TEXT_H
#define OPSIG_PATTERN_TEXT_H

#include "base/buffer.h"
#include "base/vec.h"
#include "pattern/pattern.h"
#include "pattern/shape.h"

/** Longest pattern text and longest symbol that are read, in bytes. */
enum { OPS_PATTERN_MAX_TEXT = 65536, OPS_SYMBOL_MAX_TEXT = 4096 };

/** Appends a symbol, quoted where its bytes could be mistaken for something else. */
void ops_symbol_write(struct ops_buffer *out, const char *symbol);

/** Appends a pattern's text. */
opsig_status ops_pattern_write(struct ops_buffer *out, const struct opsig_pattern *pattern,
                               opsig_error *err);

/**
 * Reads the symbol at *cursor, which is moved behind it.
 * @param text  start of the whole text, for offsets in messages
 * @param out   receives the symbol's bytes; cleared first
 */
opsig_status ops_symbol_read(const char *text, const char **cursor, struct ops_buffer *out,
                             opsig_error *err);

/** A pattern as it was written: a shape, not connected by arcs yet, whose symbols are not set. */
struct ops_pattern_reading {
    struct ops_shape shape;
    OPS_VEC(char *) symbols; /* by vertex */
};

/** Reads a pattern's text. @param out  zeroed; disposed of by the caller, also on failure */
opsig_status ops_pattern_read(struct ops_pattern_reading *out, const char *text,
                              opsig_error *err);
void ops_pattern_reading_dispose(struct ops_pattern_reading *reading);

#endif
