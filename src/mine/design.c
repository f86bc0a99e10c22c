/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labels, strata and patterns are bit strings over the models, so that the counts of a table are
 * population counts of intersections. */
#include "mine/select.h"

#include <math.h>

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

/** Counts the models of a stratum that are in `rows`, and fills in its table's margins. */
static struct ops_stratum count_stratum(const struct ops_design *design, const uint64_t *stratum,
                                        const uint64_t *rows, const uint64_t *holders,
                                        uint32_t *inconsistent_holders)
{
    struct ops_stratum margins = {0, 0, 0};
    for (size_t w = 0; w < design->n_words; w++) {
        uint64_t used = stratum[w] & rows[w];
        uint64_t held = used & holders[w];
        margins.total += (uint32_t)__builtin_popcountll(used);
        margins.positives += (uint32_t)__builtin_popcountll(used & design->inconsistent[w]);
        margins.holders += (uint32_t)__builtin_popcountll(held);
        *inconsistent_holders += (uint32_t)__builtin_popcountll(held & design->inconsistent[w]);
    }
    return margins;
}

opsig_status ops_design_table(struct ops_table *out, const struct ops_design *design,
                              const uint64_t *rows, const uint64_t *holders, opsig_error *err)
{
    *out = (struct ops_table){NULL, 0, 0};
    out->strata = ops_mem_zalloc(design->n_strata, sizeof *out->strata);
    if (out->strata == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t k = 0; k < design->n_strata; k++) {
        struct ops_stratum stratum =
            count_stratum(design, design->strata + k * design->n_words, rows, holders,
                          &out->inconsistent_holders);
        if (stratum.holders > 0) {
            out->strata[out->n_strata++] = stratum;
        }
    }
    return OPSIG_OK;
}

void ops_table_dispose(struct ops_table *table)
{
    ops_mem_free(table->strata);
    *table = (struct ops_table){NULL, 0, 0};
}

double ops_design_log_p(const struct ops_design *design, struct ops_cmh *scratch,
                        const uint64_t *rows, const uint64_t *holders)
{
    struct ops_table table;
    if (ops_design_table(&table, design, rows, holders, NULL) != OPSIG_OK) {
        return NAN;
    }
    double log_p =
        ops_cmh_log_p(scratch, table.strata, table.n_strata, table.inconsistent_holders);
    ops_table_dispose(&table);
    return log_p;
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
