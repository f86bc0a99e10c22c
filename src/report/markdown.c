/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as Markdown (GitHub Flavored), for a comment on a pull request: the totals, then the
 * models with findings and those that could not be read. Whatever comes from outside stands in code
 * spans, where nothing is a link, a mention or markup. Comments have a largest size, so rows and
 * findings are bounded; --verbose lifts the bounds. */
#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "report/kept.h"
#include "report/text.h"

/* GitHub takes 65,536 characters. */
enum { ROWS_SHOWN = 50, FINDINGS_SHOWN = 3, LONGEST_NAME = 8 * 1024 * 1024 };

const struct ops_format ops_format_markdown = {
    .scan_begin = ops_kept_begin,
    .scan_model = ops_markdown_scan_model,
    .scan_end = ops_markdown_scan_end,
    .scan_dispose = ops_kept_dispose,
};

/** The longest run of backquotes. */
static size_t longest_run(const char *text)
{
    size_t longest = 0;
    for (size_t run = 0; *text != '\0'; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void print_fence(struct ops_page *page, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ops_page_print(page, "`");
    }
}

/** A code span inside a table, where a bar is written with a backslash. */
static void print_code(struct ops_page *page, const char *text)
{
    struct ops_buffer shown;
    ops_buffer_init(&shown, LONGEST_NAME);
    ops_escape_terminal(&shown, text, strlen(text));
    page->status = shown.status == OPSIG_NOMEM ? OPSIG_NOMEM : page->status;
    const size_t n = longest_run(ops_buffer_text(&shown)) + 1;
    const char *const blank = n > 1 || shown.len == 0 ? " " : "";
    print_fence(page, n);
    ops_page_print(page, "%s", blank);
    for (const char *at = ops_buffer_text(&shown); *at != '\0'; at++) {
        ops_page_print(page, *at == '|' ? "\\%c" : "%c", *at);
    }
    ops_page_print(page, "%s", blank);
    print_fence(page, n);
    ops_buffer_dispose(&shown);
}

/** What speaks for it. Words from outside stand in a code span: of a signature the name of its
 *  oracle, of a rule all of it. */
static void print_evidence(struct ops_page *page, const opsig_finding *finding)
{
    struct ops_buffer text;
    struct ops_page words;
    const opsig_report_style style = {.format = OPSIG_REPORT_TEXT};
    if (finding->rule == NULL) {
        const char *const oracle = opsig_signature_oracle(finding->signature);
        ops_text_support(page, opsig_signature_statistics(finding->signature));
        if (oracle != NULL && oracle[0] != '\0') {
            ops_page_print(page, " (");
            print_code(page, oracle);
            ops_page_print(page, ")");
        }
        return;
    }
    ops_buffer_init(&text, LONGEST_NAME);
    ops_page_start_buffer(&words, &text, &style);
    ops_text_evidence(&words, finding);
    page->status = ops_page_finish(&words, NULL) != OPSIG_OK ? OPSIG_NOMEM : page->status;
    print_code(page, ops_buffer_text(&text));
    ops_buffer_dispose(&text);
}

static void print_finding(struct ops_page *page, const opsig_finding *finding)
{
    ops_page_print(page, "**%s** ", opsig_severity_name(opsig_finding_severity(finding)));
    if (finding->state != OPSIG_FINDING_NEW) {
        ops_page_print(page, "(%s) ", opsig_finding_state_name(finding->state));
    }
    print_code(page, opsig_finding_title(finding));
    ops_page_print(page, " in ");
    ops_page_count(page, finding->occurrences, "place");
    ops_page_print(page, ": ");
    print_evidence(page, finding);
}

static void print_findings(struct ops_page *page, const opsig_scan_result *result)
{
    size_t shown = 0;
    const size_t n = opsig_scan_result_n_findings(result);
    for (size_t i = 0; i < n && (page->verbose || shown < FINDINGS_SHOWN); i++) {
        if (page->verbose || !ops_finding_is_folded(result, i)) {
            ops_page_print(page, "%s", shown == 0 ? "" : "<br>");
            print_finding(page, opsig_scan_result_finding(result, i));
            shown++;
        }
    }
    if (shown < n) {
        ops_page_print(page, "<br>and ");
        ops_page_count(page, n - shown, "weaker finding");
    }
}

static void print_row(struct ops_page *page, const opsig_scanned *scanned)
{
    ops_page_print(page, "| ");
    print_code(page, scanned->path);
    ops_page_print(page, " | ");
    if (scanned->error != NULL) {
        ops_page_print(page, "not read | ");
        print_code(page, scanned->error->message);
    } else {
        const double risk = opsig_scan_result_risk(scanned->result);
        if (!isnan(risk)) {
            ops_page_percent(page, risk);
        }
        ops_page_print(page, " | ");
        print_findings(page, scanned->result);
    }
    ops_page_print(page, " |\n");
}

opsig_status ops_markdown_scan_model(const opsig_scan_report *report,
                                     const opsig_scanned *scanned, opsig_error *err)
{
    struct ops_page page;
    struct ops_scan_state *const state = report->state;
    if (scanned->error == NULL && opsig_scan_result_n_findings(scanned->result) == 0) {
        return OPSIG_OK;
    }
    ops_page_start_buffer(&page, &state->rows, &report->style);
    if (state->n_written++ < ROWS_SHOWN || page.verbose) {
        print_row(&page, scanned);
    }
    return ops_page_finish(&page, err);
}

opsig_status ops_markdown_scan_end(opsig_scan_report *report, opsig_error *err)
{
    const struct ops_totals *const totals = &report->totals;
    const struct ops_scan_state *const state = report->state;
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_page_print(&page, "### opsig: %zu of ", totals->with_findings);
    ops_page_count(&page, totals->models, "model");
    ops_page_print(&page, " with findings\n\n");
    ops_text_severities(&page, totals->by_severity);
    if (totals->errors > 0) {
        ops_page_print(&page, "; %zu could not be read, which does not mean that they are clean",
                       totals->errors);
    }
    ops_page_print(&page, ".\n");
    if (state->n_written > 0) {
        ops_page_print(&page, "\n| model | risk | findings |\n| --- | ---: | --- |\n");
        ops_page_markup(&page, ops_buffer_text(&state->rows), state->rows.len);
    }
    if (state->n_written > ROWS_SHOWN && !page.verbose) {
        ops_page_print(&page, "\nand %zu more models.\n", state->n_written - ROWS_SHOWN);
    }
    return ops_page_finish(&page, err);
}
