/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where ignore files are looked for, and what is said of them. A line that is expired or covers
 * nothing is told each time, so that what once was accepted does not stay so unseen. */
#include "cli/accepted.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/write.h"

#define IGNORE_FILE ".opsigignore"

enum { LONGEST_PATH = 4096 };

/** Whether some ignore file is this one. */
static bool is_read(const struct ops_accepted *accepted, const struct stat *info)
{
    for (size_t i = 0; i < opsig_ignores_n(accepted->ignores); i++) {
        struct stat known;
        const opsig_ignore line = opsig_ignores_line(accepted->ignores, i);
        if (stat(line.file, &known) == 0 && known.st_ino == info->st_ino &&
            known.st_dev == info->st_dev) {
            return true;
        }
    }
    return false;
}

static int read_ignores(const struct ops_accepted *accepted, const char *path)
{
    opsig_error error = {.offset = -1};
    const opsig_status status = opsig_ignores_read(accepted->ignores, path, &error);
    if (status != OPSIG_OK) {
        ops_say_error(path, &error);
    }
    return status == OPSIG_LIMIT ? OPS_EXIT_USAGE : ops_exit_of_named_file(status);
}

/** Reads the ignore file of a folder, where it has one that was not read yet. */
static int read_of_folder(const struct ops_accepted *accepted, const char *folder, size_t len)
{
    char path[LONGEST_PATH];
    struct stat info;
    const int n = snprintf(path, sizeof path, "%.*s%s%s", (int)len, folder,
                           len > 0 && folder[len - 1] != '/' ? "/" : "", IGNORE_FILE);
    if (n < 0 || (size_t)n >= sizeof path || stat(path, &info) != 0 ||
        is_read(accepted, &info)) {
        return OPS_EXIT_OK;
    }
    return read_ignores(accepted, path);
}

/** Length of the folder that a path lies in, with the '/' at its end; 0: the current one. */
static size_t folder_length(const char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/') {
        len--;
    }
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    return len;
}

/** Beside a path, and in it where it is a folder. */
static int read_around(const struct ops_accepted *accepted, const char *path)
{
    struct stat info;
    const int status = read_of_folder(accepted, path, folder_length(path));
    return status == OPS_EXIT_OK && stat(path, &info) == 0 && S_ISDIR(info.st_mode)
               ? read_of_folder(accepted, path, strlen(path))
               : status;
}

static int open_ignores(struct ops_accepted *accepted, char *const *paths, size_t n_paths)
{
    opsig_error error = {.offset = -1};
    const opsig_status made = opsig_ignores_new(&accepted->ignores, NULL, &error);
    if (made != OPSIG_OK) {
        ops_say_error(NULL, &error);
        return ops_exit_of_work(made);
    }
    if (accepted->ignore_file != NULL) {
        return read_ignores(accepted, accepted->ignore_file);
    }
    int status = n_paths == 0 ? read_of_folder(accepted, "", 0) : OPS_EXIT_OK;
    for (size_t i = 0; i < n_paths && status == OPS_EXIT_OK; i++) {
        status = read_around(accepted, paths[i]);
    }
    return status;
}

static int open_baselines(struct ops_accepted *accepted)
{
    opsig_error error = {.offset = -1};
    opsig_status status = OPSIG_OK;
    if (accepted->baseline_file != NULL) {
        status = opsig_baseline_open(&accepted->baseline, accepted->baseline_file, &error);
    }
    if (status != OPSIG_OK) {
        ops_say_error(accepted->baseline_file, &error);
        return status == OPSIG_LIMIT ? OPS_EXIT_USAGE : ops_exit_of_named_file(status);
    }
    if (accepted->record_file != NULL) {
        status = opsig_baseline_new(&accepted->record, accepted->record_file, &error);
    }
    if (status != OPSIG_OK) {
        ops_say_error(NULL, &error);
    }
    return ops_exit_of_work(status);
}

int ops_accepted_open(struct ops_accepted *accepted, char *const *paths, size_t n_paths,
                      opsig_scan_options *scan)
{
    int status = open_ignores(accepted, paths, n_paths);
    if (status == OPS_EXIT_OK) {
        status = open_baselines(accepted);
    }
    scan->ignores = accepted->ignores;
    scan->baseline = accepted->baseline;
    scan->record = accepted->record;
    return status;
}

static void warn_of_lines(const opsig_ignores *ignores)
{
    for (size_t i = 0; i < opsig_ignores_n(ignores); i++) {
        const opsig_ignore line = opsig_ignores_line(ignores, i);
        if (line.is_expired) {
            ops_say(line.file, "warning: line %zu (%s) has expired: %s", line.line, line.id,
                    line.until);
        } else if (!line.is_used) {
            ops_say(line.file, "warning: line %zu (%s) covers no finding", line.line, line.id);
        }
    }
}

static opsig_status write_record(FILE *stream, const opsig_report_style *style, void *payload,
                                 opsig_error *err)
{
    (void)style;
    return opsig_baseline_write(payload, stream, err);
}

int ops_accepted_close(const struct ops_accepted *accepted, const struct ops_options *options)
{
    struct ops_options output = *options;
    if (!options->quiet) {
        warn_of_lines(accepted->ignores);
    }
    if (accepted->record == NULL) {
        return OPS_EXIT_OK;
    }
    output.output = accepted->record_file;
    return ops_write_result(&output, write_record, accepted->record);
}

void ops_accepted_dispose(struct ops_accepted *accepted)
{
    opsig_baseline_free(accepted->record);
    opsig_baseline_free(accepted->baseline);
    opsig_ignores_free(accepted->ignores);
}
