/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` for people: each model with its risk, under it the findings that say most, each
 * with its counts, the nodes that it matched and what it does to the risk. Findings inside others
 * and weak ones are counted, and shown by --verbose. The end says what to do next. */
#include <math.h>

#include "report/format.h"
#include "report/text.h"

/* Shown unless --verbose asks for all. */
enum { FINDINGS_SHOWN = 5, MATCHES_SHOWN = 2 };

/** Log-odds below this do not show in two digits of a risk. */
static const double moves_risk = 0.01;

static const char indent[] = "         "; /* below the id */

static void print_match(struct ops_page *page, const opsig_graph *graph,
                        const uint32_t *vertices, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ops_page_print(page, i == 0 ? "" : ", ");
        ops_page_name(page, opsig_graph_node_label(graph, vertices[i]));
    }
}

static void print_matches(struct ops_page *page, const opsig_graph *graph,
                          const opsig_finding *finding)
{
    ops_page_print(page, "%sin %s", indent, finding->incomplete ? "at least " : "");
    ops_page_count(page, finding->occurrences, "place");
    ops_page_print(page, ": ");
    size_t shown = 0;
    for (; shown < finding->n_matches && (page->verbose || shown < MATCHES_SHOWN); shown++) {
        ops_page_print(page, shown == 0 ? "" : "; ");
        size_t n;
        const uint32_t *const match = opsig_finding_match(finding, shown, &n);
        print_match(page, graph, match, n);
    }
    const bool more = shown < finding->occurrences || finding->incomplete;
    ops_page_print(page, more ? "; ...\n" : "\n");
}

static void print_evidence(struct ops_page *page, const opsig_finding *finding)
{
    ops_page_print(page, "%s", indent);
    ops_text_evidence(page, finding);
    if (finding->rule == NULL) {
        const opsig_statistics *const statistics = opsig_signature_statistics(finding->signature);
        ops_page_print(page, ": ");
        ops_page_factor(page, statistics->likelihood_ratio.value);
        ops_page_print(page, " times as often ");
        ops_page_bounds(page, statistics->likelihood_ratio);
    }
    ops_page_print(page, "\n");
}

/** What a rule says of what to do, and where the evidence is. */
static void print_advice(struct ops_page *page, const opsig_rule *rule)
{
    if (opsig_rule_fix(rule)[0] != '\0') {
        ops_page_print(page, "%sfix: ", indent);
        ops_page_name(page, opsig_rule_fix(rule));
        ops_page_print(page, "\n");
    }
    for (size_t i = 0; i < opsig_rule_n_refs(rule) && (i == 0 || page->verbose); i++) {
        ops_page_print(page, "%ssee ", indent);
        ops_page_name(page, opsig_rule_ref(rule, i));
        ops_page_print(page, "\n");
    }
}

/** Why a finding does not count. */
static void print_state(struct ops_page *page, const opsig_finding *finding)
{
    if (finding->state == OPSIG_FINDING_KNOWN) {
        ops_page_print(page, "%sknown: the baseline covers it\n", indent);
    } else if (finding->state == OPSIG_FINDING_IGNORED) {
        ops_page_print(page, "%signored: ", indent);
        ops_page_name(page, finding->reason);
        ops_page_print(page, "\n");
    }
}

static void print_finding(struct ops_page *page, const opsig_scanned *scanned, size_t i)
{
    const opsig_finding *const finding = opsig_scan_result_finding(scanned->result, i);
    const size_t folded = ops_finding_n_folded(scanned->result, i);
    ops_page_print(page, "  ");
    ops_page_severity(page, opsig_finding_severity(finding));
    ops_page_print(page, " ");
    ops_page_name(page, opsig_finding_id(finding));
    ops_page_print(page, " ");
    ops_page_toned(page, OPS_TONE_HEADING, opsig_finding_title(finding));
    ops_page_print(page, "\n");
    print_state(page, finding);
    print_evidence(page, finding);
    print_matches(page, scanned->graph, finding);
    if (finding->rule != NULL) {
        print_advice(page, finding->rule);
    }
    if (fabs(finding->risk_contribution) >= moves_risk) {
        ops_page_print(page, "%s", indent);
        ops_text_odds(page, finding->risk_contribution);
        ops_page_print(page, "\n");
    }
    if (folded > 0 && !page->verbose) {
        ops_page_print(page, "%sand ", indent);
        ops_page_count(page, folded, "weaker finding");
        ops_page_print(page, " inside it\n");
    }
}

/** @return findings that were left out, beside those folded into others */
static size_t print_findings(struct ops_page *page, const opsig_scanned *scanned)
{
    size_t shown = 0;
    size_t left_out = 0;
    for (size_t i = 0; i < opsig_scan_result_n_findings(scanned->result); i++) {
        if (page->verbose) {
            print_finding(page, scanned, i);
        } else if (opsig_scan_result_finding(scanned->result, i)->state == OPSIG_FINDING_NEW &&
                   !ops_finding_is_folded(scanned->result, i)) {
            if (shown < FINDINGS_SHOWN) {
                print_finding(page, scanned, i);
                shown++;
            } else {
                left_out++;
            }
        }
    }
    return left_out;
}

/** Counts what does not count, where there is any. */
static void print_uncounted(struct ops_page *page, size_t known, size_t ignored)
{
    if (known > 0) {
        ops_page_print(page, ", %zu known", known);
    }
    if (ignored > 0) {
        ops_page_print(page, ", %zu ignored", ignored);
    }
}

static void print_headline(struct ops_page *page, const opsig_scanned *scanned)
{
    const double risk = opsig_scan_result_risk(scanned->result);
    const size_t n = ops_findings_in_state(scanned->result, OPSIG_FINDING_NEW);
    ops_page_print(page, ": ");
    if (n == 0) {
        ops_page_print(page, "no finding");
    } else {
        ops_page_count(page, n, "finding");
    }
    print_uncounted(page, ops_findings_in_state(scanned->result, OPSIG_FINDING_KNOWN),
                    ops_findings_in_state(scanned->result, OPSIG_FINDING_IGNORED));
    if (!isnan(risk)) {
        ops_page_print(page, ", risk ");
        ops_page_percent(page, risk);
    }
    ops_page_print(page, "\n");
}

/** What moves the risk beside the findings. */
static void print_terms(struct ops_page *page, const opsig_scan_result *result)
{
    for (size_t i = 0; i < opsig_scan_result_n_terms(result); i++) {
        const opsig_finding *const term = opsig_scan_result_term(result, i);
        ops_page_print(page, "  also   ");
        ops_page_name(page, opsig_pattern_text(opsig_signature_pattern(term->signature)));
        ops_page_print(page, ": ");
        ops_text_odds(page, term->risk_contribution);
        ops_page_print(page, "\n");
    }
}

/** A model that was not searched to the end is never to look clean. */
static void print_unsearched(struct ops_page *page, const opsig_scan_result *result)
{
    const size_t n = opsig_scan_result_n_unsearched(result);
    if (n > 0) {
        ops_page_print(page, "  note: ");
        ops_text_unsearched(page, result);
        ops_page_print(page, "\n");
    }
    for (size_t i = 0; page->verbose && i < n; i++) {
        const opsig_finding *const missing = opsig_scan_result_unsearched(result, i);
        ops_page_print(page, "        %s ", opsig_finding_id(missing));
        ops_page_name(page, opsig_finding_title(missing));
        ops_page_print(page, "\n");
    }
}

static void print_readable(struct ops_page *page, const opsig_scanned *scanned)
{
    print_headline(page, scanned);
    if (scanned->sha256[0] != '\0') {
        ops_page_print(page, "  SHA-256 %s\n", scanned->sha256);
    }
    const size_t left_out = print_findings(page, scanned);
    if (left_out > 0) {
        ops_page_print(page, "  and ");
        ops_page_count(page, left_out, "weaker finding");
        ops_page_print(page, " (--verbose shows all)\n");
    }
    print_unsearched(page, scanned->result);
    if (page->verbose) {
        print_terms(page, scanned->result);
        for (uint32_t i = 0; i < opsig_graph_n_notes(scanned->graph); i++) {
            ops_page_print(page, "  note: ");
            ops_page_name(page, opsig_graph_note(scanned->graph, i));
            ops_page_print(page, "\n");
        }
    }
}

opsig_status ops_text_scan_model(const opsig_scan_report *report, const opsig_scanned *scanned,
                                 opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_page_toned(&page, OPS_TONE_HEADING, scanned->path);
    if (scanned->error == NULL) {
        print_readable(&page, scanned);
    } else {
        ops_page_print(&page, ": ");
        ops_page_toned(&page, OPS_TONE_ALARM, "could not be read");
        ops_page_print(&page, ": ");
        ops_text_error(&page, scanned->error);
        ops_page_print(&page, "\n");
    }
    return ops_page_finish(&page, err);
}

static void print_next_step(struct ops_page *page, const opsig_scan_report *report)
{
    const opsig_finding *const strongest = &report->totals.strongest;
    if (strongest->signature != NULL || strongest->rule != NULL) {
        ops_page_print(page, "next: opsig %s ", ops_scan_report_command(report, strongest));
        ops_page_name(page, ops_scan_report_source(report, strongest));
        ops_page_print(page, " %s  (the evidence behind the strongest finding)\n",
                       opsig_finding_id(strongest));
    }
    if (report->totals.errors > 0) {
        ops_page_print(page, "next: a model that could not be read is not a clean one; opsig "
                             "inspect shows what is wrong with it\n");
    }
}

/** The evidence page of a signature or rule. */
static opsig_status explain(const opsig_scan_report *report, const opsig_finding *subject,
                            opsig_error *err)
{
    return subject->rule != NULL
               ? ops_text_rule(report->stream, &report->style, subject->rule, err)
               : ops_text_db_show(report->stream, &report->style, subject->signature, err);
}

opsig_status ops_text_scan_end(opsig_scan_report *report, opsig_error *err)
{
    const struct ops_totals *const totals = &report->totals;
    const size_t clean = totals->models - totals->errors - totals->with_findings;
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_page_print(&page, "%s", totals->models > 0 ? "\n" : "");
    ops_page_count(&page, totals->models, "model");
    ops_page_print(&page, ": %zu with findings (", totals->with_findings);
    ops_text_severities(&page, totals->by_severity);
    print_uncounted(&page, totals->known, totals->ignored);
    ops_page_print(&page, "), %zu without, %zu could not be read\n", clean, totals->errors);
    print_next_step(&page, report);
    opsig_status status = ops_page_finish(&page, err);
    for (size_t i = 0; i < report->explained.len && status == OPSIG_OK; i++) {
        ops_page_start(&page, report->stream, &report->style);
        ops_page_print(&page, "\n");
        status = ops_page_finish(&page, err);
        if (status == OPSIG_OK) {
            status = explain(report, &report->explained.items[i], err);
        }
    }
    return status;
}
