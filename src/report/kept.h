/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file kept.h  What a report on a scan keeps until its end, where the totals are known. */
#ifndef OPSIG_REPORT_KEPT_H
#define OPSIG_REPORT_KEPT_H

#include "base/buffer.h"
#include "base/vec.h"
#include "report/format.h"

/** Each format uses of it what it needs. */
struct ops_scan_state {
    struct ops_buffer rows, sections;
    ops_subject_vec found;      /* signatures and rules, in order of first appearance */
    size_t n_written, n_failed; /* entries of a list, and failed ones */
    size_t n_drawn;             /* nodes in overviews */
};

/** For a format's scan_begin and scan_dispose. */
opsig_status ops_kept_begin(opsig_scan_report *report, opsig_error *err);
void ops_kept_dispose(opsig_scan_report *report);

#endif
