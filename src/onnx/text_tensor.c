/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names, numbers, types and tensors of the text syntax. Elements are written as raw data, the least
 * byte first. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "onnx/text_reader.h"

opsig_status onnx_text_error(struct onnx_text *text, const char *what)
{
    return ops_error_set(text->err, OPSIG_FORMAT, "syntax", text->at - text->start, "%s", what);
}

char onnx_text_peek(struct onnx_text *text)
{
    while (text->at < text->end) {
        if (*text->at == '#') {
            const char *const line = memchr(text->at, '\n', (size_t)(text->end - text->at));
            text->at = line != NULL ? line : text->end;
        } else if (memchr(" \t\r\n", *text->at, 4) == NULL) {
            return *text->at;
        } else {
            text->at++;
        }
    }
    return '\0';
}

bool onnx_text_accept(struct onnx_text *text, char c)
{
    const bool is = onnx_text_peek(text) == c && text->at < text->end;
    text->at += is;
    return is;
}

opsig_status onnx_text_expect(struct onnx_text *text, char c)
{
    if (onnx_text_accept(text, c)) {
        return OPSIG_OK;
    }
    char what[] = "' ' expected";
    what[1] = c;
    return onnx_text_error(text, what);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool onnx_text_at_name(struct onnx_text *text)
{
    const char c = onnx_text_peek(text);
    return is_letter(c) || c == '"';
}

opsig_status onnx_text_name(struct onnx_text *text, struct onnx_span *out)
{
    if (onnx_text_accept(text, '"')) {
        const char *const quote = memchr(text->at, '"', (size_t)(text->end - text->at));
        if (quote == NULL || memchr(text->at, '\n', (size_t)(quote - text->at)) != NULL) {
            return onnx_text_error(text, "a closing quote expected");
        }
        *out = (struct onnx_span){text->at, (size_t)(quote - text->at)};
        text->at = quote + 1;
        return OPSIG_OK;
    }
    if (!is_letter(onnx_text_peek(text))) {
        return onnx_text_error(text, "a name expected");
    }
    const char *const begin = text->at;
    while (text->at < text->end &&
           (is_letter(*text->at) || is_digit(*text->at) || *text->at == '.')) {
        text->at++;
    }
    *out = (struct onnx_span){begin, (size_t)(text->at - begin)};
    return OPSIG_OK;
}

/** Does `word` come next? Passes it. */
static bool accept_word(struct onnx_text *text, const char *word)
{
    const size_t len = strlen(word);
    if ((size_t)(text->end - text->at) < len || memcmp(text->at, word, len) != 0) {
        return false;
    }
    text->at += len;
    return true;
}

enum { LONGEST_NUMBER = 64 };

/** Takes digits with a point and an exponent off the text. @return whether there is neither */
static bool take_digits(struct onnx_text *text, char digits[LONGEST_NUMBER])
{
    size_t n = 0;
    bool is_integer = true;
    for (; text->at < text->end && n < LONGEST_NUMBER - 1; text->at++) {
        const char c = *text->at;
        const bool in_exponent = n > 0 && (digits[n - 1] == 'e' || digits[n - 1] == 'E');
        if (!is_digit(c) && (c == '\0' || strchr(in_exponent ? "+-" : ".eE", c) == NULL)) {
            break;
        }
        is_integer = is_integer && is_digit(c);
        digits[n++] = c;
    }
    digits[n] = '\0';
    return is_integer;
}

static opsig_status read_digits(struct onnx_text *text, bool negative, struct onnx_literal *out)
{
    char digits[LONGEST_NUMBER];
    const char *const begin = text->at;
    uint64_t magnitude = 0;
    out->is_integer = take_digits(text, digits);
    if (ops_number_parse(digits, &out->f, NULL) != OPSIG_OK ||
        (out->is_integer &&
         ops_number_parse_u64(digits, UINT64_MAX, &magnitude, NULL) != OPSIG_OK)) {
        text->at = begin;
        return onnx_text_error(text, digits[0] == '\0' ? "a number expected"
                                                       : "this number cannot be read");
    }
    out->i = (int64_t)(negative ? 0 - magnitude : magnitude);
    out->f = negative ? -out->f : out->f;
    return OPSIG_OK;
}

opsig_status onnx_text_number(struct onnx_text *text, struct onnx_literal *out)
{
    const bool negative = onnx_text_accept(text, '-');
    *out = (struct onnx_literal){.is_integer = false};
    if (accept_word(text, "inf")) {
        out->f = negative ? -INFINITY : INFINITY;
    } else if (accept_word(text, "nan")) {
        out->f = NAN;
    } else {
        return read_digits(text, negative, out);
    }
    return OPSIG_OK;
}

enum onnx_element_type onnx_text_type(struct onnx_text *text)
{
    (void)onnx_text_peek(text);
    const char *end = text->at;
    while (end < text->end && (is_letter(*end) || is_digit(*end))) {
        end++;
    }
    const enum onnx_element_type type =
        onnx_element_type_find(text->at, (size_t)(end - text->at));
    if (type != ONNX_UNDEFINED) {
        text->at = end;
    }
    return type;
}

static opsig_status read_dim(struct onnx_text *text, struct onnx_message *dim)
{
    if (onnx_text_accept(text, '?')) {
        return OPSIG_OK;
    }
    if (onnx_text_at_name(text)) {
        struct onnx_span name;
        const opsig_status status = onnx_text_name(text, &name);
        if (status == OPSIG_OK) {
            onnx_message_add_bytes(dim, TEXT_DIM_PARAM, name.bytes, name.len);
        }
        return status;
    }
    struct onnx_literal number;
    const opsig_status status = onnx_text_number(text, &number);
    if (status == OPSIG_OK && (!number.is_integer || number.i < 0)) {
        return onnx_text_error(text, "a dimension is a number, a name or ?");
    }
    onnx_message_add_int(dim, TEXT_DIM_VALUE, number.i);
    return status;
}

opsig_status onnx_text_shape(struct onnx_text *text, bool *out_present,
                             struct onnx_message *shape)
{
    opsig_status status = OPSIG_OK;
    *out_present = onnx_text_accept(text, '[');
    if (!*out_present || onnx_text_accept(text, ']')) {
        return OPSIG_OK;
    }
    do {
        struct onnx_message dim;
        onnx_message_init(&dim);
        status = read_dim(text, &dim);
        onnx_message_add_message(shape, TEXT_SHAPE_DIM, &dim);
        onnx_message_dispose(&dim);
        if (status != OPSIG_OK) {
            return status;
        }
    } while (onnx_text_accept(text, ','));
    return onnx_text_expect(text, ']');
}

/** Dimensions of a tensor that has values, added to its message. */
static opsig_status read_dims(struct onnx_text *text, struct onnx_message *tensor,
                              uint64_t *out_elements)
{
    *out_elements = 1;
    if (!onnx_text_accept(text, '[') || onnx_text_accept(text, ']')) {
        return OPSIG_OK;
    }
    do {
        struct onnx_literal number;
        const opsig_status status = onnx_text_number(text, &number);
        if (status != OPSIG_OK) {
            return status;
        }
        if (!number.is_integer || number.i < 0 ||
            __builtin_mul_overflow(*out_elements, (uint64_t)number.i, out_elements) ||
            *out_elements > ONNX_TEXT_MAX_ELEMENTS) {
            return onnx_text_error(text, "a tensor with values has at most 1048576 elements");
        }
        onnx_message_add_int(tensor, TEXT_TENSOR_DIMS, number.i);
    } while (onnx_text_accept(text, ','));
    return onnx_text_expect(text, ']');
}

/** To the nearest whole number, ties to even. */
static uint64_t nearest(double size)
{
    const uint64_t whole = (uint64_t)size;
    const double rest = size - (double)whole;
    return whole + (rest > 0.5 || (rest == 0.5 && (whole & 1U) != 0));
}

/** The 16 bits of a half-precision number, rounded to the nearest, ties to even. */
static uint64_t half_bits(double value)
{
    const uint64_t sign = signbit(value) != 0 ? 0x8000 : 0;
    const double size = fabs(value);
    if (isnan(value)) {
        return 0x7e00;
    }
    if (size >= 65520) {
        return sign | 0x7c00;
    }
    if (size < 0x1p-14) {
        return sign | nearest(size * 0x1p24);
    }
    int exponent;
    const double fraction = frexp(size, &exponent); /* 0.5 <= fraction < 1 */
    return sign | (((uint64_t)(exponent + 14) << 10) + nearest(fraction * 2048) - 1024);
}

/** The upper half of a float's bits, rounded to the nearest. */
static uint64_t bfloat_bits(double value)
{
    const float narrow = (float)value;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    return isnan(value) ? 0x7fc0 : (bits + 0x7fffU + (bits >> 16 & 1U)) >> 16;
}

/** The bits of an element. */
static uint64_t element_bits(enum onnx_element_type type, const struct onnx_literal *literal)
{
    uint64_t bits = 0;
    if (type == ONNX_FLOAT) {
        const float value = (float)literal->f;
        uint32_t narrow;
        memcpy(&narrow, &value, sizeof narrow);
        bits = narrow;
    } else if (type == ONNX_DOUBLE) {
        memcpy(&bits, &literal->f, sizeof bits);
    } else if (type == ONNX_FLOAT16) {
        bits = half_bits(literal->f);
    } else if (type == ONNX_BFLOAT16) {
        bits = bfloat_bits(literal->f);
    } else {
        bits = (uint64_t)literal->i;
    }
    return bits;
}

static bool is_real(enum onnx_element_type type)
{
    return type == ONNX_FLOAT || type == ONNX_DOUBLE || type == ONNX_FLOAT16 ||
           type == ONNX_BFLOAT16;
}

static bool is_whole(enum onnx_element_type type)
{
    return (type >= ONNX_UINT8 && type <= ONNX_INT64) || type == ONNX_BOOL ||
           type == ONNX_UINT32 || type == ONNX_UINT64 || type == ONNX_UINT4 || type == ONNX_INT4;
}

/** Raw data in the making. */
struct raw {
    struct ops_buffer bytes;
    unsigned bits; /* of an element */
    bool half;     /* the last byte holds one of two 4-bit elements */
};

static void add_element(struct raw *raw, uint64_t bits)
{
    if (raw->bits == 4 && raw->half && raw->bytes.status == OPSIG_OK) {
        raw->bytes.bytes[raw->bytes.len - 1] |= (char)((bits & 0xf) << 4);
        raw->half = false;
        return;
    }
    raw->half = raw->bits == 4;
    bits &= raw->half ? 0xf : UINT64_MAX;
    for (unsigned shift = 0; shift < raw->bits; shift += 8) {
        const char byte = (char)(bits >> shift);
        ops_buffer_add(&raw->bytes, &byte, 1);
    }
}

/** The values in braces; a single one stands for all. */
static opsig_status read_elements(struct onnx_text *text, enum onnx_element_type type, uint64_t n,
                                  struct raw *raw)
{
    uint64_t got = 0;
    uint64_t last = 0;
    if (onnx_text_peek(text) == '}') {
        return n == 0 ? OPSIG_OK : onnx_text_error(text, "a value expected");
    }
    do {
        struct onnx_literal literal;
        const opsig_status status = onnx_text_number(text, &literal);
        if (status != OPSIG_OK) {
            return status;
        }
        if (is_whole(type) && !literal.is_integer) {
            return onnx_text_error(text, "a whole number expected");
        }
        last = element_bits(type, &literal);
        if (got++ < n) {
            add_element(raw, last);
        }
    } while (onnx_text_accept(text, ','));
    for (; got == 1 && raw->bytes.status == OPSIG_OK && n > 1; n--) {
        add_element(raw, last);
    }
    if (got != 1 && got != n) {
        return onnx_text_error(text, "another number of values than the shape has elements");
    }
    return ops_buffer_status(&raw->bytes, text->err);
}

/** Texts in braces. */
static opsig_status read_strings(struct onnx_text *text, uint64_t n, struct onnx_message *out)
{
    uint64_t got = 0;
    while (onnx_text_peek(text) == '"') {
        struct onnx_span string;
        const opsig_status status = onnx_text_name(text, &string);
        if (status != OPSIG_OK) {
            return status;
        }
        onnx_message_add_bytes(out, TEXT_TENSOR_STRING_DATA, string.bytes, string.len);
        got++;
        if (!onnx_text_accept(text, ',')) {
            break;
        }
    }
    return got == n ? OPSIG_OK : onnx_text_error(text, "as many texts as elements expected");
}

static opsig_status read_values(struct onnx_text *text, enum onnx_element_type type, uint64_t n,
                                struct onnx_message *out)
{
    opsig_status status = OPSIG_OK;
    struct raw raw = {.bits = onnx_element_type_bits(type)};
    ops_buffer_init(&raw.bytes, ONNX_TEXT_MAX_ELEMENTS * sizeof(uint64_t));
    text->n_elements += n;
    if (text->n_elements > ONNX_TEXT_MAX_ELEMENTS) {
        return onnx_text_error(text, "the tensors have more than 1048576 elements in all");
    }
    TRY(onnx_text_expect(text, '{'));
    if (type == ONNX_STRING) {
        TRY(read_strings(text, n, out));
    } else if (!is_real(type) && !is_whole(type)) {
        status = onnx_text_error(text, "values of this type cannot be written as text");
        goto done;
    } else {
        TRY(read_elements(text, type, n, &raw));
        onnx_message_add_bytes(out, TEXT_TENSOR_RAW_DATA, ops_buffer_text(&raw.bytes),
                               raw.bytes.len);
    }
    TRY(onnx_text_expect(text, '}'));
done:
    ops_buffer_dispose(&raw.bytes);
    return status;
}

opsig_status onnx_text_tensor(struct onnx_text *text, enum onnx_element_type type,
                              struct onnx_span name, struct onnx_message *out)
{
    opsig_status status = OPSIG_OK;
    uint64_t n;
    TRY(read_dims(text, out, &n));
    onnx_message_add_int(out, TEXT_TENSOR_DATA_TYPE, type);
    if (name.len > 0) {
        onnx_message_add_bytes(out, TEXT_TENSOR_NAME, name.bytes, name.len);
    }
    if (name.len == 0 && onnx_text_at_name(text)) {
        TRY(onnx_text_name(text, &name));
    }
    TRY(read_values(text, type, n, out));
done:
    return status;
}

opsig_status onnx_text_values(struct onnx_text *text, enum onnx_element_type type,
                              const char *shape_text, struct onnx_span name,
                              struct onnx_message *out)
{
    opsig_status status = OPSIG_OK;
    const char *const values = text->at;
    uint64_t n;
    text->at = shape_text;
    TRY(read_dims(text, out, &n));
    text->at = values;
    onnx_message_add_int(out, TEXT_TENSOR_DATA_TYPE, type);
    onnx_message_add_bytes(out, TEXT_TENSOR_NAME, name.bytes, name.len);
    TRY(read_values(text, type, n, out));
done:
    return status;
}
