/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Most rules are not worth a search: the model lacks one of their operators, imports other opsets,
 * or was written by somebody else. */
#include "rules/match.h"

#include <string.h>

#include "rules/index.h"
#include "rules/pack.h"
#include "rules/plan.h"
#include "rules/search.h"
#include "rules/version.h"

/** Is there a vertex for each element that must have one? */
static bool has_operators(const struct ops_rule_index *index, const struct opsig_rule *rule)
{
    for (uint32_t e = 0; e < rule->n_elements; e++) {
        const struct ops_element *const element = &rule->elements[e];
        bool found = element->operators.negated || element->min == 0;
        for (uint32_t i = 0; i < element->operators.n && !found; i++) {
            found = ops_rule_index_has(index, rule->plan->operators[e][i]);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/** Does the model import a version within a range of a domain? */
static bool imports(const opsig_graph *graph, const struct ops_opset_range *range)
{
    for (uint32_t i = 0; i < opsig_graph_n_opsets(graph); i++) {
        const int64_t version = opsig_graph_opset_version(graph, i);
        if (strcmp(opsig_graph_opset_domain(graph, i), range->domain) == 0 &&
            version >= range->low && version <= range->high) {
            return true;
        }
    }
    return false;
}

/** Is one of the ranges met for each domain that the rule speaks of? */
static bool is_in_opsets(const opsig_graph *graph, const struct opsig_rule *rule)
{
    for (size_t i = 0; i < rule->n_opsets; i++) {
        bool found = false;
        for (size_t k = 0; k < rule->n_opsets && !found; k++) {
            found = strcmp(rule->opsets[k].domain, rule->opsets[i].domain) == 0 &&
                    imports(graph, &rule->opsets[k]);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/** Did one of the rule's producers write the model? Its name comes first, then the version. */
static bool is_by_producer(const opsig_graph *graph, const struct opsig_rule *rule)
{
    const char *const producer = opsig_graph_producer(graph);
    for (size_t i = 0; i < rule->n_producers; i++) {
        const struct ops_claim *const claim = &rule->producers[i];
        const size_t len = strlen(claim->name);
        if (strncmp(producer, claim->name, len) == 0 &&
            (producer[len] == '\0' || producer[len] == ' ') &&
            ops_version_in_range(producer + len + (producer[len] == ' '), &claim->versions)) {
            return true;
        }
    }
    return rule->n_producers == 0;
}

opsig_status ops_rules_match(struct ops_rules_found *out, const opsig_rules *rules,
                             const opsig_graph *graph,
                             const struct ops_rules_match_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_rule_index index = {0};
    struct ops_rule_search *search = NULL;
    *out = (struct ops_rules_found){.items = {NULL, 0, 0}};
    ops_arena_init(&out->arena, UINT64_MAX);
    TRY(ops_rule_index_init(&index, rules->operators, graph, err));
    TRY(ops_rule_search_new(&search, out, &index, options, err));
    for (size_t i = 0; i < rules->rules.len; i++) {
        const struct opsig_rule *const rule = rules->rules.items[i];
        if (has_operators(&index, rule) && is_in_opsets(graph, rule) &&
            is_by_producer(graph, rule)) {
            TRY(ops_rule_search_run(search, rule));
        }
    }
done:
    ops_rule_search_free(search);
    ops_rule_index_dispose(&index);
    return status;
}

void ops_rules_found_dispose(struct ops_rules_found *found)
{
    ops_vec_dispose(&found->items);
    ops_arena_dispose(&found->arena);
}
