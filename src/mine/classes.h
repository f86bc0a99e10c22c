/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file classes.h  Sequences with the same supporting models, as one hypothesis. */
#ifndef OPSIG_MINE_CLASSES_H
#define OPSIG_MINE_CLASSES_H

#include "base/arena.h"
#include "mine/explore.h"

/** A sequence as symbol ids. */
struct ops_sequence {
    const uint32_t *symbols;
    uint32_t n;
};

/** All sequences that occur in just these models. They are one hypothesis: whatever the labels,
 *  they get the same p-value. */
struct ops_class {
    struct ops_sequence generator; /* the smallest: see ops_sequence_order */
    struct ops_sequence closed;    /* the largest */
    const uint64_t *models;        /* bit m: model m holds it; ops_classes.n_words words */
    uint32_t support;
};

/** In order of first visit. */
struct ops_classes {
    const struct ops_mine_field *field;
    size_t n_words;
    OPS_VEC(struct ops_class) classes;
    uint64_t n_patterns;       /* visited in all */
    const uint64_t **singles;  /* by symbol: models that hold it; NULL: not frequent */
    struct ops_intern *by_set; /* model bits as bytes to index in classes */
    struct ops_arena arena;
};

/** Explores a field and groups what it finds. @param out  owned by the caller */
opsig_status ops_classes_mine(struct ops_classes **out, const struct ops_mine_field *field,
                              const struct ops_explore_bounds *bounds, opsig_error *err);
void ops_classes_free(struct ops_classes *classes);

/** Order of simplicity: fewer symbols, then fewer with attributes, then by text. */
int ops_sequence_order(const struct ops_intern *symbols, struct ops_sequence a,
                       struct ops_sequence b);

/** Do the part's symbols generalise a contiguous run of the whole's? */
bool ops_sequence_contains(const struct ops_intern *symbols, struct ops_sequence whole,
                           struct ops_sequence part);

/** Makes a pattern of a sequence; the caller's. */
opsig_status ops_sequence_pattern(opsig_pattern **out, const struct ops_intern *symbols,
                                  struct ops_sequence sequence, opsig_error *err);

#endif
