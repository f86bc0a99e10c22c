/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mine/classes.h"
#include "support/all_sequences.h"

enum { ROOM = 50000 };

static struct one_sequence slow[ROOM];

/** The class of a set of models; NULL where there is none. */
static const struct ops_class *class_of(const struct ops_classes *classes, uint64_t models)
{
    for (size_t i = 0; i < classes->classes.len; i++) {
        if (classes->classes.items[i].models[0] == models) {
            return &classes->classes.items[i];
        }
    }
    return NULL;
}

/** Is `a` simpler than, or equal to, every sequence of the same models? */
static void check_generator(const struct ops_mine_field *field, const struct ops_class *class,
                            size_t n_slow)
{
    bool among_them = false;
    for (size_t i = 0; i < n_slow; i++) {
        if (slow[i].models == class->models[0]) {
            struct ops_sequence other = {slow[i].symbols, slow[i].n};
            int order = ops_sequence_order(field->symbols, class->generator, other);
            assert_true(order <= 0);
            among_them = among_them || order == 0;
            assert_true(class->closed.n >= other.n);
        }
    }
    assert_true(among_them);
}

static void check_corpus(uint64_t seed, bool two_layers)
{
    struct random_field_options options = {.n_models = 5,
                                           .max_vertices = 6,
                                           .n_symbols = 2,
                                           .edge_percent = 35,
                                           .two_layers = two_layers};
    struct ops_explore_bounds bounds = {
        .min_support = 1 + (uint32_t)(seed % 2), .max_length = 3, .max_patterns = 1000000};
    struct ops_mine_field *field = random_field(seed, &options);
    struct ops_classes *classes = NULL;
    size_t n_slow = all_sequences(field, 3, bounds.min_support, slow);
    assert_in_range(n_slow, 0, ROOM);
    assert_int_equal(ops_classes_mine(&classes, field, &bounds, NULL), OPSIG_OK);
    for (size_t i = 0; i < n_slow; i++) {
        assert_non_null(class_of(classes, slow[i].models));
    }
    for (size_t i = 0; i < classes->classes.len; i++) {
        const struct ops_class *class = &classes->classes.items[i];
        assert_int_equal(class->support, __builtin_popcountll(class->models[0]));
        assert_ptr_equal(class_of(classes, class->models[0]), class);
        check_generator(field, class, n_slow);
    }
    ops_classes_free(classes);
    ops_mine_field_free(field);
}

static void classes_are_the_sets_of_models_with_their_smallest_and_longest_sequence(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        check_corpus(seed, false);
        check_corpus(seed, true);
    }
}

static void order_puts_short_then_general_sequences_first(void **state)
{
    (void)state;
    struct random_field_options options = {.n_models = 1, .max_vertices = 1, .n_symbols = 2};
    struct ops_mine_field *field = random_field(1, &options);
    /* ids: A, A{x}, A{y}, B, B{x}, B{y} */
    static const uint32_t a[] = {0}, ab[] = {0, 3}, ax_b[] = {1, 3}, ba[] = {3, 0};
    struct ops_sequence sorted[] = {{a, 1}, {ab, 2}, {ba, 2}, {ax_b, 2}};
    for (size_t i = 0; i + 1 < sizeof sorted / sizeof *sorted; i++) {
        assert_true(ops_sequence_order(field->symbols, sorted[i], sorted[i + 1]) < 0);
        assert_true(ops_sequence_order(field->symbols, sorted[i + 1], sorted[i]) > 0);
        assert_int_equal(ops_sequence_order(field->symbols, sorted[i], sorted[i]), 0);
    }
    assert_true(ops_sequence_contains(field->symbols, sorted[3], sorted[1]));
    assert_false(ops_sequence_contains(field->symbols, sorted[1], sorted[3]));
    assert_true(ops_sequence_contains(field->symbols, sorted[2], sorted[0]));
    ops_mine_field_free(field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            classes_are_the_sets_of_models_with_their_smallest_and_longest_sequence),
        cmocka_unit_test(order_puts_short_then_general_sequences_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
