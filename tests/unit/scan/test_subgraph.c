/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scanning for sequences and subgraphs together: against all maps, which findings cover which, and
 * what is said where a search is broken off. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/scan.h>

#include "pattern/signature.h"
#include "support/random_dag.h"

enum { N_PATTERNS = 15, MAX_MATCHES = 6 };

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

static struct opsig_database *new_database(void)
{
    struct opsig_database *database = NULL;
    assert_int_equal(ops_database_new(&database, NULL), OPSIG_OK);
    return database;
}

/** Adds a signature, unless there is one with this pattern. */
static struct opsig_signature *add(struct opsig_database *database, const char *text, double low)
{
    struct opsig_signature *signature = NULL;
    opsig_pattern *pattern = NULL;
    assert_int_equal(opsig_pattern_parse(&pattern, text, NULL), OPSIG_OK);
    for (size_t i = 0; i < database->signatures.len; i++) {
        if (strcmp(database->signatures.items[i]->pattern->text, pattern->text) == 0) {
            opsig_pattern_free(pattern);
            return database->signatures.items[i];
        }
    }
    assert_int_equal(ops_database_add(database, &signature, NULL), OPSIG_OK);
    signature->pattern = pattern;
    assert_int_equal(ops_pattern_copy(&signature->context, pattern, NULL), OPSIG_OK);
    signature->significant = true;
    signature->statistics.likelihood_ratio.low = low;
    return signature;
}

/** What a database finds in a graph; the databases are put in order. */
static opsig_scan_result *scan(struct opsig_database **databases, size_t n,
                               const opsig_graph *graph, uint32_t max_work)
{
    opsig_scanner *scanner = NULL;
    opsig_scan_result *result = NULL;
    opsig_scan_options options;
    opsig_scan_options_init(&options);
    options.max_matches = MAX_MATCHES;
    options.max_work = max_work;
    for (size_t i = 0; i < n; i++) {
        ops_database_sort(databases[i]);
    }
    assert_int_equal(opsig_scanner_new(&scanner, (const opsig_database *const *)databases, n,
                                       &options, NULL),
                     OPSIG_OK);
    assert_int_equal(opsig_scanner_scan(&result, scanner, graph, NULL, NULL), OPSIG_OK);
    opsig_scanner_free(scanner);
    return result;
}

/** Is this its pattern, however it is written? */
static bool is_of(const opsig_signature *signature, const char *text)
{
    opsig_pattern *pattern = NULL;
    assert_int_equal(opsig_pattern_parse(&pattern, text, NULL), OPSIG_OK);
    const bool is = strcmp(opsig_signature_id(signature), opsig_pattern_id(pattern)) == 0;
    opsig_pattern_free(pattern);
    return is;
}

static const opsig_finding *finding_of(const opsig_scan_result *result, const char *text)
{
    const opsig_finding *found = NULL;
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        if (is_of(finding->signature, text)) {
            found = finding;
        }
    }
    return found;
}

/** The finding of a pattern is what all its maps say. */
static void check_finding(const opsig_pattern *pattern, const opsig_graph *graph,
                          const opsig_finding *finding)
{
    struct all_maps all = all_maps(pattern, graph);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        bool is_first = true;
        for (size_t j = 0; j < i && is_first; j++) {
            is_first = !same_occurrence(pattern, all.rows[j], all.rows[i]);
        }
        if (is_first && n < MAX_MATCHES) {
            assert_non_null(finding);
            assert_memory_equal(finding->matches + n * all.n_vertices, all.rows[i],
                                all.n_vertices * sizeof(uint32_t));
        }
        n += is_first;
    }
    assert_int_equal(finding != NULL, n > 0);
    if (finding != NULL) {
        assert_int_equal(finding->occurrences, n);
        assert_int_equal(finding->n_matches, n < MAX_MATCHES ? n : MAX_MATCHES);
        assert_false(finding->incomplete);
    }
    free(all.rows);
}

static void findings_of_both_kinds_equal_all_maps_on_random_dags(void **state)
{
    (void)state;
    size_t n_found[2] = {0};
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct shape_dice dice = {seed, 0};
        const uint32_t n_symbols = 1 + shape_roll(&dice, 3);
        struct ops_intern *const symbols = letters(n_symbols);
        struct opsig_database *database = new_database();
        for (uint32_t i = 0; i < N_PATTERNS; i++) {
            opsig_pattern *const pattern = random_pattern(&dice, 5, n_symbols, 1 + i % 2);
            add(database, opsig_pattern_text(pattern), shape_roll(&dice, 9));
            opsig_pattern_free(pattern);
        }
        opsig_graph *const graph = random_dag(&dice, 1 + shape_roll(&dice, 8),
                                              20 + shape_roll(&dice, 60), symbols);
        opsig_scan_result *const result = scan(&database, 1, graph, UINT32_MAX);
        for (size_t i = 0; i < database->signatures.len; i++) {
            const opsig_pattern *const pattern = database->signatures.items[i]->pattern;
            const opsig_finding *const finding = finding_of(result, pattern->text);
            check_finding(pattern, graph, finding);
            n_found[opsig_pattern_kind_of(pattern)] += finding != NULL;
        }
        assert_int_equal(opsig_scan_result_n_unsearched(result), 0);
        opsig_scan_result_free(result);
        opsig_graph_free(graph);
        opsig_database_free(database);
        ops_intern_free(symbols);
    }
    assert_true(n_found[OPSIG_PATTERN_SEQUENCE] > 300);
    assert_true(n_found[OPSIG_PATTERN_SUBGRAPH] > 300);
}

/** A graph of letters and edges "ab" between vertices that are counted from 'a'. */
static opsig_graph *make_graph(const char *letters_of_vertices, const char *const *edges)
{
    struct ops_intern *const symbols = letters(26);
    struct ops_plain_edge list[32];
    uint32_t symbol[32];
    opsig_graph *graph = NULL;
    struct ops_plain_graph plain = {.n_vertices = (uint32_t)strlen(letters_of_vertices),
                                    .symbol = symbol,
                                    .edges = list,
                                    .symbols = symbols};
    for (uint32_t v = 0; v < plain.n_vertices; v++) {
        symbol[v] = (uint32_t)(letters_of_vertices[v] - 'A');
    }
    for (; edges[plain.n_edges] != NULL; plain.n_edges++) {
        list[plain.n_edges].from = (uint32_t)(edges[plain.n_edges][0] - 'a');
        list[plain.n_edges].to = (uint32_t)(edges[plain.n_edges][1] - 'a');
        list[plain.n_edges].label = (uint32_t)(edges[plain.n_edges][2] - '0');
    }
    assert_int_equal(ops_plain_snapshot(&graph, &plain, NULL), OPSIG_OK);
    ops_intern_free(symbols);
    return graph;
}

static const char skip[] = "a:A; b:B; c:C; a -> b; a -> c; b -> c";

static void a_subgraph_covers_its_parts_where_they_lie_within_it(void **state)
{
    (void)state;
    /* A skip connection A -> B -> C, A -> C; and C stands once more. */
    static const char *const edges[] = {"ab0", "ac1", "bc0", "dc0", NULL};
    static const char *const more[] = {"ab0", "ac1", "bc0", "de0", NULL};
    opsig_graph *const once = make_graph("ABCD", edges);
    opsig_graph *const twice = make_graph("ABCXC", more);
    struct opsig_database *database = new_database();
    add(database, skip, 4);
    add(database, "A -> B", 9);
    add(database, "C", 7);
    add(database, "A -[2]-> C", 1);
    opsig_scan_result *result = scan(&database, 1, once, 1000);
    assert_int_equal(opsig_scan_result_n_findings(result), 4);
    assert_true(is_of(opsig_scan_result_finding(result, 2)->signature, skip));
    assert_int_equal(finding_of(result, skip)->covered_by, SIZE_MAX);
    assert_int_equal(finding_of(result, "A -> B")->covered_by, 2);
    assert_int_equal(finding_of(result, "C")->covered_by, 2);
    /* the whole does not say which input its edges lead to */
    assert_int_equal(finding_of(result, "A -[2]-> C")->covered_by, SIZE_MAX);
    opsig_scan_result_free(result);
    result = scan(&database, 1, twice, 1000);
    assert_int_equal(finding_of(result, "A -> B")->covered_by, 2);
    assert_int_equal(finding_of(result, "C")->covered_by, SIZE_MAX);
    opsig_scan_result_free(result);
    opsig_database_free(database);
    opsig_graph_free(once);
    opsig_graph_free(twice);
}

static void of_the_same_signature_in_two_databases_the_stronger_one_stands(void **state)
{
    (void)state;
    static const char *const edges[] = {"ab0", "ac0", "bc0", NULL};
    opsig_graph *const graph = make_graph("ABC", edges);
    struct opsig_database *databases[] = {new_database(), new_database()};
    add(databases[0], skip, 4);
    add(databases[1], skip, 5);
    opsig_scan_result *const result = scan(databases, 2, graph, 1000);
    assert_int_equal(opsig_scan_result_n_findings(result), 2);
    assert_int_equal(opsig_scan_result_finding(result, 0)->covered_by, SIZE_MAX);
    assert_ptr_equal(opsig_scan_result_finding(result, 0)->signature,
                     databases[1]->signatures.items[0]);
    assert_int_equal(opsig_scan_result_finding(result, 1)->covered_by, 0);
    opsig_scan_result_free(result);
    opsig_database_free(databases[0]);
    opsig_database_free(databases[1]);
    opsig_graph_free(graph);
}

static void a_search_that_is_broken_off_is_told(void **state)
{
    (void)state;
    static const char *const edges[] = {"ab0", "ac0", "ad0", "ae0", "af0", "fg0", "bg0", NULL};
    opsig_graph *const graph = make_graph("ABBBBBC", edges);
    struct opsig_database *database = new_database();
    const char *const fork = "a:A; b:B; c:B; a -> b; a -> c";
    const char *const closed = "a:A; b:B; c:B; d:C; a -> b; a -> c; b -> d; c -> d";
    add(database, fork, 1);
    add(database, "A -> B", 1);
    add(database, closed, 1);
    opsig_scan_result *result = scan(&database, 1, graph, 1000);
    assert_int_equal(finding_of(result, fork)->occurrences, 10);
    assert_int_equal(finding_of(result, closed)->occurrences, 1);
    assert_int_equal(opsig_scan_result_n_unsearched(result), 0);
    opsig_scan_result_free(result);
    /* the second edge is looked for twice, not five times */
    result = scan(&database, 1, graph, 10);
    assert_int_equal(finding_of(result, fork)->occurrences, 7);
    assert_true(finding_of(result, fork)->incomplete);
    assert_int_equal(finding_of(result, fork)->covered_by, SIZE_MAX);
    assert_false(finding_of(result, "A -> B")->incomplete);
    opsig_scan_result_free(result);
    result = scan(&database, 1, graph, 4); /* not even the first one */
    assert_int_equal(opsig_scan_result_n_findings(result), 1);
    assert_int_equal(opsig_scan_result_n_unsearched(result), 2);
    assert_true(is_of(opsig_scan_result_unsearched(result, 0)->signature, fork));
    assert_true(is_of(opsig_scan_result_unsearched(result, 1)->signature, closed));
    opsig_scan_result_free(result);
    opsig_database_free(database);
    opsig_graph_free(graph);
}

static void the_risk_counts_the_places_of_the_first_vertex(void **state)
{
    (void)state;
    static const char *const edges[] = {"ab0", "ac0", "de0", "df0", "ef0", NULL};
    opsig_graph *const graph = make_graph("ABBABB", edges);
    struct opsig_database *database = new_database();
    database->risk =
        (struct ops_risk){.present = true, .intercept = -1, .slope = 1, .knot = -1};
    add(database, "a:A; b:B; c:B; a -> b; a -> c", 1)->weight = 2;
    opsig_scan_result *const result = scan(&database, 1, graph, 1000);
    const double expected = 1 / (1 + exp(1 - 2 * log2(1 + 2)));
    assert_true(fabs(opsig_scan_result_risk(result) - expected) < 1e-12);
    assert_true(fabs(opsig_scan_result_finding(result, 0)->risk_contribution - 2 * log2(3)) <
                1e-12);
    opsig_scan_result_free(result);
    opsig_database_free(database);
    opsig_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_of_both_kinds_equal_all_maps_on_random_dags),
        cmocka_unit_test(a_subgraph_covers_its_parts_where_they_lie_within_it),
        cmocka_unit_test(of_the_same_signature_in_two_databases_the_stronger_one_stands),
        cmocka_unit_test(a_search_that_is_broken_off_is_told),
        cmocka_unit_test(the_risk_counts_the_places_of_the_first_vertex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
