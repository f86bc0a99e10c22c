/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hostile and odd files: each is refused or loaded as its index says. The files lie in the folder
 * malformed of the shared data; without them the test is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "graph/facts.h"
#include "support/csv_table.h"
#include "support/shared.h"

enum { PATH_ROOM = 4096 };

/* The first eight operators of the main graph, as the index lists them. */
static void first_operators(const opsig_graph *graph, char *out, size_t room)
{
    enum { SHOWN = 8 };
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < opsig_graph_n_main_nodes(graph) && i < SHOWN; i++) {
        const int n = snprintf(out + used, room - used, "%s%s", i > 0 ? " " : "",
                               opsig_graph_main_op_type(graph, i));
        used += n > 0 ? (size_t)n : 0;
        assert_true(used < room);
    }
}

/* Does a graph have the nodes that its row says? */
static bool is_as_listed(const opsig_graph *graph, const struct csv_table *row)
{
    static char operators[1 << 20];
    char counted[32];
    (void)snprintf(counted, sizeof counted, "%u", opsig_graph_n_main_nodes(graph));
    first_operators(graph, operators, sizeof operators);
    return strcmp(counted, csv_table_get(row, "main_nodes")) == 0 &&
           strcmp(operators, csv_table_get(row, "ops")) == 0;
}

/* Does the file do what its row says? Says what it does not. */
static bool behaves(const char *path, const struct csv_table *row, bool facts)
{
    opsig_graph *graph;
    opsig_error error = {0};
    bool right = true;
    const char *const expected = csv_table_get(row, "expected");
    const opsig_status status = ops_graph_load(&graph, path, NULL, facts, &error);
    if (status != OPSIG_OK) {
        right = strcmp(expected, "must-load") != 0 && error.kind != NULL &&
                error.message[0] != '\0' && strpbrk(error.message, "\n\x1b") == NULL;
    } else if (strcmp(expected, "may-either") != 0) {
        right = strcmp(expected, "must-load") == 0 && is_as_listed(graph, row);
    }
    if (!right) {
        print_error("%s: %s, but %s %s\n", path, expected, opsig_status_name(status),
                    error.message);
    }
    opsig_graph_free(graph);
    return right;
}

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void check_files(bool facts)
{
    char name[PATH_ROOM];
    char path[PATH_ROOM];
    if (!shared_path(path, sizeof path, "malformed/index.csv")) {
        skip();
    }
    struct csv_table *const index = csv_table_open(path);
    assert_non_null(index);
    unsigned n_rows = 0;
    unsigned n_wrong = 0;
    double slowest = 0;
    while (csv_table_next(index)) {
        if (strcmp(csv_table_get(index, "kind"), "model") == 0) {
            const double started = seconds();
            (void)snprintf(name, sizeof name, "malformed/%s", csv_table_get(index, "file"));
            assert_true(shared_path(path, sizeof path, name));
            n_rows++;
            n_wrong += !behaves(path, index, facts);
            slowest = seconds() - started > slowest ? seconds() - started : slowest;
        }
    }
    csv_table_close(index);
    print_message("%u files, %u wrong, the slowest took %.3f s\n", n_rows, n_wrong, slowest);
    assert_int_equal(n_wrong, 0);
    assert_true(n_rows > 0);
}

static void each_file_is_refused_or_loaded_as_the_index_says(void **state)
{
    (void)state;
    check_files(false);
}

static void facts_change_nothing_of_it(void **state)
{
    (void)state;
    check_files(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_is_refused_or_loaded_as_the_index_says),
        cmocka_unit_test(facts_change_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
