/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trie is built from sorted codes: codes with a common prefix are neighbours, so one pass
 * over them, level by level, gives each node its children as one run. */
#include "pattern/trie.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

struct entry {
    struct ops_code code;
    uint32_t value;
};

/** A run of entries that share the node's prefix. */
struct run {
    size_t begin, end;
};

struct ops_trie {
    struct ops_arena steps;
    OPS_VEC(struct entry) entries;
    OPS_VEC(struct ops_trie_node) nodes;
    OPS_VEC(uint32_t) values;
};

opsig_status ops_trie_new(struct ops_trie **out, opsig_error *err)
{
    *out = ops_mem_zalloc(1, sizeof **out);
    if (*out == NULL) {
        return ops_error_nomem(err);
    }
    ops_arena_init(&(*out)->steps, UINT64_MAX);
    return OPSIG_OK;
}

void ops_trie_free(struct ops_trie *trie)
{
    if (trie == NULL) {
        return;
    }
    ops_arena_dispose(&trie->steps);
    ops_vec_dispose(&trie->entries);
    ops_vec_dispose(&trie->nodes);
    ops_vec_dispose(&trie->values);
    ops_mem_free(trie);
}

opsig_status ops_trie_add(struct ops_trie *trie, struct ops_code code, uint32_t value,
                          opsig_error *err)
{
    struct ops_step *steps = ops_arena_zalloc(&trie->steps, code.n_steps, sizeof *steps);
    if (steps == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(steps, code.steps, code.n_steps * sizeof *steps);
    struct entry entry = {{steps, code.n_steps}, value};
    return ops_vec_push(&trie->entries, entry, err);
}

/** Total order of steps: by place first, so that sequence steps ascend by symbol. */
static int compare_steps(struct ops_step a, struct ops_step b)
{
    const uint32_t x[] = {a.from, a.to, a.dir, a.label, a.symbol};
    const uint32_t y[] = {b.from, b.to, b.dir, b.label, b.symbol};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    for (size_t k = 0; k < x->code.n_steps && k < y->code.n_steps; k++) {
        int order = compare_steps(x->code.steps[k], y->code.steps[k]);
        if (order != 0) {
            return order;
        }
    }
    if (x->code.n_steps != y->code.n_steps) {
        return x->code.n_steps < y->code.n_steps ? -1 : 1;
    }
    return (x->value > y->value) - (x->value < y->value);
}

/** Moves the codes that end at the node, the first of its run, into its values. */
static opsig_status take_values(struct ops_trie *trie, struct ops_trie_node *node,
                                struct run *run, size_t depth, opsig_error *err)
{
    node->first_value = (uint32_t)trie->values.len;
    while (run->begin < run->end && trie->entries.items[run->begin].code.n_steps == depth) {
        if (ops_vec_push(&trie->values, trie->entries.items[run->begin].value, err) != OPSIG_OK) {
            return OPSIG_NOMEM;
        }
        run->begin++;
        node->n_values++;
    }
    return OPSIG_OK;
}

typedef OPS_VEC(struct run) run_vec;

/** Splits a node's run into its children, which are appended with their runs. */
static opsig_status add_children(struct ops_trie *trie, uint32_t parent, struct run run,
                                 size_t depth, run_vec *runs, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    trie->nodes.items[parent].first_child = (uint32_t)trie->nodes.len;
    while (run.begin < run.end) {
        struct ops_step step = trie->entries.items[run.begin].code.steps[depth];
        size_t end = run.begin;
        while (end < run.end &&
               ops_step_equal(step, trie->entries.items[end].code.steps[depth])) {
            end++;
        }
        struct ops_trie_node node = {
            .step = step,
            .is_sequence = trie->nodes.items[parent].is_sequence &&
                           ops_step_equal(step, ops_code_sequence_step(depth, step.symbol))};
        struct run child = {run.begin, end};
        TRY(ops_vec_push(&trie->nodes, node, err));
        TRY(ops_vec_push(runs, child, err));
        trie->nodes.items[parent].n_children++;
        run.begin = end;
    }
done:
    return status;
}

/** Gives the nodes from `begin` to `end`, all `depth` steps from the root, values and children. */
static opsig_status seal_level(struct ops_trie *trie, run_vec *runs, uint32_t begin, uint32_t end,
                               size_t depth, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = begin; i < end; i++) {
        TRY(take_values(trie, &trie->nodes.items[i], &runs->items[i], depth, err));
        TRY(add_children(trie, i, runs->items[i], depth, runs, err));
    }
done:
    return status;
}

/** Tells each node what its children lead to, the last first. */
static void mark_kinds(struct ops_trie *trie)
{
    for (size_t i = trie->nodes.len; i-- > 0;) {
        struct ops_trie_node *const node = &trie->nodes.items[i];
        for (uint32_t c = node->first_child; c < node->first_child + node->n_children; c++) {
            const struct ops_trie_node *const child = &trie->nodes.items[c];
            const bool is_end = child->n_values > 0;
            node->sequences |= child->sequences || (is_end && child->is_sequence);
            node->subgraphs |= child->subgraphs || (is_end && !child->is_sequence);
        }
    }
}

opsig_status ops_trie_seal(struct ops_trie *trie, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    run_vec runs = {NULL, 0, 0};
    if (trie->entries.len > 1) {
        qsort(trie->entries.items, trie->entries.len, sizeof *trie->entries.items,
              compare_entries);
    }
    struct ops_trie_node root = {.step = {.symbol = 0}, .is_sequence = true};
    struct run all = {0, trie->entries.len};
    TRY(ops_vec_push(&trie->nodes, root, err));
    TRY(ops_vec_push(&runs, all, err));
    size_t begin = 0;
    for (size_t depth = 0; begin < trie->nodes.len; depth++) {
        size_t end = trie->nodes.len;
        TRY(seal_level(trie, &runs, (uint32_t)begin, (uint32_t)end, depth, err));
        begin = end;
    }
    mark_kinds(trie);
done:
    ops_vec_dispose(&runs);
    return status;
}

const struct ops_trie_node *ops_trie_node(const struct ops_trie *trie, uint32_t node)
{
    return &trie->nodes.items[node];
}

uint32_t ops_trie_n_nodes(const struct ops_trie *trie)
{
    return (uint32_t)trie->nodes.len;
}

const uint32_t *ops_trie_values(const struct ops_trie *trie, uint32_t node)
{
    return ops_vec_from(&trie->values, trie->nodes.items[node].first_value);
}

uint32_t ops_trie_sequence_child(const struct ops_trie *trie, uint32_t node, size_t depth,
                                 uint32_t symbol)
{
    struct ops_step wanted = ops_code_sequence_step(depth, symbol);
    uint32_t low = trie->nodes.items[node].first_child;
    uint32_t end = low + trie->nodes.items[node].n_children;
    uint32_t high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_steps(trie->nodes.items[middle].step, wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < end && ops_step_equal(trie->nodes.items[low].step, wanted);
    return found ? low : OPS_TRIE_NONE;
}
