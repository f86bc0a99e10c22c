/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig coverage` as JSON. */
#include "report/format.h"
#include "report/json.h"

/** {"models": ..., "errors": [...]} */
static json_t *corpus_value(const opsig_corpus *corpus)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "models", ops_json_count(opsig_corpus_n_models(corpus)));
    failed |= ops_json_put(object, "errors", ops_json_corpus_errors(corpus));
    return ops_json_checked(object, failed);
}

static json_t *share_of(opsig_coverage_count count)
{
    return count.sequences == 0
               ? json_null()
               : ops_json_number((double)count.covered / (double)count.sequences);
}

static json_t *by_length(const opsig_coverage *coverage)
{
    json_t *array = json_array();
    int failed = 0;
    for (uint32_t n = opsig_coverage_min_length(coverage);
         n <= opsig_coverage_max_length(coverage); n++) {
        const opsig_coverage_count distinct = opsig_coverage_distinct(coverage, n);
        json_t *object = json_object();
        failed |= ops_json_put(object, "length", ops_json_count(n));
        failed |= ops_json_put(object, "sequences", ops_json_count(distinct.sequences));
        failed |= ops_json_put(object, "covered", ops_json_count(distinct.covered));
        failed |= ops_json_put(object, "unweighted", share_of(distinct));
        failed |= ops_json_put(object, "weighted", share_of(opsig_coverage_held(coverage, n)));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

static json_t *gap_value(const struct ops_covered *covered, size_t i)
{
    const opsig_coverage_gap gap = opsig_coverage_gap_at(covered->coverage, i);
    json_t *object = json_object();
    json_t *models = json_array();
    int failed = ops_json_put(object, "pattern", ops_json_text(opsig_pattern_text(gap.pattern)));
    failed |= ops_json_put(object, "length",
                           ops_json_count(opsig_pattern_n_vertices(gap.pattern)));
    for (size_t m = 0; m < gap.n_models; m++) {
        const char *const path = opsig_corpus_path(covered->target, gap.models[m]);
        failed |= ops_json_add(models, ops_json_text(path));
    }
    failed |= ops_json_put(object, "models", models);
    return ops_json_checked(object, failed);
}

/** {"count": ..., "list": [...]} */
static json_t *gaps(const struct ops_covered *covered)
{
    json_t *object = json_object();
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_coverage_n_gaps(covered->coverage); i++) {
        failed |= ops_json_add(list, gap_value(covered, i));
    }
    failed |= ops_json_put(object, "count",
                           ops_json_count(opsig_coverage_count_gaps(covered->coverage)));
    failed |= ops_json_put(object, "list", list);
    return ops_json_checked(object, failed);
}

static json_t *models(const struct ops_covered *covered)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_corpus_n_models(covered->target); i++) {
        const opsig_coverage_count count = opsig_coverage_of_model(covered->coverage, i, 0);
        json_t *object = json_object();
        failed |= ops_json_put(object, "path",
                               ops_json_text(opsig_corpus_path(covered->target, i)));
        failed |= ops_json_put(object, "sequences", ops_json_count(count.sequences));
        failed |= ops_json_put(object, "covered", ops_json_count(count.covered));
        failed |= ops_json_put(object, "share",
                               ops_json_number(opsig_coverage_model_share(covered->coverage, i)));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

static json_t *additions(const struct ops_covered *covered)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_coverage_n_additions(covered->coverage); i++) {
        const opsig_coverage_addition addition = opsig_coverage_addition_at(covered->coverage, i);
        json_t *object = json_object();
        failed |= ops_json_put(object, "path",
                               ops_json_text(opsig_corpus_path(covered->target, addition.model)));
        failed |= ops_json_put(object, "newly_covered", ops_json_count(addition.n_newly));
        failed |= ops_json_put(object, "share", ops_json_number(addition.share));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

opsig_status ops_json_coverage(FILE *stream, const opsig_report_style *style,
                               const struct ops_covered *covered, opsig_error *err)
{
    (void)style;
    json_t *object = json_object();
    int failed = ops_json_put(object, "tool", ops_json_tool());
    failed |= ops_json_put(object, "reference", corpus_value(covered->reference));
    failed |= ops_json_put(object, "target", corpus_value(covered->target));
    failed |= ops_json_put(object, "share",
                           ops_json_number(opsig_coverage_share(covered->coverage)));
    failed |= ops_json_put(object, "by_length", by_length(covered->coverage));
    failed |= ops_json_put(object, "gaps", gaps(covered));
    failed |= ops_json_put(object, "additions", additions(covered));
    failed |= ops_json_put(object, "models", models(covered));
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}
