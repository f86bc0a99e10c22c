/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig db list` and `db show` as web pages: an index of signatures and rules, and a section for
 * each with its evidence. */
#include "report/format.h"
#include "report/html.h"
#include "report/html_subject.h"
#include "report/text.h"

/** A signature or a rule. */
struct subject {
    const opsig_signature *signature; /* NULL: a rule */
    const opsig_rule *rule;
};

static const char *id_of(const struct subject *subject)
{
    return subject->signature != NULL ? opsig_signature_id(subject->signature)
                                      : opsig_rule_id(subject->rule);
}

static const char *title_of(const struct subject *subject)
{
    return subject->signature != NULL
               ? opsig_pattern_text(opsig_signature_pattern(subject->signature))
               : opsig_rule_title(subject->rule);
}

static opsig_severity severity_of(const struct subject *subject)
{
    return subject->signature != NULL
               ? opsig_signature_statistics(subject->signature)->severity
               : opsig_rule_severity(subject->rule);
}

/** "11 of 18", sorted by the share. */
static void print_share_cell(struct ops_page *page, uint32_t holders, uint32_t all)
{
    ops_page_tag(page, "<td class=\"n\" data-v=\"");
    ops_page_number(page, all > 0 ? (double)holders / all : 0, 6);
    ops_page_tag(page, "\">");
    ops_page_print(page, "%u of %u", holders, all);
    ops_page_tag(page, "</td>");
}

static void print_nothing_cells(struct ops_page *page, int n)
{
    for (int i = 0; i < n; i++) {
        ops_page_tag(page, "<td class=\"n\" data-v=\"-1\">\xe2\x80\x93</td>");
    }
}

static void print_row(struct ops_page *page, const struct subject *subject)
{
    const opsig_severity severity = severity_of(subject);
    ops_page_tag(page, "<tr data-s=\"");
    ops_page_print(page, "%d", (int)severity + 1);
    ops_page_tag(page, "\"><td><a href=\"#f-");
    ops_page_name(page, id_of(subject));
    ops_page_tag(page, "\">");
    ops_page_name(page, title_of(subject));
    ops_page_tag(page, "</a></td><td class=\"n\" data-v=\"");
    ops_page_print(page, "%d", (int)severity);
    ops_page_tag(page, "\">");
    ops_html_severity(page, severity);
    ops_page_tag(page, "</td>");
    if (subject->signature != NULL) {
        const opsig_statistics *const s = opsig_signature_statistics(subject->signature);
        print_share_cell(page, s->with_inconsistent, s->n_inconsistent);
        print_share_cell(page, s->with_consistent, s->n_consistent);
        ops_page_tag(page, "<td class=\"n\" data-v=\"");
        ops_page_number(page, s->likelihood_ratio.value, 6);
        ops_page_tag(page, "\">");
        ops_page_factor(page, s->likelihood_ratio.value);
        ops_page_tag(page, "</td>");
    } else {
        print_nothing_cells(page, 3);
    }
    ops_page_tag(page, "</tr>\n");
}

static opsig_status write_section(struct ops_page *page, const struct subject *subject,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_page_tag(page, "<details><summary>");
    ops_html_severity(page, severity_of(subject));
    ops_page_tag(page, " <code>");
    ops_page_name(page, title_of(subject));
    ops_page_tag(page, "</code> ");
    ops_page_name(page, id_of(subject));
    ops_page_tag(page, "</summary><div id=\"f-");
    ops_page_name(page, id_of(subject));
    ops_page_tag(page, "\">\n");
    if (subject->signature != NULL) {
        status = ops_html_signature_body(page, subject->signature, err);
    } else {
        ops_html_rule_body(page, subject->rule);
    }
    ops_page_tag(page, "</div></details>\n");
    return status;
}

/** Where the numbers come from. */
static void print_provenance(struct ops_page *page, const opsig_database *database)
{
    static const char *const headings[] = {"", "value", NULL};
    if (opsig_database_n_provenance(database) == 0) {
        return;
    }
    ops_page_tag(page, "<details><summary>Where it comes from</summary>");
    ops_html_table_begin(page, headings);
    for (size_t i = 0; i < opsig_database_n_provenance(database); i++) {
        ops_html_row_begin(page, opsig_database_provenance_key(database, i));
        ops_page_tag(page, "<td class=\"n\">");
        ops_page_name(page, opsig_database_provenance_value(database, i));
        ops_page_tag(page, "</td>");
        ops_html_row_end(page);
    }
    ops_html_table_end(page);
    ops_page_tag(page, "</details>\n");
}

static size_t n_rules(const opsig_database *database)
{
    const opsig_rules *const rules = opsig_database_rules(database);
    return rules == NULL ? 0 : opsig_rules_n(rules);
}

/** Signatures, strongest first, then rules. */
static struct subject subject_at(const opsig_database *database, size_t i)
{
    const size_t n = opsig_database_n_signatures(database);
    if (i < n) {
        return (struct subject){.signature = opsig_database_signature(database, i)};
    }
    return (struct subject){.rule = opsig_rules_at(opsig_database_rules(database), i - n)};
}

static void print_summary(struct ops_page *page, const struct ops_named_database *named)
{
    ops_page_tag(page, "<p><code>");
    ops_page_name(page, named->path);
    ops_page_tag(page, "</code>: ");
    ops_page_count(page, opsig_database_n_signatures(named->database), "signature");
    ops_page_print(page, ", ");
    ops_page_count(page, n_rules(named->database), "rule");
    const char *const oracle = opsig_database_provenance(named->database, "oracle");
    if (oracle != NULL && oracle[0] != '\0') {
        ops_page_print(page, "; mined under the oracle ");
        ops_page_name(page, oracle);
    }
    ops_page_tag(page, ".</p>\n");
}

opsig_status ops_html_db_list(FILE *stream, const opsig_report_style *style,
                              const struct ops_named_database *named, opsig_error *err)
{
    static const char *const headings[] = {"Pattern or title", "Severity", "Inconsistent",
                                           "Consistent", "Likelihood ratio", NULL};
    opsig_status status = OPSIG_OK;
    struct ops_page page;
    const size_t n = opsig_database_n_signatures(named->database) + n_rules(named->database);
    ops_page_start(&page, stream, style);
    ops_html_begin(&page, "opsig db list", ops_html_script);
    print_summary(&page, named);
    print_provenance(&page, named->database);
    ops_html_heading(&page, "Signatures and rules");
    ops_html_index_begin(&page, headings, NULL);
    for (size_t i = 0; i < n; i++) {
        const struct subject subject = subject_at(named->database, i);
        print_row(&page, &subject);
    }
    ops_html_table_end(&page);
    ops_html_heading(&page, "Evidence");
    for (size_t i = 0; i < n; i++) {
        const struct subject subject = subject_at(named->database, i);
        TRY(write_section(&page, &subject, err));
    }
    ops_html_end(&page, ops_html_script);
    status = ops_page_finish(&page, err);
done:
    return status;
}

opsig_status ops_html_db_show(FILE *stream, const opsig_report_style *style,
                              const opsig_signature *signature, opsig_error *err)
{
    const struct subject subject = {.signature = signature};
    const opsig_pattern *const context = opsig_signature_context(signature);
    const opsig_pattern *const pattern = opsig_signature_pattern(signature);
    opsig_status status = OPSIG_OK;
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_html_begin(&page, title_of(&subject), ops_html_script);
    ops_page_tag(&page, "<p>");
    ops_html_severity(&page, severity_of(&subject));
    ops_page_print(&page, " %s", id_of(&subject));
    ops_text_oracle(&page, signature);
    ops_page_tag(&page, "</p>\n");
    if (opsig_pattern_n_vertices(context) > opsig_pattern_n_vertices(pattern)) {
        ops_page_tag(&page, "<p>Largest pattern in the same models: <code>");
        ops_page_name(&page, opsig_pattern_text(context));
        ops_page_tag(&page, "</code></p>\n");
    }
    TRY(ops_html_signature_body(&page, signature, err));
    ops_html_end(&page, ops_html_script);
    status = ops_page_finish(&page, err);
done:
    return status;
}

opsig_status ops_html_rule(FILE *stream, const opsig_report_style *style, const opsig_rule *rule,
                           opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_html_begin(&page, opsig_rule_title(rule), NULL);
    ops_html_rule_body(&page, rule);
    ops_html_end(&page, NULL);
    return ops_page_finish(&page, err);
}
