/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Real and odd models against the counts of their manifest: what loads, how many nodes it has,
 * and that each oddity has its note. The files lie in the folder models of the
 * shared data; without them the test is skipped. */
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
#include "support/shared.h"

enum { PATH_ROOM = 4096 };

static long number(const struct csv_table *row, const char *column)
{
    return strtol(csv_table_get(row, column), NULL, 10);
}

/* Two writers of one tensor are refused, but for the Constants of one real export. */
static bool must_load(const struct csv_table *row)
{
    const char *const file = csv_table_get(row, "file");
    return strcmp(csv_table_get(row, "load"), "ok") == 0 && number(row, "no_graph") == 0 &&
           number(row, "cyclic") == 0 && strcmp(file, "shape/empty_op_type.onnx") != 0 &&
           (number(row, "dup_outputs") == 0 || strcmp(file, "real/gpt2_past.onnx") == 0);
}

static bool has_note(const opsig_graph *graph, const char *one, const char *many)
{
    for (uint32_t i = 0; i < opsig_graph_n_notes(graph); i++) {
        const char *const note = opsig_graph_note(graph, i);
        if (strstr(note, one) != NULL || strstr(note, many) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_as_listed(const opsig_graph *graph, const struct csv_table *row)
{
    const bool whole = number(row, "has_functions") == 0;
    return opsig_graph_n_main_nodes(graph) == (uint32_t)number(row, "top_nodes") &&
           opsig_graph_n_functions(graph) == (uint32_t)number(row, "has_functions") &&
           (!whole || opsig_graph_n_vertices(graph) == (uint32_t)number(row, "n_nodes")) &&
           has_note(graph, "defined nowhere", "defined nowhere") ==
               (number(row, "dangling_inputs") > 0) &&
           has_note(graph, "computed nowhere", "computed nowhere") ==
               (number(row, "undef_outputs") > 0) &&
           has_note(graph, "before its producer", "before their producers") ==
               (number(row, "unsorted_edges") > 0) &&
           has_note(graph, "the name of an earlier", "the names of earlier") ==
               (number(row, "dup_node_names") > 0) &&
           has_note(graph, "another Constant", "other Constants") ==
               (number(row, "dup_outputs") > 0);
}

static bool behaves(const char *path, const struct csv_table *row)
{
    opsig_graph *graph;
    opsig_error error = {0};
    const opsig_status status = opsig_graph_load(&graph, path, NULL, &error);
    const bool right =
        (status == OPSIG_OK) == must_load(row) && (status != OPSIG_OK || is_as_listed(graph, row));
    if (!right) {
        print_error("%s: %s %s\n", path, opsig_status_name(status), error.message);
    }
    opsig_graph_free(graph);
    return right;
}

static void each_model_has_the_counts_and_oddities_of_its_manifest(void **state)
{
    (void)state;
    char name[PATH_ROOM];
    char path[PATH_ROOM];
    if (!shared_path(path, sizeof path, "models/manifest.csv")) {
        skip();
    }
    struct csv_table *const manifest = csv_table_open(path);
    assert_non_null(manifest);
    unsigned n_rows = 0;
    unsigned n_wrong = 0;
    while (csv_table_next(manifest)) {
        (void)snprintf(name, sizeof name, "models/%s", csv_table_get(manifest, "file"));
        assert_true(shared_path(path, sizeof path, name));
        n_rows++;
        n_wrong += !behaves(path, manifest);
    }
    csv_table_close(manifest);
    print_message("%u models, %u wrong\n", n_rows, n_wrong);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_model_has_the_counts_and_oddities_of_its_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
