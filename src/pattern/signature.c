/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signatures and the database that holds them in memory. */
#include "pattern/signature.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *opsig_severity_name(opsig_severity severity)
{
    static const char *const names[] = {"low", "medium", "high"};
    return names[severity];
}

static const char *const alphabet_names[] = {
    [OPSIG_ALPHABET_OP] = "op",
    [OPSIG_ALPHABET_OP_ATTR] = "op+attr",
    [OPSIG_ALPHABET_BOTH] = "both",
};

const char *ops_alphabet_name(opsig_alphabet alphabet)
{
    return alphabet_names[alphabet];
}

bool ops_alphabet_parse(const char *name, opsig_alphabet *out)
{
    for (int i = OPSIG_ALPHABET_OP; i <= OPSIG_ALPHABET_BOTH; i++) {
        if (strcmp(name, alphabet_names[i]) == 0) {
            *out = (opsig_alphabet)i;
            return true;
        }
    }
    return false;
}

opsig_status ops_database_new(struct opsig_database **out, opsig_error *err)
{
    *out = ops_mem_zalloc(1, sizeof **out);
    return *out == NULL ? ops_error_nomem(err) : OPSIG_OK;
}

static void signature_free(struct opsig_signature *signature)
{
    opsig_pattern_free(signature->pattern);
    opsig_pattern_free(signature->context);
    for (size_t i = 0; i < signature->n_evidence; i++) {
        ops_mem_free(signature->evidence[i].nodes);
    }
    ops_mem_free(signature->evidence);
    ops_mem_free(signature);
}

void ops_database_free(struct opsig_database *database)
{
    if (database == NULL) {
        return;
    }
    for (size_t i = 0; i < database->signatures.len; i++) {
        signature_free(database->signatures.items[i]);
    }
    for (size_t i = 0; i < database->models.len; i++) {
        ops_mem_free(database->models.items[i].path);
    }
    for (size_t i = 0; i < database->provenance.len; i++) {
        ops_mem_free(database->provenance.items[i].key);
        ops_mem_free(database->provenance.items[i].value);
    }
    ops_vec_dispose(&database->signatures);
    ops_vec_dispose(&database->models);
    ops_vec_dispose(&database->provenance);
    ops_mem_free(database);
}

/** First entry whose key is not less than `key`. */
static size_t provenance_place(const struct opsig_database *database, const char *key)
{
    size_t low = 0;
    size_t high = database->provenance.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(database->provenance.items[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool provenance_at(const struct opsig_database *database, size_t i, const char *key)
{
    return i < database->provenance.len && strcmp(database->provenance.items[i].key, key) == 0;
}

opsig_status ops_database_note(struct opsig_database *database, const char *key, const char *value,
                               opsig_error *err)
{
    struct ops_provenance entry = {ops_mem_strdup(key), ops_mem_strdup(value)};
    size_t i = provenance_place(database, key);
    bool replace = provenance_at(database, i, key);
    if (entry.key == NULL || entry.value == NULL ||
        (!replace && ops_vec_reserve(&database->provenance, 1, err) != OPSIG_OK)) {
        ops_mem_free(entry.key);
        ops_mem_free(entry.value);
        return ops_error_nomem(err);
    }
    struct ops_provenance *items = database->provenance.items;
    if (replace) {
        ops_mem_free(items[i].key);
        ops_mem_free(items[i].value);
    } else {
        memmove(&items[i + 1], &items[i], (database->provenance.len - i) * sizeof *items);
        database->provenance.len++;
    }
    items[i] = entry;
    return OPSIG_OK;
}

opsig_status ops_database_add(struct opsig_database *database, struct opsig_signature **out,
                              opsig_error *err)
{
    *out = NULL;
    struct opsig_signature *signature = ops_mem_zalloc(1, sizeof *signature);
    if (signature == NULL ||
        ops_vec_push(&database->signatures, signature, err) != OPSIG_OK) {
        ops_mem_free(signature);
        return ops_error_nomem(err);
    }
    signature->database = database;
    *out = signature;
    return OPSIG_OK;
}

int ops_signature_order(const struct opsig_signature *a, const struct opsig_signature *b)
{
    if (a->significant != b->significant) {
        return a->significant ? -1 : 1;
    }
    if (a->statistics.p < b->statistics.p || a->statistics.p > b->statistics.p) {
        return a->statistics.p < b->statistics.p ? -1 : 1;
    }
    if (a->pattern->n_steps != b->pattern->n_steps) {
        return a->pattern->n_steps < b->pattern->n_steps ? -1 : 1;
    }
    return strcmp(a->pattern->text, b->pattern->text);
}

int ops_signature_strength(const struct opsig_signature *a, const struct opsig_signature *b)
{
    double x = a->statistics.likelihood_ratio.low;
    double y = b->statistics.likelihood_ratio.low;
    int order = (x < y) - (x > y);
    return order != 0 ? order : ops_signature_order(a, b);
}

double ops_risk_log_odds(const struct ops_risk *risk, double terms)
{
    double e = risk->intercept + terms;
    return risk->offset + risk->slope * e + risk->hinge * fmax(e, risk->knot);
}

static int compare_signatures(const void *a, const void *b)
{
    return ops_signature_order(*(struct opsig_signature *const *)a,
                               *(struct opsig_signature *const *)b);
}

void ops_database_sort(struct opsig_database *database)
{
    if (database->signatures.len > 1) {
        qsort(database->signatures.items, database->signatures.len,
              sizeof *database->signatures.items, compare_signatures);
    }
    database->n_significant = 0;
    for (size_t i = 0; i < database->signatures.len; i++) {
        database->n_significant += database->signatures.items[i]->significant;
    }
}

opsig_status ops_database_parts(ops_part_vec *out, const struct opsig_database *database, size_t n,
                                opsig_error *err)
{
    const opsig_pattern **const patterns = ops_mem_resize(NULL, n, sizeof *patterns);
    if (patterns == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        patterns[i] = database->signatures.items[i]->pattern;
    }
    const opsig_status status = ops_parts_find(out, patterns, n, err);
    ops_mem_free(patterns);
    return status;
}

size_t opsig_database_n_signatures(const opsig_database *database)
{
    return database->n_significant;
}

const opsig_signature *opsig_database_signature(const opsig_database *database, size_t i)
{
    return database->signatures.items[i];
}

size_t opsig_database_n_risk_terms(const opsig_database *database)
{
    return database->signatures.len - database->n_significant;
}

const opsig_signature *opsig_database_risk_term(const opsig_database *database, size_t i)
{
    return database->signatures.items[database->n_significant + i];
}

const opsig_signature *opsig_database_find(const opsig_database *database, const char *id)
{
    const opsig_signature *found = NULL;
    size_t len = strlen(id);
    for (size_t i = 0; i < database->n_significant; i++) {
        const opsig_signature *signature = database->signatures.items[i];
        if (strncmp(signature->pattern->id, id, len) != 0) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = signature;
    }
    return found;
}

opsig_alphabet opsig_database_alphabet(const opsig_database *database)
{
    return database->alphabet;
}

size_t opsig_database_n_provenance(const opsig_database *database)
{
    return database->provenance.len;
}

const char *opsig_database_provenance_key(const opsig_database *database, size_t i)
{
    return database->provenance.items[i].key;
}

const char *opsig_database_provenance_value(const opsig_database *database, size_t i)
{
    return database->provenance.items[i].value;
}

const char *opsig_database_provenance(const opsig_database *database, const char *key)
{
    size_t i = provenance_place(database, key);
    return provenance_at(database, i, key) ? database->provenance.items[i].value : NULL;
}

const char *opsig_signature_id(const opsig_signature *signature)
{
    return signature->pattern->id;
}

const opsig_pattern *opsig_signature_pattern(const opsig_signature *signature)
{
    return signature->pattern;
}

const opsig_pattern *opsig_signature_context(const opsig_signature *signature)
{
    return signature->context;
}

const opsig_statistics *opsig_signature_statistics(const opsig_signature *signature)
{
    return &signature->statistics;
}

const char *opsig_signature_oracle(const opsig_signature *signature)
{
    char key[64];
    const char *const common = opsig_database_provenance(signature->database, "oracle");
    if (common != NULL && common[0] != '\0') {
        return common;
    }
    (void)snprintf(key, sizeof key, OPS_ORACLE_KEY "%s", signature->pattern->id);
    return opsig_database_provenance(signature->database, key);
}

double opsig_signature_weight(const opsig_signature *signature)
{
    return signature->weight;
}

size_t opsig_signature_n_evidence(const opsig_signature *signature)
{
    return signature->n_evidence;
}

opsig_evidence opsig_signature_evidence(const opsig_signature *signature, size_t i)
{
    const struct ops_evidence *evidence = &signature->evidence[i];
    const struct ops_db_model *model = &signature->database->models.items[evidence->model];
    return (opsig_evidence){
        .model = model->path, .inconsistent = model->inconsistent, .nodes = evidence->nodes};
}
