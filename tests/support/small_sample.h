/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples without a corpus, for tests of what is computed on them: model i stands at place i. */
#ifndef OPSIG_TESTS_SUPPORT_SMALL_SAMPLE_H
#define OPSIG_TESTS_SUPPORT_SMALL_SAMPLE_H

#include "hypothesis/sample.h"

enum { SMALL_MAX_MODELS = 64, SMALL_MAX_STRATA = 4 };

struct small_sample {
    struct ops_sample sample;
    uint32_t model[SMALL_MAX_MODELS], place[SMALL_MAX_MODELS], begin[SMALL_MAX_STRATA + 1];
    uint8_t labels[SMALL_MAX_MODELS];
};

/* Strata of equal size, the last one with what is left over; all labels 0. */
static inline void small_sample_init(struct small_sample *small, uint32_t n, uint32_t n_strata)
{
    *small = (struct small_sample){.sample = {.n = n, .n_strata = n_strata}};
    small->sample.model = small->model;
    small->sample.place = small->place;
    small->sample.begin = small->begin;
    small->sample.labels = small->labels;
    for (uint32_t i = 0; i < n; i++) {
        small->model[i] = small->place[i] = i;
    }
    for (uint32_t s = 0; s < n_strata; s++) {
        small->begin[s] = s * (n / n_strata);
    }
    small->begin[n_strata] = n;
}

#endif
