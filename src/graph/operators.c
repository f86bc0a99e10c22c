/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table is the text of operators.txt as it stands. Records ascend by name, so one is found by
 * bisection: from any byte, back to the line that begins a record. Nothing is parsed, and no page
 * of the table touched, before an operator is asked for; then its record is copied, and cut into
 * tokens where blanks are. The text is ours: it is not checked here, but by a test. */
#include "graph/operators.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "onnx/element_type.h"

static const char table[] = {
#include "operators.inc"
};

enum { TABLE_LEN = sizeof table - 1, LONGEST_KEY = 256 };

/** The beginning of the record that a byte belongs to. */
static const char *record_at(const char *at)
{
    while (at > table && (at[-1] != '\n' || at[0] == ' ')) {
        at--;
    }
    return at;
}

/** The record behind one; the end of the table behind the last. */
static const char *next_record(const char *record)
{
    const char *at = record;
    do {
        at = strchr(at, '\n') + 1;
    } while (*at == ' ');
    return at;
}

static size_t name_len(const char *record)
{
    return strcspn(record, " \n");
}

/** Compares the names that two texts begin with. */
static int compare(const char *record, const char *key)
{
    const size_t len = name_len(record);
    const size_t key_len = name_len(key);
    const int order = memcmp(record, key, len < key_len ? len : key_len);
    return order != 0 ? order : (len > key_len) - (len < key_len);
}

/** The first record of an operator; the end of the table where it has none. */
static const char *first_record(const char *domain, const char *op_type)
{
    char key[LONGEST_KEY];
    const int len = snprintf(key, sizeof key, "%s%s%s", domain, domain[0] != '\0' ? "::" : "",
                             op_type);
    const char *from = table;
    const char *beyond = table + TABLE_LEN;
    if (len >= LONGEST_KEY || name_len(key) != (size_t)len || key[0] == '#' ||
        strstr(op_type, "::") != NULL) { /* no name, but perhaps the beginning of a line */
        return beyond;
    }
    while (from < beyond) {
        const char *const middle = record_at(from + (beyond - from) / 2);
        if (compare(middle, key) < 0) {
            from = next_record(middle);
        } else {
            beyond = middle;
        }
    }
    return compare(from, key) == 0 ? from : table + TABLE_LEN;
}

/** The next record of the same operator; the end of the table where it was the last. */
static const char *next_form(const char *record)
{
    const char *const next = next_record(record);
    return compare(next, record) == 0 ? next : table + TABLE_LEN;
}

/** Reads one of the numbers behind a record's name. @return what follows it */
static const char *read_version(const char *at, int64_t *out)
{
    for (*out = 0; *at >= '0' && *at <= '9'; at++) {
        *out = *out * 10 + (*at - '0');
    }
    return at;
}

size_t ops_operator_versions(const char *domain, const char *op_type, int64_t *out, size_t max)
{
    size_t n = 0;
    for (const char *form = first_record(domain, op_type); *form != '\0'; form = next_form(form)) {
        const char *at = form + name_len(form);
        do {
            int64_t version;
            at = read_version(at + 1, &version);
            if (out != NULL && n < max) {
                out[n] = version;
            }
            n++;
        } while (*at == ',');
    }
    return n;
}

const char *ops_operator_next(const char *at, size_t *out_len)
{
    const char *next = at != NULL ? next_record(at) : table;
    while (*next == '#' || (at != NULL && *next != '\0' && compare(next, at) == 0)) {
        next = next_record(next);
    }
    *out_len = name_len(next);
    return *next != '\0' ? next : NULL;
}

/** The record that holds in an opset, and the version that brought what it says. NULL: the opset
 *  is older than the operator. */
static const char *form_at(const char *domain, const char *op_type, int64_t opset,
                           int64_t *out_since)
{
    const char *found = NULL;
    for (const char *form = first_record(domain, op_type); *form != '\0'; form = next_form(form)) {
        const char *at = form + name_len(form);
        do {
            int64_t version;
            at = read_version(at + 1, &version);
            if (version <= opset) {
                found = form;
                *out_since = version;
            }
        } while (*at == ',');
    }
    return found;
}

/* A record's copy becomes tokens: NUL-terminated, one behind the other. */

/** The next token; NULL behind the last. */
static char *next_token(char **at)
{
    char *const token = *at + strspn(*at, " \n");
    if (*token == '\0') {
        return NULL;
    }
    char *const end = token + strcspn(token, " \n");
    *at = *end != '\0' ? end + 1 : end;
    *end = '\0';
    return token;
}

/** An operator being read. */
struct reading {
    struct ops_arena *arena;
    struct ops_operator *op;
    struct ops_port *ports; /* inputs, then outputs */
    struct ops_parameter *parameters;
};

/** "name?:TYPE" */
static void read_port(char *token, struct ops_port *out)
{
    static const char marks[] = {
        [OPS_PORT_OPTIONAL] = '?', [OPS_PORT_ANY] = '*', [OPS_PORT_SOME] = '+'};
    char *const colon = strchr(token, ':');
    *colon = '\0';
    *out = (struct ops_port){.name = token, .type = colon + 1, .count = OPS_PORT_ONE};
    for (size_t count = OPS_PORT_OPTIONAL; count < sizeof marks; count++) {
        if (colon[-1] == marks[count]) {
            out->count = (enum ops_port_count)count;
            colon[-1] = '\0';
        }
    }
}

/** The text between the quotes of "text". */
static struct onnx_bytes unquote(char *text)
{
    const size_t len = strlen(text) - 2;
    text[len + 1] = '\0';
    return (struct onnx_bytes){.bytes = text + 1, .len = len};
}

/** Cuts the first item off a list "1,2]". @return what follows it */
static char *cut_item(char *list)
{
    char *const end = list + strcspn(list, ",]");
    const bool more = *end == ',';
    *end = '\0';
    return more ? end + 1 : end;
}

/** Reads "[1,2]" or "["a","b"]". @return false where memory ran out */
static bool read_list(struct reading *reading, char *text, struct onnx_attribute *out)
{
    size_t n = 1;
    for (const char *at = text; *at != '\0'; at++) {
        n += *at == ',';
    }
    int64_t *const ints = ops_arena_zalloc(reading->arena, n, sizeof *ints);
    struct onnx_bytes *const strings = ops_arena_zalloc(reading->arena, n, sizeof *strings);
    if (ints == NULL || strings == NULL) {
        return false;
    }
    char *item = text + 1;
    for (size_t i = 0; i < n; i++) {
        char *const next = cut_item(item);
        if (out->type == ONNX_ATTRIBUTE_INTS) {
            ints[i] = strtoll(item, NULL, 10);
        } else {
            strings[i] = unquote(item);
        }
        item = next;
    }
    out->n_ints = out->type == ONNX_ATTRIBUTE_INTS ? n : 0;
    out->n_strings = out->type == ONNX_ATTRIBUTE_INTS ? 0 : n;
    out->ints = ints;
    out->strings = strings;
    return true;
}

/** Reads what stands behind the '=' of an attribute. */
static bool read_default(struct reading *reading, char *text, struct onnx_attribute *out)
{
    double number = 0;
    switch (out->type) {
    case ONNX_ATTRIBUTE_INT:
        out->i = strtoll(text, NULL, 10);
        return true;
    case ONNX_ATTRIBUTE_FLOAT:
        (void)ops_number_parse(text, &number, NULL);
        out->f = (float)number;
        return true;
    case ONNX_ATTRIBUTE_STRING:
        out->s = unquote(text);
        return true;
    default:
        return read_list(reading, text, out);
    }
}

/** "name!:KIND=DEFAULT" */
static bool read_parameter(struct reading *reading, char *token, struct ops_parameter *out)
{
    char *const colon = strchr(token, ':');
    char *const equals = colon + strcspn(colon, "=");
    out->required = colon[-1] == '!';
    out->has_default = *equals == '=';
    out->value = (struct onnx_attribute){
        .name = token,
        .ref_attr_name = "",
        .type = onnx_attribute_kind_find(colon + 1, (size_t)(equals - colon - 1)),
        .s = {"", 0}};
    colon[out->required ? -1 : 0] = '\0';
    return !out->has_default || read_default(reading, equals + 1, &out->value);
}

/** Reads all tokens behind the versions. @return false where memory ran out */
static bool read_tokens(struct reading *reading, char *text)
{
    struct ops_operator *const op = reading->op;
    struct ops_port *port = reading->ports;
    for (char *token; (token = next_token(&text)) != NULL;) {
        if (strcmp(token, "deprecated") == 0) {
            op->deprecated = true;
        } else if (strcmp(token, "->") == 0) {
            op->n_inputs = (uint32_t)(port - reading->ports);
        } else if (strcmp(token, ";") == 0) {
            break;
        } else {
            read_port(token, port++);
        }
    }
    op->n_outputs = (uint32_t)(port - reading->ports) - op->n_inputs;
    for (char *token; (token = next_token(&text)) != NULL;) {
        if (!read_parameter(reading, token, &reading->parameters[op->n_attributes++])) {
            return false;
        }
    }
    return true;
}

/** Room for all that the text of a record can hold: each part has a colon. */
static bool make_room(struct reading *reading, const char *text)
{
    const char *const divide = text + strcspn(text, ";");
    size_t n[2] = {0, 0};
    for (const char *at = text; *at != '\0'; at++) {
        n[at > divide] += *at == ':';
    }
    reading->op = ops_arena_zalloc(reading->arena, 1, sizeof *reading->op);
    reading->ports = ops_arena_zalloc(reading->arena, n[0] + 1, sizeof *reading->ports);
    reading->parameters = ops_arena_zalloc(reading->arena, n[1] + 1, sizeof *reading->parameters);
    return reading->op != NULL && reading->ports != NULL && reading->parameters != NULL;
}

/** Cuts the name off a record's copy, and the domain off the name. @return what follows */
static char *read_name(char *text, struct ops_operator *op)
{
    char *const name = next_token(&text);
    char *const colons = strstr(name, "::");
    op->domain = colons != NULL ? name : "";
    op->op_type = colons != NULL ? colons + 2 : name;
    if (colons != NULL) {
        *colons = '\0';
    }
    (void)next_token(&text); /* versions */
    return text;
}

opsig_status ops_operator_find(const struct ops_operator **out, struct ops_arena *arena,
                               const char *domain, const char *op_type, int64_t opset,
                               opsig_error *err)
{
    struct reading reading = {.arena = arena};
    int64_t since = 0;
    *out = NULL;
    const char *const form = form_at(domain, op_type, opset, &since);
    if (form == NULL) {
        return OPSIG_OK;
    }
    char *const copy = ops_arena_strndup(arena, form, (size_t)(next_record(form) - form));
    if (copy == NULL || !make_room(&reading, copy + name_len(copy))) {
        return ops_error_nomem(err);
    }
    if (!read_tokens(&reading, read_name(copy, reading.op))) {
        return ops_error_nomem(err);
    }
    reading.op->since = since;
    reading.op->inputs = reading.ports;
    reading.op->outputs = reading.ports + reading.op->n_inputs;
    reading.op->attributes = reading.parameters;
    *out = reading.op;
    return OPSIG_OK;
}

int32_t ops_port_find(const struct ops_port *ports, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(ports[i].name, name) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

const struct ops_port *ops_port_of_slot(const struct ops_port *ports, uint32_t n, uint32_t slot)
{
    if (slot < n) {
        return &ports[slot];
    }
    return n > 0 && ports[n - 1].count >= OPS_PORT_ANY ? &ports[n - 1] : NULL;
}

static int compare_parameter(const void *name, const void *parameter)
{
    return strcmp(name, ((const struct ops_parameter *)parameter)->value.name);
}

const struct ops_parameter *ops_operator_attribute(const struct ops_operator *op,
                                                   const char *name)
{
    return bsearch(name, op->attributes, op->n_attributes, sizeof *op->attributes,
                   compare_parameter);
}

const struct onnx_attribute *ops_node_attribute(const struct onnx_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->n_attributes; i++) {
        if (strcmp(node->attributes[i].name, name) == 0) {
            return &node->attributes[i];
        }
    }
    return NULL;
}

const struct onnx_attribute *ops_operator_effective(const struct ops_operator *op,
                                                    const struct onnx_node *node,
                                                    const char *name)
{
    const struct onnx_attribute *const given = ops_node_attribute(node, name);
    if (given != NULL || op == NULL) {
        return given;
    }
    const struct ops_parameter *const parameter = ops_operator_attribute(op, name);
    return parameter != NULL && parameter->has_default ? &parameter->value : NULL;
}
