/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scans random operator graphs for subgraph signatures, beside igraph's VF2 on the same, and holds
 * the numbers of matches against each other. Operators are as unequal in frequency as those of
 * models; a node reads one or two of the 12 nodes before it. Patterns are connected pieces of such
 * graphs, so most of them occur. Prints a table; times are medians.
 *
 * usage: bench_scan [ROUNDS]   (default 9) */
#include <igraph/igraph.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <opsig/scan.h>

#include "base/rng.h"
#include "graph/plain.h"
#include "pattern/signature.h"

enum {
    N_OPERATORS = 40,
    REACH = 12,      /* nodes back that an edge may come from */
    VF2_LARGEST = 10000,
    MAX_ROUNDS = 99,
    HIDDEN_GRAPH = 20000 /* nodes of the graph that many signatures are cut from */
};

struct dice {
    uint64_t seed, index;
};

static uint32_t roll(struct dice *dice, uint32_t bound)
{
    return (uint32_t)ops_rng_below(dice->seed, 0, dice->index++, bound);
}

static void must(opsig_status status)
{
    if (status != OPSIG_OK) {
        (void)fprintf(stderr, "scan: %s\n", opsig_status_name(status));
        exit(1);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* ---- graphs and patterns ---- */

static struct ops_intern *make_operators(void)
{
    struct ops_intern *table = NULL;
    must(ops_intern_new(&table, NULL));
    for (uint32_t i = 0; i < N_OPERATORS; i++) {
        char name[16];
        uint32_t id;
        const int len = snprintf(name, sizeof name, "Op%02u", i);
        must(ops_intern_put(table, name, (size_t)len, &id, NULL));
    }
    return table;
}

/** The product of two numbers falls off about as the frequencies of operators do. */
static opsig_graph *make_graph(uint64_t seed, uint32_t n, const struct ops_intern *operators)
{
    struct dice dice = {seed, 0};
    uint32_t *const symbol = calloc(n, sizeof *symbol);
    struct ops_plain_edge *const edges = calloc(2 * (size_t)n, sizeof *edges);
    struct ops_plain_graph plain = {
        .n_vertices = n, .symbol = symbol, .edges = edges, .symbols = operators};
    opsig_graph *graph = NULL;
    if (symbol == NULL || edges == NULL) {
        must(OPSIG_NOMEM);
    }
    for (uint32_t v = 0; v < n; v++) {
        symbol[v] = roll(&dice, 1 + roll(&dice, N_OPERATORS));
        const uint32_t n_inputs = v == 0 ? 0 : 1 + (roll(&dice, 4) == 0);
        for (uint32_t slot = 0; slot < n_inputs; slot++) {
            const uint32_t reach = v < REACH ? v : REACH;
            const uint32_t back = 1 + roll(&dice, 1 + roll(&dice, reach));
            edges[plain.n_edges++] = (struct ops_plain_edge){v - back, v, slot};
        }
    }
    must(ops_plain_snapshot(&graph, &plain, NULL));
    free(symbol);
    free(edges);
    return graph;
}

static bool is_chosen(const uint32_t *chosen, uint32_t n, uint32_t v)
{
    for (uint32_t i = 0; i < n; i++) {
        if (chosen[i] == v) {
            return true;
        }
    }
    return false;
}

/** A neighbour of vertex v, in either direction; v itself where it has none. */
static uint32_t random_neighbour(struct dice *dice, const opsig_graph *graph, uint32_t v)
{
    const uint32_t n_out = graph->succ_begin[v + 1] - graph->succ_begin[v];
    const uint32_t n_in = graph->pred_begin[v + 1] - graph->pred_begin[v];
    const uint32_t i = n_out + n_in > 0 ? roll(dice, n_out + n_in) : 0;
    if (i < n_out) {
        return graph->succ[graph->succ_begin[v] + i];
    }
    return n_in > 0 ? graph->pred[graph->pred_begin[v] + i - n_out] : v;
}

/** Cuts out a connected piece of 3 to 6 vertices with all of its edges; NULL where it is a path. */
static opsig_pattern *cut_pattern(struct dice *dice, const opsig_graph *graph)
{
    uint32_t chosen[6] = {roll(dice, graph->n_vertices)};
    uint32_t n = 1;
    const uint32_t wanted = 3 + roll(dice, 4);
    for (int tries = 0; n < wanted && tries < 100; tries++) {
        const uint32_t v = random_neighbour(dice, graph, chosen[roll(dice, n)]);
        if (!is_chosen(chosen, n, v)) {
            chosen[n++] = v;
        }
    }
    char text[600] = "";
    size_t len = 0;
    for (uint32_t i = 0; i < n; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "n%u:%s;", i,
                                ops_snapshot_symbol_text(graph, graph->symbol[0][chosen[i]]));
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++) {
            for (uint32_t e = graph->succ_begin[chosen[i]]; e < graph->succ_begin[chosen[i] + 1];
                 e++) {
                if (graph->succ[e] == chosen[j]) {
                    len += (size_t)snprintf(text + len, sizeof text - len, "n%u->n%u;", i, j);
                    break;
                }
            }
        }
    }
    text[len - 1] = '\0';
    opsig_pattern *pattern = NULL;
    must(opsig_pattern_parse(&pattern, text, NULL));
    if (opsig_pattern_kind_of(pattern) == OPSIG_PATTERN_SEQUENCE) {
        opsig_pattern_free(pattern);
        return NULL;
    }
    return pattern;
}

static struct opsig_database *make_database(uint64_t seed, const opsig_graph *graph, uint32_t n)
{
    struct dice dice = {seed, 1000000};
    struct opsig_database *database = NULL;
    struct ops_intern *ids = NULL;
    must(ops_database_new(&database, NULL));
    must(ops_intern_new(&ids, NULL));
    while (database->signatures.len < n) {
        struct opsig_signature *signature = NULL;
        uint32_t id;
        opsig_pattern *const pattern = cut_pattern(&dice, graph);
        if (pattern == NULL) {
            continue;
        }
        must(ops_intern_put(ids, pattern->id, strlen(pattern->id), &id, NULL));
        if (id < database->signatures.len) {
            opsig_pattern_free(pattern);
            continue;
        }
        must(ops_database_add(database, &signature, NULL));
        signature->pattern = pattern;
        must(ops_pattern_copy(&signature->context, pattern, NULL));
        signature->significant = true;
    }
    ops_intern_free(ids);
    ops_database_sort(database);
    return database;
}

/* ---- VF2 ---- */

/** "Op07" is colour 7. */
static long number_of(const char *operator)
{
    return strtol(operator + strlen("Op"), NULL, 10);
}

static void to_igraph(igraph_t *out, igraph_vector_int_t *colours, const opsig_graph *graph)
{
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_int_init(colours, 0);
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        const char *const name = ops_snapshot_symbol_text(graph, graph->symbol[0][v]);
        igraph_vector_int_push_back(colours, number_of(name));
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            if (e == graph->succ_begin[v] || graph->succ[e] != graph->succ[e - 1]) {
                igraph_vector_int_push_back(&edges, v);
                igraph_vector_int_push_back(&edges, graph->succ[e]);
            }
        }
    }
    igraph_create(out, &edges, graph->n_vertices, IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&edges);
}

static void pattern_to_igraph(igraph_t *out, igraph_vector_int_t *colours,
                              const opsig_pattern *pattern)
{
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_int_init(colours, 0);
    for (size_t v = 0; v < opsig_pattern_n_vertices(pattern); v++) {
        igraph_vector_int_push_back(colours, number_of(opsig_pattern_symbol(pattern, v)));
    }
    for (size_t e = 0; e < opsig_pattern_n_edges(pattern); e++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, e);
        igraph_vector_int_push_back(&edges, edge.from);
        igraph_vector_int_push_back(&edges, edge.to);
    }
    igraph_create(out, &edges, (igraph_integer_t)opsig_pattern_n_vertices(pattern),
                  IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&edges);
}

/** Occurrences of all patterns, symmetric ones once. @param ms  the time of VF2 alone */
static uint64_t count_by_vf2(const opsig_graph *graph, const struct opsig_database *database,
                             double *ms)
{
    uint64_t total = 0;
    igraph_t whole;
    igraph_vector_int_t colours;
    to_igraph(&whole, &colours, graph);
    *ms = 0;
    for (size_t i = 0; i < database->signatures.len; i++) {
        igraph_t part;
        igraph_vector_int_t part_colours;
        igraph_integer_t n, n_symmetries;
        pattern_to_igraph(&part, &part_colours, database->signatures.items[i]->pattern);
        igraph_count_subisomorphisms_vf2(&part, &part, &part_colours, &part_colours, NULL, NULL,
                                         &n_symmetries, NULL, NULL, NULL);
        const double start = now();
        igraph_count_subisomorphisms_vf2(&whole, &part, &colours, &part_colours, NULL, NULL, &n,
                                         NULL, NULL, NULL);
        *ms += now() - start;
        total += (uint64_t)(n / n_symmetries);
        igraph_vector_int_destroy(&part_colours);
        igraph_destroy(&part);
    }
    igraph_vector_int_destroy(&colours);
    igraph_destroy(&whole);
    return total;
}

/* ---- measuring ---- */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/** Occurrences of all patterns. @param ms  the median time of a scan */
static uint64_t count_by_scan(const opsig_graph *graph, const struct opsig_database *database,
                              int rounds, double *ms)
{
    uint64_t total = 0;
    double times[MAX_ROUNDS];
    const opsig_database *const databases[] = {database};
    opsig_scanner *scanner = NULL;
    opsig_scan_options options;
    opsig_scan_options_init(&options);
    options.max_matches = 1;
    must(opsig_scanner_new(&scanner, databases, 1, &options, NULL));
    for (int round = 0; round < rounds; round++) {
        opsig_scan_result *result = NULL;
        const double start = now();
        must(opsig_scanner_scan(&result, scanner, graph, NULL, NULL));
        times[round] = now() - start;
        total = 0;
        for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
            total += opsig_scan_result_finding(result, i)->occurrences;
        }
        opsig_scan_result_free(result);
    }
    opsig_scanner_free(scanner);
    qsort(times, (size_t)rounds, sizeof *times, compare_doubles);
    *ms = times[rounds / 2];
    return total;
}

static void run(uint32_t n_vertices, uint32_t n_signatures, int rounds,
                const struct ops_intern *operators)
{
    double scan_ms, vf2_ms;
    opsig_graph *const graph = make_graph(n_vertices, n_vertices, operators);
    opsig_graph *const hidden = make_graph(7, HIDDEN_GRAPH, operators);
    struct opsig_database *const database =
        make_database(n_signatures, n_signatures > 1000 ? hidden : graph, n_signatures);
    const uint64_t found = count_by_scan(graph, database, rounds, &scan_ms);
    printf("%8u %10u %10" PRIu64 " %10.3f", n_vertices, n_signatures, found, scan_ms);
    if (n_vertices <= VF2_LARGEST && n_signatures <= 1000) {
        const uint64_t expected = count_by_vf2(graph, database, &vf2_ms);
        printf(" %10.1f %8.0f  %s\n", vf2_ms, vf2_ms / scan_ms,
               expected == found ? "equal" : "DIFFERENT");
    } else {
        printf(" %10s %8s\n", "-", "-");
    }
    opsig_database_free(database);
    opsig_graph_free(hidden);
    opsig_graph_free(graph);
}

int main(int argc, char **argv)
{
    const long wanted = argc > 1 ? strtol(argv[1], NULL, 10) : 9;
    const int rounds = wanted < 1 ? 1 : wanted > MAX_ROUNDS ? MAX_ROUNDS : (int)wanted;
    struct ops_intern *const operators = make_operators();
    printf("%8s %10s %10s %10s %10s %8s\n", "nodes", "signatures", "matches", "opsig ms", "VF2 ms",
           "ratio");
    run(1000, 100, rounds, operators);
    run(10000, 100, rounds, operators);
    run(100000, 100, rounds, operators);
    run(1000000, 100, rounds, operators);
    run(1000, 10000, rounds, operators);
    ops_intern_free(operators);
    return 0;
}
