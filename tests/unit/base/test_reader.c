/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader over a file, a descriptor, a pipe and memory: random walks see the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/reader.h"
#include "base/rng.h"

enum { LARGEST = 700000, N_SIZES = 8, N_WALKS = 12, SHIFT = 100 };

static const size_t sizes[N_SIZES] = {0, 1, 4096, 65535, 65536, 65537, 200000, LARGEST};

static char folder[] = "/tmp/opsig-reader-XXXXXX";
static uint8_t *content;

static int set_up(void **state)
{
    (void)state;
    content = malloc(LARGEST);
    if (content == NULL || mkdtemp(folder) == NULL) {
        return -1;
    }
    for (size_t i = 0; i < LARGEST; i++) {
        content[i] = (uint8_t)(ops_rng_u64(1, 0, i / 8) >> (i % 8 * 8));
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(content);
    return rmdir(folder);
}

static void path_of(char path[64], const char *name)
{
    (void)snprintf(path, 64, "%s/%s", folder, name);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *const file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/** Compares what peek shows with the content. */
static size_t check_peek(struct ops_reader *reader, size_t at, size_t size, size_t want)
{
    const uint8_t *bytes;
    size_t len;
    assert_int_equal(ops_reader_offset(reader), at);
    assert_int_equal(ops_reader_peek(reader, want, &bytes, &len, NULL), OPSIG_OK);
    assert_int_equal(len, want < size - at ? want : size - at);
    assert_memory_equal(bytes, content + at, len);
    return len;
}

static size_t random_step(uint64_t seed, uint64_t i)
{
    const uint64_t bits = ops_rng_u64(seed, 2, i);
    return ops_rng_below(seed, 3, i, bits % 4 == 0 ? OPS_READER_WINDOW + 1 : 300);
}

/** Walks to the end by peeks, advances, skips and reads; then asks for more than there is. */
static void walk(struct ops_reader *reader, size_t size, uint64_t seed)
{
    static uint8_t copy[OPS_READER_WINDOW];
    size_t at = 0;
    for (uint64_t i = 0; at < size; i++) {
        const size_t step = random_step(seed, i);
        const size_t n = step < size - at ? step : size - at;
        switch (ops_rng_below(seed, 4, i, 3)) {
        case 0:
            check_peek(reader, at, size, step);
            ops_reader_advance(reader, n);
            break;
        case 1:
            assert_int_equal(ops_reader_skip(reader, n, NULL), OPSIG_OK);
            break;
        default:
            assert_int_equal(ops_reader_read(reader, copy, n, NULL), OPSIG_OK);
            assert_memory_equal(copy, content + at, n);
        }
        at += n;
    }
    assert_int_equal(check_peek(reader, at, size, OPS_READER_WINDOW), 0);
    assert_int_equal(ops_reader_size(reader), size);
    opsig_error err = {0};
    assert_int_equal(ops_reader_skip(reader, 1, &err), OPSIG_FORMAT);
    assert_string_equal(err.kind, "truncated");
    assert_int_equal(err.offset, size);
    assert_int_equal(ops_reader_read(reader, copy, 1, &err), OPSIG_FORMAT);
}

static void memory_and_files_show_the_same_bytes(void **state)
{
    (void)state;
    char path[64];
    path_of(path, "file");
    for (size_t i = 0; i < N_SIZES; i++) {
        write_file(path, content, sizes[i]);
        for (uint64_t seed = 0; seed < N_WALKS; seed++) {
            struct ops_reader *reader = NULL;
            assert_int_equal(ops_reader_open_memory(&reader, content, sizes[i], NULL), OPSIG_OK);
            walk(reader, sizes[i], seed);
            ops_reader_free(reader);
            assert_int_equal(ops_reader_open(&reader, path, sizes[i], NULL), OPSIG_OK);
            walk(reader, sizes[i], seed);
            ops_reader_free(reader);
        }
    }
    (void)unlink(path);
}

static void seeking_goes_anywhere_in_files_and_memory(void **state)
{
    (void)state;
    char path[64];
    path_of(path, "sought");
    for (size_t i = 0; i < N_SIZES; i++) {
        write_file(path, content, sizes[i]);
        for (int in_memory = 0; in_memory <= 1; in_memory++) {
            struct ops_reader *reader = NULL;
            opsig_error err = {0};
            assert_int_equal(in_memory ? ops_reader_open_memory(&reader, content, sizes[i], NULL)
                                       : ops_reader_open(&reader, path, sizes[i], NULL),
                             OPSIG_OK);
            for (uint64_t n = 0; n < 100; n++) {
                const uint64_t at = ops_rng_below(i, 7, n, sizes[i] + 1);
                uint8_t copy[16];
                const size_t len = sizes[i] - at < sizeof copy ? sizes[i] - at : sizeof copy;
                assert_int_equal(ops_reader_seek(reader, at, &err), OPSIG_OK);
                assert_int_equal(ops_reader_offset(reader), at);
                assert_int_equal(ops_reader_read(reader, copy, len, &err), OPSIG_OK);
                assert_memory_equal(copy, content + at, len);
            }
            assert_int_equal(ops_reader_seek(reader, sizes[i] + 1, &err), OPSIG_FORMAT);
            ops_reader_free(reader);
        }
    }
    (void)unlink(path);
}

static void a_descriptor_is_read_from_where_it_stands_and_stays_open(void **state)
{
    (void)state;
    static const char front[SHIFT];
    char path[64];
    path_of(path, "shifted");
    for (size_t i = 0; i < N_SIZES; i++) {
        FILE *const file = fopen(path, "w");
        assert_int_equal(fwrite(front, 1, SHIFT, file), SHIFT);
        assert_int_equal(fwrite(content, 1, sizes[i], file), sizes[i]);
        assert_int_equal(fclose(file), 0);
        const int fd = open(path, O_RDONLY);
        assert_int_equal(lseek(fd, SHIFT, SEEK_SET), SHIFT);
        struct ops_reader *reader = NULL;
        assert_int_equal(ops_reader_open_fd(&reader, fd, LARGEST, NULL), OPSIG_OK);
        walk(reader, sizes[i], i);
        ops_reader_free(reader);
        assert_int_equal(lseek(fd, 0, SEEK_CUR), SHIFT);
        assert_int_equal(close(fd), 0);
    }
    (void)unlink(path);
}

/** Starts a process that writes the content into a pipe in random pieces. */
static int start_writer(size_t size, uint64_t seed, pid_t *out_pid)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    *out_pid = fork();
    if (*out_pid == 0) {
        (void)close(ends[0]);
        for (size_t at = 0, i = 0; at < size; i++) {
            const size_t step = random_step(seed, i) + 1;
            const size_t n = step < size - at ? step : size - at;
            const ssize_t written = write(ends[1], content + at, n);
            if (written < 0) {
                _exit(1);
            }
            at += (size_t)written;
        }
        _exit(0);
    }
    (void)close(ends[1]);
    return ends[0];
}

static void a_pipe_shows_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SIZES; i++) {
        pid_t pid;
        const int fd = start_writer(sizes[i], i + 50, &pid);
        if (i % 2 == 0) {
            assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
        }
        struct ops_reader *reader = NULL;
        assert_int_equal(ops_reader_open_fd(&reader, fd, LARGEST, NULL), OPSIG_OK);
        walk(reader, sizes[i], i);
        ops_reader_free(reader);
        (void)close(fd);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
    }
}

static void a_stream_past_the_limit_is_refused(void **state)
{
    (void)state;
    pid_t pid;
    const int fd = start_writer(10000, 1, &pid);
    struct ops_reader *reader = NULL;
    opsig_error err = {0};
    assert_int_equal(ops_reader_open_fd(&reader, fd, 9999, NULL), OPSIG_OK);
    assert_int_equal(ops_reader_size(reader), UINT64_MAX);
    assert_int_equal(ops_reader_skip(reader, 10000, &err), OPSIG_LIMIT);
    assert_non_null(strstr(err.message, "--max-file-size"));
    ops_reader_free(reader);
    (void)close(fd);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* A pipe into which nobody writes. */
static void check_stalled(double seconds, const volatile int *cancel, opsig_status expected)
{
    int ends[2];
    const uint8_t *bytes;
    size_t len;
    struct ops_reader *reader = NULL;
    struct ops_deadline deadline;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(ops_reader_open_fd(&reader, ends[0], 100, NULL), OPSIG_OK);
    ops_deadline_start(&deadline, seconds, cancel);
    ops_reader_watch(reader, &deadline);
    assert_int_equal(ops_reader_peek(reader, 1, &bytes, &len, NULL), expected);
    ops_reader_free(reader);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void a_stalled_stream_is_left_at_the_deadline_or_when_cancelled(void **state)
{
    (void)state;
    const volatile int cancelled = 1;
    check_stalled(0.05, NULL, OPSIG_TIMEOUT);
    check_stalled(0, &cancelled, OPSIG_CANCELLED);
}

static void a_file_past_the_limit_is_refused(void **state)
{
    (void)state;
    char path[64];
    path_of(path, "large");
    for (size_t i = 1; i < N_SIZES; i++) {
        write_file(path, content, sizes[i]);
        struct ops_reader *reader = NULL;
        opsig_error err = {0};
        assert_int_equal(ops_reader_open(&reader, path, sizes[i] - 1, &err), OPSIG_LIMIT);
        assert_null(reader);
        assert_string_equal(err.kind, "limit");
    }
    (void)unlink(path);
}

static void check_refused(const char *path, opsig_status status, const char *kind)
{
    struct ops_reader *reader = NULL;
    opsig_error err = {0};
    assert_int_equal(ops_reader_open(&reader, path, UINT64_MAX, &err), status);
    assert_null(reader);
    assert_string_equal(err.kind, kind);
}

static void what_is_no_file_is_refused_without_blocking(void **state)
{
    (void)state;
    char path[64];
    check_refused(folder, OPSIG_FORMAT, "not-a-file");
    check_refused("/dev/null", OPSIG_FORMAT, "not-a-file");
    if (access("/proc/self/status", R_OK) == 0) {
        check_refused("/proc/self/status", OPSIG_FORMAT, "not-a-file");
    }
    path_of(path, "missing");
    check_refused(path, OPSIG_NOT_FOUND, "not-found");
    path_of(path, "fifo");
    assert_int_equal(mkfifo(path, 0600), 0);
    check_refused(path, OPSIG_FORMAT, "not-a-file");
    (void)unlink(path);
    path_of(path, "link");
    assert_int_equal(symlink(path, path), 0);
    check_refused(path, OPSIG_NOT_FOUND, "not-found");
    (void)unlink(path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    path_of(address.sun_path, "socket");
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    check_refused(address.sun_path, OPSIG_FORMAT, "not-a-file");
    (void)close(fd);
    (void)unlink(address.sun_path);
}

static void a_folder_as_descriptor_is_refused(void **state)
{
    (void)state;
    const int fd = open(folder, O_RDONLY);
    struct ops_reader *reader = NULL;
    opsig_error err = {0};
    const uint8_t *bytes;
    size_t len;
    assert_int_equal(ops_reader_open_fd(&reader, fd, 100, NULL), OPSIG_OK);
    assert_int_equal(ops_reader_peek(reader, 1, &bytes, &len, &err), OPSIG_FORMAT);
    assert_string_equal(err.kind, "not-a-file");
    ops_reader_free(reader);
    (void)close(fd);
}

static void a_file_cut_short_while_it_is_read_is_an_error(void **state)
{
    (void)state;
    char path[64];
    path_of(path, "cut");
    write_file(path, content, LARGEST);
    struct ops_reader *reader = NULL;
    opsig_error err = {0};
    const uint8_t *bytes;
    size_t len;
    assert_int_equal(ops_reader_open(&reader, path, UINT64_MAX, NULL), OPSIG_OK);
    check_peek(reader, 0, LARGEST, 10);
    assert_int_equal(truncate(path, 100000), 0);
    assert_int_equal(ops_reader_skip(reader, 500000, NULL), OPSIG_OK);
    assert_int_equal(ops_reader_peek(reader, 10, &bytes, &len, &err), OPSIG_FORMAT);
    assert_string_equal(err.kind, "changed");
    assert_int_equal(err.offset, 500000);
    ops_reader_free(reader);
    (void)unlink(path);
}

static void a_file_that_is_written_to_while_it_is_read_is_an_error(void **state)
{
    (void)state;
    static const struct timespec later[] = {{.tv_sec = 100}, {.tv_sec = 100}};
    char path[64];
    path_of(path, "written");
    write_file(path, content, LARGEST);
    struct ops_reader *reader = NULL;
    opsig_error err = {0};
    assert_int_equal(ops_reader_open(&reader, path, UINT64_MAX, NULL), OPSIG_OK);
    check_peek(reader, 0, LARGEST, 10);
    assert_int_equal(ops_reader_unchanged(reader, &err), OPSIG_OK);
    assert_int_equal(utimensat(AT_FDCWD, path, later, 0), 0);
    assert_int_equal(ops_reader_unchanged(reader, &err), OPSIG_FORMAT);
    assert_string_equal(err.kind, "changed");
    ops_reader_free(reader);
    assert_int_equal(ops_reader_open_memory(&reader, content, 10, NULL), OPSIG_OK);
    assert_int_equal(ops_reader_unchanged(reader, NULL), OPSIG_OK);
    ops_reader_free(reader);
    (void)unlink(path);
}

static void skipping_does_not_read(void **state)
{
    (void)state;
    enum { PIECES = 1000 };
    const uint64_t stride = 1 << 20;
    char path[64];
    path_of(path, "sparse");
    write_file(path, "x", 1);
    assert_int_equal(truncate(path, (off_t)(PIECES * stride)), 0);
    struct ops_reader *reader = NULL;
    assert_int_equal(ops_reader_open(&reader, path, UINT64_MAX, NULL), OPSIG_OK);
    for (int i = 0; i < PIECES; i++) {
        const uint8_t *bytes;
        size_t len;
        assert_int_equal(ops_reader_peek(reader, 8, &bytes, &len, NULL), OPSIG_OK);
        assert_int_equal(len, 8);
        assert_int_equal(ops_reader_skip(reader, stride, NULL), OPSIG_OK);
    }
    FILE *const io = fopen("/proc/self/io", "r");
    ops_reader_free(reader);
    (void)unlink(path);
    if (io != NULL) { /* bytes that this process has asked for, all tests together */
        unsigned long long total = 0;
        assert_int_equal(fscanf(io, "rchar: %llu", &total), 1);
        assert_true(total < 200ULL << 20);
        (void)fclose(io);
    }
}

static void each_failed_allocation_leaks_nothing(void **state)
{
    (void)state;
    char path[64];
    path_of(path, "nomem");
    write_file(path, content, 100000);
    for (uint64_t k = 1; k <= 2; k++) {
        struct ops_reader *reader = NULL;
        ops_mem_fail_at(k, 0);
        assert_int_equal(ops_reader_open(&reader, path, UINT64_MAX, NULL), OPSIG_NOMEM);
        assert_null(reader);
    }
    ops_mem_fail_at(1, 0);
    struct ops_reader *reader = NULL;
    assert_int_equal(ops_reader_open_memory(&reader, content, 1, NULL), OPSIG_NOMEM);
    ops_mem_fail_at(0, 0);
    ops_reader_free(NULL);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_and_files_show_the_same_bytes),
        cmocka_unit_test(a_descriptor_is_read_from_where_it_stands_and_stays_open),
        cmocka_unit_test(a_pipe_shows_the_same_bytes),
        cmocka_unit_test(a_stream_past_the_limit_is_refused),
        cmocka_unit_test(a_stalled_stream_is_left_at_the_deadline_or_when_cancelled),
        cmocka_unit_test(a_file_past_the_limit_is_refused),
        cmocka_unit_test(what_is_no_file_is_refused_without_blocking),
        cmocka_unit_test(a_folder_as_descriptor_is_refused),
        cmocka_unit_test(a_file_cut_short_while_it_is_read_is_an_error),
        cmocka_unit_test(seeking_goes_anywhere_in_files_and_memory),
        cmocka_unit_test(a_file_that_is_written_to_while_it_is_read_is_an_error),
        cmocka_unit_test(skipping_does_not_read),
        cmocka_unit_test(each_failed_allocation_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
