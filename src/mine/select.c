/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Testing, correction and redundancy. Every class is one hypothesis; those that are too rare
 * among the rows used are not tested and not counted. */
#include "mine/select.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mine/westfall_young.h"
#include "stats/interval.h"
#include "stats/multiple.h"

/** Level at which a term of the risk model must be significant by itself, and at which a longer
 *  sequence must add to a kept part of it. */
static const double LEVEL = 0.05;

/** One selection in progress. */
struct selection {
    const struct ops_classes *classes;
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

/** Fills `out` with the p-values of all classes tested, adjusted by permuted labels. */
static opsig_status adjust_by_permutation(struct selection *selection, double *out,
                                          opsig_error *err)
{
    size_t n = selection->tested.len;
    struct ops_westfall_young minima;
    uint32_t *class_ids = ops_mem_zalloc(n, sizeof *class_ids);
    if (class_ids == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        class_ids[i] = selection->tested.items[i].class_id;
    }
    opsig_status status = ops_westfall_young_run(
        &minima, selection->classes, selection->design, selection->rows, class_ids, n,
        selection->options->n_permutations, selection->options->seed, err);
    for (size_t i = 0; status == OPSIG_OK && i < n; i++) {
        out[i] = ops_westfall_young_adjust(&minima, selection->tested.items[i].log_p);
    }
    ops_mem_free(minima.min_log_p);
    ops_mem_free(class_ids);
    return status;
}

/** Likewise, by the smallest p-values that could have been attained. */
static opsig_status adjust_testable(struct selection *selection, const double *p, double *out,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    size_t n = selection->tested.len;
    double *min_p = ops_mem_zalloc(n, sizeof *min_p);
    if (min_p == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        struct ops_table table;
        TRY(ops_design_table(&table, selection->design, selection->rows,
                             class_of(selection, &selection->tested.items[i])->models, err));
        min_p[i] = exp(ops_cmh_log_min_p(table.strata, table.n_strata));
        ops_table_dispose(&table);
    }
    if (ops_adjust_tarone(p, min_p, n, selection->options->alpha, out) != 0) {
        status = ops_error_nomem(err);
    }
done:
    ops_mem_free(min_p);
    return status;
}

static opsig_status adjust(struct selection *selection, const double *p, double *out,
                           opsig_error *err)
{
    size_t n = selection->tested.len;
    switch (selection->options->correction) {
    case OPSIG_CORRECTION_BH:
        return ops_adjust_bh(p, n, (double)n, out) == 0 ? OPSIG_OK : ops_error_nomem(err);
    case OPSIG_CORRECTION_BONFERRONI:
        ops_adjust_bonferroni(p, n, (double)n, out);
        return OPSIG_OK;
    case OPSIG_CORRECTION_TARONE:
        return adjust_testable(selection, p, out, err);
    case OPSIG_CORRECTION_WESTFALL_YOUNG:
        return adjust_by_permutation(selection, out, err);
    }
    return ops_error_set(err, OPSIG_USAGE, "option", -1, "unknown correction");
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
    opsig_status status = adjust(selection, p, adjusted, err);
    for (size_t i = 0; i < n && status == OPSIG_OK; i++) {
        struct ops_selected *tested = &selection->tested.items[i];
        tested->p_adjusted = adjusted[i];
        tested->significant = adjusted[i] <= selection->options->alpha;
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
    return ops_sequence_order(classes->field->symbols,
                              classes->classes.items[x->class_id].generator,
                              classes->classes.items[y->class_id].generator);
}

/** Drops what is no candidate and sorts the rest. */
static void keep_candidates(struct selection *selection)
{
    size_t n = 0;
    for (size_t i = 0; i < selection->tested.len; i++) {
        struct ops_selected tested = selection->tested.items[i];
        if (tested.log_lr_low > 0 && (tested.significant || tested.p <= LEVEL)) {
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

/** Does the candidate add to each kept part of it? Kept ones are in `out`. */
static opsig_status adds_evidence(struct selection *selection, const struct ops_selected *candidate,
                                  const ops_selection *out, bool *adds, opsig_error *err)
{
    const struct ops_class *whole = class_of(selection, candidate);
    *adds = true;
    for (size_t i = 0; i < out->len && *adds; i++) {
        const struct ops_class *part = class_of(selection, &out->items[i]);
        if (!ops_sequence_contains(selection->classes->field->symbols, whole->generator,
                                   part->generator)) {
            continue;
        }
        double p = p_beside(selection, whole, part);
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

opsig_status ops_select(ops_selection *out, const struct ops_classes *classes,
                        const struct ops_design *design, const uint64_t *rows,
                        const struct ops_select_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct selection selection = {
        .classes = classes, .design = design, .rows = rows, .options = options};
    out->len = 0;
    selection.cmh = ops_cmh_new();
    selection.within = ops_mem_zalloc(design->n_words, sizeof *selection.within);
    if (selection.cmh == NULL || selection.within == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    for (uint32_t id = 0; id < classes->classes.len; id++) {
        TRY(test_class(&selection, id, err));
    }
    TRY(correct(&selection, err));
    keep_candidates(&selection);
    TRY(keep_evidence(&selection, out, err));
done:
    ops_cmh_free(selection.cmh);
    ops_mem_free(selection.within);
    ops_vec_dispose(&selection.tested);
    return status;
}
