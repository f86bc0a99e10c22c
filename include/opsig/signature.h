/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file signature.h  A pattern that passed the significance test, with its evidence. */
#ifndef OPSIG_SIGNATURE_H
#define OPSIG_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/error.h>
#include <opsig/pattern.h>

OPSIG_BEGIN_DECLS

/** How much a finding says: high where the lower end of the positive likelihood ratio's 95 %
 *  interval is at least 10, medium from 3, low below. */
typedef enum opsig_severity {
    OPSIG_SEVERITY_LOW = 0, /**< below 3 */
    OPSIG_SEVERITY_MEDIUM,  /**< from 3 */
    OPSIG_SEVERITY_HIGH     /**< from 10 */
} opsig_severity;

/** A severity in words.
 *  @param severity  any value  @return "low", "medium" or "high"; a static string */
OPSIG_API const char *opsig_severity_name(opsig_severity severity);

/** An estimate with its 95 % confidence interval. */
typedef struct opsig_interval {
    double value; /**< the estimate */
    double low;   /**< lower end */
    double high;  /**< upper end */
} opsig_interval;

/** Statistics of one pattern in one labelled corpus. Probabilities are in [0, 1]. */
typedef struct opsig_statistics {
    uint32_t n_inconsistent;    /**< inconsistent models in the corpus */
    uint32_t n_consistent;      /**< consistent models in the corpus */
    uint32_t with_inconsistent; /**< inconsistent models that hold the pattern */
    uint32_t with_consistent;   /**< consistent models that hold it */
    double p;                   /**< one-sided exact conditional test within strata */
    double p_adjusted;          /**< after the correction for multiple testing */
    double p_order; /**< against models with the same operators: does the arrangement add? */
    opsig_interval odds_ratio;       /**< Haldane-Anscombe corrected, Woolf interval */
    opsig_interval likelihood_ratio; /**< P(pattern | inconsistent) / P(pattern | consistent) */
    opsig_interval confidence;       /**< P(inconsistent | pattern), Wilson interval */
    double lift;                     /**< confidence over the share of inconsistent models */
    opsig_severity severity;         /**< by the likelihood ratio */
} opsig_statistics;

/** A signature; belongs to its database. */
typedef struct opsig_signature opsig_signature;

/** One model of the mined corpus that holds the pattern. */
typedef struct opsig_evidence {
    const char *model;  /**< path as in the manifest */
    int inconsistent;   /**< 1: labelled inconsistent, 0: consistent */
    const char *nodes;  /**< labels of one match's nodes in pattern order, joined by newlines */
} opsig_evidence;

/** The id of its pattern (opsig_pattern_id).
 *  @param signature  to ask  @return lives as long as the database */
OPSIG_API const char *opsig_signature_id(const opsig_signature *signature);
/** What is looked for. @param signature  to ask @return lives as long as the database */
OPSIG_API const opsig_pattern *opsig_signature_pattern(const opsig_signature *signature);
/** The closed pattern: the largest one found in the same models; may equal the pattern.
 *  @param signature  to ask  @return lives as long as the database */
OPSIG_API const opsig_pattern *opsig_signature_context(const opsig_signature *signature);
/** Its counts and what follows from them.
 *  @param signature  to ask  @return lives as long as the database */
OPSIG_API const opsig_statistics *opsig_signature_statistics(const opsig_signature *signature);
/** The oracle whose labels its numbers are about.
 *  @param signature  to ask
 *  @return NULL where the database does not say; lives as long as the database */
OPSIG_API const char *opsig_signature_oracle(const opsig_signature *signature);
/** Weight in the risk model, per doubling of the number of places plus 1, before calibration.
 *  @param signature  to ask  @return 0 where the model does not use the signature */
OPSIG_API double opsig_signature_weight(const opsig_signature *signature);
/** Number of models that are kept as evidence. @param signature  to ask @return how many */
OPSIG_API size_t opsig_signature_n_evidence(const opsig_signature *signature);
/** A model that holds the pattern.
 *  @param signature  to ask
 *  @param i          below opsig_signature_n_evidence
 *  @return strings live as long as the database */
OPSIG_API opsig_evidence opsig_signature_evidence(const opsig_signature *signature, size_t i);

OPSIG_END_DECLS

#endif
