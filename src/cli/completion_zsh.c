/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For zsh: _describe for the commands, _arguments for the options of each. In a specification
 * colons and brackets are special, so descriptions escape them. */
#include <errno.h>

#include "cli/completion.h"

static const char special[] = "[]:\\";
static const char quote[] = "'\\''";

static void put_names(FILE *stream)
{
    (void)fputs("  local -a commands=(\n", stream);
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        (void)fprintf(stream, "    '%s:", command->name);
        ops_completion_quote(stream, command->summary, special, quote);
        (void)fputs("'\n", stream);
    }
    (void)fputs("  )\n", stream);
}

/** [DESCRIPTION]:NAME:ACTION of an option, and the end of its specification. */
static void put_rest(FILE *stream, const struct argp_option *option)
{
    const struct ops_completion_value value = ops_completion_value_of(option);
    (void)fputs("[", stream);
    ops_completion_quote(stream, option->doc, special, quote);
    (void)fputs("]", stream);
    if (option->arg != NULL) {
        (void)fputs(":", stream);
        ops_completion_quote(stream, option->arg, special, quote);
        (void)fputs(":", stream);
    }
    if (value.is_path) {
        (void)fputs("_files", stream);
    } else if (value.words != NULL) {
        (void)fputs("(", stream);
        for (size_t i = 0; value.words[i] != NULL; i++) {
            (void)fprintf(stream, "%s%s", i > 0 ? " " : "", value.words[i]);
        }
        (void)fputs(")", stream);
    }
    (void)fputs("' \\\n", stream);
}

static void put_option(FILE *stream, const struct argp_option *option)
{
    const char *const sign = option->arg != NULL ? "=" : "";
    const char letter = ops_option_table_letter(option);
    (void)fprintf(stream, "        '*--%s%s", option->name, sign);
    put_rest(stream, option);
    if (letter != '\0' && letter != '?') {
        (void)fprintf(stream, "        '*-%c%s", letter, option->arg != NULL ? "+" : "");
        put_rest(stream, option);
    }
}

static int put_command(FILE *stream, const struct ops_command *command)
{
    struct ops_option_table table = {0};
    (void)fprintf(stream, "    %s)\n      _arguments -s \\\n", command->name);
    if (command->argp != NULL && ops_option_table_init(&table, command->argp) != 0) {
        ops_option_table_dispose(&table);
        return ENOMEM;
    }
    for (size_t i = 0; i < table.n; i++) {
        put_option(stream, table.items[i]);
    }
    ops_option_table_dispose(&table);
    (void)fputs("        '1:argument:{compadd -- ", stream);
    const size_t n_words = ops_completion_words(stream, command);
    (void)fputs(n_words > 0 ? "}' \\\n" : "\"\"; _files}' \\\n", stream);
    (void)fputs("        '*:file:_files'\n      ;;\n", stream);
    return 0;
}

int ops_completion_zsh(FILE *stream)
{
    (void)fputs("#compdef opsig\n"
                "# zsh completion for opsig; made by 'opsig completion zsh'\n"
                "_opsig() {\n",
                stream);
    put_names(stream);
    (void)fputs("  if (( CURRENT == 2 )); then\n"
                "    _describe command commands\n"
                "    return\n"
                "  fi\n"
                "  local command=$words[2]\n"
                "  shift words\n"
                "  (( CURRENT-- ))\n"
                "  case $command in\n",
                stream);
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        if (put_command(stream, command) != 0) {
            return ENOMEM;
        }
    }
    (void)fputs("  esac\n"
                "}\n"
                "if [[ ${funcstack[1]:-} == _opsig ]]; then\n"
                "  _opsig \"$@\"\n"
                "else\n"
                "  compdef _opsig opsig\n"
                "fi\n",
                stream);
    return 0;
}
