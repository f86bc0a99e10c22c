/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Node names hardly ever repeat, so interning all of them would be work for nothing. A first pass
 * sets a bit for each name's hash and a second bit where the first was set already; only names
 * with a second bit, the repeated ones and a few per cent that collide, are then interned. A file
 * that makes names collide on purpose gets them all interned: the result is the same. */
#include "graph/names.h"

#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "graph/walk.h"

struct filter {
    uint64_t *once, *again; /* bits */
    uint32_t *bit_of;       /* by vertex */
    uint64_t mask;          /* number of bits - 1 */
};

static bool counts(const struct onnx_node *node)
{
    return node->name[0] != '\0' && node->scope[0] == '\0';
}

static uint64_t hash_of(const char *name)
{
    const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 over the golden ratio */
    size_t len = strlen(name);
    uint64_t hash = len;
    for (; len > 0; len -= len < 8 ? len : 8) {
        uint64_t word = 0;
        memcpy(&word, name, len < 8 ? len : 8);
        name += len < 8 ? len : 8;
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    return hash;
}

static bool has(const uint64_t *bits, uint64_t i)
{
    return (bits[i / 64] >> (i % 64) & 1) != 0;
}

static void set(uint64_t *bits, uint64_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static void fill(struct filter *filter, const struct ops_opgraph *graph)
{
    for (size_t v = 0; v < graph->vertices.len; v++) {
        const struct onnx_node *const node = graph->vertices.items[v].node;
        if (counts(node)) {
            const uint64_t bit = hash_of(node->name) & filter->mask;
            filter->bit_of[v] = (uint32_t)bit;
            set(has(filter->once, bit) ? filter->again : filter->once, bit);
        }
    }
}

static opsig_status intern_rest(const struct filter *filter, const struct ops_opgraph *graph,
                                struct ops_intern *names, struct ops_tally *tally, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t v = 0; v < graph->vertices.len; v++) {
        if (!has(filter->again, filter->bit_of[v])) {
            continue;
        }
        const struct onnx_node *const node = graph->vertices.items[v].node;
        if (!counts(node)) {
            continue; /* its bit is not its own */
        }
        const uint32_t n_known = ops_intern_count(names);
        uint32_t id;
        TRY(ops_intern_put(names, node->name, strlen(node->name), &id, err));
        if (id < n_known) {
            ops_tally_count(tally, OPS_REPEATED_NAME, v, OPS_NO_VALUE);
        }
    }
done:
    return status;
}

opsig_status ops_names_count(const struct ops_opgraph *graph, struct ops_tally *tally,
                             opsig_error *err)
{
    enum { BITS_PER_NAME = 16 };
    opsig_status status = OPSIG_OK;
    struct ops_intern *names = NULL;
    const uint64_t most = UINT64_C(1) << 32;
    uint64_t n_bits = 64;
    while (n_bits < most && n_bits < (uint64_t)graph->vertices.len * BITS_PER_NAME) {
        n_bits *= 2;
    }
    struct filter filter = {.mask = n_bits - 1};
    filter.once = ops_mem_zalloc((size_t)(n_bits / 64), sizeof *filter.once);
    filter.again = ops_mem_zalloc((size_t)(n_bits / 64), sizeof *filter.again);
    filter.bit_of = ops_mem_zalloc(graph->vertices.len, sizeof *filter.bit_of);
    if (filter.once == NULL || filter.again == NULL || filter.bit_of == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(ops_intern_new(&names, err));
    fill(&filter, graph);
    TRY(intern_rest(&filter, graph, names, tally, err));
done:
    ops_intern_free(names);
    ops_mem_free(filter.bit_of);
    ops_mem_free(filter.again);
    ops_mem_free(filter.once);
    return status;
}
