/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file grid.h  The blocks that each pair of models shares, in one table.
 *
 *      lists           m0   m1   m2   t0        rows: models with the first strings
 *        m0            -    5    0    2         columns: models, then tests, with the second ones
 *        m1            0    -    0    2         entries: numbers of sets of blocks
 *        m2            0    0    -    0         (what is not wanted is 0, the empty set)
 */
#ifndef OPSIG_HYPOTHESIS_GRID_H
#define OPSIG_HYPOTHESIS_GRID_H

#include <opsig/corpus.h>

#include "hypothesis/compare.h"

/** Which pairs of models are looked at, and how. */
struct ops_grid_plan {
    const struct ops_compared *models; /* then the tests */
    uint32_t n_models, n_tests;
    const uint64_t *labels; /* by model, n_words each: bit l is set where labelling l says that it
                               is inconsistent */
    size_t n_words;
    const struct ops_vocabulary *vocabulary;
    unsigned n_threads;
    const volatile int *cancel;
    opsig_progress progress;
    void *payload;
};

struct ops_grid {
    uint32_t *lists; /* n_models rows of n_models + n_tests */
    struct ops_intern *blocks;   /* by number: symbols, uint32_t each */
    struct ops_intern *contents; /* by list: numbers of blocks, uint32_t each, ascending */
};

/** Compares all pairs that some labelling asks for: of inconsistent models the first with the
 *  second, inconsistent with consistent ones, inconsistent ones with the tests.
 *  @param grid  zeroed; ops_grid_dispose also after a failure */
opsig_status ops_grid_fill(struct ops_grid *grid, const struct ops_grid_plan *plan,
                           opsig_error *err);
void ops_grid_dispose(struct ops_grid *grid);

/** The set of blocks of a pair. */
static inline uint32_t ops_grid_list(const struct ops_grid *grid,
                                     const struct ops_grid_plan *plan, uint32_t first,
                                     uint32_t second)
{
    return grid->lists[(size_t)first * (plan->n_models + plan->n_tests) + second];
}

#endif
