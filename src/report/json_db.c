/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig db info`, `db list`, `db show` and `opsig version` as JSON. */
#include <string.h>

#include "pattern/signature.h"
#include "report/build.h"
#include "report/format.h"
#include "report/json.h"
#include "report/mined.h"
#include "report/relatives.h"

/** {"total": ..., "high": ..., ...} */
static json_t *counts(size_t total, const size_t *by_severity)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "total", ops_json_count(total));
    for (int s = OPSIG_SEVERITY_HIGH; s >= OPSIG_SEVERITY_LOW; s--) {
        failed |= ops_json_put(object, opsig_severity_name((opsig_severity)s),
                               ops_json_count(by_severity[s]));
    }
    return ops_json_checked(object, failed);
}

json_t *ops_json_severities(const opsig_database *database)
{
    size_t by_severity[OPS_N_SEVERITIES] = {0};
    const size_t total = ops_count_severities(by_severity, database);
    return counts(total, by_severity);
}

static json_t *rule_severities(const opsig_database *database)
{
    size_t by_severity[OPS_N_SEVERITIES] = {0};
    const size_t total = ops_count_rules(by_severity, database);
    return counts(total, by_severity);
}

/** Adds an entry of the provenance under its key behind `skip` bytes. */
static int put_entry(json_t *object, const opsig_database *database, size_t i, size_t skip,
                     json_t *(*make)(const char *text))
{
    json_t *key = ops_json_text(opsig_database_provenance_key(database, i) + skip);
    json_t *value = make(opsig_database_provenance_value(database, i));
    const int failed = ops_json_put(object, key == NULL ? NULL : json_string_value(key), value);
    json_decref(key);
    return failed;
}

json_t *ops_json_provenance(const opsig_database *database, const char *prefix,
                            json_t *(*make)(const char *text))
{
    const size_t skip = strlen(prefix);
    json_t *object = json_object();
    int failed = 0;
    for (size_t i = 0; i < opsig_database_n_provenance(database); i++) {
        if (strncmp(opsig_database_provenance_key(database, i), prefix, skip) == 0) {
            failed |= put_entry(object, database, i, skip, make);
        }
    }
    return ops_json_checked(object, failed);
}

opsig_status ops_json_db_info(FILE *stream, const opsig_report_style *style,
                              const struct ops_named_database *named, opsig_error *err)
{
    (void)style;
    const opsig_database *const database = named->database;
    json_t *object = json_object();
    int failed = ops_json_put(object, "path", ops_json_text(named->path));
    failed |= ops_json_put(object, "signatures", ops_json_severities(database));
    failed |= ops_json_put(object, "rules", rule_severities(database));
    failed |= ops_json_put(object, "alphabet", json_string(ops_alphabet_name(database->alphabet)));
    failed |= ops_json_put(object, "models", ops_json_count(database->models.len));
    failed |= ops_json_put(object, "risk_model", json_boolean(database->risk.present));
    failed |= ops_json_put(object, "provenance",
                           ops_json_provenance(database, "", ops_json_text));
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}

opsig_status ops_json_db_list(FILE *stream, const opsig_report_style *style,
                              const struct ops_named_database *named, opsig_error *err)
{
    (void)style;
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(stream, "{\"path\": ", err));
    TRY(ops_json_write(stream, ops_json_text(named->path), err));
    TRY(ops_json_puts(stream, ",\n \"signatures\": [", err));
    for (size_t i = 0; i < opsig_database_n_signatures(named->database); i++) {
        TRY(ops_json_puts(stream, i == 0 ? "\n  " : ",\n  ", err));
        TRY(ops_json_write(
            stream, ops_json_signature(opsig_database_signature(named->database, i)), err));
    }
    const opsig_rules *const rules = opsig_database_rules(named->database);
    TRY(ops_json_puts(stream, "],\n \"rules\": [", err));
    for (size_t i = 0; rules != NULL && i < opsig_rules_n(rules); i++) {
        TRY(ops_json_puts(stream, i == 0 ? "\n  " : ",\n  ", err));
        TRY(ops_json_write(stream, ops_json_rule_object(opsig_rules_at(rules, i)), err));
    }
    TRY(ops_json_puts(stream, "]}\n", err));
done:
    return status;
}

/** The labels of a match, which the database joins by newlines. */
static json_t *nodes(const char *joined)
{
    json_t *array = json_array();
    int failed = 0;
    while (joined[0] != '\0') {
        const size_t length = strcspn(joined, "\n");
        failed |= ops_json_add(array, ops_json_text_n(joined, length));
        joined += length + (joined[length] == '\n');
    }
    return ops_json_checked(array, failed);
}

static json_t *evidence(const opsig_signature *signature)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_signature_n_evidence(signature); i++) {
        const opsig_evidence entry = opsig_signature_evidence(signature, i);
        const char *const label = entry.inconsistent ? "inconsistent" : "consistent";
        json_t *object = json_object();
        failed |= ops_json_put(object, "model", ops_json_text(entry.model));
        failed |= ops_json_put(object, "label", json_string(label));
        failed |= ops_json_put(object, "nodes", nodes(entry.nodes));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

static json_t *relatives(const ops_signature_vec *list)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < list->len; i++) {
        const opsig_pattern *const pattern = opsig_signature_pattern(list->items[i]);
        json_t *object = json_object();
        failed |= ops_json_put(object, "id", ops_json_text(opsig_pattern_id(pattern)));
        failed |= ops_json_put(object, "pattern", ops_json_text(opsig_pattern_text(pattern)));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

json_t *ops_json_evidence(const opsig_signature *signature)
{
    const opsig_statistics *const s = opsig_signature_statistics(signature);
    const char *const context = opsig_pattern_text(opsig_signature_context(signature));
    struct ops_relatives around = {0};
    if (ops_relatives_find(&around, signature, NULL) != OPSIG_OK) {
        ops_relatives_dispose(&around);
        return NULL;
    }
    json_t *object = ops_json_signature(signature);
    int failed = ops_json_put(object, "p_order", ops_json_number(s->p_order));
    failed |= ops_json_put(object, "confidence", ops_json_number(s->confidence.value));
    failed |= ops_json_put(object, "confidence_ci", ops_json_bounds(s->confidence));
    failed |= ops_json_put(object, "lift", ops_json_number(s->lift));
    failed |= ops_json_put(object, "weight", ops_json_number(opsig_signature_weight(signature)));
    failed |= ops_json_put(object, "context", ops_json_text(context));
    failed |= ops_json_put(object, "parts", relatives(&around.parts));
    failed |= ops_json_put(object, "wholes", relatives(&around.wholes));
    failed |= ops_json_put(object, "evidence", evidence(signature));
    ops_relatives_dispose(&around);
    return ops_json_checked(object, failed);
}

opsig_status ops_json_db_show(FILE *stream, const opsig_report_style *style,
                              const opsig_signature *signature, opsig_error *err)
{
    (void)style;
    return ops_json_write_line(stream, ops_json_evidence(signature), err);
}

/** A signature, or a rule where there is none. */
static json_t *side(const opsig_signature *signature, const opsig_rule *rule)
{
    return signature != NULL ? ops_json_signature(signature) : ops_json_rule_object(rule);
}

/** Signatures and rules that appeared or vanished. */
static json_t *one_sided(const opsig_db_diff *diff, opsig_db_change_kind kind)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_db_diff_n(diff); i++) {
        const opsig_db_change *const change = opsig_db_diff_change(diff, i);
        if (change->kind == kind) {
            failed |= ops_json_add(array, kind == OPSIG_DB_APPEARED
                                              ? side(change->after, change->rule_after)
                                              : side(change->before, change->rule_before));
        }
    }
    return ops_json_checked(array, failed);
}

static json_t *changed(const opsig_db_diff *diff)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_db_diff_n(diff); i++) {
        const opsig_db_change *const change = opsig_db_diff_change(diff, i);
        if (change->kind == OPSIG_DB_CHANGED) {
            json_t *object = json_object();
            failed |= ops_json_put(object, "before", side(change->before, change->rule_before));
            failed |= ops_json_put(object, "after", side(change->after, change->rule_after));
            failed |= ops_json_add(array, object);
        }
    }
    return ops_json_checked(array, failed);
}

opsig_status ops_json_db_diff(FILE *stream, const opsig_report_style *style,
                              const struct ops_compared *compared, opsig_error *err)
{
    (void)style;
    json_t *object = json_object();
    int failed = ops_json_put(object, "before", ops_json_text(compared->before));
    failed |= ops_json_put(object, "after", ops_json_text(compared->after));
    failed |= ops_json_put(object, "same", ops_json_count(opsig_db_diff_n_same(compared->diff)));
    failed |= ops_json_put(object, "appeared", one_sided(compared->diff, OPSIG_DB_APPEARED));
    failed |= ops_json_put(object, "vanished", one_sided(compared->diff, OPSIG_DB_VANISHED));
    failed |= ops_json_put(object, "changed", changed(compared->diff));
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}

opsig_status ops_json_version(FILE *stream, const opsig_report_style *style, opsig_error *err)
{
    (void)style;
    json_t *build = json_object();
    int failed = 0;
    for (const struct ops_fact *fact = ops_build_facts; fact->name != NULL; fact++) {
        failed |= ops_json_put(build, fact->name, json_string(fact->value));
    }
    json_t *libraries = json_object();
    for (const struct ops_fact *fact = ops_build_libraries; fact->name != NULL; fact++) {
        failed |= ops_json_put(libraries, fact->name, json_string(fact->value));
    }
    json_t *object = ops_json_tool();
    failed |= ops_json_put(object, "build", build);
    failed |= ops_json_put(object, "libraries", libraries);
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}
