/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig hypothesis` for people: the paper's figures, then the tests, the verdict last, where the
 * eye is when the report has scrolled by. */
#include <math.h>

#include "base/number.h"
#include "report/format.h"
#include "report/text.h"

enum { NAME_WIDTH = 12, DIGITS = 3 };

static void heading(struct ops_page *page, const char *text)
{
    ops_page_print(page, "\n");
    ops_page_toned(page, OPS_TONE_HEADING, text);
    ops_page_print(page, "\n");
}

static void print_number(struct ops_page *page, double value)
{
    if (isnan(value)) {
        ops_page_print(page, "unknown");
    } else {
        ops_page_number(page, value, DIGITS);
    }
}

/** "0.57 [-0.1, 1.2], p = 0.02" */
static void print_effect(struct ops_page *page, opsig_effect effect)
{
    print_number(page, effect.value);
    if (!isnan(effect.value)) {
        ops_page_print(page, " [");
        print_number(page, effect.low);
        ops_page_print(page, ", ");
        print_number(page, effect.high);
        ops_page_print(page, "], p = ");
        print_number(page, effect.p);
    }
}

static void print_interval(struct ops_page *page, opsig_interval interval)
{
    print_number(page, interval.value);
    if (!isnan(interval.value)) {
        ops_page_print(page, " [");
        print_number(page, interval.low);
        ops_page_print(page, ", ");
        print_number(page, interval.high);
        ops_page_print(page, "]");
    }
}

static void print_design(struct ops_page *page, const opsig_hypothesis_design *design)
{
    ops_page_print(page, "%zu inconsistent and %zu consistent models in ", design->n_inconsistent,
                   design->n_consistent);
    ops_page_print(page, "%u %s, of which %u hold both labels\n", design->n_strata,
                   design->n_strata == 1 ? "stratum" : "strata", design->n_mixed_strata);
    ops_page_print(page,
                   "%u permutations, %u rewirings, %u resamples, seed %llu; effects with 95 %% "
                   "intervals\n",
                   design->permutations, design->rewirings, design->bootstraps,
                   (unsigned long long)design->seed);
}

static void print_strongest(struct ops_page *page, const opsig_hypothesis_strongest *strongest,
                            const char *what)
{
    ops_page_print(page, "  strongest of ");
    ops_page_count(page, strongest->n_tested, "sequence");
    if (strongest->sequence[0] == '\0') {
        ops_page_print(page, ": none\n");
        return;
    }
    ops_page_print(page, ": ");
    ops_page_name(page, strongest->sequence);
    ops_page_print(page, "\n    in %u inconsistent and %u consistent models; %s ",
                   strongest->with_inconsistent, strongest->with_consistent, what);
    print_effect(page, strongest->difference);
    ops_page_print(page, "\n");
}

static void print_sharing(struct ops_page *page, const opsig_hypothesis *test)
{
    const opsig_hypothesis_sharing *const sharing = opsig_hypothesis_sharing_of(test);
    heading(page, "sharing: do inconsistent models share more than chance?");
    ops_page_print(page, "  two inconsistent models share ");
    print_number(page, sharing->observed);
    ops_page_print(page, " sequences, by chance ");
    print_number(page, sharing->expected);
    ops_page_print(page, " (of %llu that two models or more hold)\n  excess ",
                   (unsigned long long)sharing->n_sequences);
    print_effect(page, sharing->excess);
    ops_page_print(page, "\n");
    print_strongest(page, opsig_hypothesis_strongest_present(test), "share of models");
}

static void print_order(struct ops_page *page, const opsig_hypothesis *test)
{
    const opsig_hypothesis_order *const order = opsig_hypothesis_order_of(test);
    heading(page, "order: does it add to operators and degrees?");
    ops_page_print(page, "  with edges rewired, two inconsistent models share ");
    print_number(page, order->rewired);
    ops_page_print(page, " sequences (");
    print_number(page, order->swaps);
    ops_page_print(page, " swaps an edge, ");
    ops_page_percent(page, order->edges_kept);
    ops_page_print(page, " of edges as before)\n  log excess over what that explains ");
    print_effect(page, order->excess);
    ops_page_print(page, "\n");
    print_strongest(page, opsig_hypothesis_strongest_ordered(test),
                    "share above rewired, of models with its operators");
}

static void print_predictor(struct ops_page *page, const opsig_hypothesis *test,
                            opsig_predictor predictor)
{
    const opsig_prediction *const prediction = opsig_hypothesis_prediction(test, predictor);
    ops_page_print(page, "  ");
    ops_page_cell(page, opsig_predictor_name(predictor), NAME_WIDTH);
    ops_page_print(page, "ROC AUC ");
    print_interval(page, prediction->roc_auc);
    ops_page_print(page, ", within strata ");
    print_interval(page, prediction->roc_auc_within);
    ops_page_print(page, "\n  %*s", NAME_WIDTH, "");
    ops_page_print(page, "average precision ");
    print_interval(page, prediction->average_precision);
    ops_page_print(page, ", precision ");
    print_interval(page, prediction->precision);
    ops_page_print(page, ", recall ");
    print_interval(page, prediction->recall);
    ops_page_print(page, "\n");
}

static void print_gain(struct ops_page *page, const opsig_hypothesis *test,
                       opsig_predictor baseline)
{
    const opsig_prediction_gain *const gain = opsig_hypothesis_gain(test, baseline);
    ops_page_print(page, "  gain over %s: ROC AUC ", opsig_predictor_name(baseline));
    print_effect(page, gain->roc_auc);
    ops_page_print(page, "; within strata ");
    print_effect(page, gain->roc_auc_within);
    ops_page_print(page, "\n");
}

static void print_prediction(struct ops_page *page, const opsig_hypothesis *test)
{
    const opsig_hypothesis_flags *const flags = opsig_hypothesis_flags_of(test);
    heading(page, "prediction: do signatures of some models tell others apart?");
    ops_page_print(page, "  %u folds, which keep equal graphs together (%u different ones)\n",
                   opsig_hypothesis_design_of(test)->folds, flags->n_groups);
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        print_predictor(page, test, (opsig_predictor)p);
    }
    print_gain(page, test, OPSIG_PREDICTOR_OPERATORS);
    print_gain(page, test, OPSIG_PREDICTOR_SIZE);
    ops_page_print(page, "  findings of severity high: in ");
    ops_page_count(page, flags->n_flagged, "model");
    ops_page_print(page, ", %zu of them inconsistent\n", flags->n_hits);
}

/** A number in a column. */
static void print_cell(struct ops_page *page, double value)
{
    if (isnan(value)) {
        ops_page_print(page, "%10s", "-");
    } else {
        char text[32];
        ops_number_format_digits(value, DIGITS, text);
        ops_page_print(page, "%10s", text);
    }
}

static void print_tolerances(struct ops_page *page, const opsig_hypothesis *test)
{
    const size_t n = opsig_hypothesis_n_tolerances(test);
    heading(page, "tolerance: what if a smaller or larger difference counts?");
    if (n == 0) {
        ops_page_print(page, "  the corpus does not say how large the differences are\n");
        return;
    }
    ops_page_print(page, "  %9s%13s%10s%10s%10s%10s%10s%10s%10s\n", "above", "inconsistent",
                   "sharing", "p", "order", "p", "ROC AUC", "operators", "p");
    for (size_t i = 0; i < n; i++) {
        const opsig_hypothesis_tolerance *const row = opsig_hypothesis_tolerance_at(test, i);
        print_cell(page, row->tolerance);
        ops_page_print(page, "%14zu", row->n_inconsistent);
        print_cell(page, row->sharing.value);
        print_cell(page, row->sharing.p);
        print_cell(page, row->order.value);
        print_cell(page, row->order.p);
        print_cell(page, row->roc_auc[OPSIG_PREDICTOR_SIGNATURES].value);
        print_cell(page, row->roc_auc[OPSIG_PREDICTOR_OPERATORS].value);
        print_cell(page, row->gain.p);
        ops_page_print(page, "\n");
    }
}

static void print_age(struct ops_page *page, const opsig_hypothesis_age *age)
{
    if (age->to == UINT32_MAX) {
        ops_page_print(page, "  %2u or more ", age->from);
    } else {
        ops_page_print(page, "  %2u to %-5u ", age->from, age->to);
    }
    ops_page_print(page, "share of nodes ");
    print_number(page, age->inconsistent);
    ops_page_print(page, ", consistent ");
    print_number(page, age->consistent);
    ops_page_print(page, "; within strata ");
    print_effect(page, age->difference);
    ops_page_print(page, "\n");
}

static void print_evolution(struct ops_page *page, const opsig_hypothesis *test)
{
    heading(page, "evolution: are operators young in inconsistent models?");
    ops_page_print(page, "  opset versions since the operator was added or revised; known of ");
    ops_page_percent(page, opsig_hypothesis_age_known(test));
    ops_page_print(page, " of nodes\n");
    for (size_t i = 0; i < opsig_hypothesis_n_ages(test); i++) {
        print_age(page, opsig_hypothesis_age_at(test, i));
    }
}

static void print_verdict(struct ops_page *page, const opsig_hypothesis *test)
{
    heading(page, "verdict");
    ops_page_print(page, "  the shared-sequence hypothesis is ");
    ops_page_toned(page, OPS_TONE_HEADING, opsig_verdict_name(opsig_hypothesis_verdict(test)));
    ops_page_print(page, "\n");
    for (size_t i = 0; i < opsig_hypothesis_n_reasons(test); i++) {
        ops_page_print(page, "  - ");
        ops_page_name(page, opsig_hypothesis_reason(test, i));
        ops_page_print(page, "\n");
    }
}

opsig_status ops_text_hypothesis(FILE *stream, const opsig_report_style *style,
                                 const struct ops_hypothesis_run *run, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    if (run->paper != NULL) {
        ops_text_paper(&page, run->paper);
    }
    if (run->test != NULL) {
        ops_page_print(&page, run->paper != NULL ? "\n" : "");
        print_design(&page, opsig_hypothesis_design_of(run->test));
        print_sharing(&page, run->test);
        print_order(&page, run->test);
        print_prediction(&page, run->test);
        print_tolerances(&page, run->test);
        print_evolution(&page, run->test);
        print_verdict(&page, run->test);
    }
    return ops_page_finish(&page, err);
}
