/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each stratum and permutation has a stream of random numbers of its own, so that the labels of one
 * stratum do not depend on the size of another. */
#include "mine/permute.h"

#include "base/mem.h"
#include "base/rng.h"

/** Lists the models of a stratum that are in `rows`; returns their number. */
static uint32_t list_members(const struct ops_design *design, const uint64_t *rows,
                             uint32_t stratum, uint32_t *members)
{
    const uint64_t *bits = design->strata + stratum * design->n_words;
    uint32_t n = 0;
    for (uint32_t m = 0; m < design->n_models; m++) {
        if (ops_bit(bits, m) && ops_bit(rows, m)) {
            members[n++] = m;
        }
    }
    return n;
}

opsig_status ops_permute_labels(uint64_t *strings, size_t n_words, const struct ops_design *design,
                                const uint64_t *rows, uint32_t n_permutations, uint64_t seed,
                                opsig_error *err)
{
    uint32_t *const members = ops_mem_zalloc(design->n_models, sizeof *members);
    uint32_t *const order = ops_mem_zalloc(design->n_models, sizeof *order);
    const bool complete = members != NULL && order != NULL;
    for (uint32_t stratum = 0; complete && stratum < design->n_strata; stratum++) {
        const uint32_t n = list_members(design, rows, stratum, members);
        for (uint32_t j = 0; j < n_permutations; j++) {
            const uint64_t stream = 1 + (uint64_t)j * design->n_strata + stratum;
            ops_rng_permutation(seed, stream, order, n);
            for (uint32_t i = 0; i < n; i++) {
                if (ops_bit(design->inconsistent, members[order[i]])) {
                    strings[members[i] * n_words + j / 64] |= UINT64_C(1) << j % 64;
                }
            }
        }
    }
    ops_mem_free(order);
    ops_mem_free(members);
    return complete ? OPSIG_OK : ops_error_nomem(err);
}
