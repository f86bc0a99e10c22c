/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each kind of instructions that this processor has counts as one bit after the other does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/bits.h"
#include "base/rng.h"

enum { N_WORDS = 3 * OPS_BITS_BLOCK, MOST_STRINGS = 300 };

static uint32_t bit(const uint64_t *string, size_t j)
{
    return (uint32_t)(string[j / 64] >> j % 64 & 1);
}

/** Random words; a third each of few, half and nearly all bits set. */
static void fill(uint64_t *words, size_t n, uint64_t seed)
{
    for (size_t w = 0; w < n; w++) {
        const uint64_t x = ops_rng_u64(seed, 1, w);
        const uint64_t y = ops_rng_u64(seed, 2, w);
        words[w] = seed % 3 == 0 ? x & y : seed % 3 == 1 ? x : x | y;
    }
}

static void tables_count_bits(void **state)
{
    (void)state;
    const struct ops_bits *kinds[OPS_BITS_MAX_KINDS];
    const size_t n_kinds = ops_bits_kinds(kinds);
    for (uint64_t seed = 0; seed < 200; seed++) {
        uint64_t words[4][N_WORDS];
        const size_t n_words = ops_rng_below(seed, 0, 0, N_WORDS + 1);
        struct ops_bits_table expected = {0, 0, 0, 0};
        for (uint64_t i = 0; i < 4; i++) {
            fill(words[i], N_WORDS, seed * 4 + i);
        }
        for (size_t j = 0; j < n_words * 64; j++) {
            const uint32_t all = bit(words[0], j) & bit(words[1], j);
            expected.all += all;
            expected.a += all & bit(words[2], j);
            expected.b += all & bit(words[3], j);
            expected.both += all & bit(words[2], j) & bit(words[3], j);
        }
        for (size_t i = 0; i < n_kinds; i++) {
            const struct ops_bits_table seen =
                kinds[i]->tabulate(words[0], words[1], words[2], words[3], n_words);
            assert_memory_equal(&seen, &expected, sizeof seen);
        }
    }
}

/** Holds the sums of n strings against those of every column by itself. */
static void check_columns(const struct ops_bits *kind, const uint64_t *const *strings, size_t n,
                          size_t n_words)
{
    static uint64_t slices[OPS_BITS_SLICES * N_WORDS];
    memset(slices, 0xa5, sizeof slices); /* what lies there before does not matter */
    kind->add_columns(slices, strings, n, n_words);
    for (size_t j = 0; j < n_words * 64; j++) {
        uint32_t expected = 0;
        uint32_t seen = 0;
        for (size_t i = 0; i < n; i++) {
            expected += bit(strings[i], j);
        }
        for (uint32_t s = 0; s < ops_bits_n_slices(n); s++) {
            seen |= bit(slices + s * n_words, j) << s;
        }
        assert_int_equal(seen, expected);
    }
}

static void columns_are_added_up(void **state)
{
    (void)state;
    static uint64_t words[MOST_STRINGS][N_WORDS + 1];
    const uint64_t *strings[MOST_STRINGS];
    const struct ops_bits *kinds[OPS_BITS_MAX_KINDS];
    const size_t n_kinds = ops_bits_kinds(kinds);
    for (uint64_t seed = 0; seed < 60; seed++) {
        const size_t n = seed < 20 ? seed : ops_rng_below(seed, 0, 0, MOST_STRINGS + 1);
        const size_t n_words = OPS_BITS_BLOCK * (1 + seed % 3);
        for (size_t i = 0; i < n; i++) {
            fill(words[i], N_WORDS + 1, seed * MOST_STRINGS + i);
            strings[i] = words[i] + i % 2; /* aligned for words, not for blocks */
        }
        for (size_t k = 0; k < n_kinds; k++) {
            check_columns(kinds[k], strings, n, n_words);
        }
    }
}

static void full_columns_reach_the_last_digit(void **state)
{
    (void)state;
    uint64_t ones[OPS_BITS_BLOCK];
    const uint64_t *strings[MOST_STRINGS];
    const struct ops_bits *kinds[OPS_BITS_MAX_KINDS];
    const size_t n_kinds = ops_bits_kinds(kinds);
    memset(ones, 0xff, sizeof ones);
    for (size_t n = 0; n <= MOST_STRINGS; n++) {
        for (size_t k = 0; k < n_kinds; k++) {
            check_columns(kinds[k], strings, n, OPS_BITS_BLOCK);
        }
        if (n < MOST_STRINGS) {
            strings[n] = ones;
        }
    }
}

static void the_best_kind_is_one_that_runs_here(void **state)
{
    (void)state;
    const struct ops_bits *kinds[OPS_BITS_MAX_KINDS];
    const size_t n_kinds = ops_bits_kinds(kinds);
    assert_in_range(n_kinds, 1, OPS_BITS_MAX_KINDS);
    assert_string_equal(kinds[0]->name, "portable");
    assert_ptr_equal(ops_bits_best(), kinds[n_kinds - 1]);
    print_message("kinds here: %zu, best %s\n", n_kinds, ops_bits_best()->name);
}

static void digits_of_a_number(void **state)
{
    (void)state;
    assert_int_equal(ops_bits_n_slices(0), 0);
    assert_int_equal(ops_bits_n_slices(1), 1);
    assert_int_equal(ops_bits_n_slices(7), 3);
    assert_int_equal(ops_bits_n_slices(8), 4);
    assert_int_equal(ops_bits_n_slices(UINT32_MAX), OPS_BITS_SLICES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_count_bits),
        cmocka_unit_test(columns_are_added_up),
        cmocka_unit_test(full_columns_reach_the_last_digit),
        cmocka_unit_test(the_best_kind_is_one_that_runs_here),
        cmocka_unit_test(digits_of_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
