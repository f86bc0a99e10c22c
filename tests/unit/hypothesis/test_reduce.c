/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reduced sets: small ones by hand, random ones against the definition, step by step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "hypothesis/blocks.h"
#include "hypothesis/reduce.h"

enum { N_SYMBOLS = 128, LONGEST = 16, MOST = 400 };

/** Sequences as text, a letter a symbol. */
struct words {
    size_t n;
    char text[MOST][LONGEST + 1];
};

static struct ops_reduced reduced;

static int teardown(void **state)
{
    (void)state;
    ops_vec_dispose(&reduced);
    return 0;
}

static void reduce(const struct words *words)
{
    static uint32_t symbols[MOST][LONGEST];
    static struct ops_word sequences[MOST];
    for (size_t i = 0; i < words->n; i++) {
        const size_t n = strlen(words->text[i]);
        for (size_t k = 0; k < n; k++) {
            symbols[i][k] = (uint32_t)words->text[i][k];
        }
        sequences[i] = (struct ops_word){.symbols = symbols[i], .n = (uint32_t)n};
    }
    assert_int_equal(ops_reduce(&reduced, sequences, words->n, N_SYMBOLS, NULL), OPSIG_OK);
}

/** Compares the reduced set with words, in order. */
static void expect(const struct words *words)
{
    assert_int_equal(reduced.len, words->n);
    for (size_t i = 0; i < words->n; i++) {
        const struct ops_word *const sequence = &reduced.items[i];
        assert_int_equal(sequence->n, strlen(words->text[i]));
        for (uint32_t k = 0; k < sequence->n; k++) {
            assert_int_equal(sequence->symbols[k], words->text[i][k]);
        }
    }
}

static void what_shares_three_symbols_stays(void **state)
{
    (void)state;
    const struct words words = {.n = 3, .text = {"abcd", "bcde", "abc"}};
    reduce(&words);
    const struct words kept = {.n = 3, .text = {"abc", "abcd", "bcde"}};
    expect(&kept);
}

static void a_block_of_four_replaces_both(void **state)
{
    (void)state;
    const struct words words = {.n = 3, .text = {"xabcdy", "zabcdw", "klm"}};
    reduce(&words);
    const struct words kept = {.n = 2, .text = {"abcd", "klm"}};
    expect(&kept);
}

static void a_sequence_within_another_replaces_it(void **state)
{
    (void)state;
    const struct words words = {.n = 2, .text = {"abcdef", "bcdef"}};
    reduce(&words);
    const struct words kept = {.n = 1, .text = {"bcdef"}};
    expect(&kept);
}

static void two_may_become_several(void **state)
{
    (void)state;
    const struct words words = {.n = 2, .text = {"abcdxefgh", "abcdyefgh"}};
    reduce(&words);
    const struct words kept = {.n = 2, .text = {"abcd", "efgh"}};
    expect(&kept);
}

static void nothing_reduces_to_nothing(void **state)
{
    (void)state;
    const struct words words = {.n = 0};
    reduce(&words);
    expect(&words);
}

/* ---- the definition ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void add(struct words *words, const char *text, size_t n)
{
    char word[LONGEST + 1] = "";
    memcpy(word, text, n);
    for (size_t i = 0; i < words->n; i++) {
        if (strcmp(words->text[i], word) == 0) {
            return;
        }
    }
    assert_true(words->n < MOST);
    memcpy(words->text[words->n++], word, sizeof word);
    qsort(words->text, words->n, sizeof *words->text, by_text);
}

static void drop(struct words *words, size_t i)
{
    memmove(words->text[i], words->text[i + 1], (--words->n - i) * sizeof *words->text);
}

/** Adds the blocks of more than three symbols of two words, left to right, by trying all pairs of
 *  places. @return is there any? */
static int add_blocks(struct words *out, const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t best[3] = {0};
    for (size_t i = 0; i < n_a; i++) {
        for (size_t j = 0; j < n_b; j++) {
            size_t n = 0;
            while (i + n < n_a && j + n < n_b && a[i + n] == b[j + n]) {
                n++;
            }
            if (n > best[2]) {
                best[0] = i;
                best[1] = j;
                best[2] = n;
            }
        }
    }
    if (best[2] <= OPS_REDUCE_LONGER_THAN) {
        return 0;
    }
    (void)add_blocks(out, a, best[0], b, best[1]);
    add(out, a + best[0], best[2]);
    (void)add_blocks(out, a + best[0] + best[2], n_a - best[0] - best[2],
                     b + best[1] + best[2], n_b - best[1] - best[2]);
    return 1;
}

static void reduce_by_definition(struct words *words, struct words *kept)
{
    kept->n = 0;
    while (words->n > 0) {
        char word[LONGEST + 1];
        size_t partner = 0;
        struct words blocks = {.n = 0};
        memcpy(word, words->text[0], sizeof word);
        drop(words, 0);
        for (; partner < kept->n && blocks.n == 0; partner += blocks.n == 0) {
            const char *const other = kept->text[partner];
            const int is_first = strcmp(word, other) < 0;
            const char *const a = is_first ? word : other;
            const char *const b = is_first ? other : word;
            (void)add_blocks(&blocks, a, strlen(a), b, strlen(b));
        }
        if (blocks.n == 0) {
            add(kept, word, strlen(word));
            continue;
        }
        drop(kept, partner);
        for (size_t i = 0; i < blocks.n; i++) {
            add(words, blocks.text[i], strlen(blocks.text[i]));
        }
    }
}

static void random_sets_reduce_as_defined(void **state)
{
    (void)state;
    static struct words words, kept;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        uint64_t drawn = 0;
        words.n = 0;
        const uint64_t n = 1 + ops_rng_below(seed, 0, drawn++, 60);
        const uint64_t n_letters = 2 + ops_rng_below(seed, 0, drawn++, 6);
        for (uint64_t i = 0; i < n; i++) {
            char text[LONGEST + 1] = "";
            const uint64_t length = 3 + ops_rng_below(seed, 0, drawn++, 9);
            for (uint64_t k = 0; k < length; k++) {
                text[k] = (char)('a' + (int)ops_rng_below(seed, 0, drawn++, n_letters));
            }
            add(&words, text, length);
        }
        reduce(&words);
        reduce_by_definition(&words, &kept);
        expect(&kept);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_shares_three_symbols_stays), TEST(a_block_of_four_replaces_both),
        TEST(a_sequence_within_another_replaces_it), TEST(two_may_become_several),
        TEST(nothing_reduces_to_nothing), TEST(random_sets_reduce_as_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
