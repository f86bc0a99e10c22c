/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Models sorted by stratum, a counting sort, so that what is computed on pairs of strata runs over
 * contiguous places. Permuted labels keep the number of inconsistent models of each stratum, drawn
 * models that of each stratum and label. */
#include "hypothesis/sample.h"

#include <stdbool.h>

#include "base/mem.h"
#include "base/rng.h"

void ops_sample_free(struct ops_sample *sample)
{
    if (sample == NULL) {
        return;
    }
    ops_mem_free(sample->model);
    ops_mem_free(sample->place);
    ops_mem_free(sample->begin);
    ops_mem_free(sample->labels);
    ops_mem_free(sample);
}

static void fill(struct ops_sample *sample, const opsig_corpus *corpus)
{
    uint32_t *const next = sample->begin + 1; /* ends up as begin, moved by one place */
    for (uint32_t m = 0; m < sample->n; m++) {
        next[opsig_corpus_stratum(corpus, m) + 1]++;
    }
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        next[s + 1] += next[s];
    }
    for (uint32_t m = 0; m < sample->n; m++) {
        const uint32_t place = next[opsig_corpus_stratum(corpus, m)]++;
        sample->model[place] = m;
        sample->place[m] = place;
        sample->labels[place] = opsig_corpus_label(corpus, m) == OPSIG_LABEL_INCONSISTENT;
    }
}

opsig_status ops_sample_new(struct ops_sample **out, const opsig_corpus *corpus, opsig_error *err)
{
    struct ops_sample *const sample = ops_mem_zalloc(1, sizeof *sample);
    *out = NULL;
    if (sample == NULL) {
        return ops_error_nomem(err);
    }
    sample->n = (uint32_t)opsig_corpus_n_models(corpus);
    sample->n_strata = opsig_corpus_n_strata(corpus);
    sample->model = ops_mem_zalloc(sample->n, sizeof *sample->model);
    sample->place = ops_mem_zalloc(sample->n, sizeof *sample->place);
    sample->begin = ops_mem_zalloc((size_t)sample->n_strata + 2, sizeof *sample->begin);
    sample->labels = ops_mem_zalloc(sample->n, sizeof *sample->labels);
    if (sample->model == NULL || sample->place == NULL || sample->begin == NULL ||
        sample->labels == NULL) {
        ops_sample_free(sample);
        return ops_error_nomem(err);
    }
    fill(sample, corpus);
    *out = sample;
    return OPSIG_OK;
}

uint32_t ops_sample_count(const struct ops_sample *sample, const uint8_t *labels, uint32_t stratum)
{
    uint32_t n = 0;
    for (uint32_t i = sample->begin[stratum]; i < sample->begin[stratum + 1]; i++) {
        n += labels[i];
    }
    return n;
}

uint32_t ops_sample_count_all(const struct ops_sample *sample, const uint8_t *labels)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < sample->n; i++) {
        n += labels[i];
    }
    return n;
}

uint32_t ops_sample_mixed_strata(const struct ops_sample *sample, const uint8_t *labels)
{
    uint32_t mixed = 0;
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        const uint32_t n = ops_sample_count(sample, labels, s);
        mixed += n > 0 && n < sample->begin[s + 1] - sample->begin[s];
    }
    return mixed;
}

void ops_sample_permute(const struct ops_sample *sample, const uint8_t *labels, uint64_t seed,
                        uint32_t j, uint32_t *order, uint8_t *out)
{
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        const uint32_t begin = sample->begin[s];
        const uint32_t n = sample->begin[s + 1] - begin;
        ops_rng_permutation(seed, (uint64_t)j * sample->n_strata + s, order, n);
        for (uint32_t i = 0; i < n; i++) {
            out[begin + i] = labels[begin + order[i]];
        }
    }
}

/** Lists the places of a stratum's models, the inconsistent ones first; returns their number. */
static uint32_t list_by_label(const struct ops_sample *sample, const uint8_t *labels,
                              uint32_t stratum, uint32_t *out)
{
    uint32_t inconsistent = 0;
    uint32_t end = sample->begin[stratum + 1] - sample->begin[stratum];
    for (uint32_t i = sample->begin[stratum]; i < sample->begin[stratum + 1]; i++) {
        out[labels[i] ? inconsistent++ : --end] = i;
    }
    return inconsistent;
}

void ops_sample_resample(const struct ops_sample *sample, const uint8_t *labels, uint64_t seed,
                         uint32_t j, uint32_t *order, double *out)
{
    for (uint32_t i = 0; i < sample->n; i++) {
        out[i] = 0;
    }
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        const uint32_t begin = sample->begin[s];
        const uint32_t n = sample->begin[s + 1] - begin;
        const uint32_t inconsistent = list_by_label(sample, labels, s, order);
        for (uint32_t i = 0; i < n; i++) {
            const bool first = i < inconsistent;
            const uint64_t k = ops_rng_below(seed, j, begin + i,
                                             first ? inconsistent : n - inconsistent);
            out[order[first ? k : inconsistent + k]]++;
        }
    }
}

uint64_t ops_seed_for(uint64_t seed, enum ops_purpose purpose)
{
    return ops_rng_u64(seed, UINT64_MAX, purpose);
}
