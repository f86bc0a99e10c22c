/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/pattern.h>

#include "base/rng.h"
#include "pattern/text.h"

static void sequence_is_read_and_written_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Cast",
        "Pad -> AveragePool",
        "Resize{mode=linear,coordinate_transformation_mode=half_pixel} -> Round -> Cast{to=int64}",
        "com.microsoft::Gelu -> Add",
        "\"odd name\" -> \"a\\\"b\\\\c\" -> \"-> x\"",
        "\"line\\x0afeed\" -> \"\\xff\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        opsig_pattern *pattern = NULL;
        assert_int_equal(opsig_pattern_parse(&pattern, texts[i], NULL), OPSIG_OK);
        assert_string_equal(opsig_pattern_text(pattern), texts[i]);
        assert_int_equal(opsig_pattern_kind_of(pattern), OPSIG_PATTERN_SEQUENCE);
        opsig_pattern_free(pattern);
    }
}

static void symbols_and_sizes_are_those_of_the_text(void **state)
{
    (void)state;
    opsig_pattern *pattern = NULL;
    assert_int_equal(opsig_pattern_parse(&pattern, "  A->B ->\tA", NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_n_vertices(pattern), 3);
    assert_int_equal(opsig_pattern_n_edges(pattern), 2);
    assert_string_equal(opsig_pattern_symbol(pattern, 0), "A");
    assert_string_equal(opsig_pattern_symbol(pattern, 1), "B");
    assert_string_equal(opsig_pattern_symbol(pattern, 2), "A");
    assert_null(opsig_pattern_symbol(pattern, 3));
    assert_string_equal(opsig_pattern_text(pattern), "A -> B -> A");
    opsig_pattern_free(pattern);
}

static void id_is_the_same_for_equal_patterns_and_differs_for_others(void **state)
{
    (void)state;
    opsig_pattern *a = NULL;
    opsig_pattern *b = NULL;
    opsig_pattern *c = NULL;
    assert_int_equal(opsig_pattern_parse(&a, "Pad -> AveragePool", NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&b, "Pad->\"AveragePool\"", NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&c, "AveragePool -> Pad", NULL), OPSIG_OK);
    /* printf 'Pad -> AveragePool' | sha256sum */
    assert_string_equal(opsig_pattern_id(a), "OPS-998bd8308727");
    assert_string_equal(opsig_pattern_id(a), opsig_pattern_id(b));
    assert_string_not_equal(opsig_pattern_id(a), opsig_pattern_id(c));
    opsig_pattern_free(a);
    opsig_pattern_free(b);
    opsig_pattern_free(c);
}

static void graphs_are_read_and_written_in_one_form(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical;
        opsig_pattern_kind kind;
    } cases[] = {
        {"a:Split; b:Relu; c:Add; a -> b; a -> c; b -> c",
         "a:Add; b:Relu; c:Split; b -> a; c -> b; c -> a", OPSIG_PATTERN_SUBGRAPH},
        {"x:B;y:A;y->x", "A -> B", OPSIG_PATTERN_SEQUENCE},
        {"A -[2]-> B", "A -[2]-> B", OPSIG_PATTERN_SUBGRAPH},
        {"A -[0]-> B", "A -> B", OPSIG_PATTERN_SEQUENCE},
        {"C -- B -[7]- A", "A -[7]- B -- C", OPSIG_PATTERN_SUBGRAPH},
        {"a:m::X; b:\"o d;d\"; c:Y{k=1;v}; a -[4294967295]-> b; c -> b",
         "a:Y{k=1;v}; b:\"o d;d\"; c:m::X; a -> b; c -[4294967295]-> b",
         OPSIG_PATTERN_SUBGRAPH},
        {"a:A; b:A; a -> b; b -> a", "a:A; b:A; a -> b; b -> a", OPSIG_PATTERN_SUBGRAPH},
        {"a:A; b:B; a -[1]-> b; a -[2]-> b", "a:A; b:B; a -[1]-> b; a -[2]-> b",
         OPSIG_PATTERN_SUBGRAPH},
        {"a:A", "a:A", OPSIG_PATTERN_SEQUENCE},
        {"m::X -> B", "m::X -> B", OPSIG_PATTERN_SEQUENCE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        opsig_pattern *pattern = NULL;
        assert_int_equal(opsig_pattern_parse(&pattern, cases[i].text, NULL), OPSIG_OK);
        assert_string_equal(opsig_pattern_text(pattern), cases[i].canonical);
        assert_int_equal(opsig_pattern_kind_of(pattern), cases[i].kind);
        opsig_pattern_free(pattern);
    }
}

static void graphs_that_make_no_pattern_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t offset;
    } cases[] = {
        {"a:A; b:B", -1},
        {"a:A; b:B; c:C; a -> b", -1},
        {"a:A; b:B; a -> b; a -> b", 18},
        {"a:A; b:B; a -- b; b -- a", 18},
        {"a:A; b:B; a -> b; a -- b", 18},
        {"a:A; b:B; a -> a", 10},
        {"a:A; b:B; a -> c", 15},
        {"a:A; a:B; a -> a", 5},
        {"a:A; b:B; a -[x]-> b", 13},
        {"a:A; b:B; a -[]-> b", 13},
        {"a:A; b:B; a -[4294967296]-> b", 13},
        {"a:A; b:B; a -[1]> b", 12},
        {"a:A; b:B; a -> b;", 17},
        {"a:A; b:B; a -> b -> a", 17},
        {"a:A; b:B -> a", 9},
        {"A -> B -- C", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        opsig_pattern *pattern = NULL;
        opsig_error err;
        assert_int_equal(opsig_pattern_parse(&pattern, cases[i].text, &err), OPSIG_FORMAT);
        assert_int_equal(err.offset, cases[i].offset);
        assert_null(pattern);
    }
}

static void picture_has_all_vertices_and_edges(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len = 0;
    opsig_pattern *pattern = NULL;
    FILE *stream = open_memstream(&text, &len);
    assert_non_null(stream);
    assert_int_equal(opsig_pattern_parse(&pattern, "a:A; b:\"q\\\"\"; c:C; a -> b; a -[3]-> c",
                                         NULL),
                     OPSIG_OK);
    assert_int_equal(opsig_pattern_write_dot(pattern, stream, NULL), OPSIG_OK);
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(text, "digraph pattern {\n  node [shape=box];\n  n0 [label=\"A\"];\n"
                              "  n1 [label=\"q\\\"\"];\n  n2 [label=\"C\"];\n"
                              "  n0 -> n1;\n  n0 -> n2 [label=\"3\"];\n}\n");
    free(text);
    opsig_pattern_free(pattern);
}

static void errors_tell_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t offset;
    } cases[] = {
        {"", 0},          {"Pad ->", 6},      {"-> Pad", 0},       {"Pad Conv", 4},
        {"Pad -> \"x", 7}, {"\"a\\q\"", 2},    {"\"\"", 0},         {"Pad - > x", 4},
        {"A{to=1", 1},    {"\"\\x00\"", 1},   {"A -> B; C", 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        opsig_pattern *pattern = NULL;
        opsig_error err;
        assert_int_equal(opsig_pattern_parse(&pattern, cases[i].text, &err), OPSIG_FORMAT);
        assert_int_equal(err.offset, cases[i].offset);
        assert_null(pattern);
    }
}

static void more_symbols_than_the_limit_are_refused(void **state)
{
    (void)state;
    char text[(OPSIG_PATTERN_MAX_VERTICES + 1) * 3 + 1] = "A";
    for (size_t k = 1; k < OPSIG_PATTERN_MAX_VERTICES; k++) {
        memcpy(text + 3 * k - 2, "->A", 4);
    }
    opsig_pattern *pattern = NULL;
    assert_int_equal(opsig_pattern_parse(&pattern, text, NULL), OPSIG_OK);
    opsig_pattern_free(pattern);
    memcpy(text + 3 * OPSIG_PATTERN_MAX_VERTICES - 2, "->A", 4);
    assert_int_equal(opsig_pattern_parse(&pattern, text, NULL), OPSIG_LIMIT);
    assert_null(pattern);
}

static void any_bytes_survive_as_a_symbol(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 20000; trial++) {
        char symbol[17];
        size_t len = 1 + (size_t)ops_rng_below(1, trial, 0, 16);
        for (size_t i = 0; i < len; i++) {
            symbol[i] = (char)(1 + ops_rng_below(1, trial, i + 1, 255));
        }
        symbol[len] = '\0';
        struct ops_buffer text;
        ops_buffer_init(&text, 1000);
        ops_symbol_write(&text, symbol);
        ops_buffer_puts(&text, " -> ");
        ops_symbol_write(&text, symbol);
        for (const char *c = ops_buffer_text(&text); *c != '\0'; c++) {
            assert_in_range(*c, ' ', '~');
        }
        opsig_pattern *pattern = NULL;
        assert_int_equal(opsig_pattern_parse(&pattern, ops_buffer_text(&text), NULL), OPSIG_OK);
        assert_int_equal(opsig_pattern_n_vertices(pattern), 2);
        assert_string_equal(opsig_pattern_symbol(pattern, 1), symbol);
        assert_string_equal(opsig_pattern_text(pattern), ops_buffer_text(&text));
        opsig_pattern_free(pattern);
        ops_buffer_dispose(&text);
    }
}

static void random_text_is_read_or_refused_and_reads_back(void **state)
{
    (void)state;
    static const char alphabet[] = "A->\"\\{}=, xa:;[1]";
    for (uint64_t trial = 0; trial < 50000; trial++) {
        char text[13];
        size_t len = (size_t)ops_rng_below(2, trial, 0, 13);
        for (size_t i = 0; i < len; i++) {
            text[i] = alphabet[ops_rng_below(2, trial, i + 1, sizeof alphabet - 1)];
        }
        text[len] = '\0';
        opsig_pattern *pattern = NULL;
        opsig_pattern *again = NULL;
        if (opsig_pattern_parse(&pattern, text, NULL) == OPSIG_OK) {
            assert_int_equal(opsig_pattern_parse(&again, opsig_pattern_text(pattern), NULL),
                             OPSIG_OK);
            assert_string_equal(opsig_pattern_text(again), opsig_pattern_text(pattern));
        }
        opsig_pattern_free(again);
        opsig_pattern_free(pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequence_is_read_and_written_the_same),
        cmocka_unit_test(symbols_and_sizes_are_those_of_the_text),
        cmocka_unit_test(id_is_the_same_for_equal_patterns_and_differs_for_others),
        cmocka_unit_test(graphs_are_read_and_written_in_one_form),
        cmocka_unit_test(graphs_that_make_no_pattern_are_refused),
        cmocka_unit_test(picture_has_all_vertices_and_edges),
        cmocka_unit_test(errors_tell_the_place),
        cmocka_unit_test(more_symbols_than_the_limit_are_refused),
        cmocka_unit_test(any_bytes_survive_as_a_symbol),
        cmocka_unit_test(random_text_is_read_or_refused_and_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
