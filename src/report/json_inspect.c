/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig inspect` as JSON: an object for a model that stands alone, else {"models": [...]} with
 * a line for each. */
#include <stdint.h>

#include "report/summary.h"
#include "report/format.h"
#include "report/json.h"

opsig_status ops_json_inspect_begin(const opsig_inspect_report *report, opsig_error *err)
{
    return ops_json_puts(report->stream, report->many ? "{\"models\": [" : "", err);
}

opsig_status ops_json_inspect_end(const opsig_inspect_report *report, opsig_error *err)
{
    return ops_json_puts(report->stream, report->many ? "]}\n" : "\n", err);
}

/** op_types of the main graph, as the file lists them. */
static json_t *main_ops(const opsig_graph *graph)
{
    json_t *array = json_array();
    int failed = 0;
    for (uint32_t i = 0; i < opsig_graph_n_main_nodes(graph); i++) {
        failed |= ops_json_add(array, ops_json_text(opsig_graph_main_op_type(graph, i)));
    }
    return ops_json_checked(array, failed);
}

/** Adds a count under a symbol; two symbols that escape alike are added up. */
static int put_count(json_t *object, const char *symbol, uint64_t count)
{
    json_t *key = ops_json_text(symbol);
    if (key == NULL) {
        return -1;
    }
    const json_t *before = json_object_get(object, json_string_value(key));
    uint64_t sum = count + (uint64_t)json_integer_value(before);
    int failed = ops_json_put(object, json_string_value(key), ops_json_count(sum));
    json_decref(key);
    return failed;
}

static json_t *operators(const struct ops_summary *facts)
{
    json_t *object = json_object();
    int failed = 0;
    for (size_t i = 0; i < facts->operators.len; i++) {
        const struct ops_tally_entry *entry = &facts->operators.items[i];
        failed |= put_count(object, ops_intern_text(facts->symbols, entry->symbols[0]),
                            entry->count);
    }
    return ops_json_checked(object, failed);
}

static json_t *sequence(const struct ops_summary *facts, const struct ops_tally_entry *entry)
{
    struct ops_buffer text;
    ops_buffer_init(&text, OPS_SUMMARY_TEXT_MAX);
    ops_summary_write(&text, facts, entry);
    json_t *object = json_object();
    int failed = ops_json_put(object, "pattern", ops_json_text(ops_buffer_text(&text)));
    failed |= ops_json_put(object, "occurrences", ops_json_count(entry->count));
    failed |= text.status == OPSIG_NOMEM;
    ops_buffer_dispose(&text);
    return ops_json_checked(object, failed);
}

static json_t *sequences(const struct ops_summary *facts)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < facts->sequences.len; i++) {
        failed |= ops_json_add(array, sequence(facts, &facts->sequences.items[i]));
    }
    return ops_json_checked(array, failed);
}

static int put_file_facts(json_t *object, const opsig_graph *graph)
{
    int failed = ops_json_put(object, "ir_version",
                              json_integer(opsig_graph_ir_version(graph)));
    failed |= ops_json_put(object, "producer", ops_json_text(opsig_graph_producer(graph)));
    failed |= ops_json_put(object, "opset", ops_json_opsets(graph));
    failed |= ops_json_put(object, "nodes", ops_json_count(opsig_graph_n_vertices(graph)));
    failed |= ops_json_put(object, "edges", ops_json_count(opsig_graph_n_edges(graph)));
    failed |= ops_json_put(object, "parallel_edges",
                           ops_json_count(opsig_graph_n_parallel_edges(graph)));
    failed |= ops_json_put(object, "main_nodes",
                           ops_json_count(opsig_graph_n_main_nodes(graph)));
    failed |= ops_json_put(object, "functions", ops_json_count(opsig_graph_n_functions(graph)));
    return failed;
}

static int put_facts(json_t *object, const opsig_graph *graph, const struct ops_summary *facts)
{
    int failed = ops_json_put(object, "depth", ops_json_count(facts->topology.max_depth));
    failed |= ops_json_put(object, "components", ops_json_count(facts->topology.n_components));
    failed |= ops_json_put(object, "sources", ops_json_count(facts->topology.n_sources));
    failed |= ops_json_put(object, "sinks", ops_json_count(facts->topology.n_sinks));
    failed |= ops_json_put(object, "longest_path", ops_json_count(facts->topology.longest_path));
    failed |= ops_json_put(object, "operators", operators(facts));
    failed |= ops_json_put(object, "sequences", sequences(facts));
    failed |= ops_json_put(object, "ops", main_ops(graph));
    failed |= ops_json_put(object, "notes", ops_json_notes(graph));
    return failed;
}

static json_t *model(const opsig_scanned *scanned, const struct ops_summary *facts)
{
    bool readable = scanned->error == NULL;
    json_t *object = json_object();
    int failed = ops_json_put(object, "path", ops_json_text(scanned->path));
    failed |= ops_json_put(object, "sha256", ops_json_text_or_null(scanned->sha256));
    failed |= ops_json_put(object, "status", json_string(readable ? "ok" : "error"));
    if (readable) {
        failed |= put_file_facts(object, scanned->graph);
        failed |= put_facts(object, scanned->graph, facts);
    } else {
        failed |= ops_json_put(object, "error", ops_json_error(scanned->error));
    }
    return ops_json_checked(object, failed);
}

opsig_status ops_json_inspect_model(const opsig_inspect_report *report,
                                    const opsig_scanned *scanned, opsig_error *err)
{
    struct ops_summary facts = {0};
    opsig_status status = OPSIG_OK;
    if (scanned->error == NULL) {
        TRY(ops_summary_gather(&facts, scanned->graph, err));
    }
    if (report->many) {
        TRY(ops_json_puts(report->stream, report->n_models > 1 ? ",\n  " : "\n  ", err));
    }
    TRY(ops_json_write(report->stream, model(scanned, &facts), err));
done:
    ops_summary_dispose(&facts);
    return status;
}
