/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file write.h  Results that go to --output or standard output. */
#ifndef OPSIG_CLI_WRITE_H
#define OPSIG_CLI_WRITE_H

#include <stdio.h>

#include "cli/options.h"

/** Writes a result to a stream. */
typedef opsig_status (*ops_writer)(FILE *stream, const opsig_report_style *style, void *payload,
                                   opsig_error *err);

/** Opens the output, has the result written, and puts it in its place unless something failed or
 *  the user interrupted. @return an exit status; what is wrong has been said */
int ops_write_result(const struct ops_options *options, ops_writer writer, void *payload);

/** Says why work failed; nothing where it did not. @param path  of what was written
 *  @return an exit status */
int ops_finish_work(opsig_status status, const char *path, const opsig_error *error);

#endif
