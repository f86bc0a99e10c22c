/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several databases become one. A signature that several have is taken from the first of them, with
 * its evidence: numbers of different corpora are never mixed; so is a rule. A risk model speaks of
 * one corpus, so it stays only where one database alone has one. Everything goes through the checks
 * that a database from outside goes through. */
#include <opsig/db.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "db/database.h"

/* From so many signatures on provenance does not say which oracle is whose. */
enum { MOST_NOTED = 5000 };

enum { LONGEST_KEY = 256, LONGEST_PATH = 1 << 20 };

struct merge {
    const opsig_database *const *databases;
    size_t n;
    size_t risk;      /* place of the one that has a risk model; SIZE_MAX: none or several */
    uint32_t **models; /* by database and model: its number in the result */
    struct ops_db_build build;
    opsig_error *err;
};

static const char *fact(const opsig_database *database, const char *key)
{
    const char *const value = opsig_database_provenance(database, key);
    return value != NULL ? value : "";
}

/** Were two databases mined from the same corpus under the same oracle? */
static bool same_corpus(const opsig_database *a, const opsig_database *b)
{
    return fact(a, "corpus.digest")[0] != '\0' &&
           strcmp(fact(a, "corpus.digest"), fact(b, "corpus.digest")) == 0 &&
           strcmp(fact(a, "oracle"), fact(b, "oracle")) == 0;
}

/** Has a database, beside its rules, something to say? Where none has signatures, all have. */
static bool counts(const struct merge *merge, size_t place)
{
    bool some = false;
    for (size_t i = 0; i < merge->n; i++) {
        some = some || merge->databases[i]->signatures.len > 0;
    }
    return !some || merge->databases[place]->signatures.len > 0;
}

static opsig_status merge_alphabet(struct merge *merge)
{
    opsig_alphabet alphabet = OPSIG_ALPHABET_OP;
    bool any = false;
    for (size_t i = 0; i < merge->n; i++) {
        const opsig_alphabet own = merge->databases[i]->alphabet;
        if (counts(merge, i)) {
            alphabet = !any || own == alphabet ? own : OPSIG_ALPHABET_BOTH;
            any = true;
        }
    }
    return ops_db_build_alphabet(&merge->build, ops_alphabet_name(alphabet), merge->err);
}

static opsig_status merge_risk(struct merge *merge)
{
    size_t n = 0;
    double numbers[OPS_DB_RISK_NUMBERS];
    for (size_t i = 0; i < merge->n; i++) {
        if (merge->databases[i]->risk.present) {
            merge->risk = i;
            n++;
        }
    }
    if (n != 1) {
        merge->risk = SIZE_MAX;
        return OPSIG_OK;
    }
    ops_db_risk_get(&merge->databases[merge->risk]->risk, numbers);
    return ops_db_build_risk(&merge->build, numbers, merge->err);
}

/* ---- provenance ---- */

static bool is_everywhere(const struct merge *merge, const char *key, const char *value)
{
    for (size_t i = 0; i < merge->n; i++) {
        const char *const other = opsig_database_provenance(merge->databases[i], key);
        if (counts(merge, i) && (other == NULL || strcmp(other, value) != 0)) {
            return false;
        }
    }
    return true;
}

/** Is a note about one signature? These are written anew. */
static bool is_of_signature(const char *key)
{
    return strncmp(key, OPS_ORACLE_KEY, sizeof OPS_ORACLE_KEY - 1) == 0;
}

/** What all say stays as it is; the rest gets the number of its database, from 1. Of databases of
 *  rules alone there is nothing to say. */
static opsig_status merge_provenance(struct merge *merge)
{
    opsig_status status = OPSIG_OK;
    char key[LONGEST_KEY];
    for (size_t i = 0; i < merge->n; i++) {
        const opsig_database *const database = merge->databases[i];
        for (size_t p = 0; p < database->provenance.len; p++) {
            const struct ops_provenance *const note = &database->provenance.items[p];
            const bool common = is_everywhere(merge, note->key, note->value);
            if (!counts(merge, i) || is_of_signature(note->key) ||
                (common && opsig_database_provenance(merge->build.database, note->key) != NULL)) {
                continue;
            }
            (void)snprintf(key, sizeof key, "%zu.%s", i + 1, note->key);
            TRY(ops_db_build_note(&merge->build, common ? note->key : key, note->value,
                                  merge->err));
        }
    }
    if (merge->n == 1) {
        return OPSIG_OK; /* a copy */
    }
    (void)snprintf(key, sizeof key, "%zu", merge->n);
    status = ops_database_note(merge->build.database, "merge.databases", key, merge->err);
done:
    return status;
}

/* ---- models ---- */

static bool is_same_model(const struct merge *merge, size_t i, const struct ops_db_model *model,
                          const struct ops_db_model *known)
{
    const bool told = model->sha256[0] != '\0' || same_corpus(merge->databases[0],
                                                              merge->databases[i]);
    return told && model->inconsistent == known->inconsistent &&
           strcmp(model->sha256, known->sha256) == 0;
}

/** Finds a model, or adds it; one of the same path that is another gets the number of its
 *  database. */
static opsig_status merge_model(struct merge *merge, size_t i, const struct ops_db_model *model,
                                uint32_t *out)
{
    struct ops_db_build *const build = &merge->build;
    struct ops_buffer path;
    opsig_status status = OPSIG_OK;
    ops_buffer_init(&path, LONGEST_PATH);
    *out = ops_intern_find(build->paths, model->path, strlen(model->path));
    if (*out != OPS_INTERN_NONE &&
        is_same_model(merge, i, model, &build->database->models.items[*out])) {
        goto done;
    }
    ops_buffer_puts(&path, model->path);
    if (*out != OPS_INTERN_NONE) {
        ops_buffer_printf(&path, " (%zu)", i + 1);
    }
    *out = (uint32_t)build->database->models.len;
    TRY(ops_buffer_status(&path, merge->err));
    TRY(ops_db_build_model(build, ops_buffer_text(&path), model->sha256,
                           ops_db_label_name(model->inconsistent), merge->err));
done:
    ops_buffer_dispose(&path);
    return status;
}

static opsig_status merge_models(struct merge *merge)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < merge->n; i++) {
        const opsig_database *const database = merge->databases[i];
        merge->models[i] = ops_mem_zalloc(database->models.len, sizeof *merge->models[i]);
        TRY(merge->models[i] != NULL ? OPSIG_OK : ops_error_nomem(merge->err));
        for (size_t m = 0; m < database->models.len; m++) {
            TRY(merge_model(merge, i, &database->models.items[m], &merge->models[i][m]));
        }
    }
done:
    return status;
}

/* ---- signatures ---- */

/** The signature, or term of the risk, that the first database which has it knows by an id. */
static const opsig_signature *known_signature(const struct merge *merge, const char *id)
{
    for (size_t i = 0; i < merge->n; i++) {
        const opsig_database *const database = merge->databases[i];
        for (size_t s = 0; s < database->signatures.len; s++) {
            if (strcmp(database->signatures.items[s]->pattern->id, id) == 0) {
                return database->signatures.items[s];
            }
        }
    }
    return NULL;
}

/** A signature that is there already must be the same pattern, and in the same corpus have the same
 *  counts. */
static opsig_status check_twice(const struct merge *merge, const opsig_signature *signature)
{
    const char *const id = signature->pattern->id;
    const opsig_signature *const known = known_signature(merge, id);
    if (strcmp(known->pattern->text, signature->pattern->text) != 0) {
        return ops_error_set(merge->err, OPSIG_CONFLICT, "conflict", -1,
                             "%s is the id of two patterns", id);
    }
    const opsig_statistics *const a = &known->statistics;
    const opsig_statistics *const b = &signature->statistics;
    if (same_corpus(known->database, signature->database) &&
        (a->with_inconsistent != b->with_inconsistent ||
         a->with_consistent != b->with_consistent)) {
        return ops_error_set(merge->err, OPSIG_CONFLICT, "conflict", -1,
                             "%s has other counts in another database of the same corpus", id);
    }
    return OPSIG_OK;
}

static int by_model(const void *left, const void *right)
{
    const struct ops_evidence *const a = left;
    const struct ops_evidence *const b = right;
    return (a->model > b->model) - (a->model < b->model);
}

static opsig_status merge_evidence(struct merge *merge, size_t i, const opsig_signature *signature)
{
    opsig_status status = OPSIG_OK;
    const size_t n = signature->n_evidence;
    struct ops_evidence *const list = ops_mem_zalloc(n, sizeof *list);
    TRY(list != NULL ? OPSIG_OK : ops_error_nomem(merge->err));
    for (size_t e = 0; e < n; e++) {
        list[e] = signature->evidence[e];
        list[e].model = merge->models[i][list[e].model];
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, by_model);
    }
    for (size_t e = 0; e < n; e++) {
        TRY(ops_db_build_evidence(&merge->build, list[e].model, list[e].nodes, merge->err));
    }
done:
    ops_mem_free(list);
    return status;
}

/** The weight that the risk model which stays gives to a signature. */
static double weight_of(const struct merge *merge, const char *id)
{
    if (merge->risk == SIZE_MAX) {
        return 0;
    }
    const opsig_database *const database = merge->databases[merge->risk];
    for (size_t i = 0; i < database->signatures.len; i++) {
        if (strcmp(database->signatures.items[i]->pattern->id, id) == 0) {
            return database->signatures.items[i]->weight;
        }
    }
    return 0;
}

static opsig_status merge_signature(struct merge *merge, size_t i,
                                    const opsig_signature *signature)
{
    struct ops_db_build *const build = &merge->build;
    const char *const id = signature->pattern->id;
    opsig_status status = OPSIG_OK;
    if (ops_intern_find(build->ids, id, strlen(id)) != OPS_INTERN_NONE) {
        return signature->significant ? check_twice(merge, signature) : OPSIG_OK;
    }
    const struct ops_db_claim claim = {.id = id,
                                       .pattern = signature->pattern->text,
                                       .context = signature->context->text,
                                       .significant = signature->significant};
    TRY(ops_db_build_signature(build, &claim, merge->err));
    build->signature->statistics = signature->statistics;
    build->signature->weight = weight_of(merge, id);
    TRY(merge_evidence(merge, i, signature));
    TRY(ops_db_build_close(build, opsig_severity_name(signature->statistics.severity),
                           merge->err));
done:
    return status;
}

/** Significant ones of all databases, then the other terms of the risk model that stays. */
static opsig_status merge_signatures(struct merge *merge)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < merge->n; i++) {
        for (size_t s = 0; s < merge->databases[i]->n_significant; s++) {
            TRY(merge_signature(merge, i, merge->databases[i]->signatures.items[s]));
        }
    }
    if (merge->risk != SIZE_MAX) {
        const opsig_database *const database = merge->databases[merge->risk];
        for (size_t s = database->n_significant; s < database->signatures.len; s++) {
            TRY(merge_signature(merge, merge->risk, database->signatures.items[s]));
        }
    }
done:
    return status;
}

/** Where the databases have several oracles, each signature gets a note on its own. */
static opsig_status note_oracles(struct merge *merge)
{
    opsig_status status = OPSIG_OK;
    const opsig_database *const merged = merge->build.database;
    char key[LONGEST_KEY];
    if (opsig_database_provenance(merged, "oracle") != NULL ||
        merged->signatures.len > MOST_NOTED) {
        return OPSIG_OK;
    }
    for (size_t i = 0; i < merged->signatures.len; i++) {
        const char *const id = merged->signatures.items[i]->pattern->id;
        const char *const oracle = opsig_signature_oracle(known_signature(merge, id));
        (void)snprintf(key, sizeof key, OPS_ORACLE_KEY "%s", id);
        if (oracle != NULL) {
            TRY(ops_db_build_note(&merge->build, key, oracle, merge->err));
        }
    }
done:
    return status;
}

static opsig_status merge_rules(struct merge *merge)
{
    opsig_status status = OPSIG_OK;
    const opsig_rules **const sets = ops_mem_zalloc(merge->n, sizeof *sets);
    TRY(sets != NULL ? OPSIG_OK : ops_error_nomem(merge->err));
    for (size_t i = 0; i < merge->n; i++) {
        sets[i] = merge->databases[i]->rules;
    }
    TRY(ops_db_build_rules_of(&merge->build, "rules", sets, merge->n, merge->err));
done:
    ops_mem_free(sets);
    return status;
}

static void dispose(struct merge *merge)
{
    for (size_t i = 0; merge->models != NULL && i < merge->n; i++) {
        ops_mem_free(merge->models[i]);
    }
    ops_mem_free(merge->models);
    ops_db_build_dispose(&merge->build);
}

opsig_status opsig_database_merge(opsig_database **out, const opsig_database *const *databases,
                                  size_t n, opsig_error *err)
{
    struct merge merge = {.databases = databases, .n = n, .risk = SIZE_MAX, .err = err};
    opsig_status status = OPSIG_OK;
    *out = NULL;
    if (n == 0) {
        return ops_error_set(err, OPSIG_USAGE, "usage", -1, "no database to merge");
    }
    merge.models = ops_mem_zalloc(n, sizeof *merge.models);
    TRY(merge.models != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_db_build_begin(&merge.build, err));
    TRY(merge_alphabet(&merge));
    TRY(merge_risk(&merge));
    TRY(merge_provenance(&merge));
    TRY(merge_models(&merge));
    TRY(merge_signatures(&merge));
    TRY(note_oracles(&merge));
    TRY(merge_rules(&merge));
    TRY(ops_db_build_end(&merge.build, out, err));
done:
    dispose(&merge);
    return status;
}
