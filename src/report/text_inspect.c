/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig inspect` for people: operators first, since that is what most ask for. */
#include <string.h>

#include "base/buffer.h"
#include "report/summary.h"
#include "report/format.h"
#include "report/text.h"

void ops_text_file(struct ops_page *page, const opsig_scanned *scanned)
{
    const opsig_graph *const graph = scanned->graph;
    const char *const producer = opsig_graph_producer(graph);
    ops_page_print(page, "  IR version %lld", (long long)opsig_graph_ir_version(graph));
    if (producer[0] != '\0') {
        ops_page_print(page, ", made by ");
        ops_page_name(page, producer);
    }
    for (uint32_t i = 0; i < opsig_graph_n_opsets(graph); i++) {
        const char *const domain = opsig_graph_opset_domain(graph, i);
        ops_page_print(page, ", opset ");
        ops_page_name(page, domain[0] == '\0' ? "ai.onnx" : domain);
        ops_page_print(page, " %lld", (long long)opsig_graph_opset_version(graph, i));
    }
    ops_page_print(page, "\n");
    if (scanned->sha256[0] != '\0') {
        ops_page_print(page, "  SHA-256 %s\n", scanned->sha256);
    }
}

void ops_text_shape(struct ops_page *page, const opsig_graph *graph,
                    const struct ops_summary *facts)
{
    ops_page_print(page, "  ");
    ops_page_count(page, opsig_graph_n_vertices(graph), "node");
    ops_page_print(page, " (%u in the main graph as the file lists it), ",
                   opsig_graph_n_main_nodes(graph));
    ops_page_count(page, opsig_graph_n_edges(graph), "edge");
    ops_page_print(page, ", ");
    ops_page_count(page, opsig_graph_n_functions(graph), "local function");
    ops_page_print(page, "\n  ");
    ops_page_count(page, facts->topology.n_components, "component");
    ops_page_print(page, ", ");
    ops_page_count(page, facts->topology.n_sources, "source");
    ops_page_print(page, ", ");
    ops_page_count(page, facts->topology.n_sinks, "sink");
    ops_page_print(page, ", longest path %u nodes, nesting depth %u\n",
                   facts->topology.longest_path, facts->topology.max_depth);
}

/** "    12  Conv -> Relu" */
static void print_entry(struct ops_page *page, const struct ops_summary *facts,
                        const struct ops_tally_entry *entry)
{
    struct ops_buffer text;
    ops_buffer_init(&text, OPS_SUMMARY_TEXT_MAX);
    ops_summary_write(&text, facts, entry);
    if (text.status == OPSIG_NOMEM) {
        page->status = OPSIG_NOMEM;
    }
    ops_page_print(page, "  %8llu  ", (unsigned long long)entry->count);
    ops_page_name(page, ops_buffer_text(&text));
    ops_page_print(page, "\n");
    ops_buffer_dispose(&text);
}

static void print_readable(struct ops_page *page, const opsig_scanned *scanned,
                           const struct ops_summary *facts)
{
    ops_page_print(page, "\n");
    ops_text_file(page, scanned);
    ops_text_shape(page, scanned->graph, facts);
    ops_page_print(page, "  operators:\n");
    for (size_t i = 0; i < facts->operators.len; i++) {
        print_entry(page, facts, &facts->operators.items[i]);
    }
    if (facts->sequences.len > 0) {
        ops_page_print(page, "  most frequent sequences of two and three:\n");
    }
    for (size_t i = 0; i < facts->sequences.len; i++) {
        print_entry(page, facts, &facts->sequences.items[i]);
    }
    for (uint32_t i = 0; i < opsig_graph_n_notes(scanned->graph); i++) {
        ops_page_print(page, "  note: ");
        ops_page_name(page, opsig_graph_note(scanned->graph, i));
        ops_page_print(page, "\n");
    }
}

opsig_status ops_text_inspect_model(const opsig_inspect_report *report,
                                    const opsig_scanned *scanned, opsig_error *err)
{
    struct ops_summary facts = {0};
    struct ops_page page;
    opsig_status status = OPSIG_OK;
    if (scanned->error == NULL) {
        TRY(ops_summary_gather(&facts, scanned->graph, err));
    }
    ops_page_start(&page, report->stream, &report->style);
    ops_page_toned(&page, OPS_TONE_HEADING, scanned->path);
    if (scanned->error == NULL) {
        print_readable(&page, scanned, &facts);
    } else {
        ops_page_print(&page, ": could not be read: ");
        ops_text_error(&page, scanned->error);
        ops_page_print(&page, "\n");
    }
    status = ops_page_finish(&page, err);
done:
    ops_summary_dispose(&facts);
    return status;
}
