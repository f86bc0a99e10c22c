/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of operators: that its text is in order, that look-ups find what it says, and that it
 * agrees with the schemas of an installed onnx package, which tests/onnx_schemas.py writes to the
 * files that OPSIG_OPERATORS and OPSIG_ATTRIBUTES name. Without those files, skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/operators.h"
#include "onnx/element_type.h"
#include "support/csv_table.h"

enum { LONGEST = 1024, MAX_VERSIONS = 32, NEWEST = 1000 };

static struct ops_arena arena;

static int set_up(void **state)
{
    (void)state;
    ops_arena_init(&arena, UINT64_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ops_arena_dispose(&arena);
    return 0;
}

static const struct ops_operator *find(const char *domain, const char *op_type, int64_t opset)
{
    const struct ops_operator *op;
    assert_int_equal(ops_operator_find(&op, &arena, domain, op_type, opset, NULL), OPSIG_OK);
    return op;
}

static void a_version_holds_until_the_next_one(void **state)
{
    (void)state;
    assert_null(find("", "Clip", 0));
    assert_int_equal(find("", "Clip", 5)->since, 1);
    assert_int_equal(find("", "Clip", 6)->since, 6);
    assert_int_equal(find("", "Clip", 10)->since, 6);
    assert_int_equal(find("", "Clip", 12)->since, 12);
    assert_int_equal(find("", "Clip", NEWEST)->since, 13);
    assert_null(find("", "Attention", 22));
    assert_int_equal(find("", "Attention", 23)->since, 23);
    assert_int_equal(find("com.microsoft", "Attention", 1)->since, 1);
}

static void ports_have_names_and_counts(void **state)
{
    (void)state;
    const struct ops_operator *const clip = find("", "Clip", 13);
    assert_int_equal(clip->n_inputs, 3);
    assert_int_equal(clip->n_outputs, 1);
    assert_int_equal(ops_port_find(clip->inputs, clip->n_inputs, "input"), 0);
    assert_int_equal(ops_port_find(clip->inputs, clip->n_inputs, "max"), 2);
    assert_int_equal(ops_port_find(clip->inputs, clip->n_inputs, "ma"), -1);
    assert_int_equal(clip->inputs[0].count, OPS_PORT_ONE);
    assert_int_equal(clip->inputs[1].count, OPS_PORT_OPTIONAL);
    assert_string_equal(clip->inputs[1].type, "T");
    assert_null(ops_port_of_slot(clip->inputs, clip->n_inputs, 3));
    const struct ops_operator *const loop = find("", "Loop", 13);
    assert_string_equal(ops_port_of_slot(loop->inputs, loop->n_inputs, 9)->name, "v_initial");
    assert_int_equal(loop->inputs[2].count, OPS_PORT_ANY);
    assert_int_equal(loop->outputs[0].count, OPS_PORT_SOME);
}

static void attributes_have_types_and_defaults(void **state)
{
    (void)state;
    const struct ops_operator *const resize = find("", "Resize", 18);
    const struct ops_parameter *const mode = ops_operator_attribute(resize, "mode");
    assert_int_equal(mode->value.type, ONNX_ATTRIBUTE_STRING);
    assert_true(mode->has_default);
    assert_string_equal(mode->value.s.bytes, "nearest");
    assert_int_equal(mode->value.s.len, strlen("nearest"));
    assert_false(ops_operator_attribute(resize, "axes")->has_default);
    assert_null(ops_operator_attribute(resize, "Mode"));
    const float a = ops_operator_attribute(resize, "cubic_coeff_a")->value.f;
    assert_memory_equal(&a, &(float){-0.75F}, sizeof a);
    assert_true(ops_operator_attribute(find("", "Cast", 13), "to")->required);
    const struct ops_parameter *const axes =
        ops_operator_attribute(find("", "MeanVarianceNormalization", 13), "axes");
    assert_int_equal(axes->value.n_ints, 3);
    assert_int_equal(axes->value.ints[2], 3);
    assert_int_equal(ops_operator_attribute(find("", "Softmax", 12), "axis")->value.i, 1);
    assert_int_equal(ops_operator_attribute(find("", "Softmax", 13), "axis")->value.i, -1);
}

static void what_a_node_gives_comes_before_the_default(void **state)
{
    (void)state;
    const struct onnx_attribute group = {
        .name = "group", .type = ONNX_ATTRIBUTE_INT, .i = 4};
    const struct onnx_node bare = {.op_type = "Conv"};
    const struct onnx_node given = {.op_type = "Conv", .n_attributes = 1, .attributes = &group};
    const struct ops_operator *const conv = find("", "Conv", 11);
    assert_int_equal(ops_operator_effective(conv, &bare, "group")->i, 1);
    assert_int_equal(ops_operator_effective(conv, &given, "group")->i, 4);
    assert_null(ops_operator_effective(conv, &given, "pads"));
    assert_null(ops_operator_effective(NULL, &bare, "group"));
    assert_int_equal(ops_operator_effective(NULL, &given, "group")->i, 4);
}

static void names_that_are_none_are_not_found(void **state)
{
    static const char *const names[] = {
        "", "Con", "Convv", "conv", "#", "# SPDX-License-Identifier:", "Conv 1,11", "Conv\n", "->",
        "ai.onnx.ml::Binarizer", "Zz", "zz", "\xff", "    kernel_shape"};
    char longest[LONGEST];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_null(find("", names[i], NEWEST));
        assert_int_equal(ops_operator_versions("", names[i], NULL, 0), 0);
        assert_null(find(names[i][0] != '\0' ? names[i] : "x", "Conv", NEWEST));
    }
    memset(longest, 'C', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(find("", longest, NEWEST));
}

static void versions_are_listed(void **state)
{
    int64_t versions[MAX_VERSIONS] = {0};
    static const int64_t clip[] = {1, 6, 11, 12, 13};
    (void)state;
    assert_int_equal(ops_operator_versions("", "Clip", versions, MAX_VERSIONS), 5);
    assert_memory_equal(versions, clip, sizeof clip);
    versions[1] = 0;
    assert_int_equal(ops_operator_versions("", "Clip", versions, 1), 5);
    assert_int_equal(versions[1], 0);
    assert_int_equal(ops_operator_versions("", "Nothing", versions, 1), 0);
}

/* A type as operators.txt describes it. */
static bool is_type(const char *type)
{
    const size_t len = strcspn(type, "|");
    if (type[0] == '[') {
        return type[strlen(type) - 1] == ']';
    }
    if (type[len] == '|' && !is_type(type + len + 1)) {
        return false;
    }
    const char *const condition = memchr(type, '?', len);
    if (condition != NULL) {
        const size_t rest = len - (size_t)(condition + 1 - type);
        return onnx_element_type_find(condition + 1, rest) != ONNX_UNDEFINED;
    }
    const bool variable = type[0] >= 'A' && type[0] <= 'Z';
    return variable || type[0] == '@' || (len == 1 && type[0] == '_') ||
           onnx_element_type_find(type, len) != ONNX_UNDEFINED;
}

static void check_ports(const struct ops_port *ports, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        assert_true(ports[i].name[0] != '\0');
        assert_true(is_type(ports[i].type));
        assert_true(ports[i].count < OPS_PORT_ANY || i == n - 1);
    }
}

/* The text of the table is ours, and is not checked where it is read. */
static void the_text_is_in_order(void **state)
{
    char last[LONGEST] = "";
    size_t len;
    unsigned n_operators = 0;
    unsigned n_versions = 0;
    (void)state;
    for (const char *at = NULL; (at = ops_operator_next(at, &len)) != NULL; n_operators++) {
        char name[LONGEST];
        int64_t versions[MAX_VERSIONS];
        assert_true(snprintf(name, sizeof name, "%.*s", (int)len, at) > 0);
        assert_true(strcmp(last, name) < 0);
        memcpy(last, name, sizeof last);
        char *const colons = strstr(name, "::");
        const char *const op_type = colons != NULL ? colons + 2 : name;
        if (colons != NULL) {
            *colons = '\0';
        }
        const char *const domain = colons != NULL ? name : "";
        const size_t n = ops_operator_versions(domain, op_type, versions, MAX_VERSIONS);
        assert_in_range(n, 1, MAX_VERSIONS);
        for (size_t i = 0; i < n; i++, n_versions++) {
            assert_true(versions[i] > (i > 0 ? versions[i - 1] : 0));
            const struct ops_operator *const op = find(domain, op_type, versions[i]);
            assert_int_equal(op->since, versions[i]);
            assert_string_equal(op->domain, domain);
            assert_string_equal(op->op_type, op_type);
            check_ports(op->inputs, op->n_inputs);
            check_ports(op->outputs, op->n_outputs);
            for (uint32_t a = 0; a < op->n_attributes; a++) {
                const struct ops_parameter *const attribute = &op->attributes[a];
                assert_true(attribute->value.type != 0);
                assert_ptr_equal(ops_operator_attribute(op, attribute->value.name), attribute);
            }
        }
    }
    print_message("%u operators, %u versions\n", n_operators, n_versions);
    assert_true(n_operators > 200);
}

static struct csv_table *open_table(const char *variable)
{
    const char *const path = getenv(variable);
    struct csv_table *const table = path != NULL ? csv_table_open(path) : NULL;
    if (table == NULL) {
        print_message("skipped: %s names no table\n", variable);
        skip();
    }
    return table;
}

static const struct ops_operator *of_row(const struct csv_table *row)
{
    const int64_t opset = strtoll(csv_table_get(row, "opset"), NULL, 10);
    const struct ops_operator *const op =
        find(csv_table_get(row, "domain"), csv_table_get(row, "op_type"), opset);
    return op != NULL && op->since == opset ? op : NULL;
}

/* Writes "X W B?". */
static void list_ports(char *out, const struct ops_port *ports, uint32_t n)
{
    size_t len = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < n; i++) {
        static const char *const marks[] = {"", "?", "*", "+"};
        len += (size_t)snprintf(out + len, LONGEST - len, "%s%s%s", i > 0 ? " " : "",
                                ports[i].name, marks[ports[i].count]);
        assert_true(len < LONGEST);
    }
}

static bool is_operator(const struct csv_table *row)
{
    char inputs[LONGEST];
    char outputs[LONGEST];
    const struct ops_operator *const op = of_row(row);
    if (op == NULL) {
        return false;
    }
    list_ports(inputs, op->inputs, op->n_inputs);
    list_ports(outputs, op->outputs, op->n_outputs);
    return strcmp(inputs, csv_table_get(row, "inputs")) == 0 &&
           strcmp(outputs, csv_table_get(row, "outputs")) == 0 &&
           op->deprecated == (csv_table_get(row, "deprecated")[0] == '1') &&
           op->n_attributes == strtoul(csv_table_get(row, "attributes"), NULL, 10);
}

/* Is a default what the row says? */
static bool is_value(const struct onnx_attribute *value, const char *text)
{
    char *end;
    bool same = true;
    switch (value->type) {
    case ONNX_ATTRIBUTE_INT:
        return value->i == strtoll(text, NULL, 10);
    case ONNX_ATTRIBUTE_FLOAT:
        return memcmp(&value->f, &(float){strtof(text, NULL)}, sizeof value->f) == 0;
    case ONNX_ATTRIBUTE_STRING:
        return strcmp(value->s.bytes, text) == 0;
    case ONNX_ATTRIBUTE_INTS:
        for (size_t i = 0; i < value->n_ints; i++, text = end) {
            same = strtoll(text, &end, 10) == value->ints[i] && same;
        }
        return same && *text == '\0';
    default:
        for (size_t i = 0; i < value->n_strings && same; i++) {
            const struct onnx_bytes *const item = &value->strings[i];
            same = strncmp(text, item->bytes, item->len) == 0;
            text += same ? item->len + (text[item->len] == ' ') : 0;
        }
        return same && *text == '\0';
    }
}

static bool is_attribute(const struct csv_table *row)
{
    static const struct {
        const char *name;
        int32_t kind;
    } kinds[] = {
        {"FLOAT", ONNX_ATTRIBUTE_FLOAT},     {"INT", ONNX_ATTRIBUTE_INT},
        {"STRING", ONNX_ATTRIBUTE_STRING},   {"TENSOR", ONNX_ATTRIBUTE_TENSOR},
        {"GRAPH", ONNX_ATTRIBUTE_GRAPH},     {"FLOATS", ONNX_ATTRIBUTE_FLOATS},
        {"INTS", ONNX_ATTRIBUTE_INTS},       {"STRINGS", ONNX_ATTRIBUTE_STRINGS},
        {"SPARSE_TENSOR", ONNX_ATTRIBUTE_SPARSE_TENSOR},
        {"TYPE_PROTO", ONNX_ATTRIBUTE_TYPE_PROTO},
    };
    const struct ops_operator *const op = of_row(row);
    const struct ops_parameter *const known =
        op != NULL ? ops_operator_attribute(op, csv_table_get(row, "attribute")) : NULL;
    if (known == NULL) {
        return false;
    }
    size_t kind = 0;
    while (kinds[kind].kind != known->value.type) {
        kind++;
    }
    const char *const value = csv_table_get(row, "value");
    const bool misspelt = strcmp(value, "foward") == 0; /* of GRU in opset 1 */
    return strcmp(kinds[kind].name, csv_table_get(row, "type")) == 0 &&
           known->required == (csv_table_get(row, "required")[0] == '1') &&
           known->has_default == (csv_table_get(row, "has_default")[0] == '1') &&
           (!known->has_default || misspelt || is_value(&known->value, value));
}

static void agrees(const char *variable, bool (*holds)(const struct csv_table *row),
                   unsigned least)
{
    struct csv_table *const table = open_table(variable);
    unsigned n = 0;
    unsigned n_wrong = 0;
    for (; csv_table_next(table); n++) {
        if (!holds(table)) {
            n_wrong++;
            print_error("%s %s in opset %s differs\n", csv_table_get(table, "domain"),
                        csv_table_get(table, "op_type"), csv_table_get(table, "opset"));
        }
    }
    csv_table_close(table);
    print_message("%u rows compared, %u differ\n", n, n_wrong);
    assert_int_equal(n_wrong, 0);
    assert_true(n >= least);
}

static void operators_are_those_of_the_schemas(void **state)
{
    (void)state;
    agrees("OPSIG_OPERATORS", is_operator, 400);
}

static void attributes_are_those_of_the_schemas(void **state)
{
    (void)state;
    agrees("OPSIG_ATTRIBUTES", is_attribute, 500);
}

static void running_out_of_memory_is_an_error(void **state)
{
    const struct ops_operator *op;
    (void)state;
    opsig_status status = OPSIG_NOMEM;
    unsigned n_failures = 0;
    for (size_t limit = 0; status != OPSIG_OK; limit += 16) {
        struct ops_arena small;
        ops_arena_init(&small, limit);
        status = ops_operator_find(&op, &small, "", "MeanVarianceNormalization", 13, NULL);
        assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
        assert_true((op != NULL) == (status == OPSIG_OK));
        n_failures += status == OPSIG_NOMEM;
        ops_arena_dispose(&small);
    }
    assert_true(n_failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_holds_until_the_next_one),
        cmocka_unit_test(ports_have_names_and_counts),
        cmocka_unit_test(attributes_have_types_and_defaults),
        cmocka_unit_test(what_a_node_gives_comes_before_the_default),
        cmocka_unit_test(names_that_are_none_are_not_found),
        cmocka_unit_test(versions_are_listed),
        cmocka_unit_test(the_text_is_in_order),
        cmocka_unit_test(operators_are_those_of_the_schemas),
        cmocka_unit_test(attributes_are_those_of_the_schemas),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
