/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lazy form of the greedy algorithm (Minoux, Optimization Techniques, 1978). What a set adds
 * can only fall as others are taken, so the value that it had when last computed bounds what it
 * adds now. A heap holds the sets by that bound; the one on top is computed anew until one stays
 * there, which is the choice of the plain algorithm. Rounding does not disturb this: sums of fewer
 * or smaller terms in the same order never round to more. */
#include "hypothesis/cover.h"

#include <stdbool.h>
#include <string.h>

#include "base/deadline.h"
#include "base/mem.h"

struct candidate {
    double bound;
    uint32_t set;
    size_t round; /* in which the bound was computed */
};

struct greedy {
    const struct ops_cover *cover;
    bool *taken; /* by element */
    struct candidate *heap;
    size_t n_heap;
    struct ops_deadline deadline;
};

/** Adds up what a set adds now. */
static double evaluate(const struct greedy *greedy, uint32_t set, struct ops_cover_step *out)
{
    const struct ops_cover *const cover = greedy->cover;
    *out = (struct ops_cover_step){.set = set};
    for (size_t i = cover->begin[set]; i < cover->begin[set + 1]; i++) {
        const uint32_t element = cover->elements[i];
        if (!greedy->taken[element]) {
            out->n_newly++;
            out->weight[cover->class_of[element]] += cover->weight[element];
        }
    }
    double value = 0;
    for (uint32_t c = 0; c < cover->n_classes; c++) {
        value += (double)out->weight[c] * cover->unit[c];
    }
    return value;
}

static bool comes_before(struct candidate a, struct candidate b)
{
    return a.bound > b.bound || (!(a.bound < b.bound) && a.set < b.set);
}

/** Lets the candidate at `i` sink to its place. */
static void sink(struct greedy *greedy, size_t i)
{
    const struct candidate sinking = greedy->heap[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < greedy->n_heap &&
            comes_before(greedy->heap[child + 1], greedy->heap[child])) {
            child++;
        }
        if (child >= greedy->n_heap || !comes_before(greedy->heap[child], sinking)) {
            break;
        }
        greedy->heap[i] = greedy->heap[child];
        i = child;
    }
    greedy->heap[i] = sinking;
}

static opsig_status start(struct greedy *greedy, opsig_error *err)
{
    const struct ops_cover *const cover = greedy->cover;
    greedy->taken = ops_mem_zalloc(cover->n_elements, sizeof *greedy->taken);
    greedy->heap = ops_mem_zalloc(cover->n_sets, sizeof *greedy->heap);
    if (greedy->taken == NULL || greedy->heap == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t set = 0; set < cover->n_sets; set++) {
        struct ops_cover_step step;
        const opsig_status status = ops_deadline_check(&greedy->deadline, err);
        if (status != OPSIG_OK) {
            return status;
        }
        greedy->heap[set] = (struct candidate){evaluate(greedy, set, &step), set, 0};
    }
    greedy->n_heap = cover->n_sets;
    for (size_t i = greedy->n_heap / 2; i-- > 0;) {
        sink(greedy, i);
    }
    return OPSIG_OK;
}

/** Brings the best set of this round to the top, and what it adds into *out. */
static opsig_status find_best(struct greedy *greedy, size_t round, struct ops_cover_step *out,
                              opsig_error *err)
{
    for (;;) {
        const opsig_status status = ops_deadline_check(&greedy->deadline, err);
        if (status != OPSIG_OK) {
            return status;
        }
        struct candidate *const top = &greedy->heap[0];
        const bool fresh = top->round == round;
        top->bound = evaluate(greedy, top->set, out);
        top->round = round;
        if (fresh) {
            return OPSIG_OK;
        }
        sink(greedy, 0);
    }
}

/** Marks the elements of the set on top as taken, and drops the set. */
static void take_top(struct greedy *greedy)
{
    const struct ops_cover *const cover = greedy->cover;
    const uint32_t set = greedy->heap[0].set;
    for (size_t i = cover->begin[set]; i < cover->begin[set + 1]; i++) {
        greedy->taken[cover->elements[i]] = true;
    }
    greedy->heap[0] = greedy->heap[--greedy->n_heap];
    sink(greedy, 0);
}

opsig_status ops_cover_greedily(ops_cover_steps *out, const struct ops_cover *cover,
                                size_t max_steps, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct greedy greedy = {.cover = cover};
    ops_deadline_start(&greedy.deadline, 0, cover->cancel);
    TRY(start(&greedy, err));
    while (out->len < max_steps && greedy.n_heap > 0) {
        struct ops_cover_step step;
        TRY(find_best(&greedy, out->len, &step, err));
        if (step.n_newly == 0) {
            break;
        }
        TRY(ops_vec_push(out, step, err));
        take_top(&greedy);
    }
done:
    ops_mem_free(greedy.taken);
    ops_mem_free(greedy.heap);
    return status;
}
