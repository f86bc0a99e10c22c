/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules find in models what docs/rules.md says: the examples of tests/data/rules, run. Then what
 * examples cannot show: constants that are read from a file, bounds, and what goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <opsig/rules.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "onnx/text.h"
#include "rules/match.h"
#include "support/temp_folder.h"

/** Counts of a run. */
struct run {
    size_t n, n_failed;
    opsig_example_result last;
};

static int take(const opsig_example_result *result, void *payload)
{
    struct run *const run = payload;
    run->n++;
    run->last = *result;
    if (!result->passed) {
        run->n_failed++;
        print_message("%s:%u:%u: %s: expected %s, found %s\n", result->place.path,
                      result->place.line, result->place.column, opsig_rule_id(result->rule),
                      opsig_example_kind_name(result->expected),
                      result->is_readable ? opsig_example_kind_name(result->found)
                                          : result->place.message);
    }
    return 0;
}

static void run_file(const char *path)
{
    opsig_rules *rules = NULL;
    opsig_limits limits;
    struct run run = {0};
    opsig_error error = {.status = OPSIG_OK};
    opsig_limits_init(&limits);
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    const opsig_status status = opsig_rules_add_file(rules, path, &error);
    for (size_t i = 0; i < opsig_rules_n_diagnostics(rules); i++) {
        const opsig_rules_diagnostic diagnostic = opsig_rules_diagnostic_at(rules, i);
        if (!diagnostic.is_warning) {
            print_message("%s:%u:%u: %s\n%s\n", path, diagnostic.line, diagnostic.column,
                          diagnostic.message, diagnostic.excerpt);
        }
    }
    assert_int_equal(status, OPSIG_OK);
    assert_int_equal(opsig_rules_test(rules, &limits, take, &run, NULL), OPSIG_OK);
    opsig_rules_free(rules);
    print_message("%zu examples\n", run.n);
    assert_true(run.n > 0);
    assert_int_equal(run.n_failed, 0);
}

static void patterns_match_what_they_draw(void **state)
{
    (void)state;
    run_file(OPSIG_TEST_DATA "/rules/pattern.rules");
}

static void tests_give_three_answers(void **state)
{
    (void)state;
    run_file(OPSIG_TEST_DATA "/rules/tests.rules");
}

static void types_and_shapes_follow_from_operators(void **state)
{
    (void)state;
    run_file(OPSIG_TEST_DATA "/rules/shapes.rules");
}

/* ---- one rule in one model ---- */

static opsig_rules *rules_of(const char *text)
{
    opsig_rules *rules = NULL;
    opsig_error error = {.status = OPSIG_OK};
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    if (opsig_rules_add_text(rules, "test", text, strlen(text), &error) != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
    return rules;
}

/** Writes a model to a file and loads it from there, with its facts. */
static opsig_graph *graph_of(const char *text, const char *path)
{
    struct onnx_message message;
    opsig_graph *graph = NULL;
    opsig_limits limits;
    opsig_limits_init(&limits);
    onnx_message_init(&message);
    assert_int_equal(onnx_text_encode(&message, text, strlen(text), NULL), OPSIG_OK);
    temp_write(path, message.own.bytes, message.own.len);
    onnx_message_dispose(&message);
    assert_int_equal(ops_graph_load(&graph, path, &limits, true, NULL), OPSIG_OK);
    return graph;
}

/** What a search of all rules gives. */
struct outcome {
    opsig_status status;
    size_t n_certain, n_possible, n_incomplete;
};

static struct outcome search(const opsig_rules *rules, const opsig_graph *graph, const char *path,
                             uint64_t max_work, const volatile int *cancel)
{
    struct outcome outcome = {.status = OPSIG_OK};
    struct ops_rules_found found;
    struct ops_deadline deadline;
    const struct ops_rules_match_options options = {
        .max_kept = 10, .max_work = max_work, .deadline = &deadline, .path = path};
    ops_deadline_start(&deadline, 0, cancel);
    outcome.status = ops_rules_match(&found, rules, graph, &options, NULL);
    for (size_t i = 0; i < found.items.len; i++) {
        outcome.n_certain += found.items.items[i].n_certain;
        outcome.n_possible += found.items.items[i].n_total - found.items.items[i].n_certain;
        outcome.n_incomplete += found.items.items[i].incomplete;
    }
    ops_rules_found_dispose(&found);
    return outcome;
}

static const char large_model[] = "g (float[64,64] x) => (float y) <float[64,64] w = {0.5}>"
                                  " { y = Add(x, w) }";

/** Number of matches of `match a:Add where TEST`: 1 certain, -1 possible, 0 none. */
static int answer(const char *test, const opsig_graph *graph, const char *path)
{
    char text[300];
    (void)snprintf(text, sizeof text, "rule r\nmatch\na:Add\nwhere\n%s\nreport at a\nend\n",
                   test);
    opsig_rules *const rules = rules_of(text);
    const struct outcome outcome = search(rules, graph, path, OPS_RULES_MAX_WORK, NULL);
    opsig_rules_free(rules);
    assert_int_equal(outcome.status, OPSIG_OK);
    return (int)outcome.n_certain - (int)outcome.n_possible;
}

static void large_constants_are_read_from_the_file(void **state)
{
    (void)state;
    const struct {
        const char *test;
        int expected;
    } cases[] = {
        {"a.B == 0.5", 1},       {"a.B == 0.25", 0},      {"a.B != 0.25", 1},
        {"a.B != 0.5", 0},       {"any(a.B) > 0.25", 1},  {"any(a.B) > 0.75", 0},
        {"all(a.B) < 1", 1},     {"0.25 < a.B", 1},       {"a.B in {0.5, 1}", 1},
        {"a.B in {1, 2}", 0},    {"a.B not in {1, 2}", 1}, {"any(a.B) in {0.5}", 1},
        {"len(a.B) == 4096", 1}, {"max(a.B) == 0.5", 1},  {"min(a.B) == 0.5", 1},
        {"sum(a.B) == 2048", 1}, {"product(a.B) == 0", 1}, {"a.B == [0.5, 0.5]", 0},
        {"a.B + 1 == 1.5", -1},  {"near(a.B, 0.5)", -1},  {"distinct(a.B)", -1},
        {"a.B == a.B", -1},      {"const(a.B)", 1},       {"a.B == a.A", 0},
    };
    const char *const path = temp_path("large.onnx");
    opsig_graph *const graph = graph_of(large_model, path);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].test);
        assert_int_equal(answer(cases[i].test, graph, path), cases[i].expected);
    }
    assert_int_equal(answer("a.B == 0.5", graph, NULL), -1); /* no file, no answer */
    opsig_graph_free(graph);
}

static void a_file_that_is_gone_is_an_error(void **state)
{
    (void)state;
    const char *const path = temp_path("gone.onnx");
    opsig_graph *const graph = graph_of(large_model, path);
    opsig_rules *const rules =
        rules_of("rule r\nmatch\na:Add\nwhere\na.B == 1\nreport at a\nend\n");
    assert_int_equal(remove(path), 0);
    assert_int_equal(search(rules, graph, path, OPS_RULES_MAX_WORK, NULL).status,
                     OPSIG_NOT_FOUND);
    opsig_rules_free(rules);
    opsig_graph_free(graph);
}

/** n Relu nodes that read one tensor. */
static opsig_graph *fan(int n)
{
    struct ops_buffer text;
    ops_buffer_init(&text, UINT32_MAX);
    ops_buffer_puts(&text, "g (float[4] x) => (float y) { a = Abs(x) y = Exp(a)\n");
    for (int i = 0; i < n; i++) {
        ops_buffer_printf(&text, "r%d = Relu(a)\n", i);
    }
    ops_buffer_puts(&text, "}");
    opsig_graph *const graph = graph_of(ops_buffer_text(&text), temp_path("fan.onnx"));
    ops_buffer_dispose(&text);
    return graph;
}

static void a_search_past_its_work_says_so(void **state)
{
    (void)state;
    opsig_graph *const graph = fan(60); /* 60 * 59 * 58 * 57 ways, none of which ends well */
    opsig_rules *const rules = rules_of("rule r\nmatch\na:Abs -> b:Relu\na -> c:Relu\na -> d:Relu\n"
                                        "a -> e:Relu\nwhere\nconsumers(b.Y) == consumers(a.Y)\n"
                                        "report at a\nend\n");
    const struct outcome cut = search(rules, graph, NULL, 1000, NULL);
    assert_int_equal(cut.status, OPSIG_OK);
    assert_int_equal(cut.n_incomplete, 1);
    assert_int_equal(cut.n_certain + cut.n_possible, 0);
    const volatile int cancel = 1;
    assert_int_equal(search(rules, graph, NULL, UINT32_MAX, &cancel).status, OPSIG_CANCELLED);
    opsig_rules_free(rules);
    opsig_graph_free(graph);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const char *const path = temp_path("large.onnx");
    opsig_graph *const graph = graph_of(large_model, path);
    opsig_rules *const rules = rules_of(
        "rule r\nmatch\n$x -> (Cast)? -> a:Add|Sub\nwhere\nany(a.B) > 0\nshape($x) == [64, 64]\n"
        "abs(dim($x, 0) - 65) == 1\nunless\na -> _:Relu\nshadows(a)\nreport at a\nend\n");
    assert_int_equal(search(rules, graph, path, OPS_RULES_MAX_WORK, NULL).n_certain, 1);
    int n_failed = 0;
    for (uint64_t n = 1;; n++) {
        ops_mem_fail_at(n, 0);
        const struct outcome outcome = search(rules, graph, path, OPS_RULES_MAX_WORK, NULL);
        ops_mem_fail_at(0, 0);
        if (outcome.status == OPSIG_OK) {
            assert_int_equal(outcome.n_certain, 1);
            break;
        }
        assert_int_equal(outcome.status, OPSIG_NOMEM);
        n_failed++;
    }
    print_message("%d allocations failed\n", n_failed);
    assert_true(n_failed > 10);
    opsig_rules_free(rules);
    opsig_graph_free(graph);
}

/* ---- examples ---- */

static void a_wrong_model_in_an_example_is_told_with_its_place(void **state)
{
    (void)state;
    opsig_limits limits;
    struct run run = {0};
    opsig_rules *const rules = rules_of("rule r\nmatch\na:Add\nreport at a\n"
                                        "example match\ng (float[4] x) => (float y) {\n"
                                        "  y = Add(x, ]\n}\nend\n");
    opsig_limits_init(&limits);
    assert_int_equal(opsig_rules_test(rules, &limits, take, &run, NULL), OPSIG_OK);
    assert_int_equal(run.n, 1);
    assert_false(run.last.passed);
    assert_false(run.last.is_readable);
    assert_int_equal(run.last.place.line, 7);
    assert_int_equal(run.last.place.column, 14);
    assert_string_equal(run.last.place.path, "test");
    assert_non_null(strstr(run.last.place.excerpt, "^"));
    opsig_rules_free(rules);
}

static void an_example_that_fails_is_told(void **state)
{
    (void)state;
    opsig_limits limits;
    struct run run = {0};
    opsig_rules *const rules = rules_of("rule r\nmatch\na:Add\nreport at a\n"
                                        "example clean\ng (float[4] x) => (float y) {\n"
                                        "  y = Add(x, x)\n}\nend\n");
    opsig_limits_init(&limits);
    assert_int_equal(opsig_rules_test(rules, &limits, take, &run, NULL), OPSIG_OK);
    assert_int_equal(run.n_failed, 1);
    assert_int_equal(run.last.found, OPSIG_EXAMPLE_MATCH);
    assert_int_equal(run.last.place.line, 5);
    opsig_rules_free(rules);
}

static int refuse(const opsig_example_result *result, void *payload)
{
    (void)result;
    (void)payload;
    return 1;
}

static void the_callback_may_end_the_test(void **state)
{
    (void)state;
    opsig_limits limits;
    opsig_rules *const rules = rules_of("rule r\nmatch\na:Add\nreport at a\n"
                                        "example clean\ng (float[4] x) => (float y) {\n"
                                        "  y = Neg(x)\n}\nend\n");
    opsig_limits_init(&limits);
    assert_int_equal(opsig_rules_test(rules, &limits, refuse, NULL, NULL), OPSIG_CANCELLED);
    opsig_rules_free(rules);
}

static int set_up(void **state)
{
    (void)state;
    temp_folder_make();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_what_they_draw),
        cmocka_unit_test(tests_give_three_answers),
        cmocka_unit_test(types_and_shapes_follow_from_operators),
        cmocka_unit_test(large_constants_are_read_from_the_file),
        cmocka_unit_test(a_file_that_is_gone_is_an_error),
        cmocka_unit_test(a_search_past_its_work_says_so),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_wrong_model_in_an_example_is_told_with_its_place),
        cmocka_unit_test(an_example_that_fails_is_told),
        cmocka_unit_test(the_callback_may_end_the_test),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
