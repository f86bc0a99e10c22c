/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frequent subgraphs: against every set of edges of small random graphs, and the limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "mine/frequent.h"
#include "mine/pool.h"
#include "mine/select.h"
#include "mine/subgraph.h"
#include "mine/testable.h"
#include "pattern/pattern.h"
#include "support/all_subgraphs.h"

static struct slow_name name_of(const opsig_pattern *pattern, bool undirected)
{
    struct slow_graph graph = {.n_vertices = (uint32_t)opsig_pattern_n_vertices(pattern),
                               .n_edges = (uint32_t)opsig_pattern_n_edges(pattern)};
    assert_in_range(graph.n_vertices, 1, SLOW_MAX_VERTICES);
    assert_in_range(graph.n_edges, 0, SLOW_MAX_EDGES);
    for (uint32_t v = 0; v < graph.n_vertices; v++) {
        graph.symbol[v] = (uint32_t)(opsig_pattern_symbol(pattern, v)[0] - 'A');
    }
    for (uint32_t e = 0; e < graph.n_edges; e++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, e);
        assert_int_equal(edge.undirected, undirected);
        graph.edges[e] = (struct ops_network_edge){edge.from, edge.to, edge.label};
    }
    return slow_name(&graph, undirected);
}

static void check_reads_back(const opsig_pattern *pattern)
{
    opsig_pattern *again = NULL;
    assert_int_equal(opsig_pattern_parse(&again, opsig_pattern_text(pattern), NULL), OPSIG_OK);
    assert_string_equal(opsig_pattern_text(again), opsig_pattern_text(pattern));
    assert_string_equal(opsig_pattern_id(again), opsig_pattern_id(pattern));
    opsig_pattern_free(again);
}

/** Holds a list against the slow one. */
static void compare(const struct all_subgraphs *all, const opsig_frequent *frequent,
                    const opsig_frequent_options *options)
{
    uint64_t by_edges[SLOW_MAX_EDGES + 1] = {0};
    uint64_t expected = 0;
    for (size_t i = 0; i < all->patterns.len; i++) {
        const struct slow_pattern *pattern = &all->patterns.items[i];
        if (pattern->support >= options->min_support && pattern->n_edges <= options->max_edges &&
            (pattern->closed || !options->closed)) {
            by_edges[pattern->n_edges]++;
            expected++;
        }
    }
    assert_int_equal(opsig_frequent_count(frequent), expected);
    for (uint32_t k = 0; k <= options->max_edges; k++) {
        assert_int_equal(opsig_frequent_count_by_edges(frequent, k), by_edges[k]);
    }
    assert_int_equal(opsig_frequent_n(frequent), options->count_only ? 0 : expected);
    for (size_t i = 0; i < opsig_frequent_n(frequent); i++) {
        const opsig_pattern *pattern = opsig_frequent_pattern(frequent, i);
        const struct slow_name name = name_of(pattern, options->undirected);
        const uint32_t id = ops_intern_find(all->names, (const char *)&name, sizeof name);
        assert_int_not_equal(id, OPS_INTERN_NONE);
        assert_int_equal(all->patterns.items[id].support, opsig_frequent_support(frequent, i));
        check_reads_back(pattern);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(opsig_pattern_text(pattern),
                                    opsig_pattern_text(opsig_frequent_pattern(frequent, j)));
        }
    }
}

static void run(uint64_t seed, const struct random_raw_options *graphs)
{
    struct all_subgraphs all;
    opsig_frequent *frequent = NULL;
    opsig_frequent_options options;
    struct ops_raw_network *raw = random_raw(seed, graphs);
    opsig_frequent_options_init(&options);
    options.min_support = 1 + (uint32_t)(seed % 3);
    options.max_edges = 1 + (uint32_t)(seed % 4);
    options.closed = seed % 5 < 3;
    options.count_only = seed % 11 == 0;
    options.undirected = seed % 2 == 0;
    options.n_threads = seed % 8 == 0 ? 2 : 1;
    all_subgraphs(&all, raw, options.undirected, options.max_edges + 1);
    assert_int_equal(ops_frequent_subgraphs(&frequent, raw, &options, NULL), OPSIG_OK);
    compare(&all, frequent, &options);
    opsig_frequent_free(frequent);
    all_subgraphs_dispose(&all);
    ops_raw_network_free(raw);
}

static void lists_equal_brute_force_on_random_dags(void **state)
{
    (void)state;
    const struct random_raw_options graphs = {.n_models = 4,
                                              .max_vertices = 6,
                                              .max_edges = 7,
                                              .n_symbols = 3,
                                              .n_labels = 1,
                                              .acyclic = true};
    for (uint64_t seed = 0; seed < 3000; seed++) {
        run(seed, &graphs);
    }
}

static void lists_equal_brute_force_with_cycles_labels_and_parallel_edges(void **state)
{
    (void)state;
    const struct random_raw_options graphs = {
        .n_models = 4, .max_vertices = 4, .max_edges = 7, .n_symbols = 2, .n_labels = 2};
    for (uint64_t seed = 0; seed < 3000; seed++) {
        run(seed, &graphs);
    }
}

static void lists_equal_brute_force_where_a_vertex_has_two_symbols(void **state)
{
    (void)state;
    const struct random_raw_options graphs = {.n_models = 3,
                                              .max_vertices = 4,
                                              .max_edges = 5,
                                              .n_symbols = 3,
                                              .n_labels = 1,
                                              .two_layers = true};
    for (uint64_t seed = 0; seed < 300; seed++) {
        run(seed, &graphs);
    }
}

/** Many embeddings for each pattern, so that most are dropped on the way. */
static void lists_equal_brute_force_where_most_embeddings_are_dropped(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        const struct random_raw_options graphs = {.n_models = 2,
                                                  .max_vertices = 8,
                                                  .max_edges = 12,
                                                  .n_symbols = 1 + (uint32_t)(seed % 2),
                                                  .n_labels = 1};
        struct all_subgraphs all;
        opsig_frequent *frequent = NULL;
        opsig_frequent_options options;
        struct ops_raw_network *raw = random_raw(seed, &graphs);
        opsig_frequent_options_init(&options);
        options.min_support = 1;
        options.max_edges = 4;
        options.undirected = seed % 4 < 2;
        options.n_threads = 1 + (unsigned)(seed % 3);
        all_subgraphs(&all, raw, options.undirected, options.max_edges);
        assert_int_equal(ops_frequent_subgraphs(&frequent, raw, &options, NULL), OPSIG_OK);
        compare(&all, frequent, &options);
        opsig_frequent_free(frequent);
        all_subgraphs_dispose(&all);
        ops_raw_network_free(raw);
    }
}

static void a_vertex_with_many_alike_neighbours_takes_little_memory(void **state)
{
    (void)state;
    enum { LEAVES = 60 };
    struct ops_raw_network raw = {.n_models = 2, .n_vertices = 2 * (LEAVES + 1), .n_layers = 1};
    uint32_t first_vertex[] = {0, LEAVES + 1, 2 * (LEAVES + 1)};
    uint32_t symbol[2 * (LEAVES + 1)];
    opsig_frequent *frequent = NULL;
    opsig_frequent_options options;
    uint32_t hub = 0;
    uint32_t leaf = 0;
    assert_int_equal(ops_intern_new(&raw.symbols, NULL), OPSIG_OK);
    assert_int_equal(ops_intern_put(raw.symbols, "Split", 5, &hub, NULL), OPSIG_OK);
    assert_int_equal(ops_intern_put(raw.symbols, "Relu", 4, &leaf, NULL), OPSIG_OK);
    raw.first_vertex = first_vertex;
    raw.symbol[0] = symbol;
    for (uint32_t v = 0; v < raw.n_vertices; v++) {
        const uint32_t first = v - v % (LEAVES + 1);
        const struct ops_network_edge edge = {first, v, 0};
        symbol[v] = v == first ? hub : leaf;
        assert_int_equal(v == first ? OPSIG_OK : ops_vec_push(&raw.edges, edge, NULL), OPSIG_OK);
    }
    opsig_frequent_options_init(&options);
    options.kind = OPSIG_PATTERN_SUBGRAPH;
    options.max_edges = 6; /* 60! / 54! embeddings of the largest */
    options.max_memory = 8 << 20;
    assert_int_equal(ops_frequent_subgraphs(&frequent, &raw, &options, NULL), OPSIG_OK);
    assert_int_equal(opsig_frequent_count(frequent), 2 + 6);
    opsig_frequent_free(frequent);
    ops_vec_dispose(&raw.edges);
    ops_intern_free(raw.symbols);
}

/** Copies of one graph of few symbols, each with one edge and one vertex of its own. */
static struct ops_raw_network *near_copies(uint32_t n_models, uint32_t n_vertices)
{
    static const char *const names[] = {"Add", "Mul", "Relu"};
    struct ops_raw_network *raw = ops_mem_zalloc(1, sizeof *raw);
    assert_non_null(raw);
    raw->n_models = n_models;
    raw->n_vertices = n_models * n_vertices;
    raw->n_layers = 1;
    raw->first_vertex = ops_mem_zalloc(n_models + 1U, sizeof *raw->first_vertex);
    raw->symbol[0] = ops_mem_zalloc(raw->n_vertices, sizeof *raw->symbol[0]);
    assert_int_equal(ops_intern_new(&raw->symbols, NULL), OPSIG_OK);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t id = 0;
        assert_int_equal(ops_intern_put(raw->symbols, names[i], strlen(names[i]), &id, NULL),
                         OPSIG_OK);
    }
    for (uint32_t m = 0; m < n_models; m++) {
        const uint32_t base = m * n_vertices;
        raw->first_vertex[m + 1] = base + n_vertices;
        for (uint32_t v = 0; v < n_vertices; v++) {
            const bool own = v == m % n_vertices;
            raw->symbol[0][base + v] = (uint32_t)ops_rng_below(own ? m : 0, 1, v, 3);
            for (uint32_t w = v + 1; w < n_vertices && w < v + 5; w++) {
                const struct ops_network_edge edge = {base + v, base + w, 0};
                if (ops_rng_below(own ? m : 0, 2, v * 8 + (w - v), 2) == 0) {
                    assert_int_equal(ops_vec_push(&raw->edges, edge, NULL), OPSIG_OK);
                }
            }
        }
    }
    return raw;
}

static void copies_that_differ_by_little_take_little_memory(void **state)
{
    (void)state;
    struct ops_raw_network *raw = near_copies(200, 50);
    opsig_frequent *frequent = NULL;
    opsig_frequent_options options;
    opsig_frequent_options_init(&options);
    options.kind = OPSIG_PATTERN_SUBGRAPH;
    options.min_support = 150;
    options.max_edges = 4;
    options.max_memory = 1 << 20;
    assert_int_equal(ops_frequent_subgraphs(&frequent, raw, &options, NULL), OPSIG_OK);
    assert_true(opsig_frequent_count(frequent) > 1000);
    opsig_frequent_free(frequent);
    ops_raw_network_free(raw);
}

/** Patterns of one model, by text. */
static opsig_frequent *mine_alone(const struct ops_raw_network *raw, uint32_t model,
                                  uint32_t max_edges)
{
    struct ops_raw_network alone = *raw;
    const uint32_t base = raw->first_vertex[model];
    uint32_t first_vertex[] = {0, raw->first_vertex[model + 1] - base};
    opsig_frequent *frequent = NULL;
    opsig_frequent_options options;
    alone.n_models = 1;
    alone.n_vertices = first_vertex[1];
    alone.first_vertex = first_vertex;
    alone.symbol[0] = raw->symbol[0] + base;
    memset(&alone.edges, 0, sizeof alone.edges);
    for (size_t e = 0; e < raw->edges.len; e++) {
        struct ops_network_edge edge = raw->edges.items[e];
        if (edge.from >= base && edge.from < raw->first_vertex[model + 1]) {
            edge.from -= base;
            edge.to -= base;
            assert_int_equal(ops_vec_push(&alone.edges, edge, NULL), OPSIG_OK);
        }
    }
    opsig_frequent_options_init(&options);
    options.min_support = 1;
    options.max_edges = max_edges;
    assert_int_equal(ops_frequent_subgraphs(&frequent, &alone, &options, NULL), OPSIG_OK);
    ops_vec_dispose(&alone.edges);
    return frequent;
}

static bool lists(const opsig_frequent *frequent, const char *text)
{
    for (size_t i = 0; i < opsig_frequent_n(frequent); i++) {
        if (strcmp(opsig_pattern_text(opsig_frequent_pattern(frequent, i)), text) == 0) {
            return true;
        }
    }
    return false;
}

struct alone {
    const struct ops_raw_network *raw;
    const struct ops_network *network;
    opsig_frequent *frequent[4]; /* by model */
    size_t n_visited;
};

static opsig_status check_models(const struct ops_subgraph_visit *visit, void *payload,
                                 opsig_error *err)
{
    struct alone *alone = payload;
    struct ops_step steps[OPS_CODE_MAX_STEPS];
    const struct ops_code code = {steps, visit->code.n_steps};
    opsig_pattern *pattern = NULL;
    uint32_t n = 0;
    (void)err;
    ops_network_translate(alone->network, visit->code, steps);
    assert_int_equal(ops_pattern_new(&pattern, code, alone->raw->symbols, NULL), OPSIG_OK);
    for (uint32_t m = 0; m < 4; m++) {
        if (lists(alone->frequent[m], opsig_pattern_text(pattern))) {
            assert_true(n < visit->support);
            assert_int_equal(visit->models[n++], m);
        }
    }
    assert_int_equal(n, visit->support);
    alone->n_visited++;
    opsig_pattern_free(pattern);
    return OPSIG_OK;
}

static void visits_list_the_models_that_hold_the_pattern(void **state)
{
    (void)state;
    enum { MAX_EDGES = 3 };
    const struct random_raw_options graphs = {
        .n_models = 4, .max_vertices = 8, .max_edges = 12, .n_symbols = 2, .n_labels = 1};
    const struct ops_subgraph_bounds bounds = {.min_support = 2,
                                               .max_edges = MAX_EDGES,
                                               .max_patterns = 1000000,
                                               .max_memory = UINT64_C(1) << 30,
                                               .n_threads = 1};
    size_t n_visited = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct ops_raw_network *raw = random_raw(seed, &graphs);
        struct ops_network *network = NULL;
        struct alone alone = {.raw = raw};
        for (uint32_t m = 0; m < 4; m++) {
            alone.frequent[m] = mine_alone(raw, m, MAX_EDGES);
        }
        assert_int_equal(ops_network_new(&network, raw, false, bounds.min_support, NULL), OPSIG_OK);
        alone.network = network;
        assert_int_equal(ops_subgraph_explore(network, &bounds, check_models, &alone, NULL),
                         OPSIG_OK);
        n_visited += alone.n_visited;
        for (uint32_t m = 0; m < 4; m++) {
            opsig_frequent_free(alone.frequent[m]);
        }
        ops_network_free(network);
        ops_raw_network_free(raw);
    }
    assert_true(n_visited > 500);
}

static const struct random_raw_options larger = {.n_models = 12,
                                                 .max_vertices = 40,
                                                 .max_edges = 70,
                                                 .n_symbols = 3,
                                                 .n_labels = 2};

static void the_number_of_threads_does_not_show(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        opsig_frequent *lists[2] = {NULL, NULL};
        for (unsigned i = 0; i < 2; i++) {
            struct ops_raw_network *raw = random_raw(seed, &larger);
            opsig_frequent_options options;
            opsig_frequent_options_init(&options);
            options.min_support = 3;
            options.max_edges = 4;
            options.undirected = seed % 2 == 0;
            options.closed = seed % 4 < 2;
            options.n_threads = i == 0 ? 1 : 4;
            assert_int_equal(ops_frequent_subgraphs(&lists[i], raw, &options, NULL), OPSIG_OK);
            ops_raw_network_free(raw);
        }
        assert_true(opsig_frequent_n(lists[0]) > 100);
        assert_int_equal(opsig_frequent_n(lists[0]), opsig_frequent_n(lists[1]));
        for (size_t i = 0; i < opsig_frequent_n(lists[0]); i++) {
            assert_string_equal(opsig_pattern_text(opsig_frequent_pattern(lists[0], i)),
                                opsig_pattern_text(opsig_frequent_pattern(lists[1], i)));
            assert_int_equal(opsig_frequent_support(lists[0], i),
                             opsig_frequent_support(lists[1], i));
        }
        opsig_frequent_free(lists[0]);
        opsig_frequent_free(lists[1]);
    }
}

static opsig_status pass_by(const struct ops_subgraph_visit *visit, void *payload,
                            opsig_error *err)
{
    (void)visit;
    (void)payload;
    (void)err;
    return OPSIG_OK;
}

/** What could be significant at a level, where the first half of the models is inconsistent. */
static struct ops_testable *testable_of_halves(uint32_t n_models, double log_level)
{
    uint64_t all = (UINT64_C(1) << n_models) - 1;
    uint64_t half = all >> n_models / 2;
    const struct ops_design design = {.n_models = n_models,
                                      .n_strata = 1,
                                      .n_words = 1,
                                      .all = &all,
                                      .inconsistent = &half,
                                      .strata = &all};
    struct ops_testable *testable = NULL;
    assert_int_equal(ops_testable_new(&testable, &design, log_level, NULL), OPSIG_OK);
    return testable;
}

static void the_memory_that_a_pruned_search_needs_does_not_depend_on_threads(void **state)
{
    (void)state;
    enum { ENOUGH = 1 << 22 };
    struct ops_raw_network *const raw = near_copies(24, 30);
    struct ops_testable *const testable = testable_of_halves(24, -9);
    struct ops_network *network = NULL;
    struct ops_subgraph_bounds bounds = {.min_support = 4,
                                         .max_edges = 4,
                                         .max_patterns = 1000000,
                                         .n_threads = 1,
                                         .testable = testable};
    uint64_t least = 0; /* too little, in units of 64 bytes, at any time */
    assert_int_equal(ops_network_new(&network, raw, false, bounds.min_support, NULL), OPSIG_OK);
    for (uint64_t step = ENOUGH; step > 0; step /= 2) {
        bounds.max_memory = (least + step) * 64;
        least += ops_subgraph_explore(network, &bounds, pass_by, NULL, NULL) == OPSIG_LIMIT ? step
                                                                                             : 0;
    }
    assert_in_range(least, 1, ENOUGH);
    for (unsigned i = 0; i < 12; i++) {
        bounds.n_threads = 2 + i % 3;
        bounds.max_memory = (least + i % 2) * 64;
        assert_int_equal(ops_subgraph_explore(network, &bounds, pass_by, NULL, NULL),
                         i % 2 == 0 ? OPSIG_LIMIT : OPSIG_OK);
    }
    ops_network_free(network);
    ops_testable_free(testable);
    ops_raw_network_free(raw);
}

/** Mines the larger graphs with these options. */
static opsig_status mine_larger(const opsig_frequent_options *options, opsig_error *err)
{
    opsig_frequent *frequent = NULL;
    struct ops_raw_network *raw = random_raw(1, &larger);
    const opsig_status status = ops_frequent_subgraphs(&frequent, raw, options, err);
    opsig_frequent_free(frequent);
    ops_raw_network_free(raw);
    return status;
}

static void limits_name_their_option_and_cancelling_ends_the_search(void **state)
{
    (void)state;
    const volatile int cancel = 1;
    for (unsigned n_threads = 1; n_threads < 4; n_threads++) {
        opsig_error err;
        opsig_frequent_options options;
        opsig_frequent_options_init(&options);
        options.n_threads = n_threads;
        options.max_patterns = 50;
        assert_int_equal(mine_larger(&options, &err), OPSIG_LIMIT);
        assert_non_null(strstr(err.message, "--max-patterns"));
        options.max_patterns = 20000000;
        options.max_memory = 4096;
        assert_int_equal(mine_larger(&options, &err), OPSIG_LIMIT);
        assert_non_null(strstr(err.message, "--max-memory"));
        options.max_memory = UINT64_C(1) << 30;
        options.cancel = &cancel;
        assert_int_equal(mine_larger(&options, &err), OPSIG_CANCELLED);
    }
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    opsig_frequent_options options;
    opsig_frequent_options_init(&options);
    options.min_support = 6;
    options.max_edges = 3;
    options.closed = true;
    for (unsigned n_threads = 1; n_threads < 3; n_threads++) {
        options.n_threads = n_threads;
        opsig_status status = OPSIG_NOMEM;
        for (uint64_t n = 1; status != OPSIG_OK; n += 1 + n / 16) {
            opsig_frequent *frequent = NULL;
            struct ops_raw_network *raw = random_raw(1, &larger);
            ops_mem_fail_at(n, 0);
            status = ops_frequent_subgraphs(&frequent, raw, &options, NULL);
            ops_mem_fail_at(0, 0);
            assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
            assert_int_equal(frequent != NULL, status == OPSIG_OK);
            opsig_frequent_free(frequent);
            ops_raw_network_free(raw);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_equal_brute_force_on_random_dags),
        cmocka_unit_test(lists_equal_brute_force_with_cycles_labels_and_parallel_edges),
        cmocka_unit_test(lists_equal_brute_force_where_a_vertex_has_two_symbols),
        cmocka_unit_test(lists_equal_brute_force_where_most_embeddings_are_dropped),
        cmocka_unit_test(a_vertex_with_many_alike_neighbours_takes_little_memory),
        cmocka_unit_test(copies_that_differ_by_little_take_little_memory),
        cmocka_unit_test(visits_list_the_models_that_hold_the_pattern),
        cmocka_unit_test(the_number_of_threads_does_not_show),
        cmocka_unit_test(the_memory_that_a_pruned_search_needs_does_not_depend_on_threads),
        cmocka_unit_test(limits_name_their_option_and_cancelling_ends_the_search),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
