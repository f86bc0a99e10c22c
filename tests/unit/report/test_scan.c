/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <string.h>

static const opsig_report_style text_style = {.format = OPSIG_REPORT_TEXT};
static const opsig_report_style verbose_style = {.format = OPSIG_REPORT_TEXT, .verbose = true};
static const opsig_report_style json_style = {.format = OPSIG_REPORT_JSON};

/** A scanned model, a clean one and an unreadable one, reported in a style. */
static void report(struct memory_stream *memory, const opsig_report_style *style,
                   const opsig_graph *graph)
{
    struct opsig_database *database = fixture_database();
    fixture_signature(database, "Pad -> AveragePool", 31, 11.5);
    fixture_signature(database, "Pad", 40, 1.5);
    ops_database_sort(database);
    const opsig_database *const databases[] = {database};
    const char *const paths[] = {"the.db"};
    const opsig_error error = {.status = OPSIG_FORMAT, .kind = "truncated", .offset = 1834,
                               .message = "the input ends early"};
    opsig_scan_options options;
    opsig_scanner *scanner = NULL;
    opsig_scan_result *result = NULL;
    opsig_scan_result *nothing = NULL;
    opsig_scan_report *out = NULL;
    opsig_graph *clean = fixture_graph("a = Relu(x)");
    opsig_scan_options_init(&options);
    memory_stream_open(memory);
    assert_int_equal(opsig_scanner_new(&scanner, databases, 1, &options, NULL), OPSIG_OK);
    assert_int_equal(opsig_scanner_scan(&result, scanner, graph, NULL, NULL), OPSIG_OK);
    assert_int_equal(opsig_scanner_scan(&nothing, scanner, clean, NULL, NULL), OPSIG_OK);
    assert_int_equal(
        opsig_scan_report_new(&out, memory->stream, style, databases, paths, 1, NULL, NULL),
        OPSIG_OK);
    const opsig_scanned models[] = {
        {.path = "a.onnx", .graph = graph, .result = result, .sha256 = "00ff"},
        {.path = "b\x1b.onnx", .error = &error, .sha256 = ""},
        {.path = "c.onnx", .graph = clean, .result = nothing, .sha256 = ""},
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        assert_int_equal(opsig_scan_report_add(out, &models[i], NULL), OPSIG_OK);
    }
    assert_int_equal(opsig_scan_report_end(out, NULL), OPSIG_OK);
    opsig_scan_report_free(out);
    opsig_scan_result_free(nothing);
    opsig_scan_result_free(result);
    opsig_scanner_free(scanner);
    opsig_graph_free(clean);
    opsig_database_free(database);
}

/** A Pad named as in the first finding, then an AveragePool. */
static opsig_graph *matched_graph(void)
{
    return fixture_named_graph("/pad\x7f", "y = AveragePool(first); z = Relu(y)");
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *const text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static void check_finding(const json_t *finding)
{
    const json_t *support = json_object_get(finding, "support");
    const json_t *match = json_array_get(json_object_get(finding, "matches"), 0);
    assert_string_equal(text_at(finding, "pattern"), "Pad -> AveragePool");
    assert_string_equal(text_at(finding, "kind"), "sequence");
    assert_string_equal(text_at(finding, "severity"), "high");
    assert_int_equal(strncmp(text_at(finding, "id"), "OPS-", 4), 0);
    assert_true(json_real_value(json_object_get(finding, "p_adjusted")) < 1.1e-4);
    assert_true(json_real_value(json_object_get(finding, "odds_ratio")) > 14.1);
    assert_int_equal(json_array_size(json_object_get(finding, "odds_ratio_ci")), 2);
    assert_int_equal(json_array_size(json_object_get(finding, "likelihood_ratio_ci")), 2);
    const json_t *const inconsistent = json_object_get(support, "inconsistent");
    const json_t *const consistent = json_object_get(support, "consistent");
    assert_int_equal(json_integer_value(json_array_get(inconsistent, 0)), 31);
    assert_int_equal(json_integer_value(json_array_get(consistent, 1)), 900);
    assert_int_equal(json_integer_value(json_object_get(finding, "occurrences")), 1);
    assert_string_equal(json_string_value(json_array_get(match, 0)), "/pad\x7f");
    assert_int_equal(json_array_size(match), 2);
}

static void json_has_the_documented_fields(void **state)
{
    (void)state;
    struct memory_stream memory;
    opsig_graph *graph = matched_graph();
    report(&memory, &json_style, graph);
    json_t *json = memory_stream_json(&memory);
    const json_t *models = json_object_get(json, "models");
    const json_t *model = json_array_get(models, 0);
    const json_t *findings = json_object_get(model, "findings");
    const json_t *database = json_array_get(json_object_get(json, "databases"), 0);
    assert_string_equal(text_at(json_object_get(json, "tool"), "name"), "opsig");
    assert_string_equal(text_at(database, "path"), "the.db");
    assert_int_equal(json_integer_value(json_object_get(database, "signatures")), 2);
    assert_int_equal(json_array_size(models), 3);
    assert_string_equal(text_at(model, "status"), "ok");
    assert_string_equal(text_at(model, "sha256"), "00ff");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(model, "opset"), "")), 17);
    assert_int_equal(json_integer_value(json_object_get(model, "nodes")), 3);
    assert_int_equal(json_integer_value(json_object_get(model, "edges")), 2);
    assert_true(json_real_value(json_object_get(model, "risk")) > 0);
    assert_int_equal(json_array_size(findings), 2);
    check_finding(json_array_get(findings, 0));
    json_decref(json);
    memory_stream_free(&memory);
    opsig_graph_free(graph);
}

static void json_names_the_error_of_an_unreadable_model(void **state)
{
    (void)state;
    struct memory_stream memory;
    opsig_graph *graph = matched_graph();
    report(&memory, &json_style, graph);
    json_t *json = memory_stream_json(&memory);
    const json_t *model = json_array_get(json_object_get(json, "models"), 1);
    const json_t *error = json_object_get(model, "error");
    const json_t *summary = json_object_get(json, "summary");
    assert_string_equal(text_at(model, "path"), "b\x1b.onnx");
    assert_string_equal(text_at(model, "status"), "error");
    assert_true(json_is_null(json_object_get(model, "sha256")));
    assert_null(json_object_get(model, "findings"));
    assert_string_equal(text_at(error, "kind"), "truncated");
    assert_int_equal(json_integer_value(json_object_get(error, "offset")), 1834);
    assert_int_equal(json_integer_value(json_object_get(summary, "models")), 3);
    assert_int_equal(json_integer_value(json_object_get(summary, "errors")), 1);
    json_decref(json);
    memory_stream_free(&memory);
    opsig_graph_free(graph);
}

static void text_tells_people_what_was_found_and_what_to_do(void **state)
{
    (void)state;
    struct memory_stream memory;
    opsig_graph *graph = matched_graph();
    report(&memory, &text_style, graph);
    const char *const text = memory_stream_text(&memory);
    assert_non_null(strstr(text, "a.onnx: 2 findings, risk "));
    assert_non_null(strstr(text, "Pad -> AveragePool\n"));
    assert_non_null(
        strstr(text, "31 of 210 inconsistent models hold it, 4 of 900 consistent ones"));
    assert_non_null(strstr(text, "/pad\\x7f, "));
    assert_non_null(strstr(text, "b\\x1b.onnx: could not be read: the input ends early "
                                 "(at byte 1834)\n"));
    assert_non_null(strstr(text, "c.onnx: no finding"));
    assert_non_null(strstr(text, "3 models: 1 with findings (1 high, 0 medium, 1 low), 1 without, "
                                 "1 could not be read\n"));
    assert_non_null(strstr(text, "opsig db show the.db OPS-"));
    memory_stream_free(&memory);
    opsig_graph_free(graph);
}

/** Occurrences of a word in a text. */
static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        n++;
    }
    return n;
}

static void a_finding_inside_another_is_folded_unless_verbose(void **state)
{
    (void)state;
    struct memory_stream memory;
    opsig_graph *graph = matched_graph();
    report(&memory, &text_style, graph);
    const char *text = memory_stream_text(&memory);
    assert_int_equal(count(text, "hold it"), 1);
    assert_non_null(strstr(text, "and 1 weaker finding inside it"));
    memory_stream_free(&memory);
    report(&memory, &verbose_style, graph);
    assert_int_equal(count(memory_stream_text(&memory), "hold it"), 2);
    memory_stream_free(&memory);
    opsig_graph_free(graph);
}

static void a_report_of_nothing_is_a_whole_document(void **state)
{
    (void)state;
    struct memory_stream memory;
    opsig_scan_report *out = NULL;
    memory_stream_open(&memory);
    assert_int_equal(
        opsig_scan_report_new(&out, memory.stream, &json_style, NULL, NULL, 0, NULL, NULL),
        OPSIG_OK);
    assert_int_equal(opsig_scan_report_end(out, NULL), OPSIG_OK);
    opsig_scan_report_free(out);
    json_t *json = memory_stream_json(&memory);
    assert_int_equal(json_array_size(json_object_get(json, "models")), 0);
    json_decref(json);
    memory_stream_free(&memory);
}

static void an_error_line_has_one_form(void **state)
{
    (void)state;
    struct memory_stream memory;
    opsig_error error = {.status = OPSIG_FORMAT, .kind = "x", .offset = 12, .message = "bad\n"};
    memory_stream_open(&memory);
    opsig_report_error(memory.stream, "a\nb", &error);
    error.offset = -1;
    opsig_report_error(memory.stream, NULL, &error);
    assert_string_equal(memory_stream_text(&memory),
                        "opsig: a\\x0ab: bad\\x0a (at byte 12)\nopsig: bad\\x0a\n");
    memory_stream_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_the_documented_fields),
        cmocka_unit_test(json_names_the_error_of_an_unreadable_model),
        cmocka_unit_test(text_tells_people_what_was_found_and_what_to_do),
        cmocka_unit_test(a_finding_inside_another_is_folded_unless_verbose),
        cmocka_unit_test(a_report_of_nothing_is_a_whole_document),
        cmocka_unit_test(an_error_line_has_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
