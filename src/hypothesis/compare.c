/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of all strings of both models only different excerpts (excerpt.h) are compared, and of these only
 * pairs that have a bigram in common. Where the matching of two excerpts left no choice it serves
 * for both directions.
 *
 * What the second string's length decides (difflib's autojunk) excerpts cannot tell. Models with
 * strings that long are compared string by string, as are models with too many excerpts. */
#include "hypothesis/compare.h"

#include <string.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "base/sort.h"

enum { NO_SYMBOL = 0 }; /* the small number of the gap between two runs, which matches nothing */

/** An excerpt, or a string, written out. */
struct line {
    uint32_t begin, n; /* among the symbols */
    uint64_t mask;     /* of its bigrams */
};

/** The strings of one model, written out. */
struct page {
    OPS_VEC(struct line) lines;
    OPS_VEC(uint32_t) small; /* symbols by small number */
    OPS_VEC(uint64_t) places;
    OPS_VEC(struct ops_second) seconds; /* of the lines, where they are wanted */
};

struct ops_comparer {
    const struct ops_vocabulary *vocabulary;
    size_t n_words;
    struct ops_excerpts excerpts;
    struct ops_blocks matcher;
    struct page pages[2];
    uint64_t *common; /* bigrams of the two models at hand */
    OPS_VEC(uint32_t) small_of; /* symbol: small number; valid where symbol_of agrees */
    OPS_VEC(uint32_t) symbol_of;
    struct ops_intern *blocks, *lists;
    OPS_VEC(uint32_t) content;    /* of a block */
    OPS_VEC(uint64_t) met[2];     /* by direction and block: the last comparison that had it */
    OPS_VEC(uint32_t) found[2];   /* by direction: blocks */
    uint64_t n_comparisons; /* the one at hand included */
    struct ops_deadline deadline;
};

opsig_status ops_comparer_new(struct ops_comparer **out, const struct ops_vocabulary *vocabulary,
                              size_t n_words, const volatile int *cancel, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = NULL;
    struct ops_comparer *comparer = ops_mem_zalloc(1, sizeof *comparer);
    TRY(comparer != NULL ? OPSIG_OK : ops_error_nomem(err));
    comparer->vocabulary = vocabulary;
    comparer->n_words = n_words;
    ops_deadline_start(&comparer->deadline, 0, cancel);
    comparer->common = ops_mem_zalloc(n_words, sizeof *comparer->common);
    TRY(comparer->common != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_vec_reserve(&comparer->small_of, ops_intern_count(vocabulary->symbols), err));
    memset(comparer->small_of.items, 0,
           comparer->small_of.cap * sizeof *comparer->small_of.items);
    TRY(ops_excerpts_init(&comparer->excerpts, err));
    TRY(ops_intern_new(&comparer->blocks, err));
    TRY(ops_intern_new(&comparer->lists, err));
    *out = comparer;
    comparer = NULL;
done:
    ops_comparer_free(comparer);
    return status;
}

static void page_dispose(struct page *page)
{
    ops_vec_dispose(&page->lines);
    ops_vec_dispose(&page->small);
    ops_vec_dispose(&page->places);
    ops_vec_dispose(&page->seconds);
}

void ops_comparer_free(struct ops_comparer *comparer)
{
    if (comparer == NULL) {
        return;
    }
    for (size_t side = 0; side < 2; side++) {
        page_dispose(&comparer->pages[side]);
        ops_vec_dispose(&comparer->found[side]);
        ops_vec_dispose(&comparer->met[side]);
    }
    ops_excerpts_dispose(&comparer->excerpts);
    ops_blocks_dispose(&comparer->matcher);
    ops_mem_free(comparer->common);
    ops_vec_dispose(&comparer->small_of);
    ops_vec_dispose(&comparer->symbol_of);
    ops_intern_free(comparer->blocks);
    ops_intern_free(comparer->lists);
    ops_vec_dispose(&comparer->content);
    ops_mem_free(comparer);
}

const struct ops_intern *ops_comparer_blocks(const struct ops_comparer *comparer)
{
    return comparer->blocks;
}

const struct ops_intern *ops_comparer_lists(const struct ops_comparer *comparer)
{
    return comparer->lists;
}

/* ---- small numbers for the symbols at hand ---- */

static opsig_status forget_symbols(struct ops_comparer *comparer, opsig_error *err)
{
    comparer->symbol_of.len = 0;
    return ops_vec_push(&comparer->symbol_of, OPS_INTERN_NONE, err);
}

static opsig_status small_number(struct ops_comparer *comparer, uint32_t symbol, uint32_t *out,
                                 opsig_error *err)
{
    const uint32_t known = comparer->small_of.items[symbol];
    if (known < comparer->symbol_of.len && comparer->symbol_of.items[known] == symbol) {
        *out = known;
        return OPSIG_OK;
    }
    *out = (uint32_t)comparer->symbol_of.len;
    comparer->small_of.items[symbol] = *out;
    return ops_vec_push(&comparer->symbol_of, symbol, err);
}

/* ---- what was found ---- */

/** Notes a block of a first string, once for each comparison. */
static opsig_status note_block(struct ops_comparer *comparer, const uint32_t *small, uint32_t n,
                               unsigned direction, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t id;
    comparer->content.len = 0;
    TRY(ops_vec_reserve(&comparer->content, n, err));
    for (uint32_t i = 0; i < n; i++) {
        comparer->content.items[i] = comparer->symbol_of.items[small[i]];
    }
    TRY(ops_intern_put(comparer->blocks, (const char *)comparer->content.items,
                       n * sizeof *comparer->content.items, &id, err));
    while (id >= comparer->met[direction].len) {
        TRY(ops_vec_push(&comparer->met[direction], UINT64_C(0), err));
    }
    if (comparer->met[direction].items[id] != comparer->n_comparisons) {
        comparer->met[direction].items[id] = comparer->n_comparisons;
        TRY(ops_vec_push(&comparer->found[direction], id, err));
    }
done:
    return status;
}

static opsig_status note_blocks(struct ops_comparer *comparer, const uint32_t *first,
                                unsigned direction, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t k = 0; k < comparer->matcher.blocks.len; k++) {
        const struct ops_block *const block = &comparer->matcher.blocks.items[k];
        TRY(note_block(comparer, first + block->a, block->n, direction, err));
    }
done:
    return status;
}

/** The number of the set of blocks that were found in one direction. */
static opsig_status close_list(struct ops_comparer *comparer, unsigned direction, uint32_t *out,
                               opsig_error *err)
{
    const uint32_t *const ids = comparer->found[direction].items;
    const size_t n = comparer->found[direction].len;
    ops_sort_u32(comparer->found[direction].items, n);
    return ops_intern_put(comparer->lists, (const char *)ids, n * sizeof *ids, out, err);
}

/* ---- by excerpts ---- */

/** Writes an excerpt out, without the gap in front. */
static opsig_status write_line(struct ops_comparer *comparer, struct page *page, uint32_t id,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_excerpt *const items = comparer->excerpts.items.items;
    const struct line line = {.begin = (uint32_t)page->small.len,
                              .n = items[id].n - 1,
                              .mask = items[id].mask};
    for (uint32_t at = id; at != OPS_EXCERPT_EMPTY; at = items[at].rest) {
        uint32_t pair[2];
        uint32_t small;
        ops_vocabulary_split(comparer->vocabulary, items[at].bigram, pair);
        if (items[at].begins && at != id) {
            TRY(ops_vec_push(&page->small, (uint32_t)NO_SYMBOL, err));
        }
        if (items[at].begins) {
            TRY(small_number(comparer, pair[0], &small, err));
            TRY(ops_vec_push(&page->small, small, err));
        }
        TRY(small_number(comparer, pair[1], &small, err));
        TRY(ops_vec_push(&page->small, small, err));
    }
    TRY(ops_vec_push(&page->lines, line, err));
done:
    return status;
}

/** Writes all excerpts of a model out but the empty one. */
static opsig_status write_page(struct ops_comparer *comparer, struct page *page,
                               const struct ops_compared *model, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_excerpt_span span;
    page->lines.len = page->small.len = 0;
    TRY(ops_excerpts_find(&comparer->excerpts, model->paths, comparer->common, &span, err));
    for (uint32_t i = 0; i < span.n; i++) {
        const uint32_t id = comparer->excerpts.lists.items[span.begin + i];
        if (id != OPS_EXCERPT_EMPTY) {
            TRY(write_line(comparer, page, id, err));
        }
    }
done:
    return status;
}

/** Makes second strings of all lines. All symbols have their small numbers by now. */
static opsig_status prepare_seconds(const struct ops_comparer *comparer, struct page *page,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n_symbols = (uint32_t)comparer->symbol_of.len;
    size_t n_words = 0;
    for (size_t i = 0; i < page->lines.len; i++) {
        n_words += (size_t)n_symbols * ops_second_words(page->lines.items[i].n);
    }
    page->places.len = page->seconds.len = 0;
    TRY(ops_vec_reserve(&page->places, n_words, err));
    TRY(ops_vec_reserve(&page->seconds, page->lines.len, err));
    memset(page->places.items, 0, n_words * sizeof *page->places.items);
    uint64_t *places = page->places.items;
    for (size_t i = 0; i < page->lines.len; i++) {
        const struct line *const line = &page->lines.items[i];
        struct ops_second *const second = &page->seconds.items[page->seconds.len++];
        ops_second_init(second, page->small.items + line->begin, line->n, places);
        for (uint32_t w = 0; w < second->n_words; w++) {
            places[w] = 0; /* a gap matches no gap */
        }
        places += (size_t)n_symbols * second->n_words;
    }
done:
    return status;
}

/** Compares all lines of one page, first strings, with those of the other, in one direction; where
 *  `both`, in both. */
static opsig_status compare_pages(struct ops_comparer *comparer, const struct page *first,
                                  const struct page *second, unsigned direction, bool both,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t j = 0; j < second->lines.len; j++) {
        const uint64_t mask = second->lines.items[j].mask;
        TRY(ops_deadline_check(&comparer->deadline, err));
        for (size_t i = 0; i < first->lines.len; i++) {
            const struct line *const line = &first->lines.items[i];
            const uint32_t *const symbols = first->small.items + line->begin;
            if ((line->mask & mask) == 0) {
                continue;
            }
            TRY(ops_blocks_find(&comparer->matcher, symbols, line->n, &second->seconds.items[j], 2,
                                err));
            TRY(note_blocks(comparer, symbols, direction, err));
            if (both && comparer->matcher.unique) {
                TRY(note_blocks(comparer, symbols, 1 - direction, err));
            } else if (both) {
                const struct line *const other = &second->lines.items[j];
                const uint32_t *const others = second->small.items + other->begin;
                TRY(ops_blocks_find(&comparer->matcher, others, other->n,
                                    &first->seconds.items[i], 2, err));
                TRY(note_blocks(comparer, others, 1 - direction, err));
            }
        }
    }
done:
    return status;
}

static opsig_status compare_excerpts(struct ops_comparer *comparer, const struct ops_compared *a,
                                     const struct ops_compared *b, const bool wanted[2],
                                     opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct page *const pages = comparer->pages;
    TRY(ops_excerpts_tidy(&comparer->excerpts, err));
    TRY(forget_symbols(comparer, err));
    TRY(write_page(comparer, &pages[0], a, err));
    TRY(write_page(comparer, &pages[1], b, err));
    if (wanted[0]) {
        TRY(prepare_seconds(comparer, &pages[1], err));
    }
    if (wanted[1]) {
        TRY(prepare_seconds(comparer, &pages[0], err));
    }
    if (wanted[0]) {
        TRY(compare_pages(comparer, &pages[0], &pages[1], 0, wanted[1], err));
    } else if (wanted[1]) {
        TRY(compare_pages(comparer, &pages[1], &pages[0], 1, false, err));
    }
done:
    return status;
}

/* ---- string by string ---- */

/** A comparison of all strings of two models. */
struct long_way {
    struct ops_comparer *comparer;
    const struct ops_paths *first;
    unsigned direction;
    struct ops_second second;
    OPS_VEC(uint32_t) string; /* the second one */
    OPS_VEC(uint32_t) other;  /* the first one */
    OPS_VEC(uint64_t) places;
};

static opsig_status copy_string(struct ops_comparer *comparer, const uint32_t *symbols, size_t n,
                                uint32_t *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n; i++) {
        TRY(small_number(comparer, symbols[i], &out[i], err));
    }
done:
    return status;
}

static opsig_status visit_first(const uint32_t *symbols, size_t n, void *payload, opsig_error *err)
{
    struct long_way *const way = payload;
    struct ops_comparer *const comparer = way->comparer;
    opsig_status status = OPSIG_OK;
    TRY(ops_deadline_check(&comparer->deadline, err));
    TRY(ops_vec_reserve(&way->other, n, err));
    TRY(copy_string(comparer, symbols, n, way->other.items, err));
    TRY(ops_blocks_find(&comparer->matcher, way->other.items, (uint32_t)n, &way->second, 2, err));
    TRY(note_blocks(comparer, way->other.items, way->direction, err));
done:
    return status;
}

static opsig_status visit_second(const uint32_t *symbols, size_t n, void *payload,
                                 opsig_error *err)
{
    struct long_way *const way = payload;
    opsig_status status = OPSIG_OK;
    const uint32_t n_symbols = (uint32_t)way->comparer->symbol_of.len;
    const size_t n_words = (size_t)n_symbols * ops_second_words((uint32_t)n);
    TRY(ops_vec_reserve(&way->string, n, err));
    TRY(copy_string(way->comparer, symbols, n, way->string.items, err));
    TRY(ops_vec_reserve(&way->places, n_words, err));
    memset(way->places.items, 0, n_words * sizeof *way->places.items);
    ops_second_init(&way->second, way->string.items, (uint32_t)n, way->places.items);
    ops_second_drop_popular(&way->second, n_symbols, way->places.items);
    TRY(ops_paths_walk(way->first, visit_first, way, err));
done:
    return status;
}

/** Gives all symbols of a model their small numbers. */
static opsig_status number_symbols(struct ops_comparer *comparer, const struct ops_paths *paths,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t small;
    TRY(small_number(comparer, OPS_SYMBOL_INPUT, &small, err));
    TRY(small_number(comparer, OPS_SYMBOL_OUTPUT, &small, err));
    for (uint32_t v = 0; v < paths->n_vertices; v++) {
        TRY(small_number(comparer, paths->symbol[v], &small, err));
    }
done:
    return status;
}

static opsig_status compare_strings(struct ops_comparer *comparer, const struct ops_paths *first,
                                    const struct ops_paths *second, unsigned direction,
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct long_way way = {.comparer = comparer, .first = first, .direction = direction};
    TRY(forget_symbols(comparer, err));
    TRY(number_symbols(comparer, first, err));
    TRY(number_symbols(comparer, second, err));
    TRY(ops_paths_walk(second, visit_second, &way, err));
done:
    ops_vec_dispose(&way.string);
    ops_vec_dispose(&way.other);
    ops_vec_dispose(&way.places);
    return status;
}

/* ---- both ---- */

static bool find_common(struct ops_comparer *comparer, const struct ops_compared *a,
                        const struct ops_compared *b)
{
    uint64_t any = 0;
    for (size_t w = 0; w < comparer->n_words; w++) {
        comparer->common[w] = a->bigrams[w] & b->bigrams[w];
        any |= comparer->common[w];
    }
    return any != 0;
}

/** Compares string by string in the directions that are wanted. */
static opsig_status compare_both_ways(struct ops_comparer *comparer,
                                      const struct ops_paths *const paths[2],
                                      const bool wanted[2], opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (unsigned direction = 0; direction < 2; direction++) {
        if (wanted[direction]) {
            TRY(compare_strings(comparer, paths[direction], paths[1 - direction], direction, err));
        }
    }
done:
    return status;
}

/** Compares models that have a bigram in common, each direction in the way that it needs. */
static opsig_status compare_related(struct ops_comparer *comparer, const struct ops_compared *a,
                                    const struct ops_compared *b, const bool wanted[2],
                                    opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_paths *const paths[2] = {a->paths, b->paths};
    const bool is_long[2] = {wanted[0] && b->paths->longest >= OPS_BLOCKS_AUTOJUNK,
                             wanted[1] && a->paths->longest >= OPS_BLOCKS_AUTOJUNK};
    const bool rest[2] = {wanted[0] && !is_long[0], wanted[1] && !is_long[1]};
    TRY(compare_both_ways(comparer, paths, is_long, err));
    if (rest[0] || rest[1]) {
        status = compare_excerpts(comparer, a, b, rest, err);
    }
    if (status == OPSIG_LIMIT) {
        status = compare_both_ways(comparer, paths, rest, err);
    }
done:
    return status;
}

opsig_status ops_compare(struct ops_comparer *comparer, const struct ops_compared *a,
                         const struct ops_compared *b, uint32_t *const out[2],
                         opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const bool wanted[2] = {out[0] != NULL, out[1] != NULL};
    comparer->n_comparisons++;
    comparer->found[0].len = comparer->found[1].len = 0;
    if (find_common(comparer, a, b)) {
        TRY(compare_related(comparer, a, b, wanted, err));
    }
    for (unsigned direction = 0; direction < 2; direction++) {
        if (wanted[direction]) {
            TRY(close_list(comparer, direction, out[direction], err));
        }
    }
done:
    return status;
}
