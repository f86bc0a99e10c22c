/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of semantic attributes against the schemas of an installed onnx package, which
 * tests/onnx_defaults.py writes to the file that OPSIG_DEFAULTS names: a node that leaves an
 * attribute out has the symbol of one that spells out its default. Without it, skipped. */
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

#include "graph/semantic_attributes.h"
#include "support/model_maker.h"

enum { N_FIELDS = 7, MAX_INTS = 8 };
enum field { DOMAIN, OP_TYPE, OPSET, ATTRIBUTE, TYPE, HAS_DEFAULT, VALUE };

static void cut(char *line, char *fields[N_FIELDS])
{
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < N_FIELDS; i++) {
        fields[i] = line;
        line += strcspn(line, ",");
        if (*line == ',') {
            *line++ = '\0';
        }
    }
}

static const struct ops_semantic_attribute *find_row(char *const fields[N_FIELDS])
{
    const struct ops_semantic_operator *const known =
        ops_semantic_find(fields[DOMAIN], fields[OP_TYPE]);
    const struct ops_semantic_attribute *row = known != NULL ? known->attributes : NULL;
    while (row != NULL && row->name != NULL && strcmp(row->name, fields[ATTRIBUTE]) != 0) {
        row++;
    }
    return row != NULL && row->name != NULL ? row : NULL;
}

/* Spells the default out; false for types that defaults do not have. */
static bool give(opsig_model *model, struct onnx_node *node, char *const fields[N_FIELDS])
{
    if (strcmp(fields[TYPE], "INT") == 0) {
        maker_int(model, node, fields[ATTRIBUTE], strtoll(fields[VALUE], NULL, 10));
    } else if (strcmp(fields[TYPE], "FLOAT") == 0) {
        maker_float(model, node, fields[ATTRIBUTE], strtof(fields[VALUE], NULL));
    } else if (strcmp(fields[TYPE], "STRING") == 0) {
        maker_string(model, node, fields[ATTRIBUTE], fields[VALUE]);
    } else if (strcmp(fields[TYPE], "INTS") == 0) {
        int64_t ints[MAX_INTS];
        size_t n = 0;
        for (char *at = fields[VALUE]; *at != '\0' && n < MAX_INTS; n++) {
            ints[n] = strtoll(at, &at, 10);
        }
        maker_ints(model, node, fields[ATTRIBUTE], n, ints);
    } else {
        return false;
    }
    return true;
}

static bool holds(char *const fields[N_FIELDS])
{
    opsig_graph *graph;
    opsig_model *const model = maker_new();
    maker_no_opsets(model);
    maker_opset(model, fields[DOMAIN], strtoll(fields[OPSET], NULL, 10));
    bool same = true;
    for (int i = 0; i < 2; i++) {
        maker_node(model, model->graph, "x", "", "", "");
        model->graph->nodes[i].domain = fields[DOMAIN];
        model->graph->nodes[i].op_type = fields[OP_TYPE];
    }
    if (give(model, &model->graph->nodes[1], fields)) {
        assert_int_equal(opsig_graph_build(&graph, model, NULL, NULL), OPSIG_OK);
        const char *const absent = opsig_graph_symbol(graph, 0, OPSIG_ALPHABET_OP_ATTR);
        const char *const given = opsig_graph_symbol(graph, 1, OPSIG_ALPHABET_OP_ATTR);
        same = strcmp(absent, given) == 0;
        if (!same) {
            print_error("opset %s: %s without, %s with the default\n", fields[OPSET], absent,
                        given);
        }
        opsig_graph_free(graph);
    }
    maker_free(model);
    return same;
}

static void an_absent_attribute_means_its_default(void **state)
{
    (void)state;
    const char *const path = getenv("OPSIG_DEFAULTS");
    FILE *const table = path != NULL ? fopen(path, "r") : NULL;
    if (table == NULL) {
        print_message("skipped: OPSIG_DEFAULTS names no table\n");
        skip();
    }
    char *line = NULL;
    size_t room = 0;
    unsigned n_compared = 0;
    unsigned n_wrong = 0;
    while (getline(&line, &room, table) > 0) {
        char *fields[N_FIELDS];
        cut(line, fields);
        /* the schema of GRU in opset 1 misspells its direction */
        const bool misspelt = strcmp(fields[VALUE], "foward") == 0;
        if (fields[HAS_DEFAULT][0] == '1' && find_row(fields) != NULL && !misspelt) {
            n_compared++;
            n_wrong += !holds(fields);
        }
    }
    free(line);
    (void)fclose(table);
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
