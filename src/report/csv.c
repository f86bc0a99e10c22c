/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as CSV (RFC 4180): a row for each finding, one for a model without any or that could
 * not be read. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
#include <math.h>
#include <string.h>

#include "report/format.h"
#include "report/page.h"

const struct ops_format ops_format_csv = {
    .scan_begin = ops_csv_scan_begin,
    .scan_model = ops_csv_scan_model,
};

static const char header[] =
    "path,status,risk,id,kind,pattern,severity,p,p_adjusted,odds_ratio,likelihood_ratio,"
    "with_inconsistent,n_inconsistent,with_consistent,n_consistent,occurrences,state,title,"
    "confidence,possible,nodes,error";

/** The part of a field that a text is: quotes are doubled. */
static void print_bytes(struct ops_page *page, const char *text, size_t len)
{
    const char *const end = text + len;
    for (const char *quote; (quote = memchr(text, '"', (size_t)(end - text))) != NULL;) {
        ops_page_bytes(page, text, (size_t)(quote - text));
        ops_page_print(page, "\"\"");
        text = quote + 1;
    }
    ops_page_bytes(page, text, (size_t)(end - text));
}

static void print_quoted(struct ops_page *page, const char *text)
{
    print_bytes(page, text, strlen(text));
}

static void print_text(struct ops_page *page, const char *text)
{
    ops_page_print(page, ",\"%s", text[0] != '\0' && strchr("=+-@", text[0]) != NULL ? "'" : "");
    print_quoted(page, text);
    ops_page_print(page, "\"");
}

/** Several lines as one, apart by blanks; none is taken for a formula, as the first is a word. */
static void print_lines(struct ops_page *page, const char *text)
{
    ops_page_print(page, ",\"");
    for (const char *line = text; line[0] != '\0';) {
        ops_page_print(page, "%s", line == text ? "" : " ");
        line += strspn(line, " ");
        const size_t len = strcspn(line, "\n");
        print_bytes(page, line, len);
        line += len + (line[len] == '\n');
    }
    ops_page_print(page, "\"");
}

static void print_number(struct ops_page *page, double value)
{
    ops_page_print(page, ",");
    if (isfinite(value)) {
        ops_page_number(page, value, 6);
    }
}

/** Path, status and risk, with which every row begins. */
static void begin_row(struct ops_page *page, const opsig_scanned *scanned)
{
    const char *const path = scanned->path;
    ops_page_print(page, "\"%s", path[0] != '\0' && strchr("=+-@", path[0]) != NULL ? "'" : "");
    print_quoted(page, path);
    ops_page_print(page, "\",%s", scanned->error != NULL ? "error" : "ok");
    print_number(page, scanned->error != NULL ? NAN : opsig_scan_result_risk(scanned->result));
}

/** The first match, separated by blanks. */
static void print_nodes(struct ops_page *page, const opsig_scanned *scanned,
                        const opsig_finding *finding)
{
    size_t n = 0;
    const uint32_t *const match =
        finding->n_matches > 0 ? opsig_finding_match(finding, 0, &n) : NULL;
    ops_page_print(page, ",\"");
    for (size_t i = 0; i < n; i++) {
        const char *const label = opsig_graph_node_label(scanned->graph, match[i]);
        const bool formula = i == 0 && label[0] != '\0' && strchr("=+-@", label[0]) != NULL;
        ops_page_print(page, "%s%s", i == 0 ? "" : " ", formula ? "'" : "");
        print_quoted(page, label);
    }
    ops_page_print(page, "\"");
}

/** "sequence", "subgraph" or "rule". */
static const char *kind_of(const opsig_finding *finding)
{
    if (finding->rule != NULL) {
        return "rule";
    }
    const opsig_pattern *const pattern = opsig_signature_pattern(finding->signature);
    return opsig_pattern_kind_of(pattern) == OPSIG_PATTERN_SEQUENCE ? "sequence" : "subgraph";
}

/** Fields that a signature alone has. */
static void print_statistics(struct ops_page *page, const opsig_signature *signature)
{
    if (signature == NULL) {
        ops_page_print(page, ",,,,,,,,");
        return;
    }
    const opsig_statistics *const s = opsig_signature_statistics(signature);
    print_number(page, s->p);
    print_number(page, s->p_adjusted);
    print_number(page, s->odds_ratio.value);
    print_number(page, s->likelihood_ratio.value);
    ops_page_print(page, ",%u,%u,%u,%u", s->with_inconsistent, s->n_inconsistent,
                   s->with_consistent, s->n_consistent);
}

/** Fields that a rule alone has. */
static void print_rule(struct ops_page *page, const opsig_finding *finding)
{
    if (finding->rule == NULL) {
        ops_page_print(page, ",,,");
        return;
    }
    print_text(page, opsig_rule_title(finding->rule));
    ops_page_print(page, ",%s,%s",
                   opsig_rule_confidence_name(opsig_rule_confidence_of(finding->rule)),
                   finding->is_possible ? "true" : "false");
}

static void print_finding(struct ops_page *page, const opsig_scanned *scanned,
                          const opsig_finding *finding)
{
    begin_row(page, scanned);
    ops_page_print(page, ",%s,%s", opsig_finding_id(finding), kind_of(finding));
    if (finding->rule != NULL) {
        print_lines(page, opsig_rule_pattern(finding->rule));
    } else {
        print_text(page, opsig_finding_title(finding));
    }
    ops_page_print(page, ",%s", opsig_severity_name(opsig_finding_severity(finding)));
    print_statistics(page, finding->signature);
    ops_page_print(page, ",%llu,%s", (unsigned long long)finding->occurrences,
                   opsig_finding_state_name(finding->state));
    print_rule(page, finding);
    print_nodes(page, scanned, finding);
    ops_page_print(page, ",\r\n");
}

opsig_status ops_csv_scan_begin(opsig_scan_report *report, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_page_print(&page, "%s\r\n", header);
    return ops_page_finish(&page, err);
}

opsig_status ops_csv_scan_model(const opsig_scan_report *report, const opsig_scanned *scanned,
                                opsig_error *err)
{
    struct ops_page page;
    const size_t n =
        scanned->error != NULL ? 0 : opsig_scan_result_n_findings(scanned->result);
    ops_page_start(&page, report->stream, &report->style);
    for (size_t i = 0; i < n; i++) {
        print_finding(&page, scanned, opsig_scan_result_finding(scanned->result, i));
    }
    if (n == 0) {
        begin_row(&page, scanned);
        ops_page_print(&page, ",,,,,,,,,,,,,,,,,,");
        print_text(&page, scanned->error != NULL ? scanned->error->message : "");
        ops_page_print(&page, "\r\n");
    }
    return ops_page_finish(&page, err);
}
