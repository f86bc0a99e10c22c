/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ratcliff and Obershelp (Pattern matching: the Gestalt approach, Dr. Dobb's Journal, July 1988):
 * the longest common block, of several the first in the first string, of these the first in the
 * second; then the same left of it and right of it. That is what difflib computes.
 *
 * All places of the second string are tried at once: bit j of a word says that what began at i in
 * the first string ends, so far, at j in the second. One symbol further is a shift by one place
 * and an intersection with the places of the next symbol. When nothing is left the length is known,
 * and the lowest bit of the last word tells the first place.
 *
 * A block cannot be longer than the one that it lies beside, so where blocks below `least` are not
 * wanted, the search ends as soon as one is. This is not so with popular symbols, which begin no
 * block and only extend it: then all blocks are found, and the short ones left out. */
#include "hypothesis/blocks.h"

#include <string.h>

/** The longest block so far. */
struct longest {
    struct ops_block block; /* n: one less than what is wanted, while there is none */
    bool found;
    bool unique;
};

static uint64_t mask_from(uint32_t place)
{
    return UINT64_MAX << place;
}

static uint64_t mask_below(uint32_t place)
{
    return place >= 64 ? UINT64_MAX : (UINT64_C(1) << place) - 1;
}

void ops_second_init(struct ops_second *second, const uint32_t *symbols, uint32_t n,
                     uint64_t *places)
{
    const uint32_t n_words = ops_second_words(n);
    *second = (struct ops_second){
        .symbols = symbols, .n = n, .n_words = n_words, .places = places};
    for (uint32_t j = 0; j < n; j++) {
        places[(size_t)symbols[j] * n_words + j / 64] |= UINT64_C(1) << j % 64;
    }
}

void ops_second_drop_popular(struct ops_second *second, uint32_t n_symbols, uint64_t *places)
{
    const uint32_t n_words = second->n_words;
    const uint32_t most = second->n / 100 + 1;
    for (uint32_t s = 0; second->n >= OPS_BLOCKS_AUTOJUNK && s < n_symbols; s++) {
        uint64_t *const row = places + (size_t)s * n_words;
        uint32_t count = 0;
        for (uint32_t w = 0; w < n_words; w++) {
            count += (uint32_t)__builtin_popcountll(row[w]);
        }
        if (count > most) {
            memset(row, 0, n_words * sizeof *row);
            second->has_popular = true;
        }
    }
}

/** Takes a block that begins at i of the first string and ends at the places of `ends`. */
static inline void take(struct longest *longest, uint32_t i, uint32_t n, uint32_t last_end,
                        bool several)
{
    if (n > longest->block.n) {
        longest->block = (struct ops_block){.a = i, .b = last_end + 1 - n, .n = n};
        longest->found = true;
        longest->unique = !several;
    } else if (longest->found && n == longest->block.n) {
        longest->unique = false;
    }
}

/** The longest block where a row is one word. */
static void find_in_word(struct longest *longest, const uint32_t *first, const uint64_t *places,
                         const struct ops_block_range *range)
{
    const uint64_t end = mask_below(range->b_end);
    const uint64_t inside = end & mask_from(range->b_begin);
    for (uint32_t i = range->a_begin; range->a_end - i >= longest->block.n + !longest->found;
         i++) {
        uint64_t ends = places[first[i]] & inside;
        uint32_t n = 1;
        if (ends == 0) {
            continue;
        }
        for (; i + n < range->a_end; n++) {
            const uint64_t next = ends << 1 & places[first[i + n]] & end;
            if (next == 0) {
                break;
            }
            ends = next;
        }
        take(longest, i, n, (uint32_t)__builtin_ctzll(ends), (ends & (ends - 1)) != 0);
    }
}

/** One symbol further: next = ends shifted by one place, where it stands in `row`.
 *  @return is anything left? */
static bool advance(uint64_t *next, const uint64_t *ends, const uint64_t *row, uint32_t n_words,
                    uint32_t b_end)
{
    uint64_t carry = 0;
    uint64_t any = 0;
    for (uint32_t w = 0; w < n_words; w++) {
        const uint64_t shifted = ends[w] << 1 | carry;
        carry = ends[w] >> 63;
        next[w] = shifted & row[w];
        if (w >= b_end / 64) {
            next[w] &= w > b_end / 64 ? 0 : mask_below(b_end % 64);
        }
        any |= next[w];
    }
    return any != 0;
}

/** The places of a row in a range. @return is there any? */
static bool begin_row(uint64_t *ends, const uint64_t *row, uint32_t n_words,
                      const struct ops_block_range *range)
{
    uint64_t any = 0;
    for (uint32_t w = 0; w < n_words; w++) {
        uint64_t inside = w < range->b_begin / 64 || w > range->b_end / 64 ? 0 : row[w];
        inside &= w == range->b_begin / 64 ? mask_from(range->b_begin % 64) : UINT64_MAX;
        inside &= w == range->b_end / 64 ? mask_below(range->b_end % 64) : UINT64_MAX;
        ends[w] = inside;
        any |= inside;
    }
    return any != 0;
}

static void take_row(struct longest *longest, uint32_t i, uint32_t n, const uint64_t *ends,
                     uint32_t n_words)
{
    bool any = false;
    bool several = false;
    uint32_t place = 0;
    for (uint32_t w = n_words; w > 0; w--) {
        const uint64_t word = ends[w - 1];
        if (word != 0) {
            several = any || (word & (word - 1)) != 0;
            any = true;
            place = (w - 1) * 64 + (uint32_t)__builtin_ctzll(word);
        }
    }
    take(longest, i, n, place, several);
}

/** The longest block whatever the length of a row. @param words  room for two rows */
static void find_in_row(struct longest *longest, const uint32_t *first,
                        const struct ops_second *second, const struct ops_block_range *range,
                        uint64_t *words)
{
    const uint32_t n_words = second->n_words;
    uint64_t *ends = words;
    uint64_t *next = words + n_words;
    for (uint32_t i = range->a_begin; range->a_end - i >= longest->block.n + !longest->found;
         i++) {
        uint32_t n = 1;
        if (!begin_row(ends, second->places + (size_t)first[i] * n_words, n_words, range)) {
            continue;
        }
        while (i + n < range->a_end &&
               advance(next, ends, second->places + (size_t)first[i + n] * n_words, n_words,
                       range->b_end)) {
            uint64_t *const kept = ends;
            ends = next;
            next = kept;
            n++;
        }
        take_row(longest, i, n, ends, n_words);
    }
}

/** Lengthens a block on both sides, as popular symbols do. Where there is none difflib tries an
 *  empty one at the beginning of the range, which popular symbols may lengthen, too. */
static void extend(struct longest *longest, const uint32_t *first, const struct ops_second *second,
                   const struct ops_block_range *range)
{
    struct ops_block *const block = &longest->block;
    if (!longest->found) {
        *block = (struct ops_block){.a = range->a_begin, .b = range->b_begin, .n = 0};
    }
    while (block->a > range->a_begin && block->b > range->b_begin &&
           first[block->a - 1] == second->symbols[block->b - 1]) {
        block->a--;
        block->b--;
        block->n++;
    }
    while (block->a + block->n < range->a_end && block->b + block->n < range->b_end &&
           first[block->a + block->n] == second->symbols[block->b + block->n]) {
        block->n++;
    }
    longest->found = block->n > 0;
}

static opsig_status open_range(struct ops_blocks *blocks, const struct ops_block_range *range,
                               uint32_t least, opsig_error *err)
{
    if (range->a_end - range->a_begin < least || range->b_end - range->b_begin < least) {
        return OPSIG_OK;
    }
    return ops_vec_push(&blocks->open, *range, err);
}

/** Takes a block off a range; what lies on both sides of it stays open. */
static opsig_status split(struct ops_blocks *blocks, const struct ops_block_range *range,
                          const struct ops_block *block, uint32_t least, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_block_range left = {range->a_begin, block->a, range->b_begin, block->b};
    const struct ops_block_range right = {block->a + block->n, range->a_end, block->b + block->n,
                                range->b_end};
    TRY(open_range(blocks, &left, least, err));
    TRY(open_range(blocks, &right, least, err));
done:
    return status;
}

opsig_status ops_blocks_find(struct ops_blocks *blocks, const uint32_t *first, uint32_t n_first,
                             const struct ops_second *second, uint32_t least, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t least_seed = second->has_popular ? 1 : least;
    const struct ops_block_range whole = {0, n_first, 0, second->n};
    blocks->blocks.len = blocks->open.len = 0;
    blocks->unique = !second->has_popular;
    TRY(ops_vec_reserve(&blocks->words, 2 * (size_t)second->n_words, err));
    TRY(open_range(blocks, &whole, least_seed, err));
    while (blocks->open.len > 0) {
        const struct ops_block_range range = blocks->open.items[--blocks->open.len];
        struct longest longest = {.block.n = least_seed - 1};
        if (second->n_words == 1) {
            find_in_word(&longest, first, second->places, &range);
        } else {
            find_in_row(&longest, first, second, &range, blocks->words.items);
        }
        if (second->has_popular) {
            extend(&longest, first, second, &range);
        }
        if (!longest.found) {
            continue;
        }
        blocks->unique = blocks->unique && longest.unique;
        TRY(split(blocks, &range, &longest.block, least_seed, err));
        if (longest.block.n >= least) {
            TRY(ops_vec_push(&blocks->blocks, longest.block, err));
        }
    }
done:
    return status;
}

void ops_blocks_dispose(struct ops_blocks *blocks)
{
    ops_vec_dispose(&blocks->blocks);
    ops_vec_dispose(&blocks->open);
    ops_vec_dispose(&blocks->words);
}
