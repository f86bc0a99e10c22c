/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig version. */
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/write.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
    if (key == ARGP_KEY_INIT) {
        ops_options_share(state, state->input, 2);
        return 0;
    }
    return key == ARGP_KEY_ARG ? ops_usage(state, "'%s': no argument is expected", arg)
                               : ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0}, {&ops_argp_output, 0, NULL, 0}, {0}};

const struct argp ops_argp_version = {
    .parser = parse,
    .doc = "Prints the version, how the program was built, and the versions of the libraries "
           "that it was built with.",
    .children = children,
};

static opsig_status write_version(FILE *stream, const opsig_report_style *style, void *payload,
                                  opsig_error *err)
{
    (void)payload;
    return opsig_report_version(stream, style, err);
}

int ops_cmd_version(int argc, char **argv)
{
    struct ops_options options;
    ops_options_init(&options, "opsig version", ops_text_and_json);
    const int status = ops_options_parse(&ops_argp_version, argc, argv, &options);
    return status == OPS_EXIT_OK ? ops_write_result(&options, write_version, NULL) : status;
}
