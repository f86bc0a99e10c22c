/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file folds.h  Parts for cross-validation that keep equal models together. */
#ifndef OPSIG_HYPOTHESIS_FOLDS_H
#define OPSIG_HYPOTHESIS_FOLDS_H

#include "hypothesis/sample.h"
#include "mine/field.h"

/** Which models have the same graph: as many vertices, with the same symbols and the same edges in
 *  the same order. Their weights and attributes may differ. */
struct ops_twins {
    uint32_t n_groups;
    uint32_t *group; /* by place */
};

opsig_status ops_twins_init(struct ops_twins *twins, const struct ops_mine_field *field,
                            const struct ops_sample *sample, opsig_error *err);
void ops_twins_dispose(struct ops_twins *twins);

/**
 * Spreads groups over folds: those with an inconsistent model evenly, and the others evenly.
 * @param fold     by place; which fold a model is in
 * @param out_n    number of folds: as asked for, or as many as there are groups of the rarer kind;
 *                 0 where that is fewer than two
 */
opsig_status ops_folds_assign(uint32_t *fold, uint32_t *out_n, const struct ops_twins *twins,
                              const struct ops_sample *sample, const uint8_t *labels,
                              uint32_t folds, uint64_t seed, opsig_error *err);

#endif
