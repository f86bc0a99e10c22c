/* SPDX-License-Identifier: GPL-2.0-or-later */
/* .opsig.conf: a section for each command, a key for each of its long options. Everything in it is
 * checked, also what other commands would read, so that a slip is found at once. libinih calls for
 * each key; lines are counted where it asks for them. */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "cli/arguments.h"

enum { MOST_LINES = 10000, LONGEST_PATH = 4096 };

/* Options that mean something on a command line only: what names a file to be written would let
 * a file from elsewhere overwrite another. */
static const char *const not_here[] = {"output", "write-baseline", "no-config",
                                       "help",   "usage",          NULL};

struct config {
    struct ops_arguments *arguments;
    FILE *stream;
    const char *path;
    unsigned line;
    int status;
};

static char *place_of(const struct config *config)
{
    char *place = NULL;
    return asprintf(&place, "%s:%u", config->path, config->line) < 0 ? NULL : place;
}

/** Says what is wrong with the present line; only the first time. */
__attribute__((format(printf, 2, 3))) static void refuse(struct config *config, const char *format,
                                                         ...)
{
    char message[200];
    char *const place = place_of(config);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (config->status == OPS_EXIT_OK) {
        ops_say(place != NULL ? place : config->path, "%s", message);
        config->status = OPS_EXIT_USAGE;
    }
    free(place);
}

/** fgets for libinih, which would cut a line that is longer than its buffer. */
static char *next_line(char *line, int size, void *stream)
{
    struct config *const config = stream;
    if (config->status != OPS_EXIT_OK || fgets(line, size, config->stream) == NULL) {
        return NULL;
    }
    config->line++;
    const size_t len = strlen(line);
    if (len + 1 == (size_t)size && line[len - 1] != '\n') {
        refuse(config, "longer than %d bytes", size - 2);
        return NULL;
    }
    if (config->line > MOST_LINES) {
        refuse(config, "more than %d lines", MOST_LINES);
        return NULL;
    }
    return line;
}

static const struct ops_command *find_section(struct config *config, const char *section,
                                              const char *name)
{
    const struct ops_command *const command = ops_command_find(section);
    if (section[0] == '\0') {
        refuse(config, "'%s' stands in no section; a section is a command, as [scan]", name);
        return NULL;
    }
    if (command == NULL || command->argp == NULL) {
        const char *const meant = ops_command_nearest(section);
        refuse(config, "[%s] is no command%s%s%s", section, meant != NULL ? "; did you mean [" : "",
               meant != NULL ? meant : "", meant != NULL ? "]?" : "");
        return NULL;
    }
    return command;
}

static bool is_allowed(const char *name)
{
    for (size_t i = 0; not_here[i] != NULL; i++) {
        if (strcmp(not_here[i], name) == 0) {
            return false;
        }
    }
    return true;
}

/** The option that a key names; NULL where that has been refused. */
static const struct argp_option *find_key(struct config *config,
                                          const struct ops_command *command,
                                          const struct ops_option_table *table, const char *name)
{
    const size_t i = ops_option_table_find(table, name);
    if (i == SIZE_MAX) {
        const char *const meant = ops_option_table_nearest(table, name);
        refuse(config, "%s has no option '%s'%s%s%s", command->name, name,
               meant != NULL ? "; did you mean '" : "", meant != NULL ? meant : "",
               meant != NULL ? "'?" : "");
        return NULL;
    }
    if (!is_allowed(name)) {
        refuse(config, "'%s' can stand on the command line only", name);
        return NULL;
    }
    return table->items[i];
}

/** Adds a key of the command's own section unless something else goes before it. */
static void take_value(struct config *config, const struct argp_option *option, const char *value)
{
    struct ops_arguments *const arguments = config->arguments;
    char *const place = place_of(config);
    if (place == NULL) {
        config->status = OPS_EXIT_FAILED;
    } else if (!arguments->given[ops_option_table_find(&arguments->table, option->name)]) {
        config->status = ops_arguments_add(arguments, option, value, place);
    }
    free(place);
}

static int take_key(void *user, const char *section, const char *name, const char *value)
{
    struct config *const config = user;
    struct ops_option_table table = {0};
    if (config->status != OPS_EXIT_OK) {
        return 1;
    }
    const struct ops_command *const command = find_section(config, section, name);
    if (command == NULL) {
        return 1;
    }
    const struct argp_option *option = NULL;
    if (ops_option_table_init(&table, command->argp) == 0) {
        option = find_key(config, command, &table, name);
    } else {
        config->status = OPS_EXIT_FAILED;
    }
    ops_option_table_dispose(&table);
    if (option != NULL && command == config->arguments->command) {
        take_value(config, option, value);
    }
    return 1;
}

static int read_stream(struct ops_arguments *arguments, FILE *stream, const char *path)
{
    struct config config = {.arguments = arguments, .stream = stream, .path = path};
    const int line = ini_parse_stream(next_line, &config, take_key, &config);
    if (config.status == OPS_EXIT_OK && line != 0) {
        config.line = line > 0 ? (unsigned)line : config.line;
        refuse(&config, "neither '[command]' nor 'option = value'");
    }
    if (config.status == OPS_EXIT_OK && ferror(stream) != 0) {
        refuse(&config, "cannot be read");
    }
    return config.status;
}

/** Reads a file where there is one; *out_found tells. */
static int read_file(struct ops_arguments *arguments, const char *path, bool *out_found)
{
    FILE *const stream = fopen(path, "re");
    *out_found = stream != NULL;
    if (stream == NULL) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return OPS_EXIT_OK;
        }
        ops_say(path, "%s", strerror(errno));
        return OPS_EXIT_USAGE;
    }
    const int status = read_stream(arguments, stream, path);
    (void)fclose(stream);
    if (status == OPS_EXIT_OK && arguments->given[ops_option_table_find(&arguments->table,
                                                                        "verbose")]) {
        ops_say(path, "options are taken from this file");
    }
    return status;
}

int ops_config_read(struct ops_arguments *arguments)
{
    char path[LONGEST_PATH];
    bool found = false;
    const char *const home = getenv("HOME");
    const int status = read_file(arguments, ".opsig.conf", &found);
    if (found || status != OPS_EXIT_OK || home == NULL || home[0] == '\0' ||
        (size_t)snprintf(path, sizeof path, "%s/.opsig.conf", home) >= sizeof path) {
        return status;
    }
    return read_file(arguments, path, &found);
}
