/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file cover.h  Weighted set cover, greedily: which sets to take first. */
#ifndef OPSIG_HYPOTHESIS_COVER_H
#define OPSIG_HYPOTHESIS_COVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vec.h"

enum { OPS_COVER_MAX_CLASSES = 64 };

/** Sets of elements. An element has a whole weight within its class, and a unit of weight in a
 *  class is worth unit[class]; so values of equal sets are equal to the last bit. Not owning. */
struct ops_cover {
    uint32_t n_sets, n_elements, n_classes;
    const size_t *begin;        /* n_sets + 1 */
    const uint32_t *elements;   /* of set s: elements[begin[s] ... begin[s + 1] - 1] */
    const uint32_t *weight;     /* by element */
    const uint8_t *class_of;    /* by element */
    const double *unit;         /* by class, not negative */
    const volatile int *cancel; /* NULL: none */
};

/** A set that was taken. */
struct ops_cover_step {
    uint32_t set;
    uint64_t n_newly; /* elements that no set before it holds */
    uint64_t weight[OPS_COVER_MAX_CLASSES]; /* of those, by class */
};

typedef OPS_VEC(struct ops_cover_step) ops_cover_steps;

/**
 * Takes the set that adds most value, the first one of equals, again and again, until max_steps
 * are taken or nothing is left to add. Time: about O(all elements of sets that come near the top).
 * @return OPSIG_NOMEM, OPSIG_CANCELLED
 */
opsig_status ops_cover_greedily(ops_cover_steps *out, const struct ops_cover *cover,
                                size_t max_steps, opsig_error *err);

#endif
