/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading by worker processes gives what loading in this process gives, in order, whatever
 * becomes of the workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "corpus/load.h"
#include "graph/snapshot.h"
#include "support/onnx_write.h"
#include "support/temp_folder.h"

enum { N = 600, BROKEN = 7, MISSING = 11, LONGEST_PATH = 100 };

static char paths[N][LONGEST_PATH];
static const char *path_list[N];
static opsig_limits limits;

/** A chain of n Relu nodes. */
static void write_chain(const char *path, int n)
{
    struct ow graph = {0};
    struct ow model = {0};
    for (int i = 0; i < n; i++) {
        char text[60];
        (void)snprintf(text, sizeof text, "t%d = Relu(t%d)", i + 1, i);
        ow_nodes(&graph, text);
    }
    ow_model(&model, &graph, 17);
    temp_write(path, model.bytes, model.len);
    ow_free(&model);
}

static int set_up(void **state)
{
    (void)state;
    opsig_limits_init(&limits);
    temp_folder_make();
    for (int i = 0; i < N; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, "%03d.onnx", i);
        (void)snprintf(paths[i], LONGEST_PATH, "%s", temp_path(name));
        path_list[i] = paths[i];
        if (i == BROKEN) {
            temp_write(paths[i], "not a model", 11);
        } else if (i != MISSING) {
            write_chain(paths[i], 1 + i % 50);
        }
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

/** What a sink collects: everything that can be compared. */
struct seen {
    size_t n, n_died;
    struct ops_sha256 *digest;
    size_t kill_at;   /* the workers are killed when this many have come */
    int signal;       /* by this signal */
    size_t cancel_at; /* sets `cancel` */
    volatile int cancel;
    opsig_status refuse_with; /* at the tenth */
};

/** The system's list of the processes that this one has started; NULL where it has none. */
static FILE *open_children(void)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    return fopen(path, "r");
}

static void skip_without_children_list(void)
{
    FILE *const file = open_children();
    if (file == NULL) {
        print_message("skipped: the system does not list child processes\n");
        skip();
    }
    (void)fclose(file);
}

/** Sends a signal to all workers. @return how many there are */
static int signal_children(int number)
{
    int n = 0;
    int pid;
    FILE *const file = open_children();
    assert_non_null(file);
    while (fscanf(file, "%d", &pid) == 1) {
        n += kill(pid, number) == 0;
    }
    (void)fclose(file);
    return n;
}

static void add_text(struct seen *seen, const char *text)
{
    ops_sha256_add(seen->digest, text, strlen(text) + 1);
}

static opsig_status collect(struct ops_loaded *loaded, void *payload, opsig_error *err)
{
    struct seen *const seen = payload;
    (void)err;
    assert_int_equal(loaded->index, seen->n);
    assert_ptr_equal(loaded->path, path_list[loaded->index]);
    assert_int_equal(loaded->graph == NULL, loaded->error != NULL);
    seen->n++;
    if (loaded->graph != NULL) {
        size_t size;
        const void *const block = ops_snapshot_block(loaded->graph, &size);
        ops_sha256_add(seen->digest, block, size);
    } else if (strcmp(loaded->error->kind, "worker") == 0) {
        seen->n_died++;
    } else {
        ops_sha256_add(seen->digest, &loaded->error->offset, sizeof loaded->error->offset);
        add_text(seen, loaded->error->message);
    }
    add_text(seen, loaded->sha256);
    add_text(seen, loaded->content);
    if (seen->n == seen->kill_at) {
        assert_true(signal_children(seen->signal) > 0);
    }
    seen->cancel = seen->cancel_at > 0 && seen->n >= seen->cancel_at;
    return seen->n == 10 ? seen->refuse_with : OPSIG_OK;
}

static opsig_status run(struct seen *seen, unsigned workers, char hex[OPS_SHA256_HEX])
{
    limits.cancel = &seen->cancel;
    const struct ops_load_options options = {.workers = workers, .limits = &limits};
    assert_int_equal(ops_sha256_new(&seen->digest, NULL), OPSIG_OK);
    const opsig_status status = ops_load_paths(path_list, N, &options, collect, seen, NULL);
    ops_sha256_end(seen->digest, hex);
    limits.cancel = NULL;
    assert_int_equal(waitpid(-1, NULL, 0), -1); /* no process is left */
    assert_int_equal(errno, ECHILD);
    return status;
}

static int count_descriptors(void)
{
    int n = 0;
    DIR *const stream = opendir("/proc/self/fd");
    while (stream != NULL && readdir(stream) != NULL) {
        n++;
    }
    if (stream != NULL) {
        (void)closedir(stream);
    }
    return n;
}

static void workers_change_nothing(void **state)
{
    (void)state;
    char expected[OPS_SHA256_HEX];
    struct seen alone = {0};
    const int before = count_descriptors();
    assert_int_equal(run(&alone, 0, expected), OPSIG_OK);
    assert_int_equal(alone.n, N);
    for (unsigned workers = 1; workers <= 5; workers += 2) {
        char hex[OPS_SHA256_HEX];
        struct seen seen = {0};
        assert_int_equal(run(&seen, workers, hex), OPSIG_OK);
        assert_int_equal(seen.n, N);
        assert_string_equal(hex, expected);
    }
    assert_int_equal(count_descriptors(), before);
}

static void a_killed_worker_costs_one_model_at_most(void **state)
{
    (void)state;
    skip_without_children_list();
    size_t n_died = 0;
    for (size_t kill_at = 1; kill_at < N - 100; kill_at += 100) {
        char hex[OPS_SHA256_HEX];
        struct seen seen = {.kill_at = kill_at, .signal = SIGKILL};
        assert_int_equal(run(&seen, 3, hex), OPSIG_OK);
        assert_int_equal(seen.n, N);
        assert_true(seen.n_died <= 3);
        n_died += seen.n_died;
    }
    print_message("%zu models lost\n", n_died);
}

static void a_worker_that_hangs_is_given_up(void **state)
{
    (void)state;
    skip_without_children_list();
    char hex[OPS_SHA256_HEX];
    struct seen seen = {.kill_at = 50, .signal = SIGSTOP};
    limits.timeout = 0.1;
    assert_int_equal(run(&seen, 2, hex), OPSIG_OK);
    limits.timeout = 60;
    assert_int_equal(seen.n, N);
    assert_true(seen.n_died <= 2);
}

static void cancelling_ends_the_workers(void **state)
{
    (void)state;
    for (unsigned workers = 0; workers <= 2; workers++) {
        char hex[OPS_SHA256_HEX];
        struct seen seen = {.cancel_at = 20};
        assert_int_equal(run(&seen, workers, hex), OPSIG_CANCELLED);
        assert_in_range(seen.n, 20, N - 1);
    }
}

static void the_sink_may_end_the_loading(void **state)
{
    (void)state;
    for (unsigned workers = 0; workers <= 2; workers++) {
        char hex[OPS_SHA256_HEX];
        struct seen seen = {.refuse_with = OPSIG_IO};
        assert_int_equal(run(&seen, workers, hex), OPSIG_IO);
        assert_int_equal(seen.n, 10);
    }
}

static void an_interrupt_does_not_end_a_worker(void **state)
{
    (void)state;
    skip_without_children_list();
    char hex[OPS_SHA256_HEX];
    struct seen seen = {.kill_at = 50, .signal = SIGINT};
    assert_int_equal(run(&seen, 2, hex), OPSIG_OK);
    assert_int_equal(seen.n_died, 0);
}

/** Remembers one digest. */
static opsig_status keep(struct ops_loaded *loaded, void *payload, opsig_error *err)
{
    (void)err;
    char(*const kept)[2][OPS_SHA256_HEX] = payload;
    assert_non_null(loaded->graph);
    (void)snprintf(kept[loaded->index][0], OPS_SHA256_HEX, "%s", loaded->sha256);
    (void)snprintf(kept[loaded->index][1], OPS_SHA256_HEX, "%s", loaded->content);
    return OPSIG_OK;
}

/** A node, and weights whose last byte is `last`. */
static void write_large(const char *path, size_t n_bytes, char last)
{
    struct ow graph = {0};
    struct ow model = {0};
    ow_nodes(&graph, "y = Add(x, w)");
    ow_initializer(&graph, "w", 1, n_bytes);
    ow_text(&model, 2, ""); /* producer */
    ow_model(&model, &graph, 17);
    const char tail[] = {0x32, 1, last}; /* doc_string of one byte, at the very end */
    ow_raw(&model, tail, sizeof tail);
    temp_write(path, model.bytes, model.len);
    ow_free(&model);
}

static void large_files_are_told_apart_without_being_read_whole(void **state)
{
    (void)state;
    static char first[LONGEST_PATH];
    static char second[LONGEST_PATH];
    (void)snprintf(first, sizeof first, "%s", temp_path("large-1.onnx"));
    (void)snprintf(second, sizeof second, "%s", temp_path("large-2.onnx"));
    write_large(first, (size_t)17 << 20, 'a');
    write_large(second, (size_t)17 << 20, 'b');
    const char *const files[] = {first, second, first, paths[0]};
    char kept[4][2][OPS_SHA256_HEX];
    char hex[OPS_SHA256_HEX];
    struct ops_load_options options = {.tell_apart = true, .limits = &limits};
    assert_int_equal(ops_load_paths(files, 4, &options, keep, kept, NULL), OPSIG_OK);
    assert_string_equal(kept[0][0], "");
    assert_string_not_equal(kept[0][1], kept[1][1]);
    assert_string_equal(kept[0][1], kept[2][1]);
    assert_string_equal(kept[3][0], kept[3][1]);
    options.digest = OPSIG_DIGEST_ALL;
    assert_int_equal(ops_load_paths(files, 4, &options, keep, kept, NULL), OPSIG_OK);
    assert_int_equal(ops_sha256_file(first, 0, hex, NULL), OPSIG_OK);
    assert_string_equal(kept[0][0], hex);
    assert_int_equal(ops_sha256_file(paths[0], 0, hex, NULL), OPSIG_OK);
    assert_string_equal(kept[3][0], hex);
}

static void each_failed_allocation_at_a_large_file_is_reported(void **state)
{
    (void)state;
    static char file[LONGEST_PATH];
    (void)snprintf(file, sizeof file, "%s", temp_path("large-3.onnx"));
    write_large(file, (size_t)17 << 20, 'c');
    const char *const files[] = {file};
    for (uint64_t k = 1, count = k; count >= k; k++) {
        char kept[1][2][OPS_SHA256_HEX] = {0};
        opsig_error err = {0};
        const struct ops_load_options options = {.limits = &limits};
        ops_mem_fail_at(k, 0);
        const opsig_status status = ops_load_paths(files, 1, &options, keep, kept, &err);
        count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        assert_int_equal(status, err.status);
        assert_true(status == OPSIG_NOMEM || strlen(kept[0][1]) == 64);
    }
}

/** Counts vertices by index. */
static opsig_status count_vertices(struct ops_loaded *loaded, void *payload, opsig_error *err)
{
    (void)err;
    uint32_t *const counts = payload;
    counts[loaded->index] = loaded->graph != NULL ? opsig_graph_n_vertices(loaded->graph) : 0;
    return OPSIG_OK;
}

static void standard_input_is_read_in_its_turn(void **state)
{
    (void)state;
    const char *const files[] = {paths[1], "-", paths[2], "-"};
    const int kept = dup(STDIN_FILENO);
    for (unsigned workers = 0; workers <= 2; workers++) {
        const int fd = open(paths[30], O_RDONLY);
        assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
        (void)close(fd);
        uint32_t counts[4] = {0};
        const struct ops_load_options options = {.workers = workers, .limits = &limits};
        assert_int_equal(ops_load_paths(files, 4, &options, count_vertices, counts, NULL),
                         OPSIG_OK);
        assert_int_equal(counts[0], 2);
        assert_int_equal(counts[1], 31);
        assert_int_equal(counts[2], 3);
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    }
    (void)close(kept);
}

static void each_failed_allocation_is_reported_or_costs_its_model(void **state)
{
    (void)state;
    for (unsigned workers = 0; workers <= 1; workers++) {
        for (uint64_t k = 1;; k++) {
            uint32_t counts[2] = {0};
            opsig_error err = {0};
            const struct ops_load_options options = {.workers = workers, .limits = &limits};
            ops_mem_fail_at(k, 0);
            const opsig_status status =
                ops_load_paths(path_list, 2, &options, count_vertices, counts, &err);
            const uint64_t count = ops_mem_count();
            ops_mem_fail_at(0, 0);
            assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
            assert_int_equal(status, err.status);
            if (count < k) {
                assert_int_equal(status, OPSIG_OK);
                assert_int_equal(counts[1], 2);
                break;
            }
        }
    }
}

static void no_paths_are_no_work(void **state)
{
    (void)state;
    const struct ops_load_options options = {.workers = 3, .limits = &limits};
    assert_int_equal(ops_load_paths(NULL, 0, &options, count_vertices, NULL, NULL), OPSIG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_change_nothing),
        cmocka_unit_test(a_killed_worker_costs_one_model_at_most),
        cmocka_unit_test(a_worker_that_hangs_is_given_up),
        cmocka_unit_test(cancelling_ends_the_workers),
        cmocka_unit_test(the_sink_may_end_the_loading),
        cmocka_unit_test(an_interrupt_does_not_end_a_worker),
        cmocka_unit_test(large_files_are_told_apart_without_being_read_whole),
        cmocka_unit_test(each_failed_allocation_at_a_large_file_is_reported),
        cmocka_unit_test(standard_input_is_read_in_its_turn),
        cmocka_unit_test(each_failed_allocation_is_reported_or_costs_its_model),
        cmocka_unit_test(no_paths_are_no_work),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
