/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file cli.h  What all commands share: the table of commands, exit statuses, messages. */
#ifndef OPSIG_CLI_CLI_H
#define OPSIG_CLI_CLI_H

#include <argp.h>
#include <stddef.h>

#include <opsig/error.h>

/** What the program ends with (docs/cli.md). When several apply the highest wins. */
enum ops_exit {
    OPS_EXIT_OK = 0,
    OPS_EXIT_FINDINGS = 1,
    OPS_EXIT_USAGE = 2,
    OPS_EXIT_INPUT = 3,
    OPS_EXIT_FAILED = 4,
    OPS_EXIT_INTERRUPTED = 130
};

/** A command of the program. argv[0] is the command's name. */
struct ops_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
    const struct argp *argp; /* its options; NULL: it has none */
};

/** All commands, in the order of the help; ends with a name that is NULL. */
extern const struct ops_command ops_commands[];

/** NULL where there is no command of that name. */
const struct ops_command *ops_command_find(const char *name);
/** The name of a command that may be meant; NULL: none is near. */
const char *ops_command_nearest(const char *name);
/** Says on standard error that there is no such command, and which one may be meant.
 *  @return OPS_EXIT_USAGE */
int ops_command_unknown(const char *name);

extern const struct argp ops_argp_completion;
extern const struct argp ops_argp_coverage;
extern const struct argp ops_argp_db;
extern const struct argp ops_argp_frequent;
extern const struct argp ops_argp_hypothesis;
extern const struct argp ops_argp_inspect;
extern const struct argp ops_argp_mine;
extern const struct argp ops_argp_rules;
extern const struct argp ops_argp_scan;
extern const struct argp ops_argp_slice;
extern const struct argp ops_argp_version;

int ops_cmd_scan(int argc, char **argv);
int ops_cmd_mine(int argc, char **argv);
int ops_cmd_hypothesis(int argc, char **argv);
int ops_cmd_frequent(int argc, char **argv);
int ops_cmd_inspect(int argc, char **argv);
int ops_cmd_coverage(int argc, char **argv);
int ops_cmd_db(int argc, char **argv);
int ops_cmd_rules(int argc, char **argv);
int ops_cmd_slice(int argc, char **argv);
int ops_cmd_completion(int argc, char **argv);
int ops_cmd_help(int argc, char **argv);
int ops_cmd_version(int argc, char **argv);

/** The higher of two exit statuses. */
int ops_exit_worse(int a, int b);
/** Exit status for a failure to read what an option or an argument names and the command cannot
 *  do without: a database, a list. */
int ops_exit_of_named_file(opsig_status status);
/** Exit status for a failure to read a model or a manifest. */
int ops_exit_of_input(opsig_status status);
/** Exit status for a failure of the work itself, or of writing its result. */
int ops_exit_of_work(opsig_status status);

/** Prints the one line "opsig: PATH: MESSAGE" to standard error. @param path  NULL: none */
void ops_say_error(const char *path, const opsig_error *error);
__attribute__((format(printf, 2, 3))) void ops_say(const char *path, const char *format, ...);

/** Prepares for signals: SIGINT and SIGTERM set the flag that ops_cancel_flag tells, so that work
 *  ends in order; a second one ends the program at once. A closed pipe is a write error. */
void ops_signals_prepare(void);
/** What was asked for is written: an interruption from now on comes too late to be one. */
void ops_signals_done(void);
const volatile int *ops_cancel_flag(void);

#endif
