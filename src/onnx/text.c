/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text to the bytes of a ModelProto, which the loader then reads like any file: so there is one way
 * into a model. Recursion (a graph in an attribute of a node of a graph) is bounded.
 *
 *      model   [ "<" entry { "," entry } ">" ] graph
 *      graph   NAME "(" values ")" "=>" "(" values ")" [ "<" values ">" ] "{" { node } "}"
 *      value   [ TYPE [ shape ] ] NAME [ "=" elements ]
 *      node    [ "[" NAME "]" ] names "=" NAME [ attributes ] "(" names ")" [ attributes ] */
#include "onnx/text.h"

#include <string.h>

#include "onnx/text_reader.h"

enum { DEFAULT_OPSET = 21, DEFAULT_IR = 10, MAX_ATTRIBUTES = 1024 };

static opsig_status read_graph(struct onnx_text *text, struct onnx_message *out, unsigned depth);

static void add_span(struct onnx_message *out, uint32_t field, struct onnx_span span)
{
    onnx_message_add_bytes(out, field, span.bytes, span.len);
}

static bool is_word(struct onnx_span span, const char *word)
{
    return span.len == strlen(word) && memcmp(span.bytes, word, span.len) == 0;
}

/* ---- values of graphs ---- */

/** A TypeProto. @param shape  NULL: unknown */
static void add_type(struct onnx_message *value, enum onnx_element_type type,
                     const struct onnx_message *shape)
{
    struct onnx_message tensor;
    struct onnx_message proto;
    onnx_message_init(&tensor);
    onnx_message_init(&proto);
    onnx_message_add_int(&tensor, TEXT_TYPE_ELEMENT, type);
    if (shape != NULL) {
        onnx_message_add_message(&tensor, TEXT_TYPE_SHAPE, shape);
    }
    onnx_message_add_message(&proto, TEXT_TYPE_TENSOR, &tensor);
    onnx_message_add_message(value, TEXT_VALUE_TYPE, &proto);
    onnx_message_dispose(&proto);
    onnx_message_dispose(&tensor);
}

/** `= {1, 2}` behind a value: an initializer. */
static opsig_status read_initializer(struct onnx_text *text, struct onnx_message *graph,
                                     enum onnx_element_type type, const char *shape_text,
                                     struct onnx_span name)
{
    struct onnx_message tensor;
    onnx_message_init(&tensor);
    const opsig_status status =
        type == ONNX_UNDEFINED ? onnx_text_error(text, "a value with elements needs a type")
                               : onnx_text_values(text, type, shape_text, name, &tensor);
    onnx_message_add_message(graph, TEXT_GRAPH_INITIALIZER, &tensor);
    onnx_message_dispose(&tensor);
    return status;
}

/** One value of a graph. @param field  what it is of the graph: TEXT_GRAPH_INPUT ... */
static opsig_status read_value(struct onnx_text *text, struct onnx_message *graph, uint32_t field)
{
    opsig_status status = OPSIG_OK;
    struct onnx_message shape;
    struct onnx_message value;
    struct onnx_span name;
    bool has_shape = false;
    onnx_message_init(&shape);
    onnx_message_init(&value);
    const enum onnx_element_type type = onnx_text_type(text);
    const char *const shape_text = text->at;
    if (type != ONNX_UNDEFINED) {
        TRY(onnx_text_shape(text, &has_shape, &shape));
    }
    TRY(onnx_text_name(text, &name));
    add_span(&value, TEXT_VALUE_NAME, name);
    if (type != ONNX_UNDEFINED) {
        add_type(&value, type, has_shape ? &shape : NULL);
    }
    const bool has_elements = onnx_text_accept(text, '=');
    if (has_elements) {
        TRY(read_initializer(text, graph, type, shape_text, name));
    }
    if (!has_elements || field != TEXT_GRAPH_VALUE_INFO) {
        onnx_message_add_message(graph, field, &value);
    }
done:
    onnx_message_dispose(&value);
    onnx_message_dispose(&shape);
    return status;
}

/** Values between an opening sign, which is taken, and a closing one. */
static opsig_status read_values(struct onnx_text *text, struct onnx_message *graph,
                                uint32_t field, char closing)
{
    opsig_status status = OPSIG_OK;
    if (onnx_text_accept(text, closing)) {
        return OPSIG_OK;
    }
    do {
        TRY(read_value(text, graph, field));
    } while (onnx_text_accept(text, ','));
    TRY(onnx_text_expect(text, closing));
done:
    return status;
}

/* ---- nodes ---- */

enum {
    KIND_FLOAT = 1, KIND_INT = 2, KIND_STRING = 3, KIND_TENSOR = 4, KIND_GRAPH = 5,
    KIND_FLOATS = 6, KIND_INTS = 7, KIND_STRINGS = 8
};

static opsig_status read_number(struct onnx_text *text, struct onnx_message *out, bool in_list,
                                int64_t *out_kind)
{
    struct onnx_literal number;
    const opsig_status status = onnx_text_number(text, &number);
    if (status == OPSIG_OK && number.is_integer && *out_kind != KIND_FLOATS) {
        onnx_message_add_int(out, in_list ? TEXT_ATTRIBUTE_INTS : TEXT_ATTRIBUTE_I, number.i);
        *out_kind = in_list ? KIND_INTS : KIND_INT;
    } else if (status == OPSIG_OK && *out_kind == KIND_INTS) {
        return onnx_text_error(text, "numbers of one kind expected: all with a point, or none");
    } else {
        onnx_message_add_float(out, in_list ? TEXT_ATTRIBUTE_FLOATS : TEXT_ATTRIBUTE_F,
                               (float)number.f);
        *out_kind = in_list ? KIND_FLOATS : KIND_FLOAT;
    }
    return status;
}

/** `[1, 2]`; the bracket is taken. */
static opsig_status read_list(struct onnx_text *text, struct onnx_message *out, int64_t *out_kind)
{
    opsig_status status = OPSIG_OK;
    *out_kind = 0;
    if (onnx_text_accept(text, ']')) {
        *out_kind = KIND_INTS;
        return OPSIG_OK;
    }
    do {
        if (onnx_text_peek(text) == '"') {
            struct onnx_span string;
            TRY(onnx_text_name(text, &string));
            add_span(out, TEXT_ATTRIBUTE_STRINGS, string);
            *out_kind = KIND_STRINGS;
        } else {
            TRY(read_number(text, out, true, out_kind));
        }
    } while (onnx_text_accept(text, ','));
    TRY(onnx_text_expect(text, ']'));
done:
    return status;
}

/** A tensor or a graph: both begin with a name. */
static opsig_status read_compound(struct onnx_text *text, struct onnx_message *out,
                                  int64_t *out_kind, unsigned depth)
{
    struct onnx_message part;
    onnx_message_init(&part);
    const enum onnx_element_type type = onnx_text_type(text);
    const bool is_tensor = type != ONNX_UNDEFINED;
    const opsig_status status =
        is_tensor ? onnx_text_tensor(text, type, (struct onnx_span){"", 0}, &part)
                  : read_graph(text, &part, depth + 1);
    onnx_message_add_message(out, is_tensor ? TEXT_ATTRIBUTE_T : TEXT_ATTRIBUTE_G, &part);
    *out_kind = is_tensor ? KIND_TENSOR : KIND_GRAPH;
    onnx_message_dispose(&part);
    return status;
}

static opsig_status read_attribute_value(struct onnx_text *text, struct onnx_message *out,
                                         unsigned depth)
{
    opsig_status status = OPSIG_OK;
    int64_t kind = 0;
    const char c = onnx_text_peek(text);
    if (c == '"') {
        struct onnx_span string;
        TRY(onnx_text_name(text, &string));
        add_span(out, TEXT_ATTRIBUTE_S, string);
        kind = KIND_STRING;
    } else if (onnx_text_accept(text, '[')) {
        TRY(read_list(text, out, &kind));
    } else if (onnx_text_at_name(text) && c != 'i' && c != 'n') {
        TRY(read_compound(text, out, &kind, depth));
    } else if (onnx_text_at_name(text)) {
        const char *const before = text->at;
        struct onnx_literal number;
        const bool is_number = onnx_text_number(text, &number) == OPSIG_OK &&
                               (onnx_text_peek(text) == ',' || onnx_text_peek(text) == '>');
        text->at = before;
        TRY(is_number ? read_number(text, out, false, &kind)
                      : read_compound(text, out, &kind, depth));
    } else {
        TRY(read_number(text, out, false, &kind));
    }
    onnx_message_add_int(out, TEXT_ATTRIBUTE_TYPE, kind);
done:
    return status;
}

/** `axis = 1` or `axis : int = 1`. */
static opsig_status read_attribute(struct onnx_text *text, struct onnx_message *node,
                                   unsigned depth)
{
    opsig_status status = OPSIG_OK;
    struct onnx_message attribute;
    struct onnx_span name;
    onnx_message_init(&attribute);
    TRY(onnx_text_name(text, &name));
    add_span(&attribute, TEXT_ATTRIBUTE_NAME, name);
    if (onnx_text_accept(text, ':')) {
        TRY(onnx_text_name(text, &name)); /* its kind, which the value shows */
    }
    TRY(onnx_text_expect(text, '='));
    TRY(read_attribute_value(text, &attribute, depth));
    onnx_message_add_message(node, TEXT_NODE_ATTRIBUTE, &attribute);
done:
    onnx_message_dispose(&attribute);
    return status;
}

static opsig_status read_attributes(struct onnx_text *text, struct onnx_message *node,
                                    unsigned depth)
{
    opsig_status status = OPSIG_OK;
    if (!onnx_text_accept(text, '<') || onnx_text_accept(text, '>')) {
        return OPSIG_OK;
    }
    do {
        TRY(read_attribute(text, node, depth));
    } while (onnx_text_accept(text, ','));
    TRY(onnx_text_expect(text, '>'));
done:
    return status;
}

/** Names of tensors up to a closing sign, which is taken; nothing between commas: omitted. */
static opsig_status read_names(struct onnx_text *text, struct onnx_message *node, uint32_t field,
                               char closing)
{
    opsig_status status = OPSIG_OK;
    if (onnx_text_accept(text, closing)) {
        return OPSIG_OK;
    }
    do {
        struct onnx_span name = {"", 0};
        if (onnx_text_at_name(text)) {
            TRY(onnx_text_name(text, &name));
        }
        add_span(node, field, name);
    } while (onnx_text_accept(text, ','));
    TRY(onnx_text_expect(text, closing));
done:
    return status;
}

/** Operator and domain of `com.microsoft.Gelu`. */
static void add_operator(struct onnx_message *node, struct onnx_span name)
{
    size_t domain = 0;
    for (size_t i = 0; i < name.len; i++) {
        domain = name.bytes[i] == '.' ? i : domain;
    }
    const size_t skip = domain > 0 ? domain + 1 : 0;
    add_span(node, TEXT_NODE_OP_TYPE, (struct onnx_span){name.bytes + skip, name.len - skip});
    if (domain > 0) {
        add_span(node, TEXT_NODE_DOMAIN, (struct onnx_span){name.bytes, domain});
    }
}

static opsig_status read_node(struct onnx_text *text, struct onnx_message *graph, unsigned depth)
{
    opsig_status status = OPSIG_OK;
    struct onnx_message node;
    struct onnx_span name;
    onnx_message_init(&node);
    if (onnx_text_accept(text, '[')) {
        TRY(onnx_text_name(text, &name));
        TRY(onnx_text_expect(text, ']'));
        add_span(&node, TEXT_NODE_NAME, name);
    }
    TRY(read_names(text, &node, TEXT_NODE_OUTPUT, '='));
    TRY(onnx_text_name(text, &name));
    add_operator(&node, name);
    TRY(read_attributes(text, &node, depth));
    TRY(onnx_text_expect(text, '('));
    TRY(read_names(text, &node, TEXT_NODE_INPUT, ')'));
    TRY(read_attributes(text, &node, depth));
    onnx_message_add_message(graph, TEXT_GRAPH_NODE, &node);
done:
    onnx_message_dispose(&node);
    return status;
}

/* ---- graphs and models ---- */

static opsig_status read_graph(struct onnx_text *text, struct onnx_message *out, unsigned depth)
{
    opsig_status status = OPSIG_OK;
    struct onnx_span name;
    if (depth > ONNX_TEXT_MAX_DEPTH) {
        return onnx_text_error(text, "graphs are nested too deeply");
    }
    TRY(onnx_text_name(text, &name));
    add_span(out, TEXT_GRAPH_NAME, name);
    TRY(onnx_text_expect(text, '('));
    TRY(read_values(text, out, TEXT_GRAPH_INPUT, ')'));
    TRY(onnx_text_expect(text, '='));
    TRY(onnx_text_expect(text, '>'));
    TRY(onnx_text_expect(text, '('));
    TRY(read_values(text, out, TEXT_GRAPH_OUTPUT, ')'));
    if (onnx_text_accept(text, '<')) {
        TRY(read_values(text, out, TEXT_GRAPH_VALUE_INFO, '>'));
    }
    TRY(onnx_text_expect(text, '{'));
    while (onnx_text_peek(text) != '}') {
        TRY(read_node(text, out, depth));
    }
    TRY(onnx_text_expect(text, '}'));
done:
    return status;
}

static void add_opset(struct onnx_message *model, struct onnx_span domain, int64_t version)
{
    struct onnx_message opset;
    onnx_message_init(&opset);
    add_span(&opset, TEXT_OPSET_DOMAIN, domain);
    onnx_message_add_int(&opset, TEXT_OPSET_VERSION, version);
    onnx_message_add_message(model, TEXT_MODEL_OPSET, &opset);
    onnx_message_dispose(&opset);
}

/** `["" : 13, "com.microsoft" : 1]`. */
static opsig_status read_opsets(struct onnx_text *text, struct onnx_message *model)
{
    opsig_status status = OPSIG_OK;
    TRY(onnx_text_expect(text, '['));
    do {
        struct onnx_span domain;
        struct onnx_literal version;
        TRY(onnx_text_name(text, &domain));
        TRY(onnx_text_expect(text, ':'));
        TRY(onnx_text_number(text, &version));
        add_opset(model, domain, version.i);
    } while (onnx_text_accept(text, ','));
    TRY(onnx_text_expect(text, ']'));
done:
    return status;
}

/** One entry of the header; those that mean nothing here are passed. */
static opsig_status read_entry(struct onnx_text *text, struct onnx_message *model, bool *has_opset)
{
    opsig_status status = OPSIG_OK;
    struct onnx_span key;
    struct onnx_span value;
    struct onnx_literal number;
    TRY(onnx_text_name(text, &key));
    TRY(onnx_text_expect(text, ':'));
    if (is_word(key, "opset_import")) {
        *has_opset = true;
        TRY(read_opsets(text, model));
    } else if (onnx_text_at_name(text)) {
        TRY(onnx_text_name(text, &value));
        if (is_word(key, "producer_name")) {
            add_span(model, TEXT_MODEL_PRODUCER_NAME, value);
        } else if (is_word(key, "producer_version")) {
            add_span(model, TEXT_MODEL_PRODUCER_VERSION, value);
        }
    } else {
        TRY(onnx_text_number(text, &number)); /* ir_version, model_version */
    }
done:
    return status;
}

static opsig_status read_header(struct onnx_text *text, struct onnx_message *model)
{
    opsig_status status = OPSIG_OK;
    bool has_opset = false;
    onnx_message_add_int(model, TEXT_MODEL_IR_VERSION, DEFAULT_IR);
    if (onnx_text_accept(text, '<')) {
        do {
            TRY(read_entry(text, model, &has_opset));
        } while (onnx_text_accept(text, ','));
        TRY(onnx_text_expect(text, '>'));
    }
    if (!has_opset) {
        add_opset(model, (struct onnx_span){"", 0}, DEFAULT_OPSET);
        add_opset(model, (struct onnx_span){"com.microsoft", 13}, 1);
    }
done:
    return status;
}

opsig_status onnx_text_encode(struct onnx_message *out, const char *text, size_t len,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct onnx_text reader = {.start = text, .at = text, .end = text + len, .err = err};
    struct onnx_message graph;
    onnx_message_init(&graph);
    TRY(read_header(&reader, out));
    TRY(read_graph(&reader, &graph, 0));
    if (onnx_text_peek(&reader) != '\0' || reader.at != reader.end) {
        status = onnx_text_error(&reader, "the end of the model expected");
        goto done;
    }
    onnx_message_add_message(out, TEXT_MODEL_GRAPH, &graph);
    TRY(onnx_message_status(out, err));
done:
    onnx_message_dispose(&graph);
    return status;
}
