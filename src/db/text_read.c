/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the text form, one line at a time, each with its keyword first. The order of lines is
 * fixed: head, alphabet, provenance, risk, models, signatures with their lines. The file is in
 * memory as one string, lines end at their newline, and a cursor goes through it once. What goes
 * wrong is told with the line and the column of the cursor, counted in bytes from 1. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <opsig/db.h>

#include "base/mem.h"
#include "base/number.h"
#include "db/build.h"
#include "db/open.h"
#include "db/database.h"
#include "db/text.h"

/** Longest word or pattern, in bytes. */
#define MAX_WORD ((size_t)64 << 20)

/** A place in the text: where reading goes on, or went wrong. */
struct place {
    const char *at;
    const char *line_start; /* of the line that `at` is in */
    size_t line;            /* from 1 */
};

struct text {
    char *bytes, *end; /* a NUL at the end */
    struct place here;
    struct ops_buffer word, other, third; /* words of the line */
    struct ops_db_build build;
    const char *path;
    bool in_rules; /* whose errors have their place already */
};

static opsig_status syntax(const char *what, opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "syntax", -1, "%s", what);
}

static opsig_status expected(const char *what, opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "syntax", -1, "'%s' is expected here", what);
}

/** Passes a status on; where it is a failure, the place of it is `place`. */
static opsig_status at_place(struct text *text, struct place place, opsig_status status)
{
    if (status != OPSIG_OK) {
        text->here = place;
    }
    return status;
}

static void skip_blanks(struct text *text)
{
    while (*text->here.at == ' ' || *text->here.at == '\t') {
        text->here.at++;
    }
}

/** At the end of a line, but for a carriage return before it. */
static bool at_line_end(const struct text *text)
{
    const char *const at = text->here.at + (*text->here.at == '\r');
    return *at == '\n' || *at == '\0';
}

/** Goes on to the first word of a line that is not empty and no comment, or to the end. */
static void skip_lines(struct text *text)
{
    skip_blanks(text);
    while (text->here.at < text->end && (at_line_end(text) || *text->here.at == '#')) {
        text->here.at += strcspn(text->here.at, "\n");
        if (*text->here.at == '\n') {
            text->here.at++;
            text->here.line++;
            text->here.line_start = text->here.at;
        }
        skip_blanks(text);
    }
}

/** Ends a line and goes on to the next. */
static opsig_status next_line(struct text *text, opsig_error *err)
{
    skip_blanks(text);
    if (!at_line_end(text)) {
        return syntax("the line should end here", err);
    }
    skip_lines(text);
    return OPSIG_OK;
}

/** Is the next word on the line this one?  Then it is passed, with the blanks behind it. */
static bool take(struct text *text, const char *word)
{
    const size_t len = strlen(word);
    skip_blanks(text);
    if (strncmp(text->here.at, word, len) != 0 || strchr(" \t\r\n", text->here.at[len]) == NULL) {
        return false;
    }
    text->here.at += len;
    skip_blanks(text);
    return true;
}

static opsig_status take_or_fail(struct text *text, const char *word, opsig_error *err)
{
    return take(text, word) ? OPSIG_OK : expected(word, err);
}

/** Reads the next word of the line into `out`. */
static opsig_status read_word(struct text *text, struct ops_buffer *out, opsig_error *err)
{
    skip_blanks(text);
    const char *const wrong = ops_word_read(&text->here.at, out);
    if (wrong != NULL) {
        return syntax(wrong, err);
    }
    if (*text->here.at != ' ' && *text->here.at != '\t' && !at_line_end(text)) {
        return syntax("a blank is expected here", err);
    }
    return ops_buffer_status(out, err);
}

/** Reads a number; with `or_dash` "-" is NaN. */
static opsig_status read_number(struct text *text, bool or_dash, double *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    skip_blanks(text);
    const struct place start = text->here;
    TRY(read_word(text, &text->word, err));
    if (or_dash && strcmp(ops_buffer_text(&text->word), "-") == 0) {
        *out = NAN;
        return OPSIG_OK;
    }
    TRY(at_place(text, start, ops_number_parse(ops_buffer_text(&text->word), out, err)));
done:
    return status;
}

static opsig_status read_count(struct text *text, double *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t value;
    skip_blanks(text);
    const struct place start = text->here;
    TRY(read_word(text, &text->word, err));
    TRY(at_place(text, start,
                 ops_number_parse_u64(ops_buffer_text(&text->word), UINT32_MAX, &value, err)));
    *out = (double)value;
done:
    return status;
}

/** The rest of the line, which becomes a string of its own. */
static opsig_status read_rest(struct text *text, struct ops_buffer *out, opsig_error *err)
{
    size_t len = strcspn(text->here.at, "\r\n");
    while (len > 0 && (text->here.at[len - 1] == ' ' || text->here.at[len - 1] == '\t')) {
        len--;
    }
    ops_buffer_clear(out);
    ops_buffer_add(out, text->here.at, len);
    const opsig_status status = ops_buffer_status(out, err);
    text->here.at += status == OPSIG_OK ? len : 0;
    return status;
}

static opsig_status read_head(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    double version;
    TRY(take_or_fail(text, OPS_DB_TEXT_HEAD, err));
    TRY(read_count(text, &version, err));
    if (version < 1) {
        return syntax("the version of the text form is 1 or more", err);
    }
    if (version > OPS_DB_TEXT_VERSION) {
        return ops_error_set(err, OPSIG_UNSUPPORTED, "newer", -1,
                             "written by a newer version of opsig (text form %.0f; this one knows "
                             "%d)",
                             version, OPS_DB_TEXT_VERSION);
    }
    TRY(next_line(text, err));
    TRY(take_or_fail(text, "alphabet", err));
    const struct place start = text->here;
    TRY(read_word(text, &text->word, err));
    TRY(at_place(text, start,
                 ops_db_build_alphabet(&text->build, ops_buffer_text(&text->word), err)));
    TRY(next_line(text, err));
done:
    return status;
}

/** Lines `provenance KEY VALUE`. */
static opsig_status read_provenance(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    while (take(text, "provenance")) {
        const struct place start = text->here;
        TRY(read_word(text, &text->word, err));
        TRY(read_word(text, &text->other, err));
        TRY(at_place(text, start,
                     ops_db_build_note(&text->build, ops_buffer_text(&text->word),
                                       ops_buffer_text(&text->other), err)));
        TRY(next_line(text, err));
    }
done:
    return status;
}

/** The line `risk intercept X offset X ...`, which may be absent. */
static opsig_status read_risk(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    double numbers[OPS_DB_RISK_NUMBERS];
    if (!take(text, "risk")) {
        return OPSIG_OK;
    }
    for (size_t i = 0; i < OPS_DB_RISK_NUMBERS; i++) {
        TRY(take_or_fail(text, ops_db_risk_names[i], err));
        TRY(read_number(text, false, &numbers[i], err));
    }
    TRY(ops_db_build_risk(&text->build, numbers, err));
    TRY(next_line(text, err));
done:
    return status;
}

/** Lines `model LABEL DIGEST PATH`. */
static opsig_status read_models(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    while (take(text, "model")) {
        const struct place start = text->here;
        TRY(read_word(text, &text->word, err));
        TRY(read_word(text, &text->other, err));
        TRY(read_word(text, &text->third, err));
        const char *const digest = ops_buffer_text(&text->other);
        TRY(at_place(text, start,
                     ops_db_build_model(&text->build, ops_buffer_text(&text->third),
                                        strcmp(digest, "-") == 0 ? "" : digest,
                                        ops_buffer_text(&text->word), err)));
        TRY(next_line(text, err));
    }
done:
    return status;
}

/** Reads a line of a pattern; points at the place in it that is wrong. */
static opsig_status read_pattern(struct text *text, const char *keyword, struct ops_buffer *out,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_error reason = {.offset = -1};
    opsig_pattern *pattern = NULL;
    TRY(next_line(text, err));
    TRY(take_or_fail(text, keyword, err));
    const struct place start = text->here;
    TRY(read_rest(text, out, err));
    status = opsig_pattern_parse(&pattern, ops_buffer_text(out), &reason);
    opsig_pattern_free(pattern);
    if (status != OPSIG_OK) {
        text->here.at = start.at + (reason.offset > 0 ? reason.offset : 0);
        return ops_error_set(err, status, reason.kind, -1, "%s", reason.message);
    }
done:
    return status;
}

/** `signature ID significant`, and the lines of its pattern and context. */
static opsig_status read_claim(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_db_claim claim = {0};
    const struct place start = text->here;
    TRY(read_word(text, &text->word, err));
    claim.significant = take(text, "significant");
    if (!claim.significant && !take(text, "risk-term")) {
        return syntax("'significant' or 'risk-term' is expected here", err);
    }
    TRY(read_pattern(text, "pattern", &text->other, err));
    TRY(read_pattern(text, "context", &text->third, err));
    claim.id = ops_buffer_text(&text->word);
    claim.pattern = ops_buffer_text(&text->other);
    claim.context = ops_buffer_text(&text->third);
    TRY(at_place(text, start, ops_db_build_signature(&text->build, &claim, err)));
done:
    return status;
}

static opsig_status read_fields(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < OPS_DB_FIELDS; i++) {
        const struct ops_db_field *const field = &ops_db_fields[i];
        double value = NAN;
        if (field->line != NULL) {
            TRY(next_line(text, err));
            TRY(take_or_fail(text, field->line, err));
        }
        if (field->is_count) {
            TRY(read_count(text, &value, err));
        } else {
            TRY(read_number(text, field->may_be_nan, &value, err));
        }
        ops_db_field_set(text->build.signature, field, value);
    }
done:
    return status;
}

/** `evidence PATH LABEL ...`: the labels are joined by newlines. */
static opsig_status read_evidence(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct place start = text->here;
    struct ops_buffer *const nodes = &text->other;
    ops_buffer_clear(nodes);
    TRY(read_word(text, &text->word, err));
    const uint32_t model =
        ops_intern_find(text->build.paths, ops_buffer_text(&text->word), text->word.len);
    if (model == OPS_INTERN_NONE) {
        return at_place(text, start, syntax("evidence from a model that is not listed", err));
    }
    do {
        TRY(read_word(text, &text->third, err));
        ops_buffer_add(nodes, ops_buffer_text(&text->third), text->third.len);
        skip_blanks(text);
        ops_buffer_puts(nodes, at_line_end(text) ? "" : "\n");
    } while (!at_line_end(text));
    TRY(ops_buffer_status(nodes, err));
    TRY(ops_db_build_evidence(&text->build, model, ops_buffer_text(nodes), err));
done:
    return status;
}

/** Severity and evidence, up to the next signature or the end. */
static opsig_status read_rest_of_signature(struct text *text, struct place start, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    char severity[16];
    TRY(next_line(text, err));
    TRY(take_or_fail(text, "severity", err));
    TRY(read_word(text, &text->word, err));
    (void)snprintf(severity, sizeof severity, "%s", ops_buffer_text(&text->word));
    TRY(next_line(text, err));
    while (take(text, "evidence")) {
        TRY(read_evidence(text, err));
        TRY(next_line(text, err));
    }
    TRY(at_place(text, start, ops_db_build_close(&text->build, severity, err)));
done:
    return status;
}

/** Does a rule stand here? */
static bool begins_rules(const struct text *text)
{
    return strncmp(text->here.at, "rule", 4) == 0 &&
           (text->here.at[4] == ' ' || text->here.at[4] == '\t');
}

/** Rules, to the end, in the form of their own files. What is wrong in them is told with its own
 *  line and column, as if the lines before were empty. */
static opsig_status read_rules(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer *const rules = &text->build.rule_texts;
    if (text->here.at == text->end) {
        return OPSIG_OK;
    }
    for (size_t i = 1; i < text->here.line; i++) {
        ops_buffer_puts(rules, "\n");
    }
    ops_buffer_add(rules, text->here.line_start, (size_t)(text->end - text->here.line_start));
    TRY(ops_buffer_status(rules, err));
    text->in_rules = true;
    TRY(ops_db_build_rules(&text->build, text->path, ops_buffer_text(rules), rules->len, err));
done:
    return status;
}

/** All signatures, to the end or the first rule. What is wrong with one as a whole is told at its
 * first line. */
static opsig_status read_signatures(struct text *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    while (text->here.at < text->end && !begins_rules(text)) {
        const struct place start = text->here;
        TRY(take_or_fail(text, "signature", err));
        TRY(read_claim(text, err));
        TRY(read_fields(text, err));
        TRY(read_rest_of_signature(text, start, err));
    }
done:
    return status;
}

/** Goes to the first zero byte, where there is one before the end. */
static opsig_status refuse_zero(struct text *text, opsig_error *err)
{
    if (strlen(text->bytes) == (size_t)(text->end - text->bytes)) {
        return OPSIG_OK;
    }
    text->here.at = text->bytes + strlen(text->bytes);
    for (const char *c = text->bytes; c < text->here.at; c++) {
        if (*c == '\n') {
            text->here.line++;
            text->here.line_start = c + 1;
        }
    }
    return syntax("a zero byte", err);
}

static opsig_status parse(struct text *text, opsig_database **out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(refuse_zero(text, err));
    TRY(ops_db_build_begin(&text->build, err));
    skip_lines(text);
    TRY(read_head(text, err));
    TRY(read_provenance(text, err));
    TRY(read_risk(text, err));
    TRY(read_models(text, err));
    TRY(read_signatures(text, err));
    TRY(read_rules(text, err));
    TRY(ops_db_build_end(&text->build, out, err));
done:
    return status;
}

/** Puts line and column before the message. */
static void add_place(struct place place, const opsig_error *reason, opsig_error *err)
{
    ops_error_set(err, reason->status, reason->kind, -1, "line %zu, column %zu: %s", place.line,
                  (size_t)(place.at - place.line_start) + 1, reason->message);
}

opsig_status opsig_database_import(opsig_database **out, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_error reason = {.offset = -1};
    struct text text = {.here.line = 1, .path = path};
    size_t size = 0;
    *out = NULL;
    ops_buffer_init(&text.word, MAX_WORD);
    ops_buffer_init(&text.other, MAX_WORD);
    ops_buffer_init(&text.third, MAX_WORD);
    TRY(ops_db_read_file(&text.bytes, &size, path, err));
    text.end = text.bytes + size;
    text.here.at = text.here.line_start = text.bytes;
    status = ops_db_status_of_input(parse(&text, out, &reason), &reason);
    if (status == OPSIG_NOMEM) {
        ops_error_nomem(err);
    } else if (status == OPSIG_FORMAT && text.in_rules) {
        ops_error_set(err, status, reason.kind, -1, "%s", reason.message);
    } else if (status != OPSIG_OK) {
        add_place(text.here, &reason, err);
    }
done:
    ops_db_build_dispose(&text.build);
    ops_buffer_dispose(&text.word);
    ops_buffer_dispose(&text.other);
    ops_buffer_dispose(&text.third);
    ops_mem_free(text.bytes);
    return status;
}
