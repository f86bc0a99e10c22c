/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file inputs.h  The models that a command line names, directly, by folder or by list. */
#ifndef OPSIG_CLI_INPUTS_H
#define OPSIG_CLI_INPUTS_H

#include <stddef.h>

#include "cli/options.h"

struct ops_inputs {
    char **paths; /* n of them, owned */
    size_t n, room;
};

/**
 * Gathers paths: those given, folders walked, then those of --files-from. "-" stands for standard
 * input. A path on the command line must exist; one of a list is taken as it is, so that what is
 * wrong with it is said in its place. A folder without models is worth a warning.
 * @return an exit status; what is wrong has been said
 */
int ops_inputs_gather(struct ops_inputs *inputs, const struct ops_options *options,
                      char *const *args, size_t n_args);
void ops_inputs_dispose(struct ops_inputs *inputs);

#endif
