/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recursive descent, a statement a line. This file reads what stands around the pattern:
 *
 *      file       { rule }
 *      rule       "rule" ID line { metadata line } "match" line { chain line }
 *                 [ "where" line { test line } ] [ "unless" line { (chain | test) line } ]
 *                 "report" "at" NAME line { example } "end" line
 *
 * After an error the rest of the statement is passed, so one reading finds many errors. */
#include "rules/pack.h"

#include <string.h>

#include "base/mem.h"
#include "rules/parser.h"
#include "rules/statement.h"

void ops_parser_advance(struct ops_rule_parser *p)
{
    p->taken_end = p->token.place.at + p->token.place.len;
    p->token = ops_lex(&p->lexer);
}

bool ops_parser_accept(struct ops_rule_parser *p, int kind)
{
    const bool is = p->token.kind == kind;
    if (is) {
        ops_parser_advance(p);
    }
    return is;
}

bool ops_parser_at_word(const struct ops_rule_parser *p, const char *word)
{
    const size_t len = strlen(word);
    return p->token.kind == OPS_TOKEN_NAME && p->token.place.len == len &&
           memcmp(p->lexer.text + p->token.place.at, word, len) == 0;
}

opsig_status ops_parser_expected(struct ops_rule_parser *p, const char *what)
{
    if (p->token.kind == OPS_TOKEN_BAD) {
        return ops_pack_error(p->pack, p->token.place, p->err, "%s", p->token.why);
    }
    if (p->token.kind == OPS_TOKEN_END) {
        return ops_pack_error(p->pack, p->token.place, p->err, "%s expected, the file ends here",
                              what);
    }
    return ops_pack_error(p->pack, p->token.place, p->err, "%s expected", what);
}

opsig_status ops_parser_expect(struct ops_rule_parser *p, int kind, const char *what)
{
    return ops_parser_accept(p, kind) ? OPSIG_OK : ops_parser_expected(p, what);
}

const char *ops_parser_text(struct ops_rule_parser *p, struct ops_place place)
{
    return ops_arena_strndup(&p->pack->arena, p->lexer.text + place.at, place.len);
}

struct ops_place ops_parser_since(const struct ops_rule_parser *p, uint32_t from)
{
    return (struct ops_place){from, p->taken_end > from ? p->taken_end - from : 0};
}

opsig_status ops_parser_keep(struct ops_rule_parser *p, const void *items, size_t n, size_t size,
                             const void **out)
{
    *out = NULL;
    if (items == NULL || n == 0) {
        return OPSIG_OK;
    }
    void *const copy = ops_arena_zalloc(&p->pack->arena, n, size);
    if (copy == NULL) {
        return ops_error_nomem(p->err);
    }
    memcpy(copy, items, n * size);
    *out = copy;
    return OPSIG_OK;
}

/** Passes the statement at hand, its line end included. */
static void skip_statement(struct ops_rule_parser *p)
{
    while (p->token.kind != OPS_TOKEN_NEWLINE && p->token.kind != OPS_TOKEN_END) {
        ops_lex_skip_line(&p->lexer);
        ops_parser_advance(p);
    }
    (void)ops_parser_accept(p, OPS_TOKEN_NEWLINE);
}

/** What follows a statement is the end of its line. */
static opsig_status end_line(struct ops_rule_parser *p)
{
    if (p->token.kind == OPS_TOKEN_NEWLINE || p->token.kind == OPS_TOKEN_END) {
        return OPSIG_OK;
    }
    return ops_parser_expected(p, "the end of the line");
}

/** Copies the lists in the making into the rule. */
static opsig_status keep_lists(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    struct opsig_rule *const rule = &p->rule;
#define KEEP(list, field, count)                                                                 \
    do {                                                                                         \
        const void *kept;                                                                        \
        TRY(ops_parser_keep(p, p->list.items, p->list.len, sizeof *p->list.items, &kept));       \
        rule->field = kept;                                                                      \
        rule->count = (__typeof__(rule->count))p->list.len;                                      \
    } while (0)
    KEEP(elements, elements, n_all_elements);
    KEEP(links, links, n_links);
    KEEP(tensors, tensors, n_tensors);
    KEEP(tests, tests, n_tests);
    KEEP(unless, unless, n_unless);
    KEEP(affects, affects, n_affects);
    KEEP(producers, producers, n_producers);
    KEEP(opsets, opsets, n_opsets);
    KEEP(refs, refs, n_refs);
    KEEP(tags, tags, n_tags);
    KEEP(examples, examples, n_examples);
#undef KEEP
    rule->n_elements = p->n_matched;
done:
    return status;
}

static void clear_rule(struct ops_rule_parser *p)
{
    p->rule = (struct opsig_rule){.id = "", .title = "", .fix = "", .note = "", .pack = p->pack,
                                  .report = OPS_NO_ELEMENT};
    p->elements.len = p->links.len = p->tensors.len = p->tests.len = p->unless.len = 0;
    p->affects.len = p->producers.len = p->opsets.len = p->refs.len = p->tags.len = 0;
    p->examples.len = p->args.len = p->names.len = p->steps.len = 0;
    p->n_matched = p->local_first = p->depth = 0;
    p->current = OPS_NO_ELEMENT;
}

static bool is_id_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

enum { MAX_ID = 100 };

/** `rule ID`. The token is `rule`. */
static opsig_status read_id(struct ops_rule_parser *p)
{
    p->token = ops_lex_word(&p->lexer);
    const struct ops_place place = p->token.place;
    if (p->token.kind != OPS_TOKEN_WORD) {
        return ops_parser_expected(p, "the id of the rule");
    }
    for (uint32_t i = 0; i < place.len; i++) {
        if (!is_id_byte(p->lexer.text[place.at + i])) {
            return ops_pack_error(p->pack, (struct ops_place){place.at + i, 1}, p->err,
                                  "an id holds letters, digits and -_. only");
        }
    }
    if (place.len > MAX_ID) {
        return ops_pack_error(p->pack, place, p->err, "an id has at most %d characters", MAX_ID);
    }
    p->rule.place = place;
    p->rule.id = ops_parser_text(p, place);
    if (p->rule.id == NULL) {
        return ops_error_nomem(p->err);
    }
    ops_parser_advance(p);
    return end_line(p);
}

static opsig_status read_test(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    const struct ops_expression *test;
    TRY(ops_parse_test(p, &test));
    TRY(ops_vec_push(&p->tests, test, p->err));
done:
    return status;
}

/** Has the line an arrow, or does it introduce a node? Reads ahead with a lexer of its own. */
static bool is_chain(const struct ops_rule_parser *p)
{
    struct ops_lexer ahead = p->lexer;
    const struct ops_token second = ops_lex(&ahead);
    if (p->token.kind == OPS_TOKEN_NAME && second.kind == OPS_TOKEN_SIGN + ':') {
        return true;
    }
    struct ops_token token = second;
    while (token.kind != OPS_TOKEN_NEWLINE && token.kind != OPS_TOKEN_END &&
           token.kind != OPS_TOKEN_BAD) {
        if (token.kind == OPS_TOKEN_ARROW) {
            return true;
        }
        token = ops_lex(&ahead);
    }
    return false;
}

static opsig_status read_unless(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    struct ops_unless line = {.first_element = (uint32_t)p->elements.len};
    const size_t first_link = p->links.len;
    p->local_first = line.first_element;
    if (!is_chain(p)) {
        TRY(ops_parse_test(p, &line.test));
    } else {
        TRY(ops_parse_chain(p));
        const void *links;
        line.n_links = (uint32_t)(p->links.len - first_link);
        TRY(ops_parser_keep(p, ops_vec_from(&p->links, first_link), line.n_links,
                            sizeof *line.links, &links));
        line.links = links;
    }
    line.end_element = (uint32_t)p->elements.len;
    TRY(ops_vec_push(&p->unless, line, p->err));
done:
    p->links.len = first_link;
    return status;
}

/** `report at NAME`. The token is `report`. */
static opsig_status read_report(struct ops_rule_parser *p)
{
    ops_parser_advance(p);
    if (!ops_parser_at_word(p, "at")) {
        return ops_parser_expected(p, "'at' and the name of a node");
    }
    ops_parser_advance(p);
    const struct ops_place name = p->token.place;
    opsig_status status = ops_parser_expect(p, OPS_TOKEN_NAME, "the name of a node");
    if (status != OPSIG_OK) {
        return status;
    }
    p->local_first = (uint32_t)p->elements.len; /* nodes of unless lines are not to be seen */
    p->rule.report = ops_parser_element(p, name);
    p->rule.report_place = name;
    if (p->rule.report == OPS_NO_ELEMENT) {
        return ops_pack_error(p->pack, name, p->err, "no node of the match part is called %.*s",
                              (int)name.len, p->lexer.text + name.at);
    }
    return OPSIG_OK;
}

static const char *const section_words[] = {
    [OPS_SECTION_METADATA] = "rule", [OPS_SECTION_MATCH] = "match",
    [OPS_SECTION_WHERE] = "where",   [OPS_SECTION_UNLESS] = "unless",
    [OPS_SECTION_REPORT] = "report", [OPS_SECTION_EXAMPLES] = "example",
};

/** Does the token open another section? */
static bool opens_section(const struct ops_rule_parser *p, enum ops_section_of_rule *out)
{
    for (int i = OPS_SECTION_MATCH; i <= OPS_SECTION_EXAMPLES; i++) {
        if (ops_parser_at_word(p, section_words[i])) {
            *out = (enum ops_section_of_rule)i;
            return true;
        }
    }
    return false;
}

/** The word that opens a section, and what stands on its line. */
static opsig_status enter_section(struct ops_rule_parser *p, enum ops_section_of_rule *section,
                                  enum ops_section_of_rule next)
{
    if (next < *section || (next == *section && next != OPS_SECTION_EXAMPLES)) {
        return ops_pack_error(p->pack, p->token.place, p->err,
                              "'%s' does not stand here: the order is match, where, unless, "
                              "report, example", section_words[next]);
    }
    if (*section == OPS_SECTION_MATCH) {
        p->n_matched = (uint32_t)p->elements.len;
    }
    *section = next;
    if (next == OPS_SECTION_REPORT) {
        return read_report(p);
    }
    if (next == OPS_SECTION_EXAMPLES) {
        return ops_parse_example(p);
    }
    ops_parser_advance(p);
    return OPSIG_OK;
}

/** One statement of the section at hand, without its line end. */
static opsig_status read_statement(struct ops_rule_parser *p, enum ops_section_of_rule *section)
{
    enum ops_section_of_rule next;
    if (opens_section(p, &next)) {
        return enter_section(p, section, next);
    }
    switch (*section) {
    case OPS_SECTION_METADATA:
        return ops_parse_metadata(p);
    case OPS_SECTION_MATCH:
        return ops_parse_chain(p);
    case OPS_SECTION_WHERE:
        return read_test(p);
    case OPS_SECTION_UNLESS:
        return read_unless(p);
    case OPS_SECTION_REPORT:
    case OPS_SECTION_EXAMPLES:
        break;
    }
    return ops_parser_expected(p, "'example' or 'end'");
}

/** What a whole rule must have. */
static opsig_status require_parts(struct ops_rule_parser *p, enum ops_section_of_rule section)
{
    if (section == OPS_SECTION_METADATA || p->n_matched == 0) {
        return ops_pack_error(p->pack, p->rule.place, p->err, "the rule has no match part");
    }
    if (p->rule.report == OPS_NO_ELEMENT) {
        return ops_pack_error(p->pack, p->rule.place, p->err, "the rule has no 'report at'");
    }
    return OPSIG_OK;
}

/** Keeps a rule that has no error. */
static opsig_status keep_rule(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    TRY(keep_lists(p));
    struct opsig_rule *const rule = ops_arena_zalloc(&p->pack->arena, 1, sizeof *rule);
    TRY(rule != NULL ? OPSIG_OK : ops_error_nomem(p->err));
    *rule = p->rule;
    TRY(ops_vec_push(&p->pack->rules, rule, p->err));
done:
    return status;
}

/** Reads statements up to `end`. @return OPSIG_FORMAT where there was an error */
static opsig_status read_statements(struct ops_rule_parser *p, enum ops_section_of_rule *section)
{
    opsig_status worst = OPSIG_OK;
    for (;;) {
        while (ops_parser_accept(p, OPS_TOKEN_NEWLINE)) {
        }
        if (p->token.kind == OPS_TOKEN_END || ops_parser_at_word(p, "rule")) {
            return ops_pack_error(p->pack, p->rule.place, p->err, "the rule has no 'end'");
        }
        const bool is_end = ops_parser_at_word(p, "end");
        if (is_end && *section == OPS_SECTION_MATCH) {
            p->n_matched = (uint32_t)p->elements.len;
        }
        if (is_end) {
            ops_parser_advance(p);
        }
        opsig_status status = is_end ? OPSIG_OK : read_statement(p, section);
        status = status == OPSIG_OK ? end_line(p) : status;
        if (status != OPSIG_OK && status != OPSIG_FORMAT) {
            return status;
        }
        worst = status != OPSIG_OK ? status : worst;
        skip_statement(p);
        if (is_end) {
            return worst;
        }
    }
}

static opsig_status read_rule(struct ops_rule_parser *p)
{
    enum ops_section_of_rule section = OPS_SECTION_METADATA;
    clear_rule(p);
    p->rule.place = p->token.place;
    const opsig_status head = read_id(p);
    if (head != OPSIG_OK && head != OPSIG_FORMAT) {
        return head;
    }
    skip_statement(p);
    opsig_status status = read_statements(p, &section);
    status = status == OPSIG_OK ? head : status;
    status = status == OPSIG_OK ? require_parts(p, section) : status;
    return status == OPSIG_OK ? keep_rule(p) : status;
}

/** Passes lines up to the next rule. */
static void skip_to_rule(struct ops_rule_parser *p)
{
    while (p->token.kind != OPS_TOKEN_END && !ops_parser_at_word(p, "rule")) {
        skip_statement(p);
        while (ops_parser_accept(p, OPS_TOKEN_NEWLINE)) {
        }
    }
}

static opsig_status read_file(struct ops_rule_parser *p)
{
    ops_parser_advance(p);
    for (;;) {
        while (ops_parser_accept(p, OPS_TOKEN_NEWLINE)) {
        }
        if (p->token.kind == OPS_TOKEN_END) {
            return OPSIG_OK;
        }
        opsig_status status;
        if (ops_parser_at_word(p, "rule")) {
            status = read_rule(p);
        } else {
            status = ops_parser_expected(p, "'rule'");
            skip_to_rule(p);
        }
        if (status != OPSIG_OK && status != OPSIG_FORMAT) {
            return status;
        }
    }
}

static void dispose(struct ops_rule_parser *p)
{
    ops_vec_dispose(&p->elements);
    ops_vec_dispose(&p->links);
    ops_vec_dispose(&p->tensors);
    ops_vec_dispose(&p->tests);
    ops_vec_dispose(&p->unless);
    ops_vec_dispose(&p->affects);
    ops_vec_dispose(&p->producers);
    ops_vec_dispose(&p->opsets);
    ops_vec_dispose(&p->refs);
    ops_vec_dispose(&p->tags);
    ops_vec_dispose(&p->examples);
    ops_vec_dispose(&p->args);
    ops_vec_dispose(&p->names);
    ops_vec_dispose(&p->steps);
}

opsig_status ops_rules_parse(struct ops_pack *pack, opsig_error *err)
{
    struct ops_rule_parser p;
    memset(&p, 0, sizeof p);
    p.pack = pack;
    p.err = err;
    p.lexer = (struct ops_lexer){.text = pack->text, .len = (uint32_t)pack->len};
    const opsig_status status = read_file(&p);
    dispose(&p);
    return status;
}
