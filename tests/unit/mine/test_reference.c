/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of frequent subgraphs: of small graphs by brute force (tests/data/subgraph/reference.py),
 * of public data sets those on which independent programs agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/mine.h>

#include "support/csv_table.h"
#include "support/shared.h"

static uint64_t mine(const opsig_corpus *corpus, const opsig_frequent_options *options,
                     uint64_t *out_vertices)
{
    opsig_frequent *frequent = NULL;
    assert_int_equal(opsig_frequent_mine(&frequent, corpus, options, NULL), OPSIG_OK);
    const uint64_t n = opsig_frequent_count(frequent);
    *out_vertices = opsig_frequent_count_by_edges(frequent, 0);
    opsig_frequent_free(frequent);
    return n;
}

/** Mines one row's setting. @param path  of the data set */
static void check_row(const struct csv_table *table, const char *path, unsigned n_threads)
{
    uint64_t n_vertices = 0;
    opsig_corpus *corpus = NULL;
    opsig_corpus_options corpus_options;
    opsig_frequent_options options;
    opsig_corpus_options_init(&corpus_options);
    assert_int_equal(opsig_corpus_load_gspan(&corpus, path, &corpus_options, NULL), OPSIG_OK);
    opsig_frequent_options_init(&options);
    options.kind = OPSIG_PATTERN_SUBGRAPH;
    options.count_only = true;
    options.n_threads = n_threads;
    options.undirected = strcmp(csv_table_get(table, "directed"), "0") == 0;
    options.min_support = (uint32_t)strtoul(csv_table_get(table, "minsup_graphs"), NULL, 10);
    options.max_edges = (uint32_t)strtoul(csv_table_get(table, "max_edges"), NULL, 10);
    const uint64_t n = mine(corpus, &options, &n_vertices);
    assert_int_equal(n, strtoull(csv_table_get(table, "frequent_incl_single_vertices"), NULL, 10));
    assert_int_equal(n - n_vertices,
                     strtoull(csv_table_get(table, "frequent_excl_single_vertices"), NULL, 10));
    options.closed = true;
    const uint64_t n_closed = mine(corpus, &options, &n_vertices);
    assert_int_equal(n_closed - n_vertices,
                     strtoull(csv_table_get(table, "closed_excl_single_vertices"), NULL, 10));
    opsig_corpus_free(corpus);
}

static void small_graphs_have_the_counts_of_brute_force(void **state)
{
    (void)state;
    for (unsigned n_threads = 1; n_threads <= 2; n_threads++) {
        struct csv_table *table = csv_table_open(OPSIG_TEST_DATA "/small.csv");
        assert_non_null(table);
        while (csv_table_next(table)) {
            check_row(table, OPSIG_TEST_DATA "/small.gspan", n_threads);
        }
        csv_table_close(table);
    }
}

static void every_row_of_the_reference_is_reproduced(void **state)
{
    char path[4096];
    char name[256];
    (void)state;
    if (!shared_path(path, sizeof path, "fsm/reference.csv")) {
        skip();
    }
    for (unsigned n_threads = 1; n_threads <= 2; n_threads++) {
        struct csv_table *table = csv_table_open(path);
        assert_non_null(table);
        while (csv_table_next(table)) {
            char file[4096];
            (void)snprintf(name, sizeof name, "fsm/%s.txt", csv_table_get(table, "dataset"));
            assert_true(shared_path(file, sizeof file, name));
            check_row(table, file, n_threads);
        }
        csv_table_close(table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_graphs_have_the_counts_of_brute_force),
        cmocka_unit_test(every_row_of_the_reference_is_reproduced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
