/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smallest p-value that x holders can have is that of the labelling in which as many of them as
 * possible are inconsistent (Tarone, Biometrics 1990). For the exact conditional test it is a
 * product over strata; with x holders among N models of which n are inconsistent the factor is
 *
 *      C(n, x) / C(N, x) = n/N * (n-1)/(N-1) * ...    while x <= n, and falls with x;
 *      C(x, n) / C(N, n)                              beyond, and rises again.
 *
 * So the least that any part of the holders can have is the product of the factors for min(x, n):
 * the lower envelope that pruning needs, as what contains a pattern is held by fewer models. The
 * asymptotic test has no such product: Papaxanthos et al. (NIPS 2016) search for its envelope. */
#include "mine/testable.h"

#include <math.h>

#include "base/mem.h"
#include "mine/select.h"

/** p-values this close, in logarithms, are the same number computed in two ways. */
static const double SAME = 1e-9;

void ops_testable_free(struct ops_testable *testable)
{
    if (testable == NULL) {
        return;
    }
    ops_mem_free(testable->stratum);
    ops_mem_free(testable->begin);
    ops_mem_free(testable->steps);
    ops_mem_free(testable);
}

/** Notes which models are a stratum's, and its factors. */
static void add_stratum(struct ops_testable *testable, const struct ops_design *design, uint32_t k)
{
    const uint64_t *bits = design->strata + (size_t)k * design->n_words;
    const uint32_t begin = testable->begin[k];
    uint32_t total = 0;
    uint32_t positives = 0;
    for (uint32_t m = 0; m < design->n_models; m++) {
        if (ops_bit(bits, m)) {
            testable->stratum[m] = k;
            total++;
            positives += ops_bit(design->inconsistent, m);
        }
    }
    for (uint32_t i = 0; i < positives; i++) {
        testable->steps[begin + i] = log((double)(positives - i) / (total - i));
    }
    testable->begin[k + 1] = begin + positives;
}

opsig_status ops_testable_new(struct ops_testable **out, const struct ops_design *design,
                              double log_level, opsig_error *err)
{
    *out = NULL;
    opsig_status status = OPSIG_OK;
    struct ops_testable *testable = ops_mem_zalloc(1, sizeof *testable);
    TRY(testable != NULL ? OPSIG_OK : ops_error_nomem(err));
    testable->n_strata = design->n_strata;
    testable->log_level = log_level + SAME;
    testable->stratum = ops_mem_zalloc(design->n_models, sizeof *testable->stratum);
    testable->begin = ops_mem_zalloc((size_t)design->n_strata + 1, sizeof *testable->begin);
    testable->steps = ops_mem_zalloc(design->n_models, sizeof *testable->steps);
    TRY(testable->stratum != NULL && testable->begin != NULL && testable->steps != NULL
            ? OPSIG_OK
            : ops_error_nomem(err));
    for (uint32_t k = 0; k < design->n_strata; k++) {
        add_stratum(testable, design, k);
    }
    *out = testable;
    testable = NULL;
done:
    ops_testable_free(testable);
    return status;
}

bool ops_testable_may(const struct ops_testable *testable, uint32_t *counts,
                      const uint32_t *models, uint32_t n)
{
    double log_p = 0;
    uint32_t seen = 0;
    while (seen < n && log_p > testable->log_level) {
        const uint32_t k = testable->stratum[models[seen++]];
        const uint32_t place = testable->begin[k] + counts[k]++;
        log_p += place < testable->begin[k + 1] ? testable->steps[place] : 0;
    }
    for (uint32_t i = 0; i < seen; i++) {
        counts[testable->stratum[models[i]]] = 0;
    }
    return log_p <= testable->log_level;
}
