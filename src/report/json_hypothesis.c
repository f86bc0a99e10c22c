/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig hypothesis` as JSON: what both modes tell of the corpus, the paper's figures, and the
 * tests' below "test". */
#include "report/format.h"
#include "report/json.h"

/** {"value": ..., "ci": [low, high], "p": ...} */
static json_t *effect_value(opsig_effect effect)
{
    json_t *object = json_object();
    const opsig_interval interval = {effect.value, effect.low, effect.high};
    int failed = ops_json_put(object, "value", ops_json_number(effect.value));
    failed |= ops_json_put(object, "ci", ops_json_bounds(interval));
    failed |= ops_json_put(object, "p", ops_json_number(effect.p));
    return ops_json_checked(object, failed);
}

static json_t *interval_value(opsig_interval interval)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "value", ops_json_number(interval.value));
    failed |= ops_json_put(object, "ci", ops_json_bounds(interval));
    return ops_json_checked(object, failed);
}

static json_t *numbers_value(opsig_numbers numbers)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < numbers.n; i++) {
        failed |= ops_json_add(array, ops_json_number(numbers.values[i]));
    }
    return ops_json_checked(array, failed);
}

static json_t *design_value(const opsig_hypothesis_design *design)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "strata", ops_json_count(design->n_strata));
    failed |= ops_json_put(object, "mixed_strata", ops_json_count(design->n_mixed_strata));
    failed |= ops_json_put(object, "max_length", ops_json_count(design->max_length));
    failed |= ops_json_put(object, "permutations", ops_json_count(design->permutations));
    failed |= ops_json_put(object, "rewirings", ops_json_count(design->rewirings));
    failed |= ops_json_put(object, "bootstraps", ops_json_count(design->bootstraps));
    failed |= ops_json_put(object, "folds", ops_json_count(design->folds));
    failed |= ops_json_put(object, "seed", ops_json_count(design->seed));
    return ops_json_checked(object, failed);
}

static json_t *strongest_value(const opsig_hypothesis_strongest *strongest)
{
    json_t *object = json_object();
    int failed =
        ops_json_put(object, "sequence", ops_json_text_or_null(strongest->sequence));
    failed |= ops_json_put(object, "tested", ops_json_count(strongest->n_tested));
    failed |= ops_json_put(object, "inconsistent", ops_json_count(strongest->with_inconsistent));
    failed |= ops_json_put(object, "consistent", ops_json_count(strongest->with_consistent));
    failed |= ops_json_put(object, "difference", effect_value(strongest->difference));
    return ops_json_checked(object, failed);
}

static json_t *sharing_value(const opsig_hypothesis *test)
{
    const opsig_hypothesis_sharing *const sharing = opsig_hypothesis_sharing_of(test);
    json_t *object = json_object();
    int failed = ops_json_put(object, "sequences", ops_json_count(sharing->n_sequences));
    failed |= ops_json_put(object, "observed", ops_json_number(sharing->observed));
    failed |= ops_json_put(object, "expected", ops_json_number(sharing->expected));
    failed |= ops_json_put(object, "ratio", ops_json_number(sharing->ratio));
    failed |= ops_json_put(object, "excess", effect_value(sharing->excess));
    failed |= ops_json_put(object, "strongest",
                           strongest_value(opsig_hypothesis_strongest_present(test)));
    failed |= ops_json_put(object, "null", numbers_value(sharing->null));
    return ops_json_checked(object, failed);
}

static json_t *order_value(const opsig_hypothesis *test)
{
    const opsig_hypothesis_order *const order = opsig_hypothesis_order_of(test);
    json_t *object = json_object();
    int failed = ops_json_put(object, "swaps_per_edge", ops_json_number(order->swaps));
    failed |= ops_json_put(object, "edges_kept", ops_json_number(order->edges_kept));
    failed |= ops_json_put(object, "rewired_sharing", ops_json_number(order->rewired));
    failed |= ops_json_put(object, "slope_rewired", ops_json_number(order->slope_rewired));
    failed |= ops_json_put(object, "slope_operators", ops_json_number(order->slope_operators));
    failed |= ops_json_put(object, "excess", effect_value(order->excess));
    failed |= ops_json_put(object, "strongest",
                           strongest_value(opsig_hypothesis_strongest_ordered(test)));
    failed |= ops_json_put(object, "null", numbers_value(order->null));
    failed |= ops_json_put(object, "rewired_excess", numbers_value(order->rewired_excess));
    return ops_json_checked(object, failed);
}

/** [[x, y], ...] */
static json_t *points_value(const opsig_point *points, size_t n)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        json_t *const pair = json_array();
        failed |= ops_json_add(pair, ops_json_number(points[i].x));
        failed |= ops_json_add(pair, ops_json_number(points[i].y));
        failed |= ops_json_add(array, pair);
    }
    return ops_json_checked(array, failed);
}

static json_t *predictor_value(const opsig_prediction *prediction)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "roc_auc", interval_value(prediction->roc_auc));
    failed |= ops_json_put(object, "roc_auc_within", interval_value(prediction->roc_auc_within));
    failed |= ops_json_put(object, "average_precision",
                           interval_value(prediction->average_precision));
    failed |= ops_json_put(object, "precision", interval_value(prediction->precision));
    failed |= ops_json_put(object, "recall", interval_value(prediction->recall));
    failed |= ops_json_put(object, "roc", points_value(prediction->roc, prediction->n_roc));
    failed |= ops_json_put(object, "pr", points_value(prediction->pr, prediction->n_pr));
    return ops_json_checked(object, failed);
}

static json_t *gain_value(const opsig_prediction_gain *gain)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "roc_auc", effect_value(gain->roc_auc));
    failed |= ops_json_put(object, "roc_auc_within", effect_value(gain->roc_auc_within));
    failed |= ops_json_put(object, "average_precision", effect_value(gain->average_precision));
    return ops_json_checked(object, failed);
}

static json_t *flags_value(const opsig_hypothesis_flags *flags)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "flagged", ops_json_count(flags->n_flagged));
    failed |= ops_json_put(object, "inconsistent", ops_json_count(flags->n_hits));
    failed |= ops_json_put(object, "precision", interval_value(flags->precision));
    failed |= ops_json_put(object, "recall", interval_value(flags->recall));
    return ops_json_checked(object, failed);
}

static json_t *prediction_value(const opsig_hypothesis *test)
{
    const opsig_hypothesis_flags *const flags = opsig_hypothesis_flags_of(test);
    json_t *object = json_object();
    json_t *gains = json_object();
    int failed = ops_json_put(object, "distinct_graphs", ops_json_count(flags->n_groups));
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        const opsig_predictor predictor = (opsig_predictor)p;
        const char *const name = opsig_predictor_name(predictor);
        failed |= ops_json_put(
            object, name, predictor_value(opsig_hypothesis_prediction(test, predictor)));
        if (predictor != OPSIG_PREDICTOR_SIGNATURES) {
            failed |=
                ops_json_put(gains, name, gain_value(opsig_hypothesis_gain(test, predictor)));
        }
    }
    failed |= ops_json_put(object, "gain_over", gains);
    failed |= ops_json_put(object, "high_findings", flags_value(flags));
    return ops_json_checked(object, failed);
}

static json_t *tolerance_value(const opsig_hypothesis_tolerance *row)
{
    json_t *object = json_object();
    json_t *auc = json_object();
    int failed = ops_json_put(object, "tolerance", ops_json_number(row->tolerance));
    failed |= ops_json_put(object, "inconsistent", ops_json_count(row->n_inconsistent));
    failed |= ops_json_put(object, "consistent", ops_json_count(row->n_consistent));
    failed |= ops_json_put(object, "sharing", effect_value(row->sharing));
    failed |= ops_json_put(object, "sharing_ratio", ops_json_number(row->sharing_ratio));
    failed |= ops_json_put(object, "order", effect_value(row->order));
    for (int p = 0; p < OPSIG_N_PREDICTORS; p++) {
        failed |= ops_json_put(auc, opsig_predictor_name((opsig_predictor)p),
                               interval_value(row->roc_auc[p]));
    }
    failed |= ops_json_put(object, "roc_auc", auc);
    failed |= ops_json_put(object, "gain_over_operators", effect_value(row->gain));
    return ops_json_checked(object, failed);
}

static json_t *tolerances_value(const opsig_hypothesis *test)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_hypothesis_n_tolerances(test); i++) {
        failed |= ops_json_add(array, tolerance_value(opsig_hypothesis_tolerance_at(test, i)));
    }
    return ops_json_checked(array, failed);
}

static json_t *age_value(const opsig_hypothesis_age *age)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "from", ops_json_count(age->from));
    failed |= ops_json_put(object, "to",
                           age->to == UINT32_MAX ? json_null() : ops_json_count(age->to));
    failed |= ops_json_put(object, "inconsistent", ops_json_number(age->inconsistent));
    failed |= ops_json_put(object, "consistent", ops_json_number(age->consistent));
    failed |= ops_json_put(object, "difference", effect_value(age->difference));
    return ops_json_checked(object, failed);
}

static json_t *evolution_value(const opsig_hypothesis *test)
{
    json_t *object = json_object();
    json_t *ages = json_array();
    int failed =
        ops_json_put(object, "known", ops_json_number(opsig_hypothesis_age_known(test)));
    for (size_t i = 0; i < opsig_hypothesis_n_ages(test); i++) {
        failed |= ops_json_add(ages, age_value(opsig_hypothesis_age_at(test, i)));
    }
    failed |= ops_json_put(object, "ages", ages);
    return ops_json_checked(object, failed);
}

static json_t *verdict_value(const opsig_hypothesis *test)
{
    json_t *object = json_object();
    json_t *reasons = json_array();
    int failed = ops_json_put(
        object, "verdict", ops_json_text(opsig_verdict_name(opsig_hypothesis_verdict(test))));
    for (size_t i = 0; i < opsig_hypothesis_n_reasons(test); i++) {
        failed |= ops_json_add(reasons, ops_json_text(opsig_hypothesis_reason(test, i)));
    }
    failed |= ops_json_put(object, "reasons", reasons);
    return ops_json_checked(object, failed);
}

static json_t *test_value(const opsig_hypothesis *test)
{
    json_t *object = verdict_value(test);
    int failed = ops_json_put(object, "design", design_value(opsig_hypothesis_design_of(test)));
    failed |= ops_json_put(object, "sharing", sharing_value(test));
    failed |= ops_json_put(object, "order", order_value(test));
    failed |= ops_json_put(object, "prediction", prediction_value(test));
    failed |= ops_json_put(object, "tolerances", tolerances_value(test));
    failed |= ops_json_put(object, "evolution", evolution_value(test));
    return ops_json_checked(object, failed);
}

/** Of a corpus that is only tested. */
static json_t *labels_value(const opsig_corpus *corpus)
{
    json_t *object = json_object();
    const size_t inconsistent = opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT);
    const size_t consistent = opsig_corpus_n_labelled(corpus, OPSIG_LABEL_CONSISTENT);
    int failed = ops_json_put(object, "inconsistent", ops_json_count(inconsistent));
    failed |= ops_json_put(object, "consistent", ops_json_count(consistent));
    return ops_json_checked(object, failed);
}

opsig_status ops_json_hypothesis(FILE *stream, const opsig_report_style *style,
                                 const struct ops_hypothesis_run *run, opsig_error *err)
{
    (void)style;
    json_t *object = json_object();
    int failed = ops_json_put(object, "oracle",
                              ops_json_text_or_null(opsig_corpus_oracle(run->corpus)));
    if (run->paper != NULL) {
        failed |= ops_json_put_paper(object, run->paper);
    } else {
        failed |= ops_json_put(object, "models", labels_value(run->corpus));
    }
    if (run->test != NULL) {
        failed |= ops_json_put(object, "test", test_value(run->test));
    }
    failed |= ops_json_put(object, "errors", ops_json_corpus_errors(run->corpus));
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}
