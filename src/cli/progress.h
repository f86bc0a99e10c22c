/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file progress.h  How far the work is, on standard error, with rate and time left. */
#ifndef OPSIG_CLI_PROGRESS_H
#define OPSIG_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"

struct ops_progress {
    bool enabled, terminal; /* terminal: one line that is written over */
    bool shown;             /* that line is on the screen */
    const char *step;       /* of which `start` is the beginning */
    int64_t start, last;    /* nanoseconds */
};

void ops_progress_init(struct ops_progress *progress, const struct ops_options *options);
/** An opsig_progress whose payload is a struct ops_progress. Prints at most ten times a second
 *  (once a second where standard error is no terminal). */
void ops_progress_show(const char *step, size_t done, size_t total, void *payload);
/** Takes the line off the screen, before something else is printed and at the end. */
void ops_progress_clear(struct ops_progress *progress);

#endif
