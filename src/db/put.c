/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A database is built in memory and its pages are written out as one file, so SQLite itself never
 * opens one: there is no journal that a killed writer could leave behind. The bytes depend on the
 * content alone: the page size is fixed, rows go in in one order, and an SQLite database
 * in memory carries neither a time nor a change counter. */
#include "db/put.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <opsig/db.h>
#include <opsig/output.h>

#include "base/escape.h"
#include "db/migrate.h"
#include "db/open.h"
#include "db/database.h"
#include "rules/print.h"

/** Statement of one row; the number of its parameters is that of the table's columns. */
struct insert {
    struct ops_sql *sql;
    sqlite3_stmt *statement;
    int column; /* bound last */
    int code;   /* of the first binding that failed */
};

static opsig_status insert_open(struct insert *insert, struct ops_sql *sql, const char *statement,
                                opsig_error *err)
{
    *insert = (struct insert){.sql = sql};
    return ops_sql_prepare(sql, &insert->statement, statement, err);
}

static void note(struct insert *insert, int code)
{
    insert->code = insert->code == SQLITE_OK ? code : insert->code;
}

static void put_count(struct insert *insert, uint32_t value)
{
    note(insert, sqlite3_bind_int64(insert->statement, ++insert->column, value));
}

/** NaN becomes NULL. */
static void put_real(struct insert *insert, double value)
{
    note(insert, sqlite3_bind_double(insert->statement, ++insert->column, value));
}

static bool is_utf8(const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len) {
        unsigned code;
        const size_t n = ops_utf8_decode(bytes + at, len - at, &code);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    return true;
}

/** TEXT, or BLOB where it is not UTF-8; "" becomes NULL with `or_null`. The text must stay until
 *  the row is in. */
static void put_text(struct insert *insert, const char *text, bool or_null)
{
    const size_t len = strlen(text);
    const int column = ++insert->column;
    if (len == 0 && or_null) {
        note(insert, sqlite3_bind_null(insert->statement, column));
    } else if (is_utf8(text, len)) {
        note(insert,
             sqlite3_bind_text64(insert->statement, column, text, len, SQLITE_STATIC, SQLITE_UTF8));
    } else {
        note(insert, sqlite3_bind_blob64(insert->statement, column, text, len, SQLITE_STATIC));
    }
}

/** Puts the bound row in. */
static opsig_status put_row(struct insert *insert, opsig_error *err)
{
    bool row;
    opsig_status status = ops_sql_error(insert->sql, insert->code, err);
    if (status == OPSIG_OK) {
        status = ops_sql_step(insert->sql, insert->statement, &row, err);
    }
    (void)sqlite3_reset(insert->statement);
    insert->column = 0;
    return status;
}

static opsig_status put_info(struct ops_sql *sql, const struct opsig_database *database,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert;
    TRY(insert_open(&insert, sql, "INSERT INTO info VALUES (1, ?)", err));
    put_text(&insert, ops_alphabet_name(database->alphabet), false);
    TRY(put_row(&insert, err));
done:
    (void)sqlite3_finalize(insert.statement);
    return status;
}

static opsig_status put_risk(struct ops_sql *sql, const struct ops_risk *risk, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert;
    double numbers[OPS_DB_RISK_NUMBERS];
    ops_db_risk_get(risk, numbers);
    TRY(insert_open(&insert, sql, "INSERT INTO risk VALUES (1, ?, ?, ?, ?, ?)", err));
    for (size_t i = 0; i < OPS_DB_RISK_NUMBERS; i++) {
        put_real(&insert, numbers[i]);
    }
    TRY(put_row(&insert, err));
done:
    (void)sqlite3_finalize(insert.statement);
    return status;
}

static opsig_status put_provenance(struct ops_sql *sql, const struct opsig_database *database,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert;
    TRY(insert_open(&insert, sql, "INSERT INTO provenance VALUES (?, ?)", err));
    for (size_t i = 0; i < database->provenance.len; i++) {
        put_text(&insert, database->provenance.items[i].key, false);
        put_text(&insert, database->provenance.items[i].value, false);
        TRY(put_row(&insert, err));
    }
done:
    (void)sqlite3_finalize(insert.statement);
    return status;
}

static opsig_status put_models(struct ops_sql *sql, const struct opsig_database *database,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert;
    TRY(insert_open(&insert, sql, "INSERT INTO model VALUES (?, ?, ?, ?)", err));
    for (size_t i = 0; i < database->models.len; i++) {
        const struct ops_db_model *const model = &database->models.items[i];
        put_count(&insert, (uint32_t)i);
        put_text(&insert, model->path, false);
        put_text(&insert, model->sha256, true);
        put_text(&insert, ops_db_label_name(model->inconsistent), false);
        TRY(put_row(&insert, err));
    }
done:
    (void)sqlite3_finalize(insert.statement);
    return status;
}

/** Binds the columns of a signature, in the order of the schema. */
static void bind_signature(struct insert *insert, uint32_t number,
                           const struct opsig_signature *signature)
{
    put_count(insert, number);
    put_text(insert, signature->pattern->id, false);
    put_count(insert, signature->significant);
    put_text(insert, ops_db_kind_name(opsig_pattern_kind_of(signature->pattern)), false);
    put_text(insert, signature->pattern->text, false);
    put_text(insert, signature->context->text, false);
    for (size_t i = 0; i < OPS_DB_FIELDS; i++) {
        const double value = ops_db_field_get(signature, &ops_db_fields[i]);
        if (ops_db_fields[i].is_count) {
            put_count(insert, (uint32_t)value);
        } else {
            put_real(insert, value);
        }
    }
    put_text(insert, opsig_severity_name(signature->statistics.severity), false);
}

static opsig_status put_signatures(struct ops_sql *sql, const struct opsig_database *database,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert;
    TRY(insert_open(&insert, sql,
                    "INSERT INTO signature VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    err));
    for (size_t i = 0; i < database->signatures.len; i++) {
        bind_signature(&insert, (uint32_t)i, database->signatures.items[i]);
        TRY(put_row(&insert, err));
    }
done:
    (void)sqlite3_finalize(insert.statement);
    return status;
}

static opsig_status put_evidence(struct ops_sql *sql, const struct opsig_database *database,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert;
    TRY(insert_open(&insert, sql, "INSERT INTO evidence VALUES (?, ?, ?)", err));
    for (size_t i = 0; i < database->signatures.len; i++) {
        const struct opsig_signature *const signature = database->signatures.items[i];
        for (size_t k = 0; k < signature->n_evidence; k++) {
            put_count(&insert, (uint32_t)i);
            put_count(&insert, signature->evidence[k].model);
            put_text(&insert, signature->evidence[k].nodes, false);
            TRY(put_row(&insert, err));
        }
    }
done:
    (void)sqlite3_finalize(insert.statement);
    return status;
}

static opsig_status put_pairs(struct ops_sql *sql, const ops_part_vec *pairs, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert;
    TRY(insert_open(&insert, sql, "INSERT INTO containment VALUES (?, ?)", err));
    for (size_t i = 0; i < pairs->len; i++) {
        put_count(&insert, pairs->items[i].whole);
        put_count(&insert, pairs->items[i].part);
        TRY(put_row(&insert, err));
    }
done:
    (void)sqlite3_finalize(insert.statement);
    return status;
}

static opsig_status put_containment(struct ops_sql *sql, const struct opsig_database *database,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_part_vec pairs = {NULL, 0, 0};
    TRY(ops_database_parts(&pairs, database, database->signatures.len, err));
    TRY(put_pairs(sql, &pairs, err));
done:
    ops_vec_dispose(&pairs);
    return status;
}

static opsig_status put_rule(struct insert *insert, const opsig_rule *rule, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer text;
    ops_buffer_init(&text, SIZE_MAX / 4);
    ops_print_rule(&text, rule, false);
    TRY(ops_buffer_status(&text, err));
    put_text(insert, opsig_rule_id(rule), false);
    put_text(insert, ops_buffer_text(&text), false);
    TRY(put_row(insert, err));
done:
    ops_buffer_dispose(&text);
    return status;
}

static opsig_status put_rules(struct ops_sql *sql, const struct opsig_database *database,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct insert insert = {0};
    const opsig_rule **list = NULL;
    size_t n;
    TRY(ops_db_rules_sorted(&list, &n, database->rules, err));
    TRY(insert_open(&insert, sql, "INSERT INTO rule VALUES (?, ?)", err));
    for (size_t i = 0; i < n; i++) {
        TRY(put_rule(&insert, list[i], err));
    }
done:
    (void)sqlite3_finalize(insert.statement);
    ops_mem_free(list);
    return status;
}

/** An empty database of the newest version. */
static opsig_status make_schema(struct ops_sql *sql, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t n_versions;
    const struct ops_db_version *const versions = ops_db_versions(&n_versions);
    char settings[200];
    (void)snprintf(settings, sizeof settings,
                   "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE; PRAGMA encoding = 'UTF-8';"
                   "PRAGMA application_id = %d; PRAGMA user_version = %u; BEGIN;",
                   OPS_DB_APPLICATION_ID, n_versions);
    TRY(ops_sql_run(sql, settings, err));
    TRY(ops_sql_run(sql, versions[n_versions - 1].schema, err));
done:
    return status;
}

opsig_status ops_db_bytes(const struct opsig_database *database, unsigned char **out,
                          size_t *out_size, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_sql sql = {0};
    sqlite3_int64 size = 0;
    *out = NULL;
    TRY(ops_db_check(database, OPSIG_INTERNAL, err));
    TRY(ops_sql_open(&sql, OPSIG_INTERNAL, err));
    TRY(make_schema(&sql, err));
    TRY(put_info(&sql, database, err));
    TRY(put_provenance(&sql, database, err));
    if (database->risk.present) {
        TRY(put_risk(&sql, &database->risk, err));
    }
    TRY(put_models(&sql, database, err));
    TRY(put_signatures(&sql, database, err));
    TRY(put_evidence(&sql, database, err));
    TRY(put_containment(&sql, database, err));
    TRY(put_rules(&sql, database, err));
    TRY(ops_sql_run(&sql, "COMMIT", err));
    *out = sqlite3_serialize(sql.db, "main", &size, 0);
    *out_size = (size_t)size;
    status = *out == NULL ? ops_error_nomem(err) : OPSIG_OK;
done:
    ops_sql_close(&sql);
    return status;
}

opsig_status opsig_database_write(const opsig_database *database, const char *path,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_output *output = NULL;
    unsigned char *bytes = NULL;
    size_t size = 0;
    TRY(ops_db_no_journal(path, err));
    TRY(ops_db_bytes(database, &bytes, &size, err));
    TRY(opsig_output_open(&output, path, err));
    if (fwrite(bytes, 1, size, opsig_output_stream(output)) != size) {
        status = ops_error_errno(err, "cannot be written");
        goto done;
    }
    status = opsig_output_commit(output, err);
    output = NULL;
done:
    opsig_output_discard(output);
    sqlite3_free(bytes);
    return status;
}
