/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit statuses and messages. The library says what happened; what that means for the caller of
 * the program depends on whose failure it was: the command line's, an input's, or the machine's. */
#include <stdarg.h>
#include <stdio.h>

#include <opsig/report.h>

#include "cli/cli.h"

int ops_exit_worse(int a, int b)
{
    return a > b ? a : b;
}

int ops_exit_of_work(opsig_status status)
{
    switch (status) {
    case OPSIG_OK:
        return OPS_EXIT_OK;
    case OPSIG_CANCELLED:
        return OPS_EXIT_INTERRUPTED;
    case OPSIG_USAGE:
        return OPS_EXIT_USAGE;
    default:
        return OPS_EXIT_FAILED;
    }
}

int ops_exit_of_named_file(opsig_status status)
{
    switch (status) {
    case OPSIG_NOT_FOUND:
    case OPSIG_FORMAT:
    case OPSIG_UNSUPPORTED:
    case OPSIG_CONFLICT:
        return OPS_EXIT_USAGE;
    default:
        return ops_exit_of_work(status);
    }
}

int ops_exit_of_input(opsig_status status)
{
    switch (status) {
    case OPSIG_NOT_FOUND:
        return OPS_EXIT_USAGE;
    case OPSIG_IO:
    case OPSIG_FORMAT:
    case OPSIG_UNSUPPORTED:
    case OPSIG_LIMIT:
    case OPSIG_TIMEOUT:
    case OPSIG_CONFLICT:
        return OPS_EXIT_INPUT;
    default:
        return ops_exit_of_work(status);
    }
}

void ops_say_error(const char *path, const opsig_error *error)
{
    opsig_report_error(stderr, path, error);
}

void ops_say(const char *path, const char *format, ...)
{
    opsig_error error = {.status = OPSIG_USAGE, .kind = "usage", .offset = -1};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(error.message, sizeof error.message, format, args);
    va_end(args);
    ops_say_error(path, &error);
}
