/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig completion: a script that completes the command line, made from the tables of commands and
 * options, so that it knows what this program knows. */
#include <errno.h>
#include <string.h>

#include "cli/completion.h"
#include "cli/options.h"
#include "cli/write.h"

struct completion_args {
    struct ops_options options;
    ops_completion_writer *writer; /* NULL: not named yet */
};

static error_t parse_shell(const struct argp_state *state, const char *arg,
                           struct completion_args *args)
{
    static const char *const shells[] = {"bash", "zsh", "fish", NULL};
    static ops_completion_writer *const writers[] = {ops_completion_bash, ops_completion_zsh,
                                                     ops_completion_fish};
    if (args->writer != NULL) {
        return ops_usage(state, "'%s': one shell at a time", arg);
    }
    const int choice = ops_option_choice(state, "shell", arg, shells);
    args->writer = choice < 0 ? NULL : writers[choice];
    return choice < 0 ? EINVAL : 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct completion_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, 2);
        return 0;
    case ARGP_KEY_ARG:
        return parse_shell(state, arg, args);
    case ARGP_KEY_END:
        return args->writer != NULL ? 0 : ops_usage(state, "name a shell: bash, zsh or fish");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0}, {&ops_argp_output, 0, NULL, 0}, {0}};

const struct argp ops_argp_completion = {
    .parser = parse,
    .args_doc = "bash\nzsh\nfish",
    .doc = "Prints a script for a shell that completes commands, options and their values. For "
           "the running bash: source <(opsig completion bash)",
    .children = children,
};

static opsig_status write_script(FILE *stream, const opsig_report_style *style, void *payload,
                                 opsig_error *err)
{
    const struct completion_args *const args = payload;
    (void)style;
    if (args->writer(stream) == 0) {
        return OPSIG_OK;
    }
    *err = (opsig_error){.status = OPSIG_NOMEM, .kind = "memory", .offset = -1,
                         .message = "out of memory"};
    return OPSIG_NOMEM;
}

static const char *const formats[] = {"script", NULL};

int ops_cmd_completion(int argc, char **argv)
{
    struct completion_args args = {0};
    ops_options_init(&args.options, "opsig completion", formats);
    const int status = ops_options_parse(&ops_argp_completion, argc, argv, &args);
    return status == OPS_EXIT_OK ? ops_write_result(&args.options, write_script, &args) : status;
}
