/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outputs appear whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <opsig/output.h>

#include "base/mem.h"

static char folder[] = "/tmp/opsig-output-XXXXXX";
static char target[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/opsig-output-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(target, sizeof target, "%s/target", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(target);
    return rmdir(folder); /* fails where a temporary file is left */
}

static void write_target(const char *text)
{
    FILE *const file = fopen(target, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void check_file(const char *path, const char *expected)
{
    char text[100] = "";
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, expected);
}

static int count_files(void)
{
    int n = 0;
    DIR *const stream = opendir(folder);
    for (const struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
        n += entry->d_name[0] != '.';
    }
    (void)closedir(stream);
    return n;
}

static opsig_output *begin(const char *text)
{
    opsig_output *output = NULL;
    opsig_error err = {0};
    assert_int_equal(opsig_output_open(&output, target, &err), OPSIG_OK);
    assert_true(fputs(text, opsig_output_stream(output)) >= 0);
    assert_int_equal(fflush(opsig_output_stream(output)), 0);
    return output;
}

static void a_new_file_appears_at_commit(void **state)
{
    (void)state;
    opsig_output *const output = begin("new");
    assert_int_equal(access(target, F_OK), -1);
    assert_int_equal(opsig_output_commit(output, NULL), OPSIG_OK);
    check_file(target, "new");
    assert_int_equal(count_files(), 1);
}

static void an_old_file_stays_until_commit_and_keeps_its_mode(void **state)
{
    (void)state;
    struct stat info;
    write_target("old");
    assert_int_equal(chmod(target, 0640), 0);
    opsig_output *const output = begin("new");
    check_file(target, "old");
    assert_int_equal(opsig_output_commit(output, NULL), OPSIG_OK);
    check_file(target, "new");
    assert_int_equal(stat(target, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
}

static void a_new_file_has_the_mode_of_the_umask(void **state)
{
    (void)state;
    struct stat info;
    const mode_t before = umask(027);
    assert_int_equal(opsig_output_commit(begin("x"), NULL), OPSIG_OK);
    (void)umask(before);
    assert_int_equal(stat(target, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
}

static void discarding_leaves_the_target_and_nothing_else(void **state)
{
    (void)state;
    write_target("old");
    opsig_output_discard(begin("new"));
    check_file(target, "old");
    assert_int_equal(count_files(), 1);
    opsig_output_discard(NULL);
}

static void a_failed_rename_leaves_the_target(void **state)
{
    (void)state;
    opsig_error err = {0};
    opsig_output *const output = begin("new");
    assert_int_equal(mkdir(target, 0700), 0);
    assert_int_equal(opsig_output_commit(output, &err), OPSIG_IO);
    assert_non_null(strstr(err.message, "cannot be replaced"));
    assert_int_equal(count_files(), 1);
    assert_int_equal(rmdir(target), 0);
}

static void a_write_that_failed_is_found_at_commit(void **state)
{
    (void)state;
    write_target("old");
    opsig_error err = {0};
    opsig_output *const output = begin("new");
    const int closed = open("/dev/null", O_RDONLY);
    const int fd = fileno(opsig_output_stream(output));
    const int kept = dup(fd);
    assert_int_equal(dup2(closed, fd), fd); /* writing fails with EBADF */
    assert_true(fputs("more", opsig_output_stream(output)) >= 0);
    assert_int_equal(opsig_output_commit(output, &err), OPSIG_IO);
    assert_non_null(strstr(err.message, "cannot be written"));
    check_file(target, "old");
    assert_int_equal(count_files(), 1);
    (void)close(closed);
    (void)close(kept);
}

static void a_write_that_failed_before_the_last_flush_is_found_too(void **state)
{
    (void)state;
    opsig_error err = {0};
    opsig_output *output = NULL;
    write_target("old");
    assert_int_equal(opsig_output_open(&output, target, NULL), OPSIG_OK);
    FILE *const stream = opsig_output_stream(output);
    const int closed = open("/dev/null", O_RDONLY);
    const int kept = dup(fileno(stream));
    assert_int_equal(dup2(closed, fileno(stream)), fileno(stream));
    assert_true(fputs("lost", stream) >= 0);
    assert_int_not_equal(fflush(stream), 0);
    assert_int_equal(dup2(kept, fileno(stream)), fileno(stream));
    assert_int_equal(opsig_output_commit(output, &err), OPSIG_IO);
    check_file(target, "old");
    (void)close(closed);
    (void)close(kept);
}

static void a_full_disk_leaves_the_target(void **state)
{
    (void)state;
    write_target("old");
    if (access("/dev/full", W_OK) != 0) {
        print_message("skipped: no /dev/full\n");
        skip();
    }
    opsig_error err = {0};
    opsig_output *output = NULL;
    assert_int_equal(opsig_output_open(&output, "/dev/full", NULL), OPSIG_OK);
    assert_true(fputs("x", opsig_output_stream(output)) >= 0);
    assert_int_equal(opsig_output_commit(output, &err), OPSIG_IO);
    assert_non_null(strstr(err.message, "No space left"));
    struct stat info;
    assert_int_equal(stat("/dev/full", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void a_device_is_written_in_place(void **state)
{
    (void)state;
    opsig_output *output = NULL;
    assert_int_equal(opsig_output_open(&output, "/dev/null", NULL), OPSIG_OK);
    assert_true(fputs("x", opsig_output_stream(output)) >= 0);
    assert_int_equal(opsig_output_commit(output, NULL), OPSIG_OK);
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    char link[80];
    struct stat info;
    (void)snprintf(link, sizeof link, "%s/link", folder);
    write_target("old");
    assert_int_equal(symlink("target", link), 0);
    opsig_output *output = NULL;
    assert_int_equal(opsig_output_open(&output, link, NULL), OPSIG_OK);
    assert_true(fputs("new", opsig_output_stream(output)) >= 0);
    assert_int_equal(opsig_output_commit(output, NULL), OPSIG_OK);
    check_file(target, "new");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    (void)unlink(link);
}

static void the_leftover_of_a_killed_writer_is_taken_over(void **state)
{
    (void)state;
    const pid_t pid = fork();
    if (pid == 0) {
        opsig_output *output = NULL;
        (void)opsig_output_open(&output, target, NULL);
        (void)fputs("a long text that nobody wants", opsig_output_stream(output));
        (void)fflush(opsig_output_stream(output));
        _exit(0);
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(count_files(), 1);
    assert_int_equal(opsig_output_commit(begin("short"), NULL), OPSIG_OK);
    check_file(target, "short");
    assert_int_equal(count_files(), 1);
}

static void two_writers_do_not_mix_and_the_later_wins(void **state)
{
    (void)state;
    opsig_output *const first = begin("first");
    opsig_output *const second = begin("second");
    assert_int_equal(opsig_output_commit(first, NULL), OPSIG_OK);
    check_file(target, "first");
    opsig_output *const third = begin("third");
    assert_int_equal(opsig_output_commit(second, NULL), OPSIG_OK);
    check_file(target, "second");
    opsig_output_discard(third);
    check_file(target, "second");
    assert_int_equal(count_files(), 1);
}

static void a_trap_at_the_temporary_name_is_stepped_around(void **state)
{
    (void)state;
    char trap[80];
    char victim[80];
    (void)snprintf(trap, sizeof trap, "%s.opsig-tmp", target);
    (void)snprintf(victim, sizeof victim, "%s/victim", folder);
    assert_int_equal(symlink(victim, trap), 0);
    assert_int_equal(opsig_output_commit(begin("x"), NULL), OPSIG_OK);
    assert_int_equal(access(victim, F_OK), -1);
    check_file(target, "x");
    (void)unlink(trap);
}

static void a_folder_or_a_place_that_is_missing_is_refused_at_once(void **state)
{
    (void)state;
    opsig_output *output = NULL;
    opsig_error err = {0};
    char path[80];
    assert_int_equal(opsig_output_open(&output, folder, &err), OPSIG_IO);
    assert_non_null(strstr(err.message, "Is a directory"));
    (void)snprintf(path, sizeof path, "%s/missing/file", folder);
    assert_int_equal(opsig_output_open(&output, path, &err), OPSIG_IO);
    assert_null(output);
    assert_non_null(strstr(err.message, "No such file"));
}

static void standard_output_is_flushed_and_stays_open(void **state)
{
    (void)state;
    opsig_output *output = NULL;
    assert_int_equal(opsig_output_open(&output, "-", NULL), OPSIG_OK);
    assert_ptr_equal(opsig_output_stream(output), stdout);
    assert_int_equal(opsig_output_commit(output, NULL), OPSIG_OK);
    assert_int_equal(opsig_output_open(&output, NULL, NULL), OPSIG_OK);
    opsig_output_discard(output);
    assert_int_equal(fflush(stdout), 0);
}

static void each_failed_allocation_leaves_nothing_behind(void **state)
{
    (void)state;
    write_target("old");
    for (uint64_t k = 1;; k++) {
        opsig_output *output = NULL;
        opsig_error err = {0};
        ops_mem_fail_at(k, 0);
        const opsig_status status = opsig_output_open(&output, target, &err);
        const uint64_t count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        opsig_output_discard(output);
        assert_int_equal(count_files(), 1);
        if (count < k) {
            assert_int_equal(status, OPSIG_OK);
            return;
        }
        assert_int_equal(status, OPSIG_NOMEM);
        assert_null(output);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_file_appears_at_commit),
        TEST(an_old_file_stays_until_commit_and_keeps_its_mode),
        TEST(a_new_file_has_the_mode_of_the_umask),
        TEST(discarding_leaves_the_target_and_nothing_else),
        TEST(a_failed_rename_leaves_the_target),
        TEST(a_write_that_failed_is_found_at_commit),
        TEST(a_write_that_failed_before_the_last_flush_is_found_too),
        TEST(a_full_disk_leaves_the_target),
        TEST(a_device_is_written_in_place),
        TEST(a_link_stays_a_link),
        TEST(the_leftover_of_a_killed_writer_is_taken_over),
        TEST(two_writers_do_not_mix_and_the_later_wins),
        TEST(a_trap_at_the_temporary_name_is_stepped_around),
        TEST(a_folder_or_a_place_that_is_missing_is_refused_at_once),
        TEST(standard_output_is_flushed_and_stays_open),
        TEST(each_failed_allocation_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
