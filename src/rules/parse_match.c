/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pattern:
 *
 *      chain      head { "->" hop }
 *      head       TENSOR | node [ "." output ]
 *      hop        node [ "." input ] | step            the last hop is a node
 *      step       "(" operators [ tests ] ")" [ "?" | "*" | "+" ]  |  ".." NUMBER
 *      node       NAME [ ":" operators [ tests ] ]     ":" where it is named first
 *      operators  "*" | [ "!" ] operator { "|" operator }
 *      operator   [ DOMAIN "::" ] NAME
 *      tests      "[" test { "," test } "]"
 */
#include "rules/parser.h"

#include <string.h>

#include <opsig/nearest.h>

#include "base/mem.h"

enum { SIGN_COLON = OPS_TOKEN_SIGN + ':', SIGN_DOT = OPS_TOKEN_SIGN + '.' };

static bool is_text(const struct ops_rule_parser *p, struct ops_place place, const char *text)
{
    return strlen(text) == place.len && memcmp(p->lexer.text + place.at, text, place.len) == 0;
}

/** Can the element be named here? Those of other unless lines cannot. */
static bool is_visible(const struct ops_rule_parser *p, uint32_t element)
{
    return p->n_matched == 0 || element < p->n_matched || element >= p->local_first;
}

uint32_t ops_parser_element(const struct ops_rule_parser *p, struct ops_place name)
{
    for (uint32_t i = 0; i < p->elements.len; i++) {
        if (is_visible(p, i) && is_text(p, name, p->elements.items[i].name)) {
            return i;
        }
    }
    return OPS_NO_ELEMENT;
}

opsig_status ops_parser_tensor(struct ops_rule_parser *p, struct ops_place dollar_name,
                               uint32_t *out)
{
    const struct ops_place name = {dollar_name.at + 1, dollar_name.len - 1};
    for (uint32_t i = 0; i < p->tensors.len; i++) {
        if (is_text(p, name, p->tensors.items[i])) {
            *out = i;
            return OPSIG_OK;
        }
    }
    if (p->tensors.len == OPS_RULE_MAX_TENSORS) {
        return ops_pack_error(p->pack, dollar_name, p->err, "a rule names at most %d tensors",
                              OPS_RULE_MAX_TENSORS);
    }
    const char *const text = ops_parser_text(p, name);
    if (text == NULL) {
        return ops_error_nomem(p->err);
    }
    *out = (uint32_t)p->tensors.len;
    return ops_vec_push(&p->tensors, text, p->err);
}

static opsig_status read_operator(struct ops_rule_parser *p)
{
    struct ops_operator_name name = {.domain = "", .place = p->token.place};
    if (p->token.kind == OPS_TOKEN_DOMAIN) {
        const struct ops_place domain = {p->token.place.at, p->token.place.len - 2};
        name.domain = is_text(p, domain, "ai.onnx") ? "" : ops_parser_text(p, domain);
        ops_parser_advance(p);
    }
    const struct ops_place place = p->token.place;
    const opsig_status status = ops_parser_expect(p, OPS_TOKEN_NAME, "the name of an operator");
    if (status != OPSIG_OK) {
        return status;
    }
    name.op_type = ops_parser_text(p, place);
    name.place = ops_parser_since(p, name.place.at);
    if (name.domain == NULL || name.op_type == NULL) {
        return ops_error_nomem(p->err);
    }
    return ops_vec_push(&p->names, name, p->err);
}

opsig_status ops_parse_operators(struct ops_rule_parser *p, struct ops_operator_set *out)
{
    opsig_status status = OPSIG_OK;
    const size_t first = p->names.len;
    const void *names = NULL;
    *out = (struct ops_operator_set){.negated = true};
    if (ops_parser_accept(p, OPS_TOKEN_SIGN + '*')) {
        return OPSIG_OK;
    }
    out->negated = ops_parser_accept(p, OPS_TOKEN_SIGN + '!');
    do {
        TRY(read_operator(p));
        if (p->names.len - first > OPS_RULE_MAX_LIST) {
            status = ops_pack_error(p->pack, p->token.place, p->err, "too many alternatives");
            goto done;
        }
    } while (ops_parser_accept(p, OPS_TOKEN_SIGN + '|'));
    out->n = (uint32_t)(p->names.len - first);
    TRY(ops_parser_keep(p, ops_vec_from(&p->names, first), out->n, sizeof *out->names, &names));
    out->names = names;
done:
    p->names.len = first;
    return status;
}

/** Tests in brackets, where there are any, about the element `p->current`. */
static opsig_status read_brackets(struct ops_rule_parser *p, struct ops_element *element)
{
    opsig_status status = OPSIG_OK;
    const size_t first = p->args.len;
    if (!ops_parser_accept(p, OPS_TOKEN_SIGN + '[')) {
        return OPSIG_OK;
    }
    do {
        const struct ops_expression *test;
        TRY(ops_parse_test(p, &test));
        TRY(ops_vec_push(&p->args, test, p->err));
    } while (ops_parser_accept(p, OPS_TOKEN_SIGN + ','));
    TRY(ops_parser_expect(p, OPS_TOKEN_SIGN + ']', "',' or ']'"));
    const void *tests;
    element->n_tests = (uint32_t)(p->args.len - first);
    TRY(ops_parser_keep(p, ops_vec_from(&p->args, first), element->n_tests, sizeof *element->tests,
                        &tests));
    element->tests = tests;
done:
    p->args.len = first;
    return status;
}

/** Adds an element with what stands behind its name: operators and tests. */
static opsig_status add_element(struct ops_rule_parser *p, const char *name,
                                struct ops_place place, uint32_t *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_element element = {.name = name, .min = 1, .max = 1, .place = place};
    const uint32_t index = (uint32_t)p->elements.len;
    if (index == OPS_RULE_MAX_ELEMENTS) {
        return ops_pack_error(p->pack, place, p->err, "a rule has at most %d nodes and steps",
                              OPS_RULE_MAX_ELEMENTS);
    }
    TRY(ops_parse_operators(p, &element.operators));
    TRY(ops_vec_push(&p->elements, element, p->err));
    p->current = index;
    TRY(read_brackets(p, &element));
    element.place = ops_parser_since(p, place.at);
    p->elements.items[index] = element;
    *out = index;
done:
    p->current = OPS_NO_ELEMENT;
    return status;
}

static const char *const reserved[] = {"all", "and",  "any", "at",     "end",    "example", "in",
                                       "inf", "nan",  "not", "or",     "report", "rule",    "match",
                                       "true", "false", "where", "unless"};

static bool is_reserved(const struct ops_rule_parser *p, struct ops_place name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (is_text(p, name, reserved[i])) {
            return true;
        }
    }
    return false;
}

static opsig_status unknown_node(struct ops_rule_parser *p, struct ops_place name)
{
    opsig_nearest nearest;
    opsig_nearest_start(&nearest, p->lexer.text + name.at, name.len);
    for (uint32_t i = 0; i < p->elements.len; i++) {
        if (is_visible(p, i)) {
            opsig_nearest_offer(&nearest, p->elements.items[i].name);
        }
    }
    if (nearest.best != NULL) {
        return ops_pack_error(p->pack, name, p->err, "no node is called %.*s; did you mean %s?",
                              (int)name.len, p->lexer.text + name.at, nearest.best);
    }
    return ops_pack_error(p->pack, name, p->err,
                          "no node is called %.*s; a node is introduced by name:Operator",
                          (int)name.len, p->lexer.text + name.at);
}

static opsig_status read_node(struct ops_rule_parser *p, uint32_t *out)
{
    const struct ops_place name = p->token.place;
    opsig_status status = ops_parser_expect(p, OPS_TOKEN_NAME, "a node such as a:Conv");
    if (status != OPSIG_OK) {
        return status;
    }
    const bool introduces = ops_parser_accept(p, SIGN_COLON);
    const bool unnamed = is_text(p, name, "_");
    *out = unnamed ? OPS_NO_ELEMENT : ops_parser_element(p, name);
    if (!introduces) {
        return *out != OPS_NO_ELEMENT ? OPSIG_OK : unknown_node(p, name);
    }
    if (*out != OPS_NO_ELEMENT) {
        return ops_pack_error(p->pack, name, p->err, "there is a node called %.*s already",
                              (int)name.len, p->lexer.text + name.at);
    }
    if (is_reserved(p, name)) {
        return ops_pack_error(p->pack, name, p->err, "'%.*s' is a word of the language, not a name",
                              (int)name.len, p->lexer.text + name.at);
    }
    const char *const text = unnamed ? "" : ops_parser_text(p, name);
    return text != NULL ? add_element(p, text, name, out) : ops_error_nomem(p->err);
}

/** `.name` or `.number`, where it stands. */
static opsig_status read_slot(struct ops_rule_parser *p, struct ops_slot *out)
{
    *out = (struct ops_slot){.kind = OPS_SLOT_NONE, .name = ""};
    if (!ops_parser_accept(p, SIGN_DOT)) {
        return OPSIG_OK;
    }
    const struct ops_token token = p->token;
    out->place = token.place;
    if (ops_parser_accept(p, OPS_TOKEN_NAME)) {
        out->kind = OPS_SLOT_NAME;
        out->name = ops_parser_text(p, token.place);
        return out->name != NULL ? OPSIG_OK : ops_error_nomem(p->err);
    }
    if (token.kind != OPS_TOKEN_NUMBER || token.number > OPS_RULE_MAX_SLOT ||
        token.number != (double)(uint32_t)token.number) {
        return ops_parser_expected(p, "the name or the number of an input or output");
    }
    ops_parser_advance(p);
    out->kind = OPS_SLOT_NUMBER;
    out->number = (uint32_t)token.number;
    return OPSIG_OK;
}

/** `?`, `*` or `+` behind a step in parentheses. */
static void read_repeat(struct ops_rule_parser *p, struct ops_element *step)
{
    if (ops_parser_accept(p, OPS_TOKEN_SIGN + '?')) {
        step->min = 0;
    } else if (ops_parser_accept(p, OPS_TOKEN_SIGN + '*')) {
        step->min = 0;
        step->max = OPS_RULE_MAX_REPEAT;
    } else if (ops_parser_accept(p, OPS_TOKEN_SIGN + '+')) {
        step->max = OPS_RULE_MAX_REPEAT;
    }
}

/** `(Cast)?`; the parenthesis is taken. */
static opsig_status read_step(struct ops_rule_parser *p, uint32_t at)
{
    opsig_status status = OPSIG_OK;
    uint32_t index = 0;
    TRY(add_element(p, "", (struct ops_place){at, 1}, &index));
    TRY(ops_parser_expect(p, OPS_TOKEN_SIGN + ')', "')'"));
    read_repeat(p, &p->elements.items[index]);
    p->elements.items[index].place = ops_parser_since(p, at);
    TRY(ops_vec_push(&p->steps, index, p->err));
done:
    return status;
}

/** `..3`; the dots are taken. */
static opsig_status read_gap(struct ops_rule_parser *p, uint32_t at)
{
    opsig_status status = OPSIG_OK;
    const struct ops_token token = p->token;
    const uint32_t index = (uint32_t)p->elements.len;
    if (token.kind != OPS_TOKEN_NUMBER || token.number < 1 ||
        token.number > OPS_RULE_MAX_REPEAT || token.number != (double)(uint32_t)token.number) {
        return ops_parser_expected(p, "a number of nodes from 1 to 16");
    }
    ops_parser_advance(p);
    if (index == OPS_RULE_MAX_ELEMENTS) {
        return ops_pack_error(p->pack, token.place, p->err,
                              "a rule has at most %d nodes and steps", OPS_RULE_MAX_ELEMENTS);
    }
    const struct ops_element gap = {.name = "",
                                    .operators = {.negated = true},
                                    .max = (uint32_t)token.number,
                                    .place = ops_parser_since(p, at)};
    TRY(ops_vec_push(&p->elements, gap, p->err));
    TRY(ops_vec_push(&p->steps, index, p->err));
done:
    return status;
}

/** What stands behind an arrow: steps with arrows behind them, then a node and its input. */
static opsig_status read_hop(struct ops_rule_parser *p, struct ops_link *link)
{
    opsig_status status = OPSIG_OK;
    for (;;) {
        const uint32_t at = p->token.place.at;
        if (ops_parser_accept(p, OPS_TOKEN_SIGN + '(')) {
            TRY(read_step(p, at));
        } else if (ops_parser_accept(p, OPS_TOKEN_RANGE)) {
            TRY(read_gap(p, at));
        } else {
            break;
        }
        TRY(ops_parser_expect(p, OPS_TOKEN_ARROW, "'->' and a node behind the step"));
    }
    TRY(read_node(p, &link->to));
    TRY(read_slot(p, &link->input));
done:
    return status;
}

/** The links of a chain, from the head on. */
static opsig_status read_links(struct ops_rule_parser *p, struct ops_link link)
{
    opsig_status status = OPSIG_OK;
    while (ops_parser_accept(p, OPS_TOKEN_ARROW)) {
        const void *steps;
        p->steps.len = 0;
        TRY(read_hop(p, &link));
        link.n_steps = (uint32_t)p->steps.len;
        TRY(ops_parser_keep(p, p->steps.items, p->steps.len, sizeof *link.steps, &steps));
        link.steps = steps;
        link.place = ops_parser_since(p, link.place.at);
        if (p->links.len == OPS_RULE_MAX_LIST) {
            status = ops_pack_error(p->pack, link.place, p->err, "a rule has at most %d arrows",
                                    OPS_RULE_MAX_LIST);
            goto done;
        }
        TRY(ops_vec_push(&p->links, link, p->err));
        link = (struct ops_link){.from = link.to, .place = p->token.place,
                                 .output = {.name = ""}};
    }
done:
    return status;
}

opsig_status ops_parse_chain(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    struct ops_link link = {.place = p->token.place, .output = {.name = ""}};
    const size_t n_before = p->elements.len;
    link.from_tensor = p->token.kind == OPS_TOKEN_TENSOR;
    if (link.from_tensor) {
        TRY(ops_parser_tensor(p, p->token.place, &link.from));
        ops_parser_advance(p);
    } else {
        TRY(read_node(p, &link.from));
        TRY(read_slot(p, &link.output));
    }
    if (p->token.kind != OPS_TOKEN_ARROW &&
        (p->elements.len == n_before || link.output.kind != OPS_SLOT_NONE)) {
        status = ops_parser_expected(p, "'->'");
        goto done;
    }
    TRY(read_links(p, link));
done:
    return status;
}
