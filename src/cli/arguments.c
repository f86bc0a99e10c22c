/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options have three sources, of which the first that has one counts: the command line, the
 * environment (OPSIG_SCAN_FAIL_ON=medium), the configuration file. What the other two give is put
 * before the command line as if it had been typed there, behind a hidden option that says where it
 * comes from:
 *
 *      scan --origin=.opsig.conf:3 --fail-on=medium --origin= model.onnx
 */
#include "cli/arguments.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_VALUE = 0x10000, LONGEST_VARIABLE = 100 };

static int out_of_memory(void)
{
    ops_say(NULL, "out of memory");
    return OPS_EXIT_FAILED;
}

/* ---- what is on the command line ---- */

/** A getopt table of the options: the value is FIRST_VALUE and the place. */
static struct option *make_long(const struct ops_option_table *table)
{
    struct option *const options = calloc(table->n + 1, sizeof *options);
    for (size_t i = 0; options != NULL && i < table->n; i++) {
        options[i].name = table->items[i]->name;
        options[i].has_arg = table->items[i]->arg != NULL ? required_argument : no_argument;
        options[i].val = FIRST_VALUE + (int)i;
    }
    return options;
}

static char *make_short(const struct ops_option_table *table)
{
    char *const letters = calloc(2 * table->n + 1, 1);
    size_t len = 0;
    for (size_t i = 0; letters != NULL && i < table->n; i++) {
        const char letter = ops_option_table_letter(table->items[i]);
        if (letter != '\0' && letter != '?') {
            letters[len++] = letter;
            if (table->items[i]->arg != NULL) {
                letters[len++] = ':';
            }
        }
    }
    return letters;
}

static void mark(struct ops_arguments *arguments, int value)
{
    for (size_t i = 0; i < arguments->table.n; i++) {
        if (value == FIRST_VALUE + (int)i || value == arguments->table.items[i]->key) {
            arguments->given[i] = true;
        }
    }
}

/** Says that there is no such long option, and which may be meant. What begins like one is left to
 *  argp, which knows about beginnings of several and values that are missing. */
static int check_long(const struct ops_arguments *arguments, const char *argument)
{
    const int len = (int)strcspn(argument, "=");
    char name[LONGEST_VARIABLE];
    (void)snprintf(name, sizeof name, "%.*s", len - 2, argument + 2);
    const char *const meant = ops_option_table_nearest(&arguments->table, name);
    if (meant == NULL) {
        ops_say(NULL, "%s: unrecognized option '%.*s'", arguments->command->name, len, argument);
    } else if (strncmp(meant, name, strlen(name)) == 0) {
        return OPS_EXIT_OK;
    } else {
        ops_say(NULL, "%s: unrecognized option '%.*s'; did you mean '--%s'?",
                arguments->command->name, len, argument, meant);
    }
    return OPS_EXIT_USAGE;
}

/** Judges what getopt does not know where argp's message, which is getopt's, is not good enough: it
 *  has no suggestions, and is not escaped. */
static int check_unknown(const struct ops_arguments *arguments, const char *argument)
{
    if (optopt == 0) {
        return strncmp(argument, "--", 2) == 0 ? check_long(arguments, argument) : OPS_EXIT_OK;
    }
    if (optopt >= FIRST_VALUE || (optopt >= ' ' && optopt <= '~')) {
        return OPS_EXIT_OK;
    }
    ops_say(NULL, "%s: unrecognized option '-%c'", arguments->command->name, optopt);
    return OPS_EXIT_USAGE;
}

/** Marks what is on the command line, without judging it but for misspelt options. */
static int mark_given(struct ops_arguments *arguments, int argc, char **argv)
{
    struct option *const options = make_long(&arguments->table);
    char *const letters = make_short(&arguments->table);
    char **const copy = calloc((size_t)argc + 1, sizeof *copy);
    arguments->given = calloc(arguments->table.n + 1, sizeof *arguments->given);
    const bool ok = options != NULL && letters != NULL && copy != NULL && arguments->given != NULL;
    int status = ok ? OPS_EXIT_OK : out_of_memory();
    if (ok) {
        memcpy(copy, argv, (size_t)argc * sizeof *copy);
        opterr = 0;
        optind = 0; /* begin anew, of glibc */
        for (int value; status == OPS_EXIT_OK &&
                        (value = getopt_long(argc, copy, letters, options, NULL)) != -1;) {
            mark(arguments, value);
            status = value == '?' ? check_unknown(arguments, copy[optind - 1]) : OPS_EXIT_OK;
        }
    }
    free(copy);
    free(letters);
    free(options);
    return status;
}

static bool is_given(const struct ops_arguments *arguments, const char *name)
{
    const size_t i = ops_option_table_find(&arguments->table, name);
    return i != SIZE_MAX && arguments->given[i];
}

/* ---- what is added ---- */

__attribute__((format(printf, 2, 3))) static int push(struct ops_arguments *arguments,
                                                      const char *format, ...)
{
    char **const added =
        reallocarray(arguments->added, arguments->n_added + 1, sizeof *arguments->added);
    if (added == NULL) {
        return out_of_memory();
    }
    arguments->added = added;
    va_list args;
    va_start(args, format);
    const int len = vasprintf(&added[arguments->n_added], format, args);
    va_end(args);
    if (len < 0) {
        return out_of_memory();
    }
    arguments->n_added++;
    return OPS_EXIT_OK;
}

/** Reads true or false. @return -1 for neither */
static int truth(const char *value)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1", NULL};
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(value, words[i]) == 0) {
            return i % 2;
        }
    }
    return -1;
}

int ops_arguments_add(struct ops_arguments *arguments, const struct argp_option *option,
                      const char *value, const char *origin)
{
    const int is_true = option->arg == NULL ? truth(value) : 1;
    if (is_true < 0) {
        ops_say(origin, "%s is true or false, not '%s'", option->name, value);
        return OPS_EXIT_USAGE;
    }
    int status = is_true ? push(arguments, "--origin=%s", origin) : OPS_EXIT_OK;
    if (status == OPS_EXIT_OK && is_true) {
        status = option->arg != NULL ? push(arguments, "--%s=%s", option->name, value)
                                     : push(arguments, "--%s", option->name);
    }
    return status;
}

/** "OPSIG_SCAN_FAIL_ON" */
static void variable_of(char *out, size_t size, const char *command, const char *option)
{
    (void)snprintf(out, size, "OPSIG_%s_%s", command, option);
    for (char *c = out; *c != '\0'; c++) {
        if (*c == '-') {
            *c = '_';
        } else if (*c >= 'a' && *c <= 'z') {
            *c = (char)(*c - 'a' + 'A');
        }
    }
}

static int add_environment(struct ops_arguments *arguments)
{
    int status = OPS_EXIT_OK;
    for (size_t i = 0; i < arguments->table.n && status == OPS_EXIT_OK; i++) {
        char variable[LONGEST_VARIABLE];
        variable_of(variable, sizeof variable, arguments->command->name,
                    arguments->table.items[i]->name);
        const char *const value = getenv(variable);
        if (value != NULL && value[0] != '\0' && !arguments->given[i]) {
            status = ops_arguments_add(arguments, arguments->table.items[i], value, variable);
            arguments->given[i] = true;
        }
    }
    return status;
}

/** What was added, and then the command line. */
static int join(struct ops_arguments *arguments, int argc, char **argv)
{
    const size_t n = arguments->n_added;
    arguments->argv = calloc(n + (size_t)argc + 1, sizeof *arguments->argv);
    if (arguments->argv == NULL) {
        return out_of_memory();
    }
    arguments->argv[0] = argv[0];
    if (n > 0) {
        memcpy(arguments->argv + 1, arguments->added, n * sizeof *argv);
    }
    memcpy(arguments->argv + 1 + n, argv + 1, (size_t)(argc - 1) * sizeof *argv);
    arguments->argc = argc + (int)n;
    return OPS_EXIT_OK;
}

static int add_all(struct ops_arguments *arguments)
{
    int status = OPS_EXIT_OK;
    if (is_given(arguments, "help") || is_given(arguments, "usage")) {
        return OPS_EXIT_OK;
    }
    status = add_environment(arguments);
    if (status == OPS_EXIT_OK && !is_given(arguments, "no-config")) {
        status = ops_config_read(arguments);
    }
    if (status == OPS_EXIT_OK && arguments->n_added > 0) {
        status = push(arguments, "--origin=");
    }
    return status;
}

int ops_arguments_init(struct ops_arguments *arguments, const struct ops_command *command,
                       int argc, char **argv)
{
    *arguments = (struct ops_arguments){.command = command};
    int status = OPS_EXIT_OK;
    if (command->argp != NULL) {
        status = ops_option_table_init(&arguments->table, command->argp) == 0
                     ? mark_given(arguments, argc, argv)
                     : out_of_memory();
        status = status == OPS_EXIT_OK ? add_all(arguments) : status;
    }
    return status == OPS_EXIT_OK ? join(arguments, argc, argv) : status;
}

void ops_arguments_dispose(struct ops_arguments *arguments)
{
    for (size_t i = 0; i < arguments->n_added; i++) {
        free(arguments->added[i]);
    }
    free(arguments->added);
    free(arguments->given);
    free(arguments->argv);
    ops_option_table_dispose(&arguments->table);
}
