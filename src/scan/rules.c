/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules in one graph. Each set is looked for on its own; of several rules with one id that of the
 * first set counts. */
#include "scan/scanner.h"

#include "base/mem.h"
#include "rules/match.h"

/** Has a set before set `n` a rule of this id? */
static bool is_hidden(const struct opsig_scanner *scanner, size_t n, const opsig_rule *rule)
{
    for (size_t i = 0; i < n; i++) {
        if (opsig_rules_find(scanner->rules.items[i], opsig_rule_id(rule)) != NULL) {
            return true;
        }
    }
    return false;
}

/** Copies the kept matches, vertices first, then where each ends. */
static uint32_t *copy_matches(const struct ops_rule_found *found, size_t *out_n_vertices)
{
    size_t n = 0;
    for (size_t i = 0; i < found->n_matches; i++) {
        n += found->matches[i].n;
    }
    uint32_t *const copy = ops_mem_zalloc(n + found->n_matches, sizeof *copy);
    *out_n_vertices = n;
    for (size_t i = 0, at = 0; copy != NULL && i < found->n_matches; i++) {
        for (uint32_t k = 0; k < found->matches[i].n; k++) {
            copy[at++] = found->matches[i].vertices[k];
        }
        copy[n + i] = (uint32_t)at;
    }
    return copy;
}

static opsig_status add_found(struct opsig_scan_result *result, const struct ops_rule_found *found,
                              opsig_error *err)
{
    size_t n_vertices;
    opsig_finding finding = {.rule = found->rule,
                             .is_possible = found->n_certain == 0,
                             .occurrences = found->n_total,
                             .incomplete = found->incomplete,
                             .n_matches = found->n_matches,
                             .covered_by = SIZE_MAX};
    if (found->n_total == 0) {
        return ops_vec_push(&result->unsearched, finding, err);
    }
    uint32_t *const matches = copy_matches(found, &n_vertices);
    if (matches == NULL) {
        return ops_error_nomem(err);
    }
    finding.matches = matches;
    finding.ends = matches + n_vertices;
    const struct ops_hit hit = {.finding = finding, .matches = matches};
    const opsig_status status = ops_vec_push(&result->hits, hit, err);
    if (status != OPSIG_OK) {
        ops_mem_free(matches);
    }
    return status;
}

static opsig_status match_set(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                              size_t place, const opsig_graph *graph,
                              const struct ops_rules_match_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_rules_found found = {0};
    TRY(ops_rules_match(&found, scanner->rules.items[place], graph, options, err));
    for (size_t i = 0; i < found.items.len; i++) {
        if (!is_hidden(scanner, place, found.items.items[i].rule)) {
            TRY(add_found(result, &found.items.items[i], err));
        }
    }
done:
    ops_rules_found_dispose(&found);
    return status;
}

opsig_status ops_scan_rules(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                            const opsig_graph *graph, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_scan_options *const scan = &scanner->options;
    struct ops_deadline deadline;
    const struct ops_rules_match_options options = {.max_kept = scan->max_matches,
                                                    .max_work = scan->max_work,
                                                    .deadline = &deadline,
                                                    .path = path};
    if (scanner->rules.len > 0 && ops_facts_of(graph) == NULL) {
        return ops_error_set(err, OPSIG_USAGE, "usage", -1,
                             "rules ask for facts, with which the graph was not loaded");
    }
    ops_deadline_start(&deadline, scan->limits.timeout, scan->limits.cancel);
    for (size_t i = 0; i < scanner->rules.len; i++) {
        TRY(match_set(result, scanner, i, graph, &options, err));
    }
done:
    return status;
}
