/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A state machine over bytes, one function a state:
 *
 *      START --quote--> QUOTED --quote--> CLOSED
 *        |                ^----quote--------'      ("" is a quote)
 *        '--other--> PLAIN
 *
 * A comma or a line end closes the field in START, PLAIN and CLOSED. The bytes of a row lie
 * behind one another in one array, a NUL behind each field. */
#include "corpus/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"

enum state { START, PLAIN, QUOTED, CLOSED };

struct place {
    uint64_t line, column; /* from 1; columns are bytes */
    uint64_t offset;
};

struct field {
    size_t begin; /* in text */
    struct place place;
};

struct ops_csv {
    struct ops_reader *reader;
    const uint8_t *window;
    size_t window_len, window_pos;
    struct place here; /* of the next byte */
    enum state state;
    bool row_done;
    bool was_quoted; /* a field of the row */
    OPS_VEC(char) text;
    OPS_VEC(struct field) fields;
};

opsig_status ops_csv_new(struct ops_csv **out, struct ops_reader *reader, opsig_error *err)
{
    *out = NULL;
    const uint8_t *bytes;
    size_t len;
    const opsig_status status = ops_reader_peek(reader, 3, &bytes, &len, err);
    if (status != OPSIG_OK) {
        return status;
    }
    struct ops_csv *const csv = ops_mem_zalloc(1, sizeof *csv);
    if (csv == NULL) {
        return ops_error_nomem(err);
    }
    csv->reader = reader;
    csv->here = (struct place){.line = 1, .column = 1};
    if (len == 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        ops_reader_advance(reader, 3);
        csv->here.offset = 3;
    }
    *out = csv;
    return OPSIG_OK;
}

void ops_csv_free(struct ops_csv *csv)
{
    if (csv != NULL) {
        ops_vec_dispose(&csv->text);
        ops_vec_dispose(&csv->fields);
        ops_mem_free(csv);
    }
}

static opsig_status error_at(const struct place *place, opsig_status status, const char *kind,
                             opsig_error *err, const char *message)
{
    return ops_error_set(err, status, kind, (int64_t)place->offset, "line %llu, column %llu: %s",
                         (unsigned long long)place->line, (unsigned long long)place->column,
                         message);
}

static opsig_status bad_here(const struct ops_csv *csv, opsig_error *err, const char *message)
{
    return error_at(&csv->here, OPSIG_FORMAT, "csv", err, message);
}

opsig_status ops_csv_error(const struct ops_csv *csv, size_t i, const char *kind, opsig_error *err,
                           const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const bool has_field = i < csv->fields.len;
    const struct place *const place = has_field ? &csv->fields.items[i].place : &csv->here;
    return error_at(place, OPSIG_FORMAT, kind, err, message);
}

/** The next byte, without passing it; -1 at the end of the file. */
static opsig_status look(struct ops_csv *csv, int *out, opsig_error *err)
{
    if (csv->window_pos == csv->window_len) {
        ops_reader_advance(csv->reader, csv->window_len);
        csv->window_pos = csv->window_len = 0;
        const opsig_status status =
            ops_reader_peek(csv->reader, OPS_READER_WINDOW, &csv->window, &csv->window_len, err);
        if (status != OPSIG_OK) {
            return status;
        }
    }
    *out = csv->window_pos < csv->window_len ? csv->window[csv->window_pos] : -1;
    return OPSIG_OK;
}

/** Passes a byte that look has shown. */
static void pass(struct ops_csv *csv)
{
    const bool ends_line = csv->window[csv->window_pos++] == '\n';
    csv->here.offset++;
    csv->here.line += ends_line;
    csv->here.column = ends_line ? 1 : csv->here.column + 1;
}

static opsig_status add_byte(struct ops_csv *csv, int byte, opsig_error *err)
{
    const size_t begin = csv->fields.items[csv->fields.len - 1].begin;
    if (csv->text.len - begin >= OPS_CSV_MAX_FIELD || csv->text.len >= OPS_CSV_MAX_ROW) {
        return error_at(&csv->here, OPSIG_LIMIT, "limit", err,
                        "a field is longer than 1 MiB or a row than 4 MiB");
    }
    pass(csv);
    return ops_vec_push(&csv->text, (char)byte, err);
}

/** Opens a field at this place. */
static opsig_status open_field(struct ops_csv *csv, opsig_error *err)
{
    if (csv->fields.len == OPS_CSV_MAX_COLUMNS) {
        return error_at(&csv->here, OPSIG_LIMIT, "limit", err, "more than 4096 columns");
    }
    const struct field field = {.begin = csv->text.len, .place = csv->here};
    csv->state = START;
    return ops_vec_push(&csv->fields, field, err);
}

/** Closes the field, and the row where `byte` is a line end or the end of the file. */
static opsig_status close_field(struct ops_csv *csv, int byte, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_vec_push(&csv->text, '\0', err));
    if (byte == ',') {
        pass(csv);
        TRY(open_field(csv, err));
        goto done;
    }
    csv->row_done = true;
    if (byte == '\r') {
        pass(csv);
        TRY(look(csv, &byte, err));
        if (byte != '\n') {
            TRY(bad_here(csv, err, "a carriage return without a line feed"));
        }
    }
    if (byte == '\n') {
        pass(csv);
    }
done:
    return status;
}

static bool closes_field(int byte)
{
    return byte == ',' || byte == '\r' || byte == '\n' || byte < 0;
}

/** Takes one byte outside quotes. */
static opsig_status step_outside(struct ops_csv *csv, int byte, opsig_error *err)
{
    if (closes_field(byte)) {
        return close_field(csv, byte, err);
    }
    if (csv->state == CLOSED && byte != '"') {
        return bad_here(csv, err, "text behind a closing quote");
    }
    if (byte != '"') {
        csv->state = PLAIN;
        return add_byte(csv, byte, err);
    }
    if (csv->state == PLAIN) {
        return bad_here(csv, err, "a quote inside a field that does not begin with one");
    }
    const bool is_quote_character = csv->state == CLOSED;
    csv->state = QUOTED;
    csv->was_quoted = true;
    if (is_quote_character) {
        return add_byte(csv, byte, err);
    }
    pass(csv);
    return OPSIG_OK;
}

/** Takes one byte inside quotes. */
static opsig_status step_quoted(struct ops_csv *csv, int byte, opsig_error *err)
{
    if (byte < 0) {
        const struct field *const field = &csv->fields.items[csv->fields.len - 1];
        return error_at(&field->place, OPSIG_FORMAT, "csv", err, "a quote is never closed");
    }
    if (byte == '"') {
        csv->state = CLOSED;
        pass(csv);
        return OPSIG_OK;
    }
    return add_byte(csv, byte, err);
}

static opsig_status read_row(struct ops_csv *csv, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    csv->text.len = csv->fields.len = 0;
    csv->row_done = csv->was_quoted = false;
    TRY(open_field(csv, err));
    while (!csv->row_done) {
        int byte;
        TRY(look(csv, &byte, err));
        if (byte == 0) {
            TRY(bad_here(csv, err, "a NUL byte: not a text file in UTF-8"));
        }
        TRY(csv->state == QUOTED ? step_quoted(csv, byte, err) : step_outside(csv, byte, err));
    }
done:
    return status;
}

opsig_status ops_csv_next(struct ops_csv *csv, bool *out_found, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out_found = false;
    for (;;) {
        int byte;
        TRY(look(csv, &byte, err));
        if (byte < 0) {
            csv->fields.len = 0;
            break;
        }
        TRY(read_row(csv, err));
        const bool is_empty_line = csv->fields.len == 1 && csv->text.len == 1 && !csv->was_quoted;
        if (!is_empty_line) {
            *out_found = true;
            break;
        }
    }
done:
    return status;
}

size_t ops_csv_n_fields(const struct ops_csv *csv)
{
    return csv->fields.len;
}

const char *ops_csv_field(const struct ops_csv *csv, size_t i)
{
    return csv->text.items + csv->fields.items[i].begin;
}
