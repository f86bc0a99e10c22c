/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A confined process can read files and little else. Each case runs in a child of its own, which
 * reports by its exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus/confine.h"
#include "support/temp_folder.h"

enum { MEBIBYTE = 1024 * 1024, DENIED = 10, ALLOWED = 11, FAILED = 12 };

static int set_up(void **state)
{
    (void)state;
    temp_folder_make();
    temp_write(temp_path("file"), "content", 7);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

/** Runs a function in a confined child. @return what it returned */
static int run(int (*function)(void), uint64_t max_memory)
{
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        opsig_limits limits;
        opsig_limits_init(&limits);
        limits.max_memory = max_memory;
        ops_confine(&limits);
        _exit(function());
    }
    int how = 0;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static int verdict(int result)
{
    return result >= 0 ? ALLOWED : errno == EPERM ? DENIED : FAILED;
}

static int read_file(void)
{
    char bytes[8];
    const int fd = open(temp_path("file"), O_RDONLY | O_CLOEXEC);
    const ssize_t n = fd < 0 ? -1 : pread(fd, bytes, sizeof bytes, 0);
    return n == 7 && close(fd) == 0 ? ALLOWED : FAILED;
}

static int use_memory(void)
{
    char *const bytes = malloc(MEBIBYTE);
    if (bytes == NULL) {
        return FAILED;
    }
    memset(bytes, 1, MEBIBYTE);
    free(bytes);
    return ALLOWED;
}

static void reading_and_memory_are_left(void **state)
{
    (void)state;
    assert_int_equal(run(read_file, 64 * MEBIBYTE), ALLOWED);
    assert_int_equal(run(use_memory, 64 * MEBIBYTE), ALLOWED);
}

static int open_for_writing(void)
{
    return verdict(open(temp_path("file"), O_WRONLY | O_CLOEXEC));
}

static int create_file(void)
{
    return verdict(open(temp_path("new"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int remove_file(void)
{
    return verdict(unlink(temp_path("file")));
}

static int rename_file(void)
{
    return verdict(rename(temp_path("file"), temp_path("other")));
}

static int open_socket(void)
{
    return verdict(socket(AF_INET, SOCK_STREAM, 0));
}

static int start_process(void)
{
    const pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return verdict(pid);
}

static int run_program(void)
{
    return verdict(execl("/bin/true", "true", (char *)NULL));
}

static int signal_parent(void)
{
    return verdict(kill(getppid(), 0));
}

static int make_code(void)
{
    return verdict(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                           MAP_FAILED
                       ? -1
                       : 0);
}

static void all_else_is_denied(void **state)
{
    (void)state;
#if !defined __x86_64__ && !defined __aarch64__
    print_message("skipped: no filter for this kind of machine\n");
    skip();
#endif
    int (*const functions[])(void) = {open_for_writing, create_file,   remove_file,
                                      rename_file,      open_socket,   start_process,
                                      run_program,      signal_parent, make_code};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        print_message("call %zu\n", i);
        assert_int_equal(run(functions[i], 64 * MEBIBYTE), DENIED);
    }
    assert_int_equal(access(temp_path("file"), F_OK), 0);
    assert_int_equal(access(temp_path("new"), F_OK), -1);
}

static int use_more_memory(void)
{
    void *const bytes = mmap(NULL, 256 * MEBIBYTE, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return bytes != MAP_FAILED ? ALLOWED : errno == ENOMEM ? DENIED : FAILED;
}

static void memory_ends_at_twice_the_limit_of_a_model(void **state)
{
    (void)state;
    assert_int_equal(run(use_more_memory, 64 * MEBIBYTE), DENIED);
    assert_int_equal(run(use_more_memory, 512 * (uint64_t)MEBIBYTE), ALLOWED);
    assert_int_equal(run(use_more_memory, UINT64_MAX), ALLOWED);
}

static int ask_for_core(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0 ? DENIED : ALLOWED;
}

static void no_core_file_is_left(void **state)
{
    (void)state;
    assert_int_equal(run(ask_for_core, 64 * MEBIBYTE), DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_and_memory_are_left),
        cmocka_unit_test(all_else_is_denied),
        cmocka_unit_test(memory_ends_at_twice_the_limit_of_a_model),
        cmocka_unit_test(no_core_file_is_left),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
