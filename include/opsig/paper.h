/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file paper.h  The shared-sequence analysis of Jajal et al. (ISSTA 2024), section 6.2.3. */
#ifndef OPSIG_PAPER_H
#define OPSIG_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/corpus.h>
#include <opsig/error.h>
#include <opsig/graph.h>

OPSIG_BEGIN_DECLS

/** How to compare. Set by opsig_paper_options_init first. */
typedef struct opsig_paper_options {
    uint32_t version;           /**< of this struct; set by opsig_paper_options_init */
    opsig_alphabet alphabet;    /**< default OPSIG_ALPHABET_OP, as in the paper; not _BOTH */
    uint64_t max_paths;         /**< distinct paths of a model; one with more is left out and named
                                     (opsig_paper_left_out); default 1,000,000 */
    uint32_t permutations;      /**< of the labels, within strata; default 20; 0: none */
    uint64_t seed;              /**< default 1 */
    unsigned n_threads;         /**< default 1; the result does not depend on it */
    const volatile int *cancel; /**< as in opsig_limits; NULL: none */
    opsig_progress progress;    /**< NULL: none */
    void *payload;              /**< for progress */
} opsig_paper_options;

OPSIG_API void opsig_paper_options_init(opsig_paper_options *options);

/** The models that are compared, by what is known of them. */
typedef enum opsig_paper_group {
    OPSIG_PAPER_INCONSISTENT = 0,
    OPSIG_PAPER_CONSISTENT,
    OPSIG_PAPER_TESTS, /**< a converter's test suite */
    OPSIG_PAPER_N_GROUPS
} opsig_paper_group;

/** What the comparison came to. Immutable. */
typedef struct opsig_paper opsig_paper;

/**
 * Compares each inconsistent model with every other one (set 1), with every consistent model
 * (set 2) and with every model of a converter's test suite (set 3).
 * @param out    owned by the caller (opsig_paper_free); NULL on failure
 * @param tests  NULL: there is no third set; labels are ignored
 * @return OPSIG_USAGE (no inconsistent model), OPSIG_CANCELLED, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_paper_compare(opsig_paper **out, const opsig_corpus *corpus,
                                           const opsig_corpus *tests,
                                           const opsig_paper_options *options, opsig_error *err);
/** NULL is allowed. */
OPSIG_API void opsig_paper_free(opsig_paper *paper);

/** Models of a group that were compared. */
OPSIG_API size_t opsig_paper_n_models(const opsig_paper *paper, opsig_paper_group group);
/** Operators of a group's main graphs, in byte order. Strings live as long as the result. */
OPSIG_API size_t opsig_paper_n_operators(const opsig_paper *paper, opsig_paper_group group);
OPSIG_API const char *opsig_paper_operator(const opsig_paper *paper, opsig_paper_group group,
                                           size_t i);

OPSIG_END_DECLS

#endif
