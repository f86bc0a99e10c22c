/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests:
 *
 *      test        conjunction { "or" conjunction }
 *      conjunction negation { "and" negation }
 *      negation    "not" negation | comparison
 *      comparison  sum [ relation sum | [ "not" ] "in" "{" sum { "," sum } "}" ]
 *      sum         product { ( "+" | "-" ) product }
 *      product     sign { ( "*" | "/" | "%" ) sign }
 *      sign        "-" sign | item
 *      item        primary { "[" ( sum | [ sum ] ":" [ sum ] ) "]" }
 *      primary     NUMBER | STRING | TYPE | TENSOR | NAME [ "." NAME ] | list
 *                  | "(" test ")" | FUNCTION "(" [ argument { "," argument } ] ")"
 *
 * Inside the brackets of a node a bare name is a field of that node, and _ is the node. */
#include "rules/parser.h"

#include <math.h>
#include <string.h>

#include <opsig/nearest.h>

#include "base/mem.h"
#include "onnx/element_type.h"

static opsig_status read_sum(struct ops_rule_parser *p, const struct ops_expression **out);

/** Keeps an expression. */
static opsig_status keep(struct ops_rule_parser *p, const struct ops_expression *expression,
                         const struct ops_expression **out)
{
    const void *kept;
    const opsig_status status = ops_parser_keep(p, expression, 1, sizeof *expression, &kept);
    *out = kept;
    return status;
}

/** Makes an expression of the arguments on the stack from `first` on. */
static opsig_status make(struct ops_rule_parser *p, struct ops_expression expression, size_t first,
                         const struct ops_expression **out)
{
    opsig_status status = OPSIG_OK;
    const void *args;
    expression.n_args = (uint32_t)(p->args.len - first);
    expression.depth = 1;
    for (size_t i = first; i < p->args.len; i++) {
        const struct ops_expression *const arg = p->args.items[i];
        if (arg != NULL && arg->depth >= expression.depth) {
            expression.depth = arg->depth + 1;
        }
    }
    expression.place = ops_parser_since(p, expression.place.at);
    if (expression.depth > OPS_RULE_MAX_DEPTH || expression.n_args > OPS_RULE_MAX_LIST) {
        return ops_pack_error(p->pack, expression.place, p->err,
                              "this is too long or nested too deeply");
    }
    TRY(ops_parser_keep(p, ops_vec_from(&p->args, first), expression.n_args,
                        sizeof *expression.args, &args));
    expression.args = args;
    p->args.len = first;
    TRY(keep(p, &expression, out));
done:
    return status;
}

/** One level down. Leave by p->depth--. */
static opsig_status enter(struct ops_rule_parser *p)
{
    if (p->depth == OPS_RULE_MAX_DEPTH) {
        return ops_pack_error(p->pack, p->token.place, p->err, "nested more than %d levels deep",
                              OPS_RULE_MAX_DEPTH);
    }
    p->depth++;
    return OPSIG_OK;
}

static opsig_status push(struct ops_rule_parser *p, const struct ops_expression *expression)
{
    return ops_vec_push(&p->args, expression, p->err);
}

/** Items up to a closing sign, which is taken, onto the stack. */
static opsig_status read_items(struct ops_rule_parser *p, int closing, const char *what)
{
    opsig_status status = OPSIG_OK;
    const size_t first = p->args.len;
    if (ops_parser_accept(p, closing)) {
        return OPSIG_OK;
    }
    do {
        const struct ops_expression *item;
        TRY(read_sum(p, &item));
        TRY(push(p, item));
        if (p->args.len - first > OPS_RULE_MAX_LIST) {
            status = ops_pack_error(p->pack, item->place, p->err, "a list has at most %d items",
                                    OPS_RULE_MAX_LIST);
            goto done;
        }
    } while (ops_parser_accept(p, OPS_TOKEN_SIGN + ','));
    TRY(ops_parser_expect(p, closing, what));
done:
    return status;
}

static opsig_status read_list(struct ops_rule_parser *p, const struct ops_expression **out)
{
    const struct ops_expression list = {.kind = OPS_EXPR_LIST, .place = p->token.place};
    const size_t first = p->args.len;
    ops_parser_advance(p);
    const opsig_status status = read_items(p, OPS_TOKEN_SIGN + ']', "',' or ']'");
    return status == OPSIG_OK ? make(p, list, first, out) : status;
}

/** The node that a name stands for here: `_` is that of the brackets. */
static uint32_t find_node(const struct ops_rule_parser *p, struct ops_place name)
{
    const bool itself = name.len == 1 && p->lexer.text[name.at] == '_';
    return itself && p->current != OPS_NO_ELEMENT ? p->current : ops_parser_element(p, name);
}

/** A node as an argument. */
static opsig_status read_element(struct ops_rule_parser *p, const struct ops_expression **out)
{
    struct ops_expression element = {.kind = OPS_EXPR_ELEMENT, .place = p->token.place,
                                     .depth = 1};
    const opsig_status status = ops_parser_expect(p, OPS_TOKEN_NAME, "the name of a node");
    if (status != OPSIG_OK) {
        return status;
    }
    element.index = find_node(p, element.place);
    if (element.index == OPS_NO_ELEMENT) {
        return ops_pack_error(p->pack, element.place, p->err, "no node is called %.*s",
                              (int)element.place.len, p->lexer.text + element.place.at);
    }
    return keep(p, &element, out);
}

static opsig_status read_tensor(struct ops_rule_parser *p, const struct ops_expression **out)
{
    struct ops_expression tensor = {.kind = OPS_EXPR_TENSOR, .place = p->token.place, .depth = 1};
    const opsig_status status = ops_parser_tensor(p, p->token.place, &tensor.index);
    ops_parser_advance(p);
    return status == OPSIG_OK ? keep(p, &tensor, out) : status;
}

static bool relation_of(const struct ops_rule_parser *p, enum ops_relation *out)
{
    static const struct {
        int kind;
        enum ops_relation relation;
    } relations[] = {{OPS_TOKEN_EQ, OPS_EQ},        {OPS_TOKEN_NE, OPS_NE},
                     {OPS_TOKEN_SIGN + '<', OPS_LT}, {OPS_TOKEN_LE, OPS_LE},
                     {OPS_TOKEN_SIGN + '>', OPS_GT}, {OPS_TOKEN_GE, OPS_GE}};
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (p->token.kind == relations[i].kind) {
            *out = relations[i].relation;
            return true;
        }
    }
    return false;
}

static opsig_status read_argument(struct ops_rule_parser *p, char type)
{
    opsig_status status = OPSIG_OK;
    const struct ops_expression *arg = NULL;
    if (type == OPS_TYPE_OPERATORS) {
        struct ops_expression names = {.kind = OPS_EXPR_OPERATORS, .place = p->token.place,
                                       .depth = 1};
        TRY(ops_parse_operators(p, &names.operators));
        names.place = ops_parser_since(p, names.place.at);
        TRY(keep(p, &names, &arg));
    } else if (type == OPS_TYPE_ELEMENT ||
               (type == OPS_TYPE_SOURCE && p->token.kind != OPS_TOKEN_TENSOR)) {
        TRY(read_element(p, &arg));
    } else {
        TRY(read_sum(p, &arg));
        enum ops_relation relation;
        if (type == OPS_TYPE_VALUE && relation_of(p, &relation)) {
            status = ops_pack_error(p->pack, p->token.place, p->err,
                                    "compare behind the parenthesis: any(x) < 0");
            goto done;
        }
    }
    TRY(push(p, arg));
done:
    return status;
}

/** The arguments of a call, from behind the opening parenthesis. */
static opsig_status read_arguments(struct ops_rule_parser *p, const struct ops_function *function)
{
    opsig_status status = OPSIG_OK;
    const size_t max = strlen(function->args);
    for (size_t i = 0; i < max; i++) {
        if (i >= function->n_required && p->token.kind == OPS_TOKEN_SIGN + ')') {
            break;
        }
        if (i > 0) {
            TRY(ops_parser_expect(p, OPS_TOKEN_SIGN + ',', "',' and another argument"));
        }
        TRY(read_argument(p, function->args[i]));
    }
    TRY(ops_parser_expect(p, OPS_TOKEN_SIGN + ')', "')'"));
done:
    return status;
}

static opsig_status unknown_function(struct ops_rule_parser *p, struct ops_place name)
{
    opsig_nearest nearest;
    size_t n;
    const struct ops_function *const table = ops_function_table(&n);
    opsig_nearest_start(&nearest, p->lexer.text + name.at, name.len);
    for (size_t i = 0; i < n; i++) {
        opsig_nearest_offer(&nearest, table[i].name);
    }
    return ops_pack_error(p->pack, name, p->err, "unknown function %.*s%s%s%s",
                          name.len > 60 ? 60 : (int)name.len, p->lexer.text + name.at,
                          nearest.best != NULL ? "; did you mean " : "",
                          nearest.best != NULL ? nearest.best : "",
                          nearest.best != NULL ? "?" : "");
}

/** A call; the name is taken, the parenthesis is the token. */
static opsig_status read_call(struct ops_rule_parser *p, struct ops_place name,
                              const struct ops_expression **out)
{
    struct ops_expression call = {.kind = OPS_EXPR_CALL, .place = name};
    const size_t first = p->args.len;
    call.function = ops_function_find(p->lexer.text + name.at, name.len);
    if (call.function == NULL) {
        return unknown_function(p, name);
    }
    ops_parser_advance(p);
    const opsig_status status = read_arguments(p, call.function);
    return status == OPSIG_OK ? make(p, call, first, out) : status;
}

/** inf, true, an element type: words that are values. */
static bool is_value_word(const char *text, uint32_t len, struct ops_expression *out)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"inf", INFINITY}, {"nan", NAN}, {"true", 1}, {"false", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) == len && memcmp(words[i].word, text, len) == 0) {
            out->kind = OPS_EXPR_NUMBER;
            out->number = words[i].value;
            return true;
        }
    }
    static const struct {
        const char *word;
        enum onnx_element_type type;
    } aliases[] = {{"float32", ONNX_FLOAT}, {"float64", ONNX_DOUBLE}};
    enum onnx_element_type type = onnx_element_type_find(text, len);
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (strlen(aliases[i].word) == len && memcmp(aliases[i].word, text, len) == 0) {
            type = aliases[i].type;
        }
    }
    out->kind = OPS_EXPR_TYPE;
    out->number = type;
    return type != ONNX_UNDEFINED;
}

/** `.name` behind a node; the dot is taken. */
static opsig_status read_field(struct ops_rule_parser *p, struct ops_expression field,
                               const struct ops_expression **out)
{
    const struct ops_place name = p->token.place;
    const opsig_status status =
        ops_parser_expect(p, OPS_TOKEN_NAME, "an input, an attribute or an output");
    if (status != OPSIG_OK) {
        return status;
    }
    field.kind = OPS_EXPR_FIELD;
    field.place = name;
    field.text = ops_parser_text(p, name);
    return field.text != NULL ? keep(p, &field, out) : ops_error_nomem(p->err);
}

/** What begins with a name. */
static opsig_status read_word(struct ops_rule_parser *p, const struct ops_expression **out)
{
    const struct ops_place name = p->token.place;
    const char *const text = p->lexer.text + name.at;
    struct ops_expression word = {.place = name, .depth = 1};
    ops_parser_advance(p);
    if (p->token.kind == OPS_TOKEN_SIGN + '(') {
        return read_call(p, name, out);
    }
    word.index = find_node(p, name);
    if (ops_parser_accept(p, OPS_TOKEN_SIGN + '.')) {
        if (word.index == OPS_NO_ELEMENT) {
            return ops_pack_error(p->pack, name, p->err, "no node is called %.*s", (int)name.len,
                                  text);
        }
        return read_field(p, word, out);
    }
    if (is_value_word(text, name.len, &word)) {
        return keep(p, &word, out);
    }
    if (p->current != OPS_NO_ELEMENT) {
        word.kind = OPS_EXPR_FIELD;
        word.index = p->current;
        word.text = ops_parser_text(p, name);
        return word.text != NULL ? keep(p, &word, out) : ops_error_nomem(p->err);
    }
    if (word.index != OPS_NO_ELEMENT) {
        return ops_pack_error(p->pack, name, p->err,
                              "%.*s is a node; write %.*s.out for what it puts out",
                              (int)name.len, text, (int)name.len, text);
    }
    return ops_pack_error(p->pack, name, p->err, "no node and no element type is called %.*s",
                          name.len > 60 ? 60 : (int)name.len, text);
}

static opsig_status read_primary(struct ops_rule_parser *p, const struct ops_expression **out)
{
    struct ops_expression leaf = {.place = p->token.place, .depth = 1};
    switch (p->token.kind) {
    case OPS_TOKEN_NUMBER:
        leaf.kind = OPS_EXPR_NUMBER;
        leaf.number = p->token.number;
        ops_parser_advance(p);
        return keep(p, &leaf, out);
    case OPS_TOKEN_STRING: {
        leaf.kind = OPS_EXPR_STRING;
        const opsig_status status = ops_parse_string(p, &leaf.text);
        leaf.place = ops_parser_since(p, leaf.place.at);
        return status == OPSIG_OK ? keep(p, &leaf, out) : status;
    }
    case OPS_TOKEN_TENSOR:
        return read_tensor(p, out);
    case OPS_TOKEN_NAME:
        return read_word(p, out);
    case OPS_TOKEN_SIGN + '[':
        return read_list(p, out);
    case OPS_TOKEN_SIGN + '(': {
        ops_parser_advance(p);
        const opsig_status status = ops_parse_test(p, out);
        return status == OPSIG_OK ? ops_parser_expect(p, OPS_TOKEN_SIGN + ')', "')'") : status;
    }
    default:
        return ops_parser_expected(p, "a value");
    }
}

/** One end of a slice, which may be missing. */
static opsig_status read_bound(struct ops_rule_parser *p, int end)
{
    const struct ops_expression *bound = NULL;
    opsig_status status = OPSIG_OK;
    if (p->token.kind != end) {
        status = read_sum(p, &bound);
    }
    return status == OPSIG_OK ? push(p, bound) : status;
}

/** `[i]` or `[i:j]` behind a value; the bracket is taken. */
static opsig_status read_item(struct ops_rule_parser *p, const struct ops_expression *base,
                              const struct ops_expression **out)
{
    opsig_status status = OPSIG_OK;
    struct ops_expression item = {.kind = OPS_EXPR_ITEM, .place = base->place};
    const size_t first = p->args.len;
    TRY(push(p, base));
    TRY(read_bound(p, OPS_TOKEN_SIGN + ':'));
    if (ops_parser_accept(p, OPS_TOKEN_SIGN + ':')) {
        item.kind = OPS_EXPR_SLICE;
        TRY(read_bound(p, OPS_TOKEN_SIGN + ']'));
    }
    TRY(ops_parser_expect(p, OPS_TOKEN_SIGN + ']', "':' or ']'"));
    TRY(make(p, item, first, out));
done:
    return status;
}

static opsig_status read_items_of(struct ops_rule_parser *p, const struct ops_expression **out)
{
    opsig_status status = enter(p);
    if (status != OPSIG_OK) {
        return status;
    }
    status = read_primary(p, out);
    while (status == OPSIG_OK && ops_parser_accept(p, OPS_TOKEN_SIGN + '[')) {
        status = read_item(p, *out, out);
    }
    p->depth--;
    return status;
}

static opsig_status read_sign(struct ops_rule_parser *p, const struct ops_expression **out)
{
    const struct ops_expression minus = {.kind = OPS_EXPR_MINUS, .place = p->token.place};
    const size_t first = p->args.len;
    if (!ops_parser_accept(p, OPS_TOKEN_SIGN + '-')) {
        return read_items_of(p, out);
    }
    opsig_status status = enter(p);
    if (status != OPSIG_OK) {
        return status;
    }
    status = read_sign(p, out);
    p->depth--;
    if (status == OPSIG_OK) {
        status = push(p, *out);
    }
    return status == OPSIG_OK ? make(p, minus, first, out) : status;
}

/** A sign among those given, or NUL. */
static char sign_among(const struct ops_rule_parser *p, const char *signs)
{
    for (; *signs != '\0'; signs++) {
        if (p->token.kind == OPS_TOKEN_SIGN + *signs) {
            return *signs;
        }
    }
    return '\0';
}

/** Operands of one precedence, from left to right. */
static opsig_status read_arithmetic(struct ops_rule_parser *p, const char *signs,
                                    opsig_status (*operand)(struct ops_rule_parser *p,
                                                            const struct ops_expression **out),
                                    const struct ops_expression **out)
{
    opsig_status status = OPSIG_OK;
    const size_t first = p->args.len;
    TRY(operand(p, out));
    for (char sign = sign_among(p, signs); sign != '\0'; sign = sign_among(p, signs)) {
        const struct ops_expression both = {.kind = OPS_EXPR_ARITHMETIC, .sign = sign,
                                            .place = (*out)->place};
        ops_parser_advance(p);
        TRY(push(p, *out));
        TRY(operand(p, out));
        TRY(push(p, *out));
        TRY(make(p, both, first, out));
    }
done:
    return status;
}

static opsig_status read_product(struct ops_rule_parser *p, const struct ops_expression **out)
{
    return read_arithmetic(p, "*/%", read_sign, out);
}

static opsig_status read_sum(struct ops_rule_parser *p, const struct ops_expression **out)
{
    return read_arithmetic(p, "+-", read_product, out);
}

/** `in {a, b}` behind a value; `in` is taken. */
static opsig_status read_set(struct ops_rule_parser *p, const struct ops_expression *value,
                             const struct ops_expression **out)
{
    opsig_status status = OPSIG_OK;
    const struct ops_expression in = {.kind = OPS_EXPR_IN, .place = value->place};
    const size_t first = p->args.len;
    TRY(push(p, value));
    TRY(ops_parser_expect(p, OPS_TOKEN_SIGN + '{', "'{'"));
    TRY(read_items(p, OPS_TOKEN_SIGN + '}', "',' or '}'"));
    TRY(make(p, in, first, out));
done:
    return status;
}

static opsig_status negate(struct ops_rule_parser *p, uint32_t at,
                           const struct ops_expression **inout)
{
    const struct ops_expression negation = {.kind = OPS_EXPR_NOT, .place = {at, 0}};
    const size_t first = p->args.len;
    const opsig_status status = push(p, *inout);
    return status == OPSIG_OK ? make(p, negation, first, inout) : status;
}

static opsig_status read_comparison(struct ops_rule_parser *p, const struct ops_expression **out)
{
    opsig_status status = OPSIG_OK;
    struct ops_expression compare = {.kind = OPS_EXPR_COMPARE, .place = p->token.place};
    const size_t first = p->args.len;
    TRY(read_sum(p, out));
    if (relation_of(p, &compare.relation)) {
        ops_parser_advance(p);
        TRY(push(p, *out));
        TRY(read_sum(p, out));
        TRY(push(p, *out));
        TRY(make(p, compare, first, out));
        if (relation_of(p, &compare.relation)) {
            status = ops_pack_error(p->pack, p->token.place, p->err,
                                    "one comparison at a time; join two with 'and'");
        }
        goto done;
    }
    const bool negated = ops_parser_at_word(p, "not");
    if (negated) {
        ops_parser_advance(p);
    }
    if (!ops_parser_at_word(p, "in")) {
        status = negated ? ops_parser_expected(p, "'in'") : OPSIG_OK;
        goto done;
    }
    ops_parser_advance(p);
    TRY(read_set(p, *out, out));
    if (negated) {
        TRY(negate(p, compare.place.at, out));
    }
done:
    return status;
}

static opsig_status read_negation(struct ops_rule_parser *p, const struct ops_expression **out)
{
    const uint32_t at = p->token.place.at;
    if (!ops_parser_at_word(p, "not")) {
        return read_comparison(p, out);
    }
    ops_parser_advance(p);
    opsig_status status = enter(p);
    if (status != OPSIG_OK) {
        return status;
    }
    status = read_negation(p, out);
    p->depth--;
    return status == OPSIG_OK ? negate(p, at, out) : status;
}

/** Parts joined by a word, as one expression of all of them. */
static opsig_status read_joined(struct ops_rule_parser *p, const char *word,
                                enum ops_expression_kind kind,
                                opsig_status (*part)(struct ops_rule_parser *p,
                                                     const struct ops_expression **out),
                                const struct ops_expression **out)
{
    opsig_status status = OPSIG_OK;
    const struct ops_expression joined = {.kind = kind, .place = p->token.place};
    const size_t first = p->args.len;
    TRY(part(p, out));
    if (!ops_parser_at_word(p, word)) {
        goto done;
    }
    TRY(push(p, *out));
    while (ops_parser_at_word(p, word)) {
        ops_parser_advance(p);
        TRY(part(p, out));
        TRY(push(p, *out));
    }
    TRY(make(p, joined, first, out));
done:
    return status;
}

static opsig_status read_conjunction(struct ops_rule_parser *p, const struct ops_expression **out)
{
    return read_joined(p, "and", OPS_EXPR_AND, read_negation, out);
}

opsig_status ops_parse_test(struct ops_rule_parser *p, const struct ops_expression **out)
{
    opsig_status status = enter(p);
    const size_t first = p->args.len;
    const uint32_t depth = p->depth;
    *out = NULL;
    if (status == OPSIG_OK) {
        status = read_joined(p, "or", OPS_EXPR_OR, read_conjunction, out);
        p->depth = depth - 1;
    }
    if (status != OPSIG_OK) {
        p->args.len = first;
    }
    return status;
}
