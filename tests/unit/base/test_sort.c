/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorted ids against counting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/sort.h"

enum { MOST = 50, RANGE = 40 };

static void sorted_ids_are_the_same_ids_in_order_and_are_found(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 1000; round++) {
        uint32_t ids[MOST];
        size_t counts[RANGE] = {0};
        const size_t n = ops_rng_below(round, 0, 0, MOST + 1);
        for (size_t i = 0; i < n; i++) {
            ids[i] = (uint32_t)ops_rng_below(round, 1, i, RANGE);
            counts[ids[i]]++;
        }
        ops_sort_u32(ids, n);
        for (size_t i = 0; i < n; i++) {
            assert_true(i == 0 || ids[i - 1] <= ids[i]);
            counts[ids[i]]--;
        }
        for (uint32_t id = 0; id < RANGE; id++) {
            assert_int_equal(counts[id], 0);
            size_t n_equal = 0;
            for (size_t i = 0; i < n; i++) {
                n_equal += ids[i] == id;
            }
            const size_t place = ops_find_u32(ids, n, id);
            assert_int_equal(place == SIZE_MAX, n_equal == 0);
            assert_true(place == SIZE_MAX || ids[place] == id);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_ids_are_the_same_ids_in_order_and_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
