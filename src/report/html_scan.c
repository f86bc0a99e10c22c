/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig scan` as a web page: a table of the models, then a section for each, then one for each
 * signature and rule that was found, with its evidence, to which findings link. The table comes
 * first but is known last, so rows and sections are kept until the end. Pictures are drawn of the
 * findings that say most, which keeps pages of a thousand models usable. */
#include <math.h>

#include "pattern/signature.h"
#include "report/format.h"
#include "report/html.h"
#include "report/html_subject.h"
#include "report/kept.h"
#include "report/picture.h"
#include "report/text.h"

/* Of a model; --verbose shows all findings and draws more. */
enum {
    FINDINGS_SHOWN = 20,
    DRAWN = 3,
    MATCHES_SHOWN = 5,
    HOPS = 2,
    MOST_DRAWN_NODES = 40
};

/* Nodes in the overviews of all models together, which bounds the size of a page of many. */
enum { OVERVIEW_NODES = 5000 };

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

static void print_title(struct ops_page *page, const opsig_finding *finding)
{
    const opsig_severity severity = opsig_finding_severity(finding);
    ops_page_tag(page, "<div class=\"finding ");
    ops_page_print(page, "%s", opsig_severity_name(severity));
    ops_page_tag(page, "\"><h3>");
    ops_page_name(page, opsig_finding_title(finding));
    ops_page_tag(page, "</h3><p>");
    ops_html_severity(page, severity);
    ops_page_tag(page, " <a href=\"#f-");
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
    ops_html_refs(page, finding->rule);
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
        ops_html_strength(page, opsig_signature_statistics(finding->signature));
    }
    ops_page_tag(page, "<p>");
    if (finding->rule == NULL && fabs(finding->risk_contribution) > 0) {
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

/** Tells which vertices some finding matches. */
static void mark_matched(struct ops_neighbourhood *whole, const opsig_scan_result *result)
{
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        for (size_t m = 0; m < finding->n_matches; m++) {
            size_t n;
            const uint32_t *const match = opsig_finding_match(finding, m, &n);
            for (size_t k = 0; k < n; k++) {
                whole->vertices.items[match[k]].core = true; /* all vertices are there, in order */
            }
        }
    }
}

static opsig_status draw_overview(struct ops_page *page, const opsig_scan_report *report,
                                  const opsig_scanned *scanned, opsig_error *err)
{
    char id[32];
    struct ops_neighbourhood whole;
    (void)snprintf(id, sizeof id, "o%zu", report->totals.models);
    const struct ops_picture picture = {.graph = scanned->graph,
                                        .id = id,
                                        .title = "the whole model",
                                        .description = "Nodes that some finding matches have a "
                                                       "thick border."};
    ops_page_tag(page, "<details><summary>The whole model</summary>"
                       "<div class=\"scroll overview\">");
    opsig_status status = ops_neighbourhood_all(&whole, scanned->graph, err);
    if (status == OPSIG_OK) {
        mark_matched(&whole, scanned->result);
        status = ops_picture_draw(page, &picture, &whole, err);
    }
    ops_neighbourhood_dispose(&whole);
    ops_page_tag(page, "</div></details>\n");
    return status;
}

/** Draws all of a model in which something was found, unless the page has enough of that. */
static opsig_status write_overview(struct ops_page *page, const opsig_scan_report *report,
                                   const opsig_scanned *scanned, opsig_error *err)
{
    const size_t n = opsig_graph_n_vertices(scanned->graph);
    const size_t drawn = page->verbose ? 0 : report->state->n_drawn;
    if (opsig_scan_result_n_findings(scanned->result) == 0) {
        return OPSIG_OK;
    }
    if (drawn + n <= OVERVIEW_NODES) {
        report->state->n_drawn += n;
        return draw_overview(page, report, scanned, err);
    }
    ops_page_tag(page, "<p class=\"faint\">Drawn as a whole by: <code>opsig inspect ");
    ops_page_name(page, scanned->path);
    ops_page_tag(page, " -o model.html</code></p>\n");
    return OPSIG_OK;
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
        status = status == OPSIG_OK ? write_overview(page, report, scanned, err) : status;
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

/* ---- signatures and rules ---- */

/** A section for a signature or rule, to which findings link. */
static opsig_status write_subject(struct ops_page *page, const opsig_scan_report *report,
                                  const opsig_finding *subject, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_page_tag(page, "<details><summary><code>");
    ops_page_name(page, opsig_finding_title(subject));
    ops_page_tag(page, "</code> ");
    ops_page_name(page, opsig_finding_id(subject));
    ops_page_tag(page, "</summary><div id=\"f-"); /* an id of a rule may be any word */
    ops_page_name(page, opsig_finding_id(subject));
    ops_page_tag(page, "\">\n");
    if (subject->rule != NULL) {
        ops_html_rule_body(page, subject->rule);
    } else {
        status = ops_html_signature_body(page, subject->signature, err);
    }
    ops_page_tag(page, "<p class=\"faint\">All of it: <code>");
    ops_page_print(page, "opsig %s ", ops_scan_report_command(report, subject));
    ops_page_name(page, ops_scan_report_source(report, subject));
    ops_page_print(page, " %s", opsig_finding_id(subject));
    ops_page_tag(page, "</code></p></div></details>\n");
    return status;
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
        ops_page_print(page, report->databases[i]->risk.present
                                 ? ". Risk is the estimated probability that a model is "
                                   "inconsistent under it."
                                 : ".");
        ops_page_tag(page, "</p>\n");
    }
}

static void print_table(struct ops_page *page, const struct ops_buffer *rows)
{
    static const char *const headings[] = {"Model", "Risk", "High", "Medium", "Low", "Nodes", NULL};
    ops_html_heading(page, "Models");
    ops_html_index_begin(page, headings, "not read");
    ops_page_markup(page, ops_buffer_text(rows), rows->len);
    ops_html_table_end(page);
    ops_html_heading(page, "Findings");
}

opsig_status ops_html_scan_end(opsig_scan_report *report, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_scan_state *const state = report->state;
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_html_begin(&page, "opsig scan", ops_html_script);
    print_totals(&page, report);
    print_databases(&page, report);
    print_table(&page, &state->rows);
    ops_page_markup(&page, ops_buffer_text(&state->sections), state->sections.len);
    if (state->found.len > 0) {
        ops_html_heading(&page, "Signatures and rules");
    }
    for (size_t i = 0; i < state->found.len; i++) {
        TRY(write_subject(&page, report, &state->found.items[i], err));
    }
    ops_html_end(&page, ops_html_script);
    status = ops_page_finish(&page, err);
done:
    return status;
}
