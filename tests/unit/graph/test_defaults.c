/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of semantic attributes against the schemas of an installed onnx package, which
 * tests/onnx_schemas.py writes to the file that OPSIG_ATTRIBUTES names: a node that leaves an
 * attribute out has the symbol of one that spells out its default. Without it, skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/graph.h>

#include "graph/semantic_attributes.h"
#include "support/csv_table.h"
#include "support/model_maker.h"

enum { MAX_INTS = 8 };

/* Does the table list the attribute of a row, and an absent one as its default? */
static bool is_listed(const struct csv_table *row)
{
    const struct ops_semantic_operator *const known =
        ops_semantic_find(csv_table_get(row, "domain"), csv_table_get(row, "op_type"));
    if (known == NULL) {
        return false;
    }
    const struct ops_semantic_attribute *attribute = known->attributes;
    while (attribute->name != NULL &&
           strcmp(attribute->name, csv_table_get(row, "attribute")) != 0) {
        attribute++;
    }
    return attribute->name != NULL && attribute->transform != OPS_WRITTEN;
}

/* Spells the default out; false for types that defaults do not have. */
static bool give(opsig_model *model, struct onnx_node *node, const struct csv_table *row)
{
    const char *const name = csv_table_get(row, "attribute");
    const char *const type = csv_table_get(row, "type");
    const char *value = csv_table_get(row, "value");
    if (strcmp(type, "INT") == 0) {
        maker_int(model, node, name, strtoll(value, NULL, 10));
    } else if (strcmp(type, "FLOAT") == 0) {
        maker_float(model, node, name, strtof(value, NULL));
    } else if (strcmp(type, "STRING") == 0) {
        maker_string(model, node, name, value);
    } else if (strcmp(type, "INTS") == 0) {
        int64_t ints[MAX_INTS];
        size_t n = 0;
        for (char *end; *value != '\0' && n < MAX_INTS; value = end) {
            ints[n++] = strtoll(value, &end, 10);
        }
        maker_ints(model, node, name, n, ints);
    } else {
        return false;
    }
    return true;
}

static bool holds(const struct csv_table *row)
{
    opsig_graph *graph;
    opsig_model *const model = maker_new();
    bool same = true;
    maker_no_opsets(model);
    maker_opset(model, csv_table_get(row, "domain"),
                strtoll(csv_table_get(row, "opset"), NULL, 10));
    for (int i = 0; i < 2; i++) {
        maker_node(model, model->graph, "x", "", "", "");
        model->graph->nodes[i].domain = csv_table_get(row, "domain");
        model->graph->nodes[i].op_type = csv_table_get(row, "op_type");
    }
    if (give(model, &model->graph->nodes[1], row)) {
        assert_int_equal(opsig_graph_build(&graph, model, NULL, NULL), OPSIG_OK);
        const char *const absent = opsig_graph_symbol(graph, 0, OPSIG_ALPHABET_OP_ATTR);
        const char *const given = opsig_graph_symbol(graph, 1, OPSIG_ALPHABET_OP_ATTR);
        same = strcmp(absent, given) == 0;
        if (!same) {
            print_error("opset %s: %s without, %s with the default\n", csv_table_get(row, "opset"),
                        absent, given);
        }
        opsig_graph_free(graph);
    }
    maker_free(model);
    return same;
}

static void an_absent_attribute_means_its_default(void **state)
{
    (void)state;
    const char *const path = getenv("OPSIG_ATTRIBUTES");
    struct csv_table *const table = path != NULL ? csv_table_open(path) : NULL;
    if (table == NULL) {
        print_message("skipped: OPSIG_ATTRIBUTES names no table\n");
        skip();
    }
    unsigned n_compared = 0;
    unsigned n_wrong = 0;
    while (csv_table_next(table)) {
        /* the schema of GRU in opset 1 misspells its direction */
        const bool misspelt = strcmp(csv_table_get(table, "value"), "foward") == 0;
        if (strcmp(csv_table_get(table, "has_default"), "1") == 0 && is_listed(table) &&
            !misspelt) {
            n_compared++;
            n_wrong += !holds(table);
        }
    }
    csv_table_close(table);
    print_message("%u defaults compared, %u differ\n", n_compared, n_wrong);
    assert_int_equal(n_wrong, 0);
    assert_true(n_compared > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_absent_attribute_means_its_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
