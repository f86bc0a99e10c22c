/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequences that share a block of more than three symbols share a run of four. No two kept ones do,
 * so a run of four belongs to at most one of them: its owner is found by a look into a table. What
 * is still to be taken is a heap. Each replacement leaves fewer symbols than there were, so there
 * is an end. */
#include "hypothesis/reduce.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "hypothesis/blocks.h"

enum { RUN = OPS_REDUCE_LONGER_THAN + 1 };

static const uint32_t NOBODY = UINT32_MAX;

struct reduction {
    uint32_t n_symbols;
    OPS_VEC(struct ops_word) heap; /* the least one first */
    OPS_VEC(struct ops_word) kept; /* n == 0: taken back */
    struct ops_intern *runs;
    OPS_VEC(uint32_t) owners; /* by run: among the kept */
    struct ops_blocks matcher;
    uint64_t *places; /* for second strings */
    size_t n_places;
};

int ops_word_compare(const void *a, const void *b)
{
    const struct ops_word *const x = a;
    const struct ops_word *const y = b;
    const uint32_t n = x->n < y->n ? x->n : y->n;
    for (uint32_t i = 0; i < n; i++) {
        if (x->symbols[i] != y->symbols[i]) {
            return x->symbols[i] < y->symbols[i] ? -1 : 1;
        }
    }
    return (x->n > y->n) - (x->n < y->n);
}

static bool is_less(const struct ops_word *a, const struct ops_word *b)
{
    return ops_word_compare(a, b) < 0;
}

static void swap(struct ops_word *a, struct ops_word *b)
{
    const struct ops_word kept = *a;
    *a = *b;
    *b = kept;
}

static opsig_status push(struct reduction *r, struct ops_word sequence, opsig_error *err)
{
    const opsig_status status = ops_vec_push(&r->heap, sequence, err);
    struct ops_word *const heap = r->heap.items;
    for (size_t i = r->heap.len - 1; status == OPSIG_OK && i > 0; i = (i - 1) / 2) {
        if (!is_less(&heap[i], &heap[(i - 1) / 2])) {
            break;
        }
        swap(&heap[i], &heap[(i - 1) / 2]);
    }
    return status;
}

static struct ops_word pop(struct reduction *r)
{
    struct ops_word *const heap = r->heap.items;
    const struct ops_word least = heap[0];
    const size_t n = --r->heap.len;
    heap[0] = heap[n];
    for (size_t i = 0, child = 1; child < n; i = child, child = 2 * i + 1) {
        if (child + 1 < n && is_less(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!is_less(&heap[child], &heap[i])) {
            break;
        }
        swap(&heap[child], &heap[i]);
    }
    return least;
}

/** Takes the least sequence, all copies of it. */
static struct ops_word pop_all(struct reduction *r)
{
    const struct ops_word least = pop(r);
    while (r->heap.len > 0 && ops_word_compare(&r->heap.items[0], &least) == 0) {
        (void)pop(r);
    }
    return least;
}

/** The number of the run that begins at i. */
static opsig_status find_run(struct reduction *r, const struct ops_word *sequence, uint32_t i,
                             uint32_t *out, opsig_error *err)
{
    const opsig_status status = ops_intern_put(
        r->runs, (const char *)(sequence->symbols + i), RUN * sizeof *sequence->symbols, out, err);
    if (status == OPSIG_OK && *out == r->owners.len) {
        return ops_vec_push(&r->owners, (uint32_t)NOBODY, err);
    }
    return status;
}

/** Makes `owner` the owner of all runs of a sequence. */
static opsig_status own(struct reduction *r, const struct ops_word *sequence, uint32_t owner,
                        opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; i + RUN <= sequence->n; i++) {
        uint32_t run;
        TRY(find_run(r, sequence, i, &run, err));
        r->owners.items[run] = owner;
    }
done:
    return status;
}

/** The least of the kept sequences that own a run of this one; NOBODY: there is none. */
static opsig_status find_partner(struct reduction *r, const struct ops_word *sequence,
                                 uint32_t *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = NOBODY;
    for (uint32_t i = 0; i + RUN <= sequence->n; i++) {
        uint32_t run;
        TRY(find_run(r, sequence, i, &run, err));
        const uint32_t owner = r->owners.items[run];
        if (owner != NOBODY &&
            (*out == NOBODY || is_less(&r->kept.items[owner], &r->kept.items[*out]))) {
            *out = owner;
        }
    }
done:
    return status;
}

/** Finds the long blocks of two sequences. */
static opsig_status match(struct reduction *r, const struct ops_word *first,
                          const struct ops_word *second, opsig_error *err)
{
    struct ops_second ready;
    const size_t n_places = (size_t)r->n_symbols * ops_second_words(second->n);
    if (n_places > r->n_places) {
        ops_mem_free(r->places);
        r->places = ops_mem_zalloc(n_places, sizeof *r->places);
        r->n_places = r->places != NULL ? n_places : 0;
    }
    if (r->places == NULL) {
        return ops_error_nomem(err);
    }
    ops_second_init(&ready, second->symbols, second->n, r->places);
    const opsig_status status =
        ops_blocks_find(&r->matcher, first->symbols, first->n, &ready, RUN, err);
    for (uint32_t j = 0; j < second->n; j++) {
        memset(r->places + (size_t)second->symbols[j] * ready.n_words, 0,
               ready.n_words * sizeof *r->places);
    }
    return status;
}

/** Puts the blocks of a sequence and its partner in the place of both. */
static opsig_status replace(struct reduction *r, const struct ops_word *sequence,
                            uint32_t partner, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_word other = r->kept.items[partner];
    const bool is_first = is_less(sequence, &other);
    const struct ops_word *const first = is_first ? sequence : &other;
    TRY(match(r, first, is_first ? &other : sequence, err));
    TRY(own(r, &other, NOBODY, err));
    r->kept.items[partner].n = 0;
    for (size_t k = 0; k < r->matcher.blocks.len; k++) {
        const struct ops_block *const block = &r->matcher.blocks.items[k];
        const struct ops_word part = {.symbols = first->symbols + block->a, .n = block->n};
        TRY(push(r, part, err));
    }
done:
    return status;
}

static opsig_status reduce_all(struct reduction *r, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    while (r->heap.len > 0) {
        const struct ops_word sequence = pop_all(r);
        uint32_t partner;
        TRY(find_partner(r, &sequence, &partner, err));
        if (partner != NOBODY) {
            TRY(replace(r, &sequence, partner, err));
        } else {
            TRY(own(r, &sequence, (uint32_t)r->kept.len, err));
            TRY(ops_vec_push(&r->kept, sequence, err));
        }
    }
done:
    return status;
}

opsig_status ops_reduce(struct ops_reduced *out, const struct ops_word *sequences, size_t n,
                        uint32_t n_symbols, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct reduction r = {.n_symbols = n_symbols};
    out->len = 0;
    TRY(ops_intern_new(&r.runs, err));
    for (size_t i = 0; i < n; i++) {
        TRY(push(&r, sequences[i], err));
    }
    TRY(reduce_all(&r, err));
    for (size_t i = 0; i < r.kept.len; i++) {
        if (r.kept.items[i].n > 0) {
            TRY(ops_vec_push(out, r.kept.items[i], err));
        }
    }
    if (out->len > 1) {
        qsort(out->items, out->len, sizeof *out->items, ops_word_compare);
    }
done:
    ops_vec_dispose(&r.heap);
    ops_vec_dispose(&r.kept);
    ops_intern_free(r.runs);
    ops_vec_dispose(&r.owners);
    ops_blocks_dispose(&r.matcher);
    ops_mem_free(r.places);
    return status;
}
