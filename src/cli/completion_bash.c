/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For bash: one function, which needs nothing of the bash-completion package. bash cuts words at
 * "=", so that "--color=al" arrives as three of them. */
#include <errno.h>

#include "cli/completion.h"

static const char head[] =
    "# bash completion for opsig; made by 'opsig completion bash'\n"
    "_opsig() {\n"
    "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "  local command=${COMP_WORDS[1]} options= words= paths=\n"
    "  if [[ $current == '=' ]]; then\n"
    "    current=\n"
    "  elif [[ $before == '=' ]]; then\n"
    "    before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "  fi\n"
    "  COMPREPLY=()\n";

static const char tail[] =
    "  if [[ $current == -* ]]; then\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
    "  elif [[ -n $words ]]; then\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
    "  else\n"
    "    mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "  fi\n"
    "}\n"
    "complete -o filenames -F _opsig opsig\n";

static void put_names(FILE *stream)
{
    (void)fputs("  if [[ $COMP_CWORD -eq 1 ]]; then\n"
                "    mapfile -t COMPREPLY < <(compgen -W '",
                stream);
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        (void)fprintf(stream, "%s ", command->name);
    }
    (void)fputs("--help --version' -- \"$current\")\n    return\n  fi\n", stream);
}

/** What may follow an option, where that is known or must be said by the user. */
static void put_value(FILE *stream, const struct argp_option *option)
{
    const struct ops_completion_value value = ops_completion_value_of(option);
    const char letter = ops_option_table_letter(option);
    if (option->arg == NULL) {
        return;
    }
    (void)fprintf(stream, "    --%s", option->name);
    if (letter != '\0') {
        (void)fprintf(stream, " | -%c", letter);
    }
    (void)fputs(") ", stream);
    if (value.is_path) {
        (void)fputs("paths=yes", stream);
    } else if (value.words != NULL) {
        (void)fputs("words='", stream);
        for (size_t i = 0; value.words[i] != NULL; i++) {
            (void)fprintf(stream, "%s%s", i > 0 ? " " : "", value.words[i]);
        }
        (void)fputs("'", stream);
    } else {
        (void)fputs("return", stream);
    }
    (void)fputs(" ;;\n", stream);
}

static void put_options(FILE *stream, const struct ops_option_table *table)
{
    (void)fputs("    options='", stream);
    for (size_t i = 0; i < table->n; i++) {
        (void)fprintf(stream, "%s--%s", i > 0 ? " " : "", table->items[i]->name);
    }
    (void)fputs("'\n    case $before in\n", stream);
    for (size_t i = 0; i < table->n; i++) {
        put_value(stream, table->items[i]);
    }
    (void)fputs("    esac\n", stream);
}

static int put_command(FILE *stream, const struct ops_command *command)
{
    struct ops_option_table table = {0};
    (void)fprintf(stream, "  %s)\n", command->name);
    if (command->argp != NULL && ops_option_table_init(&table, command->argp) != 0) {
        ops_option_table_dispose(&table);
        return ENOMEM;
    }
    put_options(stream, &table);
    ops_option_table_dispose(&table);
    (void)fputs("    [[ -n $words || -n $paths || $COMP_CWORD -ne 2 ]] || words='", stream);
    (void)ops_completion_words(stream, command);
    (void)fputs("'\n    ;;\n", stream);
    return 0;
}

int ops_completion_bash(FILE *stream)
{
    (void)fputs(head, stream);
    put_names(stream);
    (void)fputs("  case $command in\n", stream);
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        if (put_command(stream, command) != 0) {
            return ENOMEM;
        }
    }
    (void)fputs("  esac\n", stream);
    (void)fputs(tail, stream);
    return 0;
}
