/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file classes.h  Patterns with the same supporting models, as one hypothesis. */
#ifndef OPSIG_MINE_CLASSES_H
#define OPSIG_MINE_CLASSES_H

#include "base/arena.h"
#include "mine/explore.h"
#include "mine/subgraph.h"

/** All patterns that occur in just these models. They are one hypothesis: whatever the labels,
 *  they get the same p-value. Codes are those of the search that found them: a sequence's is
 *  canonical, a subgraph's may not be. */
struct ops_class {
    struct ops_code generator; /* the smallest: see ops_code_order */
    struct ops_code closed;    /* the largest */
    const uint64_t *models;    /* bit m: model m holds it; ops_classes.n_words words */
    uint32_t support;
    uint64_t n_patterns;       /* visited that occur in just these models */
    opsig_pattern *pattern;    /* of the generator, once asked for; see ops_classes_pattern */
};

/** In order of first visit; subgraphs that are in classes of their own by ops_code_order. */
struct ops_classes {
    const struct ops_intern *symbols; /* that codes refer to */
    uint32_t n_models;
    size_t n_words;
    OPS_VEC(struct ops_class) classes;
    uint64_t n_patterns;       /* visited in all, each once */
    struct ops_intern *by_set; /* model bits as bytes to index in classes */
    uint64_t *bits;            /* n_words, of the pattern at hand */
    struct ops_arena arena;
};

/** No classes yet. @param symbols  must outlive them */
opsig_status ops_classes_new(struct ops_classes **out, const struct ops_intern *symbols,
                             uint32_t n_models, opsig_error *err);
void ops_classes_free(struct ops_classes *classes);

/** Explores a field and groups the sequences that it finds. */
opsig_status ops_classes_add_sequences(struct ops_classes *classes,
                                       const struct ops_mine_field *field,
                                       const struct ops_explore_bounds *bounds, opsig_error *err);

/**
 * Explores a network and groups the subgraphs that it finds, in as many threads as the bounds say;
 * the classes do not depend on their number.
 * @param raw      what the network was made of; its symbols are among those of the classes
 * @param longest  directed paths of up to so many vertices are there already, as sequences: they
 *                 are left out
 */
opsig_status ops_classes_add_subgraphs(struct ops_classes *classes,
                                       const struct ops_raw_network *raw,
                                       const struct ops_network *network,
                                       const struct ops_subgraph_bounds *bounds, uint32_t longest,
                                       opsig_error *err);

/** Adds one pattern to the class of its models, n of them, ascending. */
opsig_status ops_classes_add(struct ops_classes *classes, struct ops_code code,
                             const uint32_t *models, uint32_t n, opsig_error *err);
/** Takes over all patterns that `from` has kept. */
opsig_status ops_classes_join(struct ops_classes *classes, const struct ops_classes *from,
                              opsig_error *err);
/** Puts the classes from `first` on in ops_code_order of their generators. */
opsig_status ops_classes_order(struct ops_classes *classes, size_t first, opsig_error *err);

/** The generator of a class as a pattern; the classes'. NULL: see err. */
const opsig_pattern *ops_classes_pattern(struct ops_classes *classes, uint32_t id,
                                         opsig_error *err);

/** Order of simplicity: fewer edges, then fewer symbols with attributes, then sequences before
 *  subgraphs, then by the steps, symbols by text. 0 for equal codes only. */
int ops_code_order(const struct ops_intern *symbols, struct ops_code a, struct ops_code b);

#endif
