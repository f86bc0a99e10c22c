/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file completion.h  Scripts that complete opsig's command line, and what they are made of. */
#ifndef OPSIG_CLI_COMPLETION_H
#define OPSIG_CLI_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/option_table.h"

/** What may follow an option. */
struct ops_completion_value {
    const char *const *words; /* end with NULL; NULL: no fixed words */
    bool is_path;             /* of a file or folder */
};

/** What the name of an option's value in the help tells of it. */
struct ops_completion_value ops_completion_value_of(const struct argp_option *option);

/** Writes the words that may stand first among the arguments of a command, with blanks between: the
 *  actions of `opsig db`, the commands for `opsig help`. @return how many there are */
size_t ops_completion_words(FILE *stream, const struct ops_command *command);

/** Writes text as the inside of a string in single quotes. @param special  letters that get a
 *  backslash besides @param quote  what stands for a single quote */
void ops_completion_quote(FILE *stream, const char *text, const char *special, const char *quote);

/** Writes a script. @return 0 or ENOMEM; errors of the stream stick to it */
typedef int ops_completion_writer(FILE *stream);
ops_completion_writer ops_completion_bash, ops_completion_zsh, ops_completion_fish;

#endif
