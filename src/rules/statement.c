/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metadata and examples. Ids, versions and addresses are words, which end at a blank: no quotes are
 * needed around them. */
#include "rules/statement.h"

#include <string.h>

#include <opsig/nearest.h>

#include "base/buffer.h"
#include "base/number.h"
#include "rules/version.h"

/** The next token is a word: what ops_lex would make of it does not matter. */
static void advance_word(struct ops_rule_parser *p)
{
    p->token = ops_lex_word(&p->lexer);
}

static opsig_status keep_text(struct ops_rule_parser *p, struct ops_place place, const char **out)
{
    *out = ops_parser_text(p, place);
    return *out != NULL ? OPSIG_OK : ops_error_nomem(p->err);
}

/** Words up to the end of the line, as one place. */
static struct ops_place rest_of_line(struct ops_rule_parser *p)
{
    struct ops_place place = {p->token.place.at, 0};
    while (p->token.kind == OPS_TOKEN_WORD) {
        place.len = p->token.place.at + p->token.place.len - place.at;
        advance_word(p);
    }
    return place;
}

/** A text without its quotes and backslashes, appended to the buffer. */
static void add_string(struct ops_buffer *out, const char *quoted, uint32_t len)
{
    const char *at = quoted + 1;
    const char *const end = quoted + len - 1;
    for (const char *slash; (slash = memchr(at, '\\', (size_t)(end - at))) != NULL;) {
        ops_buffer_add(out, at, (size_t)(slash - at));
        ops_buffer_add(out, slash + 1, 1);
        at = slash + 2;
    }
    ops_buffer_add(out, at, (size_t)(end - at));
}

opsig_status ops_parse_string(struct ops_rule_parser *p, const char **out)
{
    struct ops_buffer text;
    const uint32_t at = p->token.place.at;
    if (p->token.kind != OPS_TOKEN_STRING) {
        return ops_parser_expected(p, "a text in quotes");
    }
    ops_buffer_init(&text, p->pack->len + 1);
    while (p->token.kind == OPS_TOKEN_STRING) {
        if (p->token.place.at != at) {
            ops_buffer_add(&text, " ", 1);
        }
        add_string(&text, p->lexer.text + p->token.place.at, p->token.place.len);
        ops_parser_advance(p);
    }
    opsig_status status = ops_buffer_status(&text, p->err);
    if (status == OPSIG_OK) {
        *out = ops_arena_strndup(&p->pack->arena, ops_buffer_text(&text), text.len);
        status = *out != NULL ? OPSIG_OK : ops_error_nomem(p->err);
    }
    ops_buffer_dispose(&text);
    return status;
}

/** A text that the rule may have once. The token is the key. */
static opsig_status read_text(struct ops_rule_parser *p, const char **field)
{
    const struct ops_place key = p->token.place;
    if ((*field)[0] != '\0') {
        return ops_pack_error(p->pack, key, p->err, "the rule has a %.*s already", (int)key.len,
                              p->lexer.text + key.at);
    }
    ops_parser_advance(p);
    const struct ops_place place = p->token.place;
    const opsig_status status = ops_parse_string(p, field);
    if (status == OPSIG_OK && (*field)[0] == '\0') {
        return ops_pack_error(p->pack, place, p->err, "this text is empty");
    }
    return status;
}

static opsig_status read_title(struct ops_rule_parser *p)
{
    return read_text(p, &p->rule.title);
}

static opsig_status read_fix(struct ops_rule_parser *p)
{
    return read_text(p, &p->rule.fix);
}

static opsig_status read_note(struct ops_rule_parser *p)
{
    return read_text(p, &p->rule.note);
}

/** One of n words; its number. */
static opsig_status read_choice(struct ops_rule_parser *p, const char *const *words, size_t n,
                                const char *what, size_t *out)
{
    advance_word(p);
    const struct ops_place place = p->token.place;
    const char *const word = p->lexer.text + place.at;
    if (p->token.kind != OPS_TOKEN_WORD) {
        return ops_parser_expected(p, what);
    }
    for (size_t i = 0; i < n; i++) {
        if (strlen(words[i]) == place.len && memcmp(words[i], word, place.len) == 0) {
            ops_parser_advance(p);
            *out = i;
            return OPSIG_OK;
        }
    }
    return ops_parser_expected(p, what);
}

static opsig_status read_severity(struct ops_rule_parser *p)
{
    static const char *const words[] = {"low", "medium", "high"};
    size_t choice = 0;
    if (p->rule.has_severity) {
        return ops_pack_error(p->pack, p->token.place, p->err, "the rule has a severity already");
    }
    const opsig_status status = read_choice(p, words, 3, "high, medium or low", &choice);
    p->rule.severity = (opsig_severity)choice;
    p->rule.has_severity = true;
    return status;
}

static opsig_status read_confidence(struct ops_rule_parser *p)
{
    static const char *const words[] = {"reported", "maintainer", "fixed"};
    size_t choice = 0;
    if (p->rule.has_confidence) {
        return ops_pack_error(p->pack, p->token.place, p->err,
                              "the rule has a confidence already");
    }
    const opsig_status status =
        read_choice(p, words, 3, "fixed, maintainer or reported", &choice);
    p->rule.confidence = (opsig_rule_confidence)choice;
    p->rule.has_confidence = true;
    return status;
}

static opsig_status read_require(struct ops_rule_parser *p)
{
    static const char *const words[] = {"known"};
    size_t choice = 0;
    p->rule.require_known = true;
    return read_choice(p, words, 1, "'known'", &choice);
}

static opsig_status read_ref(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    advance_word(p);
    const struct ops_place place = p->token.place;
    const char *const word = p->lexer.text + place.at;
    if (p->token.kind != OPS_TOKEN_WORD || place.len < 9 ||
        (memcmp(word, "https://", 8) != 0 && memcmp(word, "http://", 7) != 0)) {
        return ops_parser_expected(p, "an address that begins with https://");
    }
    const char *text;
    TRY(keep_text(p, place, &text));
    TRY(ops_vec_push(&p->refs, text, p->err));
    ops_parser_advance(p);
done:
    return status;
}

static bool is_tag(const char *text, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        const char c = text[i];
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
            return false;
        }
    }
    return true;
}

static opsig_status read_tags(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    advance_word(p);
    if (p->token.kind != OPS_TOKEN_WORD) {
        return ops_parser_expected(p, "a tag");
    }
    while (p->token.kind == OPS_TOKEN_WORD) {
        const struct ops_place place = p->token.place;
        if (!is_tag(p->lexer.text + place.at, place.len)) {
            return ops_pack_error(p->pack, place, p->err,
                                  "a tag holds small letters, digits and - only");
        }
        const char *text;
        TRY(keep_text(p, place, &text));
        TRY(ops_vec_push(&p->tags, text, p->err));
        advance_word(p);
    }
done:
    return status;
}

/** Reads what is behind a name: nothing, or a range of versions. */
static opsig_status read_versions(struct ops_rule_parser *p, struct ops_version_range *out,
                                  struct ops_place *out_place)
{
    const struct ops_place place = rest_of_line(p);
    *out_place = place;
    if (p->token.kind == OPS_TOKEN_BAD) {
        return ops_parser_expected(p, "versions");
    }
    const char *text;
    opsig_status status = keep_text(p, place, &text);
    if (status != OPSIG_OK) {
        return status;
    }
    status = ops_version_range_parse(text, &p->pack->arena, out);
    if (status == OPSIG_NOMEM) {
        return ops_error_nomem(p->err);
    }
    if (status != OPSIG_OK) {
        return ops_pack_error(p->pack, place, p->err,
                              "a range of versions is written 1.2, 1.2 .. 1.4, < 1.4, <= 1.4, "
                              "> 1.2 or >= 1.2");
    }
    if (out->low != NULL && out->high != NULL && opsig_version_compare(out->low, out->high) > 0) {
        return ops_pack_error(p->pack, place, p->err, "no version lies in this range");
    }
    return OPSIG_OK;
}

static opsig_status read_claim(struct ops_rule_parser *p, struct ops_claim *out)
{
    struct ops_place place;
    advance_word(p);
    if (p->token.kind != OPS_TOKEN_WORD) {
        return ops_parser_expected(p, "a name");
    }
    opsig_status status = keep_text(p, p->token.place, &out->name);
    if (status == OPSIG_OK) {
        advance_word(p);
        status = read_versions(p, &out->versions, &place);
    }
    return status;
}

static opsig_status read_affects(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    struct ops_claim claim = {.name = ""};
    TRY(read_claim(p, &claim));
    TRY(ops_vec_push(&p->affects, claim, p->err));
done:
    return status;
}

static opsig_status read_producer(struct ops_rule_parser *p)
{
    opsig_status status = OPSIG_OK;
    struct ops_claim claim = {.name = ""};
    TRY(read_claim(p, &claim));
    TRY(ops_vec_push(&p->producers, claim, p->err));
done:
    return status;
}

enum { MAX_OPSET = 1000000 };

/** A bound of an opset range as a number; `step` towards the inside where the bound is open. */
static bool opset_bound(const char *text, bool is_open, int step, int64_t *out)
{
    uint64_t number;
    if (text == NULL) {
        return true;
    }
    if (ops_number_parse_u64(text, MAX_OPSET, &number, NULL) != OPSIG_OK) {
        return false;
    }
    *out = (int64_t)number + (is_open ? step : 0);
    return true;
}

static opsig_status read_opset(struct ops_rule_parser *p)
{
    struct ops_opset_range range = {.domain = "", .low = 0, .high = MAX_OPSET + 1};
    struct ops_version_range versions = {0};
    advance_word(p);
    const char first = p->token.kind == OPS_TOKEN_WORD ? p->lexer.text[p->token.place.at] : '\0';
    if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) {
        const opsig_status status = keep_text(p, p->token.place, &range.domain);
        if (status != OPSIG_OK) {
            return status;
        }
        if (strcmp(range.domain, "ai.onnx") == 0) {
            range.domain = "";
        }
        advance_word(p);
    }
    if (p->token.kind != OPS_TOKEN_WORD) {
        return ops_parser_expected(p, "a range of opsets such as >= 13 or 13 .. 17");
    }
    opsig_status status = read_versions(p, &versions, &range.place);
    if (status != OPSIG_OK) {
        return status;
    }
    if (!opset_bound(versions.low, versions.low_open, 1, &range.low) ||
        !opset_bound(versions.high, versions.high_open, -1, &range.high) ||
        range.low > range.high) {
        return ops_pack_error(p->pack, range.place, p->err,
                              "a range of opsets such as >= 13 or 13 .. 17 expected");
    }
    return ops_vec_push(&p->opsets, range, p->err);
}

static const struct {
    const char *key;
    opsig_status (*read)(struct ops_rule_parser *p);
} keys[] = {
    {"title", read_title},       {"severity", read_severity}, {"confidence", read_confidence},
    {"affects", read_affects},   {"opset", read_opset},       {"producer", read_producer},
    {"ref", read_ref},           {"fix", read_fix},           {"note", read_note},
    {"tags", read_tags},         {"require", read_require},
};

static opsig_status unknown_key(struct ops_rule_parser *p)
{
    opsig_nearest nearest;
    const struct ops_place place = p->token.place;
    opsig_nearest_start(&nearest, p->lexer.text + place.at, place.len);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        opsig_nearest_offer(&nearest, keys[i].key);
    }
    opsig_nearest_offer(&nearest, "match");
    return ops_pack_error(p->pack, place, p->err, "unknown key '%.*s'%s%s%s",
                          place.len > 60 ? 60 : (int)place.len, p->lexer.text + place.at,
                          nearest.best != NULL ? "; did you mean '" : "",
                          nearest.best != NULL ? nearest.best : "",
                          nearest.best != NULL ? "'?" : "");
}

opsig_status ops_parse_metadata(struct ops_rule_parser *p)
{
    if (p->token.kind != OPS_TOKEN_NAME) {
        return ops_parser_expected(p, "a key such as title, or 'match'");
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (ops_parser_at_word(p, keys[i].key)) {
            return keys[i].read(p);
        }
    }
    return unknown_key(p);
}

/** Does the line at the cursor begin with a word of its own? */
static bool line_begins_with(const struct ops_lexer *lexer, const char *word)
{
    struct ops_lexer at = *lexer;
    const size_t len = strlen(word);
    const struct ops_token token = ops_lex_word(&at);
    return token.kind == OPS_TOKEN_WORD && token.place.len == len &&
           memcmp(lexer->text + token.place.at, word, len) == 0;
}

/** The lines up to the next `example` or `end`. */
static struct ops_place model_lines(struct ops_lexer *lexer)
{
    struct ops_place place = {lexer->pos, 0};
    while (lexer->pos < lexer->len && !line_begins_with(lexer, "example") &&
           !line_begins_with(lexer, "end")) {
        ops_lex_skip_line(lexer);
        lexer->pos += lexer->pos < lexer->len;
        place.len = lexer->pos - place.at;
    }
    return place;
}

opsig_status ops_parse_example(struct ops_rule_parser *p)
{
    static const char *const words[] = {"match", "possible", "clean"};
    opsig_status status = OPSIG_OK;
    struct ops_example example = {.title = "", .place = p->token.place};
    size_t choice = 0;
    TRY(read_choice(p, words, 3, "match, possible or clean", &choice));
    example.kind = (opsig_example_kind)choice;
    if (p->token.kind == OPS_TOKEN_STRING) {
        TRY(ops_parse_string(p, &example.title));
    }
    if (p->token.kind != OPS_TOKEN_NEWLINE) {
        status = ops_parser_expected(p, "a model on the lines below");
        goto done;
    }
    /* The token stands before the line end; the model is no text of the rule language. */
    p->lexer.pos = p->token.place.at;
    ops_lex_skip_line(&p->lexer);
    p->lexer.pos += p->lexer.pos < p->lexer.len;
    example.text_place = model_lines(&p->lexer);
    TRY(keep_text(p, example.text_place, &example.text));
    TRY(ops_vec_push(&p->examples, example, p->err));
    p->token = (struct ops_token){.kind = OPS_TOKEN_NEWLINE, .place = {p->lexer.pos, 0}};
done:
    return status;
}
