/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Field numbers are those of proto/onnx.proto. A function's body is copied field by field from
 * nodes of a graph (field 1) to nodes of a function (field 7), and its defaults from attributes
 * of a node (field 5) to parameters (field 11). */
#include "support/onnx_write.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { VARINT = 0, BYTES = 2, FIXED32 = 5 };
enum {
    ATTR_FLOAT = 1,
    ATTR_INT = 2,
    ATTR_STRING = 3,
    ATTR_TENSOR = 4,
    ATTR_GRAPH = 5,
    ATTR_INTS = 7
};

void ow_free(struct ow *out)
{
    free(out->bytes);
    *out = (struct ow){0};
}

void ow_raw(struct ow *out, const void *bytes, size_t len)
{
    if (out->cap - out->len < len) {
        out->cap = 2 * out->cap + len;
        out->bytes = realloc(out->bytes, out->cap);
        if (out->bytes == NULL) {
            abort();
        }
    }
    if (len > 0) {
        memcpy(out->bytes + out->len, bytes, len);
    }
    out->len += len;
}

void ow_varint(struct ow *out, uint64_t value)
{
    uint8_t bytes[10];
    size_t n = 0;
    for (; value > 0x7f; value >>= 7) {
        bytes[n++] = (uint8_t)(value | 0x80);
    }
    bytes[n++] = (uint8_t)value;
    ow_raw(out, bytes, n);
}

void ow_tag(struct ow *out, uint32_t field, uint32_t wire_type)
{
    ow_varint(out, (uint64_t)field << 3 | wire_type);
}

void ow_int(struct ow *out, uint32_t field, int64_t value)
{
    ow_tag(out, field, VARINT);
    ow_varint(out, (uint64_t)value);
}

void ow_float(struct ow *out, uint32_t field, float value)
{
    ow_tag(out, field, FIXED32);
    ow_raw(out, &value, sizeof value);
}

void ow_bytes(struct ow *out, uint32_t field, const void *bytes, size_t len)
{
    ow_tag(out, field, BYTES);
    ow_varint(out, len);
    ow_raw(out, bytes, len);
}

void ow_text(struct ow *out, uint32_t field, const char *text)
{
    ow_bytes(out, field, text, strlen(text));
}

void ow_message(struct ow *out, uint32_t field, struct ow *part)
{
    ow_bytes(out, field, part->bytes, part->len);
    ow_free(part);
}

/** Appends the names of a list as fields of their own. */
static void put_names(struct ow *out, uint32_t field, const char *list, size_t len)
{
    size_t from = 0;
    if (len == 0) {
        return;
    }
    for (size_t i = 0; i <= len; i++) {
        if (i == len || list[i] == ',') {
            size_t end = i;
            for (; from < end && isspace((unsigned char)list[from]); from++) {
            }
            for (; end > from && isspace((unsigned char)list[end - 1]); end--) {
            }
            ow_bytes(out, field, list + from, end - from);
            from = i + 1;
        }
    }
}

void ow_node(struct ow *graph, const char *op_type, const char *inputs, const char *outputs,
             struct ow *more)
{
    struct ow node = {0};
    put_names(&node, 1, inputs, strlen(inputs));
    put_names(&node, 2, outputs, strlen(outputs));
    ow_text(&node, 4, op_type);
    if (more != NULL) {
        ow_raw(&node, more->bytes, more->len);
        ow_free(more);
    }
    ow_message(graph, 1, &node);
}

/** "domain::Op", blanks around it trimmed. */
static void put_op(struct ow *node, const char *text, size_t len)
{
    for (; len > 0 && isspace((unsigned char)*text); text++, len--) {
    }
    for (; len > 0 && isspace((unsigned char)text[len - 1]); len--) {
    }
    for (size_t i = 0; i + 1 < len; i++) {
        if (text[i] == ':' && text[i + 1] == ':') {
            ow_bytes(node, 7, text, i);
            ow_bytes(node, 4, text + i + 2, len - i - 2);
            return;
        }
    }
    ow_bytes(node, 4, text, len);
}

void ow_nodes(struct ow *graph, const char *text)
{
    while (*text != '\0') {
        const size_t outputs = strcspn(text, "=");
        const char *const op = text + outputs + (text[outputs] != '\0');
        const size_t op_len = strcspn(op, "(");
        const char *const inputs = op + op_len + (op[op_len] != '\0');
        const size_t inputs_len = strcspn(inputs, ")");
        struct ow node = {0};
        put_names(&node, 1, inputs, inputs_len);
        put_names(&node, 2, text, outputs);
        put_op(&node, op, op_len);
        ow_message(graph, 1, &node);
        text = inputs + inputs_len;
        text += strcspn(text, ";");
        text += strspn(text, "; \n");
    }
}

/** A Dimension for each item of "2,N". */
static void put_shape(struct ow *tensor, const char *shape)
{
    struct ow dims = {0};
    while (*shape != '\0') {
        struct ow dim = {0};
        const size_t len = strcspn(shape, ",");
        if (isdigit((unsigned char)*shape) || *shape == '-') {
            ow_int(&dim, 1, strtoll(shape, NULL, 10));
        } else {
            ow_bytes(&dim, 2, shape, len);
        }
        ow_message(&dims, 1, &dim);
        shape += len;
        shape += *shape == ',';
    }
    ow_message(tensor, 2, &dims);
}

static void put_value_info(struct ow *graph, uint32_t field, const char *name, int elem_type,
                           const char *shape)
{
    struct ow info = {0};
    struct ow type = {0};
    struct ow tensor = {0};
    ow_int(&tensor, 1, elem_type);
    if (shape != NULL) {
        put_shape(&tensor, shape);
    }
    ow_message(&type, 1, &tensor);
    ow_text(&info, 1, name);
    ow_message(&info, 2, &type);
    ow_message(graph, field, &info);
}

void ow_graph_input(struct ow *graph, const char *name, int elem_type, const char *shape)
{
    put_value_info(graph, 11, name, elem_type, shape);
}

void ow_graph_output(struct ow *graph, const char *name, int elem_type, const char *shape)
{
    put_value_info(graph, 12, name, elem_type, shape);
}

void ow_graph_value(struct ow *graph, const char *name, int elem_type, const char *shape)
{
    put_value_info(graph, 13, name, elem_type, shape);
}

static void put_tensor(struct ow *out, uint32_t field, const char *name, int data_type,
                       size_t n_bytes)
{
    struct ow tensor = {0};
    uint8_t *const zeros = calloc(n_bytes + 1, 1);
    if (zeros == NULL) {
        abort();
    }
    ow_int(&tensor, 1, (int64_t)n_bytes);
    ow_int(&tensor, 2, data_type);
    ow_text(&tensor, 8, name);
    ow_bytes(&tensor, 9, zeros, n_bytes);
    ow_message(out, field, &tensor);
    free(zeros);
}

void ow_initializer(struct ow *graph, const char *name, int data_type, size_t n_bytes)
{
    put_tensor(graph, 5, name, data_type, n_bytes);
}

void ow_node_name(struct ow *more, const char *name)
{
    ow_text(more, 3, name);
}

void ow_node_domain(struct ow *more, const char *domain)
{
    ow_text(more, 7, domain);
}

/** Ends an attribute whose value is already in `attribute`. */
static void put_attr(struct ow *more, const char *name, int type, struct ow *attribute)
{
    ow_text(attribute, 1, name);
    ow_int(attribute, 20, type);
    ow_message(more, 5, attribute);
}

void ow_attr_int(struct ow *more, const char *name, int64_t value)
{
    struct ow attribute = {0};
    ow_int(&attribute, 3, value);
    put_attr(more, name, ATTR_INT, &attribute);
}

void ow_attr_float(struct ow *more, const char *name, float value)
{
    struct ow attribute = {0};
    ow_float(&attribute, 2, value);
    put_attr(more, name, ATTR_FLOAT, &attribute);
}

void ow_attr_string(struct ow *more, const char *name, const char *value)
{
    struct ow attribute = {0};
    ow_text(&attribute, 4, value);
    put_attr(more, name, ATTR_STRING, &attribute);
}

void ow_attr_ints(struct ow *more, const char *name, const int64_t *values, size_t n)
{
    struct ow attribute = {0};
    for (size_t i = 0; i < n; i++) {
        ow_int(&attribute, 8, values[i]);
    }
    put_attr(more, name, ATTR_INTS, &attribute);
}

void ow_attr_ref(struct ow *more, const char *name, const char *parameter, int type)
{
    struct ow attribute = {0};
    ow_text(&attribute, 21, parameter);
    put_attr(more, name, type, &attribute);
}

void ow_attr_graph(struct ow *more, const char *name, struct ow *graph)
{
    struct ow attribute = {0};
    ow_message(&attribute, 6, graph);
    put_attr(more, name, ATTR_GRAPH, &attribute);
}

void ow_attr_tensor(struct ow *more, const char *name, int data_type, size_t n_bytes)
{
    struct ow attribute = {0};
    put_tensor(&attribute, 5, "", data_type, n_bytes);
    put_attr(more, name, ATTR_TENSOR, &attribute);
}

static uint64_t get_varint(const uint8_t *bytes, size_t *at)
{
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        value |= (uint64_t)(bytes[*at] & 0x7f) << shift;
        if ((bytes[(*at)++] & 0x80) == 0) {
            return value;
        }
    }
}

/** Moves sub-messages of one field of `from` to another field of `out`, and empties `from`. */
static void move_messages(struct ow *out, uint32_t field, struct ow *from)
{
    for (size_t at = 0; at < from->len;) {
        (void)get_varint(from->bytes, &at);
        const size_t len = (size_t)get_varint(from->bytes, &at);
        ow_bytes(out, field, from->bytes + at, len);
        at += len;
    }
    ow_free(from);
}

void ow_function(struct ow *model, const char *domain, const char *name, const char *inputs,
                 const char *outputs, struct ow *defaults, struct ow *body)
{
    struct ow function = {0};
    ow_text(&function, 1, name);
    put_names(&function, 4, inputs, strlen(inputs));
    put_names(&function, 5, outputs, strlen(outputs));
    if (defaults != NULL) {
        move_messages(&function, 11, defaults);
    }
    move_messages(&function, 7, body);
    ow_text(&function, 10, domain);
    ow_message(model, 25, &function);
}

void ow_opset(struct ow *model, const char *domain, int64_t version)
{
    struct ow opset = {0};
    ow_text(&opset, 1, domain);
    ow_int(&opset, 2, version);
    ow_message(model, 8, &opset);
}

void ow_model(struct ow *model, struct ow *graph, int64_t opset)
{
    ow_int(model, 1, 8);
    ow_message(model, 7, graph);
    ow_opset(model, "", opset);
}
