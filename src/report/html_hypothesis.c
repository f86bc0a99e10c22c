/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig hypothesis` as a web page: the verdict first, then each test with its figures and plots,
 * then the paper's tables. */
#include <math.h>

#include "base/mem.h"
#include "report/format.h"
#include "report/html.h"
#include "report/plot.h"
#include "report/text.h"

/* ---- sentences ---- */

/** "0.57 [-0.1, 1.2], p = 0.02" */
static void print_effect(struct ops_page *page, opsig_effect effect)
{
    ops_page_number(page, effect.value, 3);
    ops_page_print(page, " [");
    ops_page_number(page, effect.low, 3);
    ops_page_print(page, ", ");
    ops_page_number(page, effect.high, 3);
    ops_page_print(page, "], p = ");
    ops_page_number(page, effect.p, 3);
}

static void print_verdict(struct ops_page *page, const opsig_hypothesis *test)
{
    ops_page_tag(page, "<p class=\"verdict\">");
    ops_page_print(page, "The shared-sequence hypothesis is %s.",
                   opsig_verdict_name(opsig_hypothesis_verdict(test)));
    ops_page_tag(page, "</p><ul>\n");
    for (size_t i = 0; i < opsig_hypothesis_n_reasons(test); i++) {
        ops_page_tag(page, "<li>");
        ops_page_name(page, opsig_hypothesis_reason(test, i));
        ops_page_tag(page, "</li>\n");
    }
    ops_page_tag(page, "</ul>\n");
}

static void print_design(struct ops_page *page, const opsig_hypothesis_design *design)
{
    ops_page_tag(page, "<p>");
    ops_page_print(page, "%zu inconsistent and %zu consistent models", design->n_inconsistent,
                   design->n_consistent);
    if (design->oracle[0] != '\0') {
        ops_page_print(page, " under the oracle ");
        ops_page_name(page, design->oracle);
    }
    ops_page_print(page, ", compared within %u strata, of which %u hold both labels. Sequences of "
                         "2 to %u operators; %u permutations of labels within strata, %u "
                         "rewirings, %u resamples, %u folds, seed %llu. Effects stand with 95 %% "
                         "intervals.",
                   design->n_strata, design->n_mixed_strata, design->max_length,
                   design->permutations, design->rewirings, design->bootstraps, design->folds,
                   (unsigned long long)design->seed);
    ops_page_tag(page, "</p>\n");
}

static void print_strongest(struct ops_page *page, const opsig_hypothesis_strongest *strongest,
                            const char *what)
{
    ops_page_tag(page, "<p>");
    ops_page_print(page, "Strongest of ");
    ops_page_count(page, strongest->n_tested, "sequence");
    if (strongest->sequence[0] == '\0') {
        ops_page_print(page, ": none.");
    } else {
        ops_page_print(page, ": ");
        ops_page_tag(page, "<code>");
        ops_page_name(page, strongest->sequence);
        ops_page_tag(page, "</code>");
        ops_page_print(page, ", in %u inconsistent and %u consistent models; %s ",
                       strongest->with_inconsistent, strongest->with_consistent, what);
        print_effect(page, strongest->difference);
        ops_page_print(page, ".");
    }
    ops_page_tag(page, "</p>\n");
}

/* ---- sharing and order ---- */

static void write_sharing(struct ops_page *page, const opsig_hypothesis *test)
{
    const opsig_hypothesis_sharing *const sharing = opsig_hypothesis_sharing_of(test);
    const struct ops_plot plot = {
        .id = "sharing",
        .title = "Sharing against chance",
        .description = "How much more two inconsistent models share than pairs in general, under "
                       "each permutation of the labels, and as labelled. The further the line "
                       "stands to the right of the bars, the less chance explains it.",
        .x_label = "excess: sequences that a pair shares, above expectation",
        .y_label = "permutations of labels",
    };
    ops_html_heading(page, "Sharing: do inconsistent models share more than chance?");
    ops_page_tag(page, "<p>");
    ops_page_print(page, "Two inconsistent models share ");
    ops_page_number(page, sharing->observed, 3);
    ops_page_print(page, " sequences, by chance ");
    ops_page_number(page, sharing->expected, 3);
    ops_page_print(page, " (of %llu that two models or more hold). Excess: ",
                   (unsigned long long)sharing->n_sequences);
    print_effect(page, sharing->excess);
    ops_page_print(page, ".");
    ops_page_tag(page, "</p>\n");
    print_strongest(page, opsig_hypothesis_strongest_present(test),
                    "difference in the share of models");
    ops_plot_histogram(page, &plot, sharing->null.values, sharing->null.n, sharing->excess.value,
                       "as labelled");
}

static void plot_order(struct ops_page *page, const opsig_hypothesis *test)
{
    const opsig_hypothesis_order *const order = opsig_hypothesis_order_of(test);
    const struct ops_plot remainder = {
        .id = "order",
        .title = "What operators and degrees leave unexplained",
        .description = "The logarithm of sharing that rewired graphs and shared operators do not "
                       "explain, under each permutation of the labels, and as labelled.",
        .x_label = "log excess of pairs of inconsistent models",
        .y_label = "permutations of labels",
    };
    const struct ops_plot rewired = {
        .id = "rewired",
        .title = "Sharing when edges are rewired",
        .description = "The excess of sharing in each rewiring, which keeps operators and degrees, "
                       "and in the models as they are.",
        .x_label = "excess: sequences that a pair shares, above expectation",
        .y_label = "rewirings",
    };
    ops_plot_histogram(page, &remainder, order->null.values, order->null.n, order->excess.value,
                       "as labelled");
    ops_plot_histogram(page, &rewired, order->rewired_excess.values, order->rewired_excess.n,
                       opsig_hypothesis_sharing_of(test)->excess.value, "as they are");
}

static void write_order(struct ops_page *page, const opsig_hypothesis *test)
{
    const opsig_hypothesis_order *const order = opsig_hypothesis_order_of(test);
    ops_html_heading(page, "Order: does it add to operators and degrees?");
    ops_page_tag(page, "<p>");
    ops_page_print(page, "With edges rewired, two inconsistent models share ");
    ops_page_number(page, order->rewired, 3);
    ops_page_print(page, " sequences (");
    ops_page_number(page, order->swaps, 3);
    ops_page_print(page, " swaps an edge, ");
    ops_page_percent(page, order->edges_kept);
    ops_page_print(page, " of edges as before). Log excess over what that and shared operators "
                         "explain: ");
    print_effect(page, order->excess);
    ops_page_print(page, ".");
    ops_page_tag(page, "</p>\n");
    print_strongest(page, opsig_hypothesis_strongest_ordered(test),
                    "share above that when rewired, among models with its operators");
    plot_order(page, test);
}

/* ---- prediction ---- */

static const char *const predictor_labels[] = {
    [OPSIG_PREDICTOR_SIGNATURES] = "signatures",
    [OPSIG_PREDICTOR_OPERATORS] = "operators",
    [OPSIG_PREDICTOR_SIZE] = "size",
};

static void interval_cell(struct ops_page *page, opsig_interval interval)
{
    ops_html_interval_cell(page, interval.value, interval.low, interval.high);
}

static void print_predictors(struct ops_page *page, const opsig_hypothesis *test)
{
    static const char *const headings[] = {"fitted on other folds to", "ROC AUC", "within strata",
                                           "average precision", "precision", "recall", NULL};
    ops_html_table_begin(page, headings);
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        const opsig_prediction *const prediction =
            opsig_hypothesis_prediction(test, (opsig_predictor)p);
        ops_html_row_begin(page, predictor_labels[p]);
        interval_cell(page, prediction->roc_auc);
        interval_cell(page, prediction->roc_auc_within);
        interval_cell(page, prediction->average_precision);
        interval_cell(page, prediction->precision);
        interval_cell(page, prediction->recall);
        ops_html_row_end(page);
    }
    ops_html_table_end(page);
}

static void print_gain(struct ops_page *page, const opsig_hypothesis *test,
                       opsig_predictor baseline)
{
    const opsig_prediction_gain *const gain = opsig_hypothesis_gain(test, baseline);
    ops_page_tag(page, "<p>");
    ops_page_print(page, "Gain of signatures over %s: ROC AUC ", predictor_labels[baseline]);
    print_effect(page, gain->roc_auc);
    ops_page_print(page, "; within strata ");
    print_effect(page, gain->roc_auc_within);
    ops_page_print(page, ".");
    ops_page_tag(page, "</p>\n");
}

/** Points as two rows of numbers. */
struct columns {
    double *x, *y;
};

static opsig_status split(struct columns *out, const opsig_point *points, size_t n,
                          opsig_error *err)
{
    out->x = ops_mem_zalloc(n, sizeof *out->x);
    out->y = ops_mem_zalloc(n, sizeof *out->y);
    if (out->x == NULL || out->y == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        out->x[i] = points[i].x;
        out->y[i] = points[i].y;
    }
    return OPSIG_OK;
}

/** One curve for each predictor. @param roc  else precision and recall */
static opsig_status plot_predictors(struct ops_page *page, const opsig_hypothesis *test, bool roc,
                                    const struct ops_plot *plot, const struct ops_rule *baseline,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct columns columns[OPSIG_N_PREDICTORS] = {{NULL, NULL}};
    struct ops_curve curves[OPSIG_N_PREDICTORS];
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        const opsig_prediction *const prediction =
            opsig_hypothesis_prediction(test, (opsig_predictor)p);
        const opsig_point *const points = roc ? prediction->roc : prediction->pr;
        const size_t n = roc ? prediction->n_roc : prediction->n_pr;
        TRY(split(&columns[p], points, n, err));
        curves[p] = (struct ops_curve){.label = predictor_labels[p], .x = columns[p].x,
                                       .y = columns[p].y, .n = n, .look = (unsigned)p};
    }
    ops_plot_curves(page, plot, curves, OPSIG_N_PREDICTORS, baseline, 1);
done:
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        ops_mem_free(columns[p].x);
        ops_mem_free(columns[p].y);
    }
    return status;
}

static opsig_status plot_prediction(struct ops_page *page, const opsig_hypothesis *test,
                                    opsig_error *err)
{
    const opsig_hypothesis_design *const design = opsig_hypothesis_design_of(test);
    const double share = (double)design->n_inconsistent /
                         (double)(design->n_inconsistent + design->n_consistent);
    const struct ops_plot roc = {
        .id = "roc", .title = "ROC: inconsistent models found, and false alarms",
        .description = "The further a curve bends to the upper left, the better.",
        .x_label = "share of consistent models flagged",
        .y_label = "share of inconsistent models flagged", .x_high = 1, .y_high = 1,
    };
    const struct ops_plot pr = {
        .id = "pr", .title = "Precision and recall",
        .description = "The further a curve stays above the line of chance, the better.",
        .x_label = "recall: share of inconsistent models flagged",
        .y_label = "precision: share of flagged models that are inconsistent", .x_high = 1,
        .y_high = 1,
    };
    const struct ops_rule diagonal = {.label = "chance", .x2 = 1, .y2 = 1};
    const struct ops_rule level = {.label = "chance", .x2 = 1, .y1 = share, .y2 = share};
    opsig_status status = plot_predictors(page, test, true, &roc, &diagonal, err);
    return status == OPSIG_OK ? plot_predictors(page, test, false, &pr, &level, err) : status;
}

static opsig_status write_prediction(struct ops_page *page, const opsig_hypothesis *test,
                                     opsig_error *err)
{
    const opsig_hypothesis_flags *const flags = opsig_hypothesis_flags_of(test);
    ops_html_heading(page, "Prediction: do signatures of some models tell others apart?");
    print_predictors(page, test);
    print_gain(page, test, OPSIG_PREDICTOR_OPERATORS);
    print_gain(page, test, OPSIG_PREDICTOR_SIZE);
    ops_page_tag(page, "<p>");
    ops_page_print(page, "Findings of severity high, which opsig scan fails on by default: in ");
    ops_page_count(page, flags->n_flagged, "model");
    ops_page_print(page, ", %zu of them inconsistent. Folds keep equal graphs together (%u "
                         "different ones).",
                   flags->n_hits, flags->n_groups);
    ops_page_tag(page, "</p>\n");
    return plot_prediction(page, test, err);
}

/* ---- tolerance ---- */

static void print_tolerances(struct ops_page *page, const opsig_hypothesis *test)
{
    static const char *const headings[] = {"differences above", "inconsistent", "sharing", "p",
                                           "order", "p", "ROC AUC of signatures", "of operators",
                                           "p of the gain", NULL};
    ops_html_table_begin(page, headings);
    for (size_t i = 0; i < opsig_hypothesis_n_tolerances(test); i++) {
        const opsig_hypothesis_tolerance *const row = opsig_hypothesis_tolerance_at(test, i);
        ops_page_tag(page, "<tr>");
        ops_html_number_cell(page, row->tolerance);
        ops_html_count_cell(page, row->n_inconsistent);
        ops_html_interval_cell(page, row->sharing.value, row->sharing.low, row->sharing.high);
        ops_html_number_cell(page, row->sharing.p);
        ops_html_interval_cell(page, row->order.value, row->order.low, row->order.high);
        ops_html_number_cell(page, row->order.p);
        interval_cell(page, row->roc_auc[OPSIG_PREDICTOR_SIGNATURES]);
        interval_cell(page, row->roc_auc[OPSIG_PREDICTOR_OPERATORS]);
        ops_html_number_cell(page, row->gain.p);
        ops_html_row_end(page);
    }
    ops_html_table_end(page);
}

/** What is plotted over tolerances: x, then value, low and high of each of the series. */
enum { SERIES_SHARING = 0, SERIES_ORDER, SERIES_AUC, N_SERIES = SERIES_AUC + OPSIG_N_PREDICTORS };

struct series {
    size_t n;
    double *x, *value[N_SERIES], *low[N_SERIES], *high[N_SERIES];
    double *memory; /* of all of them */
};

static opsig_status series_new(struct series *out, const opsig_hypothesis *test, opsig_error *err)
{
    const size_t n = opsig_hypothesis_n_tolerances(test);
    out->n = n;
    out->memory = ops_mem_zalloc(n, (1 + 3 * N_SERIES) * sizeof *out->memory);
    if (out->memory == NULL) {
        return ops_error_nomem(err);
    }
    out->x = out->memory;
    for (size_t s = 0; s < N_SERIES; s++) {
        out->value[s] = out->memory + (1 + 3 * s) * n;
        out->low[s] = out->value[s] + n;
        out->high[s] = out->low[s] + n;
    }
    return OPSIG_OK;
}

static void set(const struct series *series, size_t s, size_t i, double value, double low,
                double high)
{
    series->value[s][i] = value;
    series->low[s][i] = low;
    series->high[s][i] = high;
}

static void fill(const struct series *series, const opsig_hypothesis *test)
{
    for (size_t i = 0; i < series->n; i++) {
        const opsig_hypothesis_tolerance *const row = opsig_hypothesis_tolerance_at(test, i);
        series->x[i] = row->tolerance;
        set(series, SERIES_SHARING, i, row->sharing.value, row->sharing.low, row->sharing.high);
        set(series, SERIES_ORDER, i, row->order.value, row->order.low, row->order.high);
        for (size_t p = 0; p < OPSIG_N_PREDICTORS; p++) {
            const opsig_interval auc = row->roc_auc[p];
            set(series, SERIES_AUC + p, i, auc.value, auc.low, auc.high);
        }
    }
}

static struct ops_curve curve_of(const struct series *series, size_t s, const char *label,
                                 unsigned look)
{
    return (struct ops_curve){.label = label, .x = series->x, .y = series->value[s],
                              .low = series->low[s], .high = series->high[s], .n = series->n,
                              .look = look, .markers = true};
}

/** Ranges that hold all intervals of a curve, and 0. */
static void fit(struct ops_plot *plot, const struct ops_curve *curve)
{
    plot->y_low = 0;
    plot->y_high = 0;
    for (size_t i = 0; i < curve->n; i++) {
        plot->y_low = isfinite(curve->low[i]) ? fmin(plot->y_low, curve->low[i]) : plot->y_low;
        plot->y_high = isfinite(curve->high[i]) ? fmax(plot->y_high, curve->high[i]) : plot->y_high;
    }
    if (!(plot->y_high > plot->y_low)) {
        plot->y_high = plot->y_low + 1;
    }
}

static void plot_excess(struct ops_page *page, const struct series *series, size_t s,
                        struct ops_plot *plot, const char *label)
{
    const struct ops_curve curve = curve_of(series, s, label, 0);
    const struct ops_rule none = {.label = "no effect", .x1 = plot->x_low, .x2 = plot->x_high};
    fit(plot, &curve);
    ops_plot_curves(page, plot, &curve, 1, &none, 1);
}

static void plot_tolerances(struct ops_page *page, const struct series *series)
{
    struct ops_plot plot = {
        .x_label = "differences above this count as inconsistent",
        .x_log = series->x[0] > 0,
        .x_low = series->x[0], .x_high = series->x[series->n - 1],
        .description = "Each marker stands with its 95 % interval.",
    };
    plot.id = "tolsharing";
    plot.title = "Sharing by tolerance";
    plot.y_label = "excess: sequences per pair";
    plot_excess(page, series, SERIES_SHARING, &plot, "sharing");
    plot.id = "tolorder";
    plot.title = "Order by tolerance";
    plot.y_label = "log excess";
    plot_excess(page, series, SERIES_ORDER, &plot, "order");
    struct ops_curve curves[OPSIG_N_PREDICTORS];
    for (unsigned p = 0; p < OPSIG_N_PREDICTORS; p++) {
        curves[p] = curve_of(series, SERIES_AUC + p, predictor_labels[p], p);
    }
    const struct ops_rule chance = {.label = "chance", .x1 = plot.x_low, .y1 = 0.5,
                                    .x2 = plot.x_high, .y2 = 0.5};
    plot.id = "tolauc";
    plot.title = "Prediction by tolerance";
    plot.y_label = "ROC AUC";
    plot.y_low = 0;
    plot.y_high = 1;
    ops_plot_curves(page, &plot, curves, OPSIG_N_PREDICTORS, &chance, 1);
}

static opsig_status write_tolerance(struct ops_page *page, const opsig_hypothesis *test,
                                    opsig_error *err)
{
    struct series series = {0};
    ops_html_heading(page, "Tolerance: what if a smaller or larger difference counts?");
    if (opsig_hypothesis_n_tolerances(test) == 0) {
        ops_html_paragraph(page, "The corpus does not say how large the differences are.");
        return OPSIG_OK;
    }
    const opsig_status status = series_new(&series, test, err);
    if (status == OPSIG_OK) {
        fill(&series, test);
        print_tolerances(page, test);
    }
    if (status == OPSIG_OK && series.x[0] < series.x[series.n - 1]) {
        plot_tolerances(page, &series);
    }
    ops_mem_free(series.memory);
    return status;
}

/* ---- evolution ---- */

static void print_ages(struct ops_page *page, const opsig_hypothesis_age *age)
{
    ops_page_tag(page, "<tr><th scope=\"row\">");
    if (age->to == UINT32_MAX) {
        ops_page_print(page, "%u or more", age->from);
    } else {
        ops_page_print(page, "%u to %u", age->from, age->to);
    }
    ops_page_tag(page, "</th>");
}

static void write_evolution(struct ops_page *page, const opsig_hypothesis *test)
{
    static const char *const headings[] = {"opset versions since a revision", "inconsistent models",
                                           "consistent models", "difference within strata", "p",
                                           NULL};
    ops_html_heading(page, "Evolution: are operators young in inconsistent models?");
    ops_page_tag(page, "<p>");
    ops_page_print(page, "Mean share of a model's nodes by the age of their operator, which is "
                         "known of ");
    ops_page_percent(page, opsig_hypothesis_age_known(test));
    ops_page_print(page, " of nodes.");
    ops_page_tag(page, "</p>\n");
    ops_html_table_begin(page, headings);
    for (size_t i = 0; i < opsig_hypothesis_n_ages(test); i++) {
        const opsig_hypothesis_age *const age = opsig_hypothesis_age_at(test, i);
        print_ages(page, age);
        ops_html_number_cell(page, age->inconsistent);
        ops_html_number_cell(page, age->consistent);
        ops_html_interval_cell(page, age->difference.value, age->difference.low,
                               age->difference.high);
        ops_html_number_cell(page, age->difference.p);
        ops_html_row_end(page);
    }
    ops_html_table_end(page);
}

static opsig_status write_test(struct ops_page *page, const opsig_hypothesis *test,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    print_verdict(page, test);
    print_design(page, opsig_hypothesis_design_of(test));
    write_sharing(page, test);
    write_order(page, test);
    TRY(write_prediction(page, test, err));
    TRY(write_tolerance(page, test, err));
    write_evolution(page, test);
done:
    return status;
}

opsig_status ops_html_hypothesis(FILE *stream, const opsig_report_style *style,
                                 const struct ops_hypothesis_run *run, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_html_begin(&page, "opsig hypothesis", NULL);
    if (run->test != NULL) {
        TRY(write_test(&page, run->test, err));
    }
    if (run->paper != NULL) {
        ops_html_heading(&page, "The paper's figures");
        ops_page_tag(&page, "<pre>");
        ops_text_paper(&page, run->paper);
        ops_page_tag(&page, "</pre>\n");
    }
    ops_html_end(&page, NULL);
    status = ops_page_finish(&page, err);
done:
    return status;
}
