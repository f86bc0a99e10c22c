/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as JSON (docs/cli.md): one document, written model by model, so that memory does
 * not grow with the number of models; each model is a line. */
#include <stdint.h>

#include "report/format.h"
#include "report/json.h"

/** What the corpus is known by: its file, else its digest. */
static json_t *corpus_name(const opsig_database *database)
{
    const char *name = opsig_database_provenance(database, "corpus.path");
    if (name == NULL) {
        name = opsig_database_provenance(database, "corpus.digest");
    }
    return ops_json_text_or_null(name);
}

static size_t n_rules(const opsig_database *database)
{
    const opsig_rules *const rules = opsig_database_rules(database);
    return rules == NULL ? 0 : opsig_rules_n(rules);
}

static json_t *databases(const opsig_scan_report *report)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < report->n_databases; i++) {
        const opsig_database *database = report->databases[i];
        json_t *object = json_object();
        failed |= ops_json_put(object, "path", ops_json_text(report->db_paths[i]));
        failed |= ops_json_put(object, "signatures",
                               ops_json_count(opsig_database_n_signatures(database)));
        failed |= ops_json_put(object, "rules", ops_json_count(n_rules(database)));
    failed |= ops_json_put(object, "corpus", corpus_name(database));
        const char *const oracle = opsig_database_provenance(database, "oracle");
        failed |= ops_json_put(object, "oracle", ops_json_text_or_null(oracle));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

opsig_status ops_json_scan_begin(opsig_scan_report *report, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(report->stream, "{\"tool\": ", err));
    TRY(ops_json_write(report->stream, ops_json_tool(), err));
    TRY(ops_json_puts(report->stream, ",\n \"databases\": ", err));
    TRY(ops_json_write(report->stream, databases(report), err));
    if (report->rules != NULL) {
        TRY(ops_json_puts(report->stream, ",\n \"rules\": ", err));
        TRY(ops_json_write(report->stream, ops_json_count(opsig_rules_n(report->rules)), err));
    }
    TRY(ops_json_puts(report->stream, ",\n \"models\": [", err));
done:
    return status;
}

static json_t *match(const opsig_graph *graph, const uint32_t *vertices, size_t n)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        failed |= ops_json_add(array, ops_json_text(opsig_graph_node_label(graph, vertices[i])));
    }
    return ops_json_checked(array, failed);
}

static json_t *matches(const opsig_graph *graph, const opsig_finding *finding)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < finding->n_matches; i++) {
        size_t n;
        const uint32_t *const vertices = opsig_finding_match(finding, i, &n);
        failed |= ops_json_add(array, match(graph, vertices, n));
    }
    return ops_json_checked(array, failed);
}

/** What a report says of what was found: of a rule also whether it is certain. */
static json_t *subject_object(const opsig_finding *finding)
{
    if (finding->rule == NULL) {
        return ops_json_signature(finding->signature);
    }
    json_t *object = ops_json_rule_object(finding->rule);
    int failed = ops_json_put(object, "possible", json_boolean(finding->is_possible));
    failed |= ops_json_put(object, "severity",
                           json_string(opsig_severity_name(opsig_finding_severity(finding))));
    return ops_json_checked(object, failed);
}

static json_t *finding_object(const opsig_scan_report *report, const opsig_scanned *scanned,
                              size_t i)
{
    const opsig_finding *finding = opsig_scan_result_finding(scanned->result, i);
    json_t *object = subject_object(finding);
    int failed = ops_json_put(object, "occurrences", ops_json_count(finding->occurrences));
    if (finding->incomplete) {
        failed |= ops_json_put(object, "incomplete", json_true());
    }
    failed |= ops_json_put(object, "matches", matches(scanned->graph, finding));
    if (finding->rule == NULL) {
        failed |=
            ops_json_put(object, "risk_contribution", ops_json_number(finding->risk_contribution));
    }
    if (finding->covered_by < opsig_scan_result_n_findings(scanned->result)) {
        const opsig_finding *cover =
            opsig_scan_result_finding(scanned->result, finding->covered_by);
        failed |= ops_json_put(object, "covered_by", ops_json_text(opsig_finding_id(cover)));
    }
    if (finding->state != OPSIG_FINDING_NEW) {
        failed |= ops_json_put(object, "state",
                               json_string(opsig_finding_state_name(finding->state)));
    }
    if (finding->reason != NULL) {
        failed |= ops_json_put(object, "reason", ops_json_text(finding->reason));
    }
    if (finding->rule != NULL || report->n_databases > 1) {
        failed |= ops_json_put(object, finding->rule != NULL ? "path" : "database",
                               ops_json_text(ops_scan_report_source(report, finding)));
    }
    return ops_json_checked(object, failed);
}

static json_t *findings(const opsig_scan_report *report, const opsig_scanned *scanned)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_scan_result_n_findings(scanned->result); i++) {
        failed |= ops_json_add(array, finding_object(report, scanned, i));
    }
    return ops_json_checked(array, failed);
}

/** What moves the risk beside the findings: [{"id": ..., "pattern": ..., ...}, ...] */
static json_t *risk_terms(const opsig_scan_result *result)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_scan_result_n_terms(result); i++) {
        const opsig_finding *const term = opsig_scan_result_term(result, i);
        const opsig_pattern *const pattern = opsig_signature_pattern(term->signature);
        json_t *object = json_object();
        failed |= ops_json_put(object, "id", ops_json_text(opsig_pattern_id(pattern)));
        failed |= ops_json_put(object, "pattern", ops_json_text(opsig_pattern_text(pattern)));
        failed |= ops_json_put(object, "occurrences", ops_json_count(term->occurrences));
        failed |= ops_json_put(object, "risk_contribution",
                               ops_json_number(term->risk_contribution));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

/** Signatures that may be there though they were not found: ["OPS-...", ...] */
static json_t *unsearched(const opsig_scan_result *result)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_scan_result_n_unsearched(result); i++) {
        const opsig_finding *const missing = opsig_scan_result_unsearched(result, i);
        failed |= ops_json_add(array, ops_json_text(opsig_finding_id(missing)));
    }
    return ops_json_checked(array, failed);
}

static int put_graph(json_t *object, const opsig_graph *graph)
{
    int failed = ops_json_put(object, "opset", ops_json_opsets(graph));
    failed |= ops_json_put(object, "nodes", ops_json_count(opsig_graph_n_vertices(graph)));
    failed |= ops_json_put(object, "edges", ops_json_count(opsig_graph_n_edges(graph)));
    if (opsig_graph_n_notes(graph) > 0) {
        failed |= ops_json_put(object, "notes", ops_json_notes(graph));
    }
    return failed;
}

static json_t *model(const opsig_scan_report *report, const opsig_scanned *scanned)
{
    bool readable = scanned->error == NULL;
    json_t *object = json_object();
    int failed = ops_json_put(object, "path", ops_json_text(scanned->path));
    failed |= ops_json_put(object, "sha256", ops_json_text_or_null(scanned->sha256));
    failed |= ops_json_put(object, "status", json_string(readable ? "ok" : "error"));
    if (readable) {
        failed |= put_graph(object, scanned->graph);
        failed |= ops_json_put(object, "risk",
                               ops_json_number(opsig_scan_result_risk(scanned->result)));
        failed |= ops_json_put(object, "findings", findings(report, scanned));
        failed |= ops_json_put(object, "risk_terms", risk_terms(scanned->result));
        if (opsig_scan_result_n_unsearched(scanned->result) > 0) {
            failed |= ops_json_put(object, "unsearched", unsearched(scanned->result));
        }
    } else {
        failed |= ops_json_put(object, "error", ops_json_error(scanned->error));
    }
    return ops_json_checked(object, failed);
}

opsig_status ops_json_scan_model(const opsig_scan_report *report, const opsig_scanned *scanned,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(report->stream, report->totals.models > 1 ? ",\n  " : "\n  ", err));
    TRY(ops_json_write(report->stream, model(report, scanned), err));
done:
    return status;
}

static json_t *summary(const struct ops_totals *totals)
{
    json_t *counts = json_object();
    int failed = 0;
    for (int s = OPSIG_SEVERITY_HIGH; s >= OPSIG_SEVERITY_LOW; s--) {
        failed |= ops_json_put(counts, opsig_severity_name((opsig_severity)s),
                               ops_json_count(totals->by_severity[s]));
    }
    json_t *object = json_object();
    failed |= ops_json_put(object, "models", ops_json_count(totals->models));
    failed |= ops_json_put(object, "errors", ops_json_count(totals->errors));
    failed |= ops_json_put(object, "findings", counts);
    failed |= ops_json_put(object, "known", ops_json_count(totals->known));
    failed |= ops_json_put(object, "ignored", ops_json_count(totals->ignored));
    return ops_json_checked(object, failed);
}

static json_t *explanation(const opsig_finding *subject)
{
    return subject->rule != NULL ? ops_json_rule_evidence(subject->rule)
                                 : ops_json_evidence(subject->signature);
}

opsig_status ops_json_scan_end(opsig_scan_report *report, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(report->stream, "],\n \"summary\": ", err));
    TRY(ops_json_write(report->stream, summary(&report->totals), err));
    if (report->style.explain) {
        TRY(ops_json_puts(report->stream, ",\n \"explanations\": [", err));
        for (size_t i = 0; i < report->explained.len; i++) {
            TRY(ops_json_puts(report->stream, i > 0 ? ",\n  " : "\n  ", err));
            TRY(ops_json_write(report->stream, explanation(&report->explained.items[i]), err));
        }
        TRY(ops_json_puts(report->stream, "]", err));
    }
    TRY(ops_json_puts(report->stream, "}\n", err));
done:
    return status;
}
