/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A database says how it was made, so that a finding can be traced and a mine repeated. No times
 * and no machine names: the same corpus and options give the same bytes. */
#include "mine/provenance.h"

#include <math.h>

#include <opsig/version.h>

#include "base/number.h"
#include "mine/culprit.h"

/** A number under its key. */
struct figure {
    const char *key;
    double value;
};

/** @param digits  significant ones; 0: as many as it takes to read the number back */
static opsig_status note_figures(struct opsig_database *database, const struct figure *figures,
                                 size_t n, int digits, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n; i++) {
        char text[32];
        if (isnan(figures[i].value)) {
            continue;
        }
        if (digits == 0) {
            ops_number_format(figures[i].value, text);
        } else {
            ops_number_format_digits(figures[i].value, digits, text);
        }
        TRY(ops_database_note(database, figures[i].key, text, err));
    }
done:
    return status;
}

static opsig_status note_corpus(struct opsig_database *database, const opsig_corpus *corpus,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct figure figures[] = {
        {"corpus.models", (double)opsig_corpus_n_models(corpus)},
        {"corpus.inconsistent",
         (double)opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT)},
        {"corpus.consistent", (double)opsig_corpus_n_labelled(corpus, OPSIG_LABEL_CONSISTENT)},
        {"corpus.left_out", (double)opsig_corpus_n_left_out(corpus)},
        {"corpus.duplicates", (double)opsig_corpus_n_duplicates(corpus)},
        {"corpus.errors", (double)opsig_corpus_n_errors(corpus)},
        {"corpus.strata", opsig_corpus_n_strata(corpus)},
    };
    TRY(note_figures(database, figures, sizeof figures / sizeof *figures, 0, err));
    TRY(ops_database_note(database, "corpus.digest", opsig_corpus_digest(corpus), err));
    TRY(ops_database_note(database, "oracle", opsig_corpus_oracle(corpus), err));
done:
    return status;
}

static opsig_status note_options(struct opsig_database *database,
                                 const opsig_mine_options *options, uint32_t min_support,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct figure figures[] = {
        {"option.alpha", options->alpha},
        {"option.folds", options->folds},
        {"option.max_edges", options->max_edges},
        {"option.max_length", options->max_length},
        {"option.min_support", min_support},
        {"option.permutations", options->permutations},
        {"option.seed", (double)options->seed},
    };
    TRY(note_figures(database, figures, sizeof figures / sizeof *figures, 0, err));
    TRY(ops_database_note(database, "option.correction",
                          opsig_correction_name(options->correction), err));
    TRY(ops_database_note(database, "option.edge_slots", options->edge_slots ? "1" : "0", err));
    TRY(ops_database_note(database, "option.kind", opsig_mine_kind_name(options->kind), err));
    TRY(ops_database_note(database, "option.alphabet", ops_alphabet_name(options->alphabet), err));
    TRY(ops_database_note(database, "tool.version", OPSIG_VERSION, err));
done:
    return status;
}

static opsig_status note_quality(struct opsig_database *database,
                                 const struct ops_risk_quality *quality, opsig_error *err)
{
    const struct figure figures[] = {
        {"risk.folds", quality->folds},
        {"risk.roc_auc", quality->roc_auc},
        {"risk.average_precision", quality->average_precision},
        {"risk.precision", quality->precision},
        {"risk.recall", quality->recall},
        {"risk.log_loss", quality->log_loss},
    };
    return quality->folds == 0 ? OPSIG_OK
                               : note_figures(database, figures,
                                              sizeof figures / sizeof *figures, 6, err);
}

static opsig_status note_culprits(struct opsig_database *database, const opsig_corpus *corpus,
                                  opsig_error *err)
{
    struct ops_culprit_hits hits;
    opsig_status status = ops_culprit_compare(&hits, database, corpus, err);
    if (status != OPSIG_OK || hits.known == 0) {
        return status;
    }
    const struct figure figures[] = {
        {"culprit.known", hits.known},
        {"culprit.models_with_findings", hits.found},
        {"culprit.in_first_finding", hits.first},
        {"culprit.in_first_three", hits.three},
        {"culprit.in_any_finding", hits.any},
    };
    return note_figures(database, figures, sizeof figures / sizeof *figures, 0, err);
}

opsig_status ops_provenance_record(struct opsig_database *database, const opsig_corpus *corpus,
                                   const opsig_mine_options *options, uint32_t min_support,
                                   const struct ops_classes *classes,
                                   const struct ops_select_tally *tally,
                                   const struct ops_risk_quality *quality, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct figure search[] = {
        {"search.patterns", (double)classes->n_patterns},
        {"search.hypotheses", (double)classes->classes.len},
        {"test.level", tally->level},
        {"test.tested", (double)tally->tested},
        {"test.testable", (double)tally->testable},
        {"test.testable_patterns", (double)tally->testable_patterns},
        {"test.significant", (double)tally->significant},
        {"test.significant_patterns", (double)tally->significant_patterns},
    };
    TRY(note_figures(database, search, sizeof search / sizeof *search, 0, err));
    TRY(note_corpus(database, corpus, err));
    TRY(note_options(database, options, min_support, err));
    TRY(note_quality(database, quality, err));
    TRY(note_culprits(database, corpus, err));
done:
    return status;
}
