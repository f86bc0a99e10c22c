/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public face of the reports: keeps the totals of a scan and hands everything else to the
 * writers of the chosen format. */
#include <opsig/report.h>

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/escape.h"
#include "base/mem.h"
#include "pattern/signature.h"
#include "report/format.h"
#include "report/page.h"
#include "report/picture.h"

static const struct ops_format *format_of(const opsig_report_style *style)
{
    static const struct ops_format *const formats[] = {
        [OPSIG_REPORT_TEXT] = &ops_format_text,
        [OPSIG_REPORT_JSON] = &ops_format_json,
        [OPSIG_REPORT_HTML] = &ops_format_html,
        [OPSIG_REPORT_SARIF] = &ops_format_sarif,
        [OPSIG_REPORT_JUNIT] = &ops_format_junit,
        [OPSIG_REPORT_MARKDOWN] = &ops_format_markdown,
        [OPSIG_REPORT_CSV] = &ops_format_csv,
    };
    return formats[style->format];
}

/** Of a report that a format does not have. */
static opsig_status unsupported(opsig_error *err)
{
    return ops_error_set(err, OPSIG_UNSUPPORTED, "unsupported", -1,
                         "this report does not have this format");
}

void opsig_report_error(FILE *stream, const char *path, const opsig_error *error)
{
    struct ops_page page;
    ops_page_start(&page, stream, &(opsig_report_style){.format = OPSIG_REPORT_TEXT});
    ops_page_print(&page, "opsig: ");
    if (path != NULL) {
        ops_page_name(&page, path);
        ops_page_print(&page, ": ");
    }
    ops_page_name(&page, error->message);
    if (error->offset >= 0) {
        ops_page_print(&page, " (at byte %lld)", (long long)error->offset);
    }
    ops_page_print(&page, "\n");
}

/* ---- scan ---- */

/** Writes the beginning or the end of a report. */
static opsig_status scan_edge(opsig_scan_report *report, ops_scan_writer *writer,
                              opsig_error *err)
{
    return writer == NULL ? OPSIG_OK : writer(report, err);
}

opsig_status opsig_scan_report_new(opsig_scan_report **out, FILE *stream,
                                   const opsig_report_style *style,
                                   const opsig_database *const *databases,
                                   const char *const *db_paths, size_t n_databases,
                                   const opsig_rules *rules, opsig_error *err)
{
    *out = NULL;
    opsig_scan_report *report = ops_mem_zalloc(1, sizeof *report);
    if (report == NULL) {
        return ops_error_nomem(err);
    }
    report->stream = stream;
    report->style = *style;
    report->format = format_of(style);
    report->databases = databases;
    report->db_paths = db_paths;
    report->n_databases = n_databases;
    report->rules = rules;
    const opsig_status status = report->format->scan_model == NULL
                                    ? unsupported(err)
                                    : scan_edge(report, report->format->scan_begin, err);
    if (status != OPSIG_OK) {
        opsig_scan_report_free(report);
        return status;
    }
    *out = report;
    return OPSIG_OK;
}

opsig_finding ops_finding_subject(const opsig_finding *finding)
{
    return (opsig_finding){.signature = finding->signature,
                           .rule = finding->rule,
                           .is_possible = finding->is_possible};
}

static bool is_nothing(const opsig_finding *finding)
{
    return finding->signature == NULL && finding->rule == NULL;
}

static void count_findings(struct ops_totals *totals, const opsig_scan_result *result)
{
    bool any = false;
    totals->known += opsig_scan_result_n_dropped(result, OPSIG_FINDING_KNOWN);
    totals->ignored += opsig_scan_result_n_dropped(result, OPSIG_FINDING_IGNORED);
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        if (finding->state != OPSIG_FINDING_NEW) {
            totals->known += finding->state == OPSIG_FINDING_KNOWN;
            totals->ignored += finding->state == OPSIG_FINDING_IGNORED;
            continue;
        }
        any = true;
        totals->by_severity[opsig_finding_severity(finding)]++;
        if (is_nothing(&totals->strongest) ||
            opsig_finding_compare(finding, &totals->strongest) < 0) {
            totals->strongest = ops_finding_subject(finding);
        }
    }
    totals->with_findings += any;
}

opsig_status ops_subjects_note(ops_subject_vec *subjects, const opsig_finding *finding,
                               size_t *out_place, opsig_error *err)
{
    size_t place = 0;
    while (place < subjects->len && (subjects->items[place].signature != finding->signature ||
                                     subjects->items[place].rule != finding->rule)) {
        place++;
    }
    if (out_place != NULL) {
        *out_place = place;
    }
    return place < subjects->len ? OPSIG_OK
                                 : ops_vec_push(subjects, ops_finding_subject(finding), err);
}

/** Lists the signatures and rules of the findings that count. */
static opsig_status list_subjects(opsig_scan_report *report, const opsig_scan_result *result,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        if (finding->state == OPSIG_FINDING_NEW) {
            TRY(ops_subjects_note(&report->explained, finding, NULL, err));
        }
    }
done:
    return status;
}

opsig_status opsig_scan_report_add(opsig_scan_report *report, const opsig_scanned *scanned,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    report->totals.models++;
    if (scanned->error != NULL) {
        report->totals.errors++;
    } else {
        count_findings(&report->totals, scanned->result);
    }
    if (report->style.explain && scanned->error == NULL) {
        TRY(list_subjects(report, scanned->result, err));
    }
    TRY(report->format->scan_model(report, scanned, err));
done:
    return status;
}

opsig_status opsig_scan_report_end(opsig_scan_report *report, opsig_error *err)
{
    return scan_edge(report, report->format->scan_end, err);
}

void opsig_scan_report_free(opsig_scan_report *report)
{
    if (report != NULL && report->format->scan_dispose != NULL) {
        report->format->scan_dispose(report);
    }
    if (report != NULL) {
        ops_vec_dispose(&report->explained);
    }
    ops_mem_free(report);
}

const char *ops_scan_report_source(const opsig_scan_report *report, const opsig_finding *finding)
{
    if (finding->rule != NULL) {
        return opsig_rule_path(finding->rule);
    }
    for (size_t i = 0; i < report->n_databases; i++) {
        if (report->databases[i] == finding->signature->database) {
            return report->db_paths[i];
        }
    }
    return "";
}

const char *ops_scan_report_command(const opsig_scan_report *report, const opsig_finding *finding)
{
    const char *const source = ops_scan_report_source(report, finding);
    for (size_t i = 0; i < report->n_databases; i++) {
        if (strcmp(source, report->db_paths[i]) == 0) {
            return "db show";
        }
    }
    return "rules explain";
}

bool ops_finding_is_folded(const opsig_scan_result *result, size_t i)
{
    const opsig_finding *const finding = opsig_scan_result_finding(result, i);
    return finding->covered_by != SIZE_MAX &&
           opsig_scan_result_finding(result, finding->covered_by)->state == finding->state;
}

size_t ops_findings_in_state(const opsig_scan_result *result, opsig_finding_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        n += opsig_scan_result_finding(result, i)->state == state;
    }
    return n;
}

/** The finding at the end of a chain of covers; a chain is no longer than the list. */
static size_t fold_root(const opsig_scan_result *result, size_t i)
{
    size_t n = opsig_scan_result_n_findings(result);
    for (size_t steps = 0; steps < n; steps++) {
        if (!ops_finding_is_folded(result, i)) {
            break;
        }
        i = opsig_scan_result_finding(result, i)->covered_by;
    }
    return i;
}

size_t ops_finding_n_folded(const opsig_scan_result *result, size_t i)
{
    size_t count = 0;
    for (size_t k = 0; k < opsig_scan_result_n_findings(result); k++) {
        count += k != i && ops_finding_is_folded(result, k) && fold_root(result, k) == i;
    }
    return count;
}

/* ---- inspect ---- */

/** Writes the beginning or the end of a report. */
static opsig_status inspect_edge(const opsig_inspect_report *report, ops_inspect_writer *writer,
                              opsig_error *err)
{
    return writer == NULL ? OPSIG_OK : writer(report, err);
}

opsig_status opsig_inspect_report_new(opsig_inspect_report **out, FILE *stream,
                                      const opsig_report_style *style, bool many,
                                      opsig_error *err)
{
    *out = NULL;
    opsig_inspect_report *report = ops_mem_zalloc(1, sizeof *report);
    if (report == NULL) {
        return ops_error_nomem(err);
    }
    report->stream = stream;
    report->style = *style;
    report->format = format_of(style);
    report->many = many;
    const opsig_status status = report->format->inspect_model == NULL
                                    ? unsupported(err)
                                    : inspect_edge(report, report->format->inspect_begin, err);
    if (status != OPSIG_OK) {
        ops_mem_free(report);
        return status;
    }
    *out = report;
    return OPSIG_OK;
}

opsig_status opsig_inspect_report_add(opsig_inspect_report *report, const opsig_scanned *scanned,
                                      opsig_error *err)
{
    report->n_models++;
    return report->format->inspect_model(report, scanned, err);
}

opsig_status opsig_inspect_report_end(opsig_inspect_report *report, opsig_error *err)
{
    return inspect_edge(report, report->format->inspect_end, err);
}

void opsig_inspect_report_free(opsig_inspect_report *report)
{
    ops_mem_free(report);
}

opsig_status opsig_report_graph_svg(FILE *stream, const opsig_graph *graph, opsig_error *err)
{
    const opsig_report_style style = {.format = OPSIG_REPORT_HTML};
    const struct ops_picture picture = {.graph = graph, .id = "g", .title = "operator graph",
                                        .description = ops_picture_legend, .alone = true};
    struct ops_page page;
    ops_page_start(&page, stream, &style);
    const opsig_status status = ops_picture_draw_all(&page, &picture, err);
    return status == OPSIG_OK ? ops_page_finish(&page, err) : status;
}

/* ---- the others: one call each ---- */

opsig_status opsig_report_mine(FILE *stream, const opsig_report_style *style,
                               const opsig_corpus *corpus, const opsig_database *database,
                               const char *db_path, opsig_error *err)
{
    struct ops_mined mined = {corpus, database, db_path};
    ops_mine_writer *const writer = format_of(style)->mine;
    return writer == NULL ? unsupported(err) : writer(stream, style, &mined, err);
}

opsig_status opsig_report_frequent(FILE *stream, const opsig_report_style *style,
                                   const opsig_corpus *corpus, uint32_t min_support,
                                   bool count_only, const opsig_frequent *frequent,
                                   opsig_error *err)
{
    struct ops_frequent_list list = {corpus, min_support, count_only, frequent};
    ops_frequent_writer *const writer = format_of(style)->frequent;
    return writer == NULL ? unsupported(err) : writer(stream, style, &list, err);
}

opsig_status opsig_report_hypothesis(FILE *stream, const opsig_report_style *style,
                                     const opsig_corpus *corpus, const opsig_paper *paper,
                                     const opsig_hypothesis *test, opsig_error *err)
{
    const struct ops_hypothesis_run run = {.corpus = corpus, .paper = paper, .test = test};
    ops_hypothesis_writer *const writer = format_of(style)->hypothesis;
    return writer == NULL ? unsupported(err) : writer(stream, style, &run, err);
}

opsig_status opsig_report_coverage(FILE *stream, const opsig_report_style *style,
                                   const opsig_corpus *reference, const opsig_corpus *target,
                                   const opsig_coverage *coverage, opsig_error *err)
{
    struct ops_covered covered = {reference, target, coverage};
    ops_coverage_writer *const writer = format_of(style)->coverage;
    return writer == NULL ? unsupported(err) : writer(stream, style, &covered, err);
}

opsig_status opsig_report_db_info(FILE *stream, const opsig_report_style *style, const char *path,
                                  const opsig_database *database, opsig_error *err)
{
    struct ops_named_database named = {path, database};
    ops_db_writer *const writer = format_of(style)->db_info;
    return writer == NULL ? unsupported(err) : writer(stream, style, &named, err);
}

opsig_status opsig_report_db_list(FILE *stream, const opsig_report_style *style, const char *path,
                                  const opsig_database *database, opsig_error *err)
{
    struct ops_named_database named = {path, database};
    ops_db_writer *const writer = format_of(style)->db_list;
    return writer == NULL ? unsupported(err) : writer(stream, style, &named, err);
}

opsig_status opsig_report_db_diff(FILE *stream, const opsig_report_style *style,
                                  const char *before, const char *after,
                                  const opsig_db_diff *diff, opsig_error *err)
{
    const struct ops_compared compared = {before, after, diff};
    ops_diff_writer *const writer = format_of(style)->db_diff;
    return writer == NULL ? unsupported(err) : writer(stream, style, &compared, err);
}

opsig_status opsig_report_db_show(FILE *stream, const opsig_report_style *style,
                                  const opsig_signature *signature, opsig_error *err)
{
    ops_signature_writer *const writer = format_of(style)->db_show;
    return writer == NULL ? unsupported(err) : writer(stream, style, signature, err);
}

opsig_status opsig_report_rules_check(FILE *stream, const opsig_report_style *style,
                                      const opsig_rules *rules, size_t n_files, opsig_error *err)
{
    const struct ops_rule_list list = {rules, n_files};
    ops_rules_writer *const writer = format_of(style)->rules_check;
    return writer == NULL ? unsupported(err) : writer(stream, style, &list, err);
}

opsig_status opsig_report_rules_list(FILE *stream, const opsig_report_style *style,
                                     const opsig_rules *rules, opsig_error *err)
{
    const struct ops_rule_list list = {.rules = rules};
    ops_rules_writer *const writer = format_of(style)->rules_list;
    return writer == NULL ? unsupported(err) : writer(stream, style, &list, err);
}

struct testing {
    struct ops_tested tested;
    opsig_status status;
    opsig_error *err;
};

static int keep_result(const opsig_example_result *result, void *payload)
{
    struct testing *const testing = payload;
    testing->tested.n_failed += !result->passed;
    testing->status = ops_vec_push(&testing->tested.results, *result, testing->err);
    return testing->status == OPSIG_OK ? 0 : 1;
}

opsig_status opsig_report_rules_test(FILE *stream, const opsig_report_style *style,
                                     const opsig_rules *rules, const opsig_limits *limits,
                                     size_t *out_n_failed, opsig_error *err)
{
    struct testing testing = {.tested.rules = rules, .status = OPSIG_OK, .err = err};
    ops_tested_writer *const writer = format_of(style)->rules_test;
    if (writer == NULL) {
        return unsupported(err);
    }
    opsig_status status = opsig_rules_test(rules, limits, keep_result, &testing, err);
    status = testing.status != OPSIG_OK ? testing.status : status;
    if (status == OPSIG_OK) {
        status = writer(stream, style, &testing.tested, err);
    }
    *out_n_failed = testing.tested.n_failed;
    ops_vec_dispose(&testing.tested.results);
    return status;
}

opsig_status opsig_report_rule(FILE *stream, const opsig_report_style *style,
                               const opsig_rule *rule, opsig_error *err)
{
    ops_rule_writer *const writer = format_of(style)->rule;
    return writer == NULL ? unsupported(err) : writer(stream, style, rule, err);
}

opsig_status opsig_report_version(FILE *stream, const opsig_report_style *style, opsig_error *err)
{
    ops_version_writer *const writer = format_of(style)->version;
    return writer == NULL ? unsupported(err) : writer(stream, style, err);
}
