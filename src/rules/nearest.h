/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file nearest.h  "did you mean": the known word that is nearest to an unknown one. */
#ifndef OPSIG_RULES_NEAREST_H
#define OPSIG_RULES_NEAREST_H

#include <stddef.h>

/** A search; zero-initialise with ops_nearest_start. */
struct ops_nearest {
    const char *word;
    size_t len;
    const char *best; /* NULL: none is near */
    unsigned distance; /* of the best, or the least that is too far */
};

void ops_nearest_start(struct ops_nearest *nearest, const char *word, size_t len);
/** Offers a known word, which must outlive the search. Of equals the first wins.
 *  O(product of the lengths), words above 48 bytes are passed. */
void ops_nearest_offer(struct ops_nearest *nearest, const char *known);

#endif
