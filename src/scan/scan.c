/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trie and graph are walked together, depth first. For sequences the projection of each trie node's
 * code is extended once; the groups that the trie has children for go on. Where codes end, the
 * projections on the way down, which are still at hand, give the matches. The other codes of the
 * same trie are matched vertex by vertex (pattern/match.h). */
#include "scan/scanner.h"

#include "base/mem.h"
#include "pattern/field.h"
#include "pattern/match.h"

void opsig_scan_options_init(opsig_scan_options *options)
{
    *options = (opsig_scan_options){.version = 1,
                                    .min_severity = OPSIG_SEVERITY_LOW,
                                    .max_matches = 100,
                                    .max_work = OPS_MATCH_MAX_WORK};
    opsig_limits_init(&options->limits);
}

void opsig_scanner_free(opsig_scanner *scanner)
{
    if (scanner == NULL) {
        return;
    }
    ops_mem_free(scanner->databases);
    ops_intern_free(scanner->symbols);
    ops_plan_free(scanner->plan);
    ops_trie_free(scanner->trie);
    ops_vec_dispose(&scanner->targets);
    ops_vec_dispose(&scanner->rules);
    ops_mem_free(scanner);
}

bool ops_scanner_has_rules(const struct opsig_scanner *scanner)
{
    return scanner->rules.len > 0;
}

/** Notes a set of rules, unless there are none in it. */
static opsig_status add_rules(struct opsig_scanner *scanner, const opsig_rules *rules,
                              opsig_error *err)
{
    return rules == NULL || opsig_rules_n(rules) == 0 ? OPSIG_OK
                                                      : ops_vec_push(&scanner->rules, rules, err);
}

/** Puts the signatures of one database into the trie. */
static opsig_status add_database(struct opsig_scanner *scanner, uint32_t index, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_database *database = scanner->databases[index];
    struct ops_step steps[2 * OPSIG_PATTERN_MAX_VERTICES];
    for (size_t i = 0; i < database->signatures.len; i++) {
        struct ops_target target = {database->signatures.items[i], index};
        const opsig_pattern *pattern = target.signature->pattern;
        TRY(ops_pattern_code(pattern, scanner->symbols, steps, err));
        TRY(ops_trie_add(scanner->trie, (struct ops_code){steps, pattern->n_steps},
                         (uint32_t)scanner->targets.len, err));
        TRY(ops_vec_push(&scanner->targets, target, err));
    }
done:
    return status;
}

opsig_status opsig_scanner_new(opsig_scanner **out, const opsig_database *const *databases,
                               size_t n_databases, const opsig_scan_options *options,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_scanner *scanner = ops_mem_zalloc(1, sizeof *scanner);
    *out = NULL;
    if (scanner == NULL) {
        return ops_error_nomem(err);
    }
    scanner->options = *options;
    scanner->n_databases = n_databases;
    if (n_databases > 0) {
        scanner->databases = ops_mem_dup(databases, n_databases * sizeof(const opsig_database *));
        TRY(scanner->databases != NULL ? OPSIG_OK : ops_error_nomem(err));
    }
    TRY(ops_intern_new(&scanner->symbols, err));
    TRY(ops_trie_new(&scanner->trie, err));
    TRY(add_rules(scanner, options->rules, err));
    for (uint32_t i = 0; i < n_databases; i++) {
        TRY(add_database(scanner, i, err));
        if (!options->without_rules) {
            TRY(add_rules(scanner, opsig_database_rules(databases[i]), err));
        }
    }
    TRY(ops_trie_seal(scanner->trie, err));
    TRY(ops_plan_new(&scanner->plan, scanner->trie, ops_intern_count(scanner->symbols), err));
    *out = scanner;
    scanner = NULL;
done:
    opsig_scanner_free(scanner);
    return status;
}

void opsig_scan_result_free(opsig_scan_result *result)
{
    if (result == NULL) {
        return;
    }
    for (size_t i = 0; i < result->hits.len; i++) {
        ops_mem_free(result->hits.items[i].matches);
    }
    ops_vec_dispose(&result->hits);
    ops_vec_dispose(&result->findings);
    ops_vec_dispose(&result->terms);
    ops_vec_dispose(&result->unsearched);
    ops_mem_free(result);
}

/** One walk of the trie over one graph. */
struct walk {
    const struct opsig_scanner *scanner;
    struct opsig_scan_result *result;
    struct ops_graph_field graph;
    struct ops_projector *projector;
    struct ops_groups groups[OPSIG_PATTERN_MAX_VERTICES]; /* by depth */
    struct ops_level levels[OPSIG_PATTERN_MAX_VERTICES];  /* the projection at each depth */
};

/** Adds a hit of a target. @param finding  its matches, which are taken over, also on failure */
static opsig_status add_hit(struct walk *walk, uint32_t target, size_t n_places,
                            struct opsig_finding finding, uint32_t *matches, opsig_error *err)
{
    finding.signature = walk->scanner->targets.items[target].signature;
    finding.matches = matches;
    finding.covered_by = SIZE_MAX;
    const struct ops_hit hit = {
        .finding = finding, .target = target, .matches = matches, .n_places = n_places};
    const opsig_status status = ops_vec_push(&walk->result->hits, hit, err);
    if (status != OPSIG_OK) {
        ops_mem_free(matches);
    }
    return status;
}

/** Notes the sequences that end at a trie node, `depth` steps down, with their matches. */
static opsig_status add_sequences(struct walk *walk, uint32_t node, size_t depth, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_trie_node *end = ops_trie_node(walk->scanner->trie, node);
    const uint32_t *values = ops_trie_values(walk->scanner->trie, node);
    for (uint32_t i = 0; i < end->n_values; i++) {
        struct ops_matches matches;
        TRY(ops_matches_collect(&matches, &walk->graph.field, walk->levels, depth,
                                walk->scanner->options.max_matches, err));
        const struct opsig_finding finding = {.occurrences = matches.total,
                                              .n_matches = matches.n_kept};
        TRY(add_hit(walk, values[i], walk->levels[depth - 1].n, finding, matches.vertices, err));
    }
done:
    return status;
}

/** Follows the groups at `depth` that the trie node has children for. Recursion is bounded by
 *  the length of the longest code. */
static opsig_status follow(struct walk *walk, uint32_t node, size_t depth, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_groups *groups = &walk->groups[depth];
    for (size_t g = 0; g < groups->symbols.len; g++) {
        uint32_t child = ops_trie_sequence_child(walk->scanner->trie, node, depth,
                                                 groups->symbols.items[g]);
        if (child == OPS_TRIE_NONE) {
            continue;
        }
        uint32_t begin = groups->begin.items[g];
        walk->levels[depth] = (struct ops_level){groups->vertices.items + begin,
                                                 groups->begin.items[g + 1] - begin};
        TRY(add_sequences(walk, child, depth + 1, err));
        if (ops_trie_node(walk->scanner->trie, child)->sequences) {
            TRY(ops_project_extend(walk->projector, walk->levels[depth].vertices,
                                   walk->levels[depth].n, &walk->groups[depth + 1], err));
            TRY(follow(walk, child, depth + 1, err));
        }
    }
done:
    return status;
}

/** Finds the sequences. */
static opsig_status walk_sequences(struct walk *walk, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (ops_trie_node(walk->scanner->trie, 0)->sequences) {
        TRY(ops_projector_new(&walk->projector, &walk->graph.field, err));
        TRY(ops_project_roots(walk->projector, &walk->groups[0], err));
        TRY(follow(walk, 0, 0, err));
    }
done:
    return status;
}

/** Notes what was found of the signatures that end at one node. */
static opsig_status add_subgraphs(struct walk *walk, const struct ops_found *found,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct opsig_scanner *const scanner = walk->scanner;
    const uint32_t *const values = ops_trie_values(scanner->trie, found->node);
    for (uint32_t i = 0; i < ops_trie_node(scanner->trie, found->node)->n_values; i++) {
        if (found->total == 0) {
            const opsig_finding missing = {.signature =
                                               scanner->targets.items[values[i]].signature};
            TRY(ops_vec_push(&walk->result->unsearched, missing, err));
            continue;
        }
        uint32_t *const matches =
            ops_mem_dup(found->rows.items, found->rows.len * sizeof *matches);
        TRY(matches != NULL ? OPSIG_OK : ops_error_nomem(err));
        const struct opsig_finding finding = {.occurrences = found->total,
                                              .incomplete = found->cut,
                                              .n_matches = found->n_kept};
        TRY(add_hit(walk, values[i], found->n_places, finding, matches, err));
    }
done:
    return status;
}

/** Finds the subgraphs. */
static opsig_status match_subgraphs(struct walk *walk, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_scan_options *const scan = &walk->scanner->options;
    ops_found_vec found = {NULL, 0, 0};
    struct ops_deadline deadline;
    const struct ops_match_options options = {
        .max_kept = scan->max_matches, .max_work = scan->max_work, .deadline = &deadline};
    ops_deadline_start(&deadline, scan->limits.timeout, scan->limits.cancel);
    TRY(ops_match(walk->scanner->plan, &walk->graph.field, &options, &found, err));
    for (size_t i = 0; i < found.len; i++) {
        TRY(add_subgraphs(walk, &found.items[i], err));
    }
done:
    ops_found_dispose(&found);
    return status;
}

static void walk_dispose(struct walk *walk)
{
    for (size_t depth = 0; depth < OPSIG_PATTERN_MAX_VERTICES; depth++) {
        ops_groups_dispose(&walk->groups[depth]);
    }
    ops_projector_free(walk->projector);
    ops_graph_field_dispose(&walk->graph);
    ops_mem_free(walk);
}

opsig_status opsig_scanner_scan(opsig_scan_result **out, const opsig_scanner *scanner,
                                const opsig_graph *graph, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_scan_result *result = ops_mem_zalloc(1, sizeof *result);
    struct walk *walk = ops_mem_zalloc(1, sizeof *walk);
    *out = NULL;
    if (result == NULL || walk == NULL) {
        ops_mem_free(result);
        ops_mem_free(walk);
        return ops_error_nomem(err);
    }
    walk->scanner = scanner;
    walk->result = result;
    TRY(ops_graph_field_init(&walk->graph, graph, scanner->symbols, err));
    TRY(walk_sequences(walk, err));
    TRY(match_subgraphs(walk, err));
    TRY(ops_scan_rules(result, scanner, graph, path, err));
    TRY(ops_hits_risk(result, scanner, err));
    TRY(ops_hits_rank(result, scanner, err));
    *out = result;
    result = NULL;
done:
    walk_dispose(walk);
    opsig_scan_result_free(result);
    return status;
}

size_t opsig_scan_result_n_findings(const opsig_scan_result *result)
{
    return result->findings.len;
}

const opsig_finding *opsig_scan_result_finding(const opsig_scan_result *result, size_t i)
{
    return &result->findings.items[i];
}

size_t opsig_scan_result_n_dropped(const opsig_scan_result *result, opsig_finding_state state)
{
    return result->n_dropped[state];
}

size_t opsig_scan_result_n_terms(const opsig_scan_result *result)
{
    return result->terms.len;
}

const opsig_finding *opsig_scan_result_term(const opsig_scan_result *result, size_t i)
{
    return &result->terms.items[i];
}

size_t opsig_scan_result_n_unsearched(const opsig_scan_result *result)
{
    return result->unsearched.len;
}

const opsig_finding *opsig_scan_result_unsearched(const opsig_scan_result *result, size_t i)
{
    return &result->unsearched.items[i];
}

double opsig_scan_result_risk(const opsig_scan_result *result)
{
    return result->risk;
}
