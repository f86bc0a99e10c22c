/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file html_subject.h  A signature or a rule as a part of a web page: its evidence. */
#ifndef OPSIG_REPORT_HTML_SUBJECT_H
#define OPSIG_REPORT_HTML_SUBJECT_H

#include <opsig/rules.h>
#include <opsig/signature.h>

#include "report/page.h"

/** "31 of 210 inconsistent models hold it, 4 of 900 consistent ones: ... odds 14 to 1." */
void ops_html_strength(struct ops_page *page, const opsig_statistics *statistics);
/** All that speaks for a signature: its pattern drawn, numbers, signatures around it, models. */
opsig_status ops_html_signature_body(struct ops_page *page, const opsig_signature *signature,
                                     opsig_error *err);
/** A rule as it was written, and links to its evidence. */
void ops_html_rule_body(struct ops_page *page, const opsig_rule *rule);
/** Those links. */
void ops_html_refs(struct ops_page *page, const opsig_rule *rule);
/** The severity as a coloured word. */
void ops_html_severity(struct ops_page *page, opsig_severity severity);

#endif
