/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as SARIF 2.1.0 (OASIS Standard, 27 March 2020). A result for each finding. Its
 * location is the model file, without a region, as there are no lines in one, and the nodes of the
 * first match as logical locations. Fingerprints are of path and id alone: exporters rename
 * nodes. A model that could not be read is a notification, and the run is then not successful. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/version.h>

#include "base/escape.h"
#include "base/sha256.h"
#include "report/json.h"
#include "report/kept.h"
#include "report/text.h"

static const char schema[] = "https://json.schemastore.org/sarif-2.1.0.json";

enum {
    FINGERPRINT_DIGITS = 16,
    RANK_MOST = 100,
    MOST_TAGS = 19, /* and one that all have */
    LONGEST_DESCRIPTION = 1024 /* characters, of which GitHub takes no more */
};

const struct ops_format ops_format_sarif = {
    .scan_begin = ops_sarif_scan_begin,
    .scan_model = ops_sarif_scan_model,
    .scan_end = ops_sarif_scan_end,
    .scan_dispose = ops_kept_dispose,
};

/* ---- small values ---- */

static const char *level_of(opsig_severity severity)
{
    static const char *const levels[] = {
        [OPSIG_SEVERITY_LOW] = "note",
        [OPSIG_SEVERITY_MEDIUM] = "warning",
        [OPSIG_SEVERITY_HIGH] = "error",
    };
    return levels[severity];
}

/** {"text": ...} */
static json_t *text_object(const char *text)
{
    json_t *object = json_object();
    return ops_json_checked(object, ops_json_put(object, "text", ops_json_text(text)));
}

/** A rule's description, cut where it is too long; its help has all of it. */
static json_t *description_object(const char *text)
{
    const size_t len = strlen(text);
    size_t end = 0;
    for (size_t n = 0; end < len && n < LONGEST_DESCRIPTION; n++) {
        unsigned code;
        const size_t step = ops_utf8_decode(text + end, len - end, &code);
        end += step > 0 ? step : 1;
    }
    json_t *object = json_object();
    return ops_json_checked(object, ops_json_put(object, "text", ops_json_text_n(text, end)));
}

/** A message: braces are doubled, as single ones stand around places for arguments (section
 *  3.11.5), and what would be an embedded link (3.11.6) is kept from being one. */
static json_t *message_object(const char *text)
{
    struct ops_buffer guarded;
    ops_buffer_init(&guarded, SIZE_MAX / 4);
    for (; *text != '\0'; text++) {
        ops_buffer_add(&guarded, text, 1);
        if (*text == '{' || *text == '}') {
            ops_buffer_add(&guarded, text, 1);
        } else if (strncmp(text, "](", 2) == 0) {
            ops_buffer_puts(&guarded, " ");
        }
    }
    json_t *const object =
        guarded.status == OPSIG_OK ? text_object(ops_buffer_text(&guarded)) : NULL;
    ops_buffer_dispose(&guarded);
    return object;
}

/** What `make` makes of a page's text, which is disposed of. */
static json_t *of_page(const struct ops_page *page, json_t *(*make)(const char *text))
{
    json_t *const object =
        ops_page_finish(page, NULL) == OPSIG_OK ? make(ops_buffer_text(page->buffer)) : NULL;
    ops_buffer_dispose(page->buffer);
    return object;
}

/** A path as a URI reference: what is not plain is written as %HH; an absolute one has a scheme. */
static json_t *uri_of(const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    struct ops_buffer uri;
    ops_buffer_init(&uri, SIZE_MAX / 4);
    ops_buffer_puts(&uri, path[0] == '/' ? "file://" : "");
    for (path += strncmp(path, "./", 2) == 0 ? 2 : 0; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL) {
            ops_buffer_add(&uri, path, 1);
        } else {
            ops_buffer_printf(&uri, "%%%02X", (unsigned)(unsigned char)*path);
        }
    }
    json_t *const value = uri.status == OPSIG_OK ? ops_json_text(ops_buffer_text(&uri)) : NULL;
    ops_buffer_dispose(&uri);
    return value;
}

/** {"physicalLocation": {"artifactLocation": {"uri": ...}}} */
static json_t *location_of(const char *path)
{
    json_t *const location = json_object();
    json_t *const physical = json_object();
    json_t *const artifact = json_object();
    int failed = ops_json_put(artifact, "uri", uri_of(path));
    failed |= ops_json_put(physical, "artifactLocation", artifact);
    failed |= ops_json_put(location, "physicalLocation", physical);
    return ops_json_checked(location, failed);
}

/** Digits of the digest of path and signature, and ":1", as there is one result of them. */
static json_t *fingerprint_of(const char *path, const char *id)
{
    struct ops_buffer text;
    char hex[OPS_SHA256_HEX];
    ops_buffer_init(&text, SIZE_MAX / 4);
    ops_buffer_printf(&text, "%s\n%s", path, id);
    ops_sha256_bytes(ops_buffer_text(&text), text.len, hex);
    const bool whole = text.status == OPSIG_OK;
    ops_buffer_clear(&text);
    ops_buffer_printf(&text, "%.*s:1", FINGERPRINT_DIGITS, hex);
    json_t *const object = json_object();
    const int failed =
        ops_json_put(object, "primaryLocationLineHash",
                     whole ? json_string(ops_buffer_text(&text)) : NULL);
    ops_buffer_dispose(&text);
    return ops_json_checked(object, failed);
}

/* ---- results ---- */

/** The nodes of the first match. */
static json_t *logical_locations(const opsig_scanned *scanned, const opsig_finding *finding)
{
    json_t *array = json_array();
    int failed = 0;
    size_t n = 0;
    const uint32_t *const match =
        finding->n_matches > 0 ? opsig_finding_match(finding, 0, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const char *const label = opsig_graph_node_label(scanned->graph, match[i]);
        json_t *object = json_object();
        failed |= ops_json_put(object, "name", ops_json_text(label));
        failed |= ops_json_put(object, "fullyQualifiedName", ops_json_text(label));
        failed |= ops_json_put(object, "kind", json_string("operator"));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

/** "Pad -> AveragePool in 2 places. 31 of 210 ... : 14 times as often.", or of a rule its title,
 * what its evidence is and what to do. */
static json_t *result_message(const opsig_finding *finding)
{
    const opsig_report_style style = {.format = OPSIG_REPORT_TEXT};
    struct ops_buffer text;
    struct ops_page page;
    ops_buffer_init(&text, SIZE_MAX / 4);
    ops_page_start_buffer(&page, &text, &style);
    ops_page_name(&page, opsig_finding_title(finding));
    ops_page_print(&page, " in ");
    ops_page_count(&page, finding->occurrences, "place");
    ops_page_print(&page, ". ");
    ops_text_evidence(&page, finding);
    if (finding->rule != NULL) {
        ops_page_print(&page, ". ");
        ops_page_name(&page, opsig_rule_fix(finding->rule));
    } else {
        const opsig_statistics *const s = opsig_signature_statistics(finding->signature);
        ops_page_print(&page, ": ");
        ops_page_factor(&page, s->likelihood_ratio.value);
        ops_page_print(&page, " times as often.");
    }
    return of_page(&page, message_object);
}

/** Of a finding that does not count: why. */
static json_t *suppressions_of(const opsig_finding *finding)
{
    return json_pack("[{s:s, s:s}]", "kind", "external", "justification",
                     finding->state == OPSIG_FINDING_KNOWN ? "covered by the baseline"
                                                           : "covered by an ignore file");
}

static json_t *result_of(const opsig_scanned *scanned, const opsig_finding *finding, size_t rule)
{
    const char *const id = opsig_finding_id(finding);
    const double risk = opsig_scan_result_risk(scanned->result);
    json_t *object = json_object();
    json_t *locations = json_array();
    json_t *location = location_of(scanned->path);
    int failed = ops_json_put(location, "logicalLocations", logical_locations(scanned, finding));
    failed |= ops_json_add(locations, location);
    failed |= ops_json_put(object, "ruleId", ops_json_text(id));
    failed |= ops_json_put(object, "ruleIndex", ops_json_count(rule));
    failed |= ops_json_put(object, "level", json_string(level_of(opsig_finding_severity(finding))));
    failed |= ops_json_put(object, "message", result_message(finding));
    failed |= ops_json_put(object, "locations", locations);
    failed |= ops_json_put(object, "partialFingerprints", fingerprint_of(scanned->path, id));
    if (finding->state != OPSIG_FINDING_NEW) {
        failed |= ops_json_put(object, "suppressions", suppressions_of(finding));
    }
    if (!isnan(risk)) {
        failed |= ops_json_put(object, "rank", ops_json_number(risk * RANK_MOST));
    }
    return ops_json_checked(object, failed);
}

/** Keeps the notification of a model that could not be read. */
static opsig_status keep_error(struct ops_scan_state *state, const opsig_scanned *scanned,
                               opsig_error *err)
{
    json_t *object = json_object();
    json_t *locations = json_array();
    json_t *descriptor = json_object();
    int failed = ops_json_put(descriptor, "id", ops_json_text(scanned->error->kind));
    failed |= ops_json_add(locations, location_of(scanned->path));
    failed |= ops_json_put(object, "descriptor", descriptor);
    failed |= ops_json_put(object, "level", json_string("error"));
    failed |= ops_json_put(object, "message", message_object(scanned->error->message));
    failed |= ops_json_put(object, "locations", locations);
    object = ops_json_checked(object, failed);
    char *const text = object == NULL ? NULL : json_dumps(object, JSON_ENSURE_ASCII);
    json_decref(object);
    if (text == NULL) {
        return ops_error_nomem(err);
    }
    ops_buffer_puts(&state->rows, state->rows.len > 0 ? ",\n   " : "");
    ops_buffer_puts(&state->rows, text);
    free(text);
    return ops_buffer_status(&state->rows, err);
}

opsig_status ops_sarif_scan_begin(opsig_scan_report *report, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_kept_begin(report, err));
    TRY(ops_json_puts(report->stream, "{\"$schema\": ", err));
    TRY(ops_json_write(report->stream, json_string(schema), err));
    TRY(ops_json_puts(report->stream, ", \"version\": \"2.1.0\",\n \"runs\": [{\n  \"results\": [",
                      err));
done:
    return status;
}

opsig_status ops_sarif_scan_model(const opsig_scan_report *report, const opsig_scanned *scanned,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_scan_state *const state = report->state;
    if (scanned->error != NULL) {
        return keep_error(state, scanned, err);
    }
    for (size_t i = 0; i < opsig_scan_result_n_findings(scanned->result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(scanned->result, i);
        size_t rule = 0;
        TRY(ops_subjects_note(&state->found, finding, &rule, err));
        TRY(ops_json_puts(report->stream, state->n_written++ > 0 ? ",\n   " : "\n   ", err));
        TRY(ops_json_write(report->stream, result_of(scanned, finding, rule), err));
    }
done:
    return status;
}

/* ---- rules ---- */

/** The evidence in sentences. */
static json_t *signature_help(const opsig_signature *signature, const char *db_path)
{
    const opsig_statistics *const s = opsig_signature_statistics(signature);
    const opsig_report_style style = {.format = OPSIG_REPORT_TEXT};
    struct ops_buffer text;
    struct ops_page page;
    ops_buffer_init(&text, SIZE_MAX / 4);
    ops_page_start_buffer(&page, &text, &style);
    ops_text_support(&page, s);
    ops_page_print(&page, ". Inconsistent models hold it more often by a factor of ");
    ops_page_interval(&page, s->likelihood_ratio);
    ops_page_print(&page, ", odds ratio ");
    ops_page_interval(&page, s->odds_ratio);
    ops_page_print(&page, ", p corrected for all that was tested ");
    ops_page_number(&page, s->p_adjusted, 3);
    ops_page_print(&page, ". All of it: opsig db show ");
    ops_page_name(&page, db_path);
    ops_page_print(&page, " %s", opsig_signature_id(signature));
    return of_page(&page, text_object);
}

static const char *problem_of(opsig_severity severity)
{
    return severity == OPSIG_SEVERITY_LOW ? "recommendation" : level_of(severity);
}

static json_t *signature_properties(const opsig_signature *signature)
{
    static const char *const precisions[] = {"low", "medium", "high"};
    const opsig_statistics *const s = opsig_signature_statistics(signature);
    const size_t precision = s->confidence.low >= 0.5 ? 2 : s->confidence.low >= 0.2 ? 1 : 0;
    json_t *object = json_object();
    int failed = ops_json_put(object, "precision", json_string(precisions[precision]));
    failed |= ops_json_put(object, "problem.severity", json_string(problem_of(s->severity)));
    failed |= ops_json_put(object, "tags", json_pack("[s]", "operator-sequence"));
    return ops_json_checked(object, failed);
}

static json_t *signature_rule(const opsig_signature *signature, const char *db_path)
{
    const char *const pattern = opsig_pattern_text(opsig_signature_pattern(signature));
    json_t *object = json_object();
    int failed = ops_json_put(object, "id", ops_json_text(opsig_signature_id(signature)));
    failed |= ops_json_put(object, "shortDescription", description_object(pattern));
    failed |= ops_json_put(object, "fullDescription",
                           text_object("A pattern of operators that models with wrong results "
                                       "hold more often than others."));
    failed |= ops_json_put(object, "help", signature_help(signature, db_path));
    failed |= ops_json_put(
        object, "defaultConfiguration",
        json_pack("{s:s}", "level", level_of(opsig_signature_statistics(signature)->severity)));
    failed |= ops_json_put(object, "properties", signature_properties(signature));
    return ops_json_checked(object, failed);
}

/** What to do, what is doubtful, and where all of it can be read. */
static json_t *rule_help(const opsig_rule *rule)
{
    const opsig_report_style style = {.format = OPSIG_REPORT_TEXT};
    struct ops_buffer text;
    struct ops_page page;
    ops_buffer_init(&text, SIZE_MAX / 4);
    ops_page_start_buffer(&page, &text, &style);
    ops_text_rule_page(&page, rule);
    return of_page(&page, text_object);
}

/** precision is how sure it is that what the rule describes goes wrong. */
static json_t *rule_properties(const opsig_rule *rule)
{
    static const char *const precisions[] = {[OPSIG_CONFIDENCE_REPORTED] = "medium",
                                             [OPSIG_CONFIDENCE_MAINTAINER] = "high",
                                             [OPSIG_CONFIDENCE_FIXED] = "very-high"};
    json_t *tags = json_array();
    json_t *object = json_object();
    int failed = ops_json_add(tags, json_string("operator-rule"));
    for (size_t i = 0; i < opsig_rule_n_tags(rule) && i < MOST_TAGS; i++) {
        failed |= ops_json_add(tags, ops_json_text(opsig_rule_tag(rule, i)));
    }
    failed |=
        ops_json_put(object, "precision", json_string(precisions[opsig_rule_confidence_of(rule)]));
    failed |= ops_json_put(object, "problem.severity",
                           json_string(problem_of(opsig_rule_severity(rule))));
    failed |= ops_json_put(object, "tags", tags);
    return ops_json_checked(object, failed);
}

static json_t *written_rule(const opsig_rule *rule)
{
    const char *const level = level_of(opsig_rule_severity(rule));
    json_t *object = json_object();
    int failed = ops_json_put(object, "id", ops_json_text(opsig_rule_id(rule)));
    failed |= ops_json_put(object, "shortDescription", description_object(opsig_rule_title(rule)));
    failed |= ops_json_put(object, "fullDescription", description_object(opsig_rule_title(rule)));
    failed |= ops_json_put(object, "help", rule_help(rule));
    if (opsig_rule_n_refs(rule) > 0) {
        failed |= ops_json_put(object, "helpUri", ops_json_text(opsig_rule_ref(rule, 0)));
    }
    failed |= ops_json_put(object, "defaultConfiguration", json_pack("{s:s}", "level", level));
    failed |= ops_json_put(object, "properties", rule_properties(rule));
    return ops_json_checked(object, failed);
}

static json_t *rule_of(const opsig_scan_report *report, const opsig_finding *subject)
{
    return subject->rule != NULL
               ? written_rule(subject->rule)
               : signature_rule(subject->signature, ops_scan_report_source(report, subject));
}

static json_t *tool_of(const opsig_scan_report *report)
{
    json_t *tool = json_object();
    json_t *driver = json_object();
    json_t *rules = json_array();
    int failed = ops_json_put(driver, "name", json_string("opsig"));
    failed |= ops_json_put(driver, "version", json_string(opsig_version()));
    failed |= ops_json_put(driver, "semanticVersion", json_string(opsig_version()));
    for (size_t i = 0; i < report->state->found.len; i++) {
        failed |= ops_json_add(rules, rule_of(report, &report->state->found.items[i]));
    }
    failed |= ops_json_put(driver, "rules", rules);
    failed |= ops_json_put(tool, "driver", driver);
    return ops_json_checked(tool, failed);
}

opsig_status ops_sarif_scan_end(opsig_scan_report *report, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(report->stream, "],\n  \"tool\": ", err));
    TRY(ops_json_write(report->stream, tool_of(report), err));
    TRY(ops_json_puts(report->stream, ",\n  \"invocations\": [{\"executionSuccessful\": ", err));
    TRY(ops_json_puts(report->stream, report->totals.errors == 0 ? "true" : "false", err));
    TRY(ops_json_puts(report->stream, ", \"toolExecutionNotifications\": [", err));
    TRY(ops_json_puts(report->stream, ops_buffer_text(&report->state->rows), err));
    TRY(ops_json_puts(report->stream, "]}]}]}\n", err));
done:
    return status;
}
