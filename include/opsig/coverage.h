/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file coverage.h  How much of one corpus's operator sequences another one exercises. */
#ifndef OPSIG_COVERAGE_H
#define OPSIG_COVERAGE_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/corpus.h>
#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/pattern.h>

OPSIG_BEGIN_DECLS

/** What to count. Set by opsig_coverage_options_init first. */
typedef struct opsig_coverage_options {
    uint32_t version;           /**< of this struct; set by opsig_coverage_options_init */
    opsig_alphabet alphabet;    /**< default OPSIG_ALPHABET_OP; not OPSIG_ALPHABET_BOTH */
    uint32_t min_length;        /**< shortest sequence, in vertices; default 1 */
    uint32_t max_length;        /**< longest sequence; default 6 */
    size_t max_gaps;            /**< gaps that are listed; default 20 */
    size_t max_additions;       /**< additions that are listed; default 10 */
    uint64_t max_patterns;      /**< sequences explored before OPSIG_LIMIT; default 20,000,000 */
    uint64_t max_memory;        /**< bytes for the uncovered sequences with the models that hold
                                     them, before OPSIG_LIMIT; default 2 GiB */
    const volatile int *cancel; /**< as in opsig_limits; NULL: none */
} opsig_coverage_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_coverage_options_init(opsig_coverage_options *options);

/** The coverage of a target corpus by a reference corpus. */
typedef struct opsig_coverage opsig_coverage;

/**
 * Counts the sequences of the target and those of them that some model of the reference holds.
 * Time: one search over both corpora, as for frequent sequences of support 1.
 * @param out        owned by the caller (opsig_coverage_free); refers to neither corpus; NULL on
 *                   failure
 * @param reference  what exercises, such as a test suite
 * @param target     what is to be exercised
 * @param options    set by opsig_coverage_options_init
 * @param err        what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_USAGE (a corpus without models, graphs of a gSpan file, bad options),
 *         OPSIG_LIMIT, OPSIG_CANCELLED, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_coverage_measure(opsig_coverage **out, const opsig_corpus *reference,
                                              const opsig_corpus *target,
                                              const opsig_coverage_options *options,
                                              opsig_error *err);
/** Frees a coverage; NULL is allowed. @param coverage  to be freed */
OPSIG_API void opsig_coverage_free(opsig_coverage *coverage);

/** Sequences, and how many of them are covered. */
typedef struct opsig_coverage_count {
    uint64_t sequences; /**< of the target */
    uint64_t covered;   /**< of these, those that the reference holds */
} opsig_coverage_count;

/** Shortest length that was counted. @param coverage  to ask @return in vertices */
OPSIG_API uint32_t opsig_coverage_min_length(const opsig_coverage *coverage);
/** Longest length that was counted. @param coverage  to ask @return in vertices */
OPSIG_API uint32_t opsig_coverage_max_length(const opsig_coverage *coverage);
/** Different sequences of the target.
 *  @param coverage  to ask
 *  @param length    of the sequences, in vertices; 0: all lengths together
 *  @return how many, and how many of them are covered */
OPSIG_API opsig_coverage_count opsig_coverage_distinct(const opsig_coverage *coverage,
                                                       uint32_t length);
/** The same weighted by models: a sequence counts once for each target model that holds it.
 *  @param coverage  to ask
 *  @param length    as for opsig_coverage_distinct
 *  @return how many, and how many of them are covered */
OPSIG_API opsig_coverage_count opsig_coverage_held(const opsig_coverage *coverage,
                                                   uint32_t length);
/** The figure of the whole: the covered share by opsig_coverage_held, averaged over the lengths
 *  of which the target has sequences.
 *  @param coverage  to ask  @return between 0 and 1; NaN where it has none */
OPSIG_API double opsig_coverage_share(const opsig_coverage *coverage);

/** Different sequences of one model of the target.
 *  @param coverage  to ask
 *  @param i         index of the model in the target
 *  @param length    as for opsig_coverage_distinct
 *  @return how many, and how many of them are covered */
OPSIG_API opsig_coverage_count opsig_coverage_of_model(const opsig_coverage *coverage, size_t i,
                                                       uint32_t length);
/** The figure of one model of the target: the covered share of its different sequences, averaged
 *  over lengths likewise.
 *  @param coverage  to ask
 *  @param i         index of the model in the target
 *  @return between 0 and 1; NaN where it has none */
OPSIG_API double opsig_coverage_model_share(const opsig_coverage *coverage, size_t i);

/** An uncovered sequence without an uncovered part among the lengths counted, so that all other
 *  uncovered sequences hold one of them. */
typedef struct opsig_coverage_gap {
    const opsig_pattern *pattern; /**< the sequence */
    const uint32_t *models;       /**< of the target that hold it, ascending */
    size_t n_models;              /**< how many */
} opsig_coverage_gap;

/** Number of all gaps. @param coverage  to ask @return how many */
OPSIG_API uint64_t opsig_coverage_count_gaps(const opsig_coverage *coverage);
/** Number of gaps that are listed. @param coverage  to ask @return how many */
OPSIG_API size_t opsig_coverage_n_gaps(const opsig_coverage *coverage);
/** A gap; those held by most models come first, then shorter ones, then by text.
 *  @param coverage  to ask
 *  @param i         below opsig_coverage_n_gaps
 *  @return what it points to lives as long as the coverage */
OPSIG_API opsig_coverage_gap opsig_coverage_gap_at(const opsig_coverage *coverage, size_t i);

/** A model of the target that the reference should take in next. */
typedef struct opsig_coverage_addition {
    uint32_t model;      /**< of the target */
    uint64_t n_newly;    /**< different sequences that become covered */
    double share;        /**< opsig_coverage_share after this and the additions before it */
} opsig_coverage_addition;

/** Number of additions that are listed. @param coverage  to ask @return how many */
OPSIG_API size_t opsig_coverage_n_additions(const opsig_coverage *coverage);
/** Additions in greedy order: each is the model that raises the share most after those before it,
 *  the first one of equals. No choice of as many models in polynomial time is sure to come closer
 *  to the best one than this, 1 - 1/e of its gain (Nemhauser, Wolsey, Fisher, Mathematical
 *  Programming 14, 1978; Feige, Journal of the ACM 45, 1998).
 *  @param coverage  to ask
 *  @param i         below opsig_coverage_n_additions
 *  @return the addition */
OPSIG_API opsig_coverage_addition opsig_coverage_addition_at(const opsig_coverage *coverage,
                                                             size_t i);

OPSIG_END_DECLS

#endif
