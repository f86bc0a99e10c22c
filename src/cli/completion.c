/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What completion knows beside the names of options follows from the help, which is the only
 * place where it is written down: the name of a value ("FILE", "WHEN"), and the lines that say
 * what arguments a command takes ("list DB"). */
#include "cli/completion.h"

#include <string.h>

struct ops_completion_value ops_completion_value_of(const struct argp_option *option)
{
    static const char *const when[] = {"auto", "always", "never", NULL};
    static const char *const severities[] = {"low", "medium", "high", NULL};
    static const char *const gates[] = {"low", "medium", "high", "never", NULL};
    static const char *const formats[] = {"text", "json", NULL};
    static const struct {
        const char *arg;
        struct ops_completion_value value;
    } known[] = {
        {"WHEN", {when, false}}, {"SEVERITY", {severities, false}},
        {"FORMAT", {formats, false}}, {"SEVERITY|never", {gates, false}},
        {"FILE", {NULL, true}}, {"DB", {NULL, true}}, {"DIR", {NULL, true}},
        {"PATH", {NULL, true}},
    };
    for (size_t i = 0; option->arg != NULL && i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].arg, option->arg) == 0) {
            return known[i].value;
        }
    }
    return (struct ops_completion_value){0};
}

static size_t put_commands(FILE *stream)
{
    size_t n = 0;
    for (const struct ops_command *command = ops_commands; command->name != NULL; command++) {
        (void)fprintf(stream, "%s%s", n++ > 0 ? " " : "", command->name);
    }
    return n;
}

size_t ops_completion_words(FILE *stream, const struct ops_command *command)
{
    size_t n = 0;
    if (command->argp == NULL) {
        return put_commands(stream);
    }
    const char *line = command->argp->args_doc;
    while (line != NULL && *line != '\0') {
        const size_t len = strspn(line, "abcdefghijklmnopqrstuvwxyz");
        if (len > 0) {
            (void)fprintf(stream, "%s%.*s", n++ > 0 ? " " : "", (int)len, line);
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return n;
}

void ops_completion_quote(FILE *stream, const char *text, const char *special, const char *quote)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            (void)fputs(quote, stream);
            continue;
        }
        if (strchr(special, *text) != NULL) {
            (void)fputc('\\', stream);
        }
        (void)fputc(*text, stream);
    }
}
