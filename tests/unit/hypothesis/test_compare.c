/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two models share, against a matching of all pairs of their strings, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "base/mem.h"
#include "base/rng.h"
#include "hypothesis/compare.h"
#include "support/model_maker.h"

enum { N_ROUNDS = 300, MOST_NODES = 14, MOST_STRINGS = 4096, LONGEST = 512 };

/** A model with its strings written out. */
struct example {
    opsig_model *model;
    opsig_graph *graph;
    struct ops_paths *paths;
    uint64_t *bigrams;
    size_t n_strings;
    uint32_t *strings[MOST_STRINGS];
    size_t lengths[MOST_STRINGS];
};

static uint64_t seed, drawn;

static uint32_t draw(uint32_t below)
{
    return (uint32_t)ops_rng_below(seed, 1, drawn++, below);
}

/** A random graph: a node reads nodes or the input not far before it. */
static void make_model(struct example *example, uint32_t n_nodes, uint32_t n_symbols)
{
    example->model = maker_new();
    struct onnx_graph *const top = example->model->graph;
    maker_input(example->model, top, "v0");
    for (uint32_t v = 1; v <= n_nodes; v++) {
        char op[8];
        char inputs[40];
        char output[12];
        const uint32_t a = v - 1 - draw(v < 3 ? v : 3);
        const uint32_t b = draw(3) == 0 ? v - 1 - draw(v < 5 ? v : 5) : v - 1;
        (void)snprintf(op, sizeof op, "%c", (char)('A' + (int)draw(n_symbols)));
        (void)snprintf(inputs, sizeof inputs, "v%u v%u", a, b);
        (void)snprintf(output, sizeof output, "v%u", v);
        (void)maker_node(example->model, top, op, "", inputs, output);
        if (v == n_nodes || draw(8) == 0) {
            maker_output(example->model, top, output);
        }
    }
    assert_int_equal(opsig_graph_build(&example->graph, example->model, NULL, NULL), OPSIG_OK);
}

static opsig_status keep_string(const uint32_t *symbols, size_t n, void *payload, opsig_error *err)
{
    struct example *const example = payload;
    (void)err;
    assert_true(example->n_strings < MOST_STRINGS && n < LONGEST);
    example->strings[example->n_strings] = ops_mem_dup(symbols, n * sizeof *symbols);
    example->lengths[example->n_strings++] = n;
    return OPSIG_OK;
}

static void set_bit(uint64_t *bits, uint32_t bit)
{
    if (bit != OPS_INTERN_NONE) {
        bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static void find_strings(struct example *example, struct ops_vocabulary *vocabulary)
{
    assert_int_equal(ops_paths_new(&example->paths, example->graph, OPSIG_ALPHABET_OP,
                                   MOST_STRINGS, vocabulary, NULL, NULL),
                     OPSIG_OK);
    assert_int_equal(ops_paths_walk(example->paths, keep_string, example, NULL), OPSIG_OK);
    assert_int_equal(example->n_strings, example->paths->n_distinct);
}

static void find_bigrams(struct example *example, size_t n_words)
{
    const struct ops_paths *const paths = example->paths;
    example->bigrams = ops_mem_zalloc(n_words, sizeof *example->bigrams);
    for (uint32_t e = 0; e < paths->n_edges; e++) {
        set_bit(example->bigrams, paths->bigram[e]);
    }
    for (uint32_t v = 0; v < paths->n_vertices; v++) {
        set_bit(example->bigrams, paths->first[v]);
        set_bit(example->bigrams, paths->last[v]);
    }
}

static void example_free(struct example *example)
{
    for (size_t i = 0; i < example->n_strings; i++) {
        ops_mem_free(example->strings[i]);
    }
    ops_mem_free(example->bigrams);
    ops_paths_free(example->paths);
    opsig_graph_free(example->graph);
    maker_free(example->model);
}

/** All blocks of all pairs of strings: symbols by number. */
static void match_all(const struct example *a, const struct example *b, uint32_t n_symbols,
                      struct ops_intern *out)
{
    struct ops_blocks matcher = {0};
    uint64_t *const places = ops_mem_zalloc((size_t)n_symbols * (LONGEST / 64 + 1), 8);
    for (size_t j = 0; j < b->n_strings; j++) {
        struct ops_second second;
        memset(places, 0, (size_t)n_symbols * (LONGEST / 64 + 1) * 8);
        ops_second_init(&second, b->strings[j], (uint32_t)b->lengths[j], places);
        ops_second_drop_popular(&second, n_symbols, places);
        for (size_t i = 0; i < a->n_strings; i++) {
            assert_int_equal(ops_blocks_find(&matcher, a->strings[i], (uint32_t)a->lengths[i],
                                             &second, 1, NULL),
                             OPSIG_OK);
            for (size_t k = 0; k < matcher.blocks.len; k++) {
                const struct ops_block *const block = &matcher.blocks.items[k];
                uint32_t id;
                if (block->n > 1) {
                    assert_int_equal(
                        ops_intern_put(out, (const char *)(a->strings[i] + block->a),
                                       block->n * sizeof(uint32_t), &id, NULL),
                        OPSIG_OK);
                }
            }
        }
    }
    ops_blocks_dispose(&matcher);
    ops_mem_free(places);
}

static void check_list(const struct ops_comparer *comparer, uint32_t list,
                       const struct ops_intern *expected)
{
    const struct ops_intern *const lists = ops_comparer_lists(comparer);
    const struct ops_intern *const blocks = ops_comparer_blocks(comparer);
    const size_t n = ops_intern_len(lists, list) / sizeof(uint32_t);
    assert_int_equal(n, ops_intern_count(expected));
    for (size_t k = 0; k < n; k++) {
        uint32_t block;
        memcpy(&block, ops_intern_text(lists, list) + k * sizeof block, sizeof block);
        assert_int_not_equal(ops_intern_find(expected, ops_intern_text(blocks, block),
                                             ops_intern_len(blocks, block)),
                             OPS_INTERN_NONE);
    }
}

/** Compares two models in the directions that `wanted` has bits of, and checks the result. */
static void compare(struct ops_comparer *comparer, const struct example *a,
                    const struct example *b, uint32_t n_symbols, unsigned wanted)
{
    const struct example *const both[2] = {a, b};
    const struct ops_compared compared[2] = {{a->paths, a->bigrams}, {b->paths, b->bigrams}};
    uint32_t lists[2] = {OPS_INTERN_NONE, OPS_INTERN_NONE};
    uint32_t *const out[2] = {(wanted & 1) != 0 ? &lists[0] : NULL,
                              (wanted & 2) != 0 ? &lists[1] : NULL};
    assert_int_equal(ops_compare(comparer, &compared[0], &compared[1], out, NULL), OPSIG_OK);
    for (unsigned d = 0; d < 2; d++) {
        if (out[d] != NULL) {
            struct ops_intern *expected = NULL;
            assert_int_equal(ops_intern_new(&expected, NULL), OPSIG_OK);
            match_all(both[d], both[1 - d], n_symbols, expected);
            check_list(comparer, lists[d], expected);
            ops_intern_free(expected);
        }
    }
}

/** Compares two models, in all directions. */
static void compare_made(struct example *a, struct example *b)
{
    struct ops_vocabulary vocabulary;
    struct ops_comparer *comparer = NULL;
    assert_int_equal(ops_vocabulary_init(&vocabulary, NULL), OPSIG_OK);
    find_strings(a, &vocabulary);
    find_strings(b, &vocabulary);
    const size_t n_words = ops_intern_count(vocabulary.bigrams) / 64 + 1;
    find_bigrams(a, n_words);
    find_bigrams(b, n_words);
    assert_int_equal(ops_comparer_new(&comparer, &vocabulary, n_words, NULL, NULL), OPSIG_OK);
    for (unsigned wanted = 1; wanted <= 3; wanted++) {
        compare(comparer, a, b, ops_intern_count(vocabulary.symbols), wanted);
    }
    ops_comparer_free(comparer);
    example_free(a);
    example_free(b);
    ops_vocabulary_dispose(&vocabulary);
}

static void models_share_what_their_strings_share(void **state)
{
    (void)state;
    for (seed = 1; seed <= N_ROUNDS; seed++) {
        static struct example a, b;
        drawn = 0;
        a = b = (struct example){0};
        const uint32_t n_symbols = 2 + draw(12);
        const uint32_t n_nodes = 2 + draw(MOST_NODES - 2);
        make_model(&a, n_nodes, n_symbols);
        make_model(&b, n_nodes + draw(4), n_symbols);
        compare_made(&a, &b);
    }
}

/** A chain with a fork here and there. */
static void make_chain(struct example *example, uint32_t n_nodes, uint32_t n_symbols)
{
    example->model = maker_new();
    struct onnx_graph *const top = example->model->graph;
    maker_input(example->model, top, "v0");
    for (uint32_t v = 1; v <= n_nodes; v++) {
        char op[8];
        char inputs[40];
        char output[12];
        (void)snprintf(op, sizeof op, "N%u", draw(4) == 0 ? 0 : draw(n_symbols));
        (void)snprintf(inputs, sizeof inputs, v % 70 == 5 ? "v%u v%u" : "v%u", v - 1, v - 3);
        (void)snprintf(output, sizeof output, "v%u", v);
        (void)maker_node(example->model, top, op, "", inputs, output);
    }
    char last[12];
    (void)snprintf(last, sizeof last, "v%u", n_nodes);
    maker_output(example->model, top, last);
    assert_int_equal(opsig_graph_build(&example->graph, example->model, NULL, NULL), OPSIG_OK);
}

static void strings_of_two_hundred_symbols_have_popular_ones(void **state)
{
    (void)state;
    for (seed = 1000; seed < 1010; seed++) {
        static struct example a, b;
        drawn = 0;
        a = b = (struct example){0};
        make_chain(&a, 190 + draw(20), 60);
        make_chain(&b, 60 + draw(200), 60);
        compare_made(&a, &b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_share_what_their_strings_share),
        cmocka_unit_test(strings_of_two_hundred_symbols_have_popular_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
