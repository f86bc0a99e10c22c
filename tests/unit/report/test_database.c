/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <string.h>

static const opsig_report_style text_style = {.format = OPSIG_REPORT_TEXT};
static const opsig_report_style json_style = {.format = OPSIG_REPORT_JSON};

static struct opsig_database *sample(void)
{
    struct opsig_database *database = fixture_database();
    fixture_signature(database, "Pad -> AveragePool", 31, 11.5);
    fixture_signature(database, "\"a -> b\" -> Cast{to=7}", 20, 3.5);
    ops_database_sort(database);
    return database;
}

static void list_prints_one_signature_a_line_with_the_pattern_last(void **state)
{
    (void)state;
    struct memory_stream memory;
    struct opsig_database *database = sample();
    memory_stream_open(&memory);
    assert_int_equal(
        opsig_report_db_list(memory.stream, &text_style, "x.db", database, NULL), OPSIG_OK);
    const char *const text = memory_stream_text(&memory);
    const char *end = text;
    size_t n = 0;
    for (; *end != '\0'; n++) {
        const opsig_signature *signature = opsig_database_signature(database, n);
        const char *const pattern = opsig_pattern_text(opsig_signature_pattern(signature));
        const char *const next = strchr(end, '\n');
        assert_non_null(next);
        assert_int_equal(strncmp(end, opsig_signature_id(signature), 16), 0);
        assert_int_equal(strncmp(next - strlen(pattern), pattern, strlen(pattern)), 0);
        end = next + 1;
    }
    assert_int_equal(n, 2);
    memory_stream_free(&memory);
    opsig_database_free(database);
}

static void list_and_info_are_json_too(void **state)
{
    (void)state;
    struct memory_stream memory;
    struct opsig_database *database = sample();
    memory_stream_open(&memory);
    assert_int_equal(
        opsig_report_db_list(memory.stream, &json_style, "x.db", database, NULL), OPSIG_OK);
    json_t *json = memory_stream_json(&memory);
    assert_int_equal(json_array_size(json_object_get(json, "signatures")), 2);
    json_decref(json);
    memory_stream_free(&memory);
    memory_stream_open(&memory);
    assert_int_equal(
        opsig_report_db_info(memory.stream, &json_style, "x.db", database, NULL), OPSIG_OK);
    json = memory_stream_json(&memory);
    const json_t *signatures = json_object_get(json, "signatures");
    const json_t *provenance = json_object_get(json, "provenance");
    assert_int_equal(json_integer_value(json_object_get(signatures, "total")), 2);
    assert_int_equal(json_integer_value(json_object_get(signatures, "medium")), 1);
    assert_string_equal(json_string_value(json_object_get(provenance, "tool.version")), "1.0");
    json_decref(json);
    memory_stream_free(&memory);
    opsig_database_free(database);
}

static void show_says_the_evidence_in_words(void **state)
{
    (void)state;
    struct memory_stream memory;
    struct opsig_database *database = sample();
    memory_stream_open(&memory);
    assert_int_equal(opsig_report_db_show(memory.stream, &text_style,
                                          opsig_database_signature(database, 0), NULL),
                     OPSIG_OK);
    const char *const text = memory_stream_text(&memory);
    assert_non_null(
        strstr(text, "of 210 inconsistent models hold it, 4 of 900 consistent ones (ort_opt)."));
    assert_non_null(strstr(text, "88 % are inconsistent (95 % interval 75 % to 95 %)"));
    assert_non_null(strstr(text, "p = 1e-09 within strata; 0.0001 after correction"));
    assert_non_null(strstr(text, "p = 0.25, so the operators alone may explain it."));
    assert_non_null(strstr(text, "  inconsistent  bad.onnx  /a, /b\n"));
    assert_non_null(strstr(text, "  consistent    good.onnx  /a, /b\n"));
    memory_stream_free(&memory);
    opsig_database_free(database);
}

static void show_lists_nodes_in_json(void **state)
{
    (void)state;
    struct memory_stream memory;
    struct opsig_database *database = sample();
    memory_stream_open(&memory);
    assert_int_equal(opsig_report_db_show(memory.stream, &json_style,
                                          opsig_database_signature(database, 0), NULL),
                     OPSIG_OK);
    json_t *json = memory_stream_json(&memory);
    const json_t *evidence = json_array_get(json_object_get(json, "evidence"), 0);
    const json_t *nodes = json_object_get(evidence, "nodes");
    assert_string_equal(json_string_value(json_object_get(evidence, "label")), "inconsistent");
    assert_int_equal(json_array_size(nodes), 2);
    assert_string_equal(json_string_value(json_array_get(nodes, 1)), "/b");
    json_decref(json);
    memory_stream_free(&memory);
    opsig_database_free(database);
}

/** Writes the evidence page while the k-th allocation fails. */
static opsig_status show_failing(const opsig_report_style *style,
                                 const struct opsig_database *database, uint64_t k)
{
    struct memory_stream memory;
    memory_stream_open(&memory);
    ops_mem_fail_at(k, 0);
    const opsig_status status = opsig_report_db_show(
        memory.stream, style, opsig_database_signature(database, 0), NULL);
    ops_mem_fail_at(0, 0);
    memory_stream_free(&memory);
    return status;
}

static void each_failed_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    struct opsig_database *database = sample();
    const opsig_report_style *const styles[] = {&text_style, &json_style};
    for (size_t i = 0; i < 2; i++) {
        uint64_t k = 1;
        for (; show_failing(styles[i], database, k) != OPSIG_OK; k++) {
            assert_int_equal(show_failing(styles[i], database, k), OPSIG_NOMEM);
        }
        assert_true(k > 1);
    }
    opsig_database_free(database);
}

static void version_names_the_libraries(void **state)
{
    (void)state;
    struct memory_stream memory;
    memory_stream_open(&memory);
    assert_int_equal(opsig_report_version(memory.stream, &json_style, NULL), OPSIG_OK);
    json_t *json = memory_stream_json(&memory);
    const json_t *libraries = json_object_get(json, "libraries");
    static const char *const names[] = {"igraph", "jansson", "libRmath", "libmd", "protobuf-c",
                                        "sqlite"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *const version = json_string_value(json_object_get(libraries, names[i]));
        assert_non_null(version);
        assert_true(version[0] >= '0' && version[0] <= '9');
    }
    json_decref(json);
    memory_stream_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_prints_one_signature_a_line_with_the_pattern_last),
        cmocka_unit_test(list_and_info_are_json_too),
        cmocka_unit_test(show_says_the_evidence_in_words),
        cmocka_unit_test(show_lists_nodes_in_json),
        cmocka_unit_test(each_failed_allocation_is_told_and_leaks_nothing),
        cmocka_unit_test(version_names_the_libraries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
