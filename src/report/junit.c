/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as JUnit XML, in the form that CI services read (Jenkins' junit-10.xsd): a suite for
 * each model, in it a case for each database, which fails where a finding is severe enough, and a
 * case that is an error for a model that could not be read. Totals stand on every level, so suites
 * are kept until the end. */
#include <string.h>

#include "report/kept.h"
#include "report/text.h"

const struct ops_format ops_format_junit = {
    .scan_begin = ops_kept_begin,
    .scan_model = ops_junit_scan_model,
    .scan_end = ops_junit_scan_end,
    .scan_dispose = ops_kept_dispose,
};

static bool fails(const opsig_scan_report *report, const opsig_finding *finding)
{
    const opsig_statistics *const s = opsig_signature_statistics(finding->signature);
    return finding->state == OPSIG_FINDING_NEW && (int)s->severity >= report->style.fail_on;
}

/** Findings of a database that fail, or that do not. */
static size_t count(const opsig_scan_report *report, const opsig_scan_result *result,
                    const char *db_path, bool failing)
{
    size_t n = 0;
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        n += fails(report, finding) == failing &&
             strcmp(ops_scan_report_db_path(report, finding->signature), db_path) == 0;
    }
    return n;
}

/** ` tests="1" failures="0" errors="0" skipped="0"` */
static void print_totals(struct ops_page *page, size_t tests, size_t failures, size_t errors)
{
    ops_page_tag(page, " tests=\"");
    ops_page_print(page, "%zu", tests);
    ops_page_tag(page, "\" failures=\"");
    ops_page_print(page, "%zu", failures);
    ops_page_tag(page, "\" errors=\"");
    ops_page_print(page, "%zu", errors);
    ops_page_tag(page, "\" skipped=\"0\"");
}

static void print_finding(struct ops_page *page, const opsig_scanned *scanned,
                          const opsig_finding *finding)
{
    const size_t n = opsig_pattern_n_vertices(opsig_signature_pattern(finding->signature));
    const opsig_statistics *const s = opsig_signature_statistics(finding->signature);
    ops_page_print(page, "%s %s ", opsig_severity_name(s->severity),
                   opsig_signature_id(finding->signature));
    ops_page_name(page, opsig_pattern_text(opsig_signature_pattern(finding->signature)));
    ops_page_print(page, ": ");
    ops_text_support(page, s);
    ops_page_print(page, "; in ");
    ops_page_count(page, finding->occurrences, "place");
    for (size_t i = 0; i < n && finding->n_matches > 0; i++) {
        ops_page_print(page, i == 0 ? ", first: " : ", ");
        ops_page_name(page, opsig_graph_node_label(scanned->graph, finding->matches[i]));
    }
    ops_page_print(page, "\n");
}

static void print_findings(struct ops_page *page, const opsig_scan_report *report,
                           const opsig_scanned *scanned, const char *db_path, bool failing)
{
    for (size_t i = 0; i < opsig_scan_result_n_findings(scanned->result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(scanned->result, i);
        if (fails(report, finding) == failing &&
            strcmp(ops_scan_report_db_path(report, finding->signature), db_path) == 0) {
            print_finding(page, scanned, finding);
        }
    }
}

static void begin_case(struct ops_page *page, const opsig_scanned *scanned, const char *name)
{
    ops_page_tag(page, "    <testcase classname=\"");
    ops_page_name(page, scanned->path);
    ops_page_tag(page, "\" name=\"");
    ops_page_name(page, name);
    ops_page_tag(page, "\">");
}

/** One database's case. @return whether it failed */
static bool print_case(struct ops_page *page, const opsig_scan_report *report,
                       const opsig_scanned *scanned, const char *db_path)
{
    const size_t n_failing = count(report, scanned->result, db_path, true);
    begin_case(page, scanned, db_path);
    if (n_failing > 0) {
        ops_page_tag(page, "<failure type=\"finding\" message=\"");
        ops_page_count(page, n_failing, "finding");
        ops_page_tag(page, "\">");
        print_findings(page, report, scanned, db_path, true);
        ops_page_tag(page, "</failure>");
    }
    if (count(report, scanned->result, db_path, false) > 0) {
        ops_page_tag(page, "<system-out>");
        print_findings(page, report, scanned, db_path, false);
        ops_page_tag(page, "</system-out>");
    }
    ops_page_tag(page, "</testcase>\n");
    return n_failing > 0;
}

static void print_error(struct ops_page *page, const opsig_scanned *scanned)
{
    begin_case(page, scanned, "read");
    ops_page_tag(page, "<error type=\"");
    ops_page_name(page, scanned->error->kind);
    ops_page_tag(page, "\" message=\"");
    ops_text_error(page, scanned->error);
    ops_page_tag(page, "\"/></testcase>\n");
}

static void print_suite(struct ops_page *page, const opsig_scanned *scanned,
                        const struct ops_buffer *cases, size_t tests, size_t failures)
{
    ops_page_tag(page, "  <testsuite name=\"");
    ops_page_name(page, scanned->path);
    ops_page_tag(page, "\"");
    print_totals(page, tests, failures, scanned->error != NULL);
    ops_page_tag(page, ">\n");
    ops_page_markup(page, ops_buffer_text(cases), cases->len);
    ops_page_tag(page, "  </testsuite>\n");
}

opsig_status ops_junit_scan_model(const opsig_scan_report *report, const opsig_scanned *scanned,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_scan_state *const state = report->state;
    struct ops_page cases;
    struct ops_page suites;
    size_t failures = 0;
    const size_t tests = scanned->error != NULL ? 1 : report->n_databases;
    ops_buffer_clear(&state->rows);
    ops_page_start_buffer(&cases, &state->rows, &report->style);
    ops_page_start_buffer(&suites, &state->sections, &report->style);
    if (scanned->error != NULL) {
        print_error(&cases, scanned);
    }
    for (size_t i = 0; scanned->error == NULL && i < report->n_databases; i++) {
        failures += print_case(&cases, report, scanned, report->db_paths[i]);
    }
    TRY(ops_page_finish(&cases, err));
    print_suite(&suites, scanned, &state->rows, tests, failures);
    TRY(ops_page_finish(&suites, err));
    state->n_written += tests;
    state->n_failed += failures;
done:
    return status;
}

opsig_status ops_junit_scan_end(opsig_scan_report *report, opsig_error *err)
{
    const struct ops_scan_state *const state = report->state;
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_page_tag(&page, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"opsig\"");
    print_totals(&page, state->n_written, state->n_failed, report->totals.errors);
    ops_page_tag(&page, ">\n");
    ops_page_markup(&page, ops_buffer_text(&state->sections), state->sections.len);
    ops_page_tag(&page, "</testsuites>\n");
    return ops_page_finish(&page, err);
}
