/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which patterns lie within which: against trying all pairs and all patterns between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pattern/contain.h"
#include "pattern/parts.h"
#include "support/random_dag.h"

enum { N_PATTERNS = 40 };

static bool is_pair(const ops_part_vec *pairs, uint32_t whole, uint32_t part)
{
    for (size_t i = 0; i < pairs->len; i++) {
        if (pairs->items[i].whole == whole && pairs->items[i].part == part) {
            return true;
        }
    }
    return false;
}

/** Random patterns, all different, none of which is another one with an edge that says nothing. */
static uint32_t different_patterns(struct shape_dice *dice, opsig_pattern **out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < N_PATTERNS; i++) {
        out[n] = random_pattern(dice, 4, 2, 1 + i % 2);
        bool fits = true;
        for (uint32_t j = 0; j < n && fits; j++) {
            fits = !ops_pattern_contains(out[n], out[j]) || !ops_pattern_contains(out[j], out[n]);
        }
        if (fits) {
            n++;
        } else {
            opsig_pattern_free(out[n]);
        }
    }
    return n;
}

static void pairs_are_the_direct_ones(void **state)
{
    (void)state;
    size_t n_pairs = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct shape_dice dice = {seed, 0};
        opsig_pattern *patterns[N_PATTERNS];
        ops_part_vec pairs = {NULL, 0, 0};
        const uint32_t n = different_patterns(&dice, patterns);
        assert_int_equal(ops_parts_find(&pairs, (const opsig_pattern *const *)patterns, n, NULL),
                         OPSIG_OK);
        for (uint32_t w = 0; w < n; w++) {
            for (uint32_t p = 0; p < n; p++) {
                bool direct = w != p && ops_pattern_contains(patterns[w], patterns[p]);
                for (uint32_t between = 0; between < n && direct; between++) {
                    direct = between == w || between == p ||
                             !ops_pattern_contains(patterns[w], patterns[between]) ||
                             !ops_pattern_contains(patterns[between], patterns[p]);
                }
                assert_int_equal(is_pair(&pairs, w, p), direct);
                n_pairs += direct;
            }
        }
        for (size_t i = 1; i < pairs.len; i++) {
            const struct ops_part a = pairs.items[i - 1];
            const struct ops_part b = pairs.items[i];
            assert_true(a.whole < b.whole || (a.whole == b.whole && a.part < b.part));
        }
        ops_vec_dispose(&pairs);
        for (uint32_t i = 0; i < n; i++) {
            opsig_pattern_free(patterns[i]);
        }
    }
    assert_true(n_pairs > 1000);
}

static void a_pattern_with_attributes_holds_the_one_without(void **state)
{
    (void)state;
    static const char *const texts[] = {"Cast", "Cast{to=1}", "Pad -> Cast", "Pad -> Cast{to=1}",
                                        "Pad -[2]-> Cast"};
    static const struct ops_part expected[] = {{1, 0}, {2, 0}, {3, 1}, {3, 2}, {4, 2}};
    opsig_pattern *patterns[5];
    ops_part_vec pairs = {NULL, 0, 0};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(opsig_pattern_parse(&patterns[i], texts[i], NULL), OPSIG_OK);
    }
    assert_int_equal(ops_parts_find(&pairs, (const opsig_pattern *const *)patterns, 5, NULL),
                     OPSIG_OK);
    assert_int_equal(pairs.len, 5);
    assert_memory_equal(pairs.items, expected, sizeof expected);
    ops_vec_dispose(&pairs);
    for (size_t i = 0; i < 5; i++) {
        opsig_pattern_free(patterns[i]);
    }
}

static void patterns_that_hold_each_other_are_one_pair_and_none_is_none(void **state)
{
    (void)state;
    opsig_pattern *patterns[2];
    ops_part_vec pairs = {NULL, 0, 0};
    assert_int_equal(ops_parts_find(&pairs, NULL, 0, NULL), OPSIG_OK);
    assert_int_equal(pairs.len, 0);
    assert_int_equal(opsig_pattern_parse(&patterns[0], "A -[1]-> B", NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&patterns[1], "a:A; b:B; a -> b; a -[1]-> b", NULL),
                     OPSIG_OK);
    assert_int_equal(ops_parts_find(&pairs, (const opsig_pattern *const *)patterns, 2, NULL),
                     OPSIG_OK);
    assert_int_equal(pairs.len, 1);
    ops_vec_dispose(&pairs);
    opsig_pattern_free(patterns[0]);
    opsig_pattern_free(patterns[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_the_direct_ones),
        cmocka_unit_test(a_pattern_with_attributes_holds_the_one_without),
        cmocka_unit_test(patterns_that_hold_each_other_are_one_pair_and_none_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
