/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <igraph/igraph.h>

#include "base/rng.h"
#include "graph/igraph_bridge.h"
#include "graph/snapshot.h"
#include "graph/topology.h"

enum { MAX_VERTICES = 12, MAX_EDGES = MAX_VERTICES * MAX_VERTICES };

/** A small random DAG as a graph whose shape can be measured. */
struct dag {
    opsig_graph graph;
    uint32_t succ_begin[MAX_VERTICES + 1], succ[MAX_EDGES];
    uint32_t pred_begin[MAX_VERTICES + 1], pred[MAX_EDGES], depth[MAX_VERTICES];
};

static void make_dag(struct dag *dag, uint64_t seed)
{
    memset(dag, 0, sizeof *dag);
    const uint32_t n = (uint32_t)ops_rng_below(seed, 0, 0, MAX_VERTICES + 1);
    uint32_t n_edges = 0;
    uint32_t n_back = 0;
    for (uint32_t v = 0; v < n; v++) {
        for (uint32_t w = v + 1; w < n; w++) {
            if (ops_rng_below(seed, 1 + v, w, 5) == 0) {
                dag->succ[n_edges++] = w;
            }
        }
        for (uint32_t w = 0; w < v; w++) {
            if (ops_rng_below(seed, 1 + w, v, 5) == 0) {
                dag->pred[n_back++] = w;
            }
        }
        dag->succ_begin[v + 1] = n_edges;
        dag->pred_begin[v + 1] = n_back;
        dag->depth[v] = (uint32_t)ops_rng_below(seed, 99, v, 3);
    }
    dag->graph = (opsig_graph){.n_vertices = n,
                               .n_parallel_edges = n_edges,
                               .succ_begin = dag->succ_begin,
                               .succ = dag->succ,
                               .pred_begin = dag->pred_begin,
                               .pred = dag->pred,
                               .depth = dag->depth};
}

/** Vertices on the longest path from v, by trying all. */
static uint32_t longest_from(const opsig_graph *graph, uint32_t v)
{
    uint32_t longest = 0;
    for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
        const uint32_t onward = longest_from(graph, graph->succ[e]);
        longest = onward > longest ? onward : longest;
    }
    return longest + 1;
}

/** Marks all that is connected with v. */
static void mark(const opsig_graph *graph, uint32_t v, bool *marked)
{
    marked[v] = true;
    for (uint32_t w = 0; w < graph->n_vertices; w++) {
        bool joined = false;
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            joined = joined || graph->succ[e] == w;
        }
        for (uint32_t e = graph->pred_begin[v]; e < graph->pred_begin[v + 1]; e++) {
            joined = joined || graph->pred[e] == w;
        }
        if (joined && !marked[w]) {
            mark(graph, w, marked);
        }
    }
}

static void numbers_equal_brute_force_on_random_dags(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct dag dag;
        struct ops_topology topology;
        bool marked[MAX_VERTICES] = {false};
        struct ops_topology expected = {0};
        make_dag(&dag, seed);
        for (uint32_t v = 0; v < dag.graph.n_vertices; v++) {
            const uint32_t longest = longest_from(&dag.graph, v);
            expected.longest_path =
                longest > expected.longest_path ? longest : expected.longest_path;
            expected.n_components += !marked[v];
            mark(&dag.graph, v, marked);
            expected.n_sources += dag.pred_begin[v] == dag.pred_begin[v + 1];
            expected.n_sinks += dag.succ_begin[v] == dag.succ_begin[v + 1];
            expected.max_depth =
                dag.depth[v] > expected.max_depth ? dag.depth[v] : expected.max_depth;
        }
        assert_int_equal(ops_topology_measure(&topology, &dag.graph, NULL), OPSIG_OK);
        assert_memory_equal(&topology, &expected, sizeof topology);
    }
}

static void a_host_program_keeps_its_igraph_handlers(void **state)
{
    (void)state;
    struct dag dag;
    struct ops_topology topology;
    make_dag(&dag, 1);
    igraph_error_handler_t *const before =
        igraph_set_error_handler(igraph_error_handler_printignore);
    assert_int_equal(ops_topology_measure(&topology, &dag.graph, NULL), OPSIG_OK);
    assert_ptr_equal(igraph_set_error_handler(before), igraph_error_handler_printignore);
}

static void failures_of_igraph_become_statuses(void **state)
{
    (void)state;
    opsig_error err;
    assert_int_equal(ops_igraph_status(IGRAPH_SUCCESS, &err), OPSIG_OK);
    assert_int_equal(ops_igraph_status(IGRAPH_ENOMEM, &err), OPSIG_NOMEM);
    assert_int_equal(ops_igraph_status(IGRAPH_EINVVID, &err), OPSIG_INTERNAL);
    assert_non_null(strstr(err.message, "igraph"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_equal_brute_force_on_random_dags),
        cmocka_unit_test(a_host_program_keeps_its_igraph_handlers),
        cmocka_unit_test(failures_of_igraph_become_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
