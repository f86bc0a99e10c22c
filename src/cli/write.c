/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One way to write results for all commands: whole or not at all. */
#include "cli/write.h"

#include <string.h>

#include <opsig/output.h>

#include "cli/cli.h"

int ops_finish_work(opsig_status status, const char *path, const opsig_error *error)
{
    if (status == OPSIG_CANCELLED) {
        ops_say(NULL, "interrupted");
    } else if (status == OPSIG_IO) {
        const bool standard = path == NULL || strcmp(path, "-") == 0;
        ops_say_error(standard ? "standard output" : path, error);
    } else if (status != OPSIG_OK) {
        ops_say_error(NULL, error);
    }
    return ops_exit_of_work(status);
}

int ops_write_result(const struct ops_options *options, ops_writer writer, void *payload)
{
    opsig_output *output = NULL;
    opsig_error error = {.offset = -1};
    opsig_status status = opsig_output_open(&output, options->output, &error);
    if (status == OPSIG_OK) {
        FILE *const stream = opsig_output_stream(output);
        const opsig_report_style style = ops_options_style(options, stream);
        status = writer(stream, &style, payload, &error);
    }
    if (status == OPSIG_OK && *ops_cancel_flag() != 0) {
        status = OPSIG_CANCELLED;
    }
    if (status == OPSIG_OK) {
        status = opsig_output_commit(output, &error);
    } else {
        opsig_output_discard(output);
    }
    return ops_finish_work(status, options->output, &error);
}
