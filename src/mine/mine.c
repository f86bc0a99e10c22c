/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mining from corpus to database: group frequent sequences by their models, select those that are
 * evidence, fit the risk model over them, and write down where it all came from. */
#include <opsig/mine.h>

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "mine/evidence.h"
#include "mine/provenance.h"
#include "mine/risk.h"
#include "stats/interval.h"

enum { DEFAULT_MIN_SUPPORT = 5 };

/** One run of opsig_mine. */
struct mining {
    const opsig_corpus *corpus;
    const opsig_mine_options *options;
    uint32_t min_support;
    struct ops_mine_field *field;
    struct ops_classes *classes;
    struct ops_design *design;
    struct ops_trace *trace;
    ops_selection selection;
    double *weights; /* by place in selection */
    struct ops_risk_quality quality;
    struct opsig_database *database;
};

const char *opsig_correction_name(opsig_correction correction)
{
    static const char *const names[] = {"bh", "bonferroni", "tarone", "westfall-young"};
    return names[correction];
}

void opsig_mine_options_init(opsig_mine_options *options)
{
    *options = (opsig_mine_options){.version = 1,
                                    .alphabet = OPSIG_ALPHABET_BOTH,
                                    .max_length = 6,
                                    .min_support = 0,
                                    .alpha = 0.05,
                                    .correction = OPSIG_CORRECTION_BH,
                                    .permutations = 1000,
                                    .max_patterns = 20000000,
                                    .folds = 5,
                                    .seed = 1};
}

/** The support asked for; by default 5, or less where so few models are inconsistent that no
 *  sequence could have it in them. */
static uint32_t choose_min_support(const opsig_mine_options *options, size_t n_inconsistent)
{
    if (options->min_support > 0) {
        return options->min_support;
    }
    if (n_inconsistent >= DEFAULT_MIN_SUPPORT) {
        return DEFAULT_MIN_SUPPORT;
    }
    return n_inconsistent < 2 ? 2 : (uint32_t)n_inconsistent;
}

static opsig_status check_request(const struct mining *mining, opsig_error *err)
{
    const opsig_mine_options *options = mining->options;
    size_t n_inconsistent = opsig_corpus_n_labelled(mining->corpus, OPSIG_LABEL_INCONSISTENT);
    if (n_inconsistent == 0 || n_inconsistent == opsig_corpus_n_models(mining->corpus)) {
        return ops_error_set(err, OPSIG_USAGE, "corpus", -1,
                             "mining needs inconsistent and consistent models; there are %zu and "
                             "%zu",
                             n_inconsistent,
                             opsig_corpus_n_labelled(mining->corpus, OPSIG_LABEL_CONSISTENT));
    }
    if (options->max_length < 1 || options->max_length > OPSIG_PATTERN_MAX_VERTICES) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1, "the length is not in 1 ... %d",
                             OPSIG_PATTERN_MAX_VERTICES);
    }
    if (options->permutations < 1) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1, "there must be a permutation");
    }
    if (!(options->alpha > 0 && options->alpha < 1)) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1, "alpha is not between 0 and 1");
    }
    return OPSIG_OK;
}

static void report_progress(const struct mining *mining, size_t done)
{
    if (mining->options->progress != NULL) {
        mining->options->progress("mine", done, 4, mining->options->payload);
    }
}

/** Explores, selects and fits. */
static opsig_status analyse(struct mining *mining, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_mine_options *options = mining->options;
    struct ops_explore_bounds bounds = {.min_support = mining->min_support,
                                        .max_length = options->max_length,
                                        .max_patterns = options->max_patterns,
                                        .cancel = options->cancel};
    struct ops_risk_options risk = {.select = {.correction = options->correction,
                                               .alpha = options->alpha,
                                               .n_permutations = options->permutations,
                                               .seed = options->seed,
                                               .min_support = mining->min_support},
                                    .folds = options->folds,
                                    .seed = options->seed};
    TRY(ops_mine_field_new(&mining->field, mining->corpus, options->alphabet, err));
    TRY(ops_design_new(&mining->design, mining->corpus, err));
    report_progress(mining, 0);
    TRY(ops_classes_mine(&mining->classes, mining->field, &bounds, err));
    report_progress(mining, 1);
    TRY(ops_select(&mining->selection, mining->classes, mining->design, mining->design->all,
                   &risk.select, err));
    report_progress(mining, 2);
    mining->weights = ops_mem_zalloc(mining->selection.len, sizeof *mining->weights);
    if (mining->weights == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(ops_risk_fit(&mining->database->risk, &mining->quality, mining->weights, mining->classes,
                     mining->design, &mining->selection, &risk, err));
    report_progress(mining, 3);
done:
    return status;
}

/** p-value of a sequence among the models that hold all of its symbols, in whatever order. */
static opsig_status order_p(const struct mining *mining, const struct ops_class *class,
                            struct ops_cmh *cmh, double *out, opsig_error *err)
{
    size_t n_words = mining->design->n_words;
    uint64_t *within = ops_mem_dup(mining->design->all, n_words * sizeof *within);
    if (within == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t k = 0; k < class->generator.n; k++) {
        const uint64_t *single = mining->classes->singles[class->generator.symbols[k]];
        for (size_t w = 0; single != NULL && w < n_words; w++) {
            within[w] &= single[w];
        }
    }
    double log_p = ops_design_log_p(mining->design, cmh, within, class->models);
    ops_mem_free(within);
    *out = exp(log_p);
    return isnan(log_p) ? ops_error_nomem(err) : OPSIG_OK;
}

/** Adds the signature, or the term of the risk model, that a selected class makes. */
static opsig_status add_signature(struct mining *mining, size_t i, struct ops_cmh *cmh,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_selected *selected = &mining->selection.items[i];
    const struct ops_class *class = &mining->classes->classes.items[selected->class_id];
    const struct ops_design *design = mining->design;
    struct opsig_signature *signature = NULL;
    if (!selected->significant && mining->weights[i] == 0) {
        return OPSIG_OK;
    }
    TRY(ops_database_add(mining->database, &signature, err));
    TRY(ops_sequence_pattern(&signature->pattern, mining->field->symbols, class->generator, err));
    TRY(ops_sequence_pattern(&signature->context, mining->field->symbols, class->closed, err));
    ops_statistics_fill(&signature->statistics,
                        ops_design_count(design, design->all, class->models, true),
                        ops_design_count(design, design->all, NULL, true),
                        ops_design_count(design, design->all, class->models, false),
                        ops_design_count(design, design->all, NULL, false));
    signature->statistics.p = selected->p;
    signature->statistics.p_adjusted = selected->p_adjusted;
    signature->significant = selected->significant;
    signature->weight = mining->weights[i];
    TRY(order_p(mining, class, cmh, &signature->statistics.p_order, err));
    if (selected->significant) {
        TRY(ops_evidence_collect(signature, mining->trace, class->generator, mining->corpus, err));
    }
done:
    return status;
}

static opsig_status add_models(struct mining *mining, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t m = 0; m < opsig_corpus_n_models(mining->corpus); m++) {
        struct ops_db_model model = {
            .path = ops_mem_strdup(opsig_corpus_path(mining->corpus, m)),
            .inconsistent =
                opsig_corpus_label(mining->corpus, m) == OPSIG_LABEL_INCONSISTENT,
        };
        snprintf(model.sha256, sizeof model.sha256, "%s",
                 opsig_corpus_sha256(mining->corpus, m));
        if (model.path == NULL) {
            return ops_error_nomem(err);
        }
        status = ops_vec_push(&mining->database->models, model, err);
        if (status != OPSIG_OK) {
            ops_mem_free(model.path);
            return status;
        }
    }
    return status;
}

static opsig_status add_signatures(struct mining *mining, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_cmh *cmh = ops_cmh_new();
    if (cmh == NULL) {
        return ops_error_nomem(err);
    }
    TRY(ops_trace_new(&mining->trace, mining->field, err));
    TRY(add_models(mining, err));
    for (size_t i = 0; i < mining->selection.len; i++) {
        TRY(add_signature(mining, i, cmh, err));
    }
    ops_database_sort(mining->database);
done:
    ops_cmh_free(cmh);
    return status;
}

static void mining_dispose(struct mining *mining)
{
    ops_trace_free(mining->trace);
    ops_classes_free(mining->classes);
    ops_design_free(mining->design);
    ops_mine_field_free(mining->field);
    ops_vec_dispose(&mining->selection);
    ops_mem_free(mining->weights);
    opsig_database_free(mining->database);
}

opsig_status opsig_mine(opsig_database **out, const opsig_corpus *corpus,
                        const opsig_mine_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct mining mining = {.corpus = corpus, .options = options};
    *out = NULL;
    TRY(check_request(&mining, err));
    mining.min_support = choose_min_support(
        options, opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT));
    TRY(ops_database_new(&mining.database, err));
    mining.database->alphabet = options->alphabet;
    TRY(analyse(&mining, err));
    TRY(add_signatures(&mining, err));
    TRY(ops_provenance_record(mining.database, corpus, options, mining.min_support,
                              mining.classes, &mining.quality, err));
    report_progress(&mining, 4);
    *out = mining.database;
    mining.database = NULL;
done:
    mining_dispose(&mining);
    return status;
}
