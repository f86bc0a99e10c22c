/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file select.h  Which classes of patterns are evidence (method.md section 4). */
#ifndef OPSIG_MINE_SELECT_H
#define OPSIG_MINE_SELECT_H

#include <opsig/corpus.h>
#include <opsig/mine.h>

#include "mine/classes.h"
#include "stats/exact.h"

/** Labels and strata of a corpus as bit strings over its models. */
struct ops_design {
    uint32_t n_models, n_strata;
    size_t n_words;
    uint64_t *all, *inconsistent;
    uint64_t *strata; /* n_strata times n_words */
};

opsig_status ops_design_new(struct ops_design **out, const opsig_corpus *corpus,
                            opsig_error *err);
void ops_design_free(struct ops_design *design);
/** Is model m's bit set? */
static inline bool ops_bit(const uint64_t *bits, uint32_t m)
{
    return bits[m / 64] >> m % 64 & 1;
}

/** A class that says something about the labels. */
struct ops_selected {
    uint32_t class_id;
    bool significant;   /* after correction; else a term of the risk model only */
    double p;           /* one-sided exact CMH test */
    double log_p;       /* its natural logarithm, which does not underflow */
    double p_adjusted;  /* 1 where not significant by itself and not corrected */
    double log_lr_low;  /* natural logarithm of the likelihood ratio's lower end, > 0 */
};

typedef OPS_VEC(struct ops_selected) ops_selection;

/** What a correction came to. */
struct ops_select_tally {
    double level;         /* largest p-value that is significant; NaN: depends on the others (bh) */
    uint64_t tested, testable, significant; /* hypotheses: classes of patterns; testable ones could
                                               have reached the level under some labelling */
    uint64_t testable_patterns, significant_patterns; /* in those */
};

/** Levels of a selection. */
struct ops_select_options {
    opsig_correction correction;
    double alpha;            /* of the correction */
    uint32_t n_permutations; /* of Westfall-Young */
    uint64_t seed;           /* of the permutations */
    uint32_t min_support;    /* in the rows used */
    struct ops_select_tally *tally; /* filled in; NULL: nobody asks */
};

/** Logarithm of the largest p-value that is of any interest: that of a term of the risk model, or
 *  alpha. */
double ops_select_log_level(double alpha);

/**
 * Logarithm of the largest p-value that can be significant, given that these classes and perhaps
 * more are tested: Tarone's or Westfall and Young's bound over these, which more classes can only
 * lower; for the other corrections alpha. It knows the labels only by their number in each
 * stratum. So classes that cannot reach it need not be found, and the adjusted p-values of those
 * that are significant are the same without them.
 */
opsig_status ops_select_bound(double *out_log_p, struct ops_classes *classes,
                              const struct ops_design *design,
                              const struct ops_select_options *options, opsig_error *err);

/**
 * Tests every class on the models in `rows` and keeps those whose likelihood ratio is above 1
 * by its whole interval and that are significant after correction, or, as terms of the risk
 * model, are sequences that have p <= 0.05 before it. A pattern is kept beside a kept part of it
 * only where, among the models that hold the part, it is itself significant at 0.05; terms are held
 * against significant patterns and against each other. Simpler patterns are decided first.
 * @param rows  bits of the models to use
 * @param out   emptied first; simplest first, significant ones before others
 */
opsig_status ops_select(ops_selection *out, struct ops_classes *classes,
                        const struct ops_design *design, const uint64_t *rows,
                        const struct ops_select_options *options, opsig_error *err);

/** The 2x2xK table of a class among some models: strata without holders are left out. */
struct ops_table {
    const struct ops_stratum *strata;
    size_t n_strata;
    uint32_t inconsistent_holders; /* over all strata */
};

/** @param scratch  from ops_cmh_new; holds the strata until another table is made with it */
opsig_status ops_design_table(struct ops_table *out, const struct ops_design *design,
                              struct ops_cmh *scratch, const uint64_t *rows,
                              const uint64_t *holders, opsig_error *err);

/** Natural logarithm of the p-value of a class among `rows`. @param scratch  from ops_cmh_new */
double ops_design_log_p(const struct ops_design *design, struct ops_cmh *scratch,
                        const uint64_t *rows, const uint64_t *holders);

/** Models of one label among those in `rows` whose bits are set in `holders` (NULL: all). */
uint32_t ops_design_count(const struct ops_design *design, const uint64_t *rows,
                          const uint64_t *holders, bool inconsistent);

#endif
