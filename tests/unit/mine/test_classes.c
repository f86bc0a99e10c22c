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
            struct ops_step steps[ALL_SEQUENCES_MAX_LENGTH];
            const struct ops_code other = sequence_code(steps, slow[i].symbols, slow[i].n);
            const int order = ops_code_order(field->symbols, class->generator, other);
            assert_true(order <= 0);
            among_them = among_them || order == 0;
            assert_true(class->closed.n_steps >= other.n_steps);
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
    assert_int_equal(ops_classes_new(&classes, field->symbols, field->n_models, NULL), OPSIG_OK);
    assert_int_equal(ops_classes_add_sequences(classes, field, &bounds, NULL), OPSIG_OK);
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

static void order_puts_short_general_patterns_first_and_sequences_before_subgraphs(void **state)
{
    (void)state;
    struct random_field_options options = {.n_models = 1, .max_vertices = 1, .n_symbols = 2};
    struct ops_mine_field *field = random_field(1, &options);
    /* ids: A, A{x}, A{y}, B, B{x}, B{y} */
    static const uint32_t a[] = {0}, ab[] = {0, 3}, ax_b[] = {1, 3}, ba[] = {3, 0};
    struct ops_step room[4][2];
    /* B <- A -> A: the same symbols and edges as no sequence */
    const struct ops_step fork[] = {{0, 0, 0, 0, 0}, {0, 0, 0, 1, 0}, {3, 0, 0, 2, 0}};
    const uint32_t aab[] = {0, 0, 3};
    struct ops_step aab_room[3];
    const struct ops_code sorted[] = {
        sequence_code(room[0], a, 1),      sequence_code(room[1], ab, 2),
        sequence_code(room[2], ba, 2),     sequence_code(room[3], ax_b, 2),
        sequence_code(aab_room, aab, 3),   {fork, 3}};
    for (size_t i = 0; i + 1 < sizeof sorted / sizeof *sorted; i++) {
        assert_true(ops_code_order(field->symbols, sorted[i], sorted[i + 1]) < 0);
        assert_true(ops_code_order(field->symbols, sorted[i + 1], sorted[i]) > 0);
        assert_int_equal(ops_code_order(field->symbols, sorted[i], sorted[i]), 0);
    }
    ops_mine_field_free(field);
}

/** Classes of sequences up to three vertices and of subgraphs up to max_edges edges. */
static struct ops_classes *mine_both(const struct ops_mine_field *field, uint32_t max_edges,
                                     unsigned n_threads)
{
    const struct ops_explore_bounds bounds = {
        .min_support = 1, .max_length = 3, .max_patterns = 1000000};
    const struct ops_subgraph_bounds subgraph_bounds = {.min_support = 1,
                                                        .max_edges = max_edges,
                                                        .max_patterns = 1000000,
                                                        .max_memory = UINT64_C(1) << 30,
                                                        .n_threads = n_threads};
    struct ops_raw_network raw = raw_of_field(field);
    struct ops_network *network = NULL;
    struct ops_classes *classes = NULL;
    assert_int_equal(ops_network_new(&network, &raw, false, 1, NULL), OPSIG_OK);
    assert_int_equal(ops_classes_new(&classes, field->symbols, field->n_models, NULL), OPSIG_OK);
    assert_int_equal(ops_classes_add_sequences(classes, field, &bounds, NULL), OPSIG_OK);
    assert_int_equal(ops_classes_add_subgraphs(classes, &raw, network, &subgraph_bounds, 3, NULL),
                     OPSIG_OK);
    ops_network_free(network);
    ops_vec_dispose(&raw.edges);
    return classes;
}

static void paths_of_the_subgraph_search_are_the_sequences_that_are_there_already(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        const struct random_field_options options = {.n_models = 5,
                                                     .max_vertices = 6,
                                                     .n_symbols = 2,
                                                     .edge_percent = 35,
                                                     .two_layers = seed % 2 == 0};
        struct ops_mine_field *field = random_field(seed, &options);
        struct ops_classes *one_edge = mine_both(field, 1, 1);
        struct ops_classes *both = mine_both(field, 3, 1);
        const size_t n_slow = all_sequences(field, 3, 1, slow);
        assert_true(one_edge->n_patterns <= n_slow);
        assert_true(both->n_patterns >= one_edge->n_patterns);
        for (size_t i = 0; i < n_slow; i++) {
            const struct ops_class *class = class_of(both, slow[i].models);
            struct ops_step steps[ALL_SEQUENCES_MAX_LENGTH];
            const struct ops_code other = sequence_code(steps, slow[i].symbols, slow[i].n);
            assert_non_null(class);
            assert_true(ops_code_order(field->symbols, class->generator, other) <= 0);
        }
        ops_classes_free(one_edge);
        ops_classes_free(both);
        ops_mine_field_free(field);
    }
}

static void the_number_of_threads_does_not_show(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const struct random_field_options options = {.n_models = 60,
                                                     .max_vertices = 12,
                                                     .n_symbols = 3,
                                                     .edge_percent = 30,
                                                     .two_layers = true};
        struct ops_mine_field *field = random_field(seed, &options);
        struct ops_classes *one = mine_both(field, 3, 1);
        struct ops_classes *three = mine_both(field, 3, 3);
        assert_int_equal(one->n_patterns, three->n_patterns);
        assert_int_equal(one->classes.len, three->classes.len);
        for (size_t i = 0; i < one->classes.len; i++) {
            const struct ops_class *x = &one->classes.items[i];
            const struct ops_class *y = &three->classes.items[i];
            assert_int_equal(x->models[0], y->models[0]);
            assert_true(ops_code_equal(x->generator, y->generator));
            assert_true(ops_code_equal(x->closed, y->closed));
        }
        ops_classes_free(one);
        ops_classes_free(three);
        ops_mine_field_free(field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            classes_are_the_sets_of_models_with_their_smallest_and_longest_sequence),
        cmocka_unit_test(paths_of_the_subgraph_search_are_the_sequences_that_are_there_already),
        cmocka_unit_test(the_number_of_threads_does_not_show),
        cmocka_unit_test(order_puts_short_general_patterns_first_and_sequences_before_subgraphs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
