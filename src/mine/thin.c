/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern grows at its rightmost path only, so of an embedding two things matter for what it can
 * still become: the vertices on that path, and that those off it are taken. Of the embeddings of a
 * model that share the path it is therefore enough to keep so many that, whichever q vertices the
 * edges to come may take, one is kept that avoids them if any did: a q-representative family of the
 * sets of b vertices off the path. Adding a set only where some q vertices hit all sets kept so far
 * and miss it gives at most (b+q choose b) of them (Bollobas 1965, in Frankl's skew form of 1982):
 * ten at most for five edges, where a vertex with 40 alike neighbours has 40^4 embeddings.
 *
 *      Split with 40 x Unsqueeze      path: Split, the Unsqueeze placed last
 *                                     off it: the others; a few ways to choose them suffice */
#include <stdlib.h>

#include "mine/growth_inside.h"

enum { MOST_BRANCHES = 4096 };

/** A row that is dropped has this for its first vertex. */
#define DROPPED UINT32_MAX

struct thinning {
    uint32_t *rows; /* on the stack */
    uint32_t width, n_more;
    uint32_t n_on, n_off;
    uint8_t on[OPSIG_PATTERN_MAX_VERTICES], off[OPSIG_PATTERN_MAX_VERTICES]; /* positions */
    const uint32_t *kept; /* rows of the group at hand that are kept */
    uint32_t n_kept;
};

static const uint32_t *row_at(const struct thinning *t, uint32_t row)
{
    return t->rows + (size_t)row * t->width;
}

static int compare_paths(const struct thinning *t, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < t->n_on; i++) {
        const uint32_t x = row_at(t, a)[t->on[i]];
        const uint32_t y = row_at(t, b)[t->on[i]];
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return 0;
}

static int compare_rows(const void *a, const void *b, void *payload)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    const int order = compare_paths(payload, x, y);
    return order != 0 ? order : (x > y) - (x < y);
}

/** Is this vertex among those that the row has off the path? */
static bool takes(const struct thinning *t, uint32_t row, uint32_t vertex)
{
    for (uint32_t i = 0; i < t->n_off; i++) {
        if (row_at(t, row)[t->off[i]] == vertex) {
            return true;
        }
    }
    return false;
}

static bool is_hit(const struct thinning *t, uint32_t row, const uint32_t *hits, uint32_t n_hits)
{
    for (uint32_t i = 0; i < n_hits; i++) {
        if (takes(t, row, hits[i])) {
            return true;
        }
    }
    return false;
}

/** Are there vertices, at most n_more with these, that hit every row kept and miss this one?
 *  Recursion is bounded by n_more. */
static bool is_needed(const struct thinning *t, uint32_t row, uint32_t *hits, uint32_t n_hits)
{
    uint32_t i = 0;
    while (i < t->n_kept && is_hit(t, t->kept[i], hits, n_hits)) {
        i++;
    }
    if (i == t->n_kept || n_hits == t->n_more) {
        return i == t->n_kept;
    }
    for (uint32_t k = 0; k < t->n_off; k++) {
        const uint32_t vertex = row_at(t, t->kept[i])[t->off[k]];
        hits[n_hits] = vertex;
        if (!takes(t, row, vertex) && is_needed(t, row, hits, n_hits + 1)) {
            return true;
        }
    }
    return false;
}

/** Thins one group, order[0 ... n-1]; the first rows of `order` become those that are kept. */
static void thin_group(struct thinning *t, uint32_t *order, uint32_t n)
{
    uint32_t hits[OPSIG_PATTERN_MAX_VERTICES];
    t->kept = order;
    t->n_kept = 1;
    for (uint32_t i = 1; i < n; i++) {
        if (is_needed(t, order[i], hits, 0)) {
            order[t->n_kept++] = order[i];
        } else {
            t->rows[(size_t)order[i] * t->width] = DROPPED;
        }
    }
}

/** Thins the rows of one model, [from, to). */
static void thin_model(struct thinning *t, uint32_t *order, uint32_t from, uint32_t to)
{
    const uint32_t n = to - from;
    for (uint32_t i = 0; i < n; i++) {
        order[i] = from + i;
    }
    qsort_r(order, n, sizeof *order, compare_rows, t);
    uint32_t begin = 0;
    while (begin < n) {
        uint32_t end = begin + 1;
        while (end < n && compare_paths(t, order[begin], order[end]) == 0) {
            end++;
        }
        thin_group(t, order + begin, end - begin);
        begin = end;
    }
}

/** Moves the rows that are left together; returns their number. */
static uint32_t close_ranks(struct thinning *t, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t row = 0; row < n; row++) {
        const uint32_t *from = row_at(t, row);
        if (from[0] == DROPPED) {
            continue;
        }
        for (uint32_t i = 0; i < t->width; i++) {
            t->rows[(size_t)kept * t->width + i] = from[i];
        }
        kept++;
    }
    return kept;
}

static void sort_positions(struct thinning *t, const struct ops_growth_pattern *pattern)
{
    for (uint32_t i = 0; i < pattern->n_vertices; i++) {
        if (pattern->path >> i & 1) {
            t->on[t->n_on++] = (uint8_t)i;
        } else {
            t->off[t->n_off++] = (uint8_t)i;
        }
    }
}

/** Is there something to gain, and few ways to choose n_more vertices? */
static bool is_worthwhile(const struct thinning *t)
{
    uint32_t branches = 1;
    for (uint32_t i = 0; i < t->n_more && branches <= MOST_BRANCHES; i++) {
        branches *= t->n_off;
    }
    return t->n_off > 0 && branches <= MOST_BRANCHES;
}

opsig_status ops_growth_thin(struct ops_growth *growth, struct ops_growth_pattern *pattern,
                             size_t rows, uint32_t n_more, opsig_error *err)
{
    const uint32_t *model_of = growth->network->model_of;
    struct thinning t = {.rows = growth->stack.items + rows,
                         .width = pattern->n_vertices,
                         .n_more = n_more};
    sort_positions(&t, pattern);
    if (!is_worthwhile(&t)) {
        return OPSIG_OK;
    }
    growth->order.len = 0;
    const opsig_status status = ops_vec_reserve(&growth->order, pattern->n, err);
    if (status != OPSIG_OK) {
        return status;
    }
    bool thinned = false;
    for (uint32_t from = 0, to = 0; from < pattern->n; from = to) {
        const uint32_t model = model_of[row_at(&t, from)[0]];
        for (to = from + 1; to < pattern->n && model_of[row_at(&t, to)[0]] == model;) {
            to++;
        }
        if (to - from > 1) {
            thin_model(&t, growth->order.items, from, to);
            thinned = true;
        }
    }
    if (thinned) {
        pattern->n = close_ranks(&t, pattern->n);
        growth->stack.len = rows + (size_t)pattern->n * t.width;
    }
    return OPSIG_OK;
}
