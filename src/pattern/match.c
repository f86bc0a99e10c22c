/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Depth first through trie and graph at once: one partial match, a row of vertices, is extended by
 * one step of some code at a time, so codes share the work for their common prefixes, and nothing
 * is allocated but for what is kept. Roots are tried in the order of vertices, and so are
 * neighbours; hence the matches of each code come in ascending order. Before the search, codes with
 * a symbol that the graph lacks are struck out. */
#include "pattern/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ASK_DEADLINE = 4096 }; /* neighbours between two questions */

struct search {
    const struct ops_plan *plan;
    const struct ops_field *field;
    const struct ops_match_options *options;
    ops_found_vec *out;
    uint8_t *alive;   /* by node: may a subgraph be found there or further down? */
    uint64_t *wanted; /* by run: bits of symbols that are looked for (bit_of); 0: do not follow */
    uint64_t *near;   /* by vertex: bits of the symbols of successors, then of predecessors */
    uint8_t *cut;     /* by run: did it reach max_work? */
    uint32_t *work;   /* by run: neighbours looked at */
    uint32_t *found;  /* by node: place in `out` + 1 */
    uint8_t *present; /* by symbol: does a vertex carry it? */
    bool any_cut;
    uint32_t since; /* neighbours looked at since the deadline was asked */
    uint32_t row[OPSIG_PATTERN_MAX_VERTICES];
};

void ops_found_dispose(ops_found_vec *found)
{
    for (size_t i = 0; i < found->len; i++) {
        ops_vec_dispose(&found->items[i].rows);
    }
    ops_vec_dispose(found);
}

/* ---- what is kept ---- */

static opsig_status add_found(struct search *s, uint32_t node, opsig_error *err)
{
    const struct ops_found found = {.node = node, .last_root = UINT32_MAX};
    const opsig_status status = ops_vec_push(s->out, found, err);
    if (status == OPSIG_OK) {
        s->found[node] = (uint32_t)s->out->len;
    }
    return status;
}

/** Is the row the least of those that symmetries of the code take it to? */
static bool is_least(const struct search *s, const struct ops_plan_node *node)
{
    const struct ops_plan_pair *const pairs = ops_vec_from(&s->plan->pairs, node->first_pair);
    for (uint32_t i = 0; i < node->n_pairs; i++) {
        if (s->row[pairs[i].a] > s->row[pairs[i].b]) {
            return false;
        }
    }
    return true;
}

/** Notes that the row is a match of the code that ends at a node. */
static opsig_status note_match(struct search *s, uint32_t node, uint32_t width, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (s->found[node] == 0) {
        TRY(add_found(s, node, err));
    }
    struct ops_found *const found = &s->out->items[s->found[node] - 1];
    found->n_places += found->last_root != s->row[0];
    found->last_root = s->row[0];
    if (!is_least(s, &s->plan->nodes[node])) {
        return OPSIG_OK;
    }
    found->total += found->total < INT64_MAX;
    if (found->n_kept < s->options->max_kept) {
        TRY(ops_vec_reserve(&found->rows, width, err));
        memcpy(found->rows.items + found->rows.len, s->row, width * sizeof *s->row);
        found->rows.len += width;
        found->n_kept++;
    }
done:
    return status;
}

/* ---- the search ---- */

/** Is there an edge with a label, 0 for any? O(log edges that leave `from`) */
static bool has_edge(const struct ops_field *field, uint32_t from, uint32_t to, uint32_t label)
{
    uint32_t low = field->succ_begin[from];
    const uint32_t end = field->succ_begin[from + 1];
    uint32_t high = end;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (field->succ[middle] < to) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < end && field->succ[low] == to; low++) {
        if (label == 0 || (field->in_slot != NULL && field->in_slot[low] == label - 1)) {
            return true;
        }
    }
    return false;
}

/** Takes n neighbours from what a run may look at; false where that is too many. */
static bool charge(struct search *s, uint32_t run, uint32_t n)
{
    if (n > s->options->max_work - s->work[run]) {
        s->wanted[run] = 0;
        s->cut[run] = 1;
        s->any_cut = true;
        return false;
    }
    s->work[run] += n;
    s->since += n;
    return true;
}

static opsig_status ask_deadline(struct search *s, opsig_error *err)
{
    if (s->since < ASK_DEADLINE || s->options->deadline == NULL) {
        return OPSIG_OK;
    }
    s->since = 0;
    return ops_deadline_check(s->options->deadline, err);
}

/** A symbol's bit in a set that many symbols share: most neighbours are passed without a search. */
static inline uint64_t bit_of(uint32_t symbol)
{
    return UINT64_C(1) << (symbol % 64);
}

/** The child of a run that places a symbol, or OPS_TRIE_NONE. */
static uint32_t find_child(const struct search *s, const struct ops_plan_run *run, uint32_t symbol)
{
    const uint32_t *const symbols = s->plan->symbol;
    uint32_t low = run->first_child;
    uint32_t high = low + run->n_children;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (symbols[middle] <= symbol) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return symbols[low] == symbol && s->alive[low] ? low : OPS_TRIE_NONE;
}

static opsig_status arrive(struct search *s, uint32_t node, uint32_t width, opsig_error *err);

static bool is_placed(const struct search *s, uint32_t vertex, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++) {
        if (s->row[i] == vertex) {
            return true;
        }
    }
    return false;
}

/** Puts a vertex behind the row, for each of its symbols that a child of the run has. */
static inline opsig_status place(struct search *s, uint32_t r, uint32_t vertex, uint32_t width,
                                 opsig_error *err)
{
    for (uint32_t layer = 0; layer < s->field->n_layers; layer++) {
        const uint32_t symbol = s->field->symbols[layer][vertex];
        if (symbol == OPS_NO_SYMBOL || (s->wanted[r] & bit_of(symbol)) == 0) {
            continue;
        }
        const uint32_t child = find_child(s, &s->plan->runs[r], symbol);
        if (child != OPS_TRIE_NONE && !is_placed(s, vertex, width)) {
            s->row[width] = vertex;
            const opsig_status status = arrive(s, child, width + 1, err);
            if (status != OPSIG_OK) {
                return status;
            }
        }
    }
    return OPSIG_OK;
}

/** Takes the step of a run that places a vertex: all neighbours of one kind. */
static opsig_status go_forward(struct search *s, uint32_t r, uint32_t width, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_plan_run *const run = &s->plan->runs[r];
    const struct ops_field *const field = s->field;
    const bool out = run->dir == OPS_CODE_OUT;
    const uint32_t at = s->row[run->from];
    const uint32_t *const neighbours = out ? field->succ : field->pred;
    const uint32_t begin = (out ? field->succ_begin : field->pred_begin)[at];
    const uint32_t end = (out ? field->succ_begin : field->pred_begin)[at + 1];
    uint32_t previous = UINT32_MAX;
    /* What is not looked at is charged too: its number follows from this code alone. */
    if (!charge(s, r, end - begin) || (s->near[2 * (size_t)at + !out] & s->wanted[r]) == 0) {
        return OPSIG_OK;
    }
    TRY(ask_deadline(s, err));
    for (uint32_t e = begin; e < end; e++) {
        const uint32_t vertex = neighbours[e];
        if (vertex == previous) {
            continue;
        }
        previous = vertex;
        if (run->label == 0 ||
            has_edge(field, out ? at : vertex, out ? vertex : at, run->label)) {
            TRY(place(s, r, vertex, width, err));
        }
    }
done:
    return status;
}

/** Takes the step of a run that closes a cycle, if the edge is there. */
static opsig_status go_back(struct search *s, uint32_t r, uint32_t width, opsig_error *err)
{
    const struct ops_plan_run *const run = &s->plan->runs[r];
    const bool out = run->dir == OPS_CODE_OUT;
    const uint32_t from = s->row[out ? run->from : run->to];
    const uint32_t to = s->row[out ? run->to : run->from];
    if (!charge(s, r, 1) || !has_edge(s->field, from, to, run->label)) {
        return OPSIG_OK;
    }
    return arrive(s, run->first_child, width, err);
}

/** The row is a match of the code that leads to a node. Recursion is bounded by the length of the
 *  longest code. */
static opsig_status arrive(struct search *s, uint32_t node, uint32_t width, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_plan_node *const at = &s->plan->nodes[node];
    if (at->is_end) {
        TRY(note_match(s, node, width, err));
    }
    for (uint32_t r = at->first_run; r < at->first_run + at->n_runs; r++) {
        if (s->wanted[r] != 0) {
            TRY(s->plan->runs[r].forward ? go_forward(s, r, width, err)
                                         : go_back(s, r, width, err));
        }
    }
done:
    return status;
}

static opsig_status try_roots(struct search *s, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t v = 0; v < s->field->n_vertices; v++) {
        for (uint32_t layer = 0; layer < s->field->n_layers; layer++) {
            const uint32_t symbol = s->field->symbols[layer][v];
            const uint32_t child =
                symbol == OPS_NO_SYMBOL ? OPS_TRIE_NONE : s->plan->root[symbol];
            if (child != OPS_TRIE_NONE && s->alive[child] != 0) {
                s->row[0] = v;
                TRY(arrive(s, child, 1, err));
            }
        }
    }
done:
    return status;
}

/* ---- before and after it ---- */

static void note_present(struct search *s)
{
    for (uint32_t layer = 0; layer < s->field->n_layers; layer++) {
        for (uint32_t v = 0; v < s->field->n_vertices; v++) {
            const uint32_t symbol = s->field->symbols[layer][v];
            if (symbol != OPS_NO_SYMBOL) {
                s->present[symbol] = 1;
            }
        }
    }
}

/** Notes at both ends of each edge what is at the other one. */
static void note_neighbours(struct search *s)
{
    const struct ops_field *const field = s->field;
    for (uint32_t layer = 0; layer < field->n_layers; layer++) {
        const uint32_t *const symbols = field->symbols[layer];
        for (uint32_t v = 0; v < field->n_vertices; v++) {
            const uint64_t own = symbols[v] != OPS_NO_SYMBOL ? bit_of(symbols[v]) : 0;
            for (uint32_t e = field->succ_begin[v]; e < field->succ_begin[v + 1]; e++) {
                const uint32_t to = field->succ[e];
                s->near[2 * (size_t)v] |= symbols[to] != OPS_NO_SYMBOL ? bit_of(symbols[to]) : 0;
                s->near[2 * (size_t)to + 1] |= own;
            }
        }
    }
}

/** Finds the nodes and runs that the graph's symbols leave. Edges of graphs have directions. */
static void strike_out(struct search *s)
{
    for (uint32_t node = s->plan->n_nodes; node-- > 1;) {
        const struct ops_plan_node *const at = &s->plan->nodes[node];
        const uint32_t symbol = s->plan->symbol[node];
        bool alive = at->is_end;
        for (uint32_t r = at->first_run; r < at->first_run + at->n_runs; r++) {
            const struct ops_plan_run *const run = &s->plan->runs[r];
            for (uint32_t c = 0; c < run->n_children && run->dir != OPS_CODE_BOTH; c++) {
                const uint32_t child = run->first_child + c;
                s->wanted[r] |= s->alive[child] != 0 ? bit_of(s->plan->symbol[child]) : 0;
            }
            alive = alive || s->wanted[r] != 0;
        }
        s->alive[node] = alive && (symbol == OPS_NO_SYMBOL || s->present[symbol] != 0);
    }
}

/** Passes cuts on to the codes below them; those of which nothing was found are listed too. */
static opsig_status list_cuts(struct search *s, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint8_t *const is_cut = s->present; /* no longer needed; as long as there are nodes */
    memset(is_cut, 0, s->plan->n_nodes);
    for (uint32_t node = 1; node < s->plan->n_nodes; node++) {
        const struct ops_plan_node *const at = &s->plan->nodes[node];
        for (uint32_t r = at->first_run; r < at->first_run + at->n_runs; r++) {
            const struct ops_plan_run *const run = &s->plan->runs[r];
            for (uint32_t c = 0; c < run->n_children; c++) {
                const uint32_t child = run->first_child + c;
                is_cut[child] = s->alive[child] != 0 && (is_cut[node] | s->cut[r]) != 0;
            }
        }
        if (is_cut[node] != 0 && at->is_end) {
            if (s->found[node] == 0) {
                TRY(add_found(s, node, err));
            }
            s->out->items[s->found[node] - 1].cut = true;
        }
    }
done:
    return status;
}

static int by_node(const void *a, const void *b)
{
    const uint32_t x = ((const struct ops_found *)a)->node;
    const uint32_t y = ((const struct ops_found *)b)->node;
    return (x > y) - (x < y);
}

static bool reserve(struct search *s)
{
    const size_t n_nodes = s->plan->n_nodes;
    const size_t n_symbols = s->plan->n_symbols;
    s->alive = ops_mem_zalloc(n_nodes, sizeof *s->alive);
    s->wanted = ops_mem_zalloc(s->plan->n_runs, sizeof *s->wanted);
    s->near = ops_mem_zalloc(s->field->n_vertices, 2 * sizeof *s->near);
    s->cut = ops_mem_zalloc(s->plan->n_runs, sizeof *s->cut);
    s->work = ops_mem_zalloc(s->plan->n_runs, sizeof *s->work);
    s->found = ops_mem_zalloc(n_nodes, sizeof *s->found);
    s->present = ops_mem_zalloc(n_nodes > n_symbols ? n_nodes : n_symbols, sizeof *s->present);
    return s->alive != NULL && s->wanted != NULL && s->near != NULL && s->cut != NULL &&
           s->work != NULL && s->found != NULL && s->present != NULL;
}

static void dispose(struct search *s)
{
    ops_mem_free(s->alive);
    ops_mem_free(s->wanted);
    ops_mem_free(s->near);
    ops_mem_free(s->cut);
    ops_mem_free(s->work);
    ops_mem_free(s->found);
    ops_mem_free(s->present);
}

opsig_status ops_match(const struct ops_plan *plan, const struct ops_field *field,
                       const struct ops_match_options *options, ops_found_vec *out,
                       opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct search s = {.plan = plan, .field = field, .options = options, .out = out};
    if (!ops_trie_node(plan->trie, 0)->subgraphs) {
        return OPSIG_OK;
    }
    TRY(reserve(&s) ? OPSIG_OK : ops_error_nomem(err));
    note_present(&s);
    note_neighbours(&s);
    strike_out(&s);
    TRY(try_roots(&s, err));
    TRY(s.any_cut ? list_cuts(&s, err) : OPSIG_OK);
    if (out->len > 1) {
        qsort(out->items, out->len, sizeof *out->items, by_node);
    }
done:
    dispose(&s);
    return status;
}
