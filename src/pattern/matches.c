/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From projections back to paths. A projection's vertex may be a dead end: reached, but not
 * leading to the end of the sequence. One pass from the last level to the first counts, for each
 * vertex, the paths that go on from it to the end; a vertex that counts 0 is dead. Paths are then
 * written out in vertex order, never entering a dead end, so the cost is that of the output. */
#include "pattern/project.h"

#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

/** A level sorted by vertex, with the number of ways to the end of the sequence. */
struct counted {
    uint32_t *vertices;
    uint64_t *ways;
    size_t n;
};

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;
    return sum > INT64_MAX ? INT64_MAX : sum;
}

/** Ways from a vertex of the level to the end; 0 where it is not in the level. */
static uint64_t ways_of(const struct counted *level, uint32_t vertex)
{
    size_t found = ops_find_u32(level->vertices, level->n, vertex);
    return found == SIZE_MAX ? 0 : level->ways[found];
}

/** Ways from v through its successors in the next level; parallel edges count once. */
static uint64_t ways_through(const struct ops_field *field, uint32_t v, const struct counted *next)
{
    uint64_t ways = 0;
    for (uint32_t e = field->succ_begin[v]; e < field->succ_begin[v + 1]; e++) {
        if (e == field->succ_begin[v] || field->succ[e] != field->succ[e - 1]) {
            ways = add_saturating(ways, ways_of(next, field->succ[e]));
        }
    }
    return ways;
}

/** Sorts one level and counts; `next` is NULL for the last. */
static opsig_status count_level(struct counted *out, const struct ops_field *field,
                                struct ops_level level, const struct counted *next,
                                opsig_error *err)
{
    out->n = level.n;
    out->vertices = ops_mem_dup(level.vertices, level.n * sizeof *out->vertices);
    out->ways = ops_mem_zalloc(level.n, sizeof *out->ways);
    if (out->vertices == NULL || out->ways == NULL) {
        return ops_error_nomem(err);
    }
    ops_sort_u32(out->vertices, out->n);
    for (size_t i = 0; i < out->n; i++) {
        out->ways[i] = next == NULL ? 1 : ways_through(field, out->vertices[i], next);
    }
    return OPSIG_OK;
}

/** The walk that writes paths: where it stands in each level. */
struct walk {
    const struct ops_field *field;
    const struct counted *levels;
    size_t n_levels;
    uint32_t path[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t edge[OPSIG_PATTERN_MAX_VERTICES]; /* next edge to try from path[k] */
};

/** Puts into path[k + 1] the next live successor of path[k]; false where none is left. */
static bool next_successor(struct walk *walk, size_t k)
{
    const struct ops_field *field = walk->field;
    uint32_t v = walk->path[k];
    while (walk->edge[k] < field->succ_begin[v + 1]) {
        uint32_t e = walk->edge[k]++;
        bool repeated = e > field->succ_begin[v] && field->succ[e] == field->succ[e - 1];
        if (!repeated && ways_of(&walk->levels[k + 1], field->succ[e]) > 0) {
            walk->path[k + 1] = field->succ[e];
            return true;
        }
    }
    return false;
}

/** Writes the paths that begin at path[0], up to max_kept in all. */
static void write_from(struct walk *walk, struct ops_matches *out, size_t max_kept)
{
    size_t last = walk->n_levels - 1;
    size_t k = 0;
    walk->edge[0] = walk->field->succ_begin[walk->path[0]];
    while (out->n_kept < max_kept) {
        if (k == last) {
            memcpy(out->vertices + out->n_kept * walk->n_levels, walk->path,
                   walk->n_levels * sizeof *walk->path);
            out->n_kept++;
        } else if (next_successor(walk, k)) {
            k++;
            walk->edge[k] = walk->field->succ_begin[walk->path[k]];
            continue;
        }
        if (k == 0) {
            return;
        }
        k--;
    }
}

static opsig_status write_paths(struct ops_matches *out, const struct ops_field *field,
                                const struct counted *levels, size_t n_levels, size_t max_kept,
                                opsig_error *err)
{
    size_t kept = out->total < max_kept ? (size_t)out->total : max_kept;
    out->vertices = ops_mem_zalloc(kept, n_levels * sizeof *out->vertices);
    if (out->vertices == NULL) {
        return ops_error_nomem(err);
    }
    struct walk walk = {.field = field, .levels = levels, .n_levels = n_levels};
    for (size_t i = 0; i < levels[0].n && out->n_kept < kept; i++) {
        if (levels[0].ways[i] > 0) {
            walk.path[0] = levels[0].vertices[i];
            write_from(&walk, out, kept);
        }
    }
    return OPSIG_OK;
}

opsig_status ops_matches_collect(struct ops_matches *out, const struct ops_field *field,
                                 const struct ops_level *levels, size_t n_levels,
                                 size_t max_kept, opsig_error *err)
{
    struct counted counted[OPSIG_PATTERN_MAX_VERTICES] = {{NULL, NULL, 0}};
    opsig_status status = OPSIG_OK;
    memset(out, 0, sizeof *out);
    for (size_t k = n_levels; k-- > 0;) {
        const struct counted *next = k + 1 < n_levels ? &counted[k + 1] : NULL;
        TRY(count_level(&counted[k], field, levels[k], next, err));
    }
    for (size_t i = 0; i < counted[0].n; i++) {
        out->total = add_saturating(out->total, counted[0].ways[i]);
    }
    TRY(write_paths(out, field, counted, n_levels, max_kept, err));
done:
    for (size_t k = 0; k < n_levels; k++) {
        ops_mem_free(counted[k].vertices);
        ops_mem_free(counted[k].ways);
    }
    return status;
}
