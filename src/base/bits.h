/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file bits.h  Counting over bit strings, by the widest instructions that the processor at hand
 *  has. All kinds of instructions give the same numbers. */
#ifndef OPSIG_BASE_BITS_H
#define OPSIG_BASE_BITS_H

#include <stddef.h>
#include <stdint.h>

enum {
    OPS_BITS_BLOCK = 8,    /* words that columns are added up in */
    OPS_BITS_SLICES = 32,  /* most digits of a sum */
    OPS_BITS_MAX_KINDS = 3 /* of instructions */
};

/** A 2x2 table. */
struct ops_bits_table {
    uint32_t all, a, b, both;
};

/** Functions made of one kind of instructions. */
struct ops_bits {
    const char *name;
    /** Of the bits that are set in both `within` and `rows`: how many there are, and how many of
     *  them are set in a, in b and in both. O(n_words) */
    struct ops_bits_table (*tabulate)(const uint64_t *within, const uint64_t *rows,
                                      const uint64_t *a, const uint64_t *b, size_t n_words);
    /**
     * Adds up bit strings column by column. The sums are bit-sliced: bit j of slice s is digit s of
     * the number of strings in which bit j is set. Carry-save adders as in population counts
     * (Harley and Seal; Warren, "Hacker's Delight", ch. 5; Mula, Kurz and Lemire, Comput. J. 2018).
     * @param strings  n of n_words words each, a multiple of OPS_BITS_BLOCK
     * @param slices   ops_bits_n_slices(n) strings, written
     * O(n * n_words)
     */
    void (*add_columns)(uint64_t *slices, const uint64_t *const *strings, size_t n,
                        size_t n_words);
};

/** Digits that the numbers up to n have. */
static inline uint32_t ops_bits_n_slices(size_t n)
{
    uint32_t n_slices = 0;
    for (; n > 0; n >>= 1) {
        n_slices++;
    }
    return n_slices;
}

/** Lists the kinds that this processor runs, the best one last; returns their number, from 1 on. */
size_t ops_bits_kinds(const struct ops_bits **out);
/** The best one. */
const struct ops_bits *ops_bits_best(void);

#endif
