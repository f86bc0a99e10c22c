/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model in memory: loaded, its graph built with facts, looked at in every way, and scanned. */
#include <stdlib.h>
#include <string.h>

#include <opsig/opsig.h>

#include "fuzz/fuzz.h"
#include "graph/snapshot.h"
#include "onnx/model.h"

static const char rules_text[] =
    "rule one\n  title \"t\"\n  severity low\nmatch\n  a:Pad -> b:AveragePool\nreport at b\nend\n"
    "rule two\n  title \"t\"\n  severity low\nmatch\n  a:*\nwhere\n  rank(a.output) == 4 and "
    "any(dims(a.output)) == 1\nreport at a\nend\n";

static const opsig_rules *get_rules(void)
{
    static opsig_rules *rules = NULL;
    if (rules == NULL) {
        (void)opsig_rules_new(&rules, NULL);
        (void)opsig_rules_add_text(rules, "fuzz", rules_text, strlen(rules_text), NULL);
    }
    return rules;
}

static void look_at(const opsig_graph *graph)
{
    const uint32_t n = opsig_graph_n_vertices(graph);
    for (uint32_t v = 0; v < n; v++) {
        fuzz_need(opsig_graph_op_type(graph, v)[0] != '\0', "each node has an operator");
        fuzz_need(opsig_graph_node_label(graph, v) != NULL, "each node has a label");
        (void)opsig_graph_symbol(graph, v, OPSIG_ALPHABET_OP_ATTR);
    }
    for (uint32_t e = 0; e < opsig_graph_n_parallel_edges(graph); e++) {
        const opsig_edge edge = opsig_graph_edge(graph, e);
        fuzz_need(edge.from < n && edge.to < n && edge.from != edge.to, "edges join nodes");
    }
}

static void scan(const opsig_graph *graph)
{
    opsig_scanner *scanner = NULL;
    opsig_scan_result *result = NULL;
    opsig_scan_options options;
    opsig_scan_options_init(&options);
    options.rules = get_rules();
    fuzz_need(opsig_scanner_new(&scanner, NULL, 0, &options, NULL) == OPSIG_OK, "a scanner");
    const opsig_status status = opsig_scanner_scan(&result, scanner, graph, NULL, NULL);
    fuzz_need(status == OPSIG_OK || status == OPSIG_LIMIT || status == OPSIG_TIMEOUT, "a scan");
    opsig_scan_result_free(result);
    opsig_scanner_free(scanner);
}

/** @return the graph, or NULL where the model is refused */
static opsig_graph *build(const uint8_t *data, size_t size, const opsig_limits *limits)
{
    opsig_model *model = NULL;
    opsig_graph *graph = NULL;
    opsig_error error = {.offset = -1};
    if (ops_model_load_memory(&model, data, size, limits, true, &error) == OPSIG_OK) {
        if (opsig_graph_build(&graph, model, limits, &error) != OPSIG_OK) {
            fuzz_need(graph == NULL, "no graph where it failed");
        }
        opsig_model_free(model);
    }
    fuzz_need(graph != NULL || (error.status != OPSIG_OK && error.message[0] != '\0' &&
                                error.offset <= (int64_t)size),
              "a failure has a reason and a place in the input");
    return graph;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    opsig_limits limits;
    opsig_limits_init(&limits);
    limits.max_nodes = 20000;
    limits.max_memory = 64 << 20;
    limits.timeout = 5;
    opsig_graph *const graph = build(data, size, &limits);
    opsig_graph *const again = build(data, size, &limits);
    fuzz_need((graph == NULL) == (again == NULL), "the same input is refused again");
    if (graph != NULL) {
        look_at(graph);
        fuzz_need(opsig_graph_n_vertices(graph) == opsig_graph_n_vertices(again) &&
                      opsig_graph_n_edges(graph) == opsig_graph_n_edges(again),
                  "the same input gives the same graph");
        scan(graph);
    }
    opsig_graph_free(graph);
    opsig_graph_free(again);
    return 0;
}
