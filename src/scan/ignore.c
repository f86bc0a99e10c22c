/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ignore files are text, a finding a line:
 *
 *      # id              paths            last day          why
 *      OPS-998bd8308727  legacy-*.onnx      until=2027-01-31  accepted in the review of May
 *
 * A file is read whole and cut into words where it lies in memory; a mistake is told with its line
 * and column, counted in bytes from 1. */
#include "scan/ignore.h"

#include <fnmatch.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/reader.h"
#include "base/vec.h"
#include "scan/place.h"

enum { LARGEST_FILE = 16 << 20, LARGEST_MEMORY = 256 << 20 };
enum { LENGTH_OF_DAY = 10 }; /* "YYYY-MM-DD" */

/** A line, and its file's place among those read. */
struct line {
    opsig_ignore ignore;
    size_t place;
};

struct opsig_ignores {
    struct ops_arena arena; /* files as they were read */
    OPS_VEC(struct ops_place) places; /* a folder for each */
    char today[LENGTH_OF_DAY + 1];
    OPS_VEC(struct line) lines;
};

/** A file being read. */
struct text {
    opsig_ignores *ignores;
    const char *file;
    char *at, *line_start;
    size_t line; /* from 1 */
    opsig_error *err;
};

static bool is_digits(const char *text, size_t n)
{
    return strspn(text, "0123456789") >= n;
}

/** Whether text begins with a day that the calendar has. */
static bool is_day(const char *text)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!is_digits(text, 4) || text[4] != '-' || !is_digits(text + 5, 2) || text[7] != '-' ||
        !is_digits(text + 8, 2)) {
        return false;
    }
    const int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 +
                     (text[3] - '0');
    const int month = (text[5] - '0') * 10 + (text[6] - '0');
    const int day = (text[8] - '0') * 10 + (text[9] - '0');
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] &&
           (month != 2 || day != 29 || leap);
}

opsig_status opsig_ignores_new(opsig_ignores **out, const char *today, opsig_error *err)
{
    const time_t now = time(NULL);
    struct tm utc;
    *out = NULL;
    if (today != NULL && (strlen(today) != LENGTH_OF_DAY || !is_day(today))) {
        return ops_error_set(err, OPSIG_USAGE, "usage", -1, "'%.20s' is no day", today);
    }
    opsig_ignores *const ignores = ops_mem_zalloc(1, sizeof *ignores);
    if (ignores == NULL) {
        return ops_error_nomem(err);
    }
    ops_arena_init(&ignores->arena, LARGEST_MEMORY);
    if (today != NULL) {
        memcpy(ignores->today, today, LENGTH_OF_DAY);
    } else if (gmtime_r(&now, &utc) == NULL ||
               strftime(ignores->today, sizeof ignores->today, "%Y-%m-%d", &utc) == 0) {
        opsig_ignores_free(ignores);
        return ops_error_set(err, OPSIG_INTERNAL, "clock", -1, "the clock tells no day");
    }
    *out = ignores;
    return OPSIG_OK;
}

void opsig_ignores_free(opsig_ignores *ignores)
{
    if (ignores != NULL) {
        for (size_t i = 0; i < ignores->places.len; i++) {
            ops_place_dispose(&ignores->places.items[i]);
        }
        ops_vec_dispose(&ignores->places);
        ops_vec_dispose(&ignores->lines);
        ops_arena_dispose(&ignores->arena);
        ops_mem_free(ignores);
    }
}

size_t opsig_ignores_n(const opsig_ignores *ignores)
{
    return ignores->lines.len;
}

opsig_ignore opsig_ignores_line(const opsig_ignores *ignores, size_t i)
{
    return ignores->lines.items[i].ignore;
}

/* ---- reading ---- */

static opsig_status refuse(const struct text *text, const char *at, const char *what)
{
    return ops_error_set(text->err, OPSIG_FORMAT, "syntax", -1, "line %zu, column %zu: %s",
                         text->line, (size_t)(at - text->line_start) + 1, what);
}

static void skip_blanks(struct text *text)
{
    text->at += strspn(text->at, " \t");
}

/** A word in double quotes, in which \" and \\ stand for themselves; cut out where it lies. */
static opsig_status read_quoted(struct text *text, const char **out)
{
    const char *const begin = text->at++;
    char *to = text->at;
    *out = to;
    for (; *text->at != '"'; *to++ = *text->at++) {
        if (text->at[0] == '\\' && (text->at[1] == '"' || text->at[1] == '\\')) {
            text->at++;
        }
        if (*text->at == '\0') {
            return refuse(text, begin, "a quote that is not closed");
        }
    }
    text->at++;
    if (strchr(" \t", *text->at) == NULL) { /* which finds the NUL too */
        return refuse(text, text->at, "a blank is missing behind the quote");
    }
    *to = '\0';
    return OPSIG_OK;
}

static opsig_status read_word(struct text *text, const char *what, const char **out)
{
    skip_blanks(text);
    if (*text->at == '\0') {
        return refuse(text, text->at, what);
    }
    if (*text->at == '"') {
        return read_quoted(text, out);
    }
    *out = text->at;
    text->at += strcspn(text->at, " \t");
    if (*text->at != '\0') {
        *text->at++ = '\0';
    }
    return OPSIG_OK;
}

static opsig_status read_until(struct text *text, const char **out)
{
    static const char word[] = "until=";
    const size_t len = sizeof word - 1;
    skip_blanks(text);
    *out = "";
    if (strncmp(text->at, word, len) != 0) {
        return OPSIG_OK;
    }
    char *const day = text->at + len;
    if (!is_day(day) || strchr(" \t", day[LENGTH_OF_DAY]) == NULL) {
        return refuse(text, day, "a day as 2027-01-31 is expected behind 'until='");
    }
    *out = day;
    text->at = day + LENGTH_OF_DAY;
    if (*text->at != '\0') {
        *text->at++ = '\0';
    }
    return OPSIG_OK;
}

/** Reads a line that is neither empty nor a remark. */
static opsig_status read_line(struct text *text)
{
    struct line line = {.place = text->ignores->places.len - 1};
    opsig_ignore *const ignore = &line.ignore;
    opsig_status status = OPSIG_OK;
    ignore->file = text->file;
    ignore->line = text->line;
    TRY(read_word(text, "the id of a signature or rule is expected", &ignore->id));
    TRY(read_word(text, "the paths are missing: a glob, such as * or sub/*.onnx", &ignore->glob));
    TRY(read_until(text, &ignore->until));
    skip_blanks(text);
    ignore->reason = text->at;
    if (*text->at == '\0') {
        return refuse(text, text->at, "the reason is missing");
    }
    ignore->is_expired =
        ignore->until[0] != '\0' && strcmp(ignore->until, text->ignores->today) < 0;
    TRY(ops_vec_push(&text->ignores->lines, line, text->err));
done:
    return status;
}

/** Cuts the text into lines. */
static opsig_status read_lines(struct text *text, char *end)
{
    opsig_status status = OPSIG_OK;
    char *next = text->at;
    while (next < end) {
        char *stop = memchr(next, '\n', (size_t)(end - next));
        stop = stop != NULL ? stop : end;
        text->at = text->line_start = next;
        text->line++;
        next = stop + 1;
        if (memchr(text->at, '\0', (size_t)(stop - text->at)) != NULL) {
            return refuse(text, text->at + strlen(text->at), "a NUL byte");
        }
        *stop = '\0';
        if (stop > text->at && stop[-1] == '\r') {
            stop[-1] = '\0';
        }
        skip_blanks(text);
        if (*text->at != '\0' && *text->at != '#') {
            TRY(read_line(text));
        }
    }
done:
    return status;
}

static opsig_status read_file(struct text *text, struct ops_reader *reader)
{
    struct ops_arena *const arena = &text->ignores->arena;
    const size_t size = (size_t)ops_reader_size(reader);
    char *const bytes = ops_arena_alloc(arena, size + 1);
    opsig_status status = OPSIG_OK;
    TRY(bytes != NULL ? OPSIG_OK : ops_error_nomem(text->err));
    TRY(ops_reader_read(reader, bytes, size, text->err));
    bytes[size] = '\0';
    text->at = bytes;
    TRY(read_lines(text, bytes + size));
done:
    return status;
}

opsig_status opsig_ignores_read(opsig_ignores *ignores, const char *path, opsig_error *err)
{
    struct text text = {.ignores = ignores, .err = err};
    const size_t n_before = ignores->lines.len;
    struct ops_reader *reader = NULL;
    struct ops_place place;
    opsig_status status = OPSIG_OK;
    TRY(ops_reader_open(&reader, path, UINT64_MAX, err));
    if (ops_reader_size(reader) > LARGEST_FILE) {
        TRY(ops_error_set(err, OPSIG_LIMIT, "limit", -1, "an ignore file of more than 16 MiB"));
    }
    text.file = ops_arena_strndup(&ignores->arena, path, strlen(path));
    TRY(text.file != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_vec_reserve(&ignores->places, 1, err));
    TRY(ops_place_init(&place, path, err));
    ignores->places.items[ignores->places.len++] = place;
    TRY(read_file(&text, reader));
done:
    if (status != OPSIG_OK) {
        ignores->lines.len = n_before;
    }
    ops_reader_free(reader);
    return status;
}

/* ---- matching ---- */

static bool matches(const char *glob, const char *path)
{
    const char *const slash = strrchr(path, '/');
    return fnmatch(glob, path, 0) == 0 || (slash != NULL && fnmatch(glob, slash + 1, 0) == 0);
}

const char *ops_ignores_match(opsig_ignores *ignores, const char *path, const char *id)
{
    const char *reason = NULL;
    for (size_t i = 0; i < ignores->lines.len; i++) {
        struct line *const line = &ignores->lines.items[i];
        if (line->ignore.is_expired || strcmp(line->ignore.id, id) != 0) {
            continue;
        }
        const char *const relative =
            ops_place_relative(&ignores->places.items[line->place], path);
        if (relative != NULL && matches(line->ignore.glob, relative)) {
            line->ignore.is_used = true;
            reason = reason == NULL ? line->ignore.reason : reason;
        }
    }
    return reason;
}
