/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows to a database in memory. The schema is known to the byte when this begins, so `SELECT *`
 * gives its columns in its order; types and values are checked all the same. */
#include <math.h>
#include <string.h>

#include <opsig/db.h>

#include "db/build.h"
#include "db/open.h"
#include "db/database.h"

/** Columns of table signature before and behind the numbers. */
enum { AT_NUMBER, AT_ID, AT_SIGNIFICANT, AT_KIND, AT_PATTERN, AT_CONTEXT, AT_FIELDS };

/** Rows of a query, read one by one. */
struct rows {
    struct ops_sql *sql;
    sqlite3_stmt *statement;
    struct ops_db_build *build;
    struct evidence *evidence; /* for signatures */
    uint32_t n;                /* read before this one */
};

/** Rows of evidence, read side by side with those of signatures; both are in the same order. */
struct evidence {
    struct rows rows;
    bool more;          /* the row at hand has not been used yet */
    uint32_t signature; /* that it belongs to */
};

/** What is done with each row. */
typedef opsig_status (*row_reader)(struct rows *rows, opsig_error *err);

static opsig_status read_rows(struct ops_sql *sql, struct ops_db_build *build, const char *query,
                              row_reader reader, struct evidence *evidence, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct rows rows = {.sql = sql, .build = build, .evidence = evidence};
    bool more;
    TRY(ops_sql_prepare(sql, &rows.statement, query, err));
    for (;; rows.n++) {
        TRY(ops_sql_step(sql, rows.statement, &more, err));
        if (!more) {
            break;
        }
        TRY(reader(&rows, err));
    }
done:
    (void)sqlite3_finalize(rows.statement);
    return status;
}

static opsig_status get_text(struct rows *rows, int column, const char **out, opsig_error *err)
{
    return ops_sql_text(rows->sql, rows->statement, column,
                        sqlite3_column_name(rows->statement, column), out, err);
}

static opsig_status get_count(struct rows *rows, int column, uint32_t max, uint32_t *out,
                              opsig_error *err)
{
    return ops_sql_count(rows->sql, rows->statement, column,
                         sqlite3_column_name(rows->statement, column), max, out, err);
}

static opsig_status get_real(struct rows *rows, int column, double *out, opsig_error *err)
{
    return ops_sql_real(rows->sql, rows->statement, column,
                        sqlite3_column_name(rows->statement, column), out, err);
}

/** Rows are numbered from 0 without gaps. */
static opsig_status check_number(struct rows *rows, opsig_error *err)
{
    uint32_t number;
    const opsig_status status = get_count(rows, AT_NUMBER, UINT32_MAX, &number, err);
    if (status == OPSIG_OK && number != rows->n) {
        return ops_error_set(err, OPSIG_FORMAT, "damaged", -1, "damaged: row %u has number %u",
                             rows->n, number);
    }
    return status;
}

static opsig_status read_info(struct rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const char *alphabet;
    TRY(get_text(rows, 1, &alphabet, err));
    TRY(ops_db_build_alphabet(rows->build, alphabet, err));
done:
    return status;
}

static opsig_status read_risk(struct rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    double numbers[OPS_DB_RISK_NUMBERS];
    for (int i = 0; i < OPS_DB_RISK_NUMBERS; i++) {
        TRY(get_real(rows, i + 1, &numbers[i], err));
    }
    TRY(ops_db_build_risk(rows->build, numbers, err));
done:
    return status;
}

static opsig_status read_note(struct rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const char *key, *value;
    TRY(get_text(rows, 0, &key, err));
    TRY(get_text(rows, 1, &value, err));
    TRY(ops_db_build_note(rows->build, key, value, err));
done:
    return status;
}

static opsig_status read_model(struct rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const char *path, *label;
    const char *sha256 = "";
    TRY(check_number(rows, err));
    TRY(get_text(rows, 1, &path, err));
    if (sqlite3_column_type(rows->statement, 2) != SQLITE_NULL) {
        TRY(get_text(rows, 2, &sha256, err));
    }
    TRY(get_text(rows, 3, &label, err));
    TRY(ops_db_build_model(rows->build, path, sha256, label, err));
done:
    return status;
}

static opsig_status read_field(struct rows *rows, size_t i, opsig_error *err)
{
    const struct ops_db_field *const field = &ops_db_fields[i];
    const int column = AT_FIELDS + (int)i;
    opsig_status status;
    double value = NAN;
    if (field->is_count) {
        uint32_t count = 0;
        status = get_count(rows, column, UINT32_MAX, &count, err);
        value = count;
    } else {
        status = get_real(rows, column, &value, err);
    }
    if (status == OPSIG_OK) {
        ops_db_field_set(rows->build->signature, field, value);
    }
    return status;
}

static opsig_status read_claim(struct rows *rows, struct ops_db_claim *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t significant;
    TRY(get_text(rows, AT_ID, &out->id, err));
    TRY(get_count(rows, AT_SIGNIFICANT, 1, &significant, err));
    TRY(get_text(rows, AT_PATTERN, &out->pattern, err));
    TRY(get_text(rows, AT_CONTEXT, &out->context, err));
    out->significant = significant == 1;
done:
    return status;
}

/** Goes to the next row of evidence. */
static opsig_status next_evidence(struct evidence *evidence, opsig_error *err)
{
    struct rows *const rows = &evidence->rows;
    opsig_status status = ops_sql_step(rows->sql, rows->statement, &evidence->more, err);
    if (status == OPSIG_OK && evidence->more) {
        status = get_count(rows, 0, UINT32_MAX, &evidence->signature, err);
    }
    return status;
}

/** Reads the evidence of signature `number`. */
static opsig_status read_evidence(struct evidence *evidence, uint32_t number, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct rows *const rows = &evidence->rows;
    while (evidence->more && evidence->signature == number) {
        uint32_t model;
        const char *nodes;
        TRY(get_count(rows, 1, UINT32_MAX, &model, err));
        TRY(get_text(rows, 2, &nodes, err));
        TRY(ops_db_build_evidence(rows->build, model, nodes, err));
        TRY(next_evidence(evidence, err));
    }
done:
    return status;
}

static opsig_status check_kind(struct rows *rows, opsig_error *err)
{
    const opsig_pattern *const pattern = rows->build->signature->pattern;
    const char *kind;
    const opsig_status status = get_text(rows, AT_KIND, &kind, err);
    if (status == OPSIG_OK && strcmp(kind, ops_db_kind_name(opsig_pattern_kind_of(pattern))) != 0) {
        return ops_error_set(err, OPSIG_FORMAT, "damaged", -1, "%s: the kind is not the pattern's",
                             pattern->id);
    }
    return status;
}

static opsig_status read_signature(struct rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_db_claim claim = {0};
    const char *severity;
    TRY(check_number(rows, err));
    TRY(read_claim(rows, &claim, err));
    TRY(ops_db_build_signature(rows->build, &claim, err));
    TRY(check_kind(rows, err));
    for (size_t i = 0; i < OPS_DB_FIELDS; i++) {
        TRY(read_field(rows, i, err));
    }
    TRY(read_evidence(rows->evidence, rows->n, err));
    TRY(get_text(rows, AT_FIELDS + OPS_DB_FIELDS, &severity, err));
    TRY(ops_db_build_close(rows->build, severity, err));
done:
    return status;
}

static opsig_status read_signatures(struct ops_sql *sql, struct ops_db_build *build,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct evidence evidence = {.rows = {.sql = sql, .build = build}};
    TRY(ops_sql_prepare(sql, &evidence.rows.statement,
                        "SELECT * FROM evidence ORDER BY signature, model", err));
    TRY(next_evidence(&evidence, err));
    TRY(read_rows(sql, build, "SELECT * FROM signature ORDER BY number", read_signature, &evidence,
                  err));
    if (evidence.more) {
        status = ops_error_set(err, OPSIG_FORMAT, "damaged", -1,
                               "damaged: evidence of a signature that is not there");
    }
done:
    (void)sqlite3_finalize(evidence.rows.statement);
    return status;
}

/** What contains what is computed anew where it is needed; here it must refer to signatures. */
static opsig_status read_pair(struct rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n = rows->build->database->signatures.len;
    uint32_t whole, part;
    TRY(get_count(rows, 0, UINT32_MAX, &whole, err));
    TRY(get_count(rows, 1, UINT32_MAX, &part, err));
    if (whole >= n || part >= n || whole == part) {
        return ops_error_set(err, OPSIG_FORMAT, "damaged", -1,
                             "damaged: signature %u cannot lie within signature %u", part, whole);
    }
done:
    return status;
}

/** Gathers the text of all rules. */
static opsig_status read_rule(struct rows *rows, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer *const texts = &rows->build->rule_texts;
    const char *text;
    TRY(get_text(rows, 1, &text, err));
    ops_buffer_puts(texts, text);
    TRY(ops_buffer_status(texts, err));
done:
    return status;
}

/** The rules that the texts came to must be those that the rows are called by. */
static opsig_status check_rule(struct rows *rows, opsig_error *err)
{
    const opsig_rules *const rules = rows->build->database->rules;
    const char *id;
    const opsig_status status = get_text(rows, 0, &id, err);
    if (status == OPSIG_OK && (rules == NULL || rows->n >= opsig_rules_n(rules) ||
                               strcmp(id, opsig_rule_id(opsig_rules_at(rules, rows->n))) != 0)) {
        return ops_error_set(err, OPSIG_FORMAT, "damaged", -1,
                             "damaged: the text of rule %.80s is that of another one", id);
    }
    return status;
}

static opsig_status read_rules(struct ops_sql *sql, struct ops_db_build *build, const char *path,
                               opsig_error *err)
{
    static const char query[] = "SELECT * FROM rule ORDER BY id";
    opsig_status status = OPSIG_OK;
    opsig_error reason = {.offset = -1};
    TRY(read_rows(sql, build, query, read_rule, NULL, err));
    status = ops_db_build_rules(build, path, ops_buffer_text(&build->rule_texts),
                                build->rule_texts.len, &reason);
    if (status == OPSIG_FORMAT) {
        return ops_error_set(err, status, "damaged", -1, "damaged: in its rules: %s",
                             reason.message);
    }
    TRY(status == OPSIG_NOMEM ? ops_error_nomem(err) : status);
    TRY(read_rows(sql, build, query, check_rule, NULL, err));
done:
    return status;
}

opsig_status opsig_database_open(opsig_database **out, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_sql sql = {0};
    struct ops_db_build build = {0};
    *out = NULL;
    TRY(ops_db_open(&sql, path, err));
    TRY(ops_db_build_begin(&build, err));
    TRY(read_rows(&sql, &build, "SELECT * FROM info", read_info, NULL, err));
    TRY(read_rows(&sql, &build, "SELECT * FROM provenance ORDER BY key", read_note, NULL, err));
    TRY(read_rows(&sql, &build, "SELECT * FROM risk", read_risk, NULL, err));
    TRY(read_rows(&sql, &build, "SELECT * FROM model ORDER BY number", read_model, NULL, err));
    TRY(read_signatures(&sql, &build, err));
    TRY(read_rows(&sql, &build, "SELECT * FROM containment", read_pair, NULL, err));
    TRY(read_rules(&sql, &build, path, err));
    TRY(ops_db_build_end(&build, out, err));
done:
    ops_db_build_dispose(&build);
    ops_sql_close(&sql);
    return ops_db_status_of_input(status, err);
}
