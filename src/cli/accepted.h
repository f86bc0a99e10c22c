/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file accepted.h  Findings that do not count: ignore files and baselines of a scan. */
#ifndef OPSIG_CLI_ACCEPTED_H
#define OPSIG_CLI_ACCEPTED_H

#include <opsig/scan.h>

#include "cli/options.h"

struct ops_accepted {
    /* of the command line; NULL: not given */
    const char *ignore_file, *baseline_file, *record_file;
    opsig_ignores *ignores;
    opsig_baseline *baseline, *record;
};

/** Reads the files and hands them to the scan. Without --ignore-file, what .opsigignore has beside
 *  or in the paths that are scanned counts.
 *  @return an exit status; what is wrong has been said */
int ops_accepted_open(struct ops_accepted *accepted, char *const *paths, size_t n_paths,
                      opsig_scan_options *scan);
/** After the scan: warns of lines of ignore files that are expired or not used, and writes the
 *  baseline that was asked for. @return an exit status */
int ops_accepted_close(const struct ops_accepted *accepted, const struct ops_options *options);
void ops_accepted_dispose(struct ops_accepted *accepted);

#endif
