/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig inspect` as a web page: the facts of each model, its operators, its most frequent
 * sequences, and a drawing of its graph where it is not too large for one. */
#include <stdio.h>

#include "report/format.h"
#include "report/html.h"
#include "report/picture.h"
#include "report/text.h"

/* Most nodes of a graph that is drawn where several models share a page, and where one has it. */
enum { DRAWN_AMONG_MANY = 300, DRAWN_ALONE = OPS_PICTURE_MOST_NODES };

opsig_status ops_html_inspect_begin(const opsig_inspect_report *report, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_html_begin(&page, "opsig inspect", ops_html_script);
    return ops_page_finish(&page, err);
}

opsig_status ops_html_inspect_end(const opsig_inspect_report *report, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_html_end(&page, ops_html_script);
    return ops_page_finish(&page, err);
}

static void print_entries(struct ops_page *page, const struct ops_summary *summary,
                          const ops_tally_entries *entries, const char *what)
{
    const char *const headings[] = {what, "times", NULL};
    ops_html_table_begin(page, headings);
    for (size_t i = 0; i < entries->len; i++) {
        struct ops_buffer text;
        ops_buffer_init(&text, OPS_SUMMARY_TEXT_MAX);
        ops_summary_write(&text, summary, &entries->items[i]);
        page->status = text.status == OPSIG_NOMEM ? OPSIG_NOMEM : page->status;
        ops_html_row_begin(page, ops_buffer_text(&text));
        ops_html_count_cell(page, (size_t)entries->items[i].count);
        ops_html_row_end(page);
        ops_buffer_dispose(&text);
    }
    ops_html_table_end(page);
}

static void print_facts(struct ops_page *page, const opsig_scanned *scanned,
                        const struct ops_summary *summary)
{
    ops_page_tag(page, "<p class=\"lines\">");
    ops_text_file(page, scanned);
    ops_text_shape(page, scanned->graph, summary);
    ops_page_tag(page, "</p>\n");
    for (uint32_t i = 0; i < opsig_graph_n_notes(scanned->graph); i++) {
        ops_page_tag(page, "<p>");
        ops_page_print(page, "Note: ");
        ops_page_name(page, opsig_graph_note(scanned->graph, i));
        ops_page_tag(page, "</p>\n");
    }
}

/** The graph, or why there is no drawing of it. */
static opsig_status draw(struct ops_page *page, const opsig_inspect_report *report,
                         const opsig_graph *graph, opsig_error *err)
{
    char id[32];
    opsig_error reason = {.offset = -1};
    const struct ops_picture picture = {
        .graph = graph, .id = id, .title = "operator graph", .description = ops_picture_legend};
    const uint32_t most = report->many ? DRAWN_AMONG_MANY : DRAWN_ALONE;
    opsig_status status = OPSIG_LIMIT;
    (void)snprintf(id, sizeof id, "g%zu", report->n_models);
    ops_page_tag(page, "<div class=\"scroll overview\">");
    if (opsig_graph_n_vertices(graph) <= most) {
        status = ops_picture_draw_all(page, &picture, &reason);
    }
    if (status == OPSIG_LIMIT) {
        ops_page_tag(page, "<p class=\"faint\">");
        ops_page_print(page, "The graph is too large to be drawn here.");
        ops_page_tag(page, "</p>");
        status = OPSIG_OK;
    }
    ops_page_tag(page, "</div>\n");
    return status == OPSIG_OK ? OPSIG_OK : ops_error_nomem(err);
}

static opsig_status write_readable(struct ops_page *page, const opsig_inspect_report *report,
                                   const opsig_scanned *scanned, opsig_error *err)
{
    struct ops_summary summary = {0};
    opsig_status status = ops_summary_gather(&summary, scanned->graph, err);
    if (status == OPSIG_OK) {
        print_facts(page, scanned, &summary);
        print_entries(page, &summary, &summary.operators, "operator");
        if (summary.sequences.len > 0) {
            print_entries(page, &summary, &summary.sequences,
                          "most frequent sequences of two and three");
        }
        status = draw(page, report, scanned->graph, err);
    }
    ops_summary_dispose(&summary);
    return status;
}

opsig_status ops_html_inspect_model(const opsig_inspect_report *report,
                                    const opsig_scanned *scanned, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_page page;
    ops_page_start(&page, report->stream, &report->style);
    ops_page_tag(&page, "<h2>");
    ops_page_name(&page, scanned->path);
    ops_page_tag(&page, "</h2>\n");
    if (scanned->error == NULL) {
        TRY(write_readable(&page, report, scanned, err));
    } else {
        ops_page_tag(&page, "<p class=\"error\">");
        ops_page_print(&page, "could not be read: ");
        ops_text_error(&page, scanned->error);
        ops_page_tag(&page, "</p>\n");
    }
    status = ops_page_finish(&page, err);
done:
    return status;
}
