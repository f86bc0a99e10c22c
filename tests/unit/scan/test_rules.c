/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings of rules: what a scanner makes of them, and in which order. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "graph/facts.h"
#include "onnx/text.h"
#include "onnx/write.h"
#include "scan/scanner.h"
#include "support/close.h"
#include "support/temp_folder.h"

static const char model_text[] =
    "<ir_version: 8, opset_import: [\"\" : 17]>\n"
    "g (float[2] x, float u) => (float[2] y, float z) {\n"
    "  a = Neg(x)\n  b = Neg(a)\n  c = Neg(b)\n  y = Relu(c)\n  z = Relu(u)\n}\n";

static const char rules_text[] =
    "rule pairs\n  severity medium\n  confidence reported\nmatch\n  a:Neg -> b:Neg\n"
    "report at b\nend\n"
    "rule ranked\n  severity high\n  confidence fixed\nmatch\n  n:Relu\nwhere\n  rank(n.X) == 3\n"
    "report at n\nend\n"
    "rule better\n  severity medium\n  confidence maintainer\nmatch\n  n:Relu\nwhere\n"
    "  rank(n.X) == 1\nreport at n\nend\n"
    "rule weak\n  severity low\n  confidence fixed\nmatch\n  n:Neg\nreport at n\nend\n"
    "rule absent\n  severity high\nmatch\n  n:Sin\nreport at n\nend\n";

static int make_folder(void **state)
{
    struct onnx_message message;
    (void)state;
    temp_folder_make();
    onnx_message_init(&message);
    assert_int_equal(onnx_text_encode(&message, model_text, strlen(model_text), NULL), OPSIG_OK);
    temp_write(temp_path("m.onnx"), message.own.bytes, message.own.len);
    onnx_message_dispose(&message);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

static opsig_rules *read_rules(const char *text)
{
    opsig_rules *rules = NULL;
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    assert_int_equal(opsig_rules_add_text(rules, "t.rules", text, strlen(text), NULL), OPSIG_OK);
    return rules;
}

static opsig_graph *load_model(void)
{
    opsig_graph *graph = NULL;
    assert_int_equal(opsig_graph_load_facts(&graph, temp_path("m.onnx"), NULL, NULL), OPSIG_OK);
    return graph;
}

static opsig_status scan(opsig_scan_result **out, const opsig_graph *graph,
                         const opsig_scan_options *options, const opsig_database *database,
                         opsig_error *err)
{
    opsig_scanner *scanner = NULL;
    opsig_status status =
        opsig_scanner_new(&scanner, &database, database != NULL ? 1 : 0, options, err);
    *out = NULL;
    if (status == OPSIG_OK) {
        status = opsig_scanner_scan(out, scanner, graph, temp_path("m.onnx"), err);
    }
    opsig_scanner_free(scanner);
    return status;
}

static void findings_have_their_places_and_stand_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        bool is_possible;
        opsig_severity severity;
        uint64_t occurrences;
        size_t width;
    } expected[] = {
        {"better", false, OPSIG_SEVERITY_MEDIUM, 2, 1}, /* one of them is possible only */
        {"pairs", false, OPSIG_SEVERITY_MEDIUM, 2, 2},
        {"weak", false, OPSIG_SEVERITY_LOW, 3, 1},
        {"ranked", true, OPSIG_SEVERITY_MEDIUM, 1, 1},
    };
    opsig_rules *const rules = read_rules(rules_text);
    opsig_graph *const graph = load_model();
    opsig_scan_options options;
    opsig_scan_result *result;
    opsig_scan_options_init(&options);
    options.rules = rules;
    assert_int_equal(scan(&result, graph, &options, NULL, NULL), OPSIG_OK);
    assert_int_equal(opsig_scan_result_n_findings(result), 4);
    for (size_t i = 0; i < 4; i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        assert_string_equal(opsig_finding_id(finding), expected[i].id);
        assert_string_equal(opsig_finding_title(finding), "");
        assert_int_equal(finding->is_possible, expected[i].is_possible);
        assert_int_equal(opsig_finding_severity(finding), expected[i].severity);
        assert_int_equal(finding->occurrences, expected[i].occurrences);
        for (size_t m = 0; m < finding->n_matches; m++) {
            size_t n;
            const uint32_t *const match = opsig_finding_match(finding, m, &n);
            assert_int_equal(n, expected[i].width);
            assert_true(match[0] < opsig_graph_n_vertices(graph));
        }
        assert_true(i == 0 ||
                    opsig_finding_compare(opsig_scan_result_finding(result, i - 1), finding) < 0);
    }
    size_t n;
    const uint32_t *const second = opsig_finding_match(opsig_scan_result_finding(result, 1), 1, &n);
    assert_int_equal(second[0], 1);
    assert_int_equal(second[1], 2);
    assert_true(opsig_scan_result_risk(result) != opsig_scan_result_risk(result));
    opsig_scan_result_free(result);
    opsig_graph_free(graph);
    opsig_rules_free(rules);
}

static void the_least_severity_counts_for_what_is_possible(void **state)
{
    (void)state;
    opsig_rules *const rules = read_rules(rules_text);
    opsig_graph *const graph = load_model();
    opsig_scan_options options;
    opsig_scan_result *result;
    opsig_scan_options_init(&options);
    options.rules = rules;
    options.min_severity = OPSIG_SEVERITY_HIGH;
    assert_int_equal(scan(&result, graph, &options, NULL, NULL), OPSIG_OK);
    assert_int_equal(opsig_scan_result_n_findings(result), 0);
    opsig_scan_result_free(result);
    opsig_graph_free(graph);
    opsig_rules_free(rules);
}

static void of_rules_with_one_id_the_options_count(void **state)
{
    (void)state;
    opsig_rules *const theirs = read_rules(rules_text);
    opsig_rules *const ours =
        read_rules("rule weak\n  severity high\nmatch\n  n:Relu\nreport at n\nend\n");
    opsig_graph *const graph = load_model();
    opsig_database *database = NULL;
    opsig_scan_options options;
    opsig_scan_result *result;
    assert_int_equal(opsig_database_of_rules(&database, theirs, NULL), OPSIG_OK);
    opsig_scan_options_init(&options);
    options.rules = ours;
    assert_int_equal(scan(&result, graph, &options, database, NULL), OPSIG_OK);
    assert_int_equal(opsig_scan_result_n_findings(result), 4);
    assert_ptr_equal(opsig_scan_result_finding(result, 0)->rule, opsig_rules_at(ours, 0));
    opsig_scan_result_free(result);
    options.without_rules = true;
    assert_int_equal(scan(&result, graph, &options, database, NULL), OPSIG_OK);
    assert_int_equal(opsig_scan_result_n_findings(result), 1);
    opsig_scan_result_free(result);
    opsig_database_free(database);
    opsig_graph_free(graph);
    opsig_rules_free(ours);
    opsig_rules_free(theirs);
}

static void a_graph_without_facts_is_refused(void **state)
{
    (void)state;
    opsig_rules *const rules = read_rules(rules_text);
    opsig_graph *graph = NULL;
    opsig_scan_options options;
    opsig_scan_result *result;
    opsig_error err = {.offset = -1};
    assert_int_equal(opsig_graph_load(&graph, temp_path("m.onnx"), NULL, NULL), OPSIG_OK);
    opsig_scan_options_init(&options);
    options.rules = rules;
    assert_int_equal(scan(&result, graph, &options, NULL, &err), OPSIG_USAGE);
    assert_null(result);
    assert_non_null(strstr(err.message, "facts"));
    opsig_graph_free(graph);
    opsig_rules_free(rules);
}

static void every_failed_allocation_is_told(void **state)
{
    (void)state;
    opsig_rules *const rules = read_rules(rules_text);
    opsig_graph *const graph = load_model();
    opsig_scan_options options;
    opsig_status status = OPSIG_NOMEM;
    uint64_t k = 1;
    opsig_scan_options_init(&options);
    options.rules = rules;
    for (; status == OPSIG_NOMEM; k++) {
        opsig_scan_result *result;
        ops_mem_fail_at(k, 0);
        status = scan(&result, graph, &options, NULL, NULL);
        ops_mem_fail_at(0, 0);
        opsig_scan_result_free(result);
    }
    assert_int_equal(status, OPSIG_OK);
    assert_true(k > 10);
    opsig_graph_free(graph);
    opsig_rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_have_their_places_and_stand_in_order),
        cmocka_unit_test(the_least_severity_counts_for_what_is_possible),
        cmocka_unit_test(of_rules_with_one_id_the_options_count),
        cmocka_unit_test(a_graph_without_facts_is_refused),
        cmocka_unit_test(every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests_name("scan/rules", tests, make_folder, remove_folder);
}
