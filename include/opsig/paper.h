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
                                     (opsig_paper_left_out); default 20,000 */
    uint32_t permutations;      /**< of the labels, within strata; default 20; 0: none */
    uint64_t seed;              /**< default 1 */
    unsigned n_threads;         /**< default 1; the result does not depend on it */
    const volatile int *cancel; /**< as in opsig_limits; NULL: none */
    opsig_progress progress;    /**< NULL: none */
    void *payload;              /**< for progress */
} opsig_paper_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_paper_options_init(opsig_paper_options *options);

/** The models that are compared, by what is known of them. */
typedef enum opsig_paper_group {
    OPSIG_PAPER_INCONSISTENT = 0, /**< by the corpus's labels */
    OPSIG_PAPER_CONSISTENT,       /**< by the corpus's labels */
    OPSIG_PAPER_TESTS,            /**< a converter's test suite */
    OPSIG_PAPER_N_GROUPS          /**< how many there are */
} opsig_paper_group;

/** What the comparison came to. Immutable. */
typedef struct opsig_paper opsig_paper;

/**
 * Compares each inconsistent model with every other one (set 1), with every consistent model
 * (set 2) and with every model of a converter's test suite (set 3).
 * @param out      owned by the caller (opsig_paper_free); NULL on failure
 * @param corpus   with inconsistent models
 * @param tests    NULL: there is no third set; labels are ignored
 * @param options  set by opsig_paper_options_init
 * @param err      what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_USAGE (no inconsistent model), OPSIG_CANCELLED, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_paper_compare(opsig_paper **out, const opsig_corpus *corpus,
                                           const opsig_corpus *tests,
                                           const opsig_paper_options *options, opsig_error *err);
/** Frees a result; NULL is allowed. @param paper  to be freed */
OPSIG_API void opsig_paper_free(opsig_paper *paper);

/** Number of models of a group that were compared.
 *  @param paper  to ask
 *  @param group  which models
 *  @return how many */
OPSIG_API size_t opsig_paper_n_models(const opsig_paper *paper, opsig_paper_group group);
/** Is there a third set? @param paper  to ask @return true where tests were given */
OPSIG_API bool opsig_paper_has_tests(const opsig_paper *paper);
/** Number of models that were left out since they have too many distinct paths.
 *  @param paper  to ask  @return how many */
OPSIG_API size_t opsig_paper_n_left_out(const opsig_paper *paper);
/** Path of such a model, in the order of the corpus and then of the tests.
 *  @param paper  to ask
 *  @param i      below opsig_paper_n_left_out
 *  @return lives as long as corpus and tests */
OPSIG_API const char *opsig_paper_left_out(const opsig_paper *paper, size_t i);
/** Number of operators of a group's main graphs.
 *  @param paper  to ask
 *  @param group  which models
 *  @return how many */
OPSIG_API size_t opsig_paper_n_operators(const opsig_paper *paper, opsig_paper_group group);
/** An operator of a group's main graphs, in byte order.
 *  @param paper  to ask
 *  @param group  which models
 *  @param i      below opsig_paper_n_operators
 *  @return lives as long as the result */
OPSIG_API const char *opsig_paper_operator(const opsig_paper *paper, opsig_paper_group group,
                                           size_t i);

/** A count, and what the same count is under permuted labels. */
typedef struct opsig_paper_count {
    uint64_t count;          /**< under the given labels */
    uint32_t n_permutations; /**< 0: what follows means nothing */
    uint64_t least;          /**< under permuted labels */
    uint64_t most;           /**< under permuted labels */
    double mean;             /**< under permuted labels */
    double p; /**< share of all labellings, the given one included, that count as much or more */
} opsig_paper_count;

/** What one of the sets of pairs of models came to. Counts of pairs end at 2^64 - 1. */
typedef struct opsig_paper_set {
    uint64_t path_pairs;     /**< pairs of paths that were compared */
    uint64_t distinct_pairs; /**< pairs of strings, the equal ones of a model taken once */
    opsig_paper_count total; /**< distinct blocks of two symbols or more, summed over pairs of
                                  models */
    opsig_paper_count unique;  /**< sequences of three symbols or more, ends of paths taken off */
    opsig_paper_count reduced; /**< what is left of them where parts that several share replace
                                    them */
} opsig_paper_set;

/** What a set of pairs came to.
 *  @param paper  to ask
 *  @param set    1 (inconsistent models), 2 (with consistent ones), 3 (with tests)
 *  @return its counts */
OPSIG_API opsig_paper_set opsig_paper_set_counts(const opsig_paper *paper, unsigned set);

/** Lists of sequences: those of set 1 that are not in set 2, or not in set 3. */
typedef enum opsig_paper_list {
    OPSIG_PAPER_1_WITHOUT_2 = 0,     /**< not in set 2 */
    OPSIG_PAPER_1_WITHOUT_3,         /**< not in set 3 */
    OPSIG_PAPER_1_WITHOUT_2_REDUCED, /**< not in set 2, reduced */
    OPSIG_PAPER_1_WITHOUT_3_REDUCED, /**< not in set 3, reduced */
    OPSIG_PAPER_N_LISTS              /**< how many there are */
} opsig_paper_list;

/** Length of a list.
 *  @param paper  to ask
 *  @param list   which one
 *  @return how many, beside permuted labels */
OPSIG_API opsig_paper_count opsig_paper_list_count(const opsig_paper *paper,
                                                   opsig_paper_list list);
/** Length of a sequence of a list, in order of the symbols' bytes.
 *  @param paper  to ask
 *  @param list   which one
 *  @param i      below the list's count
 *  @return number of its symbols */
OPSIG_API size_t opsig_paper_sequence_length(const opsig_paper *paper, opsig_paper_list list,
                                             size_t i);
/** A symbol of a sequence.
 *  @param paper  to ask
 *  @param list   which one
 *  @param i      as for opsig_paper_sequence_length
 *  @param k      below its length
 *  @return lives as long as the result */
OPSIG_API const char *opsig_paper_sequence_symbol(const opsig_paper *paper, opsig_paper_list list,
                                                  size_t i, size_t k);
/** Number of inconsistent models that hold a sequence of OPSIG_PAPER_1_WITHOUT_2, in a pair of
 *  set 1.
 *  @param paper  to ask
 *  @param i      below the count of OPSIG_PAPER_1_WITHOUT_2
 *  @return how many */
OPSIG_API uint32_t opsig_paper_n_holders(const opsig_paper *paper, size_t i);
/** Number of inconsistent models that hold some sequence of OPSIG_PAPER_1_WITHOUT_2.
 *  @param paper  to ask  @return how many, beside permuted labels */
OPSIG_API opsig_paper_count opsig_paper_sharing(const opsig_paper *paper);

OPSIG_END_DECLS

#endif
