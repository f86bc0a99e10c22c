/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frequent subgraphs without labels. Each thread keeps what it visits for itself; the lists are
 * joined and put in order at the end, so that the result does not tell how many there were. */
#include "base/mem.h"
#include "mine/frequent.h"
#include "mine/pool.h"
#include "mine/subgraph.h"

struct found {
    size_t begin; /* of its steps */
    uint32_t n_steps, support;
};

/** What one thread has visited. */
struct share {
    uint64_t by_edges[OPSIG_PATTERN_MAX_VERTICES];
    OPS_VEC(struct ops_step) steps;
    OPS_VEC(struct found) found;
};

struct collection {
    bool count_only;
    const struct ops_network *network;
    unsigned n_shares;
    struct share **shares;
};

static opsig_status collect(const struct ops_subgraph_visit *visit, void *payload,
                            opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct collection *collection = payload;
    struct share *share = collection->shares[visit->worker];
    const uint32_t n_steps = (uint32_t)visit->code.n_steps;
    const struct found found = {share->steps.len, n_steps, visit->support};
    share->by_edges[n_steps - 1]++;
    if (collection->count_only) {
        return OPSIG_OK;
    }
    TRY(ops_vec_reserve(&share->steps, n_steps, err));
    ops_network_translate(collection->network, visit->code, share->steps.items + found.begin);
    share->steps.len += n_steps;
    TRY(ops_vec_push(&share->found, found, err));
done:
    return status;
}

static opsig_status new_shares(struct collection *collection, unsigned n, opsig_error *err)
{
    collection->shares = ops_mem_zalloc(n, sizeof *collection->shares);
    if (collection->shares == NULL) {
        return ops_error_nomem(err);
    }
    collection->n_shares = n;
    for (unsigned i = 0; i < n; i++) {
        collection->shares[i] = ops_mem_zalloc(1, sizeof **collection->shares);
        if (collection->shares[i] == NULL) {
            return ops_error_nomem(err);
        }
    }
    return OPSIG_OK;
}

static void free_shares(struct collection *collection)
{
    for (unsigned i = 0; i < collection->n_shares && collection->shares[i] != NULL; i++) {
        ops_vec_dispose(&collection->shares[i]->steps);
        ops_vec_dispose(&collection->shares[i]->found);
        ops_mem_free(collection->shares[i]);
    }
    ops_mem_free(collection->shares);
}

static opsig_status join(opsig_frequent *frequent, const struct share *share,
                         const struct ops_intern *symbols, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t k = 0; k <= frequent->max_edges; k++) {
        frequent->by_edges[k] += share->by_edges[k];
        frequent->count += share->by_edges[k];
    }
    for (size_t i = 0; i < share->found.len; i++) {
        const struct found *found = &share->found.items[i];
        const struct ops_code code = {share->steps.items + found->begin, found->n_steps};
        TRY(ops_frequent_add(frequent, code, symbols, found->support, err));
    }
done:
    return status;
}

static struct ops_subgraph_bounds make_bounds(const opsig_frequent_options *options,
                                              uint32_t max_edges)
{
    const unsigned n = options->n_threads < 1 ? 1 : options->n_threads;
    return (struct ops_subgraph_bounds){
        .min_support = options->min_support > 0 ? options->min_support : 1,
        .max_edges = max_edges,
        .closed = options->closed,
        .max_patterns = options->max_patterns,
        .max_memory = options->max_memory,
        .n_threads = n < OPS_POOL_MAX_THREADS ? n : OPS_POOL_MAX_THREADS,
        .cancel = options->cancel,
    };
}

opsig_status ops_frequent_subgraphs(opsig_frequent **out, struct ops_raw_network *raw,
                                    const opsig_frequent_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_network *network = NULL;
    opsig_frequent *frequent = NULL;
    struct collection collection = {.count_only = options->count_only};
    *out = NULL;
    TRY(ops_frequent_new(&frequent, options->max_edges, err));
    const struct ops_subgraph_bounds bounds = make_bounds(options, frequent->max_edges);
    TRY(ops_network_new(&network, raw, options->undirected, bounds.min_support, err));
    collection.network = network;
    TRY(new_shares(&collection, bounds.n_threads, err));
    TRY(ops_subgraph_explore(network, &bounds, collect, &collection, err));
    for (unsigned i = 0; i < collection.n_shares; i++) {
        TRY(join(frequent, collection.shares[i], raw->symbols, err));
    }
    ops_frequent_sort(frequent);
    *out = frequent;
    frequent = NULL;
done:
    free_shares(&collection);
    ops_network_free(network);
    opsig_frequent_free(frequent);
    return status;
}
