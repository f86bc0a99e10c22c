/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For fish: a line for each command, and for each option of each command. */
#include <errno.h>

#include "cli/completion.h"

static const char special[] = "\\";
static const char quote[] = "\\'";

static void put_description(FILE *stream, const char *text)
{
    (void)fputs(" -d '", stream);
    ops_completion_quote(stream, text, special, quote);
    (void)fputs("'\n", stream);
}

static void put_option(FILE *stream, const char *command, const struct argp_option *option)
{
    const struct ops_completion_value value = ops_completion_value_of(option);
    const char letter = ops_option_table_letter(option);
    (void)fprintf(stream, "complete -c opsig -n '__fish_seen_subcommand_from %s' -l %s", command,
                  option->name);
    if (letter != '\0' && letter != '?') {
        (void)fprintf(stream, " -s %c", letter);
    }
    if (option->arg != NULL) {
        (void)fputs(value.is_path ? " -r -F" : " -x", stream);
    }
    if (value.words != NULL) {
        (void)fputs(" -a '", stream);
        for (size_t i = 0; value.words[i] != NULL; i++) {
            (void)fprintf(stream, "%s%s", i > 0 ? " " : "", value.words[i]);
        }
        (void)fputs("'", stream);
    }
    put_description(stream, option->doc);
}

static int put_command(FILE *stream, const struct ops_command *command)
{
    struct ops_option_table table = {0};
    (void)fprintf(stream, "complete -c opsig -f -n __fish_use_subcommand -a %s", command->name);
    put_description(stream, command->summary);
    if (command->argp != NULL && ops_option_table_init(&table, command->argp) != 0) {
        ops_option_table_dispose(&table);
        return ENOMEM;
    }
    for (size_t i = 0; i < table.n; i++) {
        put_option(stream, command->name, table.items[i]);
    }
    ops_option_table_dispose(&table);
    (void)fprintf(stream, "complete -c opsig -n '__fish_seen_subcommand_from %s' -a '",
                  command->name);
    (void)ops_completion_words(stream, command);
    (void)fputs("'\n", stream);
    return 0;
}

int ops_completion_fish(FILE *stream)
{
    (void)fputs("# fish completion for opsig; made by 'opsig completion fish'\n", stream);
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        if (put_command(stream, command) != 0) {
            return ENOMEM;
        }
    }
    return 0;
}
