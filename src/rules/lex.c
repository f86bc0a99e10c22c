/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of signs, and one scan a kind of token. Nothing is copied: a token is a place in the
 * text. The text is any bytes; what has no meaning becomes a token that says so. */
#include "rules/lex.h"

#include <string.h>

#include "base/escape.h"
#include "base/number.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/** The byte `ahead` bytes from the cursor; NUL at the end. */
static char peek(const struct ops_lexer *lexer, uint32_t ahead)
{
    const uint32_t left = lexer->len - lexer->pos;
    return ahead < left ? lexer->text[lexer->pos + ahead] : '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/** Passes blanks and a comment. */
static void skip_blanks(struct ops_lexer *lexer)
{
    while (lexer->pos < lexer->len && is_blank(peek(lexer, 0))) {
        lexer->pos++;
    }
    if (peek(lexer, 0) == '#') {
        ops_lex_skip_line(lexer);
    }
}

void ops_lex_skip_line(struct ops_lexer *lexer)
{
    const char *const from = lexer->text + lexer->pos;
    const char *const end = memchr(from, '\n', lexer->len - lexer->pos);
    lexer->pos = end == NULL ? lexer->len : (uint32_t)(end - lexer->text);
}

static bool starts_with_word(const struct ops_lexer *lexer, const char *word)
{
    const uint32_t len = (uint32_t)strlen(word);
    return lexer->len - lexer->pos >= len &&
           memcmp(lexer->text + lexer->pos, word, len) == 0 && !is_letter(peek(lexer, len)) &&
           !is_digit(peek(lexer, len));
}

/** Does what follows go on with the line before? */
static bool is_continuation(const struct ops_lexer *lexer)
{
    const char c = peek(lexer, 0);
    return c == '"' || c == '|' || c == ',' || (c == '-' && peek(lexer, 1) == '>') ||
           starts_with_word(lexer, "and") || starts_with_word(lexer, "or");
}

/** Passes line ends, blanks and comments. @return whether a new statement begins */
static bool pass_line_ends(struct ops_lexer *lexer)
{
    bool passed = false;
    skip_blanks(lexer);
    while (lexer->pos < lexer->len && peek(lexer, 0) == '\n') {
        passed = true;
        lexer->pos++;
        skip_blanks(lexer);
    }
    return passed && (lexer->pos == lexer->len || !is_continuation(lexer));
}

static struct ops_token token(int kind, uint32_t at, uint32_t len)
{
    return (struct ops_token){.kind = kind, .place = {at, len}};
}

static struct ops_token bad(struct ops_lexer *lexer, uint32_t at, uint32_t len, const char *why)
{
    lexer->pos = at + len;
    return (struct ops_token){.kind = OPS_TOKEN_BAD, .place = {at, len}, .why = why};
}

static uint32_t word_length(const struct ops_lexer *lexer, uint32_t from)
{
    uint32_t n = 0;
    while (is_letter(peek(lexer, from + n)) || is_digit(peek(lexer, from + n))) {
        n++;
    }
    return n;
}

enum { MAX_DOMAIN_PARTS = 32 };

/** Length of "com.microsoft::" at the cursor; 0: there is none. */
static uint32_t domain_length(const struct ops_lexer *lexer, uint32_t first)
{
    uint32_t n = first;
    for (int parts = 0; parts < MAX_DOMAIN_PARTS && peek(lexer, n) == '.'; parts++) {
        const uint32_t more = word_length(lexer, n + 1);
        if (more == 0) {
            return 0;
        }
        n += 1 + more;
    }
    return peek(lexer, n) == ':' && peek(lexer, n + 1) == ':' ? n + 2 : 0;
}

static struct ops_token lex_name(struct ops_lexer *lexer)
{
    const uint32_t at = lexer->pos;
    const uint32_t name = word_length(lexer, 0);
    const uint32_t domain = domain_length(lexer, name);
    lexer->pos = at + (domain != 0 ? domain : name);
    return domain != 0 ? token(OPS_TOKEN_DOMAIN, at, domain) : token(OPS_TOKEN_NAME, at, name);
}

static uint32_t digits_length(const struct ops_lexer *lexer, uint32_t from)
{
    uint32_t n = 0;
    while (is_digit(peek(lexer, from + n))) {
        n++;
    }
    return n;
}

enum { LONGEST_NUMBER = 64 };

static struct ops_token lex_number(struct ops_lexer *lexer)
{
    const uint32_t at = lexer->pos;
    uint32_t n = digits_length(lexer, 0);
    if (peek(lexer, n) == '.' && is_digit(peek(lexer, n + 1))) {
        n += 1 + digits_length(lexer, n + 1);
    }
    if (peek(lexer, n) == 'e' || peek(lexer, n) == 'E') {
        const uint32_t sign = peek(lexer, n + 1) == '-' || peek(lexer, n + 1) == '+';
        const uint32_t digits = digits_length(lexer, n + 1 + sign);
        n += digits > 0 ? 1 + sign + digits : 0;
    }
    if (is_letter(peek(lexer, n))) {
        return bad(lexer, at, n + word_length(lexer, n), "a number cannot go on with letters");
    }
    char text[LONGEST_NUMBER];
    struct ops_token out = token(OPS_TOKEN_NUMBER, at, n);
    if (n >= sizeof text) {
        return bad(lexer, at, n, "this number is too long");
    }
    memcpy(text, lexer->text + at, n);
    text[n] = '\0';
    if (ops_number_parse(text, &out.number, NULL) != OPSIG_OK) {
        return bad(lexer, at, n, "this number is too large");
    }
    lexer->pos = at + n;
    return out;
}

/** Is this byte a character of a text that needs no second look? */
static bool is_plain(char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

/** Text in quotes, which ends on its line; \" and \\ stand for themselves. */
static struct ops_token lex_string(struct ops_lexer *lexer)
{
    const uint32_t at = lexer->pos;
    uint32_t n = 1;
    while (at + n < lexer->len && peek(lexer, n) != '"' && peek(lexer, n) != '\n') {
        if (is_plain(peek(lexer, n))) {
            n++;
            continue;
        }
        const uint32_t left = lexer->len - at - n;
        unsigned code = 0;
        const size_t taken = ops_utf8_decode(lexer->text + at + n, left, &code);
        if (taken == 0 || (code < 0x20 && code != '\t') || code == 0x7f) {
            return bad(lexer, at + n, 1, "a text holds UTF-8 without control characters");
        }
        if (code == '\\') {
            const char next = peek(lexer, n + 1);
            if (next != '"' && next != '\\') {
                return bad(lexer, at + n, 1, "a backslash stands before \" or \\ only");
            }
            n++;
        }
        n += (uint32_t)taken;
    }
    if (peek(lexer, n) != '"') {
        return bad(lexer, at, n, "the text has no closing quote on its line");
    }
    lexer->pos = at + n + 1;
    return token(OPS_TOKEN_STRING, at, n + 1);
}

static const struct {
    char text[3];
    int kind;
} signs[] = {
    {"->", OPS_TOKEN_ARROW}, {"..", OPS_TOKEN_RANGE}, {"==", OPS_TOKEN_EQ}, {"!=", OPS_TOKEN_NE},
    {"<=", OPS_TOKEN_LE},    {">=", OPS_TOKEN_GE},
};

static struct ops_token lex_sign(struct ops_lexer *lexer)
{
    const uint32_t at = lexer->pos;
    const char c = peek(lexer, 0);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (c == signs[i].text[0] && peek(lexer, 1) == signs[i].text[1]) {
            lexer->pos += 2;
            return token(signs[i].kind, at, 2);
        }
    }
    if (c == '=') {
        return bad(lexer, at, 1, "a comparison for equality is written ==");
    }
    if (c == '\0' || strchr(":.|!*?+-/%()[]{},<>", c) == NULL) {
        unsigned code;
        const size_t len = ops_utf8_decode(lexer->text + at, lexer->len - at, &code);
        return bad(lexer, at, len == 0 ? 1 : (uint32_t)len, "this character has no meaning here");
    }
    lexer->pos++;
    return token(OPS_TOKEN_SIGN + (unsigned char)c, at, 1);
}

struct ops_token ops_lex(struct ops_lexer *lexer)
{
    const uint32_t line_end = lexer->pos;
    if (pass_line_ends(lexer)) {
        return token(OPS_TOKEN_NEWLINE, line_end, 0);
    }
    const uint32_t at = lexer->pos;
    if (at == lexer->len) {
        return token(OPS_TOKEN_END, at, 0);
    }
    const char c = peek(lexer, 0);
    if (is_letter(c)) {
        return lex_name(lexer);
    }
    if (is_digit(c)) {
        return lex_number(lexer);
    }
    if (c == '"') {
        return lex_string(lexer);
    }
    if (c == '$' && is_letter(peek(lexer, 1))) {
        const uint32_t n = 1 + word_length(lexer, 1);
        lexer->pos += n;
        return token(OPS_TOKEN_TENSOR, at, n);
    }
    return lex_sign(lexer);
}

struct ops_token ops_lex_word(struct ops_lexer *lexer)
{
    skip_blanks(lexer);
    const uint32_t at = lexer->pos;
    if (at == lexer->len || peek(lexer, 0) == '\n') {
        return ops_lex(lexer);
    }
    while (lexer->pos < lexer->len && !is_blank(peek(lexer, 0)) && peek(lexer, 0) != '\n') {
        unsigned code = 0;
        const size_t taken =
            ops_utf8_decode(lexer->text + lexer->pos, lexer->len - lexer->pos, &code);
        if (taken == 0 || code < 0x20 || code == 0x7f) {
            return bad(lexer, lexer->pos, 1, "this byte has no meaning here");
        }
        lexer->pos += (uint32_t)taken;
    }
    return token(OPS_TOKEN_WORD, at, lexer->pos - at);
}
