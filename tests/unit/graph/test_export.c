/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DOT and GraphML: what stands in them, that igraph reads the GraphML back to the same graph, and
 * that no name from a model can break out of its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <igraph/igraph.h>

#include <opsig/graph.h>

#include "support/model_maker.h"

static opsig_graph *build(opsig_model *model)
{
    opsig_graph *graph;
    opsig_error error;
    if (opsig_graph_build(&graph, model, NULL, &error) != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
    maker_free(model);
    return graph;
}

static opsig_graph *small(void)
{
    opsig_model *const model = maker_new();
    struct onnx_graph *const top = model->graph;
    maker_node(model, top, "Split", "/split", "", "a b");
    maker_node(model, top, "com.microsoft::FastGelu", "", "b", "g");
    const size_t place = maker_node(model, top, "If", "/if", "a a", "y");
    struct onnx_graph *const body = maker_graph(model);
    maker_node(model, body, "Constant", "k", "", "c");
    maker_output(model, body, "c");
    maker_body(model, &top->nodes[place], "then_branch", body);
    return build(model);
}

static char *export(const opsig_graph *graph, opsig_graph_format format)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(opsig_graph_export(graph, format, stream, NULL), OPSIG_OK);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void dot_holds_names_operators_depth_and_slots(void **state)
{
    (void)state;
    opsig_graph *const graph = small();
    char *const text = export(graph, OPSIG_GRAPH_DOT);
    assert_string_equal(
        text, "digraph model {\n"
              "  node [shape=box];\n"
              "  n0 [label=\"Split{axis=first,num_outputs=none,used=11}\\n/split\", "
              "name=\"/split\", domain=\"\", op_type=\"Split\", depth=0];\n"
              "  n1 [label=\"com.microsoft::FastGelu\\nFastGelu#1(g)\", name=\"\", "
              "domain=\"com.microsoft\", op_type=\"FastGelu\", depth=0];\n"
              "  n2 [label=\"If\\n/if\", name=\"/if\", domain=\"\", op_type=\"If\", depth=0];\n"
              "  n3 [label=\"Constant\\nk\", name=\"k\", domain=\"\", op_type=\"Constant\", "
              "depth=1];\n"
              "  n0 -> n1 [output_slot=1, input_slot=0];\n"
              "  n0 -> n2 [output_slot=0, input_slot=0];\n"
              "  n0 -> n2 [output_slot=0, input_slot=1];\n"
              "  n3 -> n2 [output_slot=0, input_slot=2];\n"
              "}\n");
    free(text);
    opsig_graph_free(graph);
}

/* Reads GraphML with igraph, its attributes included. */
static void read_back(igraph_t *out, const char *text)
{
    char *const copy = strdup(text);
    FILE *const stream = fmemopen(copy, strlen(copy), "r");
    assert_non_null(stream);
    assert_int_equal(igraph_read_graph_graphml(out, stream, 0), IGRAPH_SUCCESS);
    (void)fclose(stream);
    free(copy);
}

static void igraph_reads_graphml_back_to_the_same_graph(void **state)
{
    (void)state;
    igraph_set_attribute_table(&igraph_cattribute_table);
    opsig_graph *const graph = small();
    char *const text = export(graph, OPSIG_GRAPH_GRAPHML);
    igraph_t read;
    read_back(&read, text);
    assert_true(igraph_is_directed(&read));
    assert_int_equal(igraph_vcount(&read), opsig_graph_n_vertices(graph));
    assert_int_equal(igraph_ecount(&read), opsig_graph_n_parallel_edges(graph));
    for (uint32_t v = 0; v < opsig_graph_n_vertices(graph); v++) {
        assert_string_equal(VAS(&read, "name", v), opsig_graph_node_name(graph, v));
        assert_string_equal(VAS(&read, "label", v), opsig_graph_node_label(graph, v));
        assert_string_equal(VAS(&read, "domain", v), opsig_graph_domain(graph, v));
        assert_string_equal(VAS(&read, "op_type", v), opsig_graph_op_type(graph, v));
        assert_int_equal((int)VAN(&read, "depth", v), opsig_graph_depth(graph, v));
    }
    for (uint32_t e = 0; e < opsig_graph_n_parallel_edges(graph); e++) {
        const opsig_edge edge = opsig_graph_edge(graph, e);
        assert_int_equal(IGRAPH_FROM(&read, e), edge.from);
        assert_int_equal(IGRAPH_TO(&read, e), edge.to);
        assert_int_equal((int)EAN(&read, "output_slot", e), edge.output_slot);
        assert_int_equal((int)EAN(&read, "input_slot", e), edge.input_slot);
    }
    igraph_destroy(&read);
    free(text);
    opsig_graph_free(graph);
}

/* Names that are markup, controls, quotes, or no UTF-8. */
static const char *const hostile[] = {
    "a\"]; evil [label=\"",
    "</data><data key=\"name\">",
    "&amp;<![CDATA[",
    "\x1b[31mred\a",
    "two\nlines\r\t",
    "back\\slash\\n",
    "\xff\xc3(",
    "\xe2\x80\xae right to left",
    "]]>--><?xml?>",
    "\xef\xbf\xbe\xed\xa0\x80",
};

static opsig_graph *hostile_graph(void)
{
    opsig_model *const model = maker_new();
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        maker_node(model, model->graph, "Relu", hostile[i], "", "");
        model->graph->nodes[i].op_type = hostile[i];
        model->graph->nodes[i].domain = hostile[i];
    }
    return build(model);
}

static void no_line_of_dot_holds_a_raw_control_or_an_open_quote(void **state)
{
    (void)state;
    opsig_graph *const graph = hostile_graph();
    char *const text = export(graph, OPSIG_GRAPH_DOT);
    size_t n_lines = 0;
    for (char *line = text; *line != '\0'; n_lines++) {
        bool quoted = false;
        for (; *line != '\n'; line++) {
            assert_true((unsigned char)*line >= ' ' && *line != 0x7f);
            if (*line == '\\') {
                line++;
            } else if (*line == '"') {
                quoted = !quoted;
            } else {
                assert_true(quoted || strchr("<>&;[]", *line) == NULL ||
                            strncmp(line, "];\n", 3) == 0 || strncmp(line, ";\n", 2) == 0 ||
                            *line == '[');
            }
        }
        assert_false(quoted);
        line++;
    }
    assert_int_equal(n_lines, 3 + opsig_graph_n_vertices(graph));
    assert_null(strstr(text, "\xe2\x80\xae"));
    free(text);
    opsig_graph_free(graph);
}

static void igraph_reads_hostile_names_back(void **state)
{
    (void)state;
    igraph_set_attribute_table(&igraph_cattribute_table);
    opsig_graph *const graph = hostile_graph();
    char *const text = export(graph, OPSIG_GRAPH_GRAPHML);
    igraph_t read;
    read_back(&read, text);
    assert_int_equal(igraph_vcount(&read), opsig_graph_n_vertices(graph));
    /* what XML can hold comes back as it was */
    const size_t whole[] = {0, 1, 2, 5, 7, 8};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        assert_string_equal(VAS(&read, "name", (igraph_integer_t)whole[i]), hostile[whole[i]]);
    }
    assert_string_equal(VAS(&read, "name", 3), "\\x1b[31mred\\x07");
    assert_string_equal(VAS(&read, "name", 6), "\\xff\\xc3(");
    igraph_destroy(&read);
    free(text);
    opsig_graph_free(graph);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    FILE *const stream = fopen("/dev/full", "w");
    if (stream == NULL) {
        skip();
    }
    (void)setvbuf(stream, NULL, _IONBF, 0);
    opsig_graph *const graph = small();
    opsig_error error = {0};
    assert_int_equal(opsig_graph_export(graph, OPSIG_GRAPH_DOT, stream, &error), OPSIG_IO);
    assert_true(error.message[0] != '\0');
    (void)fclose(stream);
    opsig_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_holds_names_operators_depth_and_slots),
        cmocka_unit_test(igraph_reads_graphml_back_to_the_same_graph),
        cmocka_unit_test(no_line_of_dot_holds_a_raw_control_or_an_open_quote),
        cmocka_unit_test(igraph_reads_hostile_names_back),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
