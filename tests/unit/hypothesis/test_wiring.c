/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "hypothesis/wiring.h"
#include "support/random_field.h"

enum { MAX_VERTICES = 200, MAX_EDGES = 4000 };

static const struct random_field_options random_corpus = {
    .n_models = 8, .max_vertices = 12, .n_symbols = 4, .edge_percent = 30};

/** Distinct edges between vertices with symbols, as source * n + target. */
static size_t list_edges(const struct ops_field *field, uint32_t *out)
{
    size_t n = 0;
    for (uint32_t v = 0; v < field->n_vertices; v++) {
        for (uint32_t e = field->succ_begin[v]; e < field->succ_begin[v + 1]; e++) {
            const uint32_t w = field->succ[e];
            bool counts = field->symbols[0][v] != OPS_NO_SYMBOL &&
                          field->symbols[0][w] != OPS_NO_SYMBOL;
            for (size_t k = 0; k < n; k++) {
                counts = counts && out[k] != v * field->n_vertices + w;
            }
            if (counts) {
                out[n++] = v * field->n_vertices + w;
            }
        }
    }
    return n;
}

static void count_degrees(const uint32_t *edges, size_t n, uint32_t n_vertices, uint32_t *in,
                          uint32_t *out)
{
    memset(in, 0, n_vertices * sizeof *in);
    memset(out, 0, n_vertices * sizeof *out);
    for (size_t k = 0; k < n; k++) {
        out[edges[k] / n_vertices]++;
        in[edges[k] % n_vertices]++;
    }
}

static void a_rewiring_keeps_operators_degrees_models_and_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        static uint32_t before[MAX_EDGES], after[MAX_EDGES];
        uint32_t in[2][MAX_VERTICES], out[2][MAX_VERTICES];
        struct ops_mine_field *field = random_field(seed, &random_corpus);
        const uint32_t n = field->field.n_vertices;
        struct ops_wiring *wiring = NULL;
        assert_int_equal(ops_wiring_new(&wiring, field, NULL), OPSIG_OK);
        const size_t n_edges = list_edges(&field->field, before);
        const struct ops_rewired rewired = ops_wiring_draw(wiring, seed, 3, OPS_WIRING_TRIES);
        assert_int_equal(rewired.n_edges, n_edges);
        assert_int_equal(wiring->field.field.succ_begin[n], n_edges); /* none is there twice */
        assert_int_equal(list_edges(&wiring->field.field, after), n_edges);
        count_degrees(before, n_edges, n, in[0], out[0]);
        count_degrees(after, n_edges, n, in[1], out[1]);
        assert_memory_equal(in[0], in[1], n * sizeof **in);
        assert_memory_equal(out[0], out[1], n * sizeof **out);
        assert_ptr_equal(wiring->field.field.symbols[0], field->field.symbols[0]);
        for (size_t k = 0; k < n_edges; k++) {
            assert_true(after[k] / n < after[k] % n); /* forward, as all edges of the field are */
            assert_int_equal(field->model_of[after[k] / n], field->model_of[after[k] % n]);
        }
        ops_wiring_free(wiring);
        ops_mine_field_free(field);
    }
}

static void a_rewiring_is_a_function_of_seed_and_number(void **state)
{
    (void)state;
    struct ops_mine_field *field = random_field(5, &random_corpus);
    struct ops_wiring *a = NULL;
    struct ops_wiring *b = NULL;
    assert_int_equal(ops_wiring_new(&a, field, NULL), OPSIG_OK);
    assert_int_equal(ops_wiring_new(&b, field, NULL), OPSIG_OK);
    const size_t size = a->begin[field->field.n_vertices] * sizeof *a->target;
    (void)ops_wiring_draw(a, 1, 7, OPS_WIRING_TRIES); /* what was drawn before does not matter */
    (void)ops_wiring_draw(a, 1, 2, OPS_WIRING_TRIES);
    const struct ops_rewired last = ops_wiring_draw(b, 1, 2, OPS_WIRING_TRIES);
    assert_memory_equal(a->target, b->target, size);
    assert_true(last.n_kept < last.n_edges);
    (void)ops_wiring_draw(b, 2, 2, OPS_WIRING_TRIES);
    assert_memory_not_equal(a->target, b->target, size);
    ops_wiring_free(a);
    ops_wiring_free(b);
    ops_mine_field_free(field);
}

/** A field of one model without names, on arrays of the caller. */
static void one_model(struct ops_mine_field *field, uint32_t *first_vertex, uint32_t *symbols,
                      uint32_t *succ_begin, uint32_t *succ, uint32_t n)
{
    *field = (struct ops_mine_field){.n_models = 1, .first_vertex = first_vertex};
    first_vertex[0] = 0;
    first_vertex[1] = n;
    field->field = (struct ops_field){.n_vertices = n,
                                      .n_symbols = 1,
                                      .n_layers = 1,
                                      .succ_begin = succ_begin,
                                      .succ = succ,
                                      .symbols = {symbols}};
}

enum { SMALL = 6, SMALL_EDGES = 8, MOST_GRAPHS = 1 << 15 };

/** A graph as the bits of its pairs v < w. */
static uint32_t bits_of(const uint32_t *begin, const uint32_t *succ, uint32_t n)
{
    uint32_t bits = 0;
    for (uint32_t v = 0; v < n; v++) {
        for (uint32_t e = begin[v]; e < begin[v + 1]; e++) {
            bits |= UINT32_C(1) << (succ[e] * (succ[e] - 1) / 2 + v);
        }
    }
    return bits;
}

static bool same_degrees(uint32_t a, uint32_t b)
{
    uint32_t degrees[2][2][SMALL] = {{{0}}};
    const uint32_t graphs[2] = {a, b};
    for (int g = 0; g < 2; g++) {
        for (uint32_t w = 1; w < SMALL; w++) {
            for (uint32_t v = 0; v < w; v++) {
                const uint32_t edge = graphs[g] >> (w * (w - 1) / 2 + v) & 1;
                degrees[g][0][v] += edge;
                degrees[g][1][w] += edge;
            }
        }
    }
    return memcmp(degrees[0], degrees[1], sizeof degrees[0]) == 0;
}

/** All graphs on 6 vertices in order with the degrees of one of them come out, equally often. */
static void all_graphs_with_the_same_degrees_are_drawn_equally_often(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    uint32_t begin[SMALL + 1] = {0, 3, 5, 7, 8, 8, 8};
    uint32_t succ[SMALL_EDGES] = {1, 2, 3, 3, 4, 4, 5, 5};
    uint32_t symbols[SMALL] = {0};
    uint32_t first_vertex[2];
    static uint32_t drawn[MOST_GRAPHS];
    struct ops_mine_field field;
    struct ops_wiring *wiring = NULL;
    one_model(&field, first_vertex, symbols, begin, succ, SMALL);
    assert_int_equal(ops_wiring_new(&wiring, &field, NULL), OPSIG_OK);
    for (uint32_t j = 0; j < DRAWS; j++) {
        (void)ops_wiring_draw(wiring, 1, j, OPS_WIRING_TRIES);
        drawn[bits_of(begin, wiring->target, SMALL)]++;
    }
    const uint32_t original = bits_of(begin, succ, SMALL);
    uint32_t n_graphs = 0;
    for (uint32_t g = 0; g < MOST_GRAPHS; g++) {
        n_graphs += same_degrees(g, original);
    }
    assert_int_equal(n_graphs, 20);
    double chi_square = 0;
    for (uint32_t g = 0; g < MOST_GRAPHS; g++) {
        const double expected = (double)DRAWS / n_graphs;
        if (same_degrees(g, original)) {
            chi_square += (drawn[g] - expected) * (drawn[g] - expected) / expected;
        } else {
            assert_int_equal(drawn[g], 0);
        }
    }
    print_message("%u graphs, chi-square %g\n", n_graphs, chi_square);
    assert_true(chi_square < 43.8); /* 99.9 % of chi-square with 19 degrees of freedom */
    ops_wiring_free(wiring);
}

/** Edges that lead back in the file, as those of bodies of control flow do: an order is found, and
 *  swaps respect it. */
static void an_order_is_found_where_the_file_has_none(void **state)
{
    (void)state;
    enum { N = 5, N_EDGES = 5 };
    uint32_t begin[N + 1] = {0, 0, 0, 1, 3, 5};
    uint32_t succ[N_EDGES] = {0, 0, 1, 2, 3}; /* 2 -> 0; 3 -> 0, 1; 4 -> 2, 3 */
    uint32_t symbols[N] = {0};
    uint32_t first_vertex[2];
    struct ops_mine_field field;
    struct ops_wiring *wiring = NULL;
    uint32_t n_changed = 0;
    one_model(&field, first_vertex, symbols, begin, succ, N);
    assert_int_equal(ops_wiring_new(&wiring, &field, NULL), OPSIG_OK);
    for (uint32_t j = 0; j < 50; j++) {
        const struct ops_rewired rewired = ops_wiring_draw(wiring, 1, j, OPS_WIRING_TRIES);
        n_changed += rewired.n_kept < rewired.n_edges;
        for (uint32_t e = 0; e < N_EDGES; e++) {
            assert_true(wiring->rank[wiring->source[e]] < wiring->rank[wiring->target[e]]);
        }
    }
    assert_true(n_changed > 0);
    ops_wiring_free(wiring);
}

static void vertices_without_a_symbol_take_no_part(void **state)
{
    (void)state;
    uint32_t begin[] = {0, 2, 4, 4, 4};
    uint32_t succ[] = {2, 3, 2, 2}; /* the third vertex is a constant's reader twice */
    uint32_t symbols[] = {0, OPS_NO_SYMBOL, 0, 0};
    uint32_t first_vertex[2];
    struct ops_mine_field field;
    struct ops_wiring *wiring = NULL;
    one_model(&field, first_vertex, symbols, begin, succ, 4);
    assert_int_equal(ops_wiring_new(&wiring, &field, NULL), OPSIG_OK);
    assert_int_equal(ops_wiring_draw(wiring, 1, 0, OPS_WIRING_TRIES).n_edges, 2);
    ops_wiring_free(wiring);
}

static void memory_that_runs_out_is_an_error(void **state)
{
    (void)state;
    struct ops_mine_field *field = random_field(1, &random_corpus);
    struct ops_wiring *wiring = NULL;
    for (uint64_t n = 1; n <= 6; n++) {
        ops_mem_fail_at(n, 0);
        assert_int_equal(ops_wiring_new(&wiring, field, NULL), OPSIG_NOMEM);
        assert_null(wiring);
    }
    ops_mem_fail_at(0, 0);
    ops_mine_field_free(field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rewiring_keeps_operators_degrees_models_and_order),
        cmocka_unit_test(a_rewiring_is_a_function_of_seed_and_number),
        cmocka_unit_test(all_graphs_with_the_same_degrees_are_drawn_equally_often),
        cmocka_unit_test(an_order_is_found_where_the_file_has_none),
        cmocka_unit_test(vertices_without_a_symbol_take_no_part),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
