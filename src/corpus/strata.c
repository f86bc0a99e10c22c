/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Models sorted by (group, size): each run of one group is cut into quartiles, and each change of
 * group or quartile begins a stratum. */
#include "corpus/strata.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

struct entry {
    uint32_t group, size;
    size_t index;
};

static int compare(const void *left, const void *right)
{
    const struct entry *const a = left;
    const struct entry *const b = right;
    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    if (a->size != b->size) {
        return a->size < b->size ? -1 : 1;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

/** Sets the strata of one group, entries[0 ... n-1], from `next` on. @return the next free one */
static uint32_t assign_group(const struct entry *entries, size_t n, struct ops_stratified *models,
                             uint32_t next)
{
    size_t quartile = 0;
    size_t smaller = 0;
    for (size_t i = 0; i < n; i++) {
        if (entries[i].size != entries[smaller].size) {
            smaller = i;
        }
        const size_t own = 4 * smaller / n;
        next += i > 0 && own != quartile;
        quartile = own;
        models[entries[i].index].stratum = next;
    }
    return next + 1;
}

/** Copies what counts for this kind of strata: the rest is made equal. */
static void fill(struct entry *entries, const struct ops_stratified *models, size_t n,
                 opsig_strata kind)
{
    const bool by_group = kind == OPSIG_STRATA_GROUP || kind == OPSIG_STRATA_BOTH;
    const bool by_size = kind == OPSIG_STRATA_SIZE || kind == OPSIG_STRATA_BOTH;
    for (size_t i = 0; i < n; i++) {
        entries[i] = (struct entry){.group = by_group ? models[i].group : 0,
                                    .size = by_size ? models[i].size : 0,
                                    .index = i};
    }
}

opsig_status ops_strata_assign(struct ops_stratified *models, size_t n, opsig_strata kind,
                               uint32_t *out_n_strata, opsig_error *err)
{
    struct entry *const entries = ops_mem_resize(NULL, n, sizeof *entries);
    if (entries == NULL) {
        return ops_error_nomem(err);
    }
    fill(entries, models, n, kind);
    qsort(entries, n, sizeof *entries, compare);
    uint32_t next = 0;
    for (size_t from = 0, to = 0; from < n; from = to) {
        while (to < n && entries[to].group == entries[from].group) {
            to++;
        }
        next = assign_group(entries + from, to - from, models, next);
    }
    *out_n_strata = next;
    ops_mem_free(entries);
    return OPSIG_OK;
}
