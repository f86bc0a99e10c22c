/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file scan.h  Matching signatures against models. */
#ifndef OPSIG_SCAN_H
#define OPSIG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/corpus.h>
#include <opsig/db.h>
#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/limits.h>
#include <opsig/rules.h>
#include <opsig/signature.h>

OPSIG_BEGIN_DECLS

/** Which files get a SHA-256, for which they are read whole. */
typedef enum opsig_digest {
    OPSIG_DIGEST_SMALL = 0, /**< those of up to 16 MiB */
    OPSIG_DIGEST_NONE,      /**< none */
    OPSIG_DIGEST_ALL        /**< all */
} opsig_digest;

/** Findings that somebody has looked at and does not want to hear of: lines of ignore files. */
typedef struct opsig_ignores opsig_ignores;

/** Findings that were there before: a file of (path, id, count). */
typedef struct opsig_baseline opsig_baseline;

/** How to scan. Set by opsig_scan_options_init first. */
typedef struct opsig_scan_options {
    uint32_t version;            /**< of this struct; set by opsig_scan_options_init */
    opsig_severity min_severity; /**< findings below are left out; default low */
    uint32_t max_matches;        /**< matches kept per finding; default 100; all are counted */
    /** Neighbours looked at for each step of a subgraph in one model; default 1,000,000. Where many
     *  like nodes meet, as in stars and meshes, a search that needs more is broken off, and says
     *  so. */
    uint32_t max_work;
    unsigned workers;            /**< processes that load models; 0: load in this process */
    opsig_digest digest;         /**< default OPSIG_DIGEST_SMALL */
    opsig_limits limits;         /**< for each model */
    opsig_ignores *ignores;      /**< for opsig_scan_paths; NULL: none. Learns what is used */
    opsig_baseline *baseline;    /**< for opsig_scan_paths; NULL: none */
    opsig_baseline *record;      /**< to which it adds all findings that are not ignored */
    bool without_rules;          /**< leave out the rules that databases hold */
    const opsig_rules *rules;    /**< to look for beside those of the databases; NULL: none. Must
                                      outlive the scanner */
    bool only_new; /**< for opsig_scan_paths: results keep no findings but those that count; of the
                        others there is the number, opsig_scan_result_n_dropped */
} opsig_scan_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_scan_options_init(opsig_scan_options *options);

/** The signatures of some databases, joined in one trie, and rules. Of several rules with one id
 *  the options' counts, then that of the first database. Safe to use from several threads. */
typedef struct opsig_scanner opsig_scanner;

/** Joins signatures and rules for scanning.
 *  @param out          owned by the caller (opsig_scanner_free); NULL on failure
 *  @param databases    must outlive the scanner
 *  @param n_databases  how many
 *  @param options      set by opsig_scan_options_init; what it points to must outlive the scanner
 *  @param err          what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_LIMIT (too many names), OPSIG_NOMEM */
OPSIG_API opsig_status opsig_scanner_new(opsig_scanner **out,
                                         const opsig_database *const *databases,
                                         size_t n_databases, const opsig_scan_options *options,
                                         opsig_error *err);
/** Frees a scanner; NULL is allowed. @param scanner  to be freed */
OPSIG_API void opsig_scanner_free(opsig_scanner *scanner);

/** Whether a finding counts. */
typedef enum opsig_finding_state {
    OPSIG_FINDING_NEW = 0, /**< it does */
    OPSIG_FINDING_KNOWN,   /**< the baseline covers it */
    OPSIG_FINDING_IGNORED  /**< a line of an ignore file covers it */
} opsig_finding_state;

/** A state in words.
 *  @param state  any value  @return "new", "known" or "ignored"; a static string */
OPSIG_API const char *opsig_finding_state_name(opsig_finding_state state);

/** One signature or rule found in one model; belongs to its result. */
typedef struct opsig_finding {
    const opsig_signature *signature; /**< NULL: a rule was found */
    const opsig_rule *rule;           /**< NULL: a signature was found */
    bool is_possible; /**< of a rule: in each place some test is of what is not known */
    /** Matches in all, saturating at 2^63 - 1; those that a symmetry of the pattern takes into each
     *  other are one. */
    uint64_t occurrences;
    bool incomplete;          /**< the search was broken off (max_work): there may be more */
    size_t n_matches;         /**< matches kept, ordered by vertex: see opsig_finding_match */
    const uint32_t *matches;  /**< graph vertices, match after match */
    const uint32_t *ends;     /**< where each match ends in `matches`; NULL: all have the
                                   pattern's size */
    double risk_contribution; /**< log-odds that the finding adds to the model's risk */
    /** Index of the finding whose pattern holds this one and whose matches cover all of its
     *  matches; SIZE_MAX where there is none. */
    size_t covered_by;
    opsig_finding_state state; /**< set by opsig_scan_paths */
    const char *reason;        /**< why it is ignored; lives as long as the ignores. NULL: none */
} opsig_finding;

/** The id of the signature or rule.
 *  @param finding  to ask  @return lives as long as its database or rules */
OPSIG_API const char *opsig_finding_id(const opsig_finding *finding);
/** What it is called: the pattern of a signature, the title of a rule.
 *  @param finding  to ask  @return lives as long as its database or rules */
OPSIG_API const char *opsig_finding_title(const opsig_finding *finding);
/** The severity of the signature or rule; of a finding that is only possible, one less.
 *  @param finding  to ask  @return what it counts as */
OPSIG_API opsig_severity opsig_finding_severity(const opsig_finding *finding);
/** A place at which it was found.
 *  @param finding  to ask
 *  @param i        below n_matches
 *  @param n        gets the number of vertices
 *  @return *n graph vertices, in the order of the pattern; of a rule, in the order in which it
 *          introduces its nodes */
OPSIG_API const uint32_t *opsig_finding_match(const opsig_finding *finding, size_t i, size_t *n);
/** The order of findings: what is certain first, then by severity; then rules, by confidence and
 *  id, then signatures, by the lower end of the likelihood ratio.
 *  @param a  a finding
 *  @param b  another one
 *  @return below 0 where a is told before b, 0 where they are alike, else above 0 */
OPSIG_API int opsig_finding_compare(const opsig_finding *a, const opsig_finding *b);

/** What a scan says of one model. */
typedef struct opsig_scan_result opsig_scan_result;

/** Matches one graph, which must have its facts (opsig_graph_load_facts) where there are rules.
 *  Time: linear in the graph for each trie node that is reached, for subgraphs
 *  also in the partial matches, up to max_work for each step.
 *  @param out      owned by the caller; refers to the graph, the databases and the rules
 *  @param scanner  to scan with
 *  @param graph    to be scanned
 *  @param path     the model's file, from which rules read constants of more than 1,024 elements;
 *                  NULL: their values are not known
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_USAGE for a graph without facts where there are rules, OPSIG_TIMEOUT,
 *          OPSIG_CANCELLED (as the options' limits say), OPSIG_NOMEM */
OPSIG_API opsig_status opsig_scanner_scan(opsig_scan_result **out, const opsig_scanner *scanner,
                                          const opsig_graph *graph, const char *path,
                                          opsig_error *err);
/** Frees a result; NULL is allowed. @param result  to be freed */
OPSIG_API void opsig_scan_result_free(opsig_scan_result *result);

/** Number of findings. @param result  to ask @return how many */
OPSIG_API size_t opsig_scan_result_n_findings(const opsig_scan_result *result);
/** A finding, in the order of opsig_finding_compare.
 *  @param result  to ask
 *  @param i       below opsig_scan_result_n_findings
 *  @return lives as long as the result */
OPSIG_API const opsig_finding *opsig_scan_result_finding(const opsig_scan_result *result,
                                                         size_t i);
/** Number of findings that were dropped since they do not count (only_new).
 *  @param result  to ask
 *  @param state   OPSIG_FINDING_KNOWN or OPSIG_FINDING_IGNORED
 *  @return how many */
OPSIG_API size_t opsig_scan_result_n_dropped(const opsig_scan_result *result,
                                             opsig_finding_state state);
/** Number of terms that move the risk without being significant by themselves: no findings, but
 *  part of the explanation.
 *  @param result  to ask  @return how many */
OPSIG_API size_t opsig_scan_result_n_terms(const opsig_scan_result *result);
/** Such a term, the largest contribution first.
 *  @param result  to ask
 *  @param i       below opsig_scan_result_n_terms
 *  @return lives as long as the result */
OPSIG_API const opsig_finding *opsig_scan_result_term(const opsig_scan_result *result, size_t i);
/** Number of signatures, terms and rules that were not found, but whose search was broken off
 *  (max_work): the model may hold them.
 *  @param result  to ask  @return how many */
OPSIG_API size_t opsig_scan_result_n_unsearched(const opsig_scan_result *result);
/** Such a signature, term or rule, in the order of findings.
 *  @param result  to ask
 *  @param i       below opsig_scan_result_n_unsearched
 *  @return has no matches; lives as long as the result */
OPSIG_API const opsig_finding *opsig_scan_result_unsearched(const opsig_scan_result *result,
                                                            size_t i);
/** Estimated probability that the model is inconsistent under the databases' oracle (the largest
 *  over the databases).
 *  @param result  to ask  @return between 0 and 1; NaN where no database has a risk model */
OPSIG_API double opsig_scan_result_risk(const opsig_scan_result *result);

/** A model scanned by opsig_scan_paths. */
typedef struct opsig_scanned {
    const char *path;                /**< as given */
    const opsig_graph *graph;        /**< NULL where the model could not be read */
    const opsig_scan_result *result; /**< NULL where the model could not be read */
    const opsig_error *error;        /**< NULL where it could */
    const char *sha256;              /**< 64 hexadecimal digits; "" where not computed */
} opsig_scanned;

/** Called once a path, in the order of the paths. What it points to is valid during the call
 *  only. @return 0 to go on; else the scan ends with OPSIG_CANCELLED */
typedef int (*opsig_scan_callback)(const opsig_scanned *scanned, void *payload);

/** Loads and scans models. A model that cannot be read is handed to the callback as an error.
 *  @param scanner   to scan with
 *  @param paths     of the models; "-" reads standard input
 *  @param n_paths   how many
 *  @param callback  called for each model, in their order
 *  @param payload   handed to the callback
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOMEM, OPSIG_CANCELLED, OPSIG_IO */
OPSIG_API opsig_status opsig_scan_paths(const opsig_scanner *scanner, const char *const *paths,
                                        size_t n_paths, opsig_scan_callback callback,
                                        void *payload, opsig_error *err);

/**
 * Adds the counts of a labelled corpus to the signatures of a database: models, evidence, and all
 * numbers that follow from the counts. The patterns stay, and so do their contexts, p_order, and
 * the risk model. p is the exact test over strata, of which the database as it was is one; p
 * adjusted is Bonferroni's over the hypotheses of the first mine (provenance "search.hypotheses").
 * Models that the database has already (by SHA-256, else by path) do not count again. Provenance
 * gets "update.N.corpus.digest" and others.
 * @param out       owned by the caller (opsig_database_free)
 * @param database  to be added to; stays as it is
 * @param corpus    with models of both labels
 * @param cancel    as in opsig_limits; NULL: none
 * @param err       what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_CONFLICT where the labels are of another oracle; OPSIG_CANCELLED,
 *         OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_database_update(opsig_database **out, const opsig_database *database,
                                             const opsig_corpus *corpus,
                                             const volatile int *cancel, opsig_error *err);

/** A line of an ignore file. Strings live as long as the ignores. */
typedef struct opsig_ignore {
    const char *file; /**< as given */
    size_t line;      /**< from 1 */
    const char *id;   /**< of a signature or rule */
    const char *glob; /**< of paths relative to the file's folder, or of names */
    const char *until; /**< last day, "YYYY-MM-DD"; "" where there is none */
    const char *reason; /**< why the finding does not count */
    bool is_expired;    /**< the last day has passed */
    bool is_used;       /**< so far */
} opsig_ignore;

/** Makes an empty list.
 *  @param out    owned by the caller (opsig_ignores_free); NULL on failure
 *  @param today  "YYYY-MM-DD"; NULL: the present day, UTC
 *  @param err    what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_USAGE for what is no day */
OPSIG_API opsig_status opsig_ignores_new(opsig_ignores **out, const char *today,
                                         opsig_error *err);
/** Adds the lines of a file (docs/cli.md). Expired ones are listed and cover nothing.
 *  @param ignores  to add to
 *  @param path     of the file
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_FORMAT with line and column; OPSIG_LIMIT, OPSIG_NOT_FOUND, OPSIG_IO */
OPSIG_API opsig_status opsig_ignores_read(opsig_ignores *ignores, const char *path,
                                          opsig_error *err);
/** Frees a list; NULL is allowed. @param ignores  to be freed */
OPSIG_API void opsig_ignores_free(opsig_ignores *ignores);
/** Number of lines. @param ignores  to ask @return how many */
OPSIG_API size_t opsig_ignores_n(const opsig_ignores *ignores);
/** A line, in the order in which they were read.
 *  @param ignores  to ask
 *  @param i        below opsig_ignores_n
 *  @return the line */
OPSIG_API opsig_ignore opsig_ignores_line(const opsig_ignores *ignores, size_t i);

/** Makes an empty baseline.
 *  @param out   owned by the caller (opsig_baseline_free); NULL on failure
 *  @param path  of its file, to whose folder its paths are relative
 *  @param err   what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_baseline_new(opsig_baseline **out, const char *path,
                                          opsig_error *err);
/** Reads a baseline.
 *  @param out   owned by the caller (opsig_baseline_free); NULL on failure
 *  @param path  of its file
 *  @param err   what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_FORMAT with line and column where it is broken; OPSIG_UNSUPPORTED for a
 *          newer version; OPSIG_LIMIT, OPSIG_NOT_FOUND, OPSIG_IO */
OPSIG_API opsig_status opsig_baseline_open(opsig_baseline **out, const char *path,
                                           opsig_error *err);
/** Frees a baseline; NULL is allowed. @param baseline  to be freed */
OPSIG_API void opsig_baseline_free(opsig_baseline *baseline);
/** Notes that a model has so many matches of a signature; the largest count of several stays.
 *  @param baseline  to add to
 *  @param model     its path, from the current folder
 *  @param id        of the signature or rule
 *  @param count     of matches
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_baseline_add(opsig_baseline *baseline, const char *model,
                                          const char *id, uint64_t count, opsig_error *err);
/** Whether at least so many matches were there. Time: logarithmic in the entries.
 *  @param baseline  to ask
 *  @param model     its path, from the current folder
 *  @param id        of the signature or rule
 *  @param count     of matches
 *  @return true where it covers them */
OPSIG_API bool opsig_baseline_covers(opsig_baseline *baseline, const char *model, const char *id,
                                     uint64_t count);
/** Number of entries. @param baseline  to ask @return how many */
OPSIG_API size_t opsig_baseline_n(const opsig_baseline *baseline);
/** Writes the baseline, in the order of paths and ids.
 *  @param baseline  to be written
 *  @param stream    open for writing
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_baseline_write(const opsig_baseline *baseline, FILE *stream,
                                            opsig_error *err);

OPSIG_END_DECLS

#endif
