/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file text.h  The text form of a database (docs/database.md): its words. */
#ifndef OPSIG_DB_TEXT_H
#define OPSIG_DB_TEXT_H

#include <stdbool.h>

#include "base/buffer.h"

/** First word of the file, and the version of the text form behind it. */
#define OPS_DB_TEXT_HEAD "opsig-database"
enum { OPS_DB_TEXT_VERSION = 2, OPS_DB_TEXT_NO_RULES = 1 };

/** Appends one word: bare, or in quotes with the escapes \\" \\\\ \\n \\t \\xHH. */
void ops_word_write(struct ops_buffer *out, const char *bytes, size_t len);

/** Reads the word at *cursor into `out` (cleared first) and moves the cursor behind it.
 *  @return NULL, or what is wrong at *cursor */
const char *ops_word_read(const char **cursor, struct ops_buffer *out);

#endif
