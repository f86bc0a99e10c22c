/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file parser.h  What the files of the parser share.
 *
 *  Each function reads from the token that is not yet taken. A syntax error is noted in the pack
 *  and returned as OPSIG_FORMAT, upon which the rest of the statement is passed; any other status
 *  ends the reading.
 */
#ifndef OPSIG_RULES_PARSER_H
#define OPSIG_RULES_PARSER_H

#include "rules/lex.h"
#include "rules/rule.h"

#define OPS_NO_ELEMENT UINT32_MAX

struct ops_rule_parser {
    struct ops_pack *pack;
    struct ops_lexer lexer;
    struct ops_token token; /* the next one */
    uint32_t taken_end;     /* where the last token that was taken ends */
    uint32_t depth;         /* of nested expressions */
    opsig_error *err;

    /* the rule in the making */
    struct opsig_rule rule;
    OPS_VEC(struct ops_element) elements;
    OPS_VEC(struct ops_link) links;
    OPS_VEC(const char *) tensors;
    OPS_VEC(const struct ops_expression *) tests;
    OPS_VEC(struct ops_unless) unless;
    OPS_VEC(struct ops_claim) affects, producers;
    OPS_VEC(struct ops_opset_range) opsets;
    OPS_VEC(const char *) refs, tags;
    OPS_VEC(struct ops_example) examples;
    uint32_t n_matched;    /* elements of the match part */
    uint32_t local_first;  /* first element of the unless line at hand */
    uint32_t current;      /* element whose brackets are being read, or OPS_NO_ELEMENT */

    /* lists in the making, used as stacks */
    OPS_VEC(const struct ops_expression *) args;
    OPS_VEC(struct ops_operator_name) names;
    OPS_VEC(uint32_t) steps;
};

/** Takes the token and reads the next one. */
void ops_parser_advance(struct ops_rule_parser *p);
/** Takes the token if it is of a kind. */
bool ops_parser_accept(struct ops_rule_parser *p, int kind);
/** Takes a token of a kind, or says that `what` is expected. */
opsig_status ops_parser_expect(struct ops_rule_parser *p, int kind, const char *what);
/** Is the token this word? */
bool ops_parser_at_word(const struct ops_rule_parser *p, const char *word);
/** Says that `what` is expected in place of the token. */
opsig_status ops_parser_expected(struct ops_rule_parser *p, const char *what);
/** The bytes of a place, as text that lives as long as the pack; NULL: memory ran out. */
const char *ops_parser_text(struct ops_rule_parser *p, struct ops_place place);
/** A copy that lives as long as the pack, of n > 0 items. @return OPSIG_NOMEM, OPSIG_LIMIT */
opsig_status ops_parser_keep(struct ops_rule_parser *p, const void *items, size_t n, size_t size,
                             const void **out);
/** From `from` to the last token that was taken. */
struct ops_place ops_parser_since(const struct ops_rule_parser *p, uint32_t from);

/** One chain: `a:Conv -> (Cast)? -> b:Add`. Adds elements and links. */
opsig_status ops_parse_chain(struct ops_rule_parser *p);
/** Operators: `Conv|Gemm`, `!Cast`, `*`. */
opsig_status ops_parse_operators(struct ops_rule_parser *p, struct ops_operator_set *out);
/** The element with a name that can be seen here, or OPS_NO_ELEMENT. */
uint32_t ops_parser_element(const struct ops_rule_parser *p, struct ops_place name);
/** The tensor with a name, added if new. @param out  its number */
opsig_status ops_parser_tensor(struct ops_rule_parser *p, struct ops_place dollar_name,
                               uint32_t *out);

/** Texts in quotes, one behind the other, joined by blanks. */
opsig_status ops_parse_string(struct ops_rule_parser *p, const char **out);
/** One test, up to a token that cannot go on with it. */
opsig_status ops_parse_test(struct ops_rule_parser *p, const struct ops_expression **out);

#endif
