/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printf and strtod follow the locale of the host program, which a library must not change. What
 * "%g" prints holds digits, signs and an 'e'; anything else is the locale's decimal point and is
 * put right. Reading checks the grammar first and hands strtod the point that it expects. */
#include "base/number.h"

#include <ctype.h>
#include <langinfo.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 32, FEWEST_DIGITS = 6, MOST_DIGITS = 17, LONGEST_NUMBER = 1000 };

/** Copies "%g" text with its decimal point made '.'. */
static void copy_with_point(const char *text, char *out)
{
    bool in_point = false;
    for (; *text != '\0'; text++) {
        const bool plain = strchr("0123456789+-e", *text) != NULL;
        if (plain) {
            *out++ = *text;
        } else if (!in_point) {
            *out++ = '.';
        }
        in_point = !plain;
    }
    *out = '\0';
}

/** Writes what is not finite. @return false for finite values */
static bool format_special(double value, char *out)
{
    if (isfinite(value)) {
        return false;
    }
    (void)snprintf(out, NUMBER_SIZE, "%s", isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    return true;
}

void ops_number_format(double value, char *out)
{
    if (format_special(value, out)) {
        return;
    }
    char text[NUMBER_SIZE];
    for (int digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        const double back = strtod(text, NULL);
        if (back >= value && back <= value) {
            break;
        }
    }
    copy_with_point(text, out);
}

void ops_number_format_digits(double value, int digits, char *out)
{
    if (format_special(value, out)) {
        return;
    }
    char text[NUMBER_SIZE];
    const int most = digits < 1 ? 1 : digits > MOST_DIGITS ? MOST_DIGITS : digits;
    (void)snprintf(text, sizeof text, "%.*g", most, value);
    copy_with_point(text, out);
}

static const char *skip_digits(const char *text)
{
    while (isdigit((unsigned char)*text)) {
        text++;
    }
    return text;
}

/** Checks [sign] digits [. digits] [e [sign] digits] with a digit before or after the point.
 *  @return the point's place or the end of the text; NULL where the text is no number */
static const char *find_point(const char *text)
{
    const char *const start = text + (*text == '+' || *text == '-');
    const char *at = skip_digits(start);
    const char *const point = at;
    size_t n_digits = (size_t)(at - start);
    if (*at == '.') {
        at = skip_digits(point + 1);
        n_digits += (size_t)(at - point - 1);
    }
    if (*at == 'e' || *at == 'E') {
        const char *const exponent = at + 1 + (at[1] == '+' || at[1] == '-');
        at = skip_digits(exponent);
        if (at == exponent) {
            return NULL;
        }
    }
    return *at == '\0' && n_digits > 0 ? point : NULL;
}

opsig_status ops_number_parse(const char *text, double *out, opsig_error *err)
{
    const char *const point = find_point(text);
    if (point == NULL || strlen(text) > LONGEST_NUMBER) {
        return ops_error_set(err, OPSIG_FORMAT, "number", -1, "'%.40s' is not a number", text);
    }
    char local[LONGEST_NUMBER + NUMBER_SIZE];
    const bool has_point = *point == '.';
    (void)snprintf(local, sizeof local, "%.*s%s%s", (int)(point - text), text,
                   has_point ? nl_langinfo(RADIXCHAR) : "", point + has_point);
    const double value = strtod(local, NULL);
    if (!isfinite(value)) {
        return ops_error_set(err, OPSIG_FORMAT, "number", -1, "'%.40s' is too large", text);
    }
    *out = value;
    return OPSIG_OK;
}

opsig_status ops_number_parse_u64(const char *text, uint64_t max, uint64_t *out, opsig_error *err)
{
    uint64_t value = 0;
    if (*text == '\0' || *skip_digits(text) != '\0') {
        return ops_error_set(err, OPSIG_FORMAT, "number", -1, "'%.40s' is not a whole number",
                             text);
    }
    for (; *text != '\0'; text++) {
        const unsigned digit = (unsigned)(*text - '0');
        if (__builtin_mul_overflow(value, 10U, &value) ||
            __builtin_add_overflow(value, digit, &value) || value > max) {
            return ops_error_set(err, OPSIG_FORMAT, "number", -1, "is more than %llu",
                                 (unsigned long long)max);
        }
    }
    *out = value;
    return OPSIG_OK;
}
