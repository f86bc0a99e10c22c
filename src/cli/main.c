/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program: a table of commands, each in a file of its own. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <opsig/nearest.h>

#include "cli/arguments.h"
#include "cli/cli.h"

const struct ops_command ops_commands[] = {
    {"scan", "match signatures against models", ops_cmd_scan, &ops_argp_scan},
    {"mine", "mine a labelled corpus and write the signature database", ops_cmd_mine,
     &ops_argp_mine},
    {"hypothesis", "do inconsistent models share sequences that others lack?", ops_cmd_hypothesis,
     &ops_argp_hypothesis},
    {"frequent", "frequent sequences of models, without labels", ops_cmd_frequent,
     &ops_argp_frequent},
    {"coverage", "how much of one corpus's sequences another one exercises", ops_cmd_coverage,
     &ops_argp_coverage},
    {"slice", "cut nodes out as a model that stands alone", ops_cmd_slice, &ops_argp_slice},
    {"inspect", "operators, sequences and graph facts of models", ops_cmd_inspect,
     &ops_argp_inspect},
    {"db", "look after signature databases", ops_cmd_db, &ops_argp_db},
    {"rules", "check, test, list and explain rules that people wrote", ops_cmd_rules,
     &ops_argp_rules},
    {"completion", "completion of the command line for a shell", ops_cmd_completion,
     &ops_argp_completion},
    {"help", "this list, or the help of a command", ops_cmd_help, NULL},
    {"version", "version, build and libraries", ops_cmd_version, &ops_argp_version},
    {NULL, NULL, NULL, NULL},
};

const struct ops_command *ops_command_find(const char *name)
{
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    return NULL;
}

const char *ops_command_nearest(const char *name)
{
    opsig_nearest nearest;
    opsig_nearest_start(&nearest, name, strlen(name));
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        opsig_nearest_offer(&nearest, command->name);
    }
    return nearest.best;
}

int ops_command_unknown(const char *name)
{
    const char *const meant = ops_command_nearest(name);
    if (meant != NULL) {
        ops_say(NULL, "there is no command '%s'; did you mean '%s'?", name, meant);
    } else {
        ops_say(NULL, "there is no command '%s'; 'opsig help' lists them", name);
    }
    return OPS_EXIT_USAGE;
}

/** Options before a command stand for a command. */
static const char *command_name(const char *argument)
{
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0 ||
        strcmp(argument, "-?") == 0) {
        return "help";
    }
    return strcmp(argument, "--version") == 0 || strcmp(argument, "-V") == 0 ? "version"
                                                                             : argument;
}

/** Whatever was printed must have arrived, also what argp prints before it ends the program. */
static void check_output(int status, void *unused)
{
    (void)unused;
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && status < OPS_EXIT_FAILED) {
        ops_say(NULL, "standard output cannot be written");
        _exit(OPS_EXIT_FAILED);
    }
}

/** Puts something in place of standard streams that are closed, else the next file that is opened
 *  would take their number and what is printed would end up in it. Writing to it fails. */
static void guard_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", O_RDONLY);
        }
    }
}

/** Runs a command, with the options that its environment and the configuration file add. */
static int run(const struct ops_command *command, int argc, char **argv)
{
    struct ops_arguments arguments;
    int status = ops_arguments_init(&arguments, command, argc, argv);
    if (status == OPS_EXIT_OK) {
        status = command->run(arguments.argc, arguments.argv);
    }
    ops_arguments_dispose(&arguments);
    return status;
}

int main(int argc, char **argv)
{
    guard_standard_streams();
    if (on_exit(check_output, NULL) != 0) {
        return OPS_EXIT_FAILED;
    }
    ops_signals_prepare();
    if (argc < 2) {
        ops_say(NULL, "a command is missing; 'opsig help' lists them");
        return OPS_EXIT_USAGE;
    }
    const struct ops_command *const command = ops_command_find(command_name(argv[1]));
    return command == NULL ? ops_command_unknown(argv[1]) : run(command, argc - 1, argv + 1);
}
