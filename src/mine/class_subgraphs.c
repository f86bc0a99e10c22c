/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subgraphs into classes. Each thread groups what it visits by itself; the groups are joined at the
 * end, where the smallest and the largest of two threads' patterns are again those of the class. */
#include <string.h>

#include "base/mem.h"
#include "mine/classes.h"

struct grouping {
    struct ops_classes *classes;
    const struct ops_network *network;
    uint32_t longest;
    uint32_t *symbol; /* by id in the raw network: id in the classes' symbols */
    unsigned n_shares;
    struct ops_classes **shares; /* by worker */
};

/** Writes the walk from source to sink of a directed path without edge labels; false for any other
 *  pattern. */
static bool unroll(struct ops_code code, struct ops_step *out)
{
    uint32_t symbol[OPSIG_PATTERN_MAX_VERTICES];
    uint8_t next[OPSIG_PATTERN_MAX_VERTICES];
    uint64_t entered = 0;
    memset(next, 0xff, sizeof next);
    for (size_t k = 0; k < code.n_steps; k++) {
        const struct ops_step *step = &code.steps[k];
        if (step->symbol == OPS_NO_SYMBOL || step->label != 0 || step->dir == OPS_CODE_BOTH) {
            return false;
        }
        symbol[step->to] = step->symbol;
        if (k > 0) {
            const bool out_of_from = step->dir == OPS_CODE_OUT;
            const uint8_t tail = out_of_from ? step->from : step->to;
            const uint8_t head = out_of_from ? step->to : step->from;
            if (next[tail] != UINT8_MAX || (entered >> head & 1) != 0) {
                return false;
            }
            next[tail] = head;
            entered |= UINT64_C(1) << head;
        }
    }
    uint8_t at = (uint8_t)__builtin_ctzll(~entered);
    for (size_t k = 0; k < code.n_steps; k++) {
        out[k] = ops_code_sequence_step(k, symbol[at]);
        at = next[at];
    }
    return true;
}

static opsig_status group(const struct ops_subgraph_visit *visit, void *payload, opsig_error *err)
{
    const struct grouping *grouping = payload;
    struct ops_step steps[OPS_CODE_MAX_STEPS];
    struct ops_step walk[OPS_CODE_MAX_STEPS];
    struct ops_code code = {steps, visit->code.n_steps};
    ops_network_translate(grouping->network, visit->code, steps);
    for (size_t k = 0; k < code.n_steps; k++) {
        if (steps[k].symbol != OPS_NO_SYMBOL) {
            steps[k].symbol = grouping->symbol[steps[k].symbol];
        }
    }
    if (unroll(code, walk)) {
        if (code.n_steps <= grouping->longest) {
            return OPSIG_OK;
        }
        code.steps = walk;
    }
    return ops_classes_add(grouping->shares[visit->worker], code, visit->models, visit->support,
                           err);
}

static opsig_status grouping_init(struct grouping *grouping, const struct ops_raw_network *raw,
                                  unsigned n_threads, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_classes *classes = grouping->classes;
    const uint32_t n_symbols = ops_intern_count(raw->symbols);
    grouping->symbol = ops_mem_zalloc(n_symbols, sizeof *grouping->symbol);
    grouping->shares = ops_mem_zalloc(n_threads, sizeof *grouping->shares);
    TRY(grouping->symbol != NULL && grouping->shares != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t id = 0; id < n_symbols; id++) {
        grouping->symbol[id] =
            ops_intern_find(classes->symbols, ops_intern_text(raw->symbols, id),
                            ops_intern_len(raw->symbols, id));
    }
    for (; grouping->n_shares < n_threads; grouping->n_shares++) {
        TRY(ops_classes_new(&grouping->shares[grouping->n_shares], classes->symbols,
                            classes->n_models, err));
    }
done:
    return status;
}

static void grouping_dispose(struct grouping *grouping)
{
    for (unsigned i = 0; i < grouping->n_shares; i++) {
        ops_classes_free(grouping->shares[i]);
    }
    ops_mem_free(grouping->shares);
    ops_mem_free(grouping->symbol);
}

opsig_status ops_classes_add_subgraphs(struct ops_classes *classes,
                                       const struct ops_raw_network *raw,
                                       const struct ops_network *network,
                                       const struct ops_subgraph_bounds *bounds, uint32_t longest,
                                       opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t first = classes->classes.len;
    struct grouping grouping = {.classes = classes, .network = network, .longest = longest};
    TRY(grouping_init(&grouping, raw, bounds->n_threads, err));
    TRY(ops_subgraph_explore(network, bounds, group, &grouping, err));
    for (unsigned i = 0; i < grouping.n_shares; i++) {
        TRY(ops_classes_join(classes, grouping.shares[i], err));
    }
    TRY(ops_classes_order(classes, first, err));
done:
    grouping_dispose(&grouping);
    return status;
}
