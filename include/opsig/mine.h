/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file mine.h  Mining signatures and frequent patterns. */
#ifndef OPSIG_MINE_H
#define OPSIG_MINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/corpus.h>
#include <opsig/db.h>
#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/pattern.h>

OPSIG_BEGIN_DECLS

/** Correction for multiple testing (method.md section 4). */
typedef enum opsig_correction {
    OPSIG_CORRECTION_BH = 0,     /**< Benjamini-Hochberg: false discovery rate */
    OPSIG_CORRECTION_BONFERRONI, /**< family-wise error rate, over all that is tested */
    OPSIG_CORRECTION_TARONE,     /**< likewise, over what could be significant at all */
    OPSIG_CORRECTION_WESTFALL_YOUNG /**< likewise, by permuted labels: patterns may depend */
} opsig_correction;

/** A correction in words.
 *  @param correction  any value
 *  @return "bh", "bonferroni", "tarone" or "westfall-young"; a static string */
OPSIG_API const char *opsig_correction_name(opsig_correction correction);

/** Which patterns are mined; bits. */
typedef enum opsig_mine_kind {
    OPSIG_MINE_SEQUENCES = 1, /**< paths */
    OPSIG_MINE_SUBGRAPHS = 2, /**< connected subgraphs */
    OPSIG_MINE_BOTH = OPSIG_MINE_SEQUENCES | OPSIG_MINE_SUBGRAPHS /**< both */
} opsig_mine_kind;

/** A kind in words.
 *  @param kind  any value  @return "sequence", "subgraph" or "both"; a static string */
OPSIG_API const char *opsig_mine_kind_name(opsig_mine_kind kind);

/** How to mine. Set by opsig_mine_options_init first. */
typedef struct opsig_mine_options {
    uint32_t version;            /**< of this struct; set by opsig_mine_options_init */
    opsig_alphabet alphabet;     /**< default OPSIG_ALPHABET_BOTH */
    uint32_t max_length;         /**< longest sequence, in vertices; default 6 */
    uint32_t min_support;        /**< models; 0: chosen by the library (see docs/method.md) */
    double alpha;                /**< level of the correction; default 0.05 */
    opsig_correction correction; /**< default OPSIG_CORRECTION_WESTFALL_YOUNG */
    uint32_t permutations;       /**< of Westfall-Young; default 1000 */
    uint64_t max_patterns;       /**< patterns explored before OPSIG_LIMIT; default 20,000,000 */
    uint32_t folds;              /**< of the risk model's cross-validation; default 5 */
    uint64_t seed;               /**< default 1 */
    const volatile int *cancel;  /**< as in opsig_limits; NULL: none */
    opsig_progress progress;     /**< NULL: none */
    void *payload;               /**< for progress */
    opsig_mine_kind kind;        /**< default OPSIG_MINE_BOTH; the rest is for subgraphs */
    uint32_t max_edges;          /**< largest subgraph; default 5; 0: no limit but
                                      OPSIG_PATTERN_MAX_VERTICES - 1 */
    bool edge_slots;             /**< edges are labelled with the input slot of the node that
                                      reads, counted from 1 */
    unsigned n_threads;          /**< default 1; the result does not depend on it */
    uint64_t max_memory;         /**< bytes that one thread may hold in embeddings, before
                                      OPSIG_LIMIT; default 2 GiB */
    bool undirected;             /**< an edge has no direction; for graphs that are no models */
} opsig_mine_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_mine_options_init(opsig_mine_options *options);

/**
 * Mines the sequences and subgraphs that are associated with inconsistency, and fits the risk
 * model. Deterministic: the same corpus, options and seed give the same database. Graphs that are
 * no models (opsig_corpus_load_gspan) have subgraphs only, and get neither risk model nor
 * evidence.
 * @param out      owned by the caller (opsig_database_free); may hold no signature; NULL on failure
 * @param corpus   with models of both labels
 * @param options  set by opsig_mine_options_init
 * @param err      what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_USAGE (no model of one label, or an option that does not suit the
 *         corpus), OPSIG_LIMIT naming the option, OPSIG_CANCELLED, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_mine(opsig_database **out, const opsig_corpus *corpus,
                                  const opsig_mine_options *options, opsig_error *err);

/** Frequent patterns with their support. */
typedef struct opsig_frequent opsig_frequent;

/** Which patterns to list. Set by opsig_frequent_options_init first. */
typedef struct opsig_frequent_options {
    uint32_t version;           /**< of this struct; set by opsig_frequent_options_init */
    opsig_alphabet alphabet;    /**< default OPSIG_ALPHABET_OP */
    uint32_t min_support;       /**< models; default 2 */
    uint32_t max_edges;         /**< patterns of at most this many edges; default 5; 0: no limit
                                     but OPSIG_PATTERN_MAX_VERTICES - 1 */
    bool closed;                /**< only patterns without an extension of equal support */
    bool count_only;            /**< keep the counts, not the patterns */
    uint64_t max_patterns;      /**< as in opsig_mine_options */
    const volatile int *cancel; /**< as in opsig_limits; NULL: none */
    opsig_pattern_kind kind;    /**< default OPSIG_PATTERN_SEQUENCE; the rest is for subgraphs */
    bool undirected;            /**< an edge has no direction */
    bool edge_slots;            /**< edges of models are labelled with the input slot of the node
                                     that reads, counted from 1 */
    unsigned n_threads;         /**< default 1; the result does not depend on it */
    uint64_t max_memory;        /**< bytes that one thread may hold in embeddings, before
                                     OPSIG_LIMIT; default 2 GiB */
} opsig_frequent_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_frequent_options_init(opsig_frequent_options *options);

/**
 * Mines the frequent sequences or connected subgraphs of a corpus; labels are ignored. A subgraph
 * occurs where its vertices can be mapped to different vertices of a graph, symbols and edges with
 * their labels kept; further edges among them do no harm. Single vertices are patterns too.
 * @param out      owned by the caller (opsig_frequent_free); NULL on failure
 * @param corpus   of models or other graphs
 * @param options  set by opsig_frequent_options_init
 * @param err      what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_LIMIT naming the option, OPSIG_CANCELLED, OPSIG_NOMEM, OPSIG_USAGE
 *         (sequences of graphs that are no models)
 */
OPSIG_API opsig_status opsig_frequent_mine(opsig_frequent **out, const opsig_corpus *corpus,
                                           const opsig_frequent_options *options,
                                           opsig_error *err);
/** Frees a result; NULL is allowed. @param frequent  to be freed */
OPSIG_API void opsig_frequent_free(opsig_frequent *frequent);
/** Number of patterns found.
 *  @param frequent  to ask  @return how many, those that were not kept included */
OPSIG_API uint64_t opsig_frequent_count(const opsig_frequent *frequent);
/** Number of patterns found of a size.
 *  @param frequent  to ask
 *  @param n_edges   of the pattern, at most opsig_frequent_max_edges
 *  @return how many */
OPSIG_API uint64_t opsig_frequent_count_by_edges(const opsig_frequent *frequent,
                                                 uint32_t n_edges);
/** Largest number of edges.
 *  @param frequent  to ask
 *  @return the limit that was asked for or, without one, the size of the largest pattern */
OPSIG_API uint32_t opsig_frequent_max_edges(const opsig_frequent *frequent);
/** Number of patterns kept. @param frequent  to ask @return how many */
OPSIG_API size_t opsig_frequent_n(const opsig_frequent *frequent);
/** A pattern: by falling support, then by length, then by text.
 *  @param frequent  to ask
 *  @param i         below opsig_frequent_n
 *  @return lives as long as the result */
OPSIG_API const opsig_pattern *opsig_frequent_pattern(const opsig_frequent *frequent, size_t i);
/** Support of that pattern.
 *  @param frequent  to ask
 *  @param i         below opsig_frequent_n
 *  @return models that hold it */
OPSIG_API uint32_t opsig_frequent_support(const opsig_frequent *frequent, size_t i);

OPSIG_END_DECLS

#endif
