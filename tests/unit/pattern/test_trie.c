/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "graph/snapshot.h"
#include "pattern/trie.h"

enum { MAX_LENGTH = 5, N_CODES = 40 };

/** A random sequence over three symbols; returns its length. */
static size_t random_code(uint64_t seed, uint64_t stream, struct ops_step *steps)
{
    size_t n = 1 + (size_t)ops_rng_below(seed, stream, 0, MAX_LENGTH);
    for (size_t k = 0; k < n; k++) {
        steps[k] = ops_code_sequence_step(k, (uint32_t)ops_rng_below(seed, stream, k + 1, 3));
    }
    return n;
}

/** Does a walk from the root along the code end at a node that has the value? */
static bool find(const struct ops_trie *trie, const struct ops_step *steps, size_t n,
                 uint32_t value)
{
    uint32_t node = 0;
    for (size_t k = 0; k < n; k++) {
        node = ops_trie_sequence_child(trie, node, k, steps[k].symbol);
        if (node == OPS_TRIE_NONE) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ops_trie_node(trie, node)->n_values; i++) {
        if (ops_trie_values(trie, node)[i] == value) {
            return true;
        }
    }
    return false;
}

static void every_code_is_found_with_its_value_and_no_other_code_is(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct ops_step steps[MAX_LENGTH];
        struct ops_trie *trie = NULL;
        assert_int_equal(ops_trie_new(&trie, NULL), OPSIG_OK);
        for (uint32_t i = 0; i < N_CODES; i++) {
            struct ops_code code = {steps, random_code(seed, i, steps)};
            assert_int_equal(ops_trie_add(trie, code, i, NULL), OPSIG_OK);
        }
        assert_int_equal(ops_trie_seal(trie, NULL), OPSIG_OK);
        for (uint32_t i = 0; i < N_CODES; i++) {
            size_t n = random_code(seed, i, steps);
            assert_true(find(trie, steps, n, i));
            steps[n - 1].symbol = 3; /* in no code */
            assert_false(find(trie, steps, n, i));
        }
        ops_trie_free(trie);
    }
}

static void shared_prefixes_are_one_node(void **state)
{
    (void)state;
    struct ops_step ab[] = {ops_code_sequence_step(0, 0), ops_code_sequence_step(1, 1)};
    struct ops_step ac[] = {ops_code_sequence_step(0, 0), ops_code_sequence_step(1, 2)};
    struct ops_trie *trie = NULL;
    assert_int_equal(ops_trie_new(&trie, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_add(trie, (struct ops_code){ac, 2}, 7, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_add(trie, (struct ops_code){ab, 2}, 8, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_add(trie, (struct ops_code){ab, 2}, 9, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_seal(trie, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_node(trie, 0)->n_children, 1);
    uint32_t a = ops_trie_sequence_child(trie, 0, 0, 0);
    assert_int_equal(ops_trie_node(trie, a)->n_children, 2);
    assert_int_equal(ops_trie_node(trie, a)->n_values, 0);
    uint32_t b = ops_trie_sequence_child(trie, a, 1, 1);
    assert_int_equal(ops_trie_node(trie, b)->n_values, 2);
    ops_trie_free(trie);
}

static void an_empty_trie_has_only_its_root(void **state)
{
    (void)state;
    struct ops_trie *trie = NULL;
    assert_int_equal(ops_trie_new(&trie, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_seal(trie, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_sequence_child(trie, 0, 0, 0), OPS_TRIE_NONE);
    ops_trie_free(trie);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_found_with_its_value_and_no_other_code_is),
        cmocka_unit_test(shared_prefixes_are_one_node),
        cmocka_unit_test(an_empty_trie_has_only_its_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
