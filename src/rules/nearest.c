/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Damerau's distance as Levenshtein's with swaps of neighbours (optimal string alignment): rows of
 * the usual table, of which the last three are kept. Letters of the other case cost nothing, so
 * that relu finds Relu. A third of the letters may differ. */
#include "rules/nearest.h"

#include <string.h>

enum { LONGEST = 48 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    unsigned rows[3][LONGEST + 1];
    for (size_t j = 0; j <= n_b; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= n_a; i++) {
        unsigned *const row = rows[i % 3];
        const unsigned *const above = rows[(i + 2) % 3];
        const unsigned *const before = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= n_b; j++) {
            const char x = lower(a[i - 1]);
            const char y = lower(b[j - 1]);
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2])) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
    }
    return rows[n_a % 3][n_b];
}

void ops_nearest_start(struct ops_nearest *nearest, const char *word, size_t len)
{
    *nearest = (struct ops_nearest){.word = word, .len = len};
    nearest->distance = len < 3 ? 1 + (len == 2) : (unsigned)(len / 3) + 1;
}

void ops_nearest_offer(struct ops_nearest *nearest, const char *known)
{
    const size_t len = strlen(known);
    if (len > LONGEST || nearest->len > LONGEST || len == 0) {
        return;
    }
    const unsigned found = distance(nearest->word, nearest->len, known, len);
    if (found < nearest->distance) {
        nearest->distance = found;
        nearest->best = known;
    }
}
