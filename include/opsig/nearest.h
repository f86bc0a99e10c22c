/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file nearest.h  "Did you mean": the known word that is nearest to an unknown one. */
#ifndef OPSIG_NEAREST_H
#define OPSIG_NEAREST_H

#include <stddef.h>

#include <opsig/export.h>

OPSIG_BEGIN_DECLS

/** A search among words; set by opsig_nearest_start first. */
typedef struct opsig_nearest {
    const char *word;  /**< that is not known */
    size_t len;        /**< of the word, in bytes */
    const char *best;  /**< NULL: none is near */
    unsigned distance; /**< of the best, or the least that is too far */
} opsig_nearest;

/** Begins a search.
 *  @param nearest  all members are set
 *  @param word     need not end with a zero; must outlive the search
 *  @param len      of the word, in bytes */
OPSIG_API void opsig_nearest_start(opsig_nearest *nearest, const char *word, size_t len);
/** Offers a known word, which must outlive the search; of equals the first wins. Near is what
 *  differs in a third of the letters or less, or begins with the word; upper and lower case are the
 *  same. Words above 64 bytes are passed. Time: product of the lengths.
 *  @param nearest  the search
 *  @param known    ends with a zero; must outlive the search */
OPSIG_API void opsig_nearest_offer(opsig_nearest *nearest, const char *known);

OPSIG_END_DECLS

#endif
