/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Graphs in gSpan's text format: what is read, what is refused and where, the way out and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/vec.h"
#include "corpus/gspan.h"
#include "graph/snapshot.h"
#include "support/shared.h"

typedef OPS_VEC(opsig_graph *) graph_list;

static opsig_status keep(opsig_graph *graph, const char *id, void *payload, opsig_error *err)
{
    graph_list *const list = payload;
    assert_in_range(strlen(id), 1, 20);
    const opsig_status status = ops_vec_push(list, graph, err);
    if (status != OPSIG_OK) {
        opsig_graph_free(graph);
    }
    return status;
}

static void forget(graph_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        opsig_graph_free(list->items[i]);
    }
    ops_vec_dispose(list);
}

static opsig_status read_text(graph_list *out, const char *text, size_t len, opsig_error *err)
{
    struct ops_reader *reader = NULL;
    opsig_limits limits;
    opsig_limits_init(&limits);
    limits.max_nodes = 1000;
    opsig_status status = ops_reader_open_memory(&reader, text, len, err);
    if (status == OPSIG_OK) {
        status = ops_gspan_read(reader, &limits, keep, out, err);
    }
    ops_reader_free(reader);
    return status;
}

static void vertices_edges_and_labels_are_those_of_the_file(void **state)
{
    (void)state;
    static const char text[] = "t # 7 * 3\r\n\nv 0 C\nv\t1 -5\nv 2 C\ne 2 0 4294967295\ne 0 1 0\n"
                               "t # 8\nt # 9\nv 0 x y\n";
    static const char good[] = "t # 7 * 3\r\n\nv 0 C\nv\t1 -5\nv 2 C\ne 2 0 4294967295\ne 0 1 0\n"
                               "t # 8\nt # -1";
    graph_list list = {0};
    assert_int_equal(read_text(&list, text, sizeof text - 1, NULL), OPSIG_FORMAT);
    forget(&list);
    assert_int_equal(read_text(&list, good, sizeof good - 1, NULL), OPSIG_OK);
    assert_int_equal(list.len, 2);
    const opsig_graph *graph = list.items[0];
    assert_int_equal(opsig_graph_n_vertices(graph), 3);
    assert_int_equal(opsig_graph_n_edges(graph), 2);
    assert_string_equal(opsig_graph_symbol(graph, 0, OPSIG_ALPHABET_OP), "C");
    assert_string_equal(opsig_graph_symbol(graph, 1, OPSIG_ALPHABET_OP_ATTR), "-5");
    assert_string_equal(opsig_graph_node_label(graph, 2), "2");
    const opsig_edge first = opsig_graph_edge(graph, 0);
    const opsig_edge second = opsig_graph_edge(graph, 1);
    assert_true(first.from == 0 && first.to == 1 && first.input_slot == 0);
    assert_true(second.from == 2 && second.to == 0 && second.input_slot == UINT32_MAX);
    assert_int_equal(graph->pred[graph->pred_begin[0]], 2);
    assert_int_equal(opsig_graph_n_vertices(list.items[1]), 0);
    forget(&list);
}

static void errors_tell_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place;
    } cases[] = {
        {"v 0 1\n", "line 1, column 1"},
        {"t # 0\nv 1 1\n", "line 2, column 3"},
        {"t # 0\nv 0\n", "line 2, column 1"},
        {"t # 0\nv -1 1\n", "line 2, column 3"},
        {"t # 0\nv 99999999999999999999999 1\n", "line 2, column 3"},
        {"t # 0\nv 0 1\n  e 0 1 1\n", "line 3, column 7"},
        {"t # 0\ne 0 1 1\n", "line 2, column 1"},
        {"t # 0\nv 0 1\nv 1 1\ne 0 1\n", "line 4, column 1"},
        {"t # 0\nv 0 1\nv 1 1\ne 0 1 4294967296\n", "line 4, column 7"},
        {"t # 0\nv 0 1\nv 1 1\ne 0 1 word\n", "line 4, column 7"},
        {"t # 0\nv 0 1\nv 1 1\ne 1 1 2\n", "line 4, column 5"},
        {"t # 0\nx 0 1\n", "line 2, column 1"},
        {"t 0\n", "line 1, column 1"},
        {"t # zero\n", "line 1, column 5"},
        {"t # -1\nv 0 1\n", "line 2, column 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        graph_list list = {0};
        opsig_error err;
        const char *const text = cases[i].text;
        assert_int_equal(read_text(&list, text, strlen(text), &err), OPSIG_FORMAT);
        assert_memory_equal(err.message, cases[i].place, strlen(cases[i].place));
        forget(&list);
    }
}

static void long_lines_and_large_graphs_pass_a_limit(void **state)
{
    (void)state;
    enum { SIZE = 200000 };
    char *text = malloc(SIZE);
    graph_list list = {0};
    assert_non_null(text);
    memset(text, ' ', SIZE);
    assert_int_equal(read_text(&list, text, SIZE, NULL), OPSIG_LIMIT);
    size_t len = (size_t)snprintf(text, SIZE, "t # 0\n");
    for (unsigned v = 0; v <= 1000; v++) {
        len += (size_t)snprintf(text + len, SIZE - len, "v %u A\n", v);
    }
    assert_int_equal(read_text(&list, text, len, NULL), OPSIG_LIMIT);
    forget(&list);
    free(text);
}

static void random_bytes_are_read_or_refused(void **state)
{
    (void)state;
    static const char alphabet[] = "tve#  \n\n0123-\r\tA";
    for (uint64_t trial = 0; trial < 20000; trial++) {
        char text[48] = "t # 0\nv 0 1\nv 1 1\n";
        size_t at = trial % 4 == 0 ? 0 : 18;
        graph_list list = {0};
        while (at < sizeof text) {
            text[at] = alphabet[ops_rng_below(4, trial, at, sizeof alphabet - 1)];
            at++;
        }
        const opsig_status status = read_text(&list, text, sizeof text, NULL);
        assert_true(status == OPSIG_OK || status == OPSIG_FORMAT);
        forget(&list);
    }
}

static void known_files_are_read_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        opsig_status status;
    } files[] = {
        {"valid", OPSIG_OK},
        {"negative_label", OPSIG_FORMAT}, /* of an edge */
        {"text_labels", OPSIG_FORMAT},    /* of an edge */
        {"edge_before_vertices", OPSIG_FORMAT},
        {"missing_vertex", OPSIG_FORMAT},
        {"negative_id", OPSIG_FORMAT},
        {"no_header", OPSIG_FORMAT},
        {"self_loop", OPSIG_FORMAT},
        {"vertex_gap", OPSIG_FORMAT},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char name[128];
        char path[4096];
        opsig_corpus *corpus = NULL;
        opsig_corpus_options options;
        opsig_corpus_options_init(&options);
        (void)snprintf(name, sizeof name, "malformed/gspan/%s.gspan", files[i].name);
        if (!shared_path(path, sizeof path, name)) {
            skip();
        }
        assert_int_equal(opsig_corpus_load_gspan(&corpus, path, &options, NULL),
                         files[i].status);
        assert_int_equal(corpus != NULL, files[i].status == OPSIG_OK);
        opsig_corpus_free(corpus);
    }
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    static const char text[] = "t # 0\nv 0 A\nv 1 B\ne 0 1 2\ne 1 0 1\nt # 1\nv 0 B\n";
    opsig_status status = OPSIG_NOMEM;
    for (uint64_t n = 1; status != OPSIG_OK; n++) {
        graph_list list = {0};
        ops_mem_fail_at(n, 0);
        status = read_text(&list, text, sizeof text - 1, NULL);
        ops_mem_fail_at(0, 0);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
        forget(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vertices_edges_and_labels_are_those_of_the_file),
        cmocka_unit_test(errors_tell_line_and_column),
        cmocka_unit_test(long_lines_and_large_graphs_pass_a_limit),
        cmocka_unit_test(random_bytes_are_read_or_refused),
        cmocka_unit_test(known_files_are_read_or_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
