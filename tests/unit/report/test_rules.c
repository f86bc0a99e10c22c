/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <string.h>

#include "base/mem.h"

static const opsig_report_style text_style = {.format = OPSIG_REPORT_TEXT};
static const opsig_report_style json_style = {.format = OPSIG_REPORT_JSON};

/* The first has a text that would turn a line around, the second an error. */
static const char text[] = "rule a\n"
                           "  title \"turns \xe2\x80\xae\"\n"
                           "  severity high\n"
                           "  confidence maintainer\n"
                           "  affects tvm\n"
                           "  ref https://example.org/1\n"
                           "  tags x y\n"
                           "match\n  n:Relu\nreport at n\n"
                           "example clean \"no Relu\"\n  g () => () { }\n"
                           "end\n"
                           "rule b\n  titel \"x\"\nmatch\n  n:Relu\nreport at n\nend\n";

static opsig_rules *sample(void)
{
    opsig_rules *rules = NULL;
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    assert_int_equal(opsig_rules_add_text(rules, "p.rules", text, strlen(text), NULL),
                     OPSIG_FORMAT);
    return rules;
}

static opsig_status write_check(FILE *stream, const opsig_report_style *style,
                                const opsig_rules *rules)
{
    return opsig_report_rules_check(stream, style, rules, 1, NULL);
}

static opsig_status write_list(FILE *stream, const opsig_report_style *style,
                               const opsig_rules *rules)
{
    return opsig_report_rules_list(stream, style, rules, NULL);
}

static opsig_status write_rule(FILE *stream, const opsig_report_style *style,
                               const opsig_rules *rules)
{
    return opsig_report_rule(stream, style, opsig_rules_at(rules, 0), NULL);
}

typedef opsig_status writer(FILE *stream, const opsig_report_style *style,
                            const opsig_rules *rules);

static writer *const writers[] = {write_check, write_list, write_rule};

enum { N_WRITERS = sizeof writers / sizeof writers[0] };

static void what_rules_hold_is_escaped_for_terminals(void **state)
{
    (void)state;
    opsig_rules *rules = sample();
    for (size_t i = 0; i < N_WRITERS; i++) {
        struct memory_stream memory;
        memory_stream_open(&memory);
        assert_int_equal(writers[i](memory.stream, &text_style, rules), OPSIG_OK);
        assert_null(strstr(memory_stream_text(&memory), "\xe2\x80\xae"));
        assert_true(memory.len > 0);
        memory_stream_free(&memory);
    }
    opsig_rules_free(rules);
}

static void json_has_what_a_rule_says(void **state)
{
    (void)state;
    opsig_rules *rules = sample();
    struct memory_stream memory;
    memory_stream_open(&memory);
    assert_int_equal(write_rule(memory.stream, &json_style, rules), OPSIG_OK);
    json_t *json = memory_stream_json(&memory);
    static const struct {
        const char *key, *value;
    } expected[] = {{"id", "a"},
                    {"kind", "rule"},
                    {"title", "turns \xe2\x80\xae"},
                    {"severity", "high"},
                    {"confidence", "maintainer"},
                    {"path", "p.rules"},
                    {"pattern", "match\n  n:Relu\n"}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_string_equal(json_string_value(json_object_get(json, expected[i].key)),
                            expected[i].value);
    }
    assert_true(json_is_null(json_object_get(json, "fix")));
    assert_int_equal(json_array_size(json_object_get(json, "tags")), 2);
    const json_t *example = json_array_get(json_object_get(json, "examples"), 0);
    assert_string_equal(json_string_value(json_object_get(example, "kind")), "clean");
    json_decref(json);
    memory_stream_free(&memory);
    opsig_rules_free(rules);
}

static void a_format_without_these_reports_says_so(void **state)
{
    (void)state;
    opsig_rules *rules = sample();
    const opsig_report_style style = {.format = OPSIG_REPORT_CSV};
    for (size_t i = 0; i < N_WRITERS; i++) {
        assert_int_equal(writers[i](stdout, &style, rules), OPSIG_UNSUPPORTED);
    }
    opsig_rules_free(rules);
}

static void every_failed_allocation_is_an_error(void **state)
{
    (void)state;
    opsig_rules *rules = sample();
    for (size_t i = 0; i < 2 * (size_t)N_WRITERS; i++) {
        opsig_status status = OPSIG_NOMEM;
        uint64_t k = 1;
        for (; status == OPSIG_NOMEM; k++) {
            struct memory_stream memory;
            memory_stream_open(&memory);
            ops_mem_fail_at(k, 0);
            status = writers[i / 2](memory.stream, i % 2 == 0 ? &text_style : &json_style, rules);
            ops_mem_fail_at(0, 0);
            memory_stream_free(&memory);
        }
        assert_int_equal(status, OPSIG_OK);
        assert_true(k > 2);
    }
    opsig_rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rules_hold_is_escaped_for_terminals),
        cmocka_unit_test(json_has_what_a_rule_says),
        cmocka_unit_test(a_format_without_these_reports_says_so),
        cmocka_unit_test(every_failed_allocation_is_an_error),
    };
    return cmocka_run_group_tests_name("report/rules", tests, NULL, NULL);
}
