/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mining from corpus to database: group frequent patterns by their models, select those that are
 * evidence, fit the risk model over them, and write down where it all came from. */
#include <opsig/mine.h>

#include "base/mem.h"
#include "corpus/gspan.h"
#include "mine/mining.h"
#include "mine/provenance.h"

enum { DEFAULT_MIN_SUPPORT = 5 };

const char *opsig_correction_name(opsig_correction correction)
{
    static const char *const names[] = {"bh", "bonferroni", "tarone", "westfall-young"};
    return names[correction];
}

const char *opsig_mine_kind_name(opsig_mine_kind kind)
{
    static const char *const names[] = {"", "sequence", "subgraph", "both"};
    return names[kind];
}

void opsig_mine_options_init(opsig_mine_options *options)
{
    *options = (opsig_mine_options){.version = 1,
                                    .alphabet = OPSIG_ALPHABET_BOTH,
                                    .max_length = 6,
                                    .min_support = 0,
                                    .alpha = 0.05,
                                    .correction = OPSIG_CORRECTION_WESTFALL_YOUNG,
                                    .permutations = 1000,
                                    .max_patterns = 20000000,
                                    .folds = 5,
                                    .seed = 1,
                                    .kind = OPSIG_MINE_BOTH,
                                    .max_edges = 5,
                                    .n_threads = 1,
                                    .max_memory = UINT64_C(2) << 30};
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

static opsig_status check_request(const struct ops_mining *mining, opsig_error *err)
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
    const bool models = !ops_corpus_has_edge_labels(mining->corpus);
    if (!models && (options->kind & OPSIG_MINE_SEQUENCES) != 0) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1,
                             "graphs that are no models have subgraphs, not sequences");
    }
    if (models && options->undirected) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1,
                             "signatures of models are directed: a scan looks for those only");
    }
    if (options->permutations < 1) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1, "there must be a permutation");
    }
    if (!(options->alpha > 0 && options->alpha < 1)) {
        return ops_error_set(err, OPSIG_USAGE, "option", -1, "alpha is not between 0 and 1");
    }
    return OPSIG_OK;
}

static void report_progress(const struct ops_mining *mining, size_t done)
{
    if (mining->options->progress != NULL) {
        mining->options->progress("mine", done, 4, mining->options->payload);
    }
}

/** Searches, selects and fits. */
static opsig_status analyse(struct ops_mining *mining, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_mine_options *options = mining->options;
    struct ops_risk_options risk = {.select = {.correction = options->correction,
                                               .alpha = options->alpha,
                                               .n_permutations = options->permutations,
                                               .seed = options->seed,
                                               .min_support = mining->min_support},
                                    .folds = options->folds,
                                    .seed = options->seed,
                                    .corpus = mining->corpus};
    TRY(ops_design_new(&mining->design, mining->corpus, err));
    report_progress(mining, 0);
    TRY(ops_mining_search(mining, &risk.select, err));
    risk.field = mining->field;
    report_progress(mining, 1);
    struct ops_select_options on_all = risk.select;
    on_all.tally = &mining->tally;
    TRY(ops_select(&mining->selection, mining->classes, mining->design, mining->design->all,
                   &on_all, err));
    report_progress(mining, 2);
    mining->weights = ops_mem_zalloc(mining->selection.len, sizeof *mining->weights);
    if (mining->weights == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    if (!ops_corpus_has_edge_labels(mining->corpus)) {
        TRY(ops_risk_fit(&mining->database->risk, &mining->quality, mining->weights,
                         mining->classes, mining->design, &mining->selection, &risk, err));
    }
    report_progress(mining, 3);
done:
    return status;
}

static void mining_dispose(struct ops_mining *mining)
{
    ops_classes_free(mining->classes);
    ops_design_free(mining->design);
    ops_mine_field_free(mining->field);
    ops_vec_dispose(&mining->selection);
    ops_mem_free(mining->weights);
    ops_database_free(mining->database);
}

opsig_status opsig_mine(opsig_database **out, const opsig_corpus *corpus,
                        const opsig_mine_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_mining mining = {.corpus = corpus, .options = options};
    *out = NULL;
    TRY(check_request(&mining, err));
    mining.min_support = choose_min_support(
        options, opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT));
    TRY(ops_database_new(&mining.database, err));
    mining.database->alphabet = options->alphabet;
    TRY(analyse(&mining, err));
    TRY(ops_mining_add_signatures(&mining, err));
    TRY(ops_provenance_record(mining.database, corpus, options, mining.min_support,
                              mining.classes, &mining.tally, &mining.quality, err));
    report_progress(&mining, 4);
    *out = mining.database;
    mining.database = NULL;
done:
    mining_dispose(&mining);
    return status;
}
