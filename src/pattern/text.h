/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file text.h  Symbols to and from text; patterns are symbols joined by arrows. */
#ifndef OPSIG_PATTERN_TEXT_H
#define OPSIG_PATTERN_TEXT_H

#include "base/buffer.h"
#include "pattern/pattern.h"

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

#endif
