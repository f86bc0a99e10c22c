/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frequent sequences without labels. A sequence of n symbols is closed when no sequence of n + 1
 * symbols that begins or ends with it has the same support; so, once all are known, each one
 * with its prefix and its suffix tells. The search therefore looks one symbol beyond the limit
 * where closed patterns are asked for. */
#include "mine/frequent.h"

#include <string.h>

#include "base/intern.h"
#include "base/mem.h"

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
    return ops_frequent_add(result, (struct ops_code){steps, n}, field->symbols, support, err);
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
    ops_frequent_sort(collection->result);
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
    struct collection collection = {.options = options};
    *out = NULL;
    TRY(ops_frequent_new(&collection.result, options->max_edges, err));
    collection.max_length = collection.result->max_edges + 1;
    const struct ops_explore_bounds bounds = make_bounds(options, collection.max_length);
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
