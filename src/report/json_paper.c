/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig hypothesis --mode paper` as JSON. */
#include "report/json.h"

static const char *const group_names[] = {"inconsistent", "consistent", "tests"};

static json_t *model_counts(const opsig_paper *paper)
{
    json_t *object = json_object();
    int failed = 0;
    for (int g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        const size_t n = opsig_paper_n_models(paper, (opsig_paper_group)g);
        failed |= ops_json_put(object, group_names[g], ops_json_count(n));
    }
    return ops_json_checked(object, failed);
}

static json_t *operator_list(const opsig_paper *paper, opsig_paper_group group)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_paper_n_operators(paper, group); i++) {
        failed |= ops_json_add(array, ops_json_text(opsig_paper_operator(paper, group, i)));
    }
    return ops_json_checked(array, failed);
}

static json_t *operators(const opsig_paper *paper)
{
    json_t *object = json_object();
    int failed = 0;
    for (int g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        json_t *const list = operator_list(paper, (opsig_paper_group)g);
        failed |= ops_json_put(object, group_names[g], list);
    }
    return ops_json_checked(object, failed);
}

int ops_json_put_paper(json_t *object, const opsig_paper *paper)
{
    int failed = ops_json_put(object, "models", model_counts(paper));
    failed |= ops_json_put(object, "operators", operators(paper));
    return failed;
}
