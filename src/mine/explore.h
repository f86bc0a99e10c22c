/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file explore.h  The search: all frequent sequences of a field, by pattern growth. */
#ifndef OPSIG_MINE_EXPLORE_H
#define OPSIG_MINE_EXPLORE_H

#include "mine/field.h"
#include "mine/testable.h"

/** Bounds of the search. */
struct ops_explore_bounds {
    uint32_t min_support;       /* models, at least 1 */
    uint32_t n_counted;         /* the first models, which alone count to the support; 0: all do */
    uint32_t max_length;        /* vertices, 1 ... OPSIG_PATTERN_MAX_VERTICES */
    uint64_t max_patterns;      /* visits before OPSIG_LIMIT */
    const struct ops_testable *testable; /* neither visit nor extend what is not; NULL: all is */
    const volatile int *cancel; /* NULL: none */
};

/** A frequent sequence as it is visited; valid during the visit. */
struct ops_visit {
    struct ops_code code;
    const uint32_t *models; /* that hold it, ascending: first those that count */
    uint32_t n_models;      /* that hold it */
    uint32_t support;       /* of them those that count */
};

/** @return OPSIG_OK to go on */
typedef opsig_status (*ops_visitor)(const struct ops_visit *visit, void *payload,
                                    opsig_error *err);

/**
 * Visits every sequence of support >= min_support, shorter ones before their extensions, in
 * ascending order of symbol ids. Where a vertex carries two symbols and, among the extensions of
 * a sequence, the special one (op+attr) is carried by just the vertices that the general one
 * (op) has, only the general one is followed: all that extends the other has the same support
 * in the same models.
 * @return OPSIG_LIMIT, OPSIG_CANCELLED, OPSIG_NOMEM, or what the visitor returned
 */
opsig_status ops_explore(const struct ops_mine_field *field,
                         const struct ops_explore_bounds *bounds, ops_visitor visitor,
                         void *payload, opsig_error *err);

#endif
