/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file plot.h  Plots as SVG inside a web page: curves and histograms. They need no script, are
 *  told apart without colour (by dashes and markers), and follow the page's light or dark colours
 *  by the classes that report/page.css knows. */
#ifndef OPSIG_REPORT_PLOT_H
#define OPSIG_REPORT_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/page.h"

/** What stands around a plot. */
struct ops_plot {
    const char *id;          /* unique in the page: a letter, then letters and digits */
    const char *title;
    const char *description; /* what one should see, for those who cannot */
    const char *x_label, *y_label;
    bool x_log;
    double x_low, x_high, y_low, y_high; /* x_low above 0 where x_log */
};

/** A curve through points, those that are not finite left out. Look 0, 1, 2 ... chooses dashes,
 *  marker and colour. */
struct ops_curve {
    const char *label;
    const double *x, *y;
    const double *low, *high; /* an interval at each point; NULL: none */
    size_t n;
    unsigned look;
    bool markers; /* at each point */
};

/** A straight line across the plot, such as a baseline. */
struct ops_rule {
    const char *label;
    double x1, y1, x2, y2;
};

void ops_plot_curves(struct ops_page *page, const struct ops_plot *plot,
                     const struct ops_curve *curves, size_t n_curves, const struct ops_rule *rules,
                     size_t n_rules);

/** Values in bins, with one value marked by a labelled line. The plot's ranges are chosen. */
void ops_plot_histogram(struct ops_page *page, const struct ops_plot *plot, const double *values,
                        size_t n, double marked, const char *mark_label);

#endif
