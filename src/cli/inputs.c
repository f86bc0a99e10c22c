/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths from arguments, folders and lists, in that order. All missing arguments are named before
 * the command gives up. */
#include "cli/inputs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/corpus.h>

#include "cli/cli.h"

static int out_of_memory(void)
{
    ops_say(NULL, "out of memory");
    return OPS_EXIT_FAILED;
}

static int add(struct ops_inputs *inputs, const char *path)
{
    if (inputs->n == inputs->room) {
        const size_t room = inputs->room == 0 ? 64 : inputs->room * 2;
        char **const paths = reallocarray(inputs->paths, room, sizeof *paths);
        if (paths == NULL) {
            return out_of_memory();
        }
        inputs->paths = paths;
        inputs->room = room;
    }
    inputs->paths[inputs->n] = strdup(path);
    if (inputs->paths[inputs->n] == NULL) {
        return out_of_memory();
    }
    inputs->n++;
    return OPS_EXIT_OK;
}

static int add_list(struct ops_inputs *inputs, const opsig_path_list *list)
{
    const char *const *const paths = opsig_path_list_paths(list);
    int status = OPS_EXIT_OK;
    for (size_t i = 0; i < opsig_path_list_n(list) && status == OPS_EXIT_OK; i++) {
        status = add(inputs, paths[i]);
    }
    return status;
}

/** Adds a file, or the models in a folder.
 *  @param named  on the command line, where it must exist */
static int add_path(struct ops_inputs *inputs, const struct ops_options *options,
                    const char *path, bool named)
{
    opsig_path_list *list = NULL;
    opsig_error error = {0};
    if (strcmp(path, "-") == 0) {
        return add(inputs, path);
    }
    const opsig_status found =
        opsig_path_list_new(&list, &path, 1, options->include, options->exclude, &error);
    int status = OPS_EXIT_OK;
    if (found == OPSIG_OK) {
        status = add_list(inputs, list);
        if (opsig_path_list_n(list) == 0 && !options->quiet) {
            ops_say(path, "warning: no model (*.onnx) in this folder");
        }
    } else if (found == OPSIG_NOT_FOUND && !named) {
        status = add(inputs, path);
    } else if (found == OPSIG_NOT_FOUND) {
        ops_say(path, "no such file or folder");
        status = OPS_EXIT_USAGE;
    } else {
        ops_say_error(NULL, &error); /* which names the folder */
        status = ops_exit_of_input(found);
    }
    opsig_path_list_free(list);
    return status;
}

static int add_line(struct ops_inputs *inputs, const struct ops_options *options, char *line,
                    size_t len)
{
    if (len > 0 && line[len - 1] == '\n') {
        line[--len] = '\0';
    }
    if (strlen(line) != len) {
        ops_say(options->files_from, "a path holds a NUL");
        return OPS_EXIT_USAGE;
    }
    return len == 0 ? OPS_EXIT_OK : add_path(inputs, options, line, false);
}

static int add_lines(struct ops_inputs *inputs, const struct ops_options *options, FILE *stream)
{
    char *line = NULL;
    size_t room = 0;
    int status = OPS_EXIT_OK;
    while (status < OPS_EXIT_FAILED && *ops_cancel_flag() == 0) {
        const ssize_t len = getline(&line, &room, stream);
        if (len < 0) {
            break;
        }
        status = ops_exit_worse(status, add_line(inputs, options, line, (size_t)len));
    }
    free(line);
    if (status < OPS_EXIT_FAILED && *ops_cancel_flag() != 0) {
        return OPS_EXIT_INTERRUPTED;
    }
    if (status < OPS_EXIT_FAILED && ferror(stream) != 0) {
        ops_say(options->files_from, "cannot be read");
        status = OPS_EXIT_USAGE;
    }
    return status;
}

static int add_file(struct ops_inputs *inputs, const struct ops_options *options)
{
    if (strcmp(options->files_from, "-") == 0) {
        return add_lines(inputs, options, stdin);
    }
    FILE *const stream = fopen(options->files_from, "re");
    if (stream == NULL) {
        ops_say(options->files_from, "%s", strerror(errno));
        return errno == ENOMEM ? OPS_EXIT_FAILED : OPS_EXIT_USAGE;
    }
    const int status = add_lines(inputs, options, stream);
    (void)fclose(stream);
    return status;
}

/** Standard input can be a list or a model, and only one model. */
static int check_standard_input(const struct ops_inputs *inputs, const struct ops_options *options)
{
    size_t uses = options->files_from != NULL && strcmp(options->files_from, "-") == 0;
    for (size_t i = 0; i < inputs->n; i++) {
        uses += strcmp(inputs->paths[i], "-") == 0;
    }
    if (uses > 1) {
        ops_say(NULL, "standard input (-) can be read once only");
        return OPS_EXIT_USAGE;
    }
    return OPS_EXIT_OK;
}

int ops_inputs_gather(struct ops_inputs *inputs, const struct ops_options *options,
                      char *const *args, size_t n_args)
{
    *inputs = (struct ops_inputs){0};
    int status = OPS_EXIT_OK;
    for (size_t i = 0; i < n_args && status < OPS_EXIT_FAILED; i++) {
        status = ops_exit_worse(status, add_path(inputs, options, args[i], true));
    }
    if (options->files_from != NULL && status < OPS_EXIT_FAILED) {
        status = ops_exit_worse(status, add_file(inputs, options));
    }
    return ops_exit_worse(status, check_standard_input(inputs, options));
}

void ops_inputs_dispose(struct ops_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++) {
        free(inputs->paths[i]);
    }
    free(inputs->paths);
    *inputs = (struct ops_inputs){0};
}
