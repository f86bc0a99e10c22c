/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/scan.h>

#include "base/rng.h"
#include "pattern/signature.h"
#include "support/field_graph.h"

enum { N_SIGNATURES = 12, MAX_LENGTH = 4 };

/** Adds a signature with the given pattern text. */
static struct opsig_signature *add(struct opsig_database *database, const char *text)
{
    struct opsig_signature *signature = NULL;
    assert_int_equal(ops_database_add(database, &signature, NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&signature->pattern, text, NULL), OPSIG_OK);
    assert_int_equal(ops_pattern_copy(&signature->context, signature->pattern, NULL), OPSIG_OK);
    signature->significant = true;
    return signature;
}

/** A database of random, distinct sequences over the symbols of a random field. */
static struct opsig_database *random_database(uint64_t seed, const struct ops_mine_field *field)
{
    struct opsig_database *database = NULL;
    assert_int_equal(ops_database_new(&database, NULL), OPSIG_OK);
    for (uint64_t i = 0; i < N_SIGNATURES; i++) {
        char text[64] = "";
        size_t n = 1 + (size_t)ops_rng_below(seed, i, 0, MAX_LENGTH);
        size_t len = 0;
        for (size_t k = 0; k < n; k++) {
            uint32_t symbol = (uint32_t)ops_rng_below(seed, i, k + 1, field->field.n_symbols);
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", k > 0 ? " -> " : "",
                                    ops_intern_text(field->symbols, symbol));
        }
        struct opsig_signature *signature = add(database, text);
        signature->statistics.likelihood_ratio.low = (double)ops_rng_below(seed, i, 9, 20);
        signature->statistics.p = 1e-3;
        signature->weight = 0.5;
    }
    ops_database_sort(database);
    return database;
}

/** Paths that carry a pattern in the whole field, the slow way. */
static uint64_t slow_count(const struct ops_mine_field *field, const opsig_pattern *pattern)
{
    uint32_t symbols[MAX_LENGTH];
    size_t n = opsig_pattern_n_vertices(pattern);
    for (size_t k = 0; k < n; k++) {
        const char *text = opsig_pattern_symbol(pattern, k);
        symbols[k] = ops_intern_find(field->symbols, text, strlen(text));
    }
    return count_paths(&field->field, 0, field->field.n_vertices, symbols, n);
}

static void check_match(const struct ops_mine_field *field, const opsig_finding *finding, size_t i)
{
    const opsig_pattern *pattern = opsig_signature_pattern(finding->signature);
    size_t n = opsig_pattern_n_vertices(pattern);
    const uint32_t *match = finding->matches + i * n;
    for (size_t k = 0; k < n; k++) {
        const char *text = opsig_pattern_symbol(pattern, k);
        uint32_t symbol = ops_intern_find(field->symbols, text, strlen(text));
        assert_true(field_carries(&field->field, match[k], symbol));
        bool follows = k == 0;
        for (uint32_t e = k == 0 ? 0 : field->succ_begin[match[k - 1]];
             k > 0 && e < field->succ_begin[match[k - 1] + 1]; e++) {
            follows = follows || field->succ[e] == match[k];
        }
        assert_true(follows);
    }
}

/** Is the signature among the findings? */
static bool is_found(const opsig_scan_result *result, const opsig_signature *signature)
{
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        if (opsig_scan_result_finding(result, i)->signature == signature) {
            return true;
        }
    }
    return false;
}

static void check_result(const struct ops_mine_field *field, const opsig_database *database,
                         const opsig_scan_result *result)
{
    for (size_t i = 0; i < opsig_database_n_signatures(database); i++) {
        const opsig_signature *signature = opsig_database_signature(database, i);
        bool occurs = slow_count(field, opsig_signature_pattern(signature)) > 0;
        assert_int_equal(is_found(result, signature), occurs);
    }
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *finding = opsig_scan_result_finding(result, i);
        uint64_t expected = slow_count(field, opsig_signature_pattern(finding->signature));
        assert_int_equal(finding->occurrences, expected);
        assert_int_equal(finding->n_matches, expected < 5 ? expected : 5);
        for (size_t m = 0; m < finding->n_matches; m++) {
            check_match(field, finding, m);
        }
        if (i > 0) {
            const opsig_finding *before = opsig_scan_result_finding(result, i - 1);
            assert_true(
                opsig_signature_statistics(before->signature)->likelihood_ratio.low >=
                opsig_signature_statistics(finding->signature)->likelihood_ratio.low);
        }
    }
}

static void findings_equal_path_enumeration_on_random_dags(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct random_field_options options = {.n_models = 1,
                                               .max_vertices = 10,
                                               .n_symbols = 2 + (uint32_t)(seed % 2),
                                               .edge_percent = 35,
                                               .two_layers = seed % 3 != 0};
        struct ops_mine_field *field = random_field(seed, &options);
        struct opsig_database *database = random_database(seed, field);
        const opsig_database *const databases[] = {database};
        struct field_graph graph;
        opsig_scanner *scanner = NULL;
        opsig_scan_result *result = NULL;
        opsig_scan_options scan_options;
        opsig_scan_options_init(&scan_options);
        scan_options.max_matches = 5;
        field_graph_init(&graph, field, 0);
        assert_int_equal(opsig_scanner_new(&scanner, databases, 1, &scan_options, NULL), OPSIG_OK);
        assert_int_equal(opsig_scanner_scan(&result, scanner, &graph.graph, NULL, NULL), OPSIG_OK);
        check_result(field, database, result);
        assert_true(isnan(opsig_scan_result_risk(result)));
        opsig_scan_result_free(result);
        opsig_scanner_free(scanner);
        field_graph_dispose(&graph);
        opsig_database_free(database);
        ops_mine_field_free(field);
    }
}

/** Scans a hand-made graph A{x} -> B -> C with one database. */
struct fixture {
    struct field_graph graph;
    struct opsig_database *database;
    opsig_scanner *scanner;
    opsig_scan_result *result;
};

static void scan_chain(struct fixture *fixture, opsig_severity min_severity)
{
    static uint32_t succ_begin[] = {0, 1, 2, 2}, succ[] = {1, 2};
    static uint32_t op[] = {0, 2, 3}, op_attr[] = {1, 2, 3};
    static uint32_t symbol_text[] = {0, 2, 7, 9};
    struct opsig_graph *graph = &fixture->graph.graph;
    const opsig_database *const databases[] = {fixture->database};
    opsig_scan_options options;
    opsig_scan_options_init(&options);
    options.min_severity = min_severity;
    memset(graph, 0, sizeof *graph);
    graph->n_vertices = 3;
    graph->n_symbols = 4;
    graph->succ_begin = succ_begin;
    graph->succ = succ;
    graph->symbol[0] = op;
    graph->symbol[1] = op_attr;
    graph->symbol_text = symbol_text;
    graph->text = "A\0A{x}\0B\0C";
    ops_database_sort(fixture->database);
    assert_int_equal(opsig_scanner_new(&fixture->scanner, databases, 1, &options, NULL), OPSIG_OK);
    assert_int_equal(opsig_scanner_scan(&fixture->result, fixture->scanner, graph, NULL, NULL),
                     OPSIG_OK);
}

static void fixture_dispose(struct fixture *fixture)
{
    opsig_scan_result_free(fixture->result);
    opsig_scanner_free(fixture->scanner);
    opsig_database_free(fixture->database);
}

static void a_finding_inside_another_is_covered_and_one_beside_it_is_not(void **state)
{
    (void)state;
    struct fixture fixture = {.database = NULL};
    assert_int_equal(ops_database_new(&fixture.database, NULL), OPSIG_OK);
    add(fixture.database, "A{x} -> B")->statistics.likelihood_ratio.low = 5;
    add(fixture.database, "A")->statistics.likelihood_ratio.low = 4;
    add(fixture.database, "C")->statistics.likelihood_ratio.low = 3;
    scan_chain(&fixture, OPSIG_SEVERITY_LOW);
    assert_int_equal(opsig_scan_result_n_findings(fixture.result), 3);
    assert_int_equal(opsig_scan_result_finding(fixture.result, 0)->covered_by, SIZE_MAX);
    assert_int_equal(opsig_scan_result_finding(fixture.result, 1)->covered_by, 0);
    assert_int_equal(opsig_scan_result_finding(fixture.result, 2)->covered_by, SIZE_MAX);
    fixture_dispose(&fixture);
}

static void findings_below_the_severity_are_left_out_but_count_for_the_risk(void **state)
{
    (void)state;
    struct fixture fixture = {.database = NULL};
    assert_int_equal(ops_database_new(&fixture.database, NULL), OPSIG_OK);
    fixture.database->risk = (struct ops_risk){
        .present = true, .intercept = -1, .slope = 1, .knot = -1};
    add(fixture.database, "B -> C")->weight = 2;
    struct opsig_signature *term = add(fixture.database, "A -> B");
    term->significant = false;
    term->weight = 1;
    scan_chain(&fixture, OPSIG_SEVERITY_HIGH);
    assert_int_equal(opsig_scan_result_n_findings(fixture.result), 0);
    assert_int_equal(opsig_scan_result_n_terms(fixture.result), 1);
    /* log2(1 + 1) = 1 end vertex each: -1 + 2 + 1 */
    assert_true(fabs(opsig_scan_result_risk(fixture.result) - 1 / (1 + exp(-2))) < 1e-12);
    const opsig_finding *found = opsig_scan_result_term(fixture.result, 0);
    assert_true(fabs(found->risk_contribution - 1) < 1e-12);
    fixture_dispose(&fixture);
}

static void without_signatures_nothing_is_found(void **state)
{
    (void)state;
    struct fixture fixture = {.database = NULL};
    assert_int_equal(ops_database_new(&fixture.database, NULL), OPSIG_OK);
    scan_chain(&fixture, OPSIG_SEVERITY_LOW);
    assert_int_equal(opsig_scan_result_n_findings(fixture.result), 0);
    fixture_dispose(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_equal_path_enumeration_on_random_dags),
        cmocka_unit_test(a_finding_inside_another_is_covered_and_one_beside_it_is_not),
        cmocka_unit_test(findings_below_the_severity_are_left_out_but_count_for_the_risk),
        cmocka_unit_test(without_signatures_nothing_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
