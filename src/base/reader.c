/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The window in memory, and where it lies in the input:
 *
 *      bytes[0]        bytes[pos]          bytes[len]            input
 *      |  passed       |  unread           |  free               ... read on from here
 *      offset                              offset + len
 *
 * Memory is one window over all of it, and so is a file of up to 64 KiB. Larger files and streams
 * have a buffer of two windows, so that moving the unread bytes to its front is paid for by the
 * bytes passed since. After a skip reading starts again with 4 KiB, and doubles while it goes on
 * in sequence: payloads that are skipped cost little. */
#include "base/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { FIRST_CHUNK = 4 * 1024, BUFFER_SIZE = 2 * OPS_READER_WINDOW };

/* Milliseconds of waiting for a stream between two looks at the deadline. */
enum { PATIENCE = 100 };

struct ops_reader {
    const uint8_t *bytes; /* the window: `buffer`, or the caller's memory */
    size_t pos, len;      /* unread: bytes[pos ... len - 1] */
    uint64_t offset;      /* of bytes[0] */
    uint64_t size;        /* UINT64_MAX: not known */
    uint64_t max_size;    /* of a stream */
    int fd;               /* -1: all of the input is in the window */
    bool owns_fd, is_stream;
    off_t start;  /* offset in the file of the input's first byte */
    struct timespec modified; /* of a file, when it was opened */
    size_t chunk; /* least number of bytes of the next read */
    uint8_t *buffer;
    struct ops_deadline *deadline; /* of waiting; NULL: none */
};

static opsig_status too_large(uint64_t max_size, opsig_error *err)
{
    return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "larger than %llu bytes (--max-file-size)",
                         (unsigned long long)max_size);
}

static opsig_status not_a_file(opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "not-a-file", -1, "not a regular file");
}

opsig_status ops_reader_unchanged(const struct ops_reader *reader, opsig_error *err)
{
    struct stat info;
    if (reader->fd < 0 || reader->is_stream) {
        return OPSIG_OK;
    }
    if (fstat(reader->fd, &info) != 0) {
        return ops_error_errno(err, "cannot be examined");
    }
    if (info.st_mtim.tv_sec != reader->modified.tv_sec ||
        info.st_mtim.tv_nsec != reader->modified.tv_nsec) {
        return ops_error_set(err, OPSIG_FORMAT, "changed", -1,
                             "the file was written to while it was read");
    }
    return OPSIG_OK;
}

static opsig_status changed(uint64_t offset, opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "changed", (int64_t)offset,
                         "the file became shorter while it was read");
}

/** Waits until a stream has something to read, its end included. The deadline is asked again and
 *  again: a signal that sets its flag may arrive just before the wait. */
static opsig_status wait_for_bytes(const struct ops_reader *reader, opsig_error *err)
{
    struct pollfd ready = {.fd = reader->fd, .events = POLLIN};
    for (;;) {
        opsig_status status = OPSIG_OK;
        if (reader->deadline != NULL) {
            reader->deadline->countdown = 0;
            status = ops_deadline_check(reader->deadline, err);
        }
        if (status != OPSIG_OK) {
            return status;
        }
        const int n = poll(&ready, 1, reader->deadline != NULL ? PATIENCE : -1);
        if (n > 0 || (n < 0 && errno != EINTR)) {
            return OPSIG_OK; /* what is wrong, read() will tell */
        }
    }
}

/** One read at the end of the window; *out_n is 0 at the end of the input. */
static opsig_status read_some(const struct ops_reader *reader, uint8_t *to, size_t n, size_t *out_n,
                              opsig_error *err)
{
    const off_t at = reader->start + (off_t)(reader->offset + reader->len);
    for (;;) {
        const opsig_status status = reader->is_stream ? wait_for_bytes(reader, err) : OPSIG_OK;
        if (status != OPSIG_OK) {
            return status;
        }
        const ssize_t got =
            reader->is_stream ? read(reader->fd, to, n) : pread(reader->fd, to, n, at);
        if (got >= 0) {
            *out_n = (size_t)got;
            return OPSIG_OK;
        }
        if (errno == EISDIR) {
            return not_a_file(err);
        }
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
            return ops_error_errno(err, "cannot be read");
        }
    }
}

/** Adds to the window at least one byte, or finds the end of the input. */
static opsig_status extend(struct ops_reader *reader, size_t n, opsig_error *err)
{
    size_t got = 0;
    const uint64_t end = reader->offset + reader->len;
    const opsig_status status = read_some(reader, reader->buffer + reader->len, n, &got, err);
    if (status != OPSIG_OK) {
        return status;
    }
    reader->len += got;
    if (reader->is_stream) {
        if (got == 0) {
            reader->size = end;
        }
        return end + got > reader->max_size ? too_large(reader->max_size, err) : OPSIG_OK;
    }
    return got == 0 ? changed(end, err) : OPSIG_OK;
}

/** Fills the window until `want` bytes are unread or the input ends. */
static opsig_status fill(struct ops_reader *reader, size_t want, opsig_error *err)
{
    if (want > BUFFER_SIZE - reader->pos) {
        reader->len -= reader->pos;
        memmove(reader->buffer, reader->buffer + reader->pos, reader->len);
        reader->offset += reader->pos;
        reader->pos = 0;
    }
    while (reader->len - reader->pos < want && reader->offset + reader->len < reader->size) {
        const size_t missing = want - (reader->len - reader->pos);
        size_t n = missing > reader->chunk ? missing : reader->chunk;
        const size_t room = BUFFER_SIZE - reader->len;
        n = n < room ? n : room;
        const uint64_t left = reader->size - (reader->offset + reader->len);
        n = n < left ? n : (size_t)left;
        const opsig_status status = extend(reader, n, err);
        if (status != OPSIG_OK) {
            return status;
        }
        if (reader->chunk < OPS_READER_WINDOW) {
            reader->chunk *= 2;
        }
    }
    return OPSIG_OK;
}

/** Reads all of a small file into a window of its size. */
static opsig_status read_whole(struct ops_reader *reader, opsig_error *err)
{
    const size_t size = (size_t)reader->size;
    while (reader->len < size) {
        const opsig_status status = extend(reader, size - reader->len, err);
        if (status != OPSIG_OK) {
            return status;
        }
    }
    const opsig_status status = ops_reader_unchanged(reader, err);
    if (reader->owns_fd) {
        (void)close(reader->fd);
    }
    reader->fd = -1;
    return status;
}

static opsig_status new_reader(struct ops_reader **out, opsig_error *err)
{
    *out = ops_mem_zalloc(1, sizeof **out);
    if (*out == NULL) {
        return ops_error_nomem(err);
    }
    (*out)->fd = -1;
    (*out)->chunk = FIRST_CHUNK;
    return OPSIG_OK;
}

static opsig_status set_buffer(struct ops_reader *reader, size_t size, opsig_error *err)
{
    reader->buffer = ops_mem_alloc(size);
    reader->bytes = reader->buffer;
    return reader->buffer != NULL ? OPSIG_OK : ops_error_nomem(err);
}

/** Prepares a regular file of reader->size bytes. */
static opsig_status start_file(struct ops_reader *reader, opsig_error *err)
{
    if (reader->size > reader->max_size) {
        return too_large(reader->max_size, err);
    }
    if (reader->size > OPS_READER_WINDOW) {
        return set_buffer(reader, BUFFER_SIZE, err);
    }
    const opsig_status status = set_buffer(reader, (size_t)reader->size, err);
    return status == OPSIG_OK ? read_whole(reader, err) : status;
}

static opsig_status open_error(opsig_error *err)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return ops_error_set(err, OPSIG_NOT_FOUND, "not-found", -1, "no such file");
    case ELOOP:
        return ops_error_set(err, OPSIG_NOT_FOUND, "not-found", -1, "links that lead in a circle");
    case ENXIO:
    case ENODEV:
        return not_a_file(err);
    default:
        return ops_error_errno(err, "cannot be opened");
    }
}

/** Finds the size of a descriptor that must be a regular file. A file that says it is empty and
 *  still has bytes (as in /proc) has no size to check lengths against: not a file. */
static opsig_status measure(struct ops_reader *reader, opsig_error *err)
{
    struct stat info;
    if (fstat(reader->fd, &info) != 0) {
        return ops_error_errno(err, "cannot be examined");
    }
    uint8_t byte;
    if (!S_ISREG(info.st_mode) || (info.st_size == 0 && read(reader->fd, &byte, 1) > 0)) {
        return not_a_file(err);
    }
    reader->size = (uint64_t)info.st_size;
    reader->modified = info.st_mtim;
    return OPSIG_OK;
}

opsig_status ops_reader_open(struct ops_reader **out, const char *path, uint64_t max_size,
                             opsig_error *err)
{
    struct ops_reader *reader = NULL;
    opsig_status status = OPSIG_OK;
    *out = NULL;
    TRY(new_reader(&reader, err));
    reader->max_size = max_size;
    reader->owns_fd = true;
    reader->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    TRY(reader->fd >= 0 ? OPSIG_OK : open_error(err));
    TRY(measure(reader, err));
    TRY(start_file(reader, err));
    *out = reader;
    reader = NULL;
done:
    ops_reader_free(reader);
    return status;
}

/** Tells a regular file with a size from what can only be read on. */
static opsig_status start_fd(struct ops_reader *reader, opsig_error *err)
{
    struct stat info;
    if (fstat(reader->fd, &info) != 0) {
        return ops_error_errno(err, "cannot be examined");
    }
    const off_t at = lseek(reader->fd, 0, SEEK_CUR);
    if (S_ISREG(info.st_mode) && info.st_size > 0 && at >= 0) {
        reader->start = at;
        reader->modified = info.st_mtim;
        reader->size = at < info.st_size ? (uint64_t)(info.st_size - at) : 0;
        return start_file(reader, err);
    }
    reader->is_stream = true;
    reader->size = UINT64_MAX;
    return set_buffer(reader, BUFFER_SIZE, err);
}

opsig_status ops_reader_open_fd(struct ops_reader **out, int fd, uint64_t max_size,
                                opsig_error *err)
{
    struct ops_reader *reader = NULL;
    opsig_status status = OPSIG_OK;
    *out = NULL;
    TRY(new_reader(&reader, err));
    reader->max_size = max_size;
    reader->fd = fd;
    TRY(start_fd(reader, err));
    *out = reader;
    reader = NULL;
done:
    ops_reader_free(reader);
    return status;
}

opsig_status ops_reader_open_memory(struct ops_reader **out, const void *bytes, size_t size,
                                    opsig_error *err)
{
    const opsig_status status = new_reader(out, err);
    if (status == OPSIG_OK) {
        (*out)->bytes = bytes;
        (*out)->len = size;
        (*out)->size = size;
    }
    return status;
}

void ops_reader_free(struct ops_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->owns_fd && reader->fd >= 0) {
        (void)close(reader->fd);
    }
    ops_mem_free(reader->buffer);
    ops_mem_free(reader);
}

void ops_reader_watch(struct ops_reader *reader, struct ops_deadline *deadline)
{
    reader->deadline = deadline;
}

uint64_t ops_reader_offset(const struct ops_reader *reader)
{
    return reader->offset + reader->pos;
}

uint64_t ops_reader_size(const struct ops_reader *reader)
{
    return reader->size;
}

opsig_status ops_reader_peek(struct ops_reader *reader, size_t want, const uint8_t **out_bytes,
                             size_t *out_len, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (reader->len - reader->pos < want && reader->fd >= 0) {
        status = fill(reader, want, err);
    }
    const size_t unread = reader->len - reader->pos;
    *out_bytes = unread > 0 ? reader->bytes + reader->pos : (const uint8_t *)"";
    *out_len = unread < want ? unread : want;
    return status;
}

void ops_reader_advance(struct ops_reader *reader, size_t n)
{
    reader->pos += n;
}

static opsig_status truncated(const struct ops_reader *reader, uint64_t n, opsig_error *err)
{
    const uint64_t at = ops_reader_offset(reader);
    return ops_error_set(err, OPSIG_FORMAT, "truncated", (int64_t)at,
                         "%llu bytes are announced, but the input ends after %llu",
                         (unsigned long long)n, (unsigned long long)(reader->size - at));
}

/** Passes n bytes of a stream by reading them. */
static opsig_status skip_stream(struct ops_reader *reader, uint64_t n, opsig_error *err)
{
    while (n > 0) {
        const uint8_t *bytes;
        size_t len;
        const size_t want = n < OPS_READER_WINDOW ? (size_t)n : OPS_READER_WINDOW;
        const opsig_status status = ops_reader_peek(reader, want, &bytes, &len, err);
        if (status != OPSIG_OK) {
            return status;
        }
        if (len == 0) {
            return truncated(reader, n, err);
        }
        ops_reader_advance(reader, len);
        n -= len;
    }
    return OPSIG_OK;
}

opsig_status ops_reader_skip(struct ops_reader *reader, uint64_t n, opsig_error *err)
{
    if (n <= reader->len - reader->pos) {
        reader->pos += (size_t)n;
        return OPSIG_OK;
    }
    if (reader->is_stream) {
        return skip_stream(reader, n, err);
    }
    const uint64_t at = ops_reader_offset(reader);
    if (n > reader->size - at) {
        return truncated(reader, n, err);
    }
    reader->offset = at + n;
    reader->pos = reader->len = 0;
    reader->chunk = FIRST_CHUNK;
    return OPSIG_OK;
}

opsig_status ops_reader_seek(struct ops_reader *reader, uint64_t offset, opsig_error *err)
{
    const uint64_t at = ops_reader_offset(reader);
    if (offset >= at) {
        return ops_reader_skip(reader, offset - at, err);
    }
    if (offset >= reader->offset) {
        reader->pos = (size_t)(offset - reader->offset);
        return OPSIG_OK;
    }
    reader->offset = offset;
    reader->pos = reader->len = 0;
    reader->chunk = FIRST_CHUNK;
    return OPSIG_OK;
}

opsig_status ops_reader_read(struct ops_reader *reader, void *out, size_t n, opsig_error *err)
{
    uint8_t *to = out;
    while (n > 0) {
        const uint8_t *bytes;
        size_t len;
        const size_t want = n < OPS_READER_WINDOW ? n : OPS_READER_WINDOW;
        const opsig_status status = ops_reader_peek(reader, want, &bytes, &len, err);
        if (status != OPSIG_OK) {
            return status;
        }
        if (len == 0) {
            return truncated(reader, n, err);
        }
        memcpy(to, bytes, len);
        ops_reader_advance(reader, len);
        to += len;
        n -= len;
    }
    return OPSIG_OK;
}
