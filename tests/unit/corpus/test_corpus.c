/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Corpora: what becomes of rows, models and errors; and the labelled corpus of real exports. */
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
#include "base/sha256.h"
#include "graph/snapshot.h"
#include "support/onnx_write.h"
#include "support/shared.h"
#include "support/temp_folder.h"

static opsig_corpus_options options;

/** A chain of n nodes of one operator. */
static void write_chain(const char *name, const char *op, int n)
{
    struct ow graph = {0};
    struct ow model = {0};
    for (int i = 0; i < n; i++) {
        char text[60];
        (void)snprintf(text, sizeof text, "t%d = %s(t%d)", i + 1, op, i);
        ow_nodes(&graph, text);
    }
    ow_model(&model, &graph, 17);
    temp_write(temp_path(name), model.bytes, model.len);
    ow_free(&model);
}

static void write_text(const char *name, const char *text)
{
    temp_write(temp_path(name), text, strlen(text));
}

static int set_up(void **state)
{
    (void)state;
    opsig_corpus_options_init(&options);
    temp_folder_make();
    write_chain("a.onnx", "Relu", 3);
    write_chain("b.onnx", "Relu", 5);
    write_chain("c.onnx", "Tanh", 3);
    write_chain("copy.onnx", "Relu", 3);
    write_text("broken.onnx", "no model");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

/** Loads a manifest of the temporary folder. */
static opsig_corpus *load(const char *text)
{
    opsig_corpus *corpus = NULL;
    opsig_error err = {0};
    write_text("manifest.csv", text);
    if (opsig_corpus_load_manifest(&corpus, temp_path("manifest.csv"), &options, &err) !=
        OPSIG_OK) {
        fail_msg("%s", err.message);
    }
    return corpus;
}

static void check_counts(const opsig_corpus *corpus, size_t n_models, size_t n_errors,
                         size_t n_left_out, size_t n_duplicates)
{
    assert_int_equal(opsig_corpus_n_models(corpus), n_models);
    assert_int_equal(opsig_corpus_n_errors(corpus), n_errors);
    assert_int_equal(opsig_corpus_n_left_out(corpus), n_left_out);
    assert_int_equal(opsig_corpus_n_duplicates(corpus), n_duplicates);
}

static const char mixed[] = "path,x_status,group,culprit\n"
                            "b.onnx,inconsistent,g,Relu\n"
                            "broken.onnx,consistent,g,\n"
                            "a.onnx,consistent,h,\n"
                            "c.onnx,crash,h,\n"
                            "missing.onnx,skipped,h,\n"
                            "copy.onnx,consistent,h,\n"
                            "gone.onnx,inconsistent,h,\n"
                            "c.onnx,crash,h,\n";

static void rows_become_models_errors_and_counts(void **state)
{
    (void)state;
    opsig_corpus *const corpus = load(mixed);
    check_counts(corpus, 2, 2, 3, 1);
    assert_string_equal(opsig_corpus_oracle(corpus), "x");
    assert_string_equal(opsig_corpus_path(corpus, 0), "b.onnx");
    assert_string_equal(opsig_corpus_path(corpus, 1), "a.onnx");
    assert_int_equal(opsig_graph_n_vertices(opsig_corpus_graph(corpus, 0)), 5);
    assert_int_equal(opsig_corpus_label(corpus, 0), OPSIG_LABEL_INCONSISTENT);
    assert_int_equal(opsig_corpus_label(corpus, 1), OPSIG_LABEL_CONSISTENT);
    assert_string_equal(opsig_corpus_culprit(corpus, 0), "Relu");
    assert_string_equal(opsig_corpus_culprit(corpus, 1), "");
    assert_string_equal(opsig_corpus_error_path(corpus, 0), "broken.onnx");
    assert_int_equal(opsig_corpus_error(corpus, 0)->status, OPSIG_FORMAT);
    assert_string_equal(opsig_corpus_error_path(corpus, 1), "gone.onnx");
    assert_int_equal(opsig_corpus_error(corpus, 1)->status, OPSIG_NOT_FOUND);
    assert_int_equal(opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT), 1);
    assert_int_equal(opsig_corpus_n_labelled(corpus, OPSIG_LABEL_CONSISTENT), 1);
    assert_int_equal(opsig_corpus_n_labelled(corpus, OPSIG_LABEL_CRASH), 2);
    assert_int_equal(opsig_corpus_n_labelled(corpus, OPSIG_LABEL_SKIPPED), 1);
    assert_int_equal(opsig_corpus_n_labelled(corpus, (opsig_label)99), 0);
    assert_int_equal(opsig_corpus_n_strata(corpus), 2);
    assert_int_equal(opsig_corpus_stratum(corpus, 0), 0);
    assert_int_equal(opsig_corpus_stratum(corpus, 1), 1);
    opsig_corpus_free(corpus);
    opsig_corpus_free(NULL);
}

static void the_digest_is_that_of_contents_labels_and_strata(void **state)
{
    (void)state;
    char a[OPS_SHA256_HEX];
    char b[OPS_SHA256_HEX];
    char expected[OPS_SHA256_HEX];
    char text[300];
    opsig_corpus *const corpus = load(mixed);
    assert_int_equal(ops_sha256_file(temp_path("a.onnx"), 0, a, NULL), OPSIG_OK);
    assert_int_equal(ops_sha256_file(temp_path("b.onnx"), 0, b, NULL), OPSIG_OK);
    (void)snprintf(text, sizeof text, "%s inconsistent 0\n%s consistent 1\n", b, a);
    ops_sha256_bytes(text, strlen(text), expected);
    assert_string_equal(opsig_corpus_digest(corpus), expected);
    opsig_corpus_free(corpus);
    options.strata = OPSIG_STRATA_NONE;
    opsig_corpus *const other = load(mixed);
    assert_string_not_equal(opsig_corpus_digest(other), expected);
    assert_int_equal(opsig_corpus_n_strata(other), 1);
    opsig_corpus_free(other);
}

static void folders_are_labelled_by_their_side(void **state)
{
    (void)state;
    assert_int_equal(mkdir(temp_path("bad"), 0700), 0);
    assert_int_equal(mkdir(temp_path("good"), 0700), 0);
    write_chain("bad/m.onnx", "Abs", 1);
    write_chain("good/n.onnx", "Abs", 2);
    write_chain("good/m.onnx", "Abs", 1);
    opsig_corpus *corpus = NULL;
    char bad[100];
    (void)snprintf(bad, sizeof bad, "%s", temp_path("bad"));
    assert_int_equal(opsig_corpus_load_folders(&corpus, bad, temp_path("good"), &options, NULL),
                     OPSIG_OK);
    check_counts(corpus, 2, 0, 0, 1);
    assert_int_equal(opsig_corpus_label(corpus, 0), OPSIG_LABEL_INCONSISTENT);
    assert_int_equal(opsig_corpus_label(corpus, 1), OPSIG_LABEL_CONSISTENT);
    assert_string_equal(opsig_corpus_path(corpus, 1), temp_path("good/n.onnx"));
    assert_string_equal(opsig_corpus_oracle(corpus), "");
    opsig_corpus_free(corpus);
    opsig_error err = {0};
    assert_int_equal(opsig_corpus_load_folders(&corpus, temp_path("none"), bad, &options, &err),
                     OPSIG_NOT_FOUND);
    assert_null(corpus);
    assert_int_equal(unlink(temp_path("bad/m.onnx")), 0);
    assert_int_equal(unlink(temp_path("good/m.onnx")), 0);
    assert_int_equal(unlink(temp_path("good/n.onnx")), 0);
}

static void paths_have_no_labels(void **state)
{
    (void)state;
    char a[100];
    char b[100];
    (void)snprintf(a, sizeof a, "%s", temp_path("a.onnx"));
    (void)snprintf(b, sizeof b, "%s", temp_path("broken.onnx"));
    const char *const paths[] = {a, b, a};
    opsig_corpus *corpus = NULL;
    assert_int_equal(opsig_corpus_load_paths(&corpus, paths, 3, &options, NULL), OPSIG_OK);
    check_counts(corpus, 1, 1, 0, 1);
    assert_int_equal(opsig_corpus_label(corpus, 0), OPSIG_LABEL_NONE);
    assert_int_equal(opsig_corpus_n_labelled(corpus, OPSIG_LABEL_NONE), 1);
    opsig_corpus_free(corpus);
    assert_int_equal(opsig_corpus_load_paths(&corpus, NULL, 0, &options, NULL), OPSIG_OK);
    check_counts(corpus, 0, 0, 0, 0);
    assert_int_equal(opsig_corpus_n_strata(corpus), 0);
    assert_int_equal(strlen(opsig_corpus_digest(corpus)), 64);
    opsig_corpus_free(corpus);
}

static void json_is_told_from_csv_by_content(void **state)
{
    (void)state;
    opsig_corpus *const corpus =
        load(" \n[{\"path\": \"a.onnx\", \"result\": 0, \"mismatch\": true},\n"
             "{\"path\": \"b.onnx\", \"result\": 1}]");
    check_counts(corpus, 1, 0, 1, 0);
    assert_string_equal(opsig_corpus_oracle(corpus), "mismatch");
    opsig_corpus_free(corpus);
}

static void a_file_without_rows_is_an_empty_corpus(void **state)
{
    (void)state;
    opsig_corpus *const corpus = load("path,x_status\n");
    check_counts(corpus, 0, 0, 0, 0);
    opsig_corpus_free(corpus);
    opsig_error err = {0};
    opsig_corpus *none = NULL;
    assert_int_equal(opsig_corpus_load_manifest(&none, temp_path("nothing.csv"), &options, &err),
                     OPSIG_NOT_FOUND);
    assert_int_equal(opsig_corpus_load_manifest(&none, temp_path(""), &options, &err),
                     OPSIG_FORMAT);
    assert_string_equal(err.kind, "not-a-file");
    assert_null(none);
}

static void a_model_named_like_standard_input_is_a_file(void **state)
{
    (void)state;
    char before[500];
    assert_non_null(getcwd(before, sizeof before));
    write_chain("-", "Relu", 9);
    write_text("manifest.csv", "path\n-\n");
    assert_int_equal(chdir(temp_path("")), 0);
    opsig_corpus *corpus = NULL;
    assert_int_equal(opsig_corpus_load_manifest(&corpus, "manifest.csv", &options, NULL), OPSIG_OK);
    assert_int_equal(chdir(before), 0);
    check_counts(corpus, 1, 0, 0, 0);
    assert_int_equal(opsig_graph_n_vertices(opsig_corpus_graph(corpus, 0)), 9);
    opsig_corpus_free(corpus);
}

static size_t n_calls;

static void count_calls(const char *step, size_t done, size_t total, void *payload)
{
    assert_string_equal(step, "load");
    assert_int_equal(done, ++n_calls);
    assert_int_equal(total, 5);
    assert_ptr_equal(payload, &n_calls);
}

static void progress_counts_the_models(void **state)
{
    (void)state;
    n_calls = 0;
    options.progress = count_calls;
    options.payload = &n_calls;
    opsig_corpus_free(load(mixed));
    assert_int_equal(n_calls, 5);
}

static void a_set_cancel_flag_ends_the_loading(void **state)
{
    (void)state;
    static volatile int cancel = 1;
    options.limits.cancel = &cancel;
    write_text("manifest.csv", mixed);
    for (unsigned workers = 0; workers < 2; workers++) {
        opsig_corpus *corpus = NULL;
        options.workers = workers;
        assert_int_equal(
            opsig_corpus_load_manifest(&corpus, temp_path("manifest.csv"), &options, NULL),
            OPSIG_CANCELLED);
        assert_null(corpus);
    }
}

static void a_failed_allocation_is_reported_or_changes_nothing(void **state)
{
    (void)state;
    char digest[OPS_SHA256_HEX];
    opsig_corpus *corpus = load(mixed);
    (void)snprintf(digest, sizeof digest, "%s", opsig_corpus_digest(corpus));
    opsig_corpus_free(corpus);
    for (uint64_t k = 1, count = k; count >= k; k++) {
        opsig_error err = {0};
        ops_mem_fail_at(k, k % 2 == 0);
        const opsig_status status =
            opsig_corpus_load_manifest(&corpus, temp_path("manifest.csv"), &options, &err);
        count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        assert_int_equal(status, err.status);
        if (status == OPSIG_OK) {
            check_counts(corpus, 2, 2, 3, 1);
            assert_string_equal(opsig_corpus_digest(corpus), digest);
        } else {
            assert_int_equal(status, OPSIG_NOMEM);
            assert_true(count >= k);
        }
        opsig_corpus_free(corpus);
    }
}

static void failed_allocations_are_reported_for_folders_and_paths_too(void **state)
{
    (void)state;
    char folder[100];
    (void)snprintf(folder, sizeof folder, "%s", temp_path(""));
    char file[100];
    (void)snprintf(file, sizeof file, "%s", temp_path("a.onnx"));
    const char *const paths[] = {file};
    options.oracle = "x";
    for (int form = 0; form < 2; form++) {
        for (uint64_t k = 1, count = k; count >= k; k++) {
            opsig_corpus *corpus = NULL;
            opsig_error err = {0};
            ops_mem_fail_at(k, 1);
            const opsig_status status =
                form == 0 ? opsig_corpus_load_folders(&corpus, folder, folder, &options, &err)
                          : opsig_corpus_load_paths(&corpus, paths, 1, &options, &err);
            count = ops_mem_count();
            ops_mem_fail_at(0, 0);
            assert_int_equal(status, err.status);
            assert_true(status == OPSIG_NOMEM || corpus != NULL);
            opsig_corpus_free(corpus);
        }
    }
}

/* ---- data outside of the tree ---- */

/** Label counts of the corpus's README. */
static const struct {
    const char *oracle;
    size_t n[4]; /* consistent, inconsistent, crash, skipped */
} counts[] = {
    {"torch_ort", {1236, 303, 210, 0}},
    {"ort_opt", {1513, 26, 5, 205}},
    {"ort_version", {1288, 51, 167, 243}},
    {"ort_wasm", {1498, 39, 2, 210}},
};

static void real_exports_have_the_documented_labels(void **state)
{
    (void)state;
    char path[600];
    if (!shared_path(path, sizeof path, "corpora/synthetic-torch/manifest.csv")) {
        skip();
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        opsig_corpus *corpus = NULL;
        options.oracle = counts[i].oracle;
        options.workers = i == 0 ? 0 : 2;
        assert_int_equal(opsig_corpus_load_manifest(&corpus, path, &options, NULL), OPSIG_OK);
        check_counts(corpus, counts[i].n[0] + counts[i].n[1], 0, counts[i].n[2] + counts[i].n[3],
                     0);
        for (unsigned label = 0; label < 4; label++) {
            assert_int_equal(opsig_corpus_n_labelled(corpus, (opsig_label)label),
                             counts[i].n[label]);
        }
        assert_int_equal(opsig_corpus_n_strata(corpus), 4);
        opsig_corpus_free(corpus);
    }
}

/** Digest of all graphs, in order. */
static void digest_graphs(const opsig_corpus *corpus, char hex[OPS_SHA256_HEX])
{
    struct ops_sha256 *digest = NULL;
    assert_int_equal(ops_sha256_new(&digest, NULL), OPSIG_OK);
    for (size_t i = 0; i < opsig_corpus_n_models(corpus); i++) {
        size_t size;
        const void *const block = ops_snapshot_block(opsig_corpus_graph(corpus, i), &size);
        ops_sha256_add(digest, block, size);
    }
    ops_sha256_end(digest, hex);
}

static void workers_change_neither_digest_nor_graphs(void **state)
{
    (void)state;
    char path[600];
    if (!shared_path(path, sizeof path, "corpora/synthetic-torch/manifest.csv")) {
        skip();
    }
    char digests[2][OPS_SHA256_HEX];
    char graphs[2][OPS_SHA256_HEX];
    options.oracle = "torch_ort";
    options.group_by = "source";
    for (unsigned i = 0; i < 2; i++) {
        opsig_corpus *corpus = NULL;
        options.workers = 3 * i;
        assert_int_equal(opsig_corpus_load_manifest(&corpus, path, &options, NULL), OPSIG_OK);
        (void)snprintf(digests[i], OPS_SHA256_HEX, "%s", opsig_corpus_digest(corpus));
        digest_graphs(corpus, graphs[i]);
        assert_int_equal(opsig_corpus_n_strata(corpus), 12);
        opsig_corpus_free(corpus);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_string_equal(graphs[0], graphs[1]);
}

static void near_identical_models_are_not_duplicates(void **state)
{
    (void)state;
    char path[600];
    if (!shared_path(path, sizeof path, "malformed/mine_explosion/manifest.csv")) {
        skip();
    }
    opsig_corpus *corpus = NULL;
    assert_int_equal(opsig_corpus_load_manifest(&corpus, path, &options, NULL), OPSIG_OK);
    check_counts(corpus, 12, 0, 0, 0);
    opsig_corpus_free(corpus);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_become_models_errors_and_counts),
        TEST(the_digest_is_that_of_contents_labels_and_strata),
        TEST(folders_are_labelled_by_their_side),
        TEST(paths_have_no_labels),
        TEST(json_is_told_from_csv_by_content),
        TEST(a_file_without_rows_is_an_empty_corpus),
        TEST(a_model_named_like_standard_input_is_a_file),
        TEST(progress_counts_the_models),
        TEST(a_set_cancel_flag_ends_the_loading),
        TEST(a_failed_allocation_is_reported_or_changes_nothing),
        TEST(failed_allocations_are_reported_for_folders_and_paths_too),
        TEST(real_exports_have_the_documented_labels),
        TEST(workers_change_neither_digest_nor_graphs),
        TEST(near_identical_models_are_not_duplicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
