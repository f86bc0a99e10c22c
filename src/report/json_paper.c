/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig hypothesis --mode paper` as JSON. What permuted labels give stands beside the counts,
 * under "permuted", so that the counts stay plain numbers. */
#include "report/json.h"

static const char *const group_names[] = {"inconsistent", "consistent", "tests"};

/** A list for each group that takes part; tests without models are an empty one. */
static json_t *by_group(const opsig_paper *paper,
                        json_t *(*make)(const opsig_paper *paper, opsig_paper_group group))
{
    json_t *object = json_object();
    int failed = 0;
    for (int g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        failed |= ops_json_put(object, group_names[g], make(paper, (opsig_paper_group)g));
    }
    return ops_json_checked(object, failed);
}

static json_t *n_models(const opsig_paper *paper, opsig_paper_group group)
{
    return ops_json_count(opsig_paper_n_models(paper, group));
}

static json_t *operators(const opsig_paper *paper, opsig_paper_group group)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_paper_n_operators(paper, group); i++) {
        failed |= ops_json_add(array, ops_json_text(opsig_paper_operator(paper, group, i)));
    }
    return ops_json_checked(array, failed);
}

/** {"mean": ..., "least": ..., "most": ..., "p": ...}; null where labels were not permuted */
static json_t *permuted(const opsig_paper_count *count)
{
    if (count->n_permutations == 0) {
        return json_null();
    }
    json_t *object = json_object();
    int failed = ops_json_put(object, "mean", ops_json_number(count->mean));
    failed |= ops_json_put(object, "least", ops_json_count(count->least));
    failed |= ops_json_put(object, "most", ops_json_count(count->most));
    failed |= ops_json_put(object, "p", ops_json_number(count->p));
    return ops_json_checked(object, failed);
}

/** Puts a count into one object and what permuted labels give into another. */
static int put_count(json_t *object, json_t *beside, const char *key,
                     const opsig_paper_count *count)
{
    int failed = ops_json_put(object, key, ops_json_count(count->count));
    failed |= ops_json_put(beside, key, permuted(count));
    return failed;
}

static json_t *set(const opsig_paper *paper, unsigned number)
{
    const opsig_paper_set counts = opsig_paper_set_counts(paper, number);
    json_t *object = json_object();
    json_t *beside = json_object();
    int failed = ops_json_put(object, "path_pairs", ops_json_count(counts.path_pairs));
    failed |= ops_json_put(object, "distinct_pairs", ops_json_count(counts.distinct_pairs));
    failed |= put_count(object, beside, "total", &counts.total);
    failed |= put_count(object, beside, "unique", &counts.unique);
    failed |= put_count(object, beside, "reduced", &counts.reduced);
    failed |= ops_json_put(object, "permuted", beside);
    return ops_json_checked(object, failed);
}

static json_t *sequence(const opsig_paper *paper, opsig_paper_list list, size_t i)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t k = 0; k < opsig_paper_sequence_length(paper, list, i); k++) {
        const char *const symbol = opsig_paper_sequence_symbol(paper, list, i, k);
        failed |= ops_json_add(array, ops_json_text(symbol));
    }
    return ops_json_checked(array, failed);
}

static json_t *sequences(const opsig_paper *paper, opsig_paper_list list)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_paper_list_count(paper, list).count; i++) {
        failed |= ops_json_add(array, sequence(paper, list, i));
    }
    return ops_json_checked(array, failed);
}

/** By sequence: the models that hold it. */
static json_t *holders(const opsig_paper *paper)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_paper_list_count(paper, OPSIG_PAPER_1_WITHOUT_2).count; i++) {
        failed |= ops_json_add(array, ops_json_count(opsig_paper_n_holders(paper, i)));
    }
    return ops_json_checked(array, failed);
}

static json_t *difference(const opsig_paper *paper, opsig_paper_list list,
                          opsig_paper_list reduced_list)
{
    const opsig_paper_count unique = opsig_paper_list_count(paper, list);
    const opsig_paper_count reduced = opsig_paper_list_count(paper, reduced_list);
    json_t *object = json_object();
    json_t *beside = json_object();
    int failed = put_count(object, beside, "unique", &unique);
    failed |= put_count(object, beside, "reduced", &reduced);
    failed |= ops_json_put(object, "permuted", beside);
    failed |= ops_json_put(object, "list", sequences(paper, list));
    failed |= ops_json_put(object, "reduced_list", sequences(paper, reduced_list));
    if (list == OPSIG_PAPER_1_WITHOUT_2) {
        failed |= ops_json_put(object, "models", holders(paper));
    }
    return ops_json_checked(object, failed);
}

static json_t *sets(const opsig_paper *paper)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "1", set(paper, 1));
    failed |= ops_json_put(object, "2", set(paper, 2));
    failed |= ops_json_put(object, "3", opsig_paper_has_tests(paper) ? set(paper, 3) : json_null());
    return ops_json_checked(object, failed);
}

static json_t *differences(const opsig_paper *paper)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "1\\2", difference(paper, OPSIG_PAPER_1_WITHOUT_2,
                                                         OPSIG_PAPER_1_WITHOUT_2_REDUCED));
    failed |= ops_json_put(object, "1\\3",
                           !opsig_paper_has_tests(paper)
                               ? json_null()
                               : difference(paper, OPSIG_PAPER_1_WITHOUT_3,
                                            OPSIG_PAPER_1_WITHOUT_3_REDUCED));
    return ops_json_checked(object, failed);
}

/** {"with": k, "of": n1, "permuted": {...}} */
static json_t *models_sharing(const opsig_paper *paper)
{
    const opsig_paper_count sharing = opsig_paper_sharing(paper);
    json_t *object = json_object();
    int failed = ops_json_put(object, "with", ops_json_count(sharing.count));
    failed |= ops_json_put(object, "of", n_models(paper, OPSIG_PAPER_INCONSISTENT));
    failed |= ops_json_put(object, "permuted", permuted(&sharing));
    return ops_json_checked(object, failed);
}

/** {"2": sequences that two models hold, "3": ...}, without numbers of models that none has */
static json_t *histogram(const opsig_paper *paper)
{
    const size_t n = (size_t)opsig_paper_list_count(paper, OPSIG_PAPER_1_WITHOUT_2).count;
    json_t *object = json_object();
    int failed = 0;
    for (uint32_t k = 1; k <= opsig_paper_n_models(paper, OPSIG_PAPER_INCONSISTENT); k++) {
        char key[16];
        size_t count = 0;
        for (size_t i = 0; i < n; i++) {
            count += opsig_paper_n_holders(paper, i) == k;
        }
        (void)snprintf(key, sizeof key, "%u", k);
        failed |= count > 0 ? ops_json_put(object, key, ops_json_count(count)) : 0;
    }
    return ops_json_checked(object, failed);
}

static json_t *left_out(const opsig_paper *paper)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_paper_n_left_out(paper); i++) {
        failed |= ops_json_add(array, ops_json_text(opsig_paper_left_out(paper, i)));
    }
    return ops_json_checked(array, failed);
}

int ops_json_put_paper(json_t *object, const opsig_paper *paper)
{
    const uint32_t n_permutations = opsig_paper_sharing(paper).n_permutations;
    int failed = ops_json_put(object, "permutations", ops_json_count(n_permutations));
    failed |= ops_json_put(object, "models", by_group(paper, n_models));
    failed |= ops_json_put(object, "left_out", left_out(paper));
    failed |= ops_json_put(object, "operators", by_group(paper, operators));
    failed |= ops_json_put(object, "sets", sets(paper));
    failed |= ops_json_put(object, "difference", differences(paper));
    failed |= ops_json_put(object, "models_sharing", models_sharing(paper));
    failed |= ops_json_put(object, "sharing_histogram", histogram(paper));
    return failed;
}
