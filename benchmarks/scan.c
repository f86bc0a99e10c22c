/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scans random operator graphs for subgraph signatures, beside igraph's VF2 on the same, and holds
 * the numbers of matches against each other. Operators are as unequal in frequency as those of
 * models; a node reads one or two of the 12 nodes before it. Patterns are connected pieces of such
 * graphs, so most of them occur; more than 1,000 are cut from another graph.
 *
 * usage: bench_scan NODES SIGNATURES ROUNDS [vf2] [lad] [write FILE]
 *
 * Prints a line for each contender: its name, matches (symmetric ones once), and milliseconds,
 * opsig's as the median of the rounds. `write` writes the graph, and behind it the patterns, in
 * gSpan's text format for others to match. */
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

/* ---- igraph ---- */

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

/** A graph of igraph with a colour for each vertex. */
struct coloured {
    igraph_t graph;
    igraph_vector_int_t colours;
};

static void coloured_destroy(struct coloured *it)
{
    igraph_vector_int_destroy(&it->colours);
    igraph_destroy(&it->graph);
}

typedef uint64_t (*counter)(const struct coloured *whole, const struct coloured *part);

static uint64_t count_vf2(const struct coloured *whole, const struct coloured *part)
{
    igraph_integer_t n;
    igraph_count_subisomorphisms_vf2(&whole->graph, &part->graph, &whole->colours, &part->colours,
                                     NULL, NULL, &n, NULL, NULL, NULL);
    return (uint64_t)n;
}

/** LAD takes for each vertex of the part the list of those that it may be. */
static uint64_t count_lad(const struct coloured *whole, const struct coloured *part)
{
    igraph_vector_int_list_t domains, maps;
    igraph_vector_int_list_init(&domains, 0);
    igraph_vector_int_list_init(&maps, 0);
    for (igraph_integer_t v = 0; v < igraph_vector_int_size(&part->colours); v++) {
        igraph_vector_int_t domain;
        igraph_vector_int_init(&domain, 0);
        for (igraph_integer_t w = 0; w < igraph_vector_int_size(&whole->colours); w++) {
            if (VECTOR(whole->colours)[w] == VECTOR(part->colours)[v]) {
                igraph_vector_int_push_back(&domain, w);
            }
        }
        igraph_vector_int_list_push_back(&domains, &domain);
    }
    igraph_bool_t found;
    igraph_subisomorphic_lad(&part->graph, &whole->graph, &domains, &found, NULL, &maps, 0, 0);
    const uint64_t n = (uint64_t)igraph_vector_int_list_size(&maps);
    igraph_vector_int_list_destroy(&maps);
    igraph_vector_int_list_destroy(&domains);
    return n;
}

/** Occurrences of all patterns, symmetric ones once. @param ms  the time of the counter alone */
static uint64_t count_all(counter count, const opsig_graph *graph,
                          const struct opsig_database *database, double *ms)
{
    uint64_t total = 0;
    struct coloured whole;
    to_igraph(&whole.graph, &whole.colours, graph);
    *ms = 0;
    for (size_t i = 0; i < database->signatures.len; i++) {
        struct coloured part;
        pattern_to_igraph(&part.graph, &part.colours, database->signatures.items[i]->pattern);
        const uint64_t n_symmetries = count_vf2(&part, &part);
        const double start = now();
        const uint64_t n = count(&whole, &part);
        *ms += now() - start;
        total += n / n_symmetries;
        coloured_destroy(&part);
    }
    coloured_destroy(&whole);
    return total;
}

/* ---- gSpan's text format ---- */

static void write_graph(FILE *file, size_t number, const struct coloured *it)
{
    (void)fprintf(file, "t # %zu\n", number);
    for (igraph_integer_t v = 0; v < igraph_vector_int_size(&it->colours); v++) {
        (void)fprintf(file, "v %ld %ld\n", (long)v, (long)VECTOR(it->colours)[v]);
    }
    for (igraph_integer_t e = 0; e < igraph_ecount(&it->graph); e++) {
        (void)fprintf(file, "e %ld %ld 0\n", (long)IGRAPH_FROM(&it->graph, e),
                      (long)IGRAPH_TO(&it->graph, e));
    }
}

/** Writes the graph, and behind it the patterns. */
static void write_all(const char *path, const opsig_graph *graph,
                      const struct opsig_database *database)
{
    FILE *const file = fopen(path, "w");
    struct coloured it;
    if (file == NULL) {
        must(OPSIG_IO);
    }
    to_igraph(&it.graph, &it.colours, graph);
    write_graph(file, 0, &it);
    coloured_destroy(&it);
    for (size_t i = 0; i < database->signatures.len; i++) {
        pattern_to_igraph(&it.graph, &it.colours, database->signatures.items[i]->pattern);
        write_graph(file, i + 1, &it);
        coloured_destroy(&it);
    }
    if (fclose(file) != 0) {
        must(OPSIG_IO);
    }
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

static void report(const char *name, uint64_t n, double ms)
{
    printf("%s %" PRIu64 " %.6f\n", name, n, ms);
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    double ms;
    uint64_t n;
    if (argc < 4) {
        (void)fprintf(stderr, "usage: bench_scan NODES SIGNATURES ROUNDS [vf2] [lad] "
                              "[write FILE]\n");
        return 2;
    }
    const uint32_t n_vertices = (uint32_t)strtoul(argv[1], NULL, 10);
    const uint32_t n_signatures = (uint32_t)strtoul(argv[2], NULL, 10);
    const long wanted = strtol(argv[3], NULL, 10);
    const int rounds = wanted < 1 ? 1 : wanted > MAX_ROUNDS ? MAX_ROUNDS : (int)wanted;
    struct ops_intern *const operators = make_operators();
    opsig_graph *const graph = make_graph(n_vertices, n_vertices, operators);
    opsig_graph *const hidden = make_graph(7, HIDDEN_GRAPH, operators);
    struct opsig_database *const database =
        make_database(n_signatures, n_signatures > 1000 ? hidden : graph, n_signatures);
    n = count_by_scan(graph, database, rounds, &ms);
    report("opsig", n, ms);
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], "vf2") == 0) {
            n = count_all(count_vf2, graph, database, &ms);
            report("vf2", n, ms);
        } else if (strcmp(argv[i], "lad") == 0) {
            n = count_all(count_lad, graph, database, &ms);
            report("lad", n, ms);
        } else if (strcmp(argv[i], "write") == 0 && i + 1 < argc) {
            write_all(argv[++i], graph, database);
        }
    }
    opsig_database_free(database);
    opsig_graph_free(hidden);
    opsig_graph_free(graph);
    ops_intern_free(operators);
    return 0;
}
