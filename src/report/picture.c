/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Graphs drawn. Matched nodes have a thick border and edges between them a thick line, so that they
 * stand out without colour; a dashed border says that the node has neighbours that are not drawn.
 * Nodes of nested graphs are round, and stand in a frame, in which others may stand, too.
 * All boxes of a picture are as wide as its longest label. */
#include "report/picture.h"

#include <math.h>
#include <string.h>

#include "base/intern.h"
#include "graph/layout.h"
#include "graph/plain.h"
#include "report/html.h"
#include "report/svg.h"

/* In pixels, but for the number of letters. */
enum {
    LETTER = 7,
    LETTERS_MAX = 20,
    LETTERS_MIN = 4,
    BOX = 26,
    ROW = 54, /* from layer to layer */
    GAP = 18, /* between columns */
    MARGIN = 8
};

const char ops_picture_legend[] =
    "A box for each node, from the inputs at the top to the outputs at the bottom; round ones, in "
    "a frame, belong to nested graphs.";

/** A picture being drawn. */
struct drawing {
    struct ops_page *page;
    const opsig_graph *graph;
    const struct ops_neighbourhood *part;
    const struct ops_layout *layout;
    double width; /* of a box */
    bool alone;   /* there is no script around */
};

/** Letters of a label that are drawn: attributes, as nodes of patterns have, stand in the tooltip.
 */
static size_t shown_letters(const char *label)
{
    const size_t len = strcspn(label, "{");
    const size_t all = len + (label[len] == '{');
    return all > LETTERS_MAX ? LETTERS_MAX : all;
}

static double box_width(const opsig_graph *graph, const struct ops_neighbourhood *part)
{
    size_t letters = LETTERS_MIN;
    for (size_t i = 0; i < part->vertices.len; i++) {
        const size_t n =
            shown_letters(opsig_graph_op_type(graph, part->vertices.items[i].vertex));
        letters = n > letters ? n : letters;
    }
    return (double)(letters * LETTER + 12);
}

/** The middle of a place. */
static double x_of(const struct drawing *drawing, struct ops_place place)
{
    return MARGIN + drawing->width / 2 + place.x * (drawing->width + GAP);
}

static double y_of(struct ops_place place)
{
    return MARGIN + BOX / 2.0 + place.y * ROW;
}

static bool is_core(const struct drawing *drawing, uint32_t at)
{
    return drawing->part->vertices.items[at].core;
}

/** A curve from above to below. */
static void curve_to(const struct drawing *drawing, double x1, double y1, double x2, double y2)
{
    ops_page_print(drawing->page, "C");
    ops_svg_point(drawing->page, x1, (y1 + y2) / 2);
    ops_page_print(drawing->page, " ");
    ops_svg_point(drawing->page, x2, (y1 + y2) / 2);
    ops_page_print(drawing->page, " ");
    ops_svg_point(drawing->page, x2, y2);
}

static void draw_edge(const struct drawing *drawing, size_t e)
{
    const struct ops_layout *const layout = drawing->layout;
    const uint32_t from = drawing->part->ends.items[2 * e];
    const uint32_t to = drawing->part->ends.items[2 * e + 1];
    double x = x_of(drawing, layout->vertex[from]);
    double y = y_of(layout->vertex[from]) + BOX / 2.0;
    ops_page_tag(drawing->page, "<path class=\"");
    ops_page_print(drawing->page, is_core(drawing, from) && is_core(drawing, to) ? "e k" : "e");
    ops_page_tag(drawing->page, "\" d=\"M");
    ops_svg_point(drawing->page, x, y);
    for (size_t i = layout->bend_begin[e]; i < layout->bend_begin[e + 1]; i++) {
        const double bend_x = x_of(drawing, layout->bend[i]);
        const double bend_y = y_of(layout->bend[i]);
        curve_to(drawing, x, y, bend_x, bend_y - BOX / 2.0);
        ops_page_print(drawing->page, "v%d", BOX);
        x = bend_x;
        y = bend_y + BOX / 2.0;
    }
    curve_to(drawing, x, y, x_of(drawing, layout->vertex[to]),
             y_of(layout->vertex[to]) - BOX / 2.0 - 5);
    ops_page_tag(drawing->page, "\"/>\n");
}

/** The tip of the edges into a vertex. */
static void draw_tip(const struct drawing *drawing, uint32_t at)
{
    ops_page_tag(drawing->page, "<path class=\"a\" d=\"M");
    ops_svg_point(drawing->page, x_of(drawing, drawing->layout->vertex[at]),
                  y_of(drawing->layout->vertex[at]) - BOX / 2.0);
    ops_page_tag(drawing->page, "l-3.5,-6h7z\"/>");
}

static void draw_label(const struct drawing *drawing, uint32_t vertex)
{
    const char *const label = opsig_graph_op_type(drawing->graph, vertex);
    const size_t shown = shown_letters(label);
    ops_page_bytes(drawing->page, label, shown < strlen(label) ? shown - 1 : shown);
    ops_page_print(drawing->page, "%s", shown < strlen(label) ? "…" : "");
}

static void draw_vertex(const struct drawing *drawing, uint32_t at)
{
    const struct ops_neighbour *const here = &drawing->part->vertices.items[at];
    const double x = x_of(drawing, drawing->layout->vertex[at]);
    const double y = y_of(drawing->layout->vertex[at]);
    const char *const symbol =
        opsig_graph_symbol(drawing->graph, here->vertex, OPSIG_ALPHABET_OP_ATTR);
    ops_page_tag(drawing->page, "<g class=\"n");
    const bool nested = opsig_graph_depth(drawing->graph, here->vertex) > 0;
    ops_page_print(drawing->page, "%s%s%s", here->core ? " k" : "", here->cut ? " c" : "",
                   nested ? " d" : "");
    ops_page_tag(drawing->page, "\"");
    if (here->core && !drawing->alone) {
        ops_page_tag(drawing->page, " tabindex=\"0\""); /* script.js tells of it when asked */
    }
    ops_page_tag(drawing->page, "><title>");
    ops_page_name(drawing->page, opsig_graph_node_label(drawing->graph, here->vertex));
    if (symbol != NULL) {
        ops_page_print(drawing->page, ": ");
        ops_page_name(drawing->page, symbol);
    }
    if (nested) {
        ops_page_print(drawing->page, ", in a nested graph");
    }
    ops_page_tag(drawing->page, "</title>");
    ops_svg_rectangle(drawing->page, "b", x - drawing->width / 2, y - BOX / 2.0, drawing->width,
                      BOX);
    ops_svg_text_begin(drawing->page, "t", x, y + 4);
    draw_label(drawing, here->vertex);
    ops_svg_text_end(drawing->page);
    ops_page_tag(drawing->page, "</g>\n");
}

/** Draws a frame around the vertices from `begin` to `end`, the bodies of a node. */
static void draw_cluster(const struct drawing *drawing, uint32_t holder, uint32_t begin,
                         uint32_t end)
{
    double left = HUGE_VAL, right = -HUGE_VAL, top = HUGE_VAL, bottom = -HUGE_VAL;
    const int depth = (int)opsig_graph_depth(drawing->graph, holder);
    const double pad = depth < 2 ? MARGIN - 1 - 2 * depth : 3;
    for (uint32_t at = begin; at < end; at++) {
        left = fmin(left, x_of(drawing, drawing->layout->vertex[at]));
        right = fmax(right, x_of(drawing, drawing->layout->vertex[at]));
        top = fmin(top, y_of(drawing->layout->vertex[at]));
        bottom = fmax(bottom, y_of(drawing->layout->vertex[at]));
    }
    ops_page_tag(drawing->page, "<g><title>");
    ops_page_print(drawing->page, "nested graphs of ");
    ops_page_name(drawing->page, opsig_graph_node_label(drawing->graph, holder));
    ops_page_tag(drawing->page, "</title>");
    ops_svg_rectangle(drawing->page, "cluster", left - drawing->width / 2 - pad,
                      top - BOX / 2.0 - pad, right - left + drawing->width + 2 * pad,
                      bottom - top + BOX + 2 * pad);
    ops_page_tag(drawing->page, "</g>\n");
}

/** Frames nested graphs where all of the graph is drawn. The nodes of a node's bodies follow it, so
 *  they are the deeper ones behind it. */
static void draw_clusters(const struct drawing *drawing)
{
    const uint32_t n = (uint32_t)drawing->part->vertices.len;
    if (n != opsig_graph_n_vertices(drawing->graph)) {
        return;
    }
    for (uint32_t v = 0; v < n; v++) {
        uint32_t end = v + 1;
        while (end < n &&
               opsig_graph_depth(drawing->graph, end) > opsig_graph_depth(drawing->graph, v)) {
            end++;
        }
        if (end > v + 1) {
            draw_cluster(drawing, v, v + 1, end);
        }
    }
}

static void draw_all(const struct drawing *drawing)
{
    const struct ops_neighbourhood *const part = drawing->part;
    draw_clusters(drawing);
    for (size_t e = 0; e < part->ends.len / 2; e++) {
        draw_edge(drawing, e);
    }
    for (size_t e = 0; e < part->ends.len / 2; e++) {
        draw_tip(drawing, part->ends.items[2 * e + 1]);
    }
    for (uint32_t at = 0; at < part->vertices.len; at++) {
        draw_vertex(drawing, at);
    }
}

opsig_status ops_picture_draw(struct ops_page *page, const struct ops_picture *picture,
                              const struct ops_neighbourhood *part, opsig_error *err)
{
    struct ops_layout layout;
    const struct drawing drawing = {.page = page,
                                    .graph = picture->graph,
                                    .part = part,
                                    .layout = &layout,
                                    .width = box_width(picture->graph, part),
                                    .alone = picture->alone};
    const opsig_status status = ops_layout_in_layers(
        &layout, (uint32_t)part->vertices.len, part->ends.items, part->ends.len / 2, err);
    if (status == OPSIG_OK) {
        ops_svg_begin(page, "graph", picture->id,
                      2 * MARGIN + layout.columns * (drawing.width + GAP) - GAP,
                      2 * MARGIN + (layout.layers - 1) * ROW + BOX);
        if (picture->alone) {
            ops_html_style(page);
        }
        ops_svg_describe(page, picture->id, picture->title, picture->description);
        draw_all(&drawing);
        ops_svg_end(page);
    }
    ops_layout_dispose(&layout);
    return status;
}

opsig_status ops_picture_draw_all(struct ops_page *page, const struct ops_picture *picture,
                                  opsig_error *err)
{
    struct ops_neighbourhood part;
    if (opsig_graph_n_vertices(picture->graph) > OPS_PICTURE_MOST_NODES) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "the graph has more than %d nodes, too many to be drawn (--format dot "
                             "hands it to a program that draws)",
                             OPS_PICTURE_MOST_NODES);
    }
    opsig_status status = ops_neighbourhood_all(&part, picture->graph, err);
    if (status == OPSIG_OK) {
        status = ops_picture_draw(page, picture, &part, err);
    }
    ops_neighbourhood_dispose(&part);
    return status;
}

/** A pattern as a graph; its symbols are put into a table of their own. */
static opsig_status graph_of(opsig_graph **out, const opsig_pattern *pattern,
                             struct ops_intern *symbols, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t symbol[OPSIG_PATTERN_MAX_VERTICES];
    struct ops_plain_edge edges[OPSIG_PATTERN_MAX_VERTICES]; /* a code has no more steps */
    const struct ops_plain_graph graph = {
        .n_vertices = (uint32_t)opsig_pattern_n_vertices(pattern),
        .n_edges = (uint32_t)opsig_pattern_n_edges(pattern),
        .symbol = symbol,
        .edges = edges,
        .symbols = symbols,
    };
    for (uint32_t v = 0; v < graph.n_vertices; v++) {
        const char *const text = opsig_pattern_symbol(pattern, v);
        TRY(ops_intern_put(symbols, text, strlen(text), &symbol[v], err));
    }
    for (uint32_t e = 0; e < graph.n_edges; e++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, e);
        edges[e] = (struct ops_plain_edge){edge.from, edge.to, edge.label};
    }
    TRY(ops_plain_snapshot(out, &graph, err));
done:
    return status;
}

opsig_status ops_picture_draw_pattern(struct ops_page *page, const struct ops_picture *picture,
                                      const opsig_pattern *pattern, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_intern *symbols = NULL;
    opsig_graph *graph = NULL;
    struct ops_picture drawn = *picture;
    TRY(ops_intern_new(&symbols, err));
    TRY(graph_of(&graph, pattern, symbols, err));
    drawn.graph = graph;
    TRY(ops_picture_draw_all(page, &drawn, err));
done:
    opsig_graph_free(graph);
    ops_intern_free(symbols);
    return status;
}
