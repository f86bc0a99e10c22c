/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labels, strata and patterns are bit strings over the models, so that the counts of a table are
 * population counts of intersections. */
#include "mine/select.h"

#include <math.h>

#include "base/bits.h"
#include "base/mem.h"

enum { MAX_STRATA = 4096 };

static void set_bit(uint64_t *bits, uint32_t m)
{
    bits[m / 64] |= UINT64_C(1) << m % 64;
}

opsig_status ops_design_new(struct ops_design **out, const opsig_corpus *corpus, opsig_error *err)
{
    struct ops_design *design = ops_mem_zalloc(1, sizeof *design);
    *out = NULL;
    if (design == NULL) {
        return ops_error_nomem(err);
    }
    design->n_models = (uint32_t)opsig_corpus_n_models(corpus);
    design->n_strata = opsig_corpus_n_strata(corpus);
    design->n_words = (design->n_models + 63U) / 64;
    if (design->n_strata > MAX_STRATA) {
        ops_design_free(design);
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "the corpus has more than %d strata; --strata size ignores groups",
                             MAX_STRATA);
    }
    design->all = ops_mem_zalloc(design->n_words, sizeof(uint64_t));
    design->inconsistent = ops_mem_zalloc(design->n_words, sizeof(uint64_t));
    design->strata = ops_mem_zalloc(design->n_words * design->n_strata, sizeof(uint64_t));
    if (design->all == NULL || design->inconsistent == NULL || design->strata == NULL) {
        ops_design_free(design);
        return ops_error_nomem(err);
    }
    for (uint32_t m = 0; m < design->n_models; m++) {
        set_bit(design->all, m);
        set_bit(design->strata + opsig_corpus_stratum(corpus, m) * design->n_words, m);
        if (opsig_corpus_label(corpus, m) == OPSIG_LABEL_INCONSISTENT) {
            set_bit(design->inconsistent, m);
        }
    }
    *out = design;
    return OPSIG_OK;
}

void ops_design_free(struct ops_design *design)
{
    if (design == NULL) {
        return;
    }
    ops_mem_free(design->all);
    ops_mem_free(design->inconsistent);
    ops_mem_free(design->strata);
    ops_mem_free(design);
}

opsig_status ops_design_table(struct ops_table *out, const struct ops_design *design,
                              struct ops_cmh *scratch, const uint64_t *rows,
                              const uint64_t *holders, opsig_error *err)
{
    struct ops_stratum *const strata = ops_cmh_strata(scratch, design->n_strata);
    const struct ops_bits *const bits = ops_bits_best();
    *out = (struct ops_table){.strata = strata};
    if (strata == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t k = 0; k < design->n_strata; k++) {
        const struct ops_bits_table counts =
            bits->tabulate(design->strata + k * design->n_words, rows, design->inconsistent,
                           holders, design->n_words);
        out->inconsistent_holders += counts.both;
        if (counts.b > 0) {
            strata[out->n_strata++] = (struct ops_stratum){
                .total = counts.all, .positives = counts.a, .holders = counts.b};
        }
    }
    return OPSIG_OK;
}

double ops_design_log_p(const struct ops_design *design, struct ops_cmh *scratch,
                        const uint64_t *rows, const uint64_t *holders)
{
    struct ops_table table;
    if (ops_design_table(&table, design, scratch, rows, holders, NULL) != OPSIG_OK) {
        return NAN;
    }
    return ops_cmh_log_p(scratch, table.strata, table.n_strata, table.inconsistent_holders);
}

uint32_t ops_design_count(const struct ops_design *design, const uint64_t *rows,
                          const uint64_t *holders, bool inconsistent)
{
    uint32_t n = 0;
    for (size_t w = 0; w < design->n_words; w++) {
        uint64_t label = inconsistent ? design->inconsistent[w] : ~design->inconsistent[w];
        uint64_t held = holders == NULL ? ~UINT64_C(0) : holders[w];
        n += (uint32_t)__builtin_popcountll(rows[w] & held & label);
    }
    return n;
}
