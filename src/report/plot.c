/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plots: axes with ticks, then what belongs into them, then a legend to the right, where each
 * curve's dashes and marker stand beside its name. Coordinates have one decimal: a tenth of a
 * pixel. */
#include "report/plot.h"

#include <math.h>
#include <string.h>

#include "report/axis.h"
#include "report/svg.h"

/* In pixels. */
enum {
    WIDTH = 640,
    HEIGHT = 340,
    LEFT = 64,
    RIGHT = 440,
    TOP = 34,
    BOTTOM = 284,
    LEGEND = 462,
    SAMPLE = 34, /* length of a line in the legend */
    LINE = 20    /* height of one there */
};

enum { N_TICKS = 6, MAX_BINS = 30, LOOKS = 4 };

/** A plot being drawn. */
struct drawing {
    struct ops_page *page;
    struct ops_axis x, y;
    double legend; /* where its next line stands */
};

/* ---- frame ---- */

static void draw_tick_label(struct ops_page *page, const struct ops_axis *axis, double value)
{
    if (axis->log) {
        ops_page_print(page, "10");
        ops_page_tag(page, "<tspan dy=\"-4\" class=\"power\">");
        ops_page_print(page, "%d", (int)lround(log10(value)));
        ops_page_tag(page, "</tspan>");
    } else {
        ops_page_number(page, fabs(value) < 1e-12 ? 0 : value, 4);
    }
}

static void draw_x_axis(const struct drawing *drawing, const char *label)
{
    double ticks[OPS_AXIS_MAX_TICKS];
    const size_t n = ops_axis_ticks(&drawing->x, N_TICKS, ticks);
    for (size_t i = 0; i < n; i++) {
        const double x = ops_axis_place(&drawing->x, ticks[i]);
        ops_svg_line(drawing->page, "grid", x, TOP, x, BOTTOM + 4);
        ops_svg_text_begin(drawing->page, "tick middle", x, BOTTOM + 18);
        draw_tick_label(drawing->page, &drawing->x, ticks[i]);
        ops_svg_text_end(drawing->page);
    }
    ops_svg_line(drawing->page, "axis", LEFT, BOTTOM, RIGHT, BOTTOM);
    ops_svg_text(drawing->page, "label middle", (LEFT + RIGHT) / 2.0, BOTTOM + 40, label);
}

static void draw_y_axis(const struct drawing *drawing, const char *label)
{
    double ticks[OPS_AXIS_MAX_TICKS];
    const size_t n = ops_axis_ticks(&drawing->y, N_TICKS, ticks);
    for (size_t i = 0; i < n; i++) {
        const double y = ops_axis_place(&drawing->y, ticks[i]);
        ops_svg_line(drawing->page, "grid", LEFT - 4, y, RIGHT, y);
        ops_svg_text_begin(drawing->page, "tick end", LEFT - 8, y + 4);
        draw_tick_label(drawing->page, &drawing->y, ticks[i]);
        ops_svg_text_end(drawing->page);
    }
    ops_svg_line(drawing->page, "axis", LEFT, TOP, LEFT, BOTTOM);
    ops_svg_text(drawing->page, "label", 8, TOP - 14, label);
}

static void begin(struct drawing *drawing, struct ops_page *page, const struct ops_plot *plot)
{
    *drawing = (struct drawing){
        .page = page,
        .x = {plot->x_low, plot->x_high, LEFT, RIGHT, plot->x_log},
        .y = {plot->y_low, plot->y_high, BOTTOM, TOP, false},
        .legend = TOP + 8,
    };
    ops_page_tag(page, "<figure><figcaption>");
    ops_page_print(page, "%s", plot->title);
    ops_page_tag(page, "</figcaption>");
    ops_svg_begin(page, "plot", plot->id, WIDTH, HEIGHT);
    ops_svg_describe(page, plot->id, plot->title, plot->description);
    draw_x_axis(drawing, plot->x_label);
    draw_y_axis(drawing, plot->y_label);
}

static void end(const struct drawing *drawing)
{
    ops_svg_end(drawing->page);
    ops_page_tag(drawing->page, "</figure>\n");
}

/* ---- curves ---- */

static bool is_drawn(const struct ops_curve *curve, size_t i)
{
    return isfinite(curve->x[i]) && isfinite(curve->y[i]);
}

/** A circle, a square, a triangle or a diamond. */
static void draw_marker(struct ops_page *page, unsigned look, double x, double y)
{
    static const char *const shapes[LOOKS] = {
        "m-3.5,0a3.5,3.5 0 1,0 7,0a3.5,3.5 0 1,0 -7,0z", "m-3.2,-3.2h6.4v6.4h-6.4z",
        "m0,-4l4,7h-8z", "m0,-4.4l4.4,4.4l-4.4,4.4l-4.4,-4.4z"};
    ops_page_tag(page, "<path class=\"mark look");
    ops_page_print(page, "%u", look % LOOKS);
    ops_page_tag(page, "\" d=\"M");
    ops_svg_point(page, x, y);
    ops_page_print(page, "%s", shapes[look % LOOKS]);
    ops_page_tag(page, "\"/>");
}

static void draw_path_begin(struct ops_page *page, unsigned look)
{
    ops_page_tag(page, "<path class=\"curve look");
    ops_page_print(page, "%u", look % LOOKS);
    ops_page_tag(page, "\" d=\"");
}

static void draw_line(const struct drawing *drawing, const struct ops_curve *curve)
{
    bool first = true;
    draw_path_begin(drawing->page, curve->look);
    for (size_t i = 0; i < curve->n; i++) {
        if (is_drawn(curve, i)) {
            ops_page_print(drawing->page, first ? "M" : "L");
            ops_svg_point(drawing->page, ops_axis_place(&drawing->x, curve->x[i]),
                          ops_axis_place(&drawing->y, curve->y[i]));
            first = false;
        }
    }
    ops_page_tag(drawing->page, "\"/>\n");
}

static void draw_points(const struct drawing *drawing, const struct ops_curve *curve)
{
    for (size_t i = 0; i < curve->n; i++) {
        const double x = ops_axis_place(&drawing->x, curve->x[i]);
        if (!is_drawn(curve, i)) {
            continue;
        }
        if (curve->low != NULL && isfinite(curve->low[i]) && isfinite(curve->high[i])) {
            ops_svg_line(drawing->page, "bar", x, ops_axis_place(&drawing->y, curve->low[i]), x,
                         ops_axis_place(&drawing->y, curve->high[i]));
        }
        if (curve->markers) {
            draw_marker(drawing->page, curve->look, x, ops_axis_place(&drawing->y, curve->y[i]));
        }
    }
    ops_page_tag(drawing->page, "\n");
}

static void name_curve(struct drawing *drawing, const struct ops_curve *curve)
{
    draw_path_begin(drawing->page, curve->look);
    ops_page_print(drawing->page, "M");
    ops_svg_point(drawing->page, LEGEND, drawing->legend);
    ops_page_print(drawing->page, "h%d", SAMPLE);
    ops_page_tag(drawing->page, "\"/>");
    if (curve->markers) {
        draw_marker(drawing->page, curve->look, LEGEND + SAMPLE / 2.0, drawing->legend);
    }
    ops_svg_text(drawing->page, "label", LEGEND + SAMPLE + 6, drawing->legend + 4, curve->label);
    drawing->legend += LINE;
}

static void draw_rule(struct drawing *drawing, const struct ops_rule *rule)
{
    if (isfinite(rule->y1) && isfinite(rule->y2)) {
        ops_svg_line(drawing->page, "rule", ops_axis_place(&drawing->x, rule->x1),
                     ops_axis_place(&drawing->y, rule->y1), ops_axis_place(&drawing->x, rule->x2),
                     ops_axis_place(&drawing->y, rule->y2));
        ops_svg_line(drawing->page, "rule", LEGEND, drawing->legend, LEGEND + SAMPLE,
                     drawing->legend);
        ops_svg_text(drawing->page, "label", LEGEND + SAMPLE + 6, drawing->legend + 4,
                     rule->label);
        drawing->legend += LINE;
    }
}

void ops_plot_curves(struct ops_page *page, const struct ops_plot *plot,
                     const struct ops_curve *curves, size_t n_curves, const struct ops_rule *rules,
                     size_t n_rules)
{
    struct drawing drawing;
    begin(&drawing, page, plot);
    for (size_t i = 0; i < n_rules; i++) {
        draw_rule(&drawing, &rules[i]);
    }
    for (size_t i = n_curves; i-- > 0;) { /* the first one on top */
        draw_line(&drawing, &curves[i]);
        draw_points(&drawing, &curves[i]);
    }
    for (size_t i = 0; i < n_curves; i++) {
        name_curve(&drawing, &curves[i]);
    }
    end(&drawing);
}

/* ---- histograms ---- */

/** Bins of equal width between round values. */
struct bins {
    double low, width;
    size_t n, count[MAX_BINS], most;
};

static void include(double *low, double *high, double value)
{
    if (isfinite(value)) {
        *low = fmin(*low, value);
        *high = fmax(*high, value);
    }
}

static struct bins make_bins(const double *values, size_t n, double marked)
{
    struct bins bins = {.n = 1, .most = 1};
    double low = INFINITY;
    double high = -INFINITY;
    double ticks[OPS_AXIS_MAX_TICKS];
    include(&low, &high, marked);
    for (size_t i = 0; i < n; i++) {
        include(&low, &high, values[i]);
    }
    if (!isfinite(low)) {
        low = high = 0;
    }
    if (!(high > low)) {
        low -= 0.5;
        high += 0.5;
    }
    const struct ops_axis axis = {.low = low, .high = high};
    const size_t n_ticks = ops_axis_ticks(&axis, OPS_AXIS_MAX_TICKS - 4, ticks);
    bins.width = n_ticks > 1 ? ticks[1] - ticks[0] : high - low;
    bins.low = floor(low / bins.width) * bins.width;
    bins.n = (size_t)fmin(ceil((high - bins.low) / bins.width + 1e-9), MAX_BINS);
    for (size_t i = 0; i < n; i++) {
        if (isfinite(values[i])) {
            const double at = fmax(0, floor((values[i] - bins.low) / bins.width));
            size_t *const count = &bins.count[(size_t)fmin(at, (double)(bins.n - 1))];
            bins.most = ++*count > bins.most ? *count : bins.most;
        }
    }
    return bins;
}

static void draw_bins(const struct drawing *drawing, const struct bins *bins)
{
    for (size_t i = 0; i < bins->n; i++) {
        const double left = ops_axis_place(&drawing->x, bins->low + (double)i * bins->width);
        const double right = ops_axis_place(&drawing->x, bins->low + (double)(i + 1) * bins->width);
        const double top = ops_axis_place(&drawing->y, (double)bins->count[i]);
        if (bins->count[i] > 0) {
            ops_svg_rectangle(drawing->page, "bin", left, top, right - left, BOTTOM - top);
        }
    }
}

void ops_plot_histogram(struct ops_page *page, const struct ops_plot *plot, const double *values,
                        size_t n, double marked, const char *mark_label)
{
    const struct bins bins = make_bins(values, n, marked);
    struct drawing drawing;
    struct ops_plot ranged = *plot;
    ranged.x_log = false;
    ranged.x_low = bins.low;
    ranged.x_high = bins.low + (double)bins.n * bins.width;
    ranged.y_low = 0;
    ranged.y_high = (double)bins.most * 1.1;
    begin(&drawing, page, &ranged);
    draw_bins(&drawing, &bins);
    if (isfinite(marked)) {
        const double x = ops_axis_place(&drawing.x, marked);
        ops_svg_line(page, "marked", x, TOP, x, BOTTOM);
        ops_svg_line(page, "marked", LEGEND, drawing.legend, LEGEND + SAMPLE, drawing.legend);
        ops_svg_text(page, "label", LEGEND + SAMPLE + 6, drawing.legend + 4, mark_label);
        drawing.legend += LINE;
    }
    ops_svg_rectangle(page, "bin", LEGEND, drawing.legend - 6, SAMPLE, 12);
    ops_svg_text(page, "label", LEGEND + SAMPLE + 6, drawing.legend + 4, plot->y_label);
    end(&drawing);
}
