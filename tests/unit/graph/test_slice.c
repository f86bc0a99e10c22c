/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slices, read back and written down as text: "inputs|initializers|nodes|outputs", a value with the
 * element type and rank that the slice gives it, as in "x:1/2", a body in braces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/slice.h>

#include "base/buffer.h"
#include "onnx/model.h"
#include "support/onnx_write.h"
#include "support/temp_folder.h"

enum { FLOAT = 1, LONGEST = 4096 };

static int set_up(void **state)
{
    (void)state;
    temp_folder_make();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

static const char *name_of(const opsig_model *model, uint32_t value)
{
    return ops_intern_text(model->values, value);
}

static void print_infos(struct ops_buffer *out, const opsig_model *model,
                        const struct onnx_value_info *infos, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ops_buffer_printf(out, "%s%s", i > 0 ? "," : "", name_of(model, infos[i].name));
        if (infos[i].elem_type != 0) {
            ops_buffer_printf(out, ":%d/%d", infos[i].elem_type, infos[i].rank);
        }
    }
}

static void print_values(struct ops_buffer *out, const opsig_model *model, const uint32_t *values,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ops_buffer_printf(out, "%s%s", i > 0 ? "," : "", name_of(model, values[i]));
    }
}

static void print_graph(struct ops_buffer *out, const opsig_model *model,
                        const struct onnx_graph *graph);

static void print_node(struct ops_buffer *out, const opsig_model *model,
                       const struct onnx_node *node)
{
    print_values(out, model, node->outputs, node->n_outputs);
    ops_buffer_printf(out, "=%s(", node->op_type);
    print_values(out, model, node->inputs, node->n_inputs);
    ops_buffer_puts(out, ")");
    for (uint32_t a = 0; a < node->n_attributes; a++) {
        for (size_t g = 0; g < node->attributes[a].n_graphs; g++) {
            ops_buffer_puts(out, "{");
            print_graph(out, model, node->attributes[a].graphs[g]);
            ops_buffer_puts(out, "}");
        }
    }
}

static void print_graph(struct ops_buffer *out, const opsig_model *model,
                        const struct onnx_graph *graph)
{
    print_infos(out, model, graph->inputs, graph->n_inputs);
    ops_buffer_puts(out, "|");
    for (size_t i = 0; i < graph->n_initializers; i++) {
        const struct onnx_tensor *const tensor = &graph->initializers[i];
        ops_buffer_printf(out, "%s%s", i > 0 ? "," : "", name_of(model, tensor->name));
    }
    ops_buffer_puts(out, "|");
    for (size_t i = 0; i < graph->n_nodes; i++) {
        ops_buffer_puts(out, i > 0 ? "; " : "");
        print_node(out, model, &graph->nodes[i]);
    }
    ops_buffer_puts(out, "|");
    print_infos(out, model, graph->outputs, graph->n_outputs);
}

/** Writes a model to model.onnx and empties it. */
static const char *save(struct ow *model)
{
    const char *const path = temp_path("model.onnx");
    temp_write(path, model->bytes, model->len);
    ow_free(model);
    return path;
}

static opsig_model *reload(opsig_slice *slice)
{
    char *bytes = NULL;
    size_t size = 0;
    opsig_model *model = NULL;
    opsig_error error = {0};
    FILE *const stream = open_memstream(&bytes, &size);
    assert_non_null(stream);
    assert_int_equal(opsig_slice_write(slice, stream, &error), OPSIG_OK);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(opsig_model_load_memory(&model, bytes, size, NULL, &error), OPSIG_OK);
    free(bytes);
    return model;
}

/** The slice of some vertices, as text, and with the names of its functions behind it. */
static void expect_slice(const char *path, const uint32_t *vertices, size_t n, uint32_t context,
                         const char *expected)
{
    opsig_slice_options options;
    opsig_slice *slice = NULL;
    opsig_error error = {0};
    struct ops_buffer text;
    ops_buffer_init(&text, LONGEST);
    opsig_slice_options_init(&options);
    options.context = context;
    const opsig_status status = opsig_slice_new(&slice, path, vertices, n, &options, &error);
    if (status != OPSIG_OK) {
        fail_msg("%s", error.message);
    }
    opsig_model *const model = reload(slice);
    print_graph(&text, model, model->graph);
    for (size_t i = 0; i < model->n_functions; i++) {
        ops_buffer_printf(&text, " +%s", model->functions[i].name);
    }
    assert_string_equal(ops_buffer_text(&text), expected);
    assert_int_equal(opsig_slice_n_inputs(slice), model->graph->n_inputs);
    assert_int_equal(opsig_slice_n_outputs(slice), model->graph->n_outputs);
    assert_int_equal(opsig_slice_n_initializers(slice), model->graph->n_initializers);
    assert_int_equal(opsig_slice_n_nodes(slice), model->graph->n_nodes);
    assert_int_equal(opsig_slice_n_functions(slice), model->n_functions);
    opsig_model_free(model);
    opsig_slice_free(slice);
    ops_buffer_dispose(&text);
}

static void expect_one(const char *path, uint32_t vertex, uint32_t context, const char *expected)
{
    expect_slice(path, &vertex, 1, context, expected);
}

/** Conv (0), Relu (1), Split (2), Add (3), Neg (4). */
static const char *save_chain(void)
{
    struct ow graph = {0};
    struct ow model = {0};
    ow_nodes(&graph, "a = Conv(x, w); b = Relu(a); c, d = Split(b); e = Add(c, d); y = Neg(e)");
    ow_graph_input(&graph, "x", FLOAT, "1,3,N");
    ow_graph_value(&graph, "a", FLOAT, "1,8,N");
    ow_graph_value(&graph, "c", FLOAT, "4");
    ow_initializer(&graph, "w", FLOAT, 16);
    ow_graph_output(&graph, "y", FLOAT, "4,N");
    ow_model(&model, &graph, 17);
    return save(&model);
}

static void test_cuts_with_the_types_that_the_model_tells(void **state)
{
    (void)state;
    const char *const path = save_chain();
    expect_one(path, 0, 0, "x:1/3|w|a=Conv(x,w)|a:1/3");
    expect_one(path, 1, 0, "a:1/3||b=Relu(a)|b:1/3");
    expect_one(path, 2, 0, "b:1/3||c,d=Split(b)|c:1/1,d:1/3");
    expect_one(path, 4, 0, "e||y=Neg(e)|y:1/2");
    const uint32_t both_ends[] = {3, 1};
    expect_slice(path, both_ends, 2, 0, "a:1/3,c:1/1,d:1/3||b=Relu(a); e=Add(c,d)|b:1/3,e");
}

static void test_context_goes_both_ways(void **state)
{
    (void)state;
    const char *const path = save_chain();
    expect_one(path, 2, 1, "a:1/3||b=Relu(a); c,d=Split(b); e=Add(c,d)|e");
    const char *const all = "x:1/3|w|a=Conv(x,w); b=Relu(a); c,d=Split(b); e=Add(c,d); y=Neg(e)|"
                            "y:1/2";
    expect_one(path, 2, 2, all);
    expect_one(path, 2, UINT32_MAX, all);
}

static void test_constants_come_along_and_are_no_step(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow model = {0};
    struct ow more = {0};
    ow_attr_tensor(&more, "value", FLOAT, 4);
    ow_node(&graph, "Constant", "", "k", &more);
    ow_nodes(&graph, "a = Mul(x, k); b = Relu(a); c = Add(k, k); y = Max(b, c)");
    ow_model(&model, &graph, 17);
    const char *const path = save(&model);
    expect_one(path, 1, 0, "x||k=Constant(); a=Mul(x,k)|a");
    expect_one(path, 3, 1, "b||k=Constant(); c=Add(k,k); y=Max(b,c)|y");
    expect_one(path, 0, 0, "||k=Constant()|k:1/1");
}

static void test_twin_constants_become_one(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow model = {0};
    struct ow more = {0};
    for (int i = 0; i < 2; i++) {
        ow_attr_tensor(&more, "value", FLOAT, 4);
        ow_node(&graph, "Constant", "", "k", &more);
    }
    ow_nodes(&graph, "y = Add(x, k)");
    ow_model(&model, &graph, 17);
    const char *const path = save(&model);
    const uint32_t both[] = {1, 2};
    expect_slice(path, both, 2, 0, "x||k=Constant(); y=Add(x,k)|y");
}

/** x -> Abs (0) -> If (1){Mul (2), Exp (3)}{Neg (4)} -> Relu (5); the bodies capture. */
static const char *save_nested(void)
{
    struct ow then_body = {0};
    struct ow else_body = {0};
    struct ow graph = {0};
    struct ow model = {0};
    struct ow more = {0};
    ow_nodes(&then_body, "t = Mul(a, w); u = Exp(t)");
    ow_graph_output(&then_body, "u", FLOAT, "2");
    ow_nodes(&else_body, "v = Neg(x)");
    ow_graph_output(&else_body, "v", FLOAT, "2");
    ow_attr_graph(&more, "then_branch", &then_body);
    ow_attr_graph(&more, "else_branch", &else_body);
    ow_nodes(&graph, "a = Abs(x)");
    ow_node(&graph, "If", "cond", "b", &more);
    ow_nodes(&graph, "y = Relu(b)");
    ow_graph_input(&graph, "x", FLOAT, "2");
    ow_graph_input(&graph, "cond", 9, "");
    ow_graph_value(&graph, "a", FLOAT, "2");
    ow_initializer(&graph, "w", FLOAT, 8);
    ow_model(&model, &graph, 17);
    return save(&model);
}

static void test_bodies_stay_whole_and_what_they_capture_comes_in(void **state)
{
    (void)state;
    const char *const path = save_nested();
    const char *const whole = "cond:9/0,a:1/1,x:1/1|w|"
                              "b=If(cond){||t=Mul(a,w); u=Exp(t)|u:1/1}{||v=Neg(x)|v:1/1}|b:1/1";
    const uint32_t branches[] = {3, 4};
    expect_one(path, 1, 0, whole);
    expect_slice(path, branches, 2, 0, whole);
    const uint32_t in_and_out[] = {2, 5};
    expect_slice(path, in_and_out, 2, 0,
                 "cond:9/0,a:1/1,x:1/1|w|"
                 "b=If(cond){||t=Mul(a,w); u=Exp(t)|u:1/1}{||v=Neg(x)|v:1/1}; y=Relu(b)|y:1/1");
}

static void test_nodes_of_one_body_are_cut_out_of_it(void **state)
{
    (void)state;
    const char *const path = save_nested();
    expect_one(path, 2, 0, "a:1/1|w|t=Mul(a,w)|t:1/1");
    expect_one(path, 3, 5, "a:1/1|w|t=Mul(a,w); u=Exp(t)|u:1/1");
    expect_one(path, 4, 5, "x:1/1||v=Neg(x)|v:1/1");
}

static void test_a_body_takes_constants_from_around(void **state)
{
    (void)state;
    struct ow body = {0};
    struct ow graph = {0};
    struct ow model = {0};
    struct ow more = {0};
    ow_nodes(&body, "t = Add(k, x); u = Neg(t)");
    ow_graph_output(&body, "u", FLOAT, "");
    ow_attr_tensor(&more, "value", FLOAT, 4);
    ow_node(&graph, "Constant", "", "k", &more);
    ow_attr_graph(&more, "then_branch", &body);
    ow_node(&graph, "If", "c", "y", &more);
    ow_model(&model, &graph, 17);
    expect_one(save(&model), 2, 0, "x||k=Constant(); t=Add(k,x)|t");
}

static void test_inner_names_hide_outer_ones(void **state)
{
    (void)state;
    struct ow body = {0};
    struct ow graph = {0};
    struct ow model = {0};
    struct ow more = {0};
    ow_nodes(&body, "a = Neg(x); u = Exp(a)");
    ow_graph_output(&body, "u", FLOAT, "");
    ow_attr_graph(&more, "then_branch", &body);
    ow_nodes(&graph, "a = Abs(x)");
    ow_node(&graph, "If", "c", "y", &more);
    ow_model(&model, &graph, 17);
    const char *const path = save(&model);
    expect_one(path, 1, 0, "c,x||y=If(c){||a=Neg(x); u=Exp(a)|u:1/0}|y");
    expect_one(path, 3, 0, "a||u=Exp(a)|u:1/0");
}

static void test_functions_are_called_whole_and_kept(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow model = {0};
    struct ow body = {0};
    ow_nodes(&graph, "a = my::Outer(x); b = Relu(a); y = my::Other(b)");
    ow_model(&model, &graph, 17);
    ow_nodes(&body, "t = my::Inner(p); q = Neg(t)");
    ow_function(&model, "my", "Outer", "p", "q", NULL, &body);
    ow_nodes(&body, "q = Exp(p)");
    ow_function(&model, "my", "Other", "p", "q", NULL, &body);
    ow_nodes(&body, "q = Abs(p)");
    ow_function(&model, "my", "Inner", "p", "q", NULL, &body);
    ow_opset(&model, "my", 1);
    const char *const path = save(&model);
    /* expanded: Abs (0) Neg (1) Relu (2) Exp (3) */
    expect_one(path, 0, 0, "x||a=Outer(x)|a +Outer +Inner");
    expect_one(path, 1, 1, "x||a=Outer(x); b=Relu(a)|b +Outer +Inner");
    expect_one(path, 2, 0, "a||b=Relu(a)|b");
    expect_one(path, 3, 0, "b||y=Other(b)|y +Other");
}

static void test_writers_stand_before_readers(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow model = {0};
    ow_nodes(&graph, "y = Neg(b); b = Relu(a); a = Abs(x)");
    ow_model(&model, &graph, 17);
    expect_one(save(&model), 1, 1, "x||a=Abs(x); b=Relu(a); y=Neg(b)|y");
}

static void test_what_nobody_reads_goes_out_where_it_is_all(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow model = {0};
    ow_nodes(&graph, "a, mask = Dropout(x); b = Relu(a); c, d = Split(b)");
    ow_model(&model, &graph, 17);
    const char *const path = save(&model);
    expect_one(path, 0, 0, "x||a,mask=Dropout(x)|a");
    expect_one(path, 2, 0, "b||c,d=Split(b)|c,d");
}

static void test_old_models_list_initializers_as_inputs(void **state)
{
    (void)state;
    enum { IR_VERSION = 1, GRAPH = 7 };
    struct ow graph = {0};
    struct ow model = {0};
    ow_nodes(&graph, "y = Add(x, w)");
    ow_initializer(&graph, "w", FLOAT, 8);
    ow_int(&model, IR_VERSION, 3);
    ow_message(&model, GRAPH, &graph);
    expect_one(save(&model), 0, 0, "x,w:1/1|w|y=Add(x,w)|y");
}

static void add_external(struct ow *graph, const char *name, const char *location)
{
    enum { INITIALIZER = 5, TYPE = 2, NAME = 8, EXTERNAL_DATA = 13, LOCATION = 14 };
    struct ow tensor = {0};
    struct ow entry = {0};
    ow_int(&tensor, TYPE, FLOAT);
    ow_text(&tensor, NAME, name);
    ow_text(&entry, 1, "location");
    ow_text(&entry, 2, location);
    ow_message(&tensor, EXTERNAL_DATA, &entry);
    ow_int(&tensor, LOCATION, 1);
    ow_message(graph, INITIALIZER, &tensor);
}

static void test_external_data_may_not_leave_the_folder(void **state)
{
    (void)state;
    static const struct {
        const char *location;
        bool stays;
    } cases[] = {
        {"w.bin", true},          {"sub/w.bin", true},    {"..w", true},
        {"weight:0", true},           {"../w.bin", false},    {"sub/../../w", false},
        {"/etc/passwd", false},   {"..", false},          {"", false},
        {"c:w.bin", false},       {"\\\\host\\w", false}, {"sub\\..\\..\\w", false},
        {"file://w.bin", false},
    };
    const uint32_t vertex = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ow graph = {0};
        struct ow model = {0};
        opsig_slice *slice = NULL;
        opsig_error error = {0};
        add_external(&graph, "w", cases[i].location);
        ow_nodes(&graph, "a = Add(x, w); y = Neg(a)");
        ow_model(&model, &graph, 17);
        const char *const path = save(&model);
        const opsig_status status = opsig_slice_new(&slice, path, &vertex, 1, NULL, &error);
        if (cases[i].stays) {
            assert_int_equal(status, OPSIG_OK);
            assert_int_equal(opsig_slice_n_external(slice), 1);
            assert_string_equal(opsig_slice_external(slice, 0), cases[i].location);
        } else {
            assert_int_equal(status, OPSIG_FORMAT);
            assert_string_equal(error.kind, "external-data");
            assert_null(slice);
        }
        opsig_slice_free(slice);
        const uint32_t other = 1; /* does not need it */
        assert_int_equal(opsig_slice_new(&slice, path, &other, 1, NULL, &error), OPSIG_OK);
        assert_int_equal(opsig_slice_n_external(slice), 0);
        opsig_slice_free(slice);
    }
}

static void test_refuses_vertices_that_are_not_there(void **state)
{
    (void)state;
    const uint32_t vertices[] = {1, 5};
    opsig_slice *slice = NULL;
    opsig_error error = {0};
    const char *const path = save_chain();
    assert_int_equal(opsig_slice_new(&slice, path, vertices, 2, NULL, &error), OPSIG_USAGE);
    assert_int_equal(opsig_slice_new(&slice, path, vertices, 0, NULL, &error), OPSIG_USAGE);
    assert_int_equal(opsig_slice_new(&slice, temp_path("none"), vertices, 1, NULL, &error),
                     OPSIG_NOT_FOUND);
    assert_null(slice);
}

static void test_a_file_that_has_shrunk_is_told(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow model = {0};
    opsig_slice *slice = NULL;
    opsig_error error = {0};
    const uint32_t vertex = 0;
    ow_nodes(&graph, "y = Add(x, w)");
    ow_initializer(&graph, "w", FLOAT, 200000);
    ow_model(&model, &graph, 17);
    const char *const path = save(&model);
    assert_int_equal(opsig_slice_new(&slice, path, &vertex, 1, NULL, &error), OPSIG_OK);
    temp_write(path, "", 0);
    FILE *const stream = tmpfile();
    assert_non_null(stream);
    assert_int_equal(opsig_slice_write(slice, stream, &error), OPSIG_FORMAT);
    (void)fclose(stream);
    opsig_slice_free(slice);
}

static void test_finds_nodes_by_label_and_position(void **state)
{
    (void)state;
    struct ow graph = {0};
    struct ow model = {0};
    struct ow more = {0};
    opsig_graph *built = NULL;
    opsig_error error = {0};
    uint32_t vertex = 9;
    const char *const names[] = {"/enc/Conv_1", "twice", "twice"};
    for (size_t i = 0; i < 3; i++) {
        char output[] = {(char)('a' + i), '\0'};
        ow_node_name(&more, names[i]);
        ow_node(&graph, "Conv", "x", output, &more);
    }
    ow_nodes(&graph, "y = Relu(a)");
    ow_model(&model, &graph, 17);
    const char *const path = save(&model);
    assert_int_equal(opsig_graph_load(&built, path, NULL, &error), OPSIG_OK);
    assert_int_equal(opsig_graph_find(&vertex, built, "/enc/Conv_1", &error), OPSIG_OK);
    assert_int_equal(vertex, 0);
    assert_int_equal(opsig_graph_find(&vertex, built, "Relu#3(y)", &error), OPSIG_OK);
    assert_int_equal(vertex, 3);
    assert_int_equal(opsig_graph_find(&vertex, built, "Conv#2", &error), OPSIG_OK);
    assert_int_equal(vertex, 2);
    assert_int_equal(opsig_graph_find(&vertex, built, "Relu#2", &error), OPSIG_NOT_FOUND);
    assert_int_equal(opsig_graph_find(&vertex, built, "Relu#99", &error), OPSIG_NOT_FOUND);
    assert_int_equal(opsig_graph_find(&vertex, built, "twice", &error), OPSIG_CONFLICT);
    assert_string_equal(error.message,
                        "2 nodes are called 'twice'; name one by its position, as Conv#1");
    assert_int_equal(opsig_graph_find(&vertex, built, "Conv_1", &error), OPSIG_NOT_FOUND);
    assert_string_equal(error.message,
                        "there is no node 'Conv_1'; did you mean '/enc/Conv_1'?");
    assert_int_equal(opsig_graph_find(&vertex, built, "xyz", &error), OPSIG_NOT_FOUND);
    assert_string_equal(error.message, "there is no node 'xyz'");
    opsig_graph_free(built);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts_with_the_types_that_the_model_tells),
        cmocka_unit_test(test_context_goes_both_ways),
        cmocka_unit_test(test_constants_come_along_and_are_no_step),
        cmocka_unit_test(test_twin_constants_become_one),
        cmocka_unit_test(test_bodies_stay_whole_and_what_they_capture_comes_in),
        cmocka_unit_test(test_nodes_of_one_body_are_cut_out_of_it),
        cmocka_unit_test(test_a_body_takes_constants_from_around),
        cmocka_unit_test(test_inner_names_hide_outer_ones),
        cmocka_unit_test(test_functions_are_called_whole_and_kept),
        cmocka_unit_test(test_writers_stand_before_readers),
        cmocka_unit_test(test_what_nobody_reads_goes_out_where_it_is_all),
        cmocka_unit_test(test_old_models_list_initializers_as_inputs),
        cmocka_unit_test(test_external_data_may_not_leave_the_folder),
        cmocka_unit_test(test_refuses_vertices_that_are_not_there),
        cmocka_unit_test(test_a_file_that_has_shrunk_is_told),
        cmocka_unit_test(test_finds_nodes_by_label_and_position),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
