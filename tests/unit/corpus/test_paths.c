/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of files made of files and folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <opsig/corpus.h>

#include "base/mem.h"

static char folder[] = "/tmp/opsig-paths-XXXXXX";

static void make_file(const char *name)
{
    FILE *const file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        return -1;
    }
    static const char *const folders[] = {"a", "a/sub", "a-x", "empty", "x.onnx", "a/.hidden"};
    static const char *const files[] = {
        "a.onnx",           "a/1.onnx",     "a/10.onnx",      "a/2.onnx", "a/note.txt",
        "a-x/m.onnx",       "a/sub/z.onnx", "x.onnx/in.onnx", "B.onnx",   "a/.hidden/h.onnx",
        "a/\n\x1b[1m.onnx", "a/\xff.onnx",  "-dash.onnx",     ".onnx"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        assert_int_equal(mkdir(folders[i], 0700), 0);
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        make_file(files[i]);
    }
    assert_int_equal(link("a.onnx", "a/hard.onnx"), 0);
    assert_int_equal(symlink("../a.onnx", "a/soft.onnx"), 0);
    assert_int_equal(symlink("a", "link.onnx"), 0);
    assert_int_equal(symlink("..", "a/sub/up"), 0);
    assert_int_equal(symlink("nowhere", "a-x/dangling.onnx"), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void check(const char *const *arguments, size_t n, const char *include, const char *exclude,
                  const char *const *expected)
{
    opsig_path_list *list = NULL;
    opsig_error err = {0};
    assert_int_equal(opsig_path_list_new(&list, arguments, n, include, exclude, &err), OPSIG_OK);
    size_t i = 0;
    for (; expected[i] != NULL; i++) {
        assert_true(i < opsig_path_list_n(list));
        assert_string_equal(opsig_path_list_paths(list)[i], expected[i]);
    }
    assert_int_equal(opsig_path_list_n(list), i);
    opsig_path_list_free(list);
}

static void a_folder_is_walked_in_byte_order_of_its_paths(void **state)
{
    (void)state;
    const char *const arguments[] = {"."};
    const char *const expected[] = {"./-dash.onnx",
                                    "./.onnx",
                                    "./B.onnx",
                                    "./a-x/dangling.onnx",
                                    "./a-x/m.onnx",
                                    "./a.onnx",
                                    "./a/\n\x1b[1m.onnx",
                                    "./a/.hidden/h.onnx",
                                    "./a/1.onnx",
                                    "./a/10.onnx",
                                    "./a/2.onnx",
                                    "./a/sub/z.onnx",
                                    "./a/\xff.onnx",
                                    "./x.onnx/in.onnx",
                                    NULL};
    check(arguments, 1, NULL, NULL, expected);
}

static void a_folder_with_a_slash_gives_no_double_slash(void **state)
{
    (void)state;
    const char *const arguments[] = {"a-x/"};
    const char *const expected[] = {"a-x/dangling.onnx", "a-x/m.onnx", NULL};
    check(arguments, 1, NULL, NULL, expected);
}

static void a_walk_may_be_for_other_files(void **state)
{
    (void)state;
    const char *const arguments[] = {"a", "a.onnx"};
    opsig_path_list *list = NULL;
    assert_int_equal(opsig_path_list_new_of(&list, ".txt", arguments, 2, NULL, NULL, NULL),
                     OPSIG_OK);
    assert_int_equal(opsig_path_list_n(list), 2);
    assert_string_equal(opsig_path_list_paths(list)[0], "a/note.txt");
    assert_string_equal(opsig_path_list_paths(list)[1], "a.onnx");
    opsig_path_list_free(list);
}

static void files_stay_as_they_were_named(void **state)
{
    (void)state;
    const char *const arguments[] = {"a/note.txt", "-", "a.onnx", "a.onnx", "a/soft.onnx"};
    const char *const expected[] = {"a/note.txt", "-", "a.onnx", "a.onnx", "a/soft.onnx", NULL};
    check(arguments, 5, "*.none", "*", expected);
}

static void a_folder_named_by_a_link_is_walked(void **state)
{
    (void)state;
    const char *const arguments[] = {"link.onnx", "empty"};
    const char *const expected[] = {"link.onnx/1.onnx", NULL};
    check(arguments, 2, "1.onnx", NULL, expected);
}

static void a_file_is_walked_once(void **state)
{
    (void)state;
    const char *const arguments[] = {"a-x", "a-x", "./a-x"};
    const char *const expected[] = {"a-x/dangling.onnx", "a-x/m.onnx", "a-x/dangling.onnx",
                                    "./a-x/dangling.onnx", NULL};
    check(arguments, 3, NULL, NULL, expected); /* a dangling link is no file that can be known */
}

static void globs_match_the_path_or_the_base_name(void **state)
{
    (void)state;
    const char *const arguments[] = {"."};
    const char *const by_name[] = {"./a/1.onnx", "./a/10.onnx", NULL};
    const char *const by_path[] = {"./a/sub/z.onnx", NULL};
    const char *const excluded[] = {"./a/10.onnx", NULL};
    check(arguments, 1, "1*.onnx", NULL, by_name);
    check(arguments, 1, "*/*/*/*.onnx", "*hidden*", by_path);
    check(arguments, 1, "./a/1*.onnx", "1.onnx", excluded);
}

static void a_path_that_does_not_exist_is_named(void **state)
{
    (void)state;
    const char *const arguments[] = {"a.onnx", "missing\n"};
    opsig_path_list *list = NULL;
    opsig_error err = {0};
    assert_int_equal(opsig_path_list_new(&list, arguments, 2, NULL, NULL, &err), OPSIG_NOT_FOUND);
    assert_null(list);
    assert_string_equal(err.message, "missing\\x0a: no such file or folder");
    opsig_path_list_free(NULL);
}

static void a_folder_that_cannot_be_read_is_listed(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("skipped: the superuser reads everything\n");
        skip();
    }
    assert_int_equal(chmod("empty", 0), 0);
    const char *const arguments[] = {"empty"};
    check(arguments, 1, NULL, NULL, (const char *const[]){"empty", NULL});
    assert_int_equal(chmod("empty", 0700), 0);
}

static void each_failed_allocation_is_reported(void **state)
{
    (void)state;
    const char *const arguments[] = {"."};
    for (uint64_t k = 1;; k++) {
        opsig_path_list *list = NULL;
        ops_mem_fail_at(k, 0);
        const opsig_status status = opsig_path_list_new(&list, arguments, 1, NULL, NULL, NULL);
        const uint64_t count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        assert_int_equal(status, count < k ? OPSIG_OK : OPSIG_NOMEM);
        assert_int_equal(list == NULL, status != OPSIG_OK);
        opsig_path_list_free(list);
        if (count < k) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_walked_in_byte_order_of_its_paths),
        cmocka_unit_test(a_folder_with_a_slash_gives_no_double_slash),
        cmocka_unit_test(a_walk_may_be_for_other_files),
        cmocka_unit_test(files_stay_as_they_were_named),
        cmocka_unit_test(a_folder_named_by_a_link_is_walked),
        cmocka_unit_test(a_file_is_walked_once),
        cmocka_unit_test(globs_match_the_path_or_the_base_name),
        cmocka_unit_test(a_path_that_does_not_exist_is_named),
        cmocka_unit_test(a_folder_that_cannot_be_read_is_listed),
        cmocka_unit_test(each_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
