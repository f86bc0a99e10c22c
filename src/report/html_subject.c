/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a scan found and what a database holds look the same. */
#include "report/html_subject.h"

#include <string.h>

#include "report/html.h"
#include "report/picture.h"
#include "report/relatives.h"
#include "report/text.h"

/* Models of each label; --verbose shows all. */
enum { EVIDENCE_SHOWN = 10 };

void ops_html_severity(struct ops_page *page, opsig_severity severity)
{
    ops_page_tag(page, "<span class=\"severity ");
    ops_page_print(page, "%s", opsig_severity_name(severity));
    ops_page_tag(page, "\">");
    ops_page_print(page, "%s", opsig_severity_name(severity));
    ops_page_tag(page, "</span>");
}

void ops_html_strength(struct ops_page *page, const opsig_statistics *s)
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

/** "model: node, node"; the database joins the nodes by newlines. */
static void print_model(struct ops_page *page, const opsig_evidence *evidence)
{
    ops_page_tag(page, "<li>");
    ops_page_name(page, evidence->model);
    const char *nodes = evidence->nodes;
    for (bool first = true; nodes[0] != '\0'; first = false) {
        const size_t length = strcspn(nodes, "\n");
        ops_page_print(page, "%s", first ? ": " : ", ");
        ops_page_tag(page, "<code>");
        ops_page_bytes(page, nodes, length);
        ops_page_tag(page, "</code>");
        nodes += length + (nodes[length] == '\n');
    }
    ops_page_tag(page, "</li>\n");
}

/** Models of one label that hold a signature. */
static void print_models(struct ops_page *page, const opsig_signature *signature,
                         int inconsistent)
{
    size_t n = 0;
    ops_page_tag(page, "<p>");
    ops_page_print(page, "%s models that hold it:", inconsistent ? "Inconsistent" : "Consistent");
    ops_page_tag(page, "</p><ul>\n");
    for (size_t i = 0; i < opsig_signature_n_evidence(signature); i++) {
        const opsig_evidence evidence = opsig_signature_evidence(signature, i);
        if (evidence.inconsistent == inconsistent && (n++ < EVIDENCE_SHOWN || page->verbose)) {
            print_model(page, &evidence);
        }
    }
    ops_page_tag(page, "</ul>\n");
    if (n > EVIDENCE_SHOWN && !page->verbose) {
        ops_page_tag(page, "<p class=\"faint\">");
        ops_page_print(page, "and %zu more (--verbose shows all)", n - EVIDENCE_SHOWN);
        ops_page_tag(page, "</p>\n");
    }
}

static opsig_status draw(struct ops_page *page, const opsig_signature *signature, opsig_error *err)
{
    char id[40]; /* "p-" and the signature's */
    const opsig_pattern *const pattern = opsig_signature_pattern(signature);
    (void)snprintf(id, sizeof id, "p-%s", opsig_signature_id(signature));
    const struct ops_picture picture = {.id = id,
                                        .title = opsig_pattern_text(pattern),
                                        .description = "The pattern: data flows from top to "
                                                       "bottom."};
    ops_page_tag(page, "<div class=\"scroll\">");
    const opsig_status status = ops_picture_draw_pattern(page, &picture, pattern, err);
    ops_page_tag(page, "</div>\n");
    return status;
}

static void print_relatives(struct ops_page *page, const char *what, const ops_signature_vec *list)
{
    if (list->len == 0) {
        return;
    }
    ops_html_paragraph(page, what);
    ops_page_tag(page, "<ul>");
    for (size_t i = 0; i < list->len; i++) {
        ops_page_tag(page, "<li>");
        ops_page_print(page, "%s ", opsig_signature_id(list->items[i]));
        ops_page_tag(page, "<code>");
        ops_page_name(page, opsig_pattern_text(opsig_signature_pattern(list->items[i])));
        ops_page_tag(page, "</code></li>\n");
    }
    ops_page_tag(page, "</ul>\n");
}

opsig_status ops_html_signature_body(struct ops_page *page, const opsig_signature *signature,
                                     opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_relatives relatives = {0};
    TRY(ops_relatives_find(&relatives, signature, err));
    ops_html_strength(page, opsig_signature_statistics(signature));
    TRY(draw(page, signature, err));
    print_statistics(page, opsig_signature_statistics(signature));
    print_relatives(page, "Signatures within it:", &relatives.parts);
    print_relatives(page, "Signatures around it:", &relatives.wholes);
    print_models(page, signature, 1);
    print_models(page, signature, 0);
done:
    ops_relatives_dispose(&relatives);
    return status;
}

/** Links, whose addresses begin with http. */
void ops_html_refs(struct ops_page *page, const opsig_rule *rule)
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

void ops_html_rule_body(struct ops_page *page, const opsig_rule *rule)
{
    ops_page_tag(page, "<pre>");
    ops_text_rule_page(page, rule);
    ops_page_tag(page, "</pre>\n");
    ops_html_refs(page, rule);
}
