/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file excerpt.h  What remains of a model's path strings when only some bigrams count.
 *
 *  Two strings share a block of two symbols or more only where all of the block's bigrams are
 *  common to both models. So of each string only its runs of such bigrams matter, in their order,
 *  with something between them that matches nothing:
 *
 *      string            input Conv Relu Pad Add Mul Exp Add Mul output
 *      common bigrams    input Conv, Conv Relu, Add Mul
 *      excerpt           input Conv Relu | Add Mul | Add Mul
 *
 *  Very many strings have few different excerpts.
 */
#ifndef OPSIG_HYPOTHESIS_EXCERPT_H
#define OPSIG_HYPOTHESIS_EXCERPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "hypothesis/paths.h"

/** An excerpt is its first bigram and the excerpt behind it; equal ones have equal numbers. */
struct ops_excerpt {
    uint32_t bigram, rest;
    uint32_t n;    /* symbols, and a gap in front of each run */
    bool begins;   /* a run begins with this bigram: a gap and two symbols, otherwise one */
    uint64_t mask; /* of its bigrams, by number modulo 64 */
};

enum { OPS_EXCERPT_EMPTY = 0 };

/** Some excerpts among the numbers in `lists`. */
struct ops_excerpt_span {
    uint32_t begin, n;
};

/** All excerpts that one thread has met. */
struct ops_excerpts {
    struct ops_intern *known; /* bigram, begins, rest */
    OPS_VEC(struct ops_excerpt) items;
    OPS_VEC(uint32_t) lists; /* of one model */
    OPS_VEC(struct ops_excerpt_span) outside, inside; /* by vertex: what may follow it outside of
                                                         a run, and where it ends one */
};

opsig_status ops_excerpts_init(struct ops_excerpts *excerpts, opsig_error *err);
void ops_excerpts_dispose(struct ops_excerpts *excerpts);
/** Forgets all excerpts where there are very many. */
opsig_status ops_excerpts_tidy(struct ops_excerpts *excerpts, opsig_error *err);

/**
 * Finds the excerpts of a model's strings; they stand in `lists` until the next call. The empty one
 * is among them where a string has no common bigram.
 * @param common  bits by bigram
 * @return OPSIG_NOMEM; OPSIG_LIMIT where there are too many to keep
 * Time: linear in the edges, times the different excerpts that begin at a vertex.
 */
opsig_status ops_excerpts_find(struct ops_excerpts *excerpts, const struct ops_paths *paths,
                               const uint64_t *common, struct ops_excerpt_span *out,
                               opsig_error *err);

#endif
