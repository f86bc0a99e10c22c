/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public face of frequent patterns: options, the list, and which search makes it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "corpus/gspan.h"
#include "mine/frequent.h"
#include "pattern/pattern.h"

void opsig_frequent_options_init(opsig_frequent_options *options)
{
    *options = (opsig_frequent_options){.version = 1,
                                        .alphabet = OPSIG_ALPHABET_OP,
                                        .min_support = 2,
                                        .max_edges = 5,
                                        .max_patterns = 20000000,
                                        .kind = OPSIG_PATTERN_SEQUENCE,
                                        .n_threads = 1,
                                        .max_memory = UINT64_C(2) << 30};
}

opsig_status ops_frequent_new(opsig_frequent **out, uint32_t max_edges, opsig_error *err)
{
    const uint32_t most = OPSIG_PATTERN_MAX_VERTICES - 1;
    *out = ops_mem_zalloc(1, sizeof **out);
    if (*out == NULL) {
        return ops_error_nomem(err);
    }
    (*out)->max_edges = max_edges == 0 || max_edges > most ? most : max_edges;
    return OPSIG_OK;
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

opsig_status ops_frequent_add(opsig_frequent *frequent, struct ops_code code,
                              const struct ops_intern *symbols, uint32_t support, opsig_error *err)
{
    struct ops_frequent_item item = {NULL, support};
    opsig_status status = ops_vec_reserve(&frequent->items, 1, err);
    if (status == OPSIG_OK) {
        status = ops_pattern_new(&item.pattern, code, symbols, err);
    }
    if (status == OPSIG_OK) {
        frequent->items.items[frequent->items.len++] = item;
    }
    return status;
}

static int compare_items(const void *a, const void *b)
{
    const struct ops_frequent_item *x = a;
    const struct ops_frequent_item *y = b;
    if (x->support != y->support) {
        return x->support > y->support ? -1 : 1;
    }
    if (x->pattern->n_steps != y->pattern->n_steps) {
        return x->pattern->n_steps < y->pattern->n_steps ? -1 : 1;
    }
    return strcmp(x->pattern->text, y->pattern->text);
}

void ops_frequent_sort(opsig_frequent *frequent)
{
    if (frequent->items.len > 1) {
        qsort(frequent->items.items, frequent->items.len, sizeof *frequent->items.items,
              compare_items);
    }
}

static opsig_status mine_sequences(opsig_frequent **out, const opsig_corpus *corpus,
                                   const opsig_frequent_options *options, opsig_error *err)
{
    struct ops_mine_field *field = NULL;
    if (ops_corpus_has_edge_labels(corpus)) {
        return ops_error_set(err, OPSIG_USAGE, "usage", -1,
                             "sequences are mined in models, not in graphs of a gSpan file");
    }
    opsig_status status = ops_mine_field_new(&field, corpus, options->alphabet, err);
    if (status == OPSIG_OK) {
        status = ops_frequent_collect(out, field, options, err);
    }
    ops_mine_field_free(field);
    return status;
}

static opsig_status mine_subgraphs(opsig_frequent **out, const opsig_corpus *corpus,
                                   const opsig_frequent_options *options, opsig_error *err)
{
    struct ops_raw_network *raw = NULL;
    opsig_status status =
        ops_raw_network_new(&raw, corpus, options->alphabet, options->edge_slots, err);
    if (status == OPSIG_OK) {
        status = ops_frequent_subgraphs(out, raw, options, err);
    }
    ops_raw_network_free(raw);
    return status;
}

opsig_status opsig_frequent_mine(opsig_frequent **out, const opsig_corpus *corpus,
                                 const opsig_frequent_options *options, opsig_error *err)
{
    *out = NULL;
    const opsig_status status = options->kind == OPSIG_PATTERN_SEQUENCE
                                    ? mine_sequences(out, corpus, options, err)
                                    : mine_subgraphs(out, corpus, options, err);
    while (status == OPSIG_OK && options->max_edges == 0 && (*out)->max_edges > 0 &&
           (*out)->by_edges[(*out)->max_edges] == 0) {
        (*out)->max_edges--;
    }
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
