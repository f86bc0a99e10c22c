/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containment of sequences: a contiguous run of the longer one, symbol by symbol. */
#include "pattern/contain.h"

#include <string.h>

bool ops_symbol_generalizes(const char *general, const char *special)
{
    size_t len = strlen(general);
    return strncmp(general, special, len) == 0 && (special[len] == '\0' || special[len] == '{');
}

static const char *symbol_at(const opsig_pattern *pattern, size_t k)
{
    return pattern->symbols[pattern->steps[k].symbol];
}

/** Do the part's symbols generalise those of the whole from vertex `at` on? */
static bool fits_at(const opsig_pattern *whole, const opsig_pattern *part, size_t at)
{
    for (size_t k = 0; k < part->n_steps; k++) {
        if (!ops_symbol_generalizes(symbol_at(part, k), symbol_at(whole, at + k))) {
            return false;
        }
    }
    return true;
}

bool ops_pattern_contains(const opsig_pattern *whole, const opsig_pattern *part)
{
    if (opsig_pattern_kind_of(whole) != OPSIG_PATTERN_SEQUENCE ||
        opsig_pattern_kind_of(part) != OPSIG_PATTERN_SEQUENCE) {
        return strcmp(whole->text, part->text) == 0;
    }
    for (size_t at = 0; at + part->n_steps <= whole->n_steps; at++) {
        if (fits_at(whole, part, at)) {
            return true;
        }
    }
    return false;
}
