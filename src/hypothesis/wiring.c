/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A swap is its own inverse and is proposed with the same chance, so the chain's stationary
 * distribution is uniform over what it can reach, and that is everything: of an alternating cycle
 * of edges that two graphs differ in, take the source that is last in the order. Whatever it
 * leads to, all other sources of the cycle may lead to as well, so a chord to that target is
 * never forbidden, and either one swap in one of the graphs along this chord makes them differ
 * less, or the chord cuts off a shorter cycle with the same source (docs/hypothesis.md has the
 * argument in full). */
#include "hypothesis/wiring.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

/** Reads one model's slots: [begin, end). */
struct span {
    uint32_t begin, end;
};

void ops_wiring_free(struct ops_wiring *wiring)
{
    if (wiring == NULL) {
        return;
    }
    ops_mem_free(wiring->begin);
    ops_mem_free(wiring->source);
    ops_mem_free(wiring->target);
    ops_mem_free(wiring->rank);
    ops_mem_free(wiring);
}

static bool has_symbol(const struct ops_field *field, uint32_t v)
{
    return field->symbols[0][v] != OPS_NO_SYMBOL;
}

/** Copies the edges that count; targets of a vertex ascend, so equal ones are neighbours. */
static void take_edges(struct ops_wiring *wiring)
{
    const struct ops_field *const field = &wiring->original->field;
    uint32_t n = 0;
    for (uint32_t v = 0; v < field->n_vertices; v++) {
        wiring->begin[v] = n;
        for (uint32_t e = field->succ_begin[v]; e < field->succ_begin[v + 1]; e++) {
            const uint32_t w = field->succ[e];
            const bool again = e > field->succ_begin[v] && field->succ[e - 1] == w;
            if (!again && has_symbol(field, v) && has_symbol(field, w)) {
                wiring->source[n] = v;
                wiring->target[n++] = w;
            }
        }
    }
    wiring->begin[field->n_vertices] = n;
}

/** Ranks v behind everything that follows from it, depth first. `next` counts the vertices without
 *  rank. @param stack, edge  room for all vertices: the way from the root, and where it stands */
static void rank_from(struct ops_wiring *wiring, uint32_t root, uint32_t *next, uint32_t *stack,
                      uint32_t *edge)
{
    uint32_t depth = 0;
    stack[0] = root;
    edge[0] = wiring->begin[root];
    while (true) {
        const uint32_t v = stack[depth];
        if (edge[depth] == wiring->begin[v + 1]) {
            wiring->rank[v] = --*next;
            if (depth-- == 0) {
                return;
            }
            continue;
        }
        const uint32_t w = wiring->target[edge[depth]++];
        if (wiring->rank[w] == UINT32_MAX) {
            depth++;
            stack[depth] = w;
            edge[depth] = wiring->begin[w];
        }
    }
}

/** Ranks all vertices: their own order wherever that is topological. */
static opsig_status rank_vertices(struct ops_wiring *wiring, opsig_error *err)
{
    const uint32_t n = wiring->original->field.n_vertices;
    uint32_t *const stack = ops_mem_zalloc((size_t)n + 1, 2 * sizeof *stack);
    uint32_t next = n;
    if (stack == NULL) {
        return ops_error_nomem(err);
    }
    memset(wiring->rank, 0xff, n * sizeof *wiring->rank);
    for (uint32_t v = n; v-- > 0;) {
        if (wiring->rank[v] == UINT32_MAX) {
            rank_from(wiring, v, &next, stack, stack + n + 1);
        }
    }
    ops_mem_free(stack);
    return OPSIG_OK;
}

opsig_status ops_wiring_new(struct ops_wiring **out, const struct ops_mine_field *field,
                            opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_wiring *wiring = ops_mem_zalloc(1, sizeof *wiring);
    const size_t n = field->field.n_vertices;
    const size_t n_edges = field->field.succ_begin[n];
    *out = NULL;
    if (wiring == NULL) {
        return ops_error_nomem(err);
    }
    wiring->original = field;
    wiring->begin = ops_mem_zalloc(n + 1, sizeof *wiring->begin);
    wiring->source = ops_mem_zalloc(n_edges, sizeof *wiring->source);
    wiring->target = ops_mem_zalloc(n_edges, sizeof *wiring->target);
    wiring->rank = ops_mem_zalloc(n, sizeof *wiring->rank);
    if (wiring->begin == NULL || wiring->source == NULL || wiring->target == NULL ||
        wiring->rank == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    take_edges(wiring);
    TRY(rank_vertices(wiring, err));
    wiring->field = *field;
    wiring->field.succ_begin = wiring->begin;
    wiring->field.succ = wiring->target;
    wiring->field.field.succ_begin = wiring->begin;
    wiring->field.field.succ = wiring->target;
    *out = wiring;
    wiring = NULL;
done:
    ops_wiring_free(wiring);
    return status;
}

static bool has_edge(const struct ops_wiring *wiring, uint32_t v, uint32_t w)
{
    for (uint32_t e = wiring->begin[v]; e < wiring->begin[v + 1]; e++) {
        if (wiring->target[e] == w) {
            return true;
        }
    }
    return false;
}

/** May the slots exchange their targets? */
static bool may_swap(const struct ops_wiring *wiring, uint32_t e, uint32_t f)
{
    const uint32_t a = wiring->source[e];
    const uint32_t b = wiring->target[e];
    const uint32_t c = wiring->source[f];
    const uint32_t d = wiring->target[f];
    return a != c && b != d && wiring->rank[a] < wiring->rank[d] &&
           wiring->rank[c] < wiring->rank[b] && !has_edge(wiring, a, d) &&
           !has_edge(wiring, c, b);
}

/** Runs the chain of one model; returns the number of swaps. */
static uint64_t shuffle(struct ops_wiring *wiring, struct span slots, uint64_t seed,
                        uint64_t stream, uint32_t tries)
{
    const uint32_t n = slots.end - slots.begin;
    uint64_t n_swaps = 0;
    for (uint64_t k = 0; n > 1 && k < (uint64_t)n * tries; k++) {
        const uint64_t bits = ops_rng_u64(seed, stream, k);
        const uint32_t e = slots.begin + (uint32_t)((bits >> 32) * n >> 32);
        const uint32_t f = slots.begin + (uint32_t)((bits & UINT32_MAX) * n >> 32);
        if (may_swap(wiring, e, f)) {
            const uint32_t kept = wiring->target[e];
            wiring->target[e] = wiring->target[f];
            wiring->target[f] = kept;
            n_swaps++;
        }
    }
    return n_swaps;
}

/** Edges of vertex v in the original that the wiring has as well. */
static uint32_t count_kept(const struct ops_wiring *wiring, uint32_t v)
{
    const struct ops_field *const field = &wiring->original->field;
    uint32_t kept = 0;
    for (uint32_t e = field->succ_begin[v]; e < field->succ_begin[v + 1]; e++) {
        const bool again = e > field->succ_begin[v] && field->succ[e - 1] == field->succ[e];
        kept += !again && has_edge(wiring, v, field->succ[e]);
    }
    return kept;
}

struct ops_rewired ops_wiring_draw(struct ops_wiring *wiring, uint64_t seed, uint32_t j,
                                   uint32_t tries)
{
    const struct ops_mine_field *const field = wiring->original;
    const uint32_t n_vertices = field->field.n_vertices;
    struct ops_rewired rewired = {.n_edges = wiring->begin[n_vertices]};
    take_edges(wiring);
    for (uint32_t m = 0; m < field->n_models; m++) {
        const struct span slots = {wiring->begin[field->first_vertex[m]],
                                   wiring->begin[field->first_vertex[m + 1]]};
        rewired.n_swaps +=
            shuffle(wiring, slots, seed, (uint64_t)j * field->n_models + m, tries);
    }
    for (uint32_t v = 0; v < n_vertices; v++) {
        rewired.n_kept += count_kept(wiring, v);
    }
    return rewired;
}
