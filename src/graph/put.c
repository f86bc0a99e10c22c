/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without printf: every node of a model has numbers in its label and in its symbol. */
#include "graph/put.h"

#include <string.h>

#include "base/escape.h"

enum { DIGITS = 20, LONGEST_NAME = 120 };

void ops_put_i64(struct ops_buffer *out, int64_t number)
{
    char digits[DIGITS + 1];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    ops_buffer_add(out, digits + at, sizeof digits - at);
}

void ops_put_name(struct ops_buffer *out, const char *name)
{
    const size_t len = strlen(name);
    size_t used = 0;
    for (size_t at = 0; at < len;) {
        char piece[OPS_ESCAPE_PIECE];
        size_t piece_len;
        at += ops_escape_next(name + at, len - at, piece, &piece_len);
        used += piece_len;
        if (used > LONGEST_NAME) {
            ops_buffer_puts(out, "...");
            return;
        }
        ops_buffer_add(out, piece, piece_len);
    }
}
