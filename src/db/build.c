/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nothing that a source claims is believed where it can be computed: ids come from patterns,
 * severities from likelihood ratios, the order of signatures from their numbers. */
#include "db/build.h"

#include <string.h>

#include "base/mem.h"
#include "stats/interval.h"

enum { MOST_RULE_TEXT = 4 * 1024 * 1024 };
enum { MOST_SIGNATURES = 1000000, MOST_MODELS = 100000000, MOST_NOTES = 10000 };

opsig_status ops_db_build_begin(struct ops_db_build *build, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_buffer_init(&build->rule_texts, MOST_RULE_TEXT);
    TRY(ops_database_new(&build->database, err));
    TRY(ops_intern_new(&build->paths, err));
    TRY(ops_intern_new(&build->ids, err));
done:
    return status;
}

static void drop_evidence(struct ops_db_build *build)
{
    for (size_t i = 0; i < build->evidence.len; i++) {
        ops_mem_free(build->evidence.items[i].nodes);
    }
    build->evidence.len = 0;
}

void ops_db_build_dispose(struct ops_db_build *build)
{
    drop_evidence(build);
    ops_vec_dispose(&build->evidence);
    ops_intern_free(build->paths);
    ops_intern_free(build->ids);
    ops_buffer_dispose(&build->rule_texts);
    opsig_database_free(build->database);
    *build = (struct ops_db_build){0};
}

static opsig_status refuse(const char *kind, const char *what, const char *name, opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, kind, -1, "%s: %.80s", what, name);
}

static opsig_status too_many(size_t n, size_t most, const char *what, opsig_error *err)
{
    if (n < most) {
        return OPSIG_OK;
    }
    return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "more than %zu %s", most, what);
}

/** Adds a name that must be new. */
static opsig_status put_new(struct ops_intern *table, const char *name, const char *what,
                            opsig_error *err)
{
    const size_t len = strlen(name);
    uint32_t id;
    if (ops_intern_find(table, name, len) != OPS_INTERN_NONE) {
        return refuse("duplicate", what, name, err);
    }
    return ops_intern_put(table, name, len, &id, err);
}

opsig_status ops_db_build_alphabet(struct ops_db_build *build, const char *name, opsig_error *err)
{
    if (!ops_alphabet_parse(name, &build->database->alphabet)) {
        return refuse("damaged", "unknown alphabet", name, err);
    }
    return OPSIG_OK;
}

opsig_status ops_db_build_risk(struct ops_db_build *build,
                               const double numbers[OPS_DB_RISK_NUMBERS], opsig_error *err)
{
    build->database->risk = ops_db_risk_of(numbers);
    return ops_db_check_risk(&build->database->risk, OPSIG_FORMAT, err);
}

opsig_status ops_db_build_note(struct ops_db_build *build, const char *key, const char *value,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_db_check_key(key, OPSIG_FORMAT, err));
    TRY(too_many(build->database->provenance.len, MOST_NOTES, "entries of provenance", err));
    if (opsig_database_provenance(build->database, key) != NULL) {
        return refuse("duplicate", "the key is there twice", key, err);
    }
    TRY(ops_database_note(build->database, key, value, err));
done:
    return status;
}

opsig_status ops_db_build_model(struct ops_db_build *build, const char *path, const char *sha256,
                                const char *label, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_db_model model = {0};
    const size_t digits = strlen(sha256);
    TRY(too_many(build->database->models.len, MOST_MODELS, "models", err));
    if (!ops_db_label_parse(label, &model.inconsistent)) {
        return refuse("damaged", "unknown label", label, err);
    }
    if (digits >= sizeof model.sha256) {
        return refuse("damaged", "not a SHA-256 digest", sha256, err);
    }
    memcpy(model.sha256, sha256, digits);
    TRY(put_new(build->paths, path, "the model is listed twice", err));
    model.path = ops_mem_strdup(path);
    if (model.path == NULL) {
        return ops_error_nomem(err);
    }
    TRY(ops_db_check_model(&model, OPSIG_FORMAT, err));
    TRY(ops_vec_push(&build->database->models, model, err));
    model.path = NULL;
done:
    ops_mem_free(model.path);
    return status;
}

/** Do the edges have directions, as those of models do? */
static bool is_directed(const opsig_pattern *pattern)
{
    return opsig_pattern_n_edges(pattern) == 0 || !opsig_pattern_edge_at(pattern, 0).undirected;
}

/** Reads a pattern, which must be written in the one way that the library writes it, and be one
 *  that models can hold. */
static opsig_status parse_exact(opsig_pattern **out, const char *text, opsig_error *err)
{
    const opsig_status status = opsig_pattern_parse(out, text, err);
    if (status != OPSIG_OK) {
        return status;
    }
    const bool exact = strcmp((*out)->text, text) == 0;
    if (exact && is_directed(*out)) {
        return OPSIG_OK;
    }
    opsig_pattern_free(*out);
    *out = NULL;
    return refuse("damaged", exact ? "the pattern's edges have no direction"
                                   : "the pattern is not in its canonical form", text, err);
}

opsig_status ops_db_build_signature(struct ops_db_build *build, const struct ops_db_claim *claim,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_signature *signature = NULL;
    TRY(too_many(build->database->signatures.len, MOST_SIGNATURES, "signatures", err));
    TRY(ops_database_add(build->database, &signature, err));
    TRY(parse_exact(&signature->pattern, claim->pattern, err));
    TRY(parse_exact(&signature->context, claim->context, err));
    signature->significant = claim->significant;
    if (strcmp(signature->pattern->id, claim->id) != 0) {
        return refuse("damaged", "the id is not that of the pattern", claim->id, err);
    }
    TRY(put_new(build->ids, claim->id, "the signature is there twice", err));
    build->signature = signature;
done:
    return status;
}

opsig_status ops_db_build_evidence(struct ops_db_build *build, uint32_t model, const char *nodes,
                                   opsig_error *err)
{
    const struct ops_evidence evidence = {.model = model, .nodes = ops_mem_strdup(nodes)};
    if (evidence.nodes == NULL) {
        return ops_error_nomem(err);
    }
    const opsig_status status = ops_vec_push(&build->evidence, evidence, err);
    if (status != OPSIG_OK) {
        ops_mem_free(evidence.nodes);
    }
    return status;
}

/** Gives the evidence read so far to the open signature. */
static opsig_status settle_evidence(struct ops_db_build *build, opsig_error *err)
{
    struct opsig_signature *const signature = build->signature;
    const size_t n = build->evidence.len;
    if (n > 0) {
        signature->evidence = ops_mem_dup(build->evidence.items, n * sizeof *signature->evidence);
        if (signature->evidence == NULL) {
            return ops_error_nomem(err);
        }
    }
    signature->n_evidence = n;
    build->evidence.len = 0;
    return OPSIG_OK;
}

opsig_status ops_db_build_close(struct ops_db_build *build, const char *severity, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_signature *const signature = build->signature;
    opsig_statistics *const s = &signature->statistics;
    TRY(settle_evidence(build, err));
    s->severity = ops_severity_of(s->likelihood_ratio.low);
    if (strcmp(severity, opsig_severity_name(s->severity)) != 0) {
        return refuse("damaged", "the severity does not follow from the likelihood ratio",
                      signature->pattern->id, err);
    }
    TRY(ops_db_check_signature(signature, build->database->models.len, OPSIG_FORMAT, err));
    build->signature = NULL;
done:
    return status;
}

opsig_status ops_db_build_end(struct ops_db_build *build, opsig_database **out, opsig_error *err)
{
    ops_database_sort(build->database);
    if (opsig_database_n_signatures(build->database) == 0 && build->database->rules == NULL) {
        return ops_error_set(err, OPSIG_FORMAT, "no-signatures", -1,
                             "holds no signatures and no rules");
    }
    *out = build->database;
    build->database = NULL;
    return OPSIG_OK;
}

opsig_status ops_db_status_of_input(opsig_status status, opsig_error *err)
{
    if (status != OPSIG_LIMIT) {
        return status;
    }
    if (err != NULL) {
        err->status = OPSIG_FORMAT;
    }
    return OPSIG_FORMAT;
}
