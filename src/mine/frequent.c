/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frequent sequences without labels. A sequence of n symbols is closed when no sequence of n + 1
 * symbols that begins or ends with it has the same support; so, once all are known, each one
 * with its prefix and its suffix tells. The search therefore looks one symbol beyond the limit
 * where closed patterns are asked for. */
#include "mine/frequent.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "base/vec.h"
#include "pattern/pattern.h"

struct item {
    opsig_pattern *pattern;
    uint32_t support;
};

struct opsig_frequent {
    uint32_t max_edges;
    uint64_t count;
    uint64_t by_edges[OPSIG_PATTERN_MAX_VERTICES];
    OPS_VEC(struct item) items;
};

/** What is kept of a visited sequence: its symbols are the bytes of its id in `table`. */
struct seen {
    uint32_t support;
    bool closed;
};

struct collection {
    const opsig_frequent_options *options;
    uint32_t max_length; /* asked for, vertices */
    struct ops_intern *table;
    OPS_VEC(struct seen) seen; /* by id in table */
    opsig_frequent *result;
};

void opsig_frequent_options_init(opsig_frequent_options *options)
{
    *options = (opsig_frequent_options){.version = 1,
                                        .alphabet = OPSIG_ALPHABET_OP,
                                        .min_support = 2,
                                        .max_edges = 5,
                                        .max_patterns = 20000000};
}

void opsig_frequent_free(opsig_frequent *frequent)
{
    if (frequent == NULL) {
        return;
    }
    for (size_t i = 0; i < frequent->items.len; i++) {
        opsig_pattern_free(frequent->items.items[i].pattern);
    }
    ops_vec_dispose(&frequent->items);
    ops_mem_free(frequent);
}

static opsig_status collect(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    struct collection *collection = payload;
    uint32_t symbols[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t id = 0;
    if (collection->options->count_only && !collection->options->closed) {
        collection->result->count++;
        collection->result->by_edges[visit->code.n_steps - 1]++;
        return OPSIG_OK;
    }
    for (size_t k = 0; k < visit->code.n_steps; k++) {
        symbols[k] = visit->code.steps[k].symbol;
    }
    opsig_status status = ops_intern_put(collection->table, (const char *)symbols,
                                         visit->code.n_steps * sizeof *symbols, &id, err);
    if (status != OPSIG_OK) {
        return status;
    }
    struct seen seen = {visit->support, true};
    return ops_vec_push(&collection->seen, seen, err);
}

/** The symbols of a kept sequence; returns their number. */
static size_t read_symbols(const struct collection *collection, uint32_t id, uint32_t *out)
{
    size_t len = ops_intern_len(collection->table, id);
    memcpy(out, ops_intern_text(collection->table, id), len);
    return len / sizeof *out;
}

/** Marks prefix and suffix of each sequence that has their support as not closed. */
static void mark_closed(struct collection *collection)
{
    uint32_t symbols[OPSIG_PATTERN_MAX_VERTICES];
    for (uint32_t id = 0; id < collection->seen.len; id++) {
        size_t n = read_symbols(collection, id, symbols);
        for (size_t from = 0; n > 1 && from < 2; from++) {
            uint32_t part = ops_intern_find(collection->table, (const char *)(symbols + from),
                                            (n - 1) * sizeof *symbols);
            struct seen *seen = &collection->seen.items[part];
            if (seen->support == collection->seen.items[id].support) {
                seen->closed = false;
            }
        }
    }
}

/** Counts a kept sequence and, unless only counts are asked for, makes a pattern of it. */
static opsig_status add_item(struct collection *collection, const struct ops_mine_field *field,
                             const uint32_t *symbols, size_t n, uint32_t support,
                             opsig_error *err)
{
    struct ops_step steps[OPSIG_PATTERN_MAX_VERTICES];
    opsig_frequent *result = collection->result;
    result->count++;
    result->by_edges[n - 1]++;
    if (collection->options->count_only) {
        return OPSIG_OK;
    }
    for (size_t k = 0; k < n; k++) {
        steps[k] = ops_code_sequence_step(k, symbols[k]);
    }
    struct item item = {NULL, support};
    opsig_status status = ops_vec_reserve(&result->items, 1, err);
    if (status == OPSIG_OK) {
        status =
            ops_pattern_new(&item.pattern, (struct ops_code){steps, n}, field->symbols, err);
    }
    if (status == OPSIG_OK) {
        result->items.items[result->items.len++] = item;
    }
    return status;
}

static int compare_items(const void *a, const void *b)
{
    const struct item *x = a;
    const struct item *y = b;
    if (x->support != y->support) {
        return x->support > y->support ? -1 : 1;
    }
    if (x->pattern->n_steps != y->pattern->n_steps) {
        return x->pattern->n_steps < y->pattern->n_steps ? -1 : 1;
    }
    return strcmp(x->pattern->text, y->pattern->text);
}

/** Turns what was collected into the result. */
static opsig_status finish(struct collection *collection, const struct ops_mine_field *field,
                           opsig_error *err)
{
    uint32_t symbols[OPSIG_PATTERN_MAX_VERTICES];
    opsig_status status = OPSIG_OK;
    if (collection->options->closed) {
        mark_closed(collection);
    }
    for (uint32_t id = 0; id < collection->seen.len; id++) {
        const struct seen *seen = &collection->seen.items[id];
        size_t n = read_symbols(collection, id, symbols);
        bool wanted = seen->closed || !collection->options->closed;
        if (wanted && n <= collection->max_length) {
            TRY(add_item(collection, field, symbols, n, seen->support, err));
        }
    }
    if (collection->result->items.len > 1) {
        qsort(collection->result->items.items, collection->result->items.len, sizeof(struct item),
              compare_items);
    }
done:
    return status;
}

static struct ops_explore_bounds make_bounds(const opsig_frequent_options *options,
                                             uint32_t max_length)
{
    bool beyond = options->closed && max_length < OPSIG_PATTERN_MAX_VERTICES;
    return (struct ops_explore_bounds){
        .min_support = options->min_support > 0 ? options->min_support : 1,
        .max_length = beyond ? max_length + 1 : max_length,
        .max_patterns = options->max_patterns,
        .cancel = options->cancel,
    };
}

opsig_status ops_frequent_collect(opsig_frequent **out, const struct ops_mine_field *field,
                                  const opsig_frequent_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t max_edges = options->max_edges;
    if (max_edges == 0 || max_edges >= OPSIG_PATTERN_MAX_VERTICES) {
        max_edges = OPSIG_PATTERN_MAX_VERTICES - 1;
    }
    struct collection collection = {.options = options, .max_length = max_edges + 1};
    struct ops_explore_bounds bounds = make_bounds(options, max_edges + 1);
    *out = NULL;
    collection.result = ops_mem_zalloc(1, sizeof *collection.result);
    if (collection.result == NULL) {
        return ops_error_nomem(err);
    }
    collection.result->max_edges = max_edges;
    TRY(ops_intern_new(&collection.table, err));
    TRY(ops_explore(field, &bounds, collect, &collection, err));
    TRY(finish(&collection, field, err));
    *out = collection.result;
    collection.result = NULL;
done:
    opsig_frequent_free(collection.result);
    ops_intern_free(collection.table);
    ops_vec_dispose(&collection.seen);
    return status;
}

opsig_status opsig_frequent_mine(opsig_frequent **out, const opsig_corpus *corpus,
                                 const opsig_frequent_options *options, opsig_error *err)
{
    struct ops_mine_field *field = NULL;
    *out = NULL;
    opsig_status status = ops_mine_field_new(&field, corpus, options->alphabet, err);
    if (status == OPSIG_OK) {
        status = ops_frequent_collect(out, field, options, err);
    }
    ops_mine_field_free(field);
    return status;
}

uint64_t opsig_frequent_count(const opsig_frequent *frequent)
{
    return frequent->count;
}

uint64_t opsig_frequent_count_by_edges(const opsig_frequent *frequent, uint32_t n_edges)
{
    return n_edges <= frequent->max_edges ? frequent->by_edges[n_edges] : 0;
}

uint32_t opsig_frequent_max_edges(const opsig_frequent *frequent)
{
    return frequent->max_edges;
}

size_t opsig_frequent_n(const opsig_frequent *frequent)
{
    return frequent->items.len;
}

const opsig_pattern *opsig_frequent_pattern(const opsig_frequent *frequent, size_t i)
{
    return frequent->items.items[i].pattern;
}

uint32_t opsig_frequent_support(const opsig_frequent *frequent, size_t i)
{
    return frequent->items.items[i].support;
}
