/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two searches into one space of hypotheses. Sequences come first, all those that could have a
 * p-value of interest, since even insignificant ones may be terms of the risk model. How small a
 * p-value must be to be significant beside them is known then (in Westfall-Young light,
 * Llinares-Lopez et al., KDD 2015, it is learned on the way), and the larger search leaves out what
 * cannot reach it. As the bound is fixed before, nothing depends on the order of visits. */
#include <math.h>

#include "mine/mining.h"
#include "mine/pool.h"

static opsig_status search_sequences(struct ops_mining *mining, opsig_error *err)
{
    const opsig_mine_options *options = mining->options;
    struct ops_testable *testable = NULL;
    opsig_status status = ops_testable_new(&testable, mining->design,
                                           ops_select_log_level(options->alpha), err);
    if (status == OPSIG_OK) {
        const struct ops_explore_bounds bounds = {.min_support = mining->min_support,
                                                  .max_length = options->max_length,
                                                  .max_patterns = options->max_patterns,
                                                  .testable = testable,
                                                  .cancel = options->cancel};
        status = ops_classes_add_sequences(mining->classes, mining->field, &bounds, err);
    }
    ops_testable_free(testable);
    return status;
}

static struct ops_subgraph_bounds subgraph_bounds(const struct ops_mining *mining,
                                                  const struct ops_testable *testable)
{
    const opsig_mine_options *options = mining->options;
    const uint32_t most = OPSIG_PATTERN_MAX_VERTICES - 1;
    const unsigned n = options->n_threads < 1 ? 1 : options->n_threads;
    return (struct ops_subgraph_bounds){
        .min_support = mining->min_support,
        .max_edges = options->max_edges == 0 || options->max_edges > most ? most
                                                                          : options->max_edges,
        .max_patterns = options->max_patterns,
        .max_memory = options->max_memory,
        .n_threads = n < OPS_POOL_MAX_THREADS ? n : OPS_POOL_MAX_THREADS,
        .testable = testable,
        .cancel = options->cancel};
}

/** Searches a network with what is testable at a level. */
static opsig_status search_network(struct ops_classes *classes, const struct ops_mining *mining,
                                   const struct ops_raw_network *raw,
                                   const struct ops_network *network, uint32_t max_edges,
                                   double log_level, opsig_error *err)
{
    struct ops_testable *testable = NULL;
    opsig_status status = ops_testable_new(&testable, mining->design, log_level, err);
    if (status == OPSIG_OK) {
        const bool with_sequences = (mining->options->kind & OPSIG_MINE_SEQUENCES) != 0;
        struct ops_subgraph_bounds bounds = subgraph_bounds(mining, testable);
        bounds.max_edges = max_edges < bounds.max_edges ? max_edges : bounds.max_edges;
        status = ops_classes_add_subgraphs(classes, raw, network, &bounds,
                                           with_sequences ? mining->options->max_length : 0, err);
    }
    ops_testable_free(testable);
    return status;
}

/** What a subgraph's p-value must be able to reach, given the sequences or, without them, the
 *  subgraphs of few edges. */
static opsig_status find_level(double *out_log_level, const struct ops_mining *mining,
                               const struct ops_raw_network *raw,
                               const struct ops_network *network,
                               const struct ops_select_options *select, opsig_error *err)
{
    enum { FEW_EDGES = 2 };
    opsig_status status = OPSIG_OK;
    struct ops_classes *first = NULL;
    if ((mining->options->kind & OPSIG_MINE_SEQUENCES) != 0) {
        return ops_select_bound(out_log_level, mining->classes, mining->design, select, err);
    }
    TRY(ops_classes_new(&first, mining->field->symbols, mining->field->n_models, err));
    TRY(search_network(first, mining, raw, network, FEW_EDGES, log(select->alpha), err));
    TRY(ops_select_bound(out_log_level, first, mining->design, select, err));
done:
    ops_classes_free(first);
    return status;
}

static opsig_status search_subgraphs(struct ops_mining *mining,
                                     const struct ops_select_options *select, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_mine_options *options = mining->options;
    struct ops_raw_network *raw = NULL;
    struct ops_network *network = NULL;
    double log_level = 0;
    TRY(ops_raw_network_new(&raw, mining->corpus, options->alphabet, options->edge_slots, err));
    TRY(ops_network_new(&network, raw, options->undirected, mining->min_support, err));
    TRY(find_level(&log_level, mining, raw, network, select, err));
    TRY(search_network(mining->classes, mining, raw, network, UINT32_MAX, log_level, err));
done:
    ops_network_free(network);
    ops_raw_network_free(raw);
    return status;
}

opsig_status ops_mining_search(struct ops_mining *mining, const struct ops_select_options *select,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_mine_options *options = mining->options;
    TRY(ops_mine_field_new(&mining->field, mining->corpus, options->alphabet, err));
    TRY(ops_classes_new(&mining->classes, mining->field->symbols, mining->field->n_models, err));
    if ((options->kind & OPSIG_MINE_SEQUENCES) != 0) {
        TRY(search_sequences(mining, err));
    }
    if ((options->kind & OPSIG_MINE_SUBGRAPHS) != 0) {
        TRY(search_subgraphs(mining, select, err));
    }
done:
    return status;
}
