/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig help: the table of commands, or what a command says of itself. */
#include <stdio.h>

#include "cli/cli.h"

static void print_commands(void)
{
    (void)puts("Usage: opsig COMMAND [OPTION...] ...\n"
               "Finds in ONNX models the operator sequences that a labelled corpus shows to go "
               "with\nwrong results, and says how strong the evidence is.\n");
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        (void)printf("  %-10s %s\n", command->name, command->summary);
    }
    (void)puts("\n'opsig help COMMAND' or 'opsig COMMAND --help' tells more.\n\n"
               "Exit status: 0 done; 1 findings (scan); 2 usage error; 3 some input could not be "
               "used;\n4 internal error or resource exhausted; 130 interrupted.");
}

int ops_cmd_help(int argc, char **argv)
{
    if (argc > 2) {
        ops_say(NULL, "help: one command at a time");
        return OPS_EXIT_USAGE;
    }
    if (argc < 2) {
        print_commands();
        return OPS_EXIT_OK;
    }
    const struct ops_command *const command = ops_command_find(argv[1]);
    if (command == NULL) {
        return ops_command_unknown(argv[1]);
    }
    if (command->run == ops_cmd_help) {
        print_commands();
        return OPS_EXIT_OK;
    }
    char help[] = "--help";
    char *own[] = {argv[1], help, NULL};
    return command->run(2, own);
}
