/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Excerpts are found from the last vertex to the first, as those of what follows a vertex: outside
 * of a run, and as the end of one. Where no bigram that begins at a vertex is common both are the
 * same, and where all successors agree they are simply theirs, which is the usual case. */
#include "hypothesis/excerpt.h"

#include "base/sort.h"

/* Excerpts that are kept from one pair of models to the next, and numbers in the lists of one
 * model (a gigabyte). */
enum { MOST_KEPT = 1 << 20, MOST_LISTED = 1 << 28 };

static bool is_common(const uint64_t *common, uint32_t bigram)
{
    return (common[bigram / 64] >> bigram % 64 & 1) != 0;
}

opsig_status ops_excerpts_init(struct ops_excerpts *excerpts, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t nothing[2] = {OPS_INTERN_NONE, 0};
    uint32_t empty;
    TRY(ops_intern_new(&excerpts->known, err));
    TRY(ops_intern_put(excerpts->known, (const char *)nothing, sizeof nothing, &empty, err));
    excerpts->items.len = 0;
    TRY(ops_vec_push(&excerpts->items, (struct ops_excerpt){0}, err));
done:
    return status;
}

void ops_excerpts_dispose(struct ops_excerpts *excerpts)
{
    ops_intern_free(excerpts->known);
    excerpts->known = NULL;
    ops_vec_dispose(&excerpts->items);
    ops_vec_dispose(&excerpts->lists);
    ops_vec_dispose(&excerpts->outside);
    ops_vec_dispose(&excerpts->inside);
}

opsig_status ops_excerpts_tidy(struct ops_excerpts *excerpts, opsig_error *err)
{
    excerpts->lists.len = 0;
    if (excerpts->items.len < MOST_KEPT) {
        return OPSIG_OK;
    }
    ops_intern_free(excerpts->known);
    excerpts->known = NULL;
    return ops_excerpts_init(excerpts, err);
}

/** The excerpt that a bigram in front of another one makes. */
static opsig_status put(struct ops_excerpts *excerpts, uint32_t bigram, bool begins, uint32_t rest,
                        uint32_t *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t key[2] = {bigram * 2 + begins, rest};
    TRY(ops_intern_put(excerpts->known, (const char *)key, sizeof key, out, err));
    if (*out == excerpts->items.len) {
        const struct ops_excerpt *const behind = &excerpts->items.items[rest];
        const struct ops_excerpt excerpt = {
            .bigram = bigram,
            .rest = rest,
            .n = behind->n + (begins ? 3 : 1),
            .begins = begins,
            .mask = behind->mask | UINT64_C(1) << bigram % 64,
        };
        TRY(ops_vec_push(&excerpts->items, excerpt, err));
    }
done:
    return status;
}

/** Copies a span to the end of the lists. */
static opsig_status append(struct ops_excerpts *excerpts, struct ops_excerpt_span span,
                           opsig_error *err)
{
    opsig_status status = ops_vec_reserve(&excerpts->lists, span.n, err);
    for (uint32_t i = 0; status == OPSIG_OK && i < span.n; i++) {
        excerpts->lists.items[excerpts->lists.len++] = excerpts->lists.items[span.begin + i];
    }
    return status;
}

/** Adds to the end of the lists what a common bigram makes of the excerpts behind it. */
static opsig_status prepend(struct ops_excerpts *excerpts, uint32_t bigram, bool begins,
                            struct ops_excerpt_span span, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; i < span.n; i++) {
        uint32_t id;
        TRY(put(excerpts, bigram, begins, excerpts->lists.items[span.begin + i], &id, err));
        TRY(ops_vec_push(&excerpts->lists, id, err));
    }
done:
    return status;
}

/** Makes a span of the end of the lists: sorted, each number once. */
static opsig_status close_span(struct ops_excerpts *excerpts, size_t begin,
                               struct ops_excerpt_span *out, opsig_error *err)
{
    uint32_t *const ids = excerpts->lists.items + begin;
    const size_t n = excerpts->lists.len - begin;
    size_t kept = 0;
    if (excerpts->lists.len > MOST_LISTED) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "too many different paths");
    }
    if (n > 1) {
        ops_sort_u32(ids, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || ids[i] != ids[i - 1]) {
            ids[kept++] = ids[i];
        }
    }
    excerpts->lists.len = begin + kept;
    *out = (struct ops_excerpt_span){.begin = (uint32_t)begin, .n = (uint32_t)kept};
    return OPSIG_OK;
}

/** Of one vertex, in one of its two states. */
static opsig_status gather(struct ops_excerpts *excerpts, const struct ops_paths *paths,
                           const uint64_t *common, uint32_t v, bool inside,
                           struct ops_excerpt_span *out, opsig_error *err)
{
    static const struct ops_excerpt_span only_empty = {0, 1};
    opsig_status status = OPSIG_OK;
    const size_t begin = excerpts->lists.len;
    for (uint32_t e = paths->succ_begin[v]; e < paths->succ_begin[v + 1]; e++) {
        const uint32_t w = paths->succ[e];
        if (is_common(common, paths->bigram[e])) {
            TRY(prepend(excerpts, paths->bigram[e], !inside, excerpts->inside.items[w], err));
        } else {
            TRY(append(excerpts, excerpts->outside.items[w], err));
        }
    }
    if (paths->n_results[v] > 0 && is_common(common, paths->last[v])) {
        TRY(prepend(excerpts, paths->last[v], !inside, only_empty, err));
    } else if (paths->n_results[v] > 0) {
        TRY(append(excerpts, only_empty, err));
    }
    TRY(close_span(excerpts, begin, out, err));
done:
    return status;
}

/** Does no common bigram begin at v? */
static bool is_plain(const struct ops_paths *paths, const uint64_t *common, uint32_t v)
{
    bool plain = paths->n_results[v] == 0 || !is_common(common, paths->last[v]);
    for (uint32_t e = paths->succ_begin[v]; plain && e < paths->succ_begin[v + 1]; e++) {
        plain = !is_common(common, paths->bigram[e]);
    }
    return plain;
}

/** The span that all successors of a plain vertex have, where they agree. */
static bool find_agreed(const struct ops_excerpts *excerpts, const struct ops_paths *paths,
                        uint32_t v, struct ops_excerpt_span *out)
{
    const uint32_t begin = paths->succ_begin[v];
    if (begin == paths->succ_begin[v + 1] || paths->n_results[v] > 0) {
        return false;
    }
    *out = excerpts->outside.items[paths->succ[begin]];
    bool agreed = true;
    for (uint32_t e = begin + 1; agreed && e < paths->succ_begin[v + 1]; e++) {
        const struct ops_excerpt_span *const span = &excerpts->outside.items[paths->succ[e]];
        agreed = span->begin == out->begin && span->n == out->n;
    }
    return agreed;
}

static opsig_status find_behind(struct ops_excerpts *excerpts, const struct ops_paths *paths,
                                const uint64_t *common, uint32_t v, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_excerpt_span *const outside = &excerpts->outside.items[v];
    struct ops_excerpt_span *const inside = &excerpts->inside.items[v];
    const bool plain = is_plain(paths, common, v);
    if (!plain || !find_agreed(excerpts, paths, v, outside)) {
        TRY(gather(excerpts, paths, common, v, false, outside, err));
    }
    *inside = *outside;
    if (!plain) {
        TRY(gather(excerpts, paths, common, v, true, inside, err));
    }
done:
    return status;
}

opsig_status ops_excerpts_find(struct ops_excerpts *excerpts, const struct ops_paths *paths,
                               const uint64_t *common, struct ops_excerpt_span *out,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    excerpts->lists.len = 0;
    TRY(ops_vec_push(&excerpts->lists, (uint32_t)OPS_EXCERPT_EMPTY, err)); /* only_empty */
    TRY(ops_vec_reserve(&excerpts->outside, paths->n_vertices, err));
    TRY(ops_vec_reserve(&excerpts->inside, paths->n_vertices, err));
    for (uint32_t v = paths->n_vertices; v > 0; v--) {
        TRY(find_behind(excerpts, paths, common, v - 1, err));
    }
    const size_t begin = excerpts->lists.len;
    for (uint32_t v = 0; v < paths->n_vertices; v++) {
        if (paths->n_given[v] == 0) {
            continue;
        }
        if (is_common(common, paths->first[v])) {
            TRY(prepend(excerpts, paths->first[v], true, excerpts->inside.items[v], err));
        } else {
            TRY(append(excerpts, excerpts->outside.items[v], err));
        }
    }
    TRY(close_span(excerpts, begin, out, err));
done:
    return status;
}
