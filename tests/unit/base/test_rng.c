/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random numbers: known answers, and shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/rng.h"

/* Known answers of Philox 4x32-10 from the Random123 distribution (kat_vectors): counter, key,
 * and the first two words of the result. */
static const struct answer {
    uint32_t counter[4], key[2], result[2];
} answers[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb}},
};

__extension__ typedef unsigned __int128 wide;

static uint64_t join(const uint32_t *words)
{
    return (uint64_t)words[1] << 32 | words[0];
}

static void numbers_are_the_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const struct answer *const a = &answers[i];
        assert_int_equal(ops_rng_u64(join(a->key), join(a->counter + 2), join(a->counter)),
                         join(a->result));
    }
}

static void bounded_numbers_are_the_high_half_of_the_product(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 10000; i++) {
        const uint64_t bound = ops_rng_u64(3, 1, i) >> (i % 64);
        const uint64_t drawn = ops_rng_below(3, 2, i, bound | 1);
        const wide product = (wide)ops_rng_u64(3, 2, i) * (bound | 1);
        assert_int_equal(drawn, (uint64_t)(product >> 64));
        assert_true(drawn < (bound | 1));
    }
}

static void small_bounds_are_hit_evenly(void **state)
{
    (void)state;
    enum { DRAWS = 60000, SIDES = 6 };
    unsigned counts[SIDES] = {0};
    for (uint64_t i = 0; i < DRAWS; i++) {
        counts[ops_rng_below(5, 0, i, SIDES)]++;
    }
    for (int i = 0; i < SIDES; i++) {
        assert_in_range(counts[i], DRAWS / SIDES - 500, DRAWS / SIDES + 500);
    }
}

static void a_permutation_holds_each_number_once(void **state)
{
    (void)state;
    static uint32_t order[1000];
    static unsigned char seen[1000];
    for (uint32_t n = 0; n <= 1000; n += 37) {
        memset(seen, 0, sizeof seen);
        ops_rng_permutation(11, n, order, n);
        for (uint32_t i = 0; i < n; i++) {
            assert_true(order[i] < n);
            assert_int_equal(seen[order[i]]++, 0);
        }
    }
}

static void all_orders_of_three_are_equally_likely(void **state)
{
    (void)state;
    unsigned counts[27] = {0};
    for (uint64_t stream = 0; stream < 30000; stream++) {
        uint32_t order[3];
        ops_rng_permutation(1, stream, order, 3);
        counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    unsigned n_orders = 0;
    for (int i = 0; i < 27; i++) {
        if (counts[i] > 0) {
            n_orders++;
            assert_in_range(counts[i], 4700, 5300);
        }
    }
    assert_int_equal(n_orders, 6);
}

static void a_permutation_depends_on_seed_and_stream_alone(void **state)
{
    (void)state;
    uint32_t a[50];
    uint32_t b[50];
    ops_rng_permutation(1, 2, a, 50);
    ops_rng_permutation(1, 2, b, 50);
    assert_memory_equal(a, b, sizeof a);
    ops_rng_permutation(1, 3, b, 50);
    assert_memory_not_equal(a, b, sizeof a);
    ops_rng_permutation(2, 2, b, 50);
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_known_answers),
        cmocka_unit_test(bounded_numbers_are_the_high_half_of_the_product),
        cmocka_unit_test(small_bounds_are_hit_evenly),
        cmocka_unit_test(a_permutation_holds_each_number_once),
        cmocka_unit_test(all_orders_of_three_are_equally_likely),
        cmocka_unit_test(a_permutation_depends_on_seed_and_stream_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
