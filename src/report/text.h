/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file text.h  Sentences that several text reports share. */
#ifndef OPSIG_REPORT_TEXT_H
#define OPSIG_REPORT_TEXT_H

#include <opsig/error.h>
#include <opsig/paper.h>
#include <opsig/rules.h>
#include <opsig/scan.h>
#include <opsig/signature.h>

#include "report/page.h"
#include "report/summary.h"

/** "31 of 210 inconsistent models hold it, 4 of 900 consistent ones" */
void ops_text_support(struct ops_page *page, const opsig_statistics *statistics);
/** "2 signatures and 1 rule may be here and not found: ..." */
void ops_text_unsearched(struct ops_page *page, const opsig_scan_result *result);
/** "multiplies the odds of inconsistency by 3.4" (or divides) for a number of log-odds. */
void ops_text_odds(struct ops_page *page, double log_odds);
/** A signature on one line: id, severity, counts, likelihood ratio, pattern. */
void ops_text_signature_line(struct ops_page *page, const opsig_signature *signature);
/** " (ort_opt)": whose labels the counts are of, where that is known. */
void ops_text_oracle(struct ops_page *page, const opsig_signature *signature);
/** What speaks for a finding, on one line: counts of models, or a rule's confidence and whom it
 *  affects; and whether it is only possible. */
void ops_text_evidence(struct ops_page *page, const opsig_finding *finding);
/** "onnxruntime 1.19 .. 1.20; tvm", or "everybody". */
void ops_text_affects(struct ops_page *page, const opsig_rule *rule);
/** A rule on one line: id, severity, confidence, whom it affects, title. */
void ops_text_rule_line(struct ops_page *page, const opsig_rule *rule);
/** The evidence page of a rule. */
void ops_text_rule_page(struct ops_page *page, const opsig_rule *rule);
/** The figures of the paper. */
void ops_text_paper(struct ops_page *page, const opsig_paper *paper);
/** Facts of a model's file, and of its graph's shape. */
void ops_text_file(struct ops_page *page, const opsig_scanned *scanned);
void ops_text_shape(struct ops_page *page, const opsig_graph *graph,
                    const struct ops_summary *summary);
/** "message (at byte N)" */
void ops_text_error(struct ops_page *page, const opsig_error *error);
/** "3 high, 0 medium, 12 low" of counts by severity. */
void ops_text_severities(struct ops_page *page, const size_t *by_severity);

#endif
