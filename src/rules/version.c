/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions are runs of digits and runs of letters; whatever else separates them. Parts are compared
 * one by one; numbers are longer than letters: 1.0 < 1.0.1, 2.0rc1 < 2.0. */
#include "rules/version.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/** A run of digits or letters; len 0: the end. */
struct part {
    const char *text;
    size_t len;
};

static struct part next_part(const char **cursor)
{
    while (**cursor != '\0' && !is_digit(**cursor) && !is_letter(**cursor)) {
        (*cursor)++;
    }
    struct part part = {*cursor, 0};
    const bool number = is_digit(**cursor);
    while (number ? is_digit(part.text[part.len]) : is_letter(part.text[part.len])) {
        part.len++;
    }
    *cursor += part.len;
    return part;
}

/** 0: letters, 1: the end, 2: digits. */
static int rank_of(struct part part)
{
    return part.len == 0 ? 1 : is_digit(*part.text) ? 2 : 0;
}

static int compare_bytes(struct part a, struct part b)
{
    const size_t n = a.len < b.len ? a.len : b.len;
    const int order = memcmp(a.text, b.text, n);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_numbers(struct part a, struct part b)
{
    while (a.len > 1 && *a.text == '0') {
        a = (struct part){a.text + 1, a.len - 1};
    }
    while (b.len > 1 && *b.text == '0') {
        b = (struct part){b.text + 1, b.len - 1};
    }
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : compare_bytes(a, b);
}

static int compare_parts(struct part a, struct part b)
{
    const int ranks = rank_of(a) - rank_of(b);
    if (ranks != 0 || a.len == 0) {
        return ranks;
    }
    return is_digit(*a.text) ? compare_numbers(a, b) : compare_bytes(a, b);
}

/** Where a version stops being the other one. @param prefix  the first one may end earlier */
static int compare(const char *a, const char *b, bool prefix)
{
    for (;;) {
        const struct part x = next_part(&a);
        const struct part y = next_part(&b);
        if (prefix && x.len == 0) {
            return 0;
        }
        const int order = compare_parts(x, y);
        if (order != 0 || x.len == 0) {
            return order;
        }
    }
}

int opsig_version_compare(const char *a, const char *b)
{
    return compare(a, b, false);
}

bool ops_version_in_range(const char *version, const struct ops_version_range *range)
{
    if (range->low != NULL) {
        const int order = compare(range->low, version, false);
        if (order > 0 || (order == 0 && range->low_open)) {
            return false;
        }
    }
    if (range->high != NULL && range->high_open) {
        return compare(range->high, version, false) > 0;
    }
    return range->high == NULL || compare(range->high, version, true) >= 0;
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\r') {
        at++;
    }
    return at;
}

/** Takes a version off the front. @return OPSIG_FORMAT: there is none; OPSIG_NOMEM */
static opsig_status take_version(const char **cursor, struct ops_arena *arena, const char **out)
{
    const char *const start = skip_blanks(*cursor);
    const char *at = start;
    while (is_digit(*at) || is_letter(*at) || *at == '-' || *at == '+' || *at == '_' ||
           (*at == '.' && at[1] != '.')) {
        at++;
    }
    *cursor = skip_blanks(at);
    if (at == start || !(is_digit(*start) || is_letter(*start))) {
        return OPSIG_FORMAT;
    }
    *out = ops_arena_strndup(arena, start, (size_t)(at - start));
    return *out != NULL ? OPSIG_OK : OPSIG_NOMEM;
}

/** Takes the version that ends the text. */
static opsig_status take_last_version(const char *cursor, struct ops_arena *arena,
                                      const char **out)
{
    const opsig_status status = take_version(&cursor, arena, out);
    return status == OPSIG_OK && *cursor != '\0' ? OPSIG_FORMAT : status;
}

/** "< 1.4" and its kind; the cursor is at the sign. */
static opsig_status parse_bound(const char *cursor, struct ops_arena *arena,
                                struct ops_version_range *out)
{
    const bool is_high = *cursor == '<';
    const bool is_open = cursor[1] != '=';
    cursor += is_open ? 1 : 2;
    out->high_open = is_high && is_open;
    out->low_open = !is_high && is_open;
    return take_last_version(cursor, arena, is_high ? &out->high : &out->low);
}

opsig_status ops_version_range_parse(const char *text, struct ops_arena *arena,
                                     struct ops_version_range *out)
{
    const char *cursor = skip_blanks(text);
    *out = (struct ops_version_range){.low = NULL};
    if (*cursor == '\0') {
        return OPSIG_OK;
    }
    if (*cursor == '<' || *cursor == '>') {
        return parse_bound(cursor, arena, out);
    }
    if (*cursor != '.') {
        const opsig_status status = take_version(&cursor, arena, &out->low);
        if (status != OPSIG_OK) {
            return status;
        }
    }
    if (*cursor == '\0') {
        out->high = out->low;
        return OPSIG_OK;
    }
    if (strncmp(cursor, "..", 2) != 0) {
        return OPSIG_FORMAT;
    }
    cursor = skip_blanks(cursor + 2);
    if (*cursor == '\0') {
        return out->low != NULL ? OPSIG_OK : OPSIG_FORMAT;
    }
    return take_last_version(cursor, arena, &out->high);
}
