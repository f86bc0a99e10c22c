/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file figures.h  What the paper counts, under every labelling at once. */
#ifndef OPSIG_HYPOTHESIS_FIGURES_H
#define OPSIG_HYPOTHESIS_FIGURES_H

#include "hypothesis/grid.h"
#include "hypothesis/reduce.h"

/** Set 1 is of pairs of inconsistent models, set 2 of an inconsistent and a consistent one, set 3
 *  of an inconsistent one and a test. */
enum { OPS_N_SETS = 3, OPS_N_DIFFERENCES = 2 };

/** The figures; of the sets and of the differences one after the other. */
enum ops_figure {
    OPS_FIGURE_TOTAL = 0,
    OPS_FIGURE_UNIQUE = OPS_FIGURE_TOTAL + OPS_N_SETS,
    OPS_FIGURE_REDUCED = OPS_FIGURE_UNIQUE + OPS_N_SETS,
    OPS_FIGURE_LEFT = OPS_FIGURE_REDUCED + OPS_N_SETS, /* 1\2, 1\3 */
    OPS_FIGURE_LEFT_REDUCED = OPS_FIGURE_LEFT + OPS_N_DIFFERENCES,
    OPS_FIGURE_SHARING = OPS_FIGURE_LEFT_REDUCED + OPS_N_DIFFERENCES, /* models */
    OPS_N_FIGURES
};

/** Sequences of a difference under the last labelling. */
struct ops_difference {
    OPS_VEC(struct ops_word) sequences; /* in order */
    struct ops_reduced reduced;
    OPS_VEC(uint32_t) n_models; /* by sequence: inconsistent models with it (set 1\2) */
};

struct ops_figures {
    uint32_t n_labellings;
    uint64_t *values[OPS_N_FIGURES]; /* by labelling */
    OPS_VEC(const char *) texts;     /* of symbols, in byte order: the numbers in sequences */
    OPS_VEC(struct ops_word) sequences; /* of all pairs, in order */
    struct ops_intern *symbols;             /* of the sequences */
    OPS_VEC(uint32_t) sequence_of;          /* by block; UINT32_MAX: none is left */
    struct ops_difference differences[OPS_N_DIFFERENCES];
};

/** Counts. @param plan  labels has n_labellings bits a model, the last one as it is
 *  @param figures  zeroed; ops_figures_dispose also after a failure
 *  @return OPSIG_NOMEM, OPSIG_CANCELLED */
opsig_status ops_figures_count(struct ops_figures *figures, const struct ops_grid_plan *plan,
                               const struct ops_grid *grid, uint32_t n_labellings,
                               opsig_error *err);
void ops_figures_dispose(struct ops_figures *figures);

#endif
