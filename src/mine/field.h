/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file field.h  The graphs of a corpus side by side, as one field to mine. */
#ifndef OPSIG_MINE_FIELD_H
#define OPSIG_MINE_FIELD_H

#include <opsig/corpus.h>

#include "base/intern.h"
#include "pattern/project.h"

/** The disjoint union of a corpus's graphs. Vertices of model m are numbered from
 *  first_vertex[m] on, so sets of vertices in ascending order are grouped by model. */
struct ops_mine_field {
    struct ops_field field;     /* refers to the arrays below */
    struct ops_intern *symbols; /* texts of the field's symbols */
    uint32_t n_models;
    uint32_t *first_vertex; /* n_models + 1 */
    uint32_t *model_of;     /* by vertex */
    uint32_t *succ_begin, *succ, *symbol[OPS_FIELD_LAYERS];
};

/** @param out  owned by the caller.  O(vertices + edges) */
opsig_status ops_mine_field_new(struct ops_mine_field **out, const opsig_corpus *corpus,
                                opsig_alphabet alphabet, opsig_error *err);
/** The same of several corpora, whose models follow one another. */
opsig_status ops_mine_field_join(struct ops_mine_field **out, const opsig_corpus *const *corpora,
                                 size_t n_corpora, opsig_alphabet alphabet, opsig_error *err);
/** Sets the bits of the models that hold a symbol. O(vertices)
 *  @param bits  a bit a model, zeros */
void ops_mine_field_holders(const struct ops_mine_field *field, uint32_t symbol, uint64_t *bits);
void ops_mine_field_free(struct ops_mine_field *field);

#endif
