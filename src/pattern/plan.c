/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan is made once for all models, from the trie's nodes in their order: parents come before
 * their children, and neighbouring children with the same ends, direction and label are a run. */
#include "pattern/plan.h"

#include <string.h>

#include "base/mem.h"
#include "graph/snapshot.h"
#include "pattern/shape.h"

void ops_plan_free(struct ops_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    ops_mem_free(plan->nodes);
    ops_mem_free(plan->symbol);
    ops_mem_free(plan->parent);
    ops_mem_free(plan->root);
    ops_mem_free(plan->runs);
    ops_vec_dispose(&plan->pairs);
    ops_mem_free(plan);
}

static bool reserve(struct ops_plan *plan)
{
    plan->nodes = ops_mem_zalloc(plan->n_nodes, sizeof *plan->nodes);
    plan->symbol = ops_mem_zalloc(plan->n_nodes, sizeof *plan->symbol);
    plan->parent = ops_mem_zalloc(plan->n_nodes, sizeof *plan->parent);
    plan->root = ops_mem_zalloc(plan->n_symbols, sizeof *plan->root);
    plan->runs = ops_mem_zalloc(plan->n_nodes, sizeof *plan->runs); /* no more than children */
    return plan->nodes != NULL && plan->symbol != NULL && plan->parent != NULL &&
           plan->root != NULL && plan->runs != NULL;
}

static bool same_run(struct ops_step a, struct ops_step b)
{
    return a.from == b.from && a.to == b.to && a.dir == b.dir && a.label == b.label;
}

/** Makes runs of a node's children. */
static void add_runs(struct ops_plan *plan, uint32_t node)
{
    const struct ops_trie_node *const at = ops_trie_node(plan->trie, node);
    struct ops_plan_node *const out = &plan->nodes[node];
    out->first_run = plan->n_runs;
    for (uint32_t c = at->first_child; c < at->first_child + at->n_children; c++) {
        const struct ops_step step = ops_trie_node(plan->trie, c)->step;
        if (c == at->first_child || !same_run(step, ops_trie_node(plan->trie, c - 1)->step)) {
            plan->runs[plan->n_runs++] = (struct ops_plan_run){.first_child = c,
                                                               .label = step.label,
                                                               .from = step.from,
                                                               .to = step.to,
                                                               .dir = step.dir,
                                                               .forward = step.to >= out->width};
        }
        plan->runs[plan->n_runs - 1].n_children++;
    }
    out->n_runs = plan->n_runs - out->first_run;
}

/** The code that leads to a node. @return its number of steps, at most OPS_CODE_MAX_STEPS */
static size_t code_of(const struct ops_plan *plan, uint32_t node, struct ops_step *out)
{
    size_t n = 0;
    for (uint32_t at = node; at != 0; at = plan->parent[at]) {
        n++;
    }
    size_t k = n;
    for (uint32_t at = node; at != 0; at = plan->parent[at]) {
        out[--k] = ops_trie_node(plan->trie, at)->step;
    }
    return n;
}

/** Adds the pairs of the code that ends at a node. */
static opsig_status add_pairs(struct ops_plan *plan, uint32_t node, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_step steps[OPS_CODE_MAX_STEPS];
    struct ops_shape shape;
    uint8_t same[OPSIG_PATTERN_MAX_VERTICES];
    uint8_t moved[OPSIG_PATTERN_MAX_VERTICES];
    ops_shape_of_code(&shape, (struct ops_code){steps, code_of(plan, node, steps)});
    plan->nodes[node].first_pair = (uint32_t)plan->pairs.len;
    const uint8_t n_vertices = (uint8_t)shape.n_vertices;
    for (uint8_t k = 0; k < n_vertices; k++) {
        same[k] = k;
        for (uint8_t w = (uint8_t)(k + 1); w < n_vertices; w++) {
            memcpy(moved, same, k);
            moved[k] = w;
            if (shape.symbol[w] == shape.symbol[k] &&
                ops_shape_symmetric(&shape, same, moved, k + 1U)) {
                const struct ops_plan_pair pair = {k, w};
                TRY(ops_vec_push(&plan->pairs, pair, err));
            }
        }
    }
    plan->nodes[node].n_pairs = (uint32_t)plan->pairs.len - plan->nodes[node].first_pair;
done:
    return status;
}

/** Fills in the entries of a node, and the parent of its children. */
static opsig_status add_node(struct ops_plan *plan, uint32_t node, opsig_error *err)
{
    const struct ops_trie_node *const at = ops_trie_node(plan->trie, node);
    plan->symbol[node] = at->step.symbol;
    if (node > 0) {
        plan->nodes[node].width =
            plan->nodes[plan->parent[node]].width + (at->step.symbol != OPS_NO_SYMBOL);
    }
    plan->nodes[node].is_end = at->n_values > 0 && !at->is_sequence;
    for (uint32_t c = at->first_child; c < at->first_child + at->n_children; c++) {
        plan->parent[c] = node;
    }
    if (node > 0 && at->subgraphs) {
        add_runs(plan, node);
    }
    return plan->nodes[node].is_end ? add_pairs(plan, node, err) : OPSIG_OK;
}

static opsig_status fill(struct ops_plan *plan, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    memset(plan->root, 0xff, plan->n_symbols * sizeof *plan->root);
    for (uint32_t node = 0; node < plan->n_nodes; node++) {
        TRY(add_node(plan, node, err));
    }
    const struct ops_trie_node *const root = ops_trie_node(plan->trie, 0);
    for (uint32_t c = root->first_child; c < root->first_child + root->n_children; c++) {
        plan->root[plan->symbol[c]] = c;
    }
done:
    return status;
}

opsig_status ops_plan_new(struct ops_plan **out, const struct ops_trie *trie, uint32_t n_symbols,
                          opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = NULL;
    struct ops_plan *plan = ops_mem_zalloc(1, sizeof *plan);
    if (plan == NULL) {
        return ops_error_nomem(err);
    }
    plan->trie = trie;
    plan->n_nodes = ops_trie_n_nodes(trie);
    plan->n_symbols = n_symbols;
    TRY(reserve(plan) ? OPSIG_OK : ops_error_nomem(err));
    TRY(fill(plan, err));
    *out = plan;
    plan = NULL;
done:
    ops_plan_free(plan);
    return status;
}
