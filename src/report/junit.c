/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as JUnit XML, in the form that CI services read (Jenkins' junit-10.xsd): a suite for
 * each model, in it a case for each database and one for the rules that files hold, which fails
 * where a finding is severe enough, and a case that is an error for a model that could not be read.
 * Totals stand on every level, so suites are kept until the end. */
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
    return finding->state == OPSIG_FINDING_NEW &&
           (int)opsig_finding_severity(finding) >= report->style.fail_on;
}

/** Number of cases of a model that could be read. */
static size_t n_cases(const opsig_scan_report *report)
{
    return report->n_databases + (report->rules != NULL);
}

/** The case that a finding belongs to: that of its database, or that of the rules behind those. */
static size_t case_of(const opsig_scan_report *report, const opsig_finding *finding)
{
    const char *const source = ops_scan_report_source(report, finding);
    size_t place = 0;
    while (place < report->n_databases && strcmp(source, report->db_paths[place]) != 0) {
        place++;
    }
    return place;
}

/** Findings of a case that fail, or that do not. */
static size_t count(const opsig_scan_report *report, const opsig_scan_result *result, size_t place,
                    bool failing)
{
    size_t n = 0;
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        n += fails(report, finding) == failing && case_of(report, finding) == place;
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
    size_t n = 0;
    const uint32_t *const match =
        finding->n_matches > 0 ? opsig_finding_match(finding, 0, &n) : NULL;
    ops_page_print(page, "%s %s ", opsig_severity_name(opsig_finding_severity(finding)),
                   opsig_finding_id(finding));
    ops_page_name(page, opsig_finding_title(finding));
    ops_page_print(page, ": ");
    ops_text_evidence(page, finding);
    ops_page_print(page, "; in ");
    ops_page_count(page, finding->occurrences, "place");
    for (size_t i = 0; i < n; i++) {
        ops_page_print(page, i == 0 ? ", first: " : ", ");
        ops_page_name(page, opsig_graph_node_label(scanned->graph, match[i]));
    }
    ops_page_print(page, "\n");
}

static void print_findings(struct ops_page *page, const opsig_scan_report *report,
                           const opsig_scanned *scanned, size_t place, bool failing)
{
    for (size_t i = 0; i < opsig_scan_result_n_findings(scanned->result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(scanned->result, i);
        if (fails(report, finding) == failing && case_of(report, finding) == place) {
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

/** One database's case, or that of the rules. @return whether it failed */
static bool print_case(struct ops_page *page, const opsig_scan_report *report,
                       const opsig_scanned *scanned, size_t place)
{
    const size_t n_failing = count(report, scanned->result, place, true);
    begin_case(page, scanned, place < report->n_databases ? report->db_paths[place] : "rules");
    if (n_failing > 0) {
        ops_page_tag(page, "<failure type=\"finding\" message=\"");
        ops_page_count(page, n_failing, "finding");
        ops_page_tag(page, "\">");
        print_findings(page, report, scanned, place, true);
        ops_page_tag(page, "</failure>");
    }
    if (count(report, scanned->result, place, false) > 0) {
        ops_page_tag(page, "<system-out>");
        print_findings(page, report, scanned, place, false);
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
    const size_t tests = scanned->error != NULL ? 1 : n_cases(report);
    ops_buffer_clear(&state->rows);
    ops_page_start_buffer(&cases, &state->rows, &report->style);
    ops_page_start_buffer(&suites, &state->sections, &report->style);
    if (scanned->error != NULL) {
        print_error(&cases, scanned);
    }
    for (size_t i = 0; scanned->error == NULL && i < n_cases(report); i++) {
        failures += print_case(&cases, report, scanned, i);
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
