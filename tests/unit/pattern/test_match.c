/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches of subgraphs: against all maps, against igraph's VF2, and under limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <igraph/igraph.h>

#include "pattern/field.h"
#include "pattern/match.h"
#include "support/random_dag.h"

enum { N_PATTERNS = 12, N_SYMBOLS = 3 };

static struct ops_intern *letters(uint32_t n)
{
    struct ops_intern *table = NULL;
    assert_int_equal(ops_intern_new(&table, NULL), OPSIG_OK);
    for (uint32_t i = 0; i < n; i++) {
        const char letter = (char)('A' + i);
        uint32_t id;
        assert_int_equal(ops_intern_put(table, &letter, 1, &id, NULL), OPSIG_OK);
    }
    return table;
}

/** Patterns made ready to match; value i is pattern i. */
struct ready {
    struct ops_intern *symbols;
    struct ops_trie *trie;
    struct ops_plan *plan;
};

static struct ready make_ready(opsig_pattern *const *patterns, uint32_t n)
{
    struct ready ready;
    struct ops_step steps[OPS_CODE_MAX_STEPS];
    assert_int_equal(ops_intern_new(&ready.symbols, NULL), OPSIG_OK);
    assert_int_equal(ops_trie_new(&ready.trie, NULL), OPSIG_OK);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(ops_pattern_code(patterns[i], ready.symbols, steps, NULL), OPSIG_OK);
        const struct ops_code code = {steps, patterns[i]->n_steps};
        assert_int_equal(ops_trie_add(ready.trie, code, i, NULL), OPSIG_OK);
    }
    assert_int_equal(ops_trie_seal(ready.trie, NULL), OPSIG_OK);
    assert_int_equal(
        ops_plan_new(&ready.plan, ready.trie, ops_intern_count(ready.symbols), NULL), OPSIG_OK);
    return ready;
}

static void ready_dispose(struct ready *ready)
{
    ops_plan_free(ready->plan);
    ops_trie_free(ready->trie);
    ops_intern_free(ready->symbols);
}

static ops_found_vec match(const struct ready *ready, const opsig_graph *graph, size_t max_kept,
                           uint32_t max_work)
{
    ops_found_vec found = {NULL, 0, 0};
    struct ops_graph_field field;
    const struct ops_match_options options = {.max_kept = max_kept, .max_work = max_work};
    assert_int_equal(ops_graph_field_init(&field, graph, ready->symbols, NULL), OPSIG_OK);
    assert_int_equal(ops_match(ready->plan, &field.field, &options, &found, NULL), OPSIG_OK);
    ops_graph_field_dispose(&field);
    return found;
}

/** What was found of a value; NULL: nothing. */
static const struct ops_found *found_of(const struct ready *ready, const ops_found_vec *found,
                                        uint32_t value)
{
    for (size_t i = 0; i < found->len; i++) {
        const uint32_t node = found->items[i].node;
        for (uint32_t v = 0; v < ops_trie_node(ready->trie, node)->n_values; v++) {
            if (ops_trie_values(ready->trie, node)[v] == value) {
                return &found->items[i];
            }
        }
    }
    return NULL;
}

/** Holds what was found of a pattern against all of its maps; returns their number. */
static size_t check_against_maps(const opsig_pattern *pattern, const opsig_graph *graph,
                                 const struct ops_found *found)
{
    struct all_maps all = all_maps(pattern, graph);
    size_t n = 0;
    uint32_t n_places = 0;
    for (size_t i = 0; i < all.n; i++) {
        bool is_first = true;
        for (size_t j = 0; j < i && is_first; j++) {
            is_first = !same_occurrence(pattern, all.rows[j], all.rows[i]);
        }
        n_places += i == 0 || all.rows[i][0] != all.rows[i - 1][0];
        if (is_first) {
            assert_non_null(found);
            assert_in_range(n, 0, found->n_kept - 1);
            assert_memory_equal(found->rows.items + n * all.n_vertices, all.rows[i],
                                all.n_vertices * sizeof(uint32_t));
            n++;
        }
    }
    assert_int_equal(found != NULL, n > 0);
    if (found != NULL) {
        assert_int_equal(found->total, n);
        assert_int_equal(found->n_kept, n);
        assert_int_equal(found->n_places, n_places);
        assert_false(found->cut);
    }
    free(all.rows);
    return all.n;
}

static void matches_are_those_of_all_maps_without_symmetric_ones(void **state)
{
    (void)state;
    size_t n_maps = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct shape_dice dice = {seed, 0};
        opsig_pattern *patterns[N_PATTERNS];
        const uint32_t n_symbols = 1 + shape_roll(&dice, N_SYMBOLS);
        struct ops_intern *const symbols = letters(n_symbols);
        for (uint32_t i = 0; i < N_PATTERNS; i++) {
            patterns[i] = random_pattern(&dice, 5, n_symbols, 1 + (uint32_t)(seed % 3));
        }
        opsig_graph *const graph = random_dag(&dice, 1 + shape_roll(&dice, 8),
                                              20 + shape_roll(&dice, 60), symbols);
        struct ready ready = make_ready(patterns, N_PATTERNS);
        ops_found_vec found = match(&ready, graph, SIZE_MAX, UINT32_MAX);
        for (uint32_t i = 0; i < N_PATTERNS; i++) {
            const struct ops_found *const of = found_of(&ready, &found, i);
            if (opsig_pattern_kind_of(patterns[i]) == OPSIG_PATTERN_SUBGRAPH) {
                n_maps += check_against_maps(patterns[i], graph, of);
            } else {
                assert_null(of); /* sequences are matched elsewhere */
            }
            opsig_pattern_free(patterns[i]);
        }
        ops_found_dispose(&found);
        ready_dispose(&ready);
        opsig_graph_free(graph);
        ops_intern_free(symbols);
    }
   assert_true(n_maps > 5000);
}

/* ---- igraph's VF2 ---- */

static void add_edge(igraph_vector_int_t *edges, uint32_t from, uint32_t to)
{
    igraph_vector_int_push_back(edges, from);
    igraph_vector_int_push_back(edges, to);
}

/** A graph without the second of two parallel edges, which VF2 does not take. */
static void to_igraph(const opsig_graph *graph, igraph_t *out, igraph_vector_int_t *colours)
{
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_int_init(colours, 0);
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        const char *const symbol = ops_snapshot_symbol_text(graph, graph->symbol[0][v]);
        igraph_vector_int_push_back(colours, symbol[0]);
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            if (e == graph->succ_begin[v] || graph->succ[e] != graph->succ[e - 1]) {
                add_edge(&edges, v, graph->succ[e]);
            }
        }
    }
    igraph_create(out, &edges, graph->n_vertices, IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&edges);
}

static void pattern_to_igraph(const opsig_pattern *pattern, igraph_t *out,
                              igraph_vector_int_t *colours)
{
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_int_init(colours, 0);
    for (size_t v = 0; v < opsig_pattern_n_vertices(pattern); v++) {
        igraph_vector_int_push_back(colours, opsig_pattern_symbol(pattern, v)[0]);
    }
    for (size_t e = 0; e < opsig_pattern_n_edges(pattern); e++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, e);
        add_edge(&edges, edge.from, edge.to);
    }
    igraph_create(out, &edges, (igraph_integer_t)opsig_pattern_n_vertices(pattern),
                  IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&edges);
}

/** Each map of VF2 is an occurrence that was found, and there are as many. */
static size_t check_against_vf2(const opsig_pattern *pattern, const opsig_graph *graph,
                                const struct ops_found *found)
{
    igraph_t whole, part;
    igraph_vector_int_t whole_colours, part_colours;
    igraph_vector_int_list_t maps;
    const size_t width = opsig_pattern_n_vertices(pattern);
    size_t n_symmetries = 0;
    to_igraph(graph, &whole, &whole_colours);
    pattern_to_igraph(pattern, &part, &part_colours);
    igraph_vector_int_list_init(&maps, 0);
    assert_int_equal(igraph_get_subisomorphisms_vf2(&whole, &part, &whole_colours, &part_colours,
                                                    NULL, NULL, &maps, NULL, NULL, NULL),
                     IGRAPH_SUCCESS);
    const size_t n = (size_t)igraph_vector_int_list_size(&maps);
    for (size_t i = 0; i < n; i++) {
        const igraph_vector_int_t *const map =
            igraph_vector_int_list_get_ptr(&maps, (igraph_integer_t)i);
        uint32_t row[8];
        size_t n_same = 0;
        for (size_t v = 0; v < width; v++) {
            row[v] = (uint32_t)igraph_vector_int_get(map, (igraph_integer_t)v);
        }
        for (size_t j = 0; found != NULL && j < found->n_kept; j++) {
            n_same += same_occurrence(pattern, row, found->rows.items + j * width);
        }
        assert_int_equal(n_same, 1);
        n_symmetries += same_occurrence(pattern, row, found->rows.items);
    }
    assert_int_equal(n, found == NULL ? 0 : found->total * n_symmetries);
    igraph_vector_int_list_destroy(&maps);
    igraph_vector_int_destroy(&whole_colours);
    igraph_vector_int_destroy(&part_colours);
    igraph_destroy(&whole);
    igraph_destroy(&part);
    return n;
}

static void matches_are_those_of_igraphs_vf2(void **state)
{
    (void)state;
    size_t n_maps = 0;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct shape_dice dice = {seed, 0};
        const uint32_t n_symbols = 1 + shape_roll(&dice, N_SYMBOLS);
        struct ops_intern *const symbols = letters(n_symbols);
        opsig_pattern *const pattern = random_pattern(&dice, 5, n_symbols, 1);
        opsig_graph *const graph = random_dag(&dice, 2 + shape_roll(&dice, 10),
                                              10 + shape_roll(&dice, 50), symbols);
        if (opsig_pattern_kind_of(pattern) == OPSIG_PATTERN_SUBGRAPH &&
            opsig_pattern_n_edges(pattern) <= 5) {
            struct ready ready = make_ready(&pattern, 1);
            ops_found_vec found = match(&ready, graph, SIZE_MAX, UINT32_MAX);
            n_maps += check_against_vf2(pattern, graph, found_of(&ready, &found, 0));
            ops_found_dispose(&found);
            ready_dispose(&ready);
        }
        opsig_pattern_free(pattern);
        opsig_graph_free(graph);
        ops_intern_free(symbols);
    }
   assert_true(n_maps > 3000);
}

/* ---- limits ---- */

/** Equal but for the node's number. */
static void assert_same(const struct ops_found *a, const struct ops_found *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a != NULL && b != NULL) {
        assert_int_equal(a->total, b->total);
        assert_int_equal(a->n_places, b->n_places);
        assert_int_equal(a->cut, b->cut);
        assert_int_equal(a->rows.len, b->rows.len);
        assert_memory_equal(a->rows.items, b->rows.items, a->rows.len * sizeof(uint32_t));
    }
}

static void what_is_cut_does_not_depend_on_other_patterns_and_is_told(void **state)
{
    (void)state;
    struct ops_intern *const symbols = letters(2);
    size_t n_cut = 0;
    size_t n_less = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct shape_dice dice = {seed, 0};
        opsig_pattern *patterns[N_PATTERNS];
        for (uint32_t i = 0; i < N_PATTERNS; i++) {
            patterns[i] = random_pattern(&dice, 5, 3, 2); /* "C" is in no graph */
        }
        opsig_graph *const graph = random_dag(&dice, 12, 50, symbols);
        struct ready together = make_ready(patterns, N_PATTERNS);
        const uint32_t max_work = 1 + shape_roll(&dice, 60);
        ops_found_vec all = match(&together, graph, 5, UINT32_MAX);
        ops_found_vec some = match(&together, graph, 5, max_work);
        for (uint32_t i = 0; i < N_PATTERNS; i++) {
            struct ready alone = make_ready(&patterns[i], 1);
            ops_found_vec found = match(&alone, graph, 5, max_work);
            const struct ops_found *const of = found_of(&together, &some, i);
            const struct ops_found *const whole = found_of(&together, &all, i);
            assert_same(of, found_of(&alone, &found, 0));
            const uint64_t total = of == NULL ? 0 : of->total;
            const uint64_t real = whole == NULL ? 0 : whole->total;
            assert_true(total <= real);
            assert_true(total == real || of->cut);
            n_cut += of != NULL && of->cut;
            n_less += total < real;
            ops_found_dispose(&found);
            ready_dispose(&alone);
        }
        for (uint32_t i = 0; i < N_PATTERNS; i++) {
            opsig_pattern_free(patterns[i]);
        }
        ops_found_dispose(&all);
        ops_found_dispose(&some);
        ready_dispose(&together);
        opsig_graph_free(graph);
    }
    assert_true(n_cut > 100 && n_less > 100);
    ops_intern_free(symbols);
}

/** Looks for one pattern in a graph of like vertices, with the usual limit on work. */
static ops_found_vec match_hostile(const char *text, uint32_t n_vertices, bool star)
{
    const size_t n_edges = star ? n_vertices - 1 : (size_t)n_vertices * (n_vertices - 1) / 2;
    struct ops_plain_edge *const edges = calloc(n_edges, sizeof *edges);
    uint32_t *const symbol = calloc(n_vertices, sizeof *symbol);
    struct ops_intern *const symbols = letters(1);
    struct ops_plain_graph plain = {
        .n_vertices = n_vertices, .symbol = symbol, .edges = edges, .symbols = symbols};
    opsig_graph *graph = NULL;
    opsig_pattern *pattern = NULL;
    assert_non_null(edges);
    assert_non_null(symbol);
    for (uint32_t v = 0; v < (star ? 1 : n_vertices); v++) {
        for (uint32_t w = v + 1; w < n_vertices; w++) {
            edges[plain.n_edges++] = (struct ops_plain_edge){v, w, 0};
        }
    }
    assert_int_equal(ops_plain_snapshot(&graph, &plain, NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&pattern, text, NULL), OPSIG_OK);
    struct ready ready = make_ready(&pattern, 1);
    ops_found_vec found = match(&ready, graph, 3, OPS_MATCH_MAX_WORK);
    ready_dispose(&ready);
    opsig_pattern_free(pattern);
    opsig_graph_free(graph);
    ops_intern_free(symbols);
    free(symbol);
    free(edges);
    return found;
}

static void stars_and_complete_graphs_end_in_bounded_work(void **state)
{
    (void)state;
    const char *const fork = "a:A; b:A; c:A; a -> b; a -> c";
    const char *const claw = "a:A; b:A; c:A; d:A; a -> b; a -> c; a -> d";
    const char *const mesh = "a:A; b:A; c:A; d:A; e:A; a -> b; a -> c; b -> d; c -> d; a -> d; "
                             "d -> e; a -> e; b -> e";
    ops_found_vec found = match_hostile(fork, 1000, true);
    assert_int_equal(found.len, 1);
    assert_int_equal(found.items[0].total, 999 * 998 / 2);
    assert_int_equal(found.items[0].n_places, 1);
    assert_false(found.items[0].cut);
    ops_found_dispose(&found);
    found = match_hostile(claw, 1000, true);
    assert_true(found.items[0].cut);
    assert_true(found.items[0].total > 1000 && found.items[0].n_kept == 3);
    ops_found_dispose(&found);
    found = match_hostile(fork, 2000000, true); /* the hub alone is past the limit */
    assert_int_equal(found.len, 1);
    assert_int_equal(found.items[0].total, 0);
    assert_true(found.items[0].cut);
    ops_found_dispose(&found);
    found = match_hostile(mesh, 300, false);
    assert_true(found.items[0].cut && found.items[0].total > 0);
    ops_found_dispose(&found);
}

static void a_search_that_takes_too_long_or_is_cancelled_ends(void **state)
{
    (void)state;
    struct ops_intern *const symbols = letters(1);
    struct shape_dice dice = {1, 0};
    opsig_graph *const graph = random_dag(&dice, 32, 100, symbols);
    opsig_pattern *pattern = NULL;
    assert_int_equal(opsig_pattern_parse(
                         &pattern, "a:A; b:A; c:A; d:A; e:A; a -> b; a -> c; a -> d; a -> e", NULL),
                     OPSIG_OK);
    struct ready ready = make_ready(&pattern, 1);
    struct ops_graph_field field;
    struct ops_deadline deadline;
    const volatile int cancel = 1;
    const struct ops_match_options options = {.max_work = UINT32_MAX, .deadline = &deadline};
    ops_found_vec found = {NULL, 0, 0};
    assert_int_equal(ops_graph_field_init(&field, graph, ready.symbols, NULL), OPSIG_OK);
    ops_deadline_start(&deadline, 0, &cancel);
    assert_int_equal(ops_match(ready.plan, &field.field, &options, &found, NULL),
                     OPSIG_CANCELLED);
    ops_found_dispose(&found);
    ops_graph_field_dispose(&field);
    ready_dispose(&ready);
    opsig_pattern_free(pattern);
    opsig_graph_free(graph);
    ops_intern_free(symbols);
}

/* ---- symbols ---- */

static void a_vertex_matches_by_either_of_its_symbols(void **state)
{
    (void)state;
    const uint32_t succ_begin[] = {0, 2, 2, 2};
    const uint32_t succ[] = {1, 2};
    const uint32_t pred_begin[] = {0, 0, 1, 2};
    const uint32_t pred[] = {0, 0};
    opsig_pattern *pattern = NULL;
    assert_int_equal(
        opsig_pattern_parse(&pattern, "s:S; a:Cast; b:Cast{to=1}; s -> a; s -> b", NULL),
        OPSIG_OK);
    struct ready ready = make_ready(&pattern, 1);
    const uint32_t s = ops_intern_find(ready.symbols, "S", 1);
    const uint32_t cast = ops_intern_find(ready.symbols, "Cast", 4);
    const uint32_t cast_to = ops_intern_find(ready.symbols, "Cast{to=1}", 10);
    const uint32_t general[] = {s, cast, cast};
    const uint32_t special[] = {OPS_NO_SYMBOL, cast_to, OPS_NO_SYMBOL};
    const struct ops_field field = {.n_vertices = 3,
                                    .n_symbols = 3,
                                    .n_layers = 2,
                                    .succ_begin = succ_begin,
                                    .succ = succ,
                                    .symbols = {general, special},
                                    .pred_begin = pred_begin,
                                    .pred = pred};
    const struct ops_match_options options = {.max_kept = 9, .max_work = 100};
    ops_found_vec found = {NULL, 0, 0};
    assert_int_equal(ops_match(ready.plan, &field, &options, &found, NULL), OPSIG_OK);
    assert_int_equal(found.len, 1);
    assert_int_equal(found.items[0].total, 1); /* vertex 2 is the one without attributes */
    for (size_t v = 0; v < 3; v++) {
        const char *const symbol = opsig_pattern_symbol(pattern, v);
        assert_int_equal(found.items[0].rows.items[v],
                         strcmp(symbol, "S") == 0 ? 0 : strcmp(symbol, "Cast") == 0 ? 2 : 1);
    }
    ops_found_dispose(&found);
    ready_dispose(&ready);
    opsig_pattern_free(pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_are_those_of_all_maps_without_symmetric_ones),
        cmocka_unit_test(matches_are_those_of_igraphs_vf2),
        cmocka_unit_test(what_is_cut_does_not_depend_on_other_patterns_and_is_told),
        cmocka_unit_test(stars_and_complete_graphs_end_in_bounded_work),
        cmocka_unit_test(a_search_that_takes_too_long_or_is_cancelled_ends),
        cmocka_unit_test(a_vertex_matches_by_either_of_its_symbols),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
