/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file lex.h  Rule text to tokens. */
#ifndef OPSIG_RULES_LEX_H
#define OPSIG_RULES_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rule.h"

enum ops_token_kind {
    OPS_TOKEN_END = 0, /* of the file */
    OPS_TOKEN_NEWLINE,
    OPS_TOKEN_BAD, /* `why` says what is wrong */
    OPS_TOKEN_NAME,
    OPS_TOKEN_DOMAIN, /* com.microsoft:: */
    OPS_TOKEN_TENSOR, /* $x */
    OPS_TOKEN_NUMBER,
    OPS_TOKEN_STRING, /* in quotes */
    OPS_TOKEN_WORD,   /* ops_lex_word: anything without blanks */
    OPS_TOKEN_ARROW,
    OPS_TOKEN_RANGE, /* .. */
    OPS_TOKEN_EQ,
    OPS_TOKEN_NE,
    OPS_TOKEN_LE,
    OPS_TOKEN_GE,
    OPS_TOKEN_SIGN = 128 /* + a byte: that punctuation by itself */
};

struct ops_token {
    int kind;
    struct ops_place place;
    double number;
    const char *why; /* a static string */
};

struct ops_lexer {
    const char *text;
    uint32_t len, pos;
};

/** The next token. A line that begins with "->", "|", ",", "and", "or" or a quote goes on with the
 *  line before. Time: linear in the bytes it passes. */
struct ops_token ops_lex(struct ops_lexer *lexer);
/** The next run of bytes that are no blanks, up to the end of the line; a token of kind NEWLINE or
 *  END where there is none. */
struct ops_token ops_lex_word(struct ops_lexer *lexer);
/** Passes the rest of the line, its end not included. */
void ops_lex_skip_line(struct ops_lexer *lexer);

#endif
