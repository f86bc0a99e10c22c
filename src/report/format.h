/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file format.h  The table of formats. A format is a set of writers; the public functions of
 *  report.c pick one and hand over. A new format is one more table, and touches nothing else. */
#ifndef OPSIG_REPORT_FORMAT_H
#define OPSIG_REPORT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <opsig/report.h>

#include "base/error.h"
#include "base/vec.h"

enum { OPS_N_SEVERITIES = OPSIG_SEVERITY_HIGH + 1 };

/** What has been reported so far. */
struct ops_totals {
    size_t models, errors, with_findings;
    size_t by_severity[OPS_N_SEVERITIES];  /* new findings */
    size_t known, ignored;                 /* findings that do not count */
    opsig_finding strongest; /* of new findings, as ops_finding_subject; neither: none */
};

/** What was found, without its matches. */
typedef OPS_VEC(opsig_finding) ops_subject_vec;

struct opsig_scan_report {
    FILE *stream;
    opsig_report_style style;
    const struct ops_format *format;
    const opsig_database *const *databases;
    const char *const *db_paths;
    size_t n_databases;
    const opsig_rules *rules; /* beside those of the databases; NULL: none */
    struct ops_totals totals;
    ops_subject_vec explained;    /* found so far, where that was asked for */
    struct ops_scan_state *state; /* what a format keeps until the end; NULL: nothing */
};

struct opsig_inspect_report {
    FILE *stream;
    opsig_report_style style;
    const struct ops_format *format;
    bool many;
    size_t n_models; /* so far */
};

/** All that `opsig mine` has to tell. */
struct ops_mined {
    const opsig_corpus *corpus;
    const opsig_database *database;
    const char *db_path; /* NULL: not written */
};

/** All that `opsig frequent` has to tell. */
struct ops_frequent_list {
    const opsig_corpus *corpus;
    uint32_t min_support;
    bool count_only;
    const opsig_frequent *frequent;
};

/** All that `opsig hypothesis` has to tell. */
struct ops_hypothesis_run {
    const opsig_corpus *corpus;
    const opsig_paper *paper;     /* NULL: not asked for */
    const opsig_hypothesis *test; /* NULL: not asked for */
};

/** All that `opsig coverage` has to tell. */
struct ops_covered {
    const opsig_corpus *reference, *target;
    const opsig_coverage *coverage;
};

/** A database, with the name under which the user knows it. */
struct ops_named_database {
    const char *path;
    const opsig_database *database;
};

/** All that `opsig db diff` has to tell. */
struct ops_compared {
    const char *before, *after; /* paths */
    const opsig_db_diff *diff;
};

/** The rules of some files. */
struct ops_rule_list {
    const opsig_rules *rules;
    size_t n_files;
};

/** Examples of rules that were run, in the order of the rules. */
struct ops_tested {
    const opsig_rules *rules;
    OPS_VEC(opsig_example_result) results;
    size_t n_failed;
};

typedef opsig_status ops_scan_writer(opsig_scan_report *report, opsig_error *err);
typedef opsig_status ops_scan_model_writer(const opsig_scan_report *report,
                                           const opsig_scanned *scanned, opsig_error *err);
typedef opsig_status ops_inspect_writer(const opsig_inspect_report *report, opsig_error *err);
typedef opsig_status ops_inspect_model_writer(const opsig_inspect_report *report,
                                              const opsig_scanned *scanned, opsig_error *err);
typedef opsig_status ops_mine_writer(FILE *stream, const opsig_report_style *style,
                                     const struct ops_mined *mined, opsig_error *err);
typedef opsig_status ops_frequent_writer(FILE *stream, const opsig_report_style *style,
                                         const struct ops_frequent_list *list, opsig_error *err);
typedef opsig_status ops_hypothesis_writer(FILE *stream, const opsig_report_style *style,
                                           const struct ops_hypothesis_run *run,
                                           opsig_error *err);
typedef opsig_status ops_coverage_writer(FILE *stream, const opsig_report_style *style,
                                         const struct ops_covered *covered, opsig_error *err);
typedef opsig_status ops_db_writer(FILE *stream, const opsig_report_style *style,
                                   const struct ops_named_database *named, opsig_error *err);
typedef opsig_status ops_diff_writer(FILE *stream, const opsig_report_style *style,
                                     const struct ops_compared *compared, opsig_error *err);
typedef opsig_status ops_signature_writer(FILE *stream, const opsig_report_style *style,
                                          const opsig_signature *signature, opsig_error *err);
typedef opsig_status ops_rules_writer(FILE *stream, const opsig_report_style *style,
                                      const struct ops_rule_list *list, opsig_error *err);
typedef opsig_status ops_tested_writer(FILE *stream, const opsig_report_style *style,
                                       const struct ops_tested *tested, opsig_error *err);
typedef opsig_status ops_rule_writer(FILE *stream, const opsig_report_style *style,
                                     const opsig_rule *rule, opsig_error *err);
typedef opsig_status ops_version_writer(FILE *stream, const opsig_report_style *style,
                                        opsig_error *err);

/** The writers of a format. Where one at the beginning or the end is NULL, nothing stands there;
 *  where another one is, the format does not have this report. */
struct ops_format {
    ops_scan_writer *scan_begin, *scan_end;
    ops_scan_model_writer *scan_model; /* totals count the model already */
    void (*scan_dispose)(opsig_scan_report *report); /* frees the state; NULL: there is none */
    ops_inspect_writer *inspect_begin, *inspect_end;
    ops_inspect_model_writer *inspect_model; /* n_models counts the model already */
    ops_mine_writer *mine;
    ops_frequent_writer *frequent;
    ops_hypothesis_writer *hypothesis;
    ops_coverage_writer *coverage;
    ops_db_writer *db_info, *db_list;
    ops_diff_writer *db_diff;
    ops_signature_writer *db_show;
    ops_rules_writer *rules_check, *rules_list;
    ops_tested_writer *rules_test;
    ops_rule_writer *rule;
    ops_version_writer *version;
};

extern const struct ops_format ops_format_text, ops_format_json, ops_format_html,
    ops_format_sarif, ops_format_junit, ops_format_markdown, ops_format_csv;

/* The writers, by file. */
ops_scan_writer ops_text_scan_end, ops_json_scan_begin, ops_json_scan_end, ops_html_scan_end,
    ops_sarif_scan_begin, ops_sarif_scan_end, ops_junit_scan_end, ops_markdown_scan_end,
    ops_csv_scan_begin;
ops_scan_model_writer ops_text_scan_model, ops_json_scan_model, ops_html_scan_model,
    ops_sarif_scan_model, ops_junit_scan_model, ops_markdown_scan_model, ops_csv_scan_model;
ops_inspect_writer ops_json_inspect_begin, ops_json_inspect_end, ops_html_inspect_begin,
    ops_html_inspect_end;
ops_inspect_model_writer ops_text_inspect_model, ops_json_inspect_model, ops_html_inspect_model;
ops_mine_writer ops_text_mine, ops_json_mine;
ops_frequent_writer ops_text_frequent, ops_json_frequent;
ops_hypothesis_writer ops_text_hypothesis, ops_json_hypothesis, ops_html_hypothesis;
ops_coverage_writer ops_text_coverage, ops_json_coverage;
ops_db_writer ops_text_db_info, ops_text_db_list, ops_json_db_info, ops_json_db_list,
    ops_html_db_list;
ops_diff_writer ops_text_db_diff, ops_json_db_diff;
ops_signature_writer ops_text_db_show, ops_json_db_show, ops_html_db_show;
ops_rules_writer ops_text_rules_check, ops_text_rules_list, ops_json_rules_check,
    ops_json_rules_list;
ops_tested_writer ops_text_rules_test, ops_json_rules_test;
ops_rule_writer ops_text_rule, ops_json_rule, ops_html_rule;
ops_version_writer ops_text_version, ops_json_version;

/** Number of findings that are new, known or ignored. */
size_t ops_findings_in_state(const opsig_scan_result *result, opsig_finding_state state);
/** Is finding i folded into another one, which counts or does not count as it does? */
bool ops_finding_is_folded(const opsig_scan_result *result, size_t i);
/** Findings folded into finding i, at any depth. */
size_t ops_finding_n_folded(const opsig_scan_result *result, size_t i);
/** The signature or rule of a finding, without its matches. */
opsig_finding ops_finding_subject(const opsig_finding *finding);
/** Adds a finding's signature or rule unless it is there. @param out_place  NULL: not asked for */
opsig_status ops_subjects_note(ops_subject_vec *subjects, const opsig_finding *finding,
                               size_t *out_place, opsig_error *err);
/** Path under which the user named a signature's database; the file of a rule. */
const char *ops_scan_report_source(const opsig_scan_report *report, const opsig_finding *finding);
/** The command that prints the evidence page of what is found in its source. */
const char *ops_scan_report_command(const opsig_scan_report *report, const opsig_finding *finding);

#endif
