/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file hypothesis.h  Testing the shared-sequence hypothesis on a labelled corpus: do inconsistent
 *  models share operator sequences beyond chance, beyond operator presence, and to any use?
 *  docs/hypothesis.md says what each figure means. */
#ifndef OPSIG_HYPOTHESIS_H
#define OPSIG_HYPOTHESIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/corpus.h>
#include <opsig/error.h>
#include <opsig/signature.h>

OPSIG_BEGIN_DECLS

/** What to do, and how often. Set by opsig_hypothesis_options_init first. */
typedef struct opsig_hypothesis_options {
    uint32_t version;           /**< of this struct; set by opsig_hypothesis_options_init */
    uint32_t max_length;        /**< longest sequence, in vertices, at least 2; default 6 */
    uint32_t permutations;      /**< of labels within strata, for each test; default 1000 */
    uint32_t rewirings;         /**< of all graphs; default 100 */
    uint32_t bootstraps;        /**< resamples behind an interval; default 1000 */
    uint32_t folds;             /**< of the prediction; default 5 */
    uint64_t seed;              /**< default 1 */
    const double *tolerances;   /**< ascending; NULL: 1e-7, 1e-6 ... 1e-1 */
    size_t n_tolerances;        /**< with tolerances not NULL; 0: no series */
    unsigned n_threads;         /**< default 1; the result does not depend on it */
    const volatile int *cancel; /**< as in opsig_limits; NULL: none */
    opsig_progress progress;    /**< NULL: none */
    void *payload;              /**< for progress */
} opsig_hypothesis_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_hypothesis_options_init(opsig_hypothesis_options *options);

/** What the tests found; refers to nothing else. */
typedef struct opsig_hypothesis opsig_hypothesis;

/**
 * Tests the hypothesis on a corpus with both labels, within its strata. Deterministic: the same
 * corpus, options and seed give the same result, whatever the number of threads. Memory: 24 bytes
 * for each pair of models, and 16 more for each thread.
 * @param out      owned by the caller (opsig_hypothesis_free); NULL on failure
 * @param corpus   with models of both labels
 * @param options  set by opsig_hypothesis_options_init
 * @param err      what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_USAGE (fewer than two models of a label, bad options), OPSIG_LIMIT (too
 *         many models or sequences), OPSIG_CANCELLED, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_hypothesis_test(opsig_hypothesis **out, const opsig_corpus *corpus,
                                             const opsig_hypothesis_options *options,
                                             opsig_error *err);
/** Frees a result; NULL is allowed. @param hypothesis  to be freed */
OPSIG_API void opsig_hypothesis_free(opsig_hypothesis *hypothesis);

/** The size of an effect with its 95 % interval, and the p-value of there being none. A figure that
 *  the corpus does not allow is NaN. */
typedef struct opsig_effect {
    double value; /**< the estimate */
    double low;   /**< lower end of its interval */
    double high;  /**< upper end */
    double p;     /**< of there being none */
} opsig_effect;

/** A row of numbers, for a plot; lives as long as the result. */
typedef struct opsig_numbers {
    const double *values; /**< the numbers */
    size_t n;             /**< how many */
} opsig_numbers;

/** What was tested. */
typedef struct opsig_hypothesis_design {
    const char *oracle;      /**< whose labels are tested */
    size_t n_inconsistent;   /**< models */
    size_t n_consistent;     /**< models */
    uint32_t n_strata;       /**< that models are compared within */
    uint32_t n_mixed_strata; /**< that hold both labels: the others say nothing */
    uint32_t max_length;     /**< as in the options, and what follows too */
    uint32_t permutations;   /**< of labels */
    uint32_t rewirings;      /**< of all graphs */
    uint32_t bootstraps;     /**< resamples */
    uint32_t folds;          /**< of the prediction */
    uint64_t seed;           /**< of all random numbers */
} opsig_hypothesis_design;

/** What was tested. @param h  to ask @return lives as long as the result, as all that follows */
OPSIG_API const opsig_hypothesis_design *opsig_hypothesis_design_of(const opsig_hypothesis *h);

/** Sharing: different sequences that two inconsistent models have in common, mean over pairs. */
typedef struct opsig_hypothesis_sharing {
    uint64_t n_sequences; /**< of length 2 ... max_length that two models or more hold */
    double observed;      /**< sequences per pair of inconsistent models */
    double expected;      /**< its mean over all permutations of labels within strata, exact */
    opsig_effect excess;  /**< observed - expected */
    double ratio;         /**< observed / expected */
    opsig_numbers null;   /**< the excess under each permutation */
} opsig_hypothesis_sharing;

/** How much more inconsistent models share. @param h  to ask @return the test of sharing */
OPSIG_API const opsig_hypothesis_sharing *opsig_hypothesis_sharing_of(const opsig_hypothesis *h);

/** Order: the sharing that operators and degrees do not explain. In each rewiring every vertex of
 * every model keeps its operator, its in- and its out-degree, and all edges are drawn again. The
 * logarithm of 1 + the sequences that a pair shares is regressed, within pairs of strata, on that
 * of 1 + those it shares when rewired (mean) and on the operators it shares; what remains is
 * tested as sharing is. */
typedef struct opsig_hypothesis_order {
    double swaps;           /**< edge swaps for each edge, mean over the rewirings */
    double edges_kept;      /**< share of edges that a rewiring leaves as they were, mean */
    double rewired;         /**< sequences per pair of inconsistent models when rewired, mean */
    opsig_numbers rewired_excess; /**< as sharing's excess, in each rewiring */
    double slope_rewired;   /**< of the regression, on what is shared when rewired */
    double slope_operators; /**< of the regression, on the operators that are shared */
    opsig_effect excess;    /**< mean remainder of pairs of inconsistent models: a logarithm, 0.05
                                 stands for 5 % more sequences than explained */
    opsig_numbers null;     /**< the excess under each permutation of labels */
} opsig_hypothesis_order;

/** How much more than operators and degrees explain. @param h  to ask @return the test of order */
OPSIG_API const opsig_hypothesis_order *opsig_hypothesis_order_of(const opsig_hypothesis *h);

/** The one sequence that tells the labels apart best, of all that enough models hold. */
typedef struct opsig_hypothesis_strongest {
    const char *sequence; /**< its text; "" where no sequence is frequent enough */
    size_t n_tested;            /**< sequences */
    uint32_t with_inconsistent; /**< inconsistent models that hold it */
    uint32_t with_consistent;   /**< consistent models that hold it */
    opsig_effect difference; /**< between inconsistent and consistent models, within strata; p by
                                  the largest of all sequences under each permutation */
} opsig_hypothesis_strongest;

/** The strongest by its presence: the difference in the share of models that hold it.
 *  @param h  to ask  @return the sequence and its test */
OPSIG_API const opsig_hypothesis_strongest *
opsig_hypothesis_strongest_present(const opsig_hypothesis *h);
/** The strongest by its order: among the models that hold all of its operators, the difference in
 *  the share that hold the sequence, above the share of rewirings in which they hold it.
 *  @param h  to ask  @return the sequence and its test */
OPSIG_API const opsig_hypothesis_strongest *
opsig_hypothesis_strongest_ordered(const opsig_hypothesis *h);

/** A point of a curve. */
typedef struct opsig_point {
    double x; /**< to the right */
    double y; /**< upwards */
} opsig_point;

/** Who predicts. */
typedef enum opsig_predictor {
    OPSIG_PREDICTOR_SIGNATURES = 0, /**< mined from the other folds: the risk of a scan */
    OPSIG_PREDICTOR_OPERATORS,      /**< logistic regression on which operators are present */
    OPSIG_PREDICTOR_SIZE            /**< logistic regression on the number of nodes */
} opsig_predictor;

/** How many predictors there are. */
enum { OPSIG_N_PREDICTORS = OPSIG_PREDICTOR_SIZE + 1 /**< those of opsig_predictor */ };

/** A predictor in words.
 *  @param predictor  any value  @return "signatures", "operators" or "size"; a static string */
OPSIG_API const char *opsig_predictor_name(opsig_predictor predictor);

/** How well one predictor tells models that it was fitted without. */
typedef struct opsig_prediction {
    opsig_interval roc_auc;           /**< area under the ROC curve */
    opsig_interval roc_auc_within;    /**< of pairs of models in the same stratum only */
    opsig_interval average_precision; /**< area under the precision-recall curve, by steps */
    opsig_interval precision;         /**< at a probability of 0.5 */
    opsig_interval recall;            /**< at a probability of 0.5 */
    const opsig_point *roc;           /**< false positive rate, true positive rate */
    size_t n_roc;                     /**< points of the curve */
    const opsig_point *pr;            /**< recall, precision */
    size_t n_pr;                      /**< points of the curve */
} opsig_prediction;

/** How well a predictor does.
 *  @param h          to ask
 *  @param predictor  which one
 *  @return its figures */
OPSIG_API const opsig_prediction *opsig_hypothesis_prediction(const opsig_hypothesis *h,
                                                              opsig_predictor predictor);

/** What signatures gain over a baseline: the differences on the same resamples. The p-values are
 *  one-sided: of there being no gain. */
typedef struct opsig_prediction_gain {
    opsig_effect roc_auc;           /**< difference, as the two that follow */
    opsig_effect roc_auc_within;    /**< of pairs of models in the same stratum only */
    opsig_effect average_precision; /**< difference */
} opsig_prediction_gain;

/** What signatures gain over another predictor.
 *  @param h         to ask
 *  @param baseline  not OPSIG_PREDICTOR_SIGNATURES
 *  @return the differences */
OPSIG_API const opsig_prediction_gain *opsig_hypothesis_gain(const opsig_hypothesis *h,
                                                             opsig_predictor baseline);

/** Models that are flagged by a finding of severity high, as `opsig scan` does by default. */
typedef struct opsig_hypothesis_flags {
    uint32_t n_groups;        /**< different graphs: what folds keep whole */
    size_t n_flagged;         /**< models */
    size_t n_hits;            /**< of the flagged ones those that are inconsistent */
    opsig_interval precision; /**< Wilson's interval */
    opsig_interval recall;    /**< Wilson's interval */
} opsig_hypothesis_flags;

/** What the findings of severity high flag.
 *  @param h  to ask  @return counts, precision and recall */
OPSIG_API const opsig_hypothesis_flags *opsig_hypothesis_flags_of(const opsig_hypothesis *h);

/** The same at one tolerance: a model is inconsistent where its largest absolute difference is
 *  above it. Effects are NaN where a label has too few models. */
typedef struct opsig_hypothesis_tolerance {
    double tolerance;      /**< largest absolute difference that is none */
    size_t n_inconsistent; /**< models at this tolerance */
    size_t n_consistent;   /**< models at this tolerance */
    opsig_effect sharing;  /**< excess, as above */
    opsig_effect order;    /**< excess, as above */
    double sharing_ratio;  /**< observed / expected */
    opsig_interval roc_auc[OPSIG_N_PREDICTORS]; /**< of each predictor */
    opsig_effect gain;     /**< of ROC AUC over operators */
} opsig_hypothesis_tolerance;

/** Number of tolerances. @param h  to ask @return 0 where the manifest has no differences */
OPSIG_API size_t opsig_hypothesis_n_tolerances(const opsig_hypothesis *h);
/** The tests at a tolerance, the lowest first.
 *  @param h  to ask
 *  @param i  below opsig_hypothesis_n_tolerances
 *  @return the tests */
OPSIG_API const opsig_hypothesis_tolerance *opsig_hypothesis_tolerance_at(const opsig_hypothesis *h,
                                                                          size_t i);

/** Evolution: nodes by the age of their operator, the number of opset versions since the version
 *  of it that the model uses was added or revised. */
typedef struct opsig_hypothesis_age {
    uint32_t from;           /**< age in opset versions */
    uint32_t to;             /**< age in opset versions; UINT32_MAX in the last row */
    double inconsistent;     /**< mean share of a model's nodes, of inconsistent models */
    double consistent;       /**< mean share of a model's nodes, of consistent ones */
    opsig_effect difference; /**< within strata, each weighted by n1 n0 / n; p two-sided */
} opsig_hypothesis_age;

/** Number of rows of ages. @param h  to ask @return how many */
OPSIG_API size_t opsig_hypothesis_n_ages(const opsig_hypothesis *h);
/** A row, the youngest operators first; the first one is what the verdict reads.
 *  @param h  to ask
 *  @param i  below opsig_hypothesis_n_ages
 *  @return the row */
OPSIG_API const opsig_hypothesis_age *opsig_hypothesis_age_at(const opsig_hypothesis *h, size_t i);
/** Share of all nodes whose operator and opset are known, which alone count.
 *  @param h  to ask  @return between 0 and 1 */
OPSIG_API double opsig_hypothesis_age_known(const opsig_hypothesis *h);

/** What it comes to. */
typedef enum opsig_verdict {
    OPSIG_VERDICT_SUPPORTED = 0, /**< all three questions are answered so */
    OPSIG_VERDICT_NOT_SUPPORTED, /**< none is */
    OPSIG_VERDICT_EQUIVOCAL      /**< some are, or there are too few models */
} opsig_verdict;

/** A verdict in words.
 *  @param verdict  any value
 *  @return "supported", "not supported" or "equivocal"; a static string */
OPSIG_API const char *opsig_verdict_name(opsig_verdict verdict);
/** What it all comes to. @param h  to ask @return the verdict */
OPSIG_API opsig_verdict opsig_hypothesis_verdict(const opsig_hypothesis *h);
/** Number of reasons for the verdict. @param h  to ask @return how many */
OPSIG_API size_t opsig_hypothesis_n_reasons(const opsig_hypothesis *h);
/** A reason, in the order of the tests.
 *  @param h  to ask
 *  @param i  below opsig_hypothesis_n_reasons
 *  @return a sentence */
OPSIG_API const char *opsig_hypothesis_reason(const opsig_hypothesis *h, size_t i);

OPSIG_END_DECLS

#endif
