/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Testing, correction and redundancy. Every class is one hypothesis; those that are too rare
 * among the rows used are not tested and not counted. */
#include "mine/select.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mine/westfall_young.h"
#include "pattern/contain.h"
#include "stats/interval.h"
#include "stats/multiple.h"

/** Level at which a term of the risk model must be significant by itself, and at which a longer
 *  sequence must add to a kept part of it. */
static const double LEVEL = 0.05;

double ops_select_log_level(double alpha)
{
    return log(fmax(alpha, LEVEL));
}

/** One selection in progress. */
struct selection {
    struct ops_classes *classes;
    const struct ops_design *design;
    const uint64_t *rows;
    const struct ops_select_options *options;
    struct ops_cmh *cmh;
    uint64_t *within;     /* n_words: rows that hold a part */
    ops_selection tested; /* every class that is frequent among the rows */
};

static const struct ops_class *class_of(const struct selection *selection,
                                        const struct ops_selected *selected)
{
    return &selection->classes->classes.items[selected->class_id];
}

/** Tests one class; pushes nothing where it is too rare. */
static opsig_status test_class(struct selection *selection, uint32_t id, opsig_error *err)
{
    const struct ops_design *design = selection->design;
    const uint64_t *models = selection->classes->classes.items[id].models;
    uint32_t with_inc = ops_design_count(design, selection->rows, models, true);
    uint32_t with_con = ops_design_count(design, selection->rows, models, false);
    if (with_inc + with_con < selection->options->min_support) {
        return OPSIG_OK;
    }
    double log_p = ops_design_log_p(design, selection->cmh, selection->rows, models);
    if (isnan(log_p)) {
        return ops_error_nomem(err);
    }
    opsig_interval lr = ops_likelihood_ratio(
        with_inc, ops_design_count(design, selection->rows, NULL, true), with_con,
        ops_design_count(design, selection->rows, NULL, false));
    struct ops_selected tested = {
        .class_id = id,
                                  .p = exp(log_p),
                                  .log_p = log_p,
                                  .p_adjusted = 1,
                                  .log_lr_low = log(lr.low)};
    return ops_vec_push(&selection->tested, tested, err);
}

/** Smallest p-values of the classes tested under permuted labels; the caller's. */
static opsig_status permute(struct ops_westfall_young *out, const struct selection *selection,
                            opsig_error *err)
{
    const size_t n = selection->tested.len;
    uint32_t *class_ids = ops_mem_zalloc(n, sizeof *class_ids);
    if (class_ids == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        class_ids[i] = selection->tested.items[i].class_id;
    }
    const opsig_status status = ops_westfall_young_run(
        out, selection->classes, selection->design, selection->rows, class_ids, n,
        selection->options->n_permutations, selection->options->seed, err);
    ops_mem_free(class_ids);
    return status;
}

/** Fills `out` with the p-values of all classes tested, adjusted by permuted labels. */
static opsig_status adjust_by_permutation(const struct selection *selection, double *out,
                                          double *level, opsig_error *err)
{
    struct ops_westfall_young minima = {NULL, 0};
    const opsig_status status = permute(&minima, selection, err);
    for (size_t i = 0; status == OPSIG_OK && i < selection->tested.len; i++) {
        out[i] = ops_westfall_young_adjust(&minima, selection->tested.items[i].log_p);
    }
    if (status == OPSIG_OK) {
        *level = exp(ops_westfall_young_bound(&minima, selection->options->alpha));
    }
    ops_mem_free(minima.min_log_p);
    return status;
}

/** The smallest p-values that the classes tested could have attained; the caller's. */
static opsig_status list_min_p(double **out, const struct selection *selection, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n = selection->tested.len;
    double *min_p = ops_mem_zalloc(n, sizeof *min_p);
    *out = NULL;
    TRY(min_p != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (size_t i = 0; i < n; i++) {
        struct ops_table table;
        TRY(ops_design_table(&table, selection->design, selection->cmh, selection->rows,
                             class_of(selection, &selection->tested.items[i])->models, err));
        min_p[i] = exp(ops_cmh_log_min_p(table.strata, table.n_strata));
    }
    *out = min_p;
    min_p = NULL;
done:
    ops_mem_free(min_p);
    return status;
}

/** Likewise, by the smallest p-values that could have been attained. */
static opsig_status adjust_testable(const struct selection *selection, const double *p,
                                    double *out, double *level, opsig_error *err)
{
    const double alpha = selection->options->alpha;
    const size_t n = selection->tested.len;
    double *min_p = NULL;
    opsig_status status = list_min_p(&min_p, selection, err);
    if (status == OPSIG_OK && ops_adjust_tarone(p, min_p, n, alpha, out) != 0) {
        status = ops_error_nomem(err);
    }
    if (status == OPSIG_OK && n > 0) {
        *level = alpha / (double)ops_tarone_tests(min_p, n, alpha);
    }
    ops_mem_free(min_p);
    return status;
}

/** @param level  set to the largest p-value that is significant, where there is one for all */
static opsig_status adjust(struct selection *selection, const double *p, double *out,
                           double *level, opsig_error *err)
{
    const double n = (double)selection->tested.len;
    switch (selection->options->correction) {
    case OPSIG_CORRECTION_BH:
        return ops_adjust_bh(p, selection->tested.len, n, out) == 0 ? OPSIG_OK
                                                                    : ops_error_nomem(err);
    case OPSIG_CORRECTION_BONFERRONI:
        ops_adjust_bonferroni(p, selection->tested.len, n, out);
        *level = selection->options->alpha / n;
        return OPSIG_OK;
    case OPSIG_CORRECTION_TARONE:
        return adjust_testable(selection, p, out, level, err);
    case OPSIG_CORRECTION_WESTFALL_YOUNG:
        return adjust_by_permutation(selection, out, level, err);
    }
    return ops_error_set(err, OPSIG_USAGE, "option", -1, "unknown correction");
}

/** Counts what the correction came to. */
static opsig_status count_tests(struct ops_select_tally *out, const struct selection *selection,
                                double level, opsig_error *err)
{
    double *min_p = NULL;
    const opsig_status status = list_min_p(&min_p, selection, err);
    *out = (struct ops_select_tally){.level = level, .tested = selection->tested.len};
    for (size_t i = 0; status == OPSIG_OK && i < selection->tested.len; i++) {
        const struct ops_selected *const tested = &selection->tested.items[i];
        const uint64_t n_patterns = class_of(selection, tested)->n_patterns;
        const bool testable = isnan(level) || min_p[i] <= level;
        out->testable += testable;
        out->testable_patterns += testable ? n_patterns : 0;
        out->significant += tested->significant;
        out->significant_patterns += tested->significant ? n_patterns : 0;
    }
    ops_mem_free(min_p);
    return status;
}

/** Adjusts the p-values of all classes tested and marks the significant ones. */
static opsig_status correct(struct selection *selection, opsig_error *err)
{
    size_t n = selection->tested.len;
    double *p = ops_mem_zalloc(n, 2 * sizeof *p);
    if (p == NULL) {
        return ops_error_nomem(err);
    }
    double *adjusted = p + n;
    for (size_t i = 0; i < n; i++) {
        p[i] = selection->tested.items[i].p;
    }
    double level = NAN;
    opsig_status status = adjust(selection, p, adjusted, &level, err);
    for (size_t i = 0; i < n && status == OPSIG_OK; i++) {
        struct ops_selected *tested = &selection->tested.items[i];
        tested->p_adjusted = adjusted[i];
        tested->significant = adjusted[i] <= selection->options->alpha;
    }
    if (status == OPSIG_OK && selection->options->tally != NULL) {
        status = count_tests(selection->options->tally, selection, level, err);
    }
    ops_mem_free(p);
    return status;
}

/** Significant ones first, then simpler ones. */
static int compare_selected(const void *a, const void *b, void *payload)
{
    const struct ops_selected *x = a;
    const struct ops_selected *y = b;
    const struct ops_classes *classes = ((const struct selection *)payload)->classes;
    if (x->significant != y->significant) {
        return x->significant ? -1 : 1;
    }
    return ops_code_order(classes->symbols, classes->classes.items[x->class_id].generator,
                          classes->classes.items[y->class_id].generator);
}

/** Terms of the risk model are significant, or at least sequences that are so before correction:
 *  judged by cross-validation, subgraphs that are not significant only add noise. */
static bool is_candidate(const struct selection *selection, const struct ops_selected *tested)
{
    return tested->log_lr_low > 0 &&
           (tested->significant ||
            (tested->p <= LEVEL &&
             ops_code_is_sequence(class_of(selection, tested)->generator)));
}

/** Drops what is no candidate and sorts the rest. */
static void keep_candidates(struct selection *selection)
{
    size_t n = 0;
    for (size_t i = 0; i < selection->tested.len; i++) {
        struct ops_selected tested = selection->tested.items[i];
        if (is_candidate(selection, &tested)) {
            selection->tested.items[n++] = tested;
        }
    }
    selection->tested.len = n;
    if (n > 1) {
        qsort_r(selection->tested.items, n, sizeof *selection->tested.items, compare_selected,
                selection);
    }
}

/** Is the candidate significant among the models that hold the part? NaN p: memory ran out. */
static double p_beside(struct selection *selection, const struct ops_class *candidate,
                       const struct ops_class *part)
{
    for (size_t w = 0; w < selection->design->n_words; w++) {
        selection->within[w] = selection->rows[w] & part->models[w];
    }
    return exp(ops_design_log_p(selection->design, selection->cmh, selection->within,
                                candidate->models));
}

/** Do all models of one class belong to the other? */
static bool is_subset(const struct selection *selection, const struct ops_class *some,
                      const struct ops_class *all)
{
    for (size_t w = 0; w < selection->classes->n_words; w++) {
        if ((some->models[w] & ~all->models[w]) != 0) {
            return false;
        }
    }
    return true;
}

/** Is one class's pattern part of another's? Then its models hold the other's, which is quickly
 *  told. */
static opsig_status is_part(const struct selection *selection, const struct ops_selected *whole,
                            const struct ops_selected *part, bool *out, opsig_error *err)
{
    *out = false;
    if (!is_subset(selection, class_of(selection, whole), class_of(selection, part))) {
        return OPSIG_OK;
    }
    const opsig_pattern *x = ops_classes_pattern(selection->classes, whole->class_id, err);
    const opsig_pattern *y = ops_classes_pattern(selection->classes, part->class_id, err);
    if (x == NULL || y == NULL) {
        return OPSIG_NOMEM;
    }
    *out = ops_pattern_contains(x, y);
    return OPSIG_OK;
}

/** Does the candidate add to each kept part of it? Kept ones are in `out`. */
static opsig_status adds_evidence(struct selection *selection, const struct ops_selected *candidate,
                                  const ops_selection *out, bool *adds, opsig_error *err)
{
    *adds = true;
    for (size_t i = 0; i < out->len && *adds; i++) {
        bool contains = false;
        const opsig_status status = is_part(selection, candidate, &out->items[i], &contains, err);
        if (status != OPSIG_OK) {
            return status;
        }
        if (!contains) {
            continue;
        }
        const double p = p_beside(selection, class_of(selection, candidate),
                                  class_of(selection, &out->items[i]));
        if (isnan(p)) {
            return ops_error_nomem(err);
        }
        *adds = p <= LEVEL;
    }
    return OPSIG_OK;
}

static opsig_status keep_evidence(struct selection *selection, ops_selection *out,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < selection->tested.len; i++) {
        bool adds = false;
        TRY(adds_evidence(selection, &selection->tested.items[i], out, &adds, err));
        if (adds) {
            TRY(ops_vec_push(out, selection->tested.items[i], err));
        }
    }
done:
    return status;
}

/** Makes ready and tests. @param selection  zeroed; disposed of by the caller, also on failure */
static opsig_status start(struct selection *selection, struct ops_classes *classes,
                          const struct ops_design *design, const uint64_t *rows,
                          const struct ops_select_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    selection->classes = classes;
    selection->design = design;
    selection->rows = rows;
    selection->options = options;
    selection->cmh = ops_cmh_new();
    selection->within = ops_mem_zalloc(design->n_words, sizeof *selection->within);
    TRY(selection->cmh != NULL && selection->within != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t id = 0; id < classes->classes.len; id++) {
        TRY(test_class(selection, id, err));
    }
done:
    return status;
}

static void selection_dispose(struct selection *selection)
{
    ops_cmh_free(selection->cmh);
    ops_mem_free(selection->within);
    ops_vec_dispose(&selection->tested);
}

opsig_status ops_select(ops_selection *out, struct ops_classes *classes,
                        const struct ops_design *design, const uint64_t *rows,
                        const struct ops_select_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct selection selection = {0};
    out->len = 0;
    TRY(start(&selection, classes, design, rows, options, err));
    TRY(correct(&selection, err));
    keep_candidates(&selection);
    TRY(keep_evidence(&selection, out, err));
done:
    selection_dispose(&selection);
    return status;
}

/** Tarone's level over what was tested. */
static opsig_status bound_testable(double *out_log_p, const struct selection *selection,
                                   opsig_error *err)
{
    double *min_p = NULL;
    const double alpha = selection->options->alpha;
    const opsig_status status = list_min_p(&min_p, selection, err);
    if (status != OPSIG_OK) {
        return status;
    }
    const size_t n_tests = ops_tarone_tests(min_p, selection->tested.len, alpha);
    ops_mem_free(min_p);
    *out_log_p = log(alpha / (double)n_tests);
    return n_tests > 0 ? OPSIG_OK : ops_error_nomem(err);
}

opsig_status ops_select_bound(double *out_log_p, struct ops_classes *classes,
                              const struct ops_design *design,
                              const struct ops_select_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct selection selection = {0};
    struct ops_westfall_young minima = {NULL, 0};
    *out_log_p = log(options->alpha);
    if (options->correction == OPSIG_CORRECTION_TARONE) {
        TRY(start(&selection, classes, design, design->all, options, err));
        TRY(bound_testable(out_log_p, &selection, err));
    } else if (options->correction == OPSIG_CORRECTION_WESTFALL_YOUNG) {
        TRY(start(&selection, classes, design, design->all, options, err));
        TRY(permute(&minima, &selection, err));
        *out_log_p = ops_westfall_young_bound(&minima, options->alpha);
    }
done:
    ops_mem_free(minima.min_log_p);
    selection_dispose(&selection);
    return status;
}
