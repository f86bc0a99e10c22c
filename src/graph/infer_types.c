/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Element types, by what operators.txt says of an output: "T" is the type of an input that has the
 * same letter, "@to" that of an attribute, "T2|uint8" the second where no such input is given. A
 * small recursive reader, of a text that is ours: sequences nest once. */
#include <ctype.h>
#include <string.h>

#include "graph/infer.h"

/** What an alternative comes to. */
struct typed {
    uint8_t kind;
    int32_t element_type; /* 0: unknown */
    bool silent;          /* says nothing: go on with the next alternative */
};

static struct typed evaluate(const struct ops_inference *x, const char *type, size_t len);

static struct typed tensor_of(int64_t element_type)
{
    const bool known = element_type > 0 && element_type < ONNX_N_ELEMENT_TYPES;
    return (struct typed){.kind = OPS_VALUE_TENSOR,
                          .element_type = known ? (int32_t)element_type : 0};
}

/** Is the type of a port this variable, or a sequence of it? */
static bool is_port_of(const char *type, const char *variable, size_t len, bool *out_sequence)
{
    *out_sequence = type[0] == '[';
    const char *const inside = type + *out_sequence;
    return strncmp(inside, variable, len) == 0 &&
           (inside[len] == '\0' || (*out_sequence && inside[len] == ']'));
}

/** The type of the inputs that have a variable; the first that is known. */
static struct typed of_inputs(const struct ops_inference *x, const char *variable, size_t len)
{
    const struct ops_operator *const op = x->kind->op;
    struct typed found = {.silent = true};
    for (uint32_t slot = 0; slot < x->node->n_inputs && found.element_type == 0; slot++) {
        const struct ops_port *const port = ops_port_of_slot(op->inputs, op->n_inputs, slot);
        bool sequence;
        if (port == NULL || !ops_infer_has(x, slot) ||
            !is_port_of(port->type, variable, len, &sequence)) {
            continue;
        }
        const struct ops_fact *const fact = ops_infer_fact(x, slot);
        const bool fits = !sequence || fact->kind == OPS_VALUE_SEQUENCE;
        found = (struct typed){.kind = sequence ? OPS_VALUE_TENSOR : fact->kind,
                               .element_type = fits ? fact->element_type : 0};
    }
    return found;
}

/** A type that is spelled in an attribute, "FLOAT" of Cast-1. */
static struct typed of_text(struct onnx_bytes text)
{
    char lower[16];
    size_t len = 0;
    for (; len < text.len && len < sizeof lower && text.bytes != NULL; len++) {
        lower[len] = (char)tolower((unsigned char)text.bytes[len]);
    }
    return tensor_of(len == text.len ? onnx_element_type_find(lower, len) : ONNX_UNDEFINED);
}

/** The attribute of a name that need not end with NUL. */
static const struct onnx_attribute *attribute_of(const struct ops_inference *x, const char *name,
                                                 size_t len)
{
    char copy[64];
    if (len >= sizeof copy) {
        return NULL;
    }
    memcpy(copy, name, len);
    copy[len] = '\0';
    return ops_infer_attribute(x, copy);
}

static struct typed of_attribute(const struct ops_inference *x, const char *name, size_t len)
{
    const struct onnx_attribute *const attribute = attribute_of(x, name, len);
    if (attribute == NULL || (attribute->type == ONNX_ATTRIBUTE_INT && attribute->i == 0)) {
        return (struct typed){.silent = true};
    }
    switch (attribute->type) {
    case ONNX_ATTRIBUTE_INT:
        return tensor_of(attribute->i);
    case ONNX_ATTRIBUTE_STRING:
        return of_text(attribute->s);
    default:
        return tensor_of(attribute->tensor != NULL ? attribute->tensor->data_type : 0);
    }
}

/** One alternative. */
static struct typed evaluate_one(const struct ops_inference *x, const char *type, size_t len)
{
    const char *const condition = memchr(type, '?', len);
    if (type[0] == '_') {
        return (struct typed){.kind = OPS_VALUE_UNKNOWN};
    }
    if (type[0] == '[') {
        return (struct typed){.kind = OPS_VALUE_SEQUENCE,
                              .element_type = evaluate(x, type + 1, len - 2).element_type};
    }
    if (type[0] == '@') {
        return of_attribute(x, type + 1, len - 1);
    }
    if (condition != NULL) {
        const size_t name_len = (size_t)(condition - type);
        return attribute_of(x, type, name_len) != NULL
                   ? tensor_of(onnx_element_type_find(condition + 1, len - name_len - 1))
                   : (struct typed){.silent = true};
    }
    return isupper((unsigned char)type[0]) ? of_inputs(x, type, len)
                                           : tensor_of(onnx_element_type_find(type, len));
}

static struct typed evaluate(const struct ops_inference *x, const char *type, size_t len)
{
    struct typed found = {.silent = true};
    while (len > 0 && found.silent) {
        const char *const bar = type[0] == '[' ? NULL : memchr(type, '|', len);
        const size_t one = bar != NULL ? (size_t)(bar - type) : len;
        found = evaluate_one(x, type, one);
        type += one + (bar != NULL);
        len -= one + (bar != NULL);
    }
    return found;
}

/** Adds a type to what is known; two that contradict each other are none. */
static void refine(struct ops_fact *fact, struct typed typed)
{
    if (typed.element_type != 0) {
        fact->element_type =
            fact->element_type == 0 || fact->element_type == typed.element_type
                ? typed.element_type
                : ONNX_UNDEFINED;
    }
    if (fact->kind == OPS_VALUE_UNKNOWN) {
        fact->kind = typed.kind;
    }
}

void ops_infer_types(struct ops_inference *x)
{
    const struct ops_operator *const op = x->kind->op;
    for (uint32_t slot = 0; slot < x->node->n_outputs && op != NULL; slot++) {
        const struct ops_port *const port = ops_port_of_slot(op->outputs, op->n_outputs, slot);
        const uint32_t tensor = ops_infer_output(x, slot);
        if (port != NULL && tensor != OPS_NO_TENSOR) {
            refine(&x->facts[tensor], evaluate(x, port->type, strlen(port->type)));
        }
    }
}

void ops_infer_set_type(struct ops_inference *x, uint32_t slot, uint8_t kind, int32_t element_type)
{
    const uint32_t tensor = ops_infer_output(x, slot);
    if (tensor != OPS_NO_TENSOR) {
        refine(&x->facts[tensor], (struct typed){.kind = kind, .element_type = element_type});
    }
}
