/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file result.h  What opsig_hypothesis is inside, and the study that fills it. */
#ifndef OPSIG_HYPOTHESIS_RESULT_H
#define OPSIG_HYPOTHESIS_RESULT_H

#include <opsig/hypothesis.h>

#include "base/arena.h"
#include "hypothesis/each.h"
#include "hypothesis/pairs.h"
#include "hypothesis/sample.h"

enum { OPS_MAX_REASONS = 8, OPS_MAX_AGES = 4 };

struct opsig_hypothesis {
    struct ops_arena arena; /* holds all arrays and strings */
    opsig_hypothesis_design design;
    opsig_hypothesis_sharing sharing;
    opsig_hypothesis_order order;
    opsig_hypothesis_strongest present, ordered;
    opsig_prediction predictions[OPSIG_N_PREDICTORS];
    opsig_prediction_gain gains[OPSIG_N_PREDICTORS]; /* by baseline */
    opsig_hypothesis_flags flags;
    opsig_hypothesis_tolerance *tolerances;
    size_t n_tolerances;
    opsig_hypothesis_age ages[OPS_MAX_AGES];
    size_t n_ages;
    double age_known;
    opsig_verdict verdict;
    const char *reasons[OPS_MAX_REASONS];
    size_t n_reasons;
};

/** One run of opsig_hypothesis_test. */
struct ops_study {
    const opsig_corpus *corpus;
    const opsig_hypothesis_options *options;
    struct ops_each each;
    struct ops_sample *sample;
    struct ops_mine_field *field; /* operators without attributes */
    struct ops_pairs shared;      /* sequences; by place */
    struct ops_pairs remainder;   /* of their logarithm, after operators and degrees; by place */
    struct opsig_hypothesis *out;
};

/** A value that could not be had. */
static inline opsig_effect ops_no_effect(void)
{
    return (opsig_effect){__builtin_nan(""), __builtin_nan(""), __builtin_nan(""),
                          __builtin_nan("")};
}

static inline opsig_interval ops_no_interval(void)
{
    return (opsig_interval){__builtin_nan(""), __builtin_nan(""), __builtin_nan("")};
}

/** Room in the result for n numbers. */
opsig_status ops_study_numbers(struct ops_study *study, uint32_t n, double **out,
                               opsig_error *err);

/* The steps, each on its own file; each fills in its part of the result. */

/** Also study->shared. */
opsig_status ops_study_sharing(struct ops_study *study, opsig_error *err);
/** Also study->remainder, from study->shared. */
opsig_status ops_study_order(struct ops_study *study, opsig_error *err);
opsig_status ops_study_evolution(struct ops_study *study, opsig_error *err);
/** After all others. */
opsig_status ops_study_verdict(struct ops_study *study, opsig_error *err);

#endif
