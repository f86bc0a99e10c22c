/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding names a culprit when the culprit's operator is among its pattern's. Which models hold
 * a signature stands in its evidence. */
#include "mine/culprit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pattern/contain.h"

static bool holds(const struct opsig_signature *signature, uint32_t model)
{
    size_t low = 0;
    size_t high = signature->n_evidence;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (signature->evidence[middle].model < model) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < signature->n_evidence && signature->evidence[low].model == model;
}

static bool names(const struct opsig_signature *signature, const char *op)
{
    for (size_t i = 0; i < signature->pattern->n_symbols; i++) {
        if (ops_symbol_generalizes(op, signature->pattern->symbols[i])) {
            return true;
        }
    }
    return false;
}

static int compare_strength(const void *a, const void *b)
{
    return ops_signature_strength(*(struct opsig_signature *const *)a,
                                  *(struct opsig_signature *const *)b);
}

/** Counts one model with a known culprit; `ranked` are the signatures, strongest first. */
static void count_model(struct ops_culprit_hits *out, struct opsig_signature *const *ranked,
                        size_t n, uint32_t model, const char *culprit)
{
    uint32_t findings = 0;
    for (size_t i = 0; i < n; i++) {
        if (!holds(ranked[i], model)) {
            continue;
        }
        out->found += findings == 0;
        if (names(ranked[i], culprit)) {
            out->first += findings == 0;
            out->three += findings < 3;
            out->any++;
            break;
        }
        findings++;
    }
}

opsig_status ops_culprit_compare(struct ops_culprit_hits *out,
                                 const struct opsig_database *database,
                                 const opsig_corpus *corpus, opsig_error *err)
{
    size_t n = database->n_significant;
    struct opsig_signature **ranked =
        ops_mem_dup(database->signatures.items, n * sizeof(struct opsig_signature *));
    memset(out, 0, sizeof *out);
    if (ranked == NULL) {
        return ops_error_nomem(err);
    }
    if (n > 1) {
        qsort(ranked, n, sizeof *ranked, compare_strength);
    }
    for (uint32_t m = 0; m < opsig_corpus_n_models(corpus); m++) {
        const char *culprit = opsig_corpus_culprit(corpus, m);
        if (opsig_corpus_label(corpus, m) == OPSIG_LABEL_INCONSISTENT && *culprit != '\0') {
            out->known++;
            count_model(out, ranked, n, m, culprit);
        }
    }
    ops_mem_free(ranked);
    return OPSIG_OK;
}
