/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signatures that stand get the counts of a corpus that they were not mined from. The pattern was
 * chosen before, so the new models are a fair test of it. p is the exact test over strata: the
 * table of the database as it was is one, the strata of the new corpus are the others. No
 * permutation can be made without the first corpus, so the correction is Bonferroni's over the
 * hypotheses that were tested there. Context, order and the risk model stay those of the first
 * mine. */
#include <opsig/scan.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intern.h"
#include "base/number.h"
#include "pattern/signature.h"
#include "stats/exact.h"
#include "stats/interval.h"

enum { LONGEST_KEY = 64, LONGEST_NODES = 1 << 24, LONGEST_PATH = 1 << 20 };

/** Counts of one signature in one stratum of the new corpus. */
struct tally {
    uint32_t with_inconsistent, with_consistent;
};

struct update {
    struct opsig_database *database; /* the new one */
    const opsig_corpus *corpus;
    opsig_scanner *scanner;   /* of the new one's signatures */
    struct ops_intern *known; /* digests and paths of the models that are there */
    unsigned number;          /* of this update, from 1 */
    uint32_t n_strata;
    uint32_t *positives, *totals; /* of each stratum, of models that are new */
    struct tally *tallies;        /* by signature, then by stratum */
    opsig_error *err;
};

static bool is_known(const struct update *update, const char *text)
{
    return ops_intern_find(update->known, text, strlen(text)) != OPS_INTERN_NONE;
}

static opsig_status note_known(struct update *update, const char *text)
{
    uint32_t id;
    return text[0] == '\0'
               ? OPSIG_OK
               : ops_intern_put(update->known, text, strlen(text), &id, update->err);
}

/* ---- models ---- */

static opsig_status add_model(struct update *update, size_t m)
{
    struct ops_db_model model = {
        .inconsistent = opsig_corpus_label(update->corpus, m) == OPSIG_LABEL_INCONSISTENT};
    const char *const sha256 = opsig_corpus_sha256(update->corpus, m);
    struct ops_buffer path;
    opsig_status status = OPSIG_OK;
    ops_buffer_init(&path, LONGEST_PATH);
    ops_buffer_puts(&path, opsig_corpus_path(update->corpus, m));
    if (is_known(update, ops_buffer_text(&path))) {
        ops_buffer_printf(&path, " (update %u)", update->number);
    }
    TRY(ops_buffer_status(&path, update->err));
    memcpy(model.sha256, sha256, strlen(sha256));
    TRY(note_known(update, sha256));
    TRY(note_known(update, ops_buffer_text(&path)));
    model.path = ops_mem_strdup(ops_buffer_text(&path));
    TRY(model.path != NULL ? OPSIG_OK : ops_error_nomem(update->err));
    status = ops_vec_push(&update->database->models, model, update->err);
    if (status != OPSIG_OK) {
        ops_mem_free(model.path);
    }
done:
    ops_buffer_dispose(&path);
    return status;
}

/** The number of a signature in the new database. */
static size_t number_of(const struct update *update, const opsig_signature *signature)
{
    size_t i = 0;
    while (update->database->signatures.items[i] != signature) {
        i++;
    }
    return i;
}

/** Adds the model last added to the evidence, with the labels of a match. */
static opsig_status add_evidence(const struct update *update, const opsig_graph *graph,
                                 struct opsig_signature *signature, const uint32_t *match)
{
    struct ops_buffer nodes;
    opsig_status status = OPSIG_OK;
    ops_buffer_init(&nodes, LONGEST_NODES);
    for (size_t i = 0; i < opsig_pattern_n_vertices(signature->pattern); i++) {
        ops_buffer_puts(&nodes, i > 0 ? "\n" : "");
        ops_buffer_puts(&nodes, opsig_graph_node_label(graph, match[i]));
    }
    TRY(ops_buffer_status(&nodes, update->err));
    struct ops_evidence *const grown = ops_mem_resize(
        signature->evidence, signature->n_evidence + 1, sizeof *signature->evidence);
    TRY(grown != NULL ? OPSIG_OK : ops_error_nomem(update->err));
    signature->evidence = grown;
    grown[signature->n_evidence] =
        (struct ops_evidence){.model = (uint32_t)update->database->models.len - 1,
                              .nodes = ops_mem_strdup(ops_buffer_text(&nodes))};
    TRY(grown[signature->n_evidence].nodes != NULL ? OPSIG_OK : ops_error_nomem(update->err));
    signature->n_evidence++;
done:
    ops_buffer_dispose(&nodes);
    return status;
}

static opsig_status count_findings(const struct update *update, size_t m,
                                   const opsig_scan_result *result)
{
    const bool inconsistent =
        opsig_corpus_label(update->corpus, m) == OPSIG_LABEL_INCONSISTENT;
    const uint32_t stratum = opsig_corpus_stratum(update->corpus, m);
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        const size_t s = number_of(update, finding->signature);
        struct tally *const tally = &update->tallies[s * update->n_strata + stratum];
        tally->with_inconsistent += inconsistent;
        tally->with_consistent += !inconsistent;
        TRY(add_evidence(update, opsig_corpus_graph(update->corpus, m),
                         update->database->signatures.items[s], finding->matches));
    }
done:
    return status;
}

/** Takes a model, unless the database or this corpus has had it. */
static opsig_status take_model(struct update *update, size_t m)
{
    const char *const sha256 = opsig_corpus_sha256(update->corpus, m);
    const char *const path = opsig_corpus_path(update->corpus, m);
    const uint32_t stratum = opsig_corpus_stratum(update->corpus, m);
    opsig_scan_result *result = NULL;
    opsig_status status = OPSIG_OK;
    if (is_known(update, sha256[0] != '\0' ? sha256 : path)) {
        return OPSIG_OK;
    }
    TRY(opsig_scanner_scan(&result, update->scanner, opsig_corpus_graph(update->corpus, m), NULL,
                           update->err));
    TRY(add_model(update, m));
    update->totals[stratum]++;
    update->positives[stratum] +=
        opsig_corpus_label(update->corpus, m) == OPSIG_LABEL_INCONSISTENT;
    TRY(count_findings(update, m, result));
done:
    opsig_scan_result_free(result);
    return status;
}

/* ---- numbers ---- */

/** Adds the tallies to a signature's table and computes everything that follows. */
static opsig_status settle(const struct update *update, size_t s, double n_hypotheses,
                           struct ops_cmh *scratch, struct ops_stratum *strata)
{
    opsig_statistics *const own = &update->database->signatures.items[s]->statistics;
    const double p_order = own->p_order;
    uint32_t with_inconsistent = own->with_inconsistent;
    uint32_t with_consistent = own->with_consistent;
    uint32_t n_inconsistent = own->n_inconsistent;
    uint32_t n_consistent = own->n_consistent;
    strata[0] = (struct ops_stratum){.total = n_inconsistent + n_consistent,
                                     .positives = n_inconsistent,
                                     .holders = with_inconsistent + with_consistent};
    for (uint32_t k = 0; k < update->n_strata; k++) {
        const struct tally *const tally = &update->tallies[s * update->n_strata + k];
        strata[k + 1] =
            (struct ops_stratum){.total = update->totals[k],
                                 .positives = update->positives[k],
                                 .holders = tally->with_inconsistent + tally->with_consistent};
        with_inconsistent += tally->with_inconsistent;
        with_consistent += tally->with_consistent;
        n_inconsistent += update->positives[k];
        n_consistent += update->totals[k] - update->positives[k];
    }
    const double log_p =
        ops_cmh_log_p(scratch, strata, (size_t)update->n_strata + 1, with_inconsistent);
    if (isnan(log_p)) {
        return ops_error_nomem(update->err);
    }
    ops_statistics_fill(own, with_inconsistent, n_inconsistent, with_consistent, n_consistent);
    own->p = exp(log_p);
    own->p_adjusted = fmin(1, own->p * n_hypotheses);
    own->p_order = p_order;
    return OPSIG_OK;
}

/** How many hypotheses the first mine tested; at least as many as there are signatures. */
static double count_hypotheses(const struct opsig_database *database)
{
    const char *const noted = opsig_database_provenance(database, "search.hypotheses");
    const double n = noted != NULL ? strtod(noted, NULL) : 0;
    const double least = (double)database->n_significant;
    return isfinite(n) && n > least ? n : least;
}

static opsig_status settle_all(const struct update *update)
{
    opsig_status status = OPSIG_OK;
    struct ops_cmh *const scratch = ops_cmh_new();
    struct ops_stratum *const strata =
        ops_mem_zalloc((size_t)update->n_strata + 1, sizeof *strata);
    const double n_hypotheses = count_hypotheses(update->database);
    TRY(scratch != NULL && strata != NULL ? OPSIG_OK : ops_error_nomem(update->err));
    for (size_t s = 0; s < update->database->n_significant; s++) {
        TRY(settle(update, s, n_hypotheses, scratch, strata));
    }
done:
    ops_mem_free(strata);
    ops_cmh_free(scratch);
    return status;
}

/* ---- provenance ---- */

static opsig_status note(const struct update *update, const char *name, const char *value)
{
    char key[LONGEST_KEY];
    (void)snprintf(key, sizeof key, "update.%u.%s", update->number, name);
    return ops_database_note(update->database, key, value, update->err);
}

static opsig_status note_all(const struct update *update)
{
    opsig_status status = OPSIG_OK;
    char number[32];
    double total = 0;
    double positive = 0;
    for (uint32_t k = 0; k < update->n_strata; k++) {
        total += update->totals[k];
        positive += update->positives[k];
    }
    TRY(note(update, "corpus.digest", opsig_corpus_digest(update->corpus)));
    TRY(note(update, "correction", "bonferroni"));
    ops_number_format(positive, number);
    TRY(note(update, "models.inconsistent", number));
    ops_number_format(total - positive, number);
    TRY(note(update, "models.consistent", number));
done:
    return status;
}

/** The number that no update has had. */
static unsigned next_number(const opsig_database *database)
{
    char key[LONGEST_KEY];
    unsigned number = 0;
    do {
        (void)snprintf(key, sizeof key, "update.%u.corpus.digest", ++number);
    } while (opsig_database_provenance(database, key) != NULL);
    return number;
}

/* ---- the whole ---- */

static opsig_status check(const opsig_database *database, const opsig_corpus *corpus,
                          opsig_error *err)
{
    const char *const oracle = opsig_database_provenance(database, "oracle");
    if (oracle == NULL || strcmp(oracle, opsig_corpus_oracle(corpus)) == 0) {
        return OPSIG_OK;
    }
    return ops_error_set(err, OPSIG_CONFLICT, "conflict", -1,
                         "the labels are of oracle %.60s, the database is of %.60s",
                         opsig_corpus_oracle(corpus), oracle);
}

static opsig_status prepare(struct update *update, const opsig_database *const *database)
{
    opsig_scan_options options;
    opsig_status status = OPSIG_OK;
    const size_t n_strata = update->n_strata;
    opsig_scan_options_init(&options);
    options.max_matches = 1;
    options.without_rules = true;
    TRY(opsig_database_merge(&update->database, database, 1, update->err));
    const opsig_database *const copy = update->database;
    TRY(opsig_scanner_new(&update->scanner, &copy, 1, &options, update->err));
    TRY(ops_intern_new(&update->known, update->err));
    update->positives = ops_mem_zalloc(n_strata, sizeof *update->positives);
    update->totals = ops_mem_zalloc(n_strata, sizeof *update->totals);
    update->tallies =
        ops_mem_zalloc(n_strata * copy->signatures.len, sizeof *update->tallies);
    TRY(update->positives != NULL && update->totals != NULL && update->tallies != NULL
            ? OPSIG_OK
            : ops_error_nomem(update->err));
    for (size_t m = 0; m < copy->models.len; m++) {
        TRY(note_known(update, copy->models.items[m].sha256));
        TRY(note_known(update, copy->models.items[m].path));
    }
done:
    return status;
}

static void dispose(struct update *update)
{
    ops_mem_free(update->tallies);
    ops_mem_free(update->totals);
    ops_mem_free(update->positives);
    ops_intern_free(update->known);
    opsig_scanner_free(update->scanner);
    opsig_database_free(update->database);
}

opsig_status opsig_database_update(opsig_database **out, const opsig_database *database,
                                   const opsig_corpus *corpus, const volatile int *cancel,
                                   opsig_error *err)
{
    struct update update = {.corpus = corpus,
                            .number = next_number(database),
                            .n_strata = opsig_corpus_n_strata(corpus),
                            .err = err};
    opsig_status status = OPSIG_OK;
    *out = NULL;
    TRY(check(database, corpus, err));
    TRY(prepare(&update, &database));
    for (size_t m = 0; m < opsig_corpus_n_models(corpus); m++) {
        if (cancel != NULL && *cancel != 0) {
            TRY(ops_error_set(err, OPSIG_CANCELLED, "cancelled", -1, "the update was cancelled"));
        }
        TRY(take_model(&update, m));
    }
    if (update.database->models.len > database->models.len) {
        TRY(settle_all(&update));
    }
    TRY(note_all(&update));
    ops_database_sort(update.database);
    *out = update.database;
    update.database = NULL;
done:
    dispose(&update);
    return status;
}
