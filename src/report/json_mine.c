/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig mine` and `opsig frequent` as JSON. */
#include <string.h>

#include "report/format.h"
#include "report/json.h"
#include "report/mined.h"

/** {"inconsistent": ..., "consistent": ..., "left_out": ..., "duplicates": ..., "errors": ...} */
static json_t *models(const opsig_corpus *corpus)
{
    const size_t inconsistent = opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT);
    const size_t consistent = opsig_corpus_n_labelled(corpus, OPSIG_LABEL_CONSISTENT);
    json_t *object = json_object();
    int failed = ops_json_put(object, "inconsistent", ops_json_count(inconsistent));
    failed |= ops_json_put(object, "consistent", ops_json_count(consistent));
    failed |= ops_json_put(object, "left_out", ops_json_count(opsig_corpus_n_left_out(corpus)));
    failed |= ops_json_put(object, "duplicates",
                           ops_json_count(opsig_corpus_n_duplicates(corpus)));
    failed |= ops_json_put(object, "errors", ops_json_count(opsig_corpus_n_errors(corpus)));
    return ops_json_checked(object, failed);
}

/** {"sequence": ..., "subgraph": ...} */
static json_t *kinds(const opsig_database *database)
{
    const size_t n_subgraphs = ops_count_subgraphs(database);
    json_t *object = json_object();
    int failed = ops_json_put(object, "sequence",
                              ops_json_count(opsig_database_n_signatures(database) - n_subgraphs));
    failed |= ops_json_put(object, "subgraph", ops_json_count(n_subgraphs));
    return ops_json_checked(object, failed);
}

/** @param all  there is no database to look the others up in */
static json_t *strongest(const opsig_database *database, bool all)
{
    const size_t n = opsig_database_n_signatures(database);
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < n && (i < OPS_MINED_SHOWN || all); i++) {
        failed |= ops_json_add(array, ops_json_signature(opsig_database_signature(database, i)));
    }
    return ops_json_checked(array, failed);
}

static int put_figures(json_t *object, const char *key, const opsig_database *database,
                       const char *prefix)
{
    return ops_json_put(object, key, ops_json_provenance(database, prefix, ops_json_value));
}

opsig_status ops_json_mine(FILE *stream, const opsig_report_style *style,
                           const struct ops_mined *mined, opsig_error *err)
{
    (void)style;
    json_t *object = json_object();
    int failed = ops_json_put(object, "tool", ops_json_tool());
    failed |= ops_json_put(object, "database", ops_json_text_or_null(mined->db_path));
    failed |= ops_json_put(object, "oracle",
                           ops_json_text_or_null(opsig_corpus_oracle(mined->corpus)));
    failed |= ops_json_put(object, "models", models(mined->corpus));
    failed |= ops_json_put(object, "signatures", ops_json_severities(mined->database));
    failed |= ops_json_put(object, "kinds", kinds(mined->database));
    failed |= ops_json_put(object, "strongest", strongest(mined->database, mined->db_path == NULL));
    failed |= put_figures(object, "tests", mined->database, "test.");
    failed |= put_figures(object, "risk", mined->database, "risk.");
    failed |= put_figures(object, "culprit", mined->database, "culprit.");
    failed |= put_figures(object, "options", mined->database, "option.");
    failed |= ops_json_put(object, "errors", ops_json_corpus_errors(mined->corpus));
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}

/** {"0": n0, "1": n1, ...} */
static json_t *by_edges(const opsig_frequent *frequent)
{
    json_t *object = json_object();
    int failed = 0;
    for (uint32_t k = 0; k <= opsig_frequent_max_edges(frequent); k++) {
        char key[16];
        (void)snprintf(key, sizeof key, "%u", k);
        failed |= ops_json_put(object, key,
                               ops_json_count(opsig_frequent_count_by_edges(frequent, k)));
    }
    return ops_json_checked(object, failed);
}

static json_t *frequent_pattern(const opsig_frequent *frequent, size_t i)
{
    const opsig_pattern *const pattern = opsig_frequent_pattern(frequent, i);
    json_t *object = json_object();
    int failed = ops_json_put(object, "pattern", ops_json_text(opsig_pattern_text(pattern)));
    failed |= ops_json_put(object, "support",
                           ops_json_count(opsig_frequent_support(frequent, i)));
    failed |= ops_json_put(object, "edges", ops_json_count(opsig_pattern_n_edges(pattern)));
    return ops_json_checked(object, failed);
}

/** The patterns, each on a line: there may be millions. */
static opsig_status write_list(FILE *stream, const opsig_frequent *frequent, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(stream, ",\n \"list\": [", err));
    for (size_t i = 0; i < opsig_frequent_n(frequent); i++) {
        TRY(ops_json_puts(stream, i == 0 ? "\n  " : ",\n  ", err));
        TRY(ops_json_write(stream, frequent_pattern(frequent, i), err));
    }
    TRY(ops_json_puts(stream, "]", err));
done:
    return status;
}

opsig_status ops_json_frequent(FILE *stream, const opsig_report_style *style,
                               const struct ops_frequent_list *list, opsig_error *err)
{
    (void)style;
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(stream, "{\"graphs\": ", err));
    TRY(ops_json_write(stream, ops_json_count(opsig_corpus_n_models(list->corpus)), err));
    TRY(ops_json_puts(stream, ", \"min_support\": ", err));
    TRY(ops_json_write(stream, ops_json_count(list->min_support), err));
    TRY(ops_json_puts(stream, ", \"patterns\": ", err));
    TRY(ops_json_write(stream, ops_json_count(opsig_frequent_count(list->frequent)), err));
    TRY(ops_json_puts(stream, ",\n \"by_edges\": ", err));
    TRY(ops_json_write(stream, by_edges(list->frequent), err));
    if (!list->count_only) {
        TRY(write_list(stream, list->frequent, err));
    }
    if (opsig_corpus_n_errors(list->corpus) > 0) {
        TRY(ops_json_puts(stream, ",\n \"errors\": ", err));
        TRY(ops_json_write(stream, ops_json_corpus_errors(list->corpus), err));
    }
    TRY(ops_json_puts(stream, "}\n", err));
done:
    return status;
}
