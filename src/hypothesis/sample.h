/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file sample.h  The models of a study, by stratum, and other labels that they could have had. */
#ifndef OPSIG_HYPOTHESIS_SAMPLE_H
#define OPSIG_HYPOTHESIS_SAMPLE_H

#include <opsig/corpus.h>

#include "base/error.h"

/** Models in places 0 ... n-1, those of one stratum side by side:
 *
 *      place     0  1  2  3  4
 *      model     2  5  0  1  4      (in the corpus)
 *      label     1  0  0  1  1      (1: inconsistent)
 *      stratum   0  0  1  1  1      begin: 0 2 5
 */
struct ops_sample {
    uint32_t n, n_strata;
    uint32_t *model; /* by place */
    uint32_t *place; /* by model */
    uint32_t *begin; /* n_strata + 1 */
    uint8_t *labels; /* by place */
};

opsig_status ops_sample_new(struct ops_sample **out, const opsig_corpus *corpus,
                            opsig_error *err);
void ops_sample_free(struct ops_sample *sample);

/** Inconsistent models of a stratum, or of all. */
uint32_t ops_sample_count(const struct ops_sample *sample, const uint8_t *labels,
                          uint32_t stratum);
uint32_t ops_sample_count_all(const struct ops_sample *sample, const uint8_t *labels);
/** Strata that hold both labels. */
uint32_t ops_sample_mixed_strata(const struct ops_sample *sample, const uint8_t *labels);

/** Labels permuted within strata, by (seed, j). @param order  room for n */
void ops_sample_permute(const struct ops_sample *sample, const uint8_t *labels, uint64_t seed,
                        uint32_t j, uint32_t *order, uint8_t *out);
/** How often each place is drawn when the models of each stratum and label are drawn again with
 *  replacement, by (seed, j). @param order  room for n  @param out  by place */
void ops_sample_resample(const struct ops_sample *sample, const uint8_t *labels, uint64_t seed,
                         uint32_t j, uint32_t *order, double *out);

/** What random numbers are for, so that one seed serves several ends. */
enum ops_purpose {
    OPS_PURPOSE_SHARING = 1,
    OPS_PURPOSE_ORDER,
    OPS_PURPOSE_REWIRE,
    OPS_PURPOSE_PRESENT,
    OPS_PURPOSE_ORDERED,
    OPS_PURPOSE_FOLDS,
    OPS_PURPOSE_PREDICTION,
    OPS_PURPOSE_EVOLUTION
};

uint64_t ops_seed_for(uint64_t seed, enum ops_purpose purpose);

#endif
