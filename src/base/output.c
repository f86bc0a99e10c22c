/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The new file grows as NAME.opsig-tmp beside its target and takes the target's name by rename().
 * While it grows its writer holds a lock on it, so the next run can tell the leftover of a killed
 * one, which it takes over, from the file of another that is still at work (it then tries
 * NAME.opsig-tmp1 and so on). A symbolic link is followed to its target first. What exists and is
 * no regular file (/dev/null, a pipe) is written to as it is. */
#include <opsig/output.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/mem.h"

enum { MOST_WRITERS = 100 };

struct opsig_output {
    FILE *stream;
    char *target, *temporary; /* NULL: written in place */
    int lock;                 /* a second descriptor of the temporary file; -1: none */
};

static void free_output(opsig_output *output)
{
    if (output != NULL) {
        if (output->lock >= 0) {
            (void)close(output->lock);
        }
        ops_mem_free(output->target);
        ops_mem_free(output->temporary);
        ops_mem_free(output);
    }
}

/** The file that a path leads to: the path itself unless it is a symbolic link. */
static char *follow_link(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0 || !S_ISLNK(info.st_mode)) {
        return ops_mem_strdup(path);
    }
    char *const real = realpath(path, NULL);
    char *const copy = ops_mem_strdup(real != NULL ? real : path);
    free(real);
    return copy;
}

/** True unless another writer holds the lock; some file systems have no locks. */
static bool may_have_lock(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/** True where the descriptor is this writer's alone: locked, and still what the path names. */
static bool is_ours(int fd, const char *path)
{
    struct stat open_file;
    struct stat named;
    return may_have_lock(fd) && fstat(fd, &open_file) == 0 &&
           lstat(path, &named) == 0 && open_file.st_ino == named.st_ino &&
           open_file.st_dev == named.st_dev && S_ISREG(open_file.st_mode) &&
           open_file.st_uid == geteuid() && open_file.st_nlink == 1;
}

/** Tries one name for the temporary file. @return its descriptor; -1 where it is taken by
 *  another writer (errno 0) or the system refuses */
static int try_temporary(const char *path)
{
    const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const int fd = open(path, flags, 0666);
    if (fd >= 0 && is_ours(fd, path)) {
        return fd;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    if (fd >= 0 || errno == ELOOP || errno == ENXIO || errno == EISDIR) {
        errno = 0;
    }
    return -1;
}

/** Opens the temporary file of an output. @return -1 and errno on failure */
static int open_temporary(struct opsig_output *output)
{
    for (int i = 0; i < MOST_WRITERS; i++) {
        struct ops_buffer name;
        ops_buffer_init(&name, SIZE_MAX);
        ops_buffer_printf(&name, "%s.opsig-tmp%.0d", output->target, i); /* %.0d: "" for 0 */
        char *const path = ops_buffer_take(&name);
        if (path == NULL) {
            errno = ENOMEM;
            return -1;
        }
        const int fd = try_temporary(path);
        if (fd >= 0) {
            output->temporary = path;
            return fd;
        }
        ops_mem_free(path);
        if (errno != 0) {
            return -1;
        }
    }
    errno = EBUSY;
    return -1;
}

/** Opens the temporary file, empty and with the mode of the file that it will replace. */
static int open_beside(struct opsig_output *output, const struct stat *target)
{
    const int fd = open_temporary(output);
    if (fd < 0) {
        return -1;
    }
    output->lock = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (output->lock < 0 || ftruncate(fd, 0) != 0 ||
        (target != NULL && fchmod(fd, target->st_mode & 0777) != 0)) {
        const int reason = errno;
        (void)close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

/** Opens the descriptor that the output is written to. @return -1 and errno on failure */
static int open_target(struct opsig_output *output)
{
    struct stat info;
    const bool exists = stat(output->target, &info) == 0;
    if (exists && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    if (exists && !S_ISREG(info.st_mode)) {
        return open(output->target, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    }
    return open_beside(output, exists ? &info : NULL);
}

static opsig_status open_stream(struct opsig_output *output, const char *path, opsig_error *err)
{
    output->target = follow_link(path);
    if (output->target == NULL) {
        return ops_error_nomem(err);
    }
    const int fd = open_target(output);
    if (fd < 0) {
        return errno == ENOMEM ? ops_error_nomem(err)
                               : ops_error_errno(err, "cannot be opened for writing");
    }
    output->stream = fdopen(fd, "w");
    if (output->stream == NULL) {
        (void)close(fd);
        return ops_error_nomem(err);
    }
    return OPSIG_OK;
}

opsig_status opsig_output_open(opsig_output **out, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = NULL;
    opsig_output *output = ops_mem_zalloc(1, sizeof *output);
    if (output == NULL) {
        return ops_error_nomem(err);
    }
    output->lock = -1;
    if (path == NULL || strcmp(path, "-") == 0) {
        output->stream = stdout;
    } else {
        TRY(open_stream(output, path, err));
    }
    *out = output;
    output = NULL;
done:
    opsig_output_discard(output);
    return status;
}

FILE *opsig_output_stream(opsig_output *output)
{
    return output->stream;
}

/** Brings the bytes to the disk and closes the stream (standard output is only flushed). */
static opsig_status finish_stream(opsig_output *output, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    FILE *const stream = output->stream;
    const bool failed_before = ferror(stream) != 0;
    if (fflush(stream) != 0) {
        status = ops_error_errno(err, "cannot be written");
    } else if (failed_before) {
        status = ops_error_set(err, OPSIG_IO, "io", -1, "cannot be written: a write failed");
    } else if (output->temporary != NULL && fsync(fileno(stream)) != 0) {
        status = ops_error_errno(err, "cannot be written");
    }
    if (stream != stdout) {
        output->stream = NULL;
        if (fclose(stream) != 0 && status == OPSIG_OK) {
            status = ops_error_errno(err, "cannot be written");
        }
    }
    return status;
}

/** Makes the new name last through a power cut. The file is whole under either name, so that a
 *  folder that cannot be synced is no failure. */
static void sync_folder(char *target)
{
    char *const slash = strrchr(target, '/');
    if (slash != NULL) {
        slash[slash == target ? 1 : 0] = '\0';
    }
    const int fd = open(slash != NULL ? target : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

opsig_status opsig_output_commit(opsig_output *output, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(finish_stream(output, err));
    if (output->temporary != NULL) {
        if (rename(output->temporary, output->target) != 0) {
            status = ops_error_errno(err, "cannot be replaced");
            goto done;
        }
        ops_mem_free(output->temporary);
        output->temporary = NULL;
        sync_folder(output->target);
    }
done:
    opsig_output_discard(output);
    return status;
}

void opsig_output_discard(opsig_output *output)
{
    if (output == NULL) {
        return;
    }
    if (output->temporary != NULL) {
        (void)unlink(output->temporary);
    }
    if (output->stream != NULL && output->stream != stdout) {
        (void)fclose(output->stream);
    }
    free_output(output);
}
