/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as a web page: a table of the models, then a section for each, then one for each
 * signature and rule that was found, with its evidence, to which findings link. The table comes
 * first but is known last, so rows and sections are kept until the end. Pictures are drawn of the
 * findings that say most, which keeps pages of a thousand models usable. */
#include <math.h>

#include "report/format.h"
#include "report/html.h"
#include "report/kept.h"
#include "report/picture.h"
#include "report/text.h"

/* table.js, ending with a zero. */
static const char script[] = {
#include "table.inc"
};

/* Of a model; --verbose shows all findings and draws more. */
enum {
    FINDINGS_SHOWN = 20,
    DRAWN = 3,
    MATCHES_SHOWN = 5,
    EVIDENCE_SHOWN = 10,
    HOPS = 2,
    MOST_DRAWN_NODES = 40
};

/* ---- one finding ---- */

static void print_nodes(struct ops_page *page, const opsig_graph *graph, const uint32_t *vertices,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ops_page_print(page, i == 0 ? "" : ", ");
        ops_page_tag(page, "<code>");
        ops_page_name(page, opsig_graph_node_label(graph, vertices[i]));
        ops_page_tag(page, "</code>");
    }
}

static void print_matches(struct ops_page *page, const opsig_graph *graph,
                          const opsig_finding *finding)
{
    const size_t most = page->verbose ? finding->n_matches : MATCHES_SHOWN;
    size_t shown = 0;
    ops_page_tag(page, "<p>");
    ops_page_print(page, "Found in %s", finding->incomplete ? "at least " : "");
    ops_page_count(page, finding->occurrences, "place");
    ops_page_tag(page, ":</p><ol>");
    for (; shown < finding->n_matches && shown < most; shown++) {
        ops_page_tag(page, "<li>");
        size_t n;
        const uint32_t *const match = opsig_finding_match(finding, shown, &n);
        print_nodes(page, graph, match, n);
        ops_page_tag(page, "</li>");
    }
    ops_page_tag(page, "</ol>\n");
    if (shown < finding->occurrences) {
        ops_page_tag(page, "<p class=\"faint\">");
        ops_page_print(page, "and in %llu more",
                       (unsigned long long)(finding->occurrences - shown));
        ops_page_tag(page, "</p>\n");
    }
}

/** "31 of 210 inconsistent models hold it, 4 of 900 consistent ones; odds 14 to 1" */
static void print_evidence(struct ops_page *page, const opsig_statistics *s)
{
    ops_page_tag(page, "<p>");
    ops_text_support(page, s);
    ops_page_print(page, ": ");
    ops_page_factor(page, s->likelihood_ratio.value);
    ops_page_print(page, " times as often ");
    ops_page_bounds(page, s->likelihood_ratio);
    ops_page_print(page, "; odds ");
    ops_page_factor(page, s->odds_ratio.value);
    ops_page_print(page, " to 1.");
    ops_page_tag(page, "</p>\n");
}

/** The first match with what is around it. */
static opsig_status draw_match(struct ops_page *page, const opsig_scanned *scanned,
                               const opsig_finding *finding, const char *id, opsig_error *err)
{
    size_t width;
    const uint32_t *const match = opsig_finding_match(finding, 0, &width);
    struct ops_neighbourhood part;
    const struct ops_picture picture = {
        .graph = scanned->graph,
        .id = id,
        .title = opsig_finding_title(finding),
        .description = "The first place with what is two steps around it. Matched nodes have a "
                       "thick border, nodes with further neighbours a dashed one.",
    };
    opsig_status status =
        ops_neighbourhood_find(&part, scanned->graph, match, width, HOPS, MOST_DRAWN_NODES, err);
    if (status == OPSIG_OK) {
        ops_page_tag(page, "<div class=\"scroll\">");
        status = ops_picture_draw(page, &picture, &part, err);
        ops_page_tag(page, "</div>\n");
    }
    ops_neighbourhood_dispose(&part);
    return status;
}

/** Links, whose addresses begin with http. */
static void print_refs(struct ops_page *page, const opsig_rule *rule)
{
    ops_page_tag(page, "<ul>");
    for (size_t i = 0; i < opsig_rule_n_refs(rule); i++) {
        ops_page_tag(page, "<li><a rel=\"noreferrer\" href=\"");
        ops_page_name(page, opsig_rule_ref(rule, i));
        ops_page_tag(page, "\">");
        ops_page_name(page, opsig_rule_ref(rule, i));
        ops_page_tag(page, "</a></li>");
    }
    ops_page_tag(page, "</ul>\n");
}

static void print_title(struct ops_page *page, const opsig_finding *finding)
{
    const char *const severity = opsig_severity_name(opsig_finding_severity(finding));
    ops_page_tag(page, "<div class=\"finding ");
    ops_page_print(page, "%s", severity);
    ops_page_tag(page, "\"><h3>");
    ops_page_name(page, opsig_finding_title(finding));
    ops_page_tag(page, "</h3><p><span class=\"severity ");
    ops_page_print(page, "%s", severity);
    ops_page_tag(page, "\">");
    ops_page_print(page, "%s", severity);
    ops_page_tag(page, "</span> <a href=\"#f-");
    ops_page_name(page, opsig_finding_id(finding));
    ops_page_tag(page, "\">");
    ops_page_name(page, opsig_finding_id(finding));
    ops_page_tag(page, "</a>");
    if (finding->state != OPSIG_FINDING_NEW) {
        ops_page_print(page, " %s: it does not count", opsig_finding_state_name(finding->state));
    }
    ops_page_tag(page, "</p>\n");
}

/** What a rule says of what to do, and where its evidence is. */
static void print_advice(struct ops_page *page, const opsig_finding *finding)
{
    ops_page_tag(page, "<p>");
    ops_text_evidence(page, finding);
    ops_page_print(page, ". ");
    ops_page_name(page, opsig_rule_fix(finding->rule));
    ops_page_tag(page, "</p>\n");
    print_refs(page, finding->rule);
}

static opsig_status write_finding(struct ops_page *page, const opsig_scanned *scanned, size_t i,
                                  const char *picture_id, opsig_error *err)
{
    const opsig_finding *const finding = opsig_scan_result_finding(scanned->result, i);
    const size_t folded = ops_finding_n_folded(scanned->result, i);
    opsig_status status = OPSIG_OK;
    print_title(page, finding);
    if (finding->rule != NULL) {
        print_advice(page, finding);
    } else {
        print_evidence(page, opsig_signature_statistics(finding->signature));
    }
    ops_page_tag(page, "<p>");
    if (finding->rule == NULL) {
        ops_page_print(page, "It ");
        ops_text_odds(page, finding->risk_contribution);
        ops_page_print(page, ". ");
    }
    if (folded > 0) {
        ops_page_count(page, folded, "weaker finding");
        ops_page_print(page, " inside it.");
    }
    ops_page_tag(page, "</p>\n");
    print_matches(page, scanned->graph, finding);
    if (picture_id != NULL && finding->n_matches > 0) {
        status = draw_match(page, scanned, finding, picture_id, err);
    }
    ops_page_tag(page, "</div>\n");
    return status;
}

/* ---- one model ---- */

static opsig_status write_findings(struct ops_page *page, const opsig_scan_report *report,
                                   const opsig_scanned *scanned, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    size_t shown = 0;
    const size_t n = opsig_scan_result_n_findings(scanned->result);
    for (size_t i = 0; i < n && (page->verbose || shown < FINDINGS_SHOWN); i++) {
        char id[48];
        if (ops_finding_is_folded(scanned->result, i) && !page->verbose) {
            continue;
        }
        (void)snprintf(id, sizeof id, "p%zu-%zu", report->totals.models, i);
        TRY(ops_subjects_note(&report->state->found, opsig_scan_result_finding(scanned->result, i),
                              NULL, err));
        TRY(write_finding(page, scanned, i, shown < DRAWN || page->verbose ? id : NULL, err));
        shown++;
    }
    if (shown < n) {
        ops_page_tag(page, "<p class=\"faint\">");
        ops_page_count(page, n - shown, "weaker finding");
        ops_page_print(page, " not shown (--verbose shows all)");
        ops_page_tag(page, "</p>\n");
    }
done:
    return status;
}

static void print_summary(struct ops_page *page, const opsig_scan_report *report,
                          const opsig_scanned *scanned)
{
    ops_page_tag(page, "<details><summary>");
    ops_page_name(page, scanned->path);
    if (scanned->error != NULL) {
        ops_page_tag(page, " <span class=\"error\">could not be read</span>");
    } else {
        const double risk = opsig_scan_result_risk(scanned->result);
        ops_page_print(page, ": ");
        ops_page_count(page, opsig_scan_result_n_findings(scanned->result), "finding");
        if (!isnan(risk)) {
            ops_page_print(page, ", risk ");
            ops_page_percent(page, risk);
        }
    }
    ops_page_tag(page, "</summary><div id=\"m");
    ops_page_print(page, "%zu", report->totals.models);
    ops_page_tag(page, "\">\n");
}

static void print_facts(struct ops_page *page, const opsig_scanned *scanned)
{
    ops_page_tag(page, "<p class=\"faint\">");
    ops_page_count(page, opsig_graph_n_vertices(scanned->graph), "node");
    ops_page_print(page, ", ");
    ops_page_count(page, opsig_graph_n_edges(scanned->graph), "edge");
    if (scanned->sha256[0] != '\0') {
        ops_page_print(page, ", SHA-256 %s", scanned->sha256);
    }
    ops_page_tag(page, "</p>\n");
    if (opsig_scan_result_n_unsearched(scanned->result) > 0) {
        ops_page_tag(page, "<p>");
        ops_page_print(page, "Note: ");
        ops_text_unsearched(page, scanned->result);
        ops_page_tag(page, "</p>\n");
    }
    for (uint32_t i = 0; i < opsig_graph_n_notes(scanned->graph); i++) {
        ops_page_tag(page, "<p>");
        ops_page_print(page, "Note: ");
        ops_page_name(page, opsig_graph_note(scanned->graph, i));
        ops_page_tag(page, "</p>\n");
    }
}

static opsig_status write_section(struct ops_page *page, const opsig_scan_report *report,
                                  const opsig_scanned *scanned, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    print_summary(page, report, scanned);
    if (scanned->error != NULL) {
        ops_page_tag(page, "<p class=\"error\">");
        ops_text_error(page, scanned->error);
        ops_page_tag(page, "</p>\n");
    } else {
        print_facts(page, scanned);
        status = write_findings(page, report, scanned, err);
    }
    ops_page_tag(page, "</div></details>\n");
    return status;
}

/** Findings of each severity. @return the rank of the highest: 0 none, 1 low ... 3 high */
static unsigned count_by_severity(const opsig_scanned *scanned, size_t *by_severity)
{
    unsigned highest = 0;
    const size_t n =
        scanned->result == NULL ? 0 : opsig_scan_result_n_findings(scanned->result);
    for (size_t i = 0; i < n; i++) {
        const opsig_severity severity =
            opsig_finding_severity(opsig_scan_result_finding(scanned->result, i));
        by_severity[severity]++;
        highest = (unsigned)severity + 1 > highest ? (unsigned)severity + 1 : highest;
    }
    return highest;
}

static void print_risk_cell(struct ops_page *page, const opsig_scanned *scanned)
{
    const double risk = scanned->result == NULL ? NAN : opsig_scan_result_risk(scanned->result);
    ops_page_tag(page, "<td class=\"n\" data-v=\"");
    ops_page_number(page, isnan(risk) ? -1 : risk, 6);
    ops_page_tag(page, "\">");
    if (scanned->error != NULL) {
        ops_page_tag(page, "<span class=\"error\">not read</span>");
    } else if (!isnan(risk)) {
        ops_page_percent(page, risk);
    }
    ops_page_tag(page, "</td>");
}

static void print_row(struct ops_page *page, const opsig_scan_report *report,
                      const opsig_scanned *scanned)
{
    size_t by_severity[OPS_N_SEVERITIES] = {0};
    const unsigned highest = count_by_severity(scanned, by_severity);
    ops_page_tag(page, "<tr data-s=\"");
    ops_page_print(page, "%u", scanned->error != NULL ? (unsigned)OPS_N_SEVERITIES + 1 : highest);
    ops_page_tag(page, "\"><td><a href=\"#m");
    ops_page_print(page, "%zu", report->totals.models);
    ops_page_tag(page, "\">");
    ops_page_name(page, scanned->path);
    ops_page_tag(page, "</a></td>");
    print_risk_cell(page, scanned);
    for (size_t severity = OPS_N_SEVERITIES; severity-- > 0;) {
        ops_html_count_cell(page, by_severity[severity]);
    }
    ops_html_count_cell(page,
                        scanned->graph == NULL ? 0 : opsig_graph_n_vertices(scanned->graph));
    ops_page_tag(page, "</tr>\n");
}

opsig_status ops_html_scan_model(const opsig_scan_report *report, const opsig_scanned *scanned,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_page rows;
    struct ops_page sections;
    ops_page_start_buffer(&rows, &report->state->rows, &report->style);
    ops_page_start_buffer(&sections, &report->state->sections, &report->style);
    print_row(&rows, report, scanned);
    TRY(write_section(&sections, report, scanned, err));
    TRY(ops_page_finish(&rows, err));
    TRY(ops_page_finish(&sections, err));
done:
    return status;
}

/* ---- signatures ---- */

static void print_models(struct ops_page *page, const opsig_signature *signature,
                         int inconsistent)
{
    size_t shown = 0;
    ops_page_tag(page, "<ul>");
    for (size_t i = 0; i < opsig_signature_n_evidence(signature); i++) {
        const opsig_evidence evidence = opsig_signature_evidence(signature, i);
        if (evidence.inconsistent == inconsistent && shown < EVIDENCE_SHOWN) {
            ops_page_tag(page, "<li>");
            ops_page_name(page, evidence.model);
            ops_page_tag(page, "</li>");
            shown++;
        }
    }
    ops_page_tag(page, "</ul>\n");
}

static void interval_row(struct ops_page *page, const char *what, opsig_interval interval)
{
    ops_html_row_begin(page, what);
    ops_html_interval_cell(page, interval.value, interval.low, interval.high);
    ops_html_row_end(page);
}

static void number_row(struct ops_page *page, const char *what, double value)
{
    ops_html_row_begin(page, what);
    ops_html_number_cell(page, value);
    ops_html_row_end(page);
}

static void print_statistics(struct ops_page *page, const opsig_statistics *s)
{
    static const char *const headings[] = {"", "value [95 % interval]", NULL};
    ops_html_table_begin(page, headings);
    interval_row(page, "likelihood ratio", s->likelihood_ratio);
    interval_row(page, "odds ratio", s->odds_ratio);
    interval_row(page, "share of inconsistent models among those that hold it", s->confidence);
    number_row(page, "p", s->p);
    number_row(page, "p, corrected for all that was tested", s->p_adjusted);
    number_row(page, "p against models that hold the same operators", s->p_order);
    ops_html_table_end(page);
}

static void print_signature(struct ops_page *page, const opsig_signature *signature)
{
    print_evidence(page, opsig_signature_statistics(signature));
    print_statistics(page, opsig_signature_statistics(signature));
    ops_page_tag(page, "<p>Inconsistent models that hold it, some of them:</p>");
    print_models(page, signature, 1);
    ops_page_tag(page, "<p>Consistent ones:</p>");
    print_models(page, signature, 0);
}

/** The evidence page of a rule. */
static void print_rule(struct ops_page *page, const opsig_rule *rule)
{
    ops_page_tag(page, "<pre>");
    ops_text_rule_page(page, rule);
    ops_page_tag(page, "</pre>\n");
    print_refs(page, rule);
}

/** A section for a signature or rule, to which findings link. */
static void print_subject(struct ops_page *page, const opsig_scan_report *report,
                          const opsig_finding *subject)
{
    ops_page_tag(page, "<details><summary><code>");
    ops_page_name(page, opsig_finding_title(subject));
    ops_page_tag(page, "</code> ");
    ops_page_name(page, opsig_finding_id(subject));
    ops_page_tag(page, "</summary><div id=\"f-"); /* an id of a rule may be any word */
    ops_page_name(page, opsig_finding_id(subject));
    ops_page_tag(page, "\">\n");
    if (subject->rule != NULL) {
        print_rule(page, subject->rule);
    } else {
        print_signature(page, subject->signature);
    }
    ops_page_tag(page, "<p class=\"faint\">All of it: <code>");
    ops_page_print(page, "opsig %s ", ops_scan_report_command(report, subject));
    ops_page_name(page, ops_scan_report_source(report, subject));
    ops_page_print(page, " %s", opsig_finding_id(subject));
    ops_page_tag(page, "</code></p></div></details>\n");
}

/* ---- the page ---- */

static void print_totals(struct ops_page *page, const opsig_scan_report *report)
{
    const struct ops_totals *const totals = &report->totals;
    ops_page_tag(page, "<p>");
    ops_page_count(page, totals->models, "model");
    ops_page_print(page, ": %zu with findings (", totals->with_findings);
    ops_text_severities(page, totals->by_severity);
    ops_page_print(page, "), %zu without, ",
                   totals->models - totals->errors - totals->with_findings);
    if (totals->errors > 0) {
        ops_page_tag(page, "<span class=\"error\">");
        ops_page_print(page, "%zu could not be read, which does not mean that they are clean",
                       totals->errors);
        ops_page_tag(page, "</span>");
    } else {
        ops_page_print(page, "none that could not be read");
    }
    ops_page_tag(page, ".</p>\n");
}

static void print_databases(struct ops_page *page, const opsig_scan_report *report)
{
    for (size_t i = 0; i < report->n_databases; i++) {
        const char *const oracle =
            opsig_database_provenance(report->databases[i], "oracle");
        ops_page_tag(page, "<p>");
        ops_page_print(page, "Signatures: ");
        ops_page_tag(page, "<code>");
        ops_page_name(page, report->db_paths[i]);
        ops_page_tag(page, "</code>");
        ops_page_print(page, ", %zu of them",
                       opsig_database_n_signatures(report->databases[i]));
        if (oracle != NULL && oracle[0] != '\0') {
            ops_page_print(page, ", mined under the oracle ");
            ops_page_name(page, oracle);
        }
        ops_page_print(page, ". Risk is the estimated probability that a model is inconsistent "
                             "under it.");
        ops_page_tag(page, "</p>\n");
    }
}

static void print_table(struct ops_page *page, const struct ops_buffer *rows)
{
    ops_page_tag(page,
                 "<h2>Models</h2>\n<p id=\"filter\" hidden><label>Path holds "
                 "<input type=\"search\"></label> <label>at least <select>"
                 "<option value=\"0\">any finding or none<option value=\"1\">low"
                 "<option value=\"2\">medium<option value=\"3\">high"
                 "<option value=\"4\">not read</select></label></p>\n"
                 "<div class=\"scroll\"><table id=\"models\"><thead><tr>"
                 "<th scope=\"col\">Model</th>"
                 "<th scope=\"col\" class=\"n\">Risk</th><th scope=\"col\" class=\"n\">High</th>"
                 "<th scope=\"col\" class=\"n\">Medium</th><th scope=\"col\" class=\"n\">Low</th>"
                 "<th scope=\"col\" class=\"n\">Nodes</th></tr></thead><tbody>\n");
    ops_page_markup(page, ops_buffer_text(rows), rows->len);
    ops_page_tag(page, "</tbody></table></div>\n<h2>Findings</h2>\n");
}

opsig_status ops_html_scan_end(opsig_scan_report *report, opsig_error *err)
{
    const struct ops_scan_state *const state = report->state;
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_html_begin(&page, "opsig scan", script);
    print_totals(&page, report);
    print_databases(&page, report);
    print_table(&page, &state->rows);
    ops_page_markup(&page, ops_buffer_text(&state->sections), state->sections.len);
    if (state->found.len > 0) {
        ops_html_heading(&page, "Signatures and rules");
    }
    for (size_t i = 0; i < state->found.len; i++) {
        print_subject(&page, report, &state->found.items[i]);
    }
    ops_html_end(&page, script);
    return ops_page_finish(&page, err);
}
