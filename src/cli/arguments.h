/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file arguments.h  A command line with what the environment and the configuration file add. */
#ifndef OPSIG_CLI_ARGUMENTS_H
#define OPSIG_CLI_ARGUMENTS_H

#include "cli/cli.h"
#include "cli/option_table.h"

struct ops_arguments {
    int argc;
    char **argv; /* what was added, then the command line */
    /* while it is made */
    const struct ops_command *command;
    struct ops_option_table table;
    bool *given;  /* by option: on the command line, or in the environment */
    char **added; /* n_added strings, owned, in the order of argv */
    size_t n_added;
};

/** @param argv  the command line, with the command's name first
 *  @return an exit status; what is wrong has been said */
int ops_arguments_init(struct ops_arguments *arguments, const struct ops_command *command,
                       int argc, char **argv);
void ops_arguments_dispose(struct ops_arguments *arguments);

/** Adds an option from elsewhere. @param origin  place for messages
 *  @return an exit status */
int ops_arguments_add(struct ops_arguments *arguments, const struct argp_option *option,
                      const char *value, const char *origin);

/** Adds the options that .opsig.conf has for the command and that are not given already: that of
 *  the current folder, or else that of the home folder.
 *  @return an exit status */
int ops_config_read(struct ops_arguments *arguments);

#endif
