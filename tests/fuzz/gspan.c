/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Graphs in gSpan's text format. */
#include "base/reader.h"
#include "corpus/gspan.h"
#include "fuzz/fuzz.h"

static opsig_status take(opsig_graph *graph, const char *id, void *payload, opsig_error *err)
{
    (void)payload;
    (void)err;
    fuzz_need(id[0] != '\0', "a graph has a number");
    for (uint32_t e = 0; e < opsig_graph_n_parallel_edges(graph); e++) {
        const opsig_edge edge = opsig_graph_edge(graph, e);
        fuzz_need(edge.from < opsig_graph_n_vertices(graph) &&
                      edge.to < opsig_graph_n_vertices(graph),
                  "edges join vertices");
    }
    opsig_graph_free(graph);
    return OPSIG_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ops_reader *reader = NULL;
    opsig_limits limits;
    opsig_error error = {.offset = -1};
    opsig_limits_init(&limits);
    fuzz_need(ops_reader_open_memory(&reader, data, size, &error) == OPSIG_OK, "a reader");
    const opsig_status status = ops_gspan_read(reader, &limits, take, NULL, &error);
    fuzz_need(status == OPSIG_OK || error.message[0] != '\0', "a failure has a reason");
    ops_reader_free(reader);
    return 0;
}
