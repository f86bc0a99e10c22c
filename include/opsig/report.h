/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file report.h  Text and JSON for people and programs. Text from models is escaped. */
#ifndef OPSIG_REPORT_H
#define OPSIG_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <opsig/corpus.h>
#include <opsig/coverage.h>
#include <opsig/db.h>
#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/hypothesis.h>
#include <opsig/mine.h>
#include <opsig/paper.h>
#include <opsig/rules.h>
#include <opsig/scan.h>

OPSIG_BEGIN_DECLS

/** Formats of reports. */
typedef enum opsig_report_format {
    OPSIG_REPORT_TEXT = 0,
    OPSIG_REPORT_JSON,
    OPSIG_REPORT_HTML,     /**< one file that needs nothing else; where a report has it */
    OPSIG_REPORT_SARIF,    /**< of scans, as what follows; SARIF 2.1.0 */
    OPSIG_REPORT_JUNIT,    /**< XML for CI services */
    OPSIG_REPORT_MARKDOWN, /**< for a comment on a pull request */
    OPSIG_REPORT_CSV       /**< RFC 4180, a row for each finding */
} opsig_report_format;

/** How a report looks. */
typedef struct opsig_report_style {
    opsig_report_format format; /**< of the report */
    bool color;   /**< text only: ANSI colours */
    bool verbose; /**< for people only: also what is folded by default */
    bool explain; /**< scans as text and JSON: the evidence of each signature and
                       rule found, at the end */
    int fail_on;  /**< JUnit only: severity (enum opsig_severity) from which a finding fails; above
                       all of them: never */
} opsig_report_style;

/** Prints "opsig: PATH: message (at byte N)" with a newline.
 *  @param stream  open for writing
 *  @param path    NULL: none
 *  @param error   to be printed */
OPSIG_API void opsig_report_error(FILE *stream, const char *path, const opsig_error *error);

/** A scan report in the making: begin, one model at a time, end. */
typedef struct opsig_scan_report opsig_scan_report;

/** Begins the report of a scan.
 *  @param out          owned by the caller (opsig_scan_report_free); NULL on failure
 *  @param stream       open for writing; must outlive the report
 *  @param style        how it looks
 *  @param databases    that are scanned with; must outlive the report
 *  @param db_paths     one for each database, as the user named them; must outlive the report
 *  @param n_databases  how many
 *  @param rules        beside those of the databases; NULL: none
 *  @param err          what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_scan_report_new(opsig_scan_report **out, FILE *stream,
                                             const opsig_report_style *style,
                                             const opsig_database *const *databases,
                                             const char *const *db_paths, size_t n_databases,
                                             const opsig_rules *rules, opsig_error *err);
/** Prints one model, or keeps it for the end.
 *  @param report   begun by its _new
 *  @param scanned  not needed afterwards
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_scan_report_add(opsig_scan_report *report,
                                             const opsig_scanned *scanned, opsig_error *err);
/** Prints the summary.
 *  @param report  begun by its _new
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_scan_report_end(opsig_scan_report *report, opsig_error *err);
/** Frees a report; NULL is allowed. @param report  to be freed */
OPSIG_API void opsig_scan_report_free(opsig_scan_report *report);

/** What `opsig inspect` prints, in the making: begin, one model at a time, end. */
typedef struct opsig_inspect_report opsig_inspect_report;

/** Begins a report.
 *  @param out     owned by the caller (opsig_inspect_report_free); NULL on failure
 *  @param stream  open for writing; must outlive the report
 *  @param style   how it looks
 *  @param many    false: one model that stands alone; true: a list of any number
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_inspect_report_new(opsig_inspect_report **out, FILE *stream,
                                                const opsig_report_style *style, bool many,
                                                opsig_error *err);
/** Prints one model.
 *  @param report   begun by its _new
 *  @param scanned  its findings are not asked for: `result` may be NULL
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_inspect_report_add(opsig_inspect_report *report,
                                                const opsig_scanned *scanned, opsig_error *err);
/** Prints what stands at the end.
 *  @param report  begun by its _new
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_inspect_report_end(opsig_inspect_report *report, opsig_error *err);
/** Frees a report; NULL is allowed. @param report  to be freed */
OPSIG_API void opsig_inspect_report_free(opsig_inspect_report *report);

/** A drawing of a graph, as SVG that stands alone.
 *  @param stream  open for writing
 *  @param graph   to be drawn
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_LIMIT for a graph that is too large to be drawn, OPSIG_IO, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_report_graph_svg(FILE *stream, const opsig_graph *graph,
                                              opsig_error *err);

/** What `opsig mine` prints when it is done.
 *  @param stream    open for writing
 *  @param style     how it looks
 *  @param corpus    that was mined
 *  @param database  that came of it
 *  @param db_path   where the database went; NULL: it was not written, as it holds no signature
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_mine(FILE *stream, const opsig_report_style *style,
                                         const opsig_corpus *corpus,
                                         const opsig_database *database, const char *db_path,
                                         opsig_error *err);
/** `opsig frequent`.
 *  @param stream       open for writing
 *  @param style        how it looks
 *  @param corpus       that was mined
 *  @param min_support  that was asked for
 *  @param count_only   leave the patterns out
 *  @param frequent     what was found
 *  @param err          what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_frequent(FILE *stream, const opsig_report_style *style,
                                             const opsig_corpus *corpus, uint32_t min_support,
                                             bool count_only, const opsig_frequent *frequent,
                                             opsig_error *err);
/** The patterns in gSpan's text format: "t # 0 * SUPPORT", then vertices and edges. What is no
 *  plain ASCII in a symbol is written as \\xHH.
 *  @param stream    open for writing
 *  @param frequent  to be written
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_frequent_gspan(FILE *stream, const opsig_frequent *frequent,
                                                   opsig_error *err);
/** `opsig hypothesis`.
 *  @param stream  open for writing
 *  @param style   how it looks
 *  @param corpus  that was tested
 *  @param paper   NULL: that mode was not asked for
 *  @param test    NULL: that mode was not asked for
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_hypothesis(FILE *stream, const opsig_report_style *style,
                                               const opsig_corpus *corpus,
                                               const opsig_paper *paper,
                                               const opsig_hypothesis *test, opsig_error *err);
/** `opsig coverage`.
 *  @param stream     open for writing
 *  @param style      how it looks
 *  @param reference  as it was measured
 *  @param target     as it was measured
 *  @param coverage   what came of it
 *  @param err        what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_coverage(FILE *stream, const opsig_report_style *style,
                                             const opsig_corpus *reference,
                                             const opsig_corpus *target,
                                             const opsig_coverage *coverage, opsig_error *err);
/** `opsig db info`.
 *  @param stream    open for writing
 *  @param style     how it looks
 *  @param path      of the database, as the user named it
 *  @param database  to be described
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_db_info(FILE *stream, const opsig_report_style *style,
                                            const char *path, const opsig_database *database,
                                            opsig_error *err);
/** `opsig db list`.
 *  @param stream    open for writing
 *  @param style     how it looks
 *  @param path      of the database, as the user named it
 *  @param database  to be listed
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_db_list(FILE *stream, const opsig_report_style *style,
                                            const char *path, const opsig_database *database,
                                            opsig_error *err);
/** `opsig db show`: the evidence page of a signature.
 *  @param stream     open for writing
 *  @param style      how it looks
 *  @param signature  to be shown
 *  @param err        what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_db_show(FILE *stream, const opsig_report_style *style,
                                            const opsig_signature *signature, opsig_error *err);
/** `opsig db diff`.
 *  @param stream  open for writing
 *  @param style   how it looks
 *  @param before  path, as the user named it
 *  @param after   path, as the user named it
 *  @param diff    to be printed
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_db_diff(FILE *stream, const opsig_report_style *style,
                                            const char *before, const char *after,
                                            const opsig_db_diff *diff, opsig_error *err);
/** `opsig rules check`: diagnostics, and totals.
 *  @param stream   open for writing
 *  @param style    how it looks
 *  @param rules    that were read
 *  @param n_files  number of files that were read
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_rules_check(FILE *stream, const opsig_report_style *style,
                                                const opsig_rules *rules, size_t n_files,
                                                opsig_error *err);
/** `opsig rules list`.
 *  @param stream  open for writing
 *  @param style   how it looks
 *  @param rules   to be listed
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_rules_list(FILE *stream, const opsig_report_style *style,
                                               const opsig_rules *rules, opsig_error *err);
/** `opsig rules test`: looks for each rule in its examples, and prints what came of it.
 *  @param stream        open for writing
 *  @param style         how it looks
 *  @param rules         with examples
 *  @param limits        for each example
 *  @param out_n_failed  gets the number of examples that failed
 *  @param err           what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_rules_test; OPSIG_IO */
OPSIG_API opsig_status opsig_report_rules_test(FILE *stream, const opsig_report_style *style,
                                               const opsig_rules *rules, const opsig_limits *limits,
                                               size_t *out_n_failed, opsig_error *err);
/** `opsig rules explain`: the evidence page of a rule.
 *  @param stream  open for writing
 *  @param style   how it looks
 *  @param rule    to be explained
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_rule(FILE *stream, const opsig_report_style *style,
                                         const opsig_rule *rule, opsig_error *err);
/** `opsig version`.
 *  @param stream  open for writing
 *  @param style   how it looks
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_report_version(FILE *stream, const opsig_report_style *style,
                                            opsig_error *err);

OPSIG_END_DECLS

#endif
