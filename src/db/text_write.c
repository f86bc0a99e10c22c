/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the text form. Signatures are in the order of their patterns' texts, which stays the same
 * from one mining run to the next, so that a diff shows what changed and not what moved; their
 * rank follows from their numbers. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/db.h>

#include "base/mem.h"
#include "base/number.h"
#include "db/fields.h"
#include "db/database.h"
#include "db/text.h"
#include "rules/print.h"

enum { NUMBER_TEXT = 32 };

/** Where text goes: gathered in a buffer, a part at a time. */
struct sink {
    struct ops_buffer text;
    FILE *stream;
};

/** Hands on what was gathered. */
static opsig_status flush(struct sink *sink, opsig_error *err)
{
    const opsig_status status = ops_buffer_status(&sink->text, err);
    if (status != OPSIG_OK) {
        return status;
    }
    if (fwrite(ops_buffer_text(&sink->text), 1, sink->text.len, sink->stream) != sink->text.len) {
        return ops_error_errno(err, "cannot be written");
    }
    ops_buffer_clear(&sink->text);
    return OPSIG_OK;
}

/** Appends a blank and a word. */
static void add_word(struct sink *sink, const char *word)
{
    ops_buffer_puts(&sink->text, " ");
    ops_word_write(&sink->text, word, strlen(word));
}

/** Appends a blank and a number; "-" for NaN. */
static void add_number(struct sink *sink, double value)
{
    char text[NUMBER_TEXT] = "-";
    if (!isnan(value)) {
        ops_number_format(value, text);
    }
    ops_buffer_printf(&sink->text, " %s", text);
}

static void add_head(struct sink *sink, const struct opsig_database *database)
{
    ops_buffer_printf(&sink->text, OPS_DB_TEXT_HEAD " %d\nalphabet %s\n",
                      database->rules != NULL ? OPS_DB_TEXT_VERSION : OPS_DB_TEXT_NO_RULES,
                      ops_alphabet_name(database->alphabet));
    for (size_t i = 0; i < database->provenance.len; i++) {
        ops_buffer_puts(&sink->text, "provenance");
        add_word(sink, database->provenance.items[i].key);
        add_word(sink, database->provenance.items[i].value);
        ops_buffer_puts(&sink->text, "\n");
    }
    if (database->risk.present) {
        double numbers[OPS_DB_RISK_NUMBERS];
        ops_db_risk_get(&database->risk, numbers);
        ops_buffer_puts(&sink->text, "risk");
        for (size_t i = 0; i < OPS_DB_RISK_NUMBERS; i++) {
            ops_buffer_printf(&sink->text, " %s", ops_db_risk_names[i]);
            add_number(sink, numbers[i]);
        }
        ops_buffer_puts(&sink->text, "\n");
    }
}

static void add_model(struct sink *sink, const struct ops_db_model *model)
{
    ops_buffer_printf(&sink->text, "model %s %s", ops_db_label_name(model->inconsistent),
                      model->sha256[0] != '\0' ? model->sha256 : "-");
    add_word(sink, model->path);
    ops_buffer_puts(&sink->text, "\n");
}

static void add_fields(struct sink *sink, const struct opsig_signature *signature)
{
    for (size_t i = 0; i < OPS_DB_FIELDS; i++) {
        const struct ops_db_field *const field = &ops_db_fields[i];
        if (field->line != NULL) {
            ops_buffer_printf(&sink->text, "\n  %s", field->line);
        }
        const double value = ops_db_field_get(signature, field);
        if (field->is_count) {
            ops_buffer_printf(&sink->text, " %.0f", value);
        } else {
            add_number(sink, value);
        }
    }
    ops_buffer_printf(&sink->text, "\n  severity %s\n",
                      opsig_severity_name(signature->statistics.severity));
}

/** A line of evidence: the model's path, then the labels of the match. */
static void add_evidence(struct sink *sink, const char *path, const char *nodes)
{
    ops_buffer_puts(&sink->text, "  evidence");
    add_word(sink, path);
    for (const char *label = nodes;;) {
        const size_t len = strcspn(label, "\n");
        ops_buffer_puts(&sink->text, " ");
        ops_word_write(&sink->text, label, len);
        if (label[len] == '\0') {
            break;
        }
        label += len + 1;
    }
    ops_buffer_puts(&sink->text, "\n");
}

static opsig_status write_signature(struct sink *sink, const struct opsig_signature *signature,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_buffer_printf(&sink->text, "\nsignature %s %s\n  pattern %s\n  context %s",
                      signature->pattern->id, signature->significant ? "significant" : "risk-term",
                      signature->pattern->text, signature->context->text);
    add_fields(sink, signature);
    for (size_t i = 0; i < signature->n_evidence; i++) {
        const struct ops_evidence *const evidence = &signature->evidence[i];
        add_evidence(sink, signature->database->models.items[evidence->model].path,
                     evidence->nodes);
        TRY(flush(sink, err));
    }
    TRY(flush(sink, err));
done:
    return status;
}

static int compare_patterns(const void *a, const void *b)
{
    const struct opsig_signature *const x = *(struct opsig_signature *const *)a;
    const struct opsig_signature *const y = *(struct opsig_signature *const *)b;
    return strcmp(x->pattern->text, y->pattern->text);
}

static opsig_status write_signatures(struct sink *sink, const struct opsig_database *database,
                                     opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n = database->signatures.len;
    struct opsig_signature **const order =
        ops_mem_dup(database->signatures.items, n * sizeof *database->signatures.items);
    if (order == NULL) {
        return ops_error_nomem(err);
    }
    qsort(order, n, sizeof *order, compare_patterns);
    for (size_t i = 0; i < n; i++) {
        TRY(write_signature(sink, order[i], err));
    }
done:
    ops_mem_free(order);
    return status;
}

/** Rules as their own files have them, by id. */
static opsig_status write_rules(struct sink *sink, const struct opsig_database *database,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_rule **list = NULL;
    size_t n;
    TRY(ops_db_rules_sorted(&list, &n, database->rules, err));
    for (size_t i = 0; i < n; i++) {
        ops_buffer_puts(&sink->text, "\n");
        ops_print_rule(&sink->text, list[i], false);
        TRY(flush(sink, err));
    }
done:
    ops_mem_free(list);
    return status;
}

opsig_status opsig_database_export(const opsig_database *database, FILE *stream, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct sink sink = {.stream = stream};
    ops_buffer_init(&sink.text, SIZE_MAX);
    TRY(ops_db_check(database, OPSIG_INTERNAL, err));
    add_head(&sink, database);
    ops_buffer_puts(&sink.text, "\n");
    TRY(flush(&sink, err));
    for (size_t i = 0; i < database->models.len; i++) {
        add_model(&sink, &database->models.items[i]);
        TRY(flush(&sink, err));
    }
    TRY(write_signatures(&sink, database, err));
    TRY(write_rules(&sink, database, err));
    if (fflush(stream) != 0) {
        status = ops_error_errno(err, "cannot be written");
    }
done:
    ops_buffer_dispose(&sink.text);
    return status;
}
