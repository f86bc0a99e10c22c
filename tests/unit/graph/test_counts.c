/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes, edges and operators of real models equal those that tests/onnx_counts.py finds. The
 * table that it writes is named by OPSIG_COUNTS; without it the test is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "support/csv_table.h"

enum { MAX_OPERATORS = 1024 };

struct operator_count {
    char symbol[512];
    unsigned count;
};

static int by_symbol(const void *a, const void *b)
{
    const struct operator_count *const x = a;
    const struct operator_count *const y = b;
    return strcmp(x->symbol, y->symbol);
}

/* "Add:3;Relu:1" */
static char *count_operators(const opsig_graph *graph)
{
    static struct operator_count counts[MAX_OPERATORS];
    size_t n = 0;
    for (uint32_t v = 0; v < opsig_graph_n_vertices(graph); v++) {
        char symbol[sizeof counts[0].symbol];
        const char *const domain = opsig_graph_domain(graph, v);
        (void)snprintf(symbol, sizeof symbol, "%s%s%s", domain, domain[0] != '\0' ? "::" : "",
                       opsig_graph_op_type(graph, v));
        size_t i = 0;
        while (i < n && strcmp(counts[i].symbol, symbol) != 0) {
            i++;
        }
        if (i == n) {
            assert_true(n < MAX_OPERATORS);
            memcpy(counts[n].symbol, symbol, sizeof symbol);
            counts[n++].count = 0;
        }
        counts[i].count++;
    }
    qsort(counts, n, sizeof counts[0], by_symbol);
    char *text = NULL;
    size_t size;
    FILE *const stream = open_memstream(&text, &size);
    assert_non_null(stream);
    for (size_t i = 0; i < n; i++) {
        fprintf(stream, "%s%s:%u", i > 0 ? ";" : "", counts[i].symbol, counts[i].count);
    }
    assert_int_equal(fclose(stream), 0);
    return text;
}

/* Does one row hold? Says what does not. */
static bool agrees(const struct csv_table *row)
{
    opsig_graph *graph;
    opsig_error error = {0};
    const char *const path = csv_table_get(row, "path");
    const char *const expected = csv_table_get(row, "status");
    if (opsig_graph_load(&graph, path, NULL, &error) != OPSIG_OK) {
        if (strcmp(expected, "refused") != 0) {
            print_error("%s: %s\n", path, error.message);
        }
        return strcmp(expected, "refused") == 0;
    }
    char ours[128];
    char theirs[128];
    (void)snprintf(ours, sizeof ours, "ok %u %u %u %u", opsig_graph_n_vertices(graph),
                   opsig_graph_n_edges(graph), opsig_graph_n_parallel_edges(graph),
                   opsig_graph_n_main_nodes(graph));
    (void)snprintf(theirs, sizeof theirs, "%s %s %s %s %s", expected,
                   csv_table_get(row, "vertices"), csv_table_get(row, "edges"),
                   csv_table_get(row, "parallel_edges"), csv_table_get(row, "main_nodes"));
    char *const operators = count_operators(graph);
    const bool same =
        strcmp(ours, theirs) == 0 && strcmp(operators, csv_table_get(row, "ops")) == 0;
    if (!same) {
        print_error("%s: %s, by the script %s\n", path, ours, theirs);
    }
    free(operators);
    opsig_graph_free(graph);
    return same;
}

static void graphs_of_real_models_equal_those_of_the_script(void **state)
{
    (void)state;
    const char *const path = getenv("OPSIG_COUNTS");
    struct csv_table *const table = path != NULL ? csv_table_open(path) : NULL;
    if (table == NULL) {
        print_message("skipped: OPSIG_COUNTS names no table\n");
        skip();
    }
    unsigned n_rows = 0;
    unsigned n_wrong = 0;
    while (csv_table_next(table)) {
        n_rows++;
        n_wrong += !agrees(table);
    }
    csv_table_close(table);
    print_message("%u models, %u differ\n", n_rows, n_wrong);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graphs_of_real_models_equal_those_of_the_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
