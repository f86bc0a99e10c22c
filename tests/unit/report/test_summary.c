/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <string.h>

#include "base/mem.h"
#include "report/summary.h"

static uint64_t count_of(const struct ops_summary *facts, const char *text)
{
    for (size_t i = 0; i < facts->sequences.len; i++) {
        struct ops_buffer written;
        ops_buffer_init(&written, OPS_SUMMARY_TEXT_MAX);
        ops_summary_write(&written, facts, &facts->sequences.items[i]);
        const bool same = strcmp(ops_buffer_text(&written), text) == 0;
        ops_buffer_dispose(&written);
        if (same) {
            return facts->sequences.items[i].count;
        }
    }
    return 0;
}

static void a_diamond_has_its_shape_and_sequences(void **state)
{
    (void)state;
    struct ops_summary facts;
    opsig_graph *graph = fixture_graph("a = Conv(x, w); b = Relu(a); c = Relu(a); d = Add(b, c)");
    assert_int_equal(ops_summary_gather(&facts, graph, NULL), OPSIG_OK);
    assert_int_equal(facts.operators.len, 3);
    assert_int_equal(facts.operators.items[0].count, 2);
    assert_string_equal(ops_intern_text(facts.symbols, facts.operators.items[0].symbols[0]),
                        "Relu");
    assert_int_equal(count_of(&facts, "Conv -> Relu"), 2);
    assert_int_equal(count_of(&facts, "Conv -> Relu -> Add"), 2);
    assert_int_equal(facts.topology.n_components, 1);
    assert_int_equal(facts.topology.n_sources, 1);
    assert_int_equal(facts.topology.n_sinks, 1);
    assert_int_equal(facts.topology.longest_path, 3);
    assert_int_equal(facts.topology.max_depth, 0);
    ops_summary_dispose(&facts);
    opsig_graph_free(graph);
}

static void two_tensors_between_two_nodes_are_one_sequence(void **state)
{
    (void)state;
    struct ops_summary facts;
    opsig_graph *graph = fixture_graph("a, b = Split(x); c = Mul(a, b); d = Neg(y)");
    assert_int_equal(ops_summary_gather(&facts, graph, NULL), OPSIG_OK);
    assert_int_equal(count_of(&facts, "Split -> Mul"), 1);
    assert_int_equal(facts.topology.n_components, 2);
    assert_int_equal(facts.topology.longest_path, 2);
    ops_summary_dispose(&facts);
    opsig_graph_free(graph);
}

static void constants_are_counted_but_carry_no_sequence(void **state)
{
    (void)state;
    struct ops_summary facts;
    opsig_graph *graph = fixture_graph("c = Constant(); a = Add(x, c); b = my.domain::Op(a)");
    assert_int_equal(ops_summary_gather(&facts, graph, NULL), OPSIG_OK);
    assert_int_equal(facts.operators.len, 3);
    assert_int_equal(facts.sequences.len, 1);
    assert_int_equal(count_of(&facts, "Add -> my.domain::Op"), 1);
    ops_summary_dispose(&facts);
    opsig_graph_free(graph);
}

static void an_empty_graph_has_empty_facts(void **state)
{
    (void)state;
    struct ops_summary facts;
    opsig_graph *graph = fixture_graph("");
    assert_int_equal(ops_summary_gather(&facts, graph, NULL), OPSIG_OK);
    assert_int_equal(facts.operators.len, 0);
    assert_int_equal(facts.sequences.len, 0);
    assert_int_equal(facts.topology.n_components, 0);
    assert_int_equal(facts.topology.longest_path, 0);
    ops_summary_dispose(&facts);
    opsig_graph_free(graph);
}

enum { FAN = 1500 };

/** FAN nodes into one node, and FAN nodes out of it: FAN * FAN sequences of three. */
static void a_hub_that_would_cost_too_much_has_pairs_only(void **state)
{
    (void)state;
    struct ops_buffer text;
    struct ops_summary facts;
    ops_buffer_init(&text, SIZE_MAX);
    for (int i = 0; i < FAN; i++) {
        ops_buffer_printf(&text, "a%d = Neg(x); ", i);
    }
    ops_buffer_puts(&text, "hub = Sum(a0");
    for (int i = 1; i < FAN; i++) {
        ops_buffer_printf(&text, ", a%d", i);
    }
    ops_buffer_puts(&text, ")");
    for (int i = 0; i < FAN; i++) {
        ops_buffer_printf(&text, "; b%d = Abs(hub)", i);
    }
    opsig_graph *graph = fixture_graph(ops_buffer_text(&text));
    assert_int_equal(ops_summary_gather(&facts, graph, NULL), OPSIG_OK);
    assert_int_equal(count_of(&facts, "Neg -> Sum"), FAN);
    assert_int_equal(count_of(&facts, "Sum -> Abs"), FAN);
    assert_int_equal(count_of(&facts, "Neg -> Sum -> Abs"), 0);
    ops_summary_dispose(&facts);
    opsig_graph_free(graph);
    ops_buffer_dispose(&text);
}

static void each_failed_allocation_leaks_nothing(void **state)
{
    (void)state;
    struct ops_summary facts;
    opsig_graph *graph = fixture_graph("a = Conv(x, w); b = Relu(a); c = Relu(a); d = Add(b, c)");
    opsig_status status = OPSIG_NOMEM;
    for (uint64_t k = 1; status != OPSIG_OK; k++) {
        ops_mem_fail_at(k, 0);
        status = ops_summary_gather(&facts, graph, NULL);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
    }
    ops_mem_fail_at(0, 0);
    ops_summary_dispose(&facts);
    opsig_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_diamond_has_its_shape_and_sequences),
        cmocka_unit_test(two_tensors_between_two_nodes_are_one_sequence),
        cmocka_unit_test(constants_are_counted_but_carry_no_sequence),
        cmocka_unit_test(an_empty_graph_has_empty_facts),
        cmocka_unit_test(each_failed_allocation_leaks_nothing),
        cmocka_unit_test(a_hub_that_would_cost_too_much_has_pairs_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
