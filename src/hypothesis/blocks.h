/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file blocks.h  Matching blocks of two strings of symbols, as Ratcliff and Obershelp find them
 *  and Python's difflib.SequenceMatcher with its default settings. */
#ifndef OPSIG_HYPOTHESIS_BLOCKS_H
#define OPSIG_HYPOTHESIS_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vec.h"

/** From this length of the second string on, symbols that are frequent in it begin no block
 *  (difflib's autojunk). */
enum { OPS_BLOCKS_AUTOJUNK = 200 };

/** `n` symbols that are the same from a on in the first string, from b on in the second. */
struct ops_block {
    uint32_t a, b, n;
};

/** A second string, ready to be compared with many first ones. Symbols are small numbers here.
 *
 *      string          Relu Add Relu         Relu is 0, Add is 1
 *      places          101  010              bit j of row s: symbol s stands at place j
 */
struct ops_second {
    const uint32_t *symbols;
    uint32_t n;
    uint32_t n_words;      /* of a row, 64 places each */
    const uint64_t *places; /* a row for each symbol that either string may have */
    bool has_popular;      /* the rows of some symbols are empty: they only extend blocks */
};

/** Words that a row takes. */
static inline uint32_t ops_second_words(uint32_t n)
{
    return n / 64 + 1;
}

/** Fills in a second string. @param places  n_symbols * ops_second_words(n) words, cleared */
void ops_second_init(struct ops_second *second, const uint32_t *symbols, uint32_t n,
                     uint64_t *places);
/** Lets no popular symbol begin a block, where the string is long enough for autojunk. */
void ops_second_drop_popular(struct ops_second *second, uint32_t n_symbols, uint64_t *places);

/** The part of two strings where the next block is looked for. */
struct ops_block_range {
    uint32_t a_begin, a_end, b_begin, b_end;
};

/** What matching needs, and its result. Zero-initialise; dispose with ops_blocks_dispose. */
struct ops_blocks {
    OPS_VEC(struct ops_block) blocks; /* in no order */
    bool unique; /* no choice between blocks of equal length was made: with the strings exchanged
                    the blocks would be the same */
    OPS_VEC(struct ops_block_range) open;
    OPS_VEC(uint64_t) words; /* two rows */
};

/**
 * Finds all blocks of at least `least` symbols, replacing those of the last call.
 * Time: at most the square of the first string's length times n_words for each block found; linear
 * where few symbols match.
 */
opsig_status ops_blocks_find(struct ops_blocks *blocks, const uint32_t *first, uint32_t n_first,
                             const struct ops_second *second, uint32_t least, opsig_error *err);
void ops_blocks_dispose(struct ops_blocks *blocks);

#endif
