/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A symbol of the alphabet op is the op_type, with the domain in front where it is not ai.onnx:
 * "Cast", "com.microsoft::Gelu". One of op+attr adds the attributes that semantic_attributes.c
 * lists, with the values that hold, the operator's defaults included: "Cast{to=int64}"; and, of an
 * operator with several outputs, which of them are read: "TopK{largest=1,sorted=1,used=01}". What
 * has none of these has one symbol for both. Different operators never share a symbol: the
 * characters that have a meaning in symbols are escaped by a backslash where a name holds them. */
#include "graph/alphabet.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/vec.h"
#include "graph/put.h"

/* AttributeProto.AttributeType */
enum { FLOAT = 1, INT = 2, STRING = 3, TENSOR = 4, FLOATS = 6, INTS = 7, STRINGS = 8 };

enum {
    N_RECENT = 256,          /* kinds that are found without the table */
    LONGEST_LIST = 8,        /* numbers that are spelled out */
    LONGEST_STRING = 64,     /* bytes of a string that are spelled out */
    LONGEST_SYMBOL = 1 << 20 /* bytes; names have a limit of their own */
};

struct ops_speller {
    const opsig_model *model;
    struct ops_intern *kind_ids; /* domain NUL op_type */
    struct ops_intern *symbols;
    OPS_VEC(struct ops_kind) kinds;
    uint32_t recent[N_RECENT]; /* by the look of the op_type: a kind's number + 1, 0: none */
    struct ops_buffer text, scratch;
};

bool ops_is_constant(const struct onnx_node *node)
{
    return node->domain[0] == '\0' && strcmp(node->op_type, "Constant") == 0;
}

int64_t ops_opset_of(const opsig_model *model, const char *domain)
{
    for (size_t i = model->n_opsets; i > 0; i--) {
        const struct onnx_opset *const opset = &model->opsets[i - 1];
        const char *const name = strcmp(opset->domain, "ai.onnx") == 0 ? "" : opset->domain;
        if (strcmp(name, domain) == 0) {
            return opset->version;
        }
    }
    return 1;
}

opsig_status ops_speller_new(struct ops_speller **out, const opsig_model *model, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = NULL;
    struct ops_speller *speller = ops_mem_zalloc(1, sizeof *speller);
    if (speller == NULL) {
        return ops_error_nomem(err);
    }
    speller->model = model;
    ops_buffer_init(&speller->text, LONGEST_SYMBOL);
    ops_buffer_init(&speller->scratch, LONGEST_SYMBOL);
    TRY(ops_intern_new(&speller->kind_ids, err));
    TRY(ops_intern_new(&speller->symbols, err));
    *out = speller;
    speller = NULL;
done:
    ops_speller_free(speller);
    return status;
}

void ops_speller_free(struct ops_speller *speller)
{
    if (speller == NULL) {
        return;
    }
    ops_intern_free(speller->kind_ids);
    ops_intern_free(speller->symbols);
    ops_vec_dispose(&speller->kinds);
    ops_buffer_dispose(&speller->text);
    ops_buffer_dispose(&speller->scratch);
    ops_mem_free(speller);
}

uint32_t ops_speller_n_kinds(const struct ops_speller *speller)
{
    return (uint32_t)speller->kinds.len;
}

const struct ops_kind *ops_speller_kinds(const struct ops_speller *speller)
{
    return speller->kinds.items;
}

const struct ops_intern *ops_speller_table(const struct ops_speller *speller)
{
    return speller->symbols;
}

/** A domain or op_type, so that the separators of symbols cannot be part of it. */
static void put_escaped(struct ops_buffer *out, const char *name)
{
    for (size_t n; *name != '\0'; name += n) {
        n = strcspn(name, "\\:{}");
        ops_buffer_add(out, name, n);
        if (name[n] != '\0') {
            const char escaped[2] = {'\\', name[n]};
            ops_buffer_add(out, escaped, sizeof escaped);
            n++;
        }
    }
}

static void put_operator(struct ops_buffer *out, const struct ops_kind *kind)
{
    if (kind->domain[0] != '\0') {
        put_escaped(out, kind->domain);
        ops_buffer_puts(out, "::");
    }
    put_escaped(out, kind->op_type);
}

static opsig_status add_kind(struct ops_speller *speller, const struct onnx_node *node,
                             opsig_error *err)
{
    struct ops_kind kind = {.domain = node->domain,
                            .op_type = node->op_type,
                            .semantics = ops_semantic_find(node->domain, node->op_type),
                            .symbol = OPS_NO_SYMBOL,
                            .bare = OPS_NO_SYMBOL,
                            .is_constant = ops_is_constant(node)};
    if (kind.semantics != NULL) {
        kind.opset = ops_opset_of(speller->model, node->domain);
    }
    return ops_vec_push(&speller->kinds, kind, err);
}

/** A place among the recent kinds: few operators share their length and first bytes. */
static size_t place_of(const char *op_type)
{
    const size_t len = strlen(op_type);
    size_t look = len * 31;
    for (size_t i = 0; i < len && i < 4; i++) {
        look = look * 31 + (unsigned char)op_type[i];
    }
    return look % N_RECENT;
}

static bool is_kind(const struct ops_kind *kind, const struct onnx_node *node)
{
    return strcmp(kind->op_type, node->op_type) == 0 && strcmp(kind->domain, node->domain) == 0;
}

opsig_status ops_speller_kind(struct ops_speller *speller, const struct onnx_node *node,
                              uint32_t *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t *const recent = &speller->recent[place_of(node->op_type)];
    if (*recent > 0 && is_kind(&speller->kinds.items[*recent - 1], node)) {
        *out = *recent - 1;
        return OPSIG_OK;
    }
    struct ops_buffer *const key = &speller->text;
    ops_buffer_clear(key);
    ops_buffer_add(key, node->domain, strlen(node->domain) + 1);
    ops_buffer_puts(key, node->op_type);
    TRY(ops_buffer_status(key, err));
    TRY(ops_intern_put(speller->kind_ids, key->bytes, key->len, out, err));
    if (*out == speller->kinds.len) {
        TRY(add_kind(speller, node, err));
    }
    *recent = *out + 1;
done:
    return status;
}

static const struct onnx_attribute *find_attribute(const struct onnx_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->n_attributes; i++) {
        if (strcmp(node->attributes[i].name, name) == 0) {
            return &node->attributes[i];
        }
    }
    return NULL;
}

/** The shortest text that reads back to the same float. */
static void put_float(struct ops_buffer *out, float number)
{
    enum { FEWEST = 6, MOST = 9, ROOM = 32 };
    char text[ROOM];
    for (int digits = FEWEST; digits <= MOST; digits++) {
        double back;
        ops_number_format_digits((double)number, digits, text);
        if (ops_number_parse(text, &back, NULL) != OPSIG_OK ||
            !((float)back < number || (float)back > number)) {
            break;
        }
    }
    ops_buffer_puts(out, text);
}

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("_.+-/", c) != NULL);
}

static void put_quoted(struct ops_buffer *out, const char *bytes, size_t len)
{
    ops_buffer_puts(out, "\"");
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if (c < ' ' || c == 0x7f) {
            ops_buffer_printf(out, "\\x%02x", c);
            continue;
        }
        if (c == '"' || c == '\\') {
            ops_buffer_puts(out, "\\");
        }
        ops_buffer_add(out, &bytes[i], 1);
    }
    ops_buffer_puts(out, "\"");
}

static void put_string(struct ops_buffer *out, struct onnx_bytes string)
{
    const size_t len = string.len < LONGEST_STRING ? string.len : LONGEST_STRING;
    bool plain = len > 0;
    for (size_t i = 0; i < len && plain; i++) {
        plain = is_plain(string.bytes[i]);
    }
    if (plain) {
        ops_buffer_add(out, string.bytes, len);
    } else {
        put_quoted(out, string.bytes, len);
    }
    if (len < string.len) {
        ops_buffer_puts(out, "...");
    }
}

/** One item of a list. */
static void put_item(struct ops_buffer *out, const struct onnx_attribute *a, size_t i)
{
    if (a->type == INTS) {
        ops_put_i64(out, a->ints[i]);
    } else if (a->type == FLOATS) {
        put_float(out, a->floats[i]);
    } else {
        put_string(out, a->strings[i]);
    }
}

static void put_list(struct ops_buffer *out, const struct onnx_attribute *a)
{
    const size_t n = a->type == INTS ? a->n_ints : a->type == FLOATS ? a->n_floats : a->n_strings;
    ops_buffer_puts(out, "[");
    if (n > LONGEST_LIST) {
        ops_buffer_puts(out, "n=");
        ops_put_i64(out, (int64_t)n);
    }
    for (size_t i = 0; i < n && n <= LONGEST_LIST; i++) {
        ops_buffer_add(out, ";", i > 0);
        put_item(out, a, i);
    }
    ops_buffer_puts(out, "]");
}

static void put_raw(struct ops_buffer *out, const struct onnx_attribute *a)
{
    switch (a->type) {
    case FLOAT:
        put_float(out, a->f);
        break;
    case INT:
        ops_put_i64(out, a->i);
        break;
    case STRING:
        put_string(out, a->s);
        break;
    case FLOATS:
    case INTS:
    case STRINGS:
        put_list(out, a);
        break;
    default:
        ops_buffer_puts(out, "?");
        break;
    }
}

static void put_lower(struct ops_buffer *out, const struct onnx_attribute *a)
{
    const size_t start = out->len;
    put_raw(out, a);
    for (size_t i = start; i < out->len; i++) {
        if (out->bytes[i] >= 'A' && out->bytes[i] <= 'Z') {
            out->bytes[i] = (char)(out->bytes[i] - 'A' + 'a');
        }
    }
}

static void put_type(struct ops_buffer *out, const struct onnx_attribute *a, const char *fallback)
{
    /* TensorProto.DataType */
    static const char *const names[] = {
        [1] = "float",       [2] = "uint8",           [3] = "int8",
        [4] = "uint16",      [5] = "int16",           [6] = "int32",
        [7] = "int64",       [8] = "string",          [9] = "bool",
        [10] = "float16",    [11] = "double",         [12] = "uint32",
        [13] = "uint64",     [14] = "complex64",      [15] = "complex128",
        [16] = "bfloat16",   [17] = "float8e4m3fn",   [18] = "float8e4m3fnuz",
        [19] = "float8e5m2", [20] = "float8e5m2fnuz", [21] = "uint4",
        [22] = "int4",       [23] = "float4e2m1",     [24] = "float8e8m0",
        [25] = "uint2",      [26] = "int2",
    };
    const int64_t n_names = sizeof names / sizeof names[0];
    if (a->type == STRING) { /* Cast-1 names the type */
        put_lower(out, a);
        return;
    }
    if (a->type != INT && (a->type != TENSOR || a->tensor == NULL)) {
        ops_buffer_puts(out, "?");
        return;
    }
    const int64_t type = a->type == INT ? a->i : a->tensor->data_type;
    if (type > 0 && type < n_names) {
        ops_buffer_puts(out, names[type]);
    } else if (type == 0) {
        ops_buffer_puts(out, fallback);
    } else {
        ops_put_i64(out, type);
    }
}

static const char *axis_class(const struct onnx_attribute *a)
{
    if (a->type != INT) {
        return "?";
    }
    if (a->i < 0) {
        return a->i == -1 ? "last" : "negative";
    }
    return a->i == 0 ? "first" : "positive";
}

/** Padding is listed as the begins of all axes, then the ends. */
static const char *padding_class(const struct onnx_attribute *a)
{
    bool any = false;
    bool equal = true;
    const size_t half = a->n_ints / 2;
    for (size_t i = 0; i < half; i++) {
        any = any || a->ints[i] != 0 || a->ints[half + i] != 0;
        equal = equal && a->ints[i] == a->ints[half + i];
    }
    return !any ? "none" : equal ? "symmetric" : "asymmetric";
}

/** Do all numbers of an attribute equal one? */
static bool all_equal(const struct onnx_attribute *a, int64_t number)
{
    for (size_t i = 0; i < a->n_ints; i++) {
        if (a->ints[i] != number) {
            return false;
        }
    }
    if (a->type == FLOAT) {
        const float f = (float)number;
        return !(a->f < f || a->f > f);
    }
    return a->type != INT || a->i == number;
}

static bool is_near(const struct onnx_attribute *a, const char *fallback)
{
    double number;
    if (a->type != FLOAT || ops_number_parse(fallback, &number, NULL) != OPSIG_OK) {
        return false;
    }
    const double tolerance = 1e-4;
    return fabs((double)a->f - number) <= tolerance * fabs(number);
}

/** The largest floats are how a bound that bounds nothing is written. */
static bool is_no_bound(const struct onnx_attribute *a)
{
    return a->type == FLOAT && fabsf(a->f) >= FLT_MAX;
}

static void put_interpolation(struct ops_buffer *out, const struct onnx_attribute *a)
{
    const size_t start = out->len;
    put_raw(out, a);
    const char *const text = ops_buffer_text(out) + start;
    if (out->len >= start && strcmp(text, "bilinear") == 0) {
        out->len = start;
        ops_buffer_puts(out, "linear");
    } else if (out->len >= start && strcmp(text, "bicubic") == 0) {
        out->len = start;
        ops_buffer_puts(out, "cubic");
    }
}

static void put_present(struct ops_buffer *out, const struct ops_semantic_attribute *row,
                        const char *fallback, const struct onnx_attribute *a)
{
    switch (row->transform) {
    case OPS_RAW:
    case OPS_WRITTEN:
        put_raw(out, a);
        break;
    case OPS_TYPE:
        put_type(out, a, fallback);
        break;
    case OPS_AXIS:
        ops_buffer_puts(out, axis_class(a));
        break;
    case OPS_PADDING:
        ops_buffer_puts(out, padding_class(a));
        break;
    case OPS_ONE:
        ops_buffer_puts(out, all_equal(a, 1) ? "1" : "many");
        break;
    case OPS_ZERO:
        ops_buffer_puts(out, all_equal(a, 0) ? "0" : "many");
        break;
    case OPS_DEFAULT:
        ops_buffer_puts(out, is_near(a, fallback) ? "default" : "other");
        break;
    case OPS_GIVEN:
        ops_buffer_puts(out, is_no_bound(a) ? fallback : "given");
        break;
    case OPS_LOWER:
        put_lower(out, a);
        break;
    case OPS_INTERPOLATION:
        put_interpolation(out, a);
        break;
    }
}

/** The value that holds for a node. */
static void put_value(struct ops_buffer *out, const struct ops_semantic_attribute *row,
                      int64_t opset, const struct onnx_node *node)
{
    const char *const fallback =
        row->earlier != NULL && opset < row->changed ? row->earlier : row->fallback;
    const struct onnx_attribute *const attribute = find_attribute(node, row->name);
    if (attribute != NULL) {
        put_present(out, row, fallback, attribute);
    } else {
        ops_buffer_puts(out, row->transform == OPS_DEFAULT ? "default" : fallback);
    }
}

static bool applies(struct ops_speller *speller, const struct ops_semantic_attribute *row,
                    const struct ops_kind *kind, const struct onnx_node *node)
{
    if (row->last != 0 && kind->opset > row->last) {
        return false;
    }
    if (row->when == NULL) {
        return true;
    }
    const struct ops_semantic_attribute *other = kind->semantics->attributes;
    while (strcmp(other->name, row->when) != 0) {
        other++;
    }
    ops_buffer_clear(&speller->scratch);
    put_value(&speller->scratch, other, kind->opset, node);
    return strcmp(ops_buffer_text(&speller->scratch), row->becomes) == 0;
}

static opsig_status intern_text(struct ops_speller *speller, uint32_t *out, opsig_error *err)
{
    const opsig_status status = ops_buffer_status(&speller->text, err);
    return status == OPSIG_OK ? ops_intern_put(speller->symbols, ops_buffer_text(&speller->text),
                                               speller->text.len, out, err)
                              : status;
}

/** Begins the next entry of a symbol's list. */
static void put_entry(struct ops_buffer *out, const char **before, const char *name)
{
    ops_buffer_puts(out, *before);
    ops_buffer_puts(out, name);
    ops_buffer_puts(out, "=");
    *before = ",";
}

/** Which of a node's outputs are read: "01" for a TopK whose indices alone are. */
static void put_used(struct ops_buffer *out, uint32_t n_outputs, uint64_t used)
{
    enum { TOLD_APART = 64 };
    for (uint32_t slot = 0; slot < n_outputs && slot < TOLD_APART; slot++) {
        ops_buffer_puts(out, used >> slot & 1 ? "1" : "0");
    }
}

/** The symbol with attributes; without any that apply, the operator's. */
static void spell(struct ops_speller *speller, const struct ops_kind *kind,
                  const struct onnx_node *node, uint64_t used)
{
    static const struct ops_semantic_attribute none = {.name = NULL};
    struct ops_buffer *const out = &speller->text;
    ops_buffer_clear(out);
    put_operator(out, kind);
    const char *before = "{";
    const struct ops_semantic_attribute *row =
        kind->semantics == NULL ? &none : kind->semantics->attributes;
    for (; row->name != NULL; row++) {
        if (applies(speller, row, kind, node)) {
            put_entry(out, &before, row->name);
            put_value(out, row, kind->opset, node);
        }
    }
    if (node->n_outputs > 1) {
        put_entry(out, &before, "used");
        put_used(out, node->n_outputs, used);
    }
    if (before[0] == ',') {
        ops_buffer_puts(out, "}");
    }
}

opsig_status ops_speller_symbols(struct ops_speller *speller, const struct onnx_node *node,
                                 uint32_t kind_id, uint64_t used,
                                 uint32_t out[OPS_N_ALPHABETS], opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_kind *const kind = &speller->kinds.items[kind_id];
    if (kind->symbol == OPS_NO_SYMBOL && !kind->is_constant) {
        ops_buffer_clear(&speller->text);
        put_operator(&speller->text, kind);
        TRY(intern_text(speller, &kind->symbol, err));
    }
    out[OPSIG_ALPHABET_OP] = out[OPSIG_ALPHABET_OP_ATTR] = kind->symbol;
    const bool is_bare = node->n_attributes == 0 && node->n_outputs <= 1;
    if (is_bare && kind->bare != OPS_NO_SYMBOL) {
        out[OPSIG_ALPHABET_OP_ATTR] = kind->bare;
    } else if (!kind->is_constant && (kind->semantics != NULL || node->n_outputs > 1)) {
        spell(speller, kind, node, used);
        TRY(intern_text(speller, &out[OPSIG_ALPHABET_OP_ATTR], err));
        kind->bare = is_bare ? out[OPSIG_ALPHABET_OP_ATTR] : kind->bare;
    }
done:
    return status;
}
