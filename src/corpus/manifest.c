/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header row says where each value stands; columns that mean nothing here are passed over.
 * A path that comes twice with two labels is a contradiction, refused at its second row. */
#include "corpus/manifest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/intern.h"
#include "base/number.h"
#include "corpus/csv.h"
#include "corpus/label.h"

#define NO_COLUMN SIZE_MAX
#define STATUS "_status"
enum { LONGEST_LIST = 160 };

/** Columns by meaning. */
struct columns {
    size_t n;
    size_t path, group, culprit;
    size_t status, max_abs, max_rel, nan, inf, shape;
};

struct manifest {
    struct ops_csv *csv;
    struct ops_intern *names; /* of the columns: id = column */
    struct ops_intern *paths; /* id: index into labels */
    OPS_VEC(opsig_label) labels;
    struct columns columns;
    const opsig_corpus_options *options;
};

static size_t find_column(const struct manifest *manifest, const char *name)
{
    const uint32_t id = ops_intern_find(manifest->names, name, strlen(name));
    return id == OPS_INTERN_NONE ? NO_COLUMN : id;
}

/** The column OracleName + suffix. */
static size_t find_measure(const struct manifest *manifest, const char *oracle, const char *suffix,
                           opsig_status *status)
{
    struct ops_buffer name;
    ops_buffer_init(&name, OPS_CSV_MAX_FIELD + 16);
    ops_buffer_puts(&name, oracle);
    ops_buffer_puts(&name, suffix);
    const size_t column = find_column(manifest, ops_buffer_text(&name));
    if (name.status == OPSIG_NOMEM) {
        *status = OPSIG_NOMEM;
    }
    ops_buffer_dispose(&name);
    return column;
}

static opsig_status read_header(struct manifest *manifest, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    bool found;
    TRY(ops_csv_next(manifest->csv, &found, err));
    if (!found) {
        return ops_csv_error(manifest->csv, 0, "manifest", err, "the manifest is empty");
    }
    manifest->columns.n = ops_csv_n_fields(manifest->csv);
    for (size_t i = 0; i < manifest->columns.n; i++) {
        const char *const name = ops_csv_field(manifest->csv, i);
        uint32_t id;
        TRY(ops_intern_put(manifest->names, name, strlen(name), &id, err));
        if (id != i) {
            return ops_csv_error(manifest->csv, i, "manifest", err,
                                 "column '%.100s' comes a second time", name);
        }
    }
    manifest->columns.path = find_column(manifest, "path");
    if (manifest->columns.path == NO_COLUMN) {
        return ops_csv_error(manifest->csv, 0, "manifest", err, "there is no column 'path'");
    }
done:
    return status;
}

/** Length of the oracle's name in a column X_status; 0 for other columns. */
static size_t oracle_length(const char *column, size_t len)
{
    const size_t suffix = sizeof STATUS - 1;
    const bool is_status = len > suffix && memcmp(column + len - suffix, STATUS, suffix) == 0;
    return is_status ? len - suffix : 0;
}

/** Finds the manifest's oracle where the user named none; "" where it has none. */
static opsig_status detect_oracle(const struct manifest *manifest, struct ops_rows *rows,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    size_t n_oracles = 0;
    struct ops_buffer list;
    ops_buffer_init(&list, SIZE_MAX);
    for (uint32_t i = 0; i < ops_intern_count(manifest->names); i++) {
        const char *const name = ops_intern_text(manifest->names, i);
        const size_t len = oracle_length(name, ops_intern_len(manifest->names, i));
        if (len > 0) {
            ops_buffer_puts(&list, n_oracles++ > 0 ? ", " : "");
            ops_buffer_add(&list, name, len);
        }
    }
    TRY(ops_buffer_status(&list, err));
    if (n_oracles > 1) {
        const bool is_long = list.len > LONGEST_LIST;
        status = ops_error_set(err, OPSIG_USAGE, "oracle", -1,
                               "the manifest has several oracles, name one (--oracle): %.*s%s",
                               LONGEST_LIST, ops_buffer_text(&list), is_long ? " ..." : "");
        goto done;
    }
    TRY(ops_rows_text(rows, ops_buffer_text(&list), &rows->oracle, err));
done:
    ops_buffer_dispose(&list);
    return status;
}

/** Finds the columns of the oracle. */
static opsig_status find_measures(struct manifest *manifest, const char *oracle, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct columns *const columns = &manifest->columns;
    columns->status = find_measure(manifest, oracle, STATUS, &status);
    columns->max_abs = find_measure(manifest, oracle, "_max_abs", &status);
    columns->max_rel = find_measure(manifest, oracle, "_max_rel", &status);
    columns->nan = find_measure(manifest, oracle, "_nan", &status);
    columns->inf = find_measure(manifest, oracle, "_inf", &status);
    columns->shape = find_measure(manifest, oracle, "_shape", &status);
    columns->culprit = find_measure(manifest, oracle, "_culprit", &status);
    if (status != OPSIG_OK) {
        return ops_error_nomem(err);
    }
    if (columns->culprit == NO_COLUMN) {
        columns->culprit = find_column(manifest, "culprit");
    }
    if (columns->status == NO_COLUMN) {
        return ops_error_set(err, OPSIG_NOT_FOUND, "oracle", -1,
                             "the manifest has no oracle '%.100s': no column '%.100s" STATUS "'",
                             oracle, oracle);
    }
    if (manifest->options->has_tolerance && columns->max_abs == NO_COLUMN) {
        return ops_error_set(err, OPSIG_NOT_FOUND, "column", -1,
                             "--tolerance needs a column '%.100s_max_abs', which is missing",
                             oracle);
    }
    return OPSIG_OK;
}

static opsig_status find_columns(struct manifest *manifest, struct ops_rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const char *const group_by = manifest->options->group_by;
    struct columns *const columns = &manifest->columns;
    columns->culprit = find_column(manifest, "culprit");
    columns->group = find_column(manifest, group_by != NULL ? group_by : "group");
    if (group_by != NULL && columns->group == NO_COLUMN) {
        return ops_error_set(err, OPSIG_NOT_FOUND, "column", -1,
                             "the manifest has no column '%.100s' (--group-by)", group_by);
    }
    if (manifest->options->oracle != NULL) {
        TRY(ops_rows_text(rows, manifest->options->oracle, &rows->oracle, err));
    } else if (manifest->options->unlabelled) {
        TRY(ops_rows_text(rows, "", &rows->oracle, err));
    } else {
        TRY(detect_oracle(manifest, rows, err));
    }
    if (rows->oracle[0] != '\0' || manifest->options->oracle != NULL) {
        TRY(find_measures(manifest, rows->oracle, err));
    }
done:
    return status;
}

/** Reads a number, also nan and inf; *out_has is false for an empty or missing field. */
static opsig_status read_number(const struct manifest *manifest, size_t column, bool *out_has,
                                double *out, opsig_error *err)
{
    *out_has = false;
    const char *const text = column != NO_COLUMN ? ops_csv_field(manifest->csv, column) : "";
    if (text[0] == '\0') {
        return OPSIG_OK;
    }
    *out_has = true;
    const char *const word = text + (text[0] == '-' || text[0] == '+');
    if (strcasecmp(word, "nan") == 0) {
        *out = __builtin_nan("");
        return OPSIG_OK;
    }
    if (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0) {
        *out = text[0] == '-' ? -__builtin_inf() : __builtin_inf();
        return OPSIG_OK;
    }
    opsig_error why;
    if (ops_number_parse(text, out, &why) != OPSIG_OK) {
        return ops_csv_error(manifest->csv, column, "number", err, "%s", why.message);
    }
    return OPSIG_OK;
}

/** Reads a count of disagreements; more than none sets *out_any. */
static opsig_status read_count(const struct manifest *manifest, size_t column, bool *out_any,
                               opsig_error *err)
{
    bool has;
    double count = 0;
    const opsig_status status = read_number(manifest, column, &has, &count, err);
    if (status == OPSIG_OK && has && !(count <= 0)) {
        *out_any = true;
    }
    return status;
}

/** Reads what was measured, and decides the label. */
static opsig_status read_label(const struct manifest *manifest, struct ops_row *row,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct columns *const columns = &manifest->columns;
    struct ops_measured *const measured = &row->measured;
    row->label = measured->status = OPSIG_LABEL_NONE;
    if (columns->status == NO_COLUMN) {
        return OPSIG_OK;
    }
    const char *const text = ops_csv_field(manifest->csv, columns->status);
    if (!ops_label_parse(text, &measured->status)) {
        return ops_csv_error(manifest->csv, columns->status, "manifest", err,
                             "'%.60s' is none of consistent, inconsistent, crash, skipped", text);
    }
    TRY(read_number(manifest, columns->max_abs, &measured->has_abs, &measured->max_abs, err));
    TRY(read_number(manifest, columns->max_rel, &measured->has_rel, &measured->max_rel, err));
    TRY(read_count(manifest, columns->nan, &measured->has_disagreement, err));
    TRY(read_count(manifest, columns->inf, &measured->has_disagreement, err));
    TRY(read_count(manifest, columns->shape, &measured->has_disagreement, err));
    row->label = ops_label_decide(measured, manifest->options);
done:
    return status;
}

/** Refuses a path that came before with another label. */
static opsig_status check_path(struct manifest *manifest, const char *path, opsig_label label,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t id;
    TRY(ops_intern_put(manifest->paths, path, strlen(path), &id, err));
    if (id == manifest->labels.len) {
        TRY(ops_vec_push(&manifest->labels, label, err));
    } else if (manifest->labels.items[id] != label) {
        status =
            ops_csv_error(manifest->csv, manifest->columns.path, "manifest", err,
                          "path '%.100s' comes a second time, as %s instead of %s", path,
                          opsig_label_name(label), opsig_label_name(manifest->labels.items[id]));
    }
done:
    return status;
}

static opsig_status read_row(struct manifest *manifest, struct ops_rows *rows, const char *folder,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct columns *const columns = &manifest->columns;
    const size_t n = ops_csv_n_fields(manifest->csv);
    if (n != columns->n) {
        return ops_csv_error(manifest->csv, n > columns->n ? columns->n : n - 1, "manifest", err,
                             "the row has %zu fields, the header has %zu", n, columns->n);
    }
    const char *const path = ops_csv_field(manifest->csv, columns->path);
    if (path[0] == '\0') {
        return ops_csv_error(manifest->csv, columns->path, "manifest", err, "the path is empty");
    }
    struct ops_row row = {.path = path, .file = path, .group = "", .culprit = ""};
    if (columns->group != NO_COLUMN) {
        row.group = ops_csv_field(manifest->csv, columns->group);
    }
    if (columns->culprit != NO_COLUMN) {
        row.culprit = ops_csv_field(manifest->csv, columns->culprit);
    }
    TRY(read_label(manifest, &row, err));
    TRY(check_path(manifest, path, row.label, err));
    TRY(ops_rows_add(rows, &row, folder, err));
done:
    return status;
}

static opsig_status read_all(struct manifest *manifest, struct ops_rows *rows, const char *folder,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    bool found;
    TRY(read_header(manifest, err));
    TRY(find_columns(manifest, rows, err));
    TRY(ops_csv_next(manifest->csv, &found, err));
    while (found) {
        TRY(read_row(manifest, rows, folder, err));
        TRY(ops_csv_next(manifest->csv, &found, err));
    }
done:
    return status;
}

opsig_status ops_manifest_read(struct ops_rows *rows, struct ops_reader *reader, const char *folder,
                               const opsig_corpus_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct manifest manifest = {
        .options = options,
        .columns = {.status = NO_COLUMN,
                    .max_abs = NO_COLUMN,
                    .max_rel = NO_COLUMN,
                    .nan = NO_COLUMN,
                    .inf = NO_COLUMN,
                    .shape = NO_COLUMN},
    };
    TRY(ops_csv_new(&manifest.csv, reader, err));
    TRY(ops_intern_new(&manifest.names, err));
    TRY(ops_intern_new(&manifest.paths, err));
    TRY(read_all(&manifest, rows, folder, err));
done:
    ops_vec_dispose(&manifest.labels);
    ops_intern_free(manifest.paths);
    ops_intern_free(manifest.names);
    ops_csv_free(manifest.csv);
    return status;
}
