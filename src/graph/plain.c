/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The block is written front to back in one buffer: the text is made first, so that all counts are
 * known, then the arrays go to their places. */
#include "graph/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "base/sort.h"
#include "graph/snapshot_layout.h"

struct writer {
    const struct ops_plain_graph *graph;
    struct ops_block_header header;
    struct ops_buffer text;
    uint32_t *used;  /* ids of the symbols in the graph, ascending */
    uint32_t *texts; /* of the symbols, then of the vertices' numbers: offsets */
    size_t at[OPS_N_SECTIONS + 1];
    char *block;
};

static int compare_edges(const void *a, const void *b)
{
    const struct ops_plain_edge *x = a;
    const struct ops_plain_edge *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to < y->to ? -1 : 1;
    }
    return (x->label > y->label) - (x->label < y->label);
}

static void order_edges(const struct ops_plain_graph *graph)
{
    bool sorted = true;
    for (uint32_t e = 1; e < graph->n_edges; e++) {
        sorted = sorted && compare_edges(&graph->edges[e - 1], &graph->edges[e]) <= 0;
    }
    if (!sorted) {
        qsort(graph->edges, graph->n_edges, sizeof *graph->edges, compare_edges);
    }
}

static uint32_t count_pairs(const struct ops_plain_graph *graph)
{
    uint32_t n = 0;
    for (uint32_t e = 0; e < graph->n_edges; e++) {
        const struct ops_plain_edge *edge = &graph->edges[e];
        n += e == 0 || edge[-1].from != edge->from || edge[-1].to != edge->to;
    }
    return n;
}

/** Lists the symbols that occur. */
static opsig_status list_symbols(struct writer *w, opsig_error *err)
{
    const uint32_t n = w->graph->n_vertices;
    w->used = ops_mem_zalloc(n, sizeof *w->used);
    w->texts = ops_mem_zalloc(2 * (size_t)n, sizeof *w->texts);
    if (w->used == NULL || w->texts == NULL) {
        return ops_error_nomem(err);
    }
    if (n > 0) {
        memcpy(w->used, w->graph->symbol, n * sizeof *w->used);
        ops_sort_u32(w->used, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (w->header.n_symbols == 0 || w->used[w->header.n_symbols - 1] != w->used[i]) {
            w->used[w->header.n_symbols++] = w->used[i];
        }
    }
    return OPSIG_OK;
}

static opsig_status write_text(struct writer *w, opsig_error *err)
{
    uint32_t *text = w->texts;
    ops_buffer_add(&w->text, "", 1);
    for (uint32_t s = 0; s < w->header.n_symbols; s++) {
        *text++ = (uint32_t)w->text.len;
        ops_buffer_add(&w->text, ops_intern_text(w->graph->symbols, w->used[s]),
                       ops_intern_len(w->graph->symbols, w->used[s]) + 1);
    }
    for (uint32_t v = 0; v < w->graph->n_vertices; v++) {
        *text++ = (uint32_t)w->text.len;
        ops_buffer_printf(&w->text, "%u", v);
        ops_buffer_add(&w->text, "", 1);
    }
    w->header.text_size = w->text.len;
    return ops_buffer_status(&w->text, err);
}

static uint32_t *array(const struct writer *w, enum ops_section section)
{
    return (void *)(w->block + w->at[section]);
}

static void write_vertices(const struct writer *w)
{
    const uint32_t n_symbols = w->header.n_symbols;
    for (uint32_t v = 0; v < w->header.n_vertices; v++) {
        const uint32_t s = (uint32_t)ops_find_u32(w->used, n_symbols, w->graph->symbol[v]);
        array(w, OPS_AT_SYMBOL_OP)[v] = array(w, OPS_AT_SYMBOL_OP_ATTR)[v] = s;
        array(w, OPS_AT_OP_TYPE)[v] = w->texts[s];
        array(w, OPS_AT_LABEL)[v] = w->texts[n_symbols + v];
    }
    for (uint32_t s = 0; s < n_symbols; s++) {
        array(w, OPS_AT_SYMBOL_TEXT)[s] = w->texts[s];
    }
}

/** As in snapshot_write.c: counts stand one and two places further on. */
static void write_edges(const struct writer *w)
{
    const uint32_t n = w->header.n_vertices;
    uint32_t *succ_begin = array(w, OPS_AT_SUCC_BEGIN);
    uint32_t *pred_begin = array(w, OPS_AT_PRED_BEGIN);
    for (uint32_t e = 0; e < w->graph->n_edges; e++) {
        const struct ops_plain_edge *edge = &w->graph->edges[e];
        array(w, OPS_AT_SUCC)[e] = edge->to;
        array(w, OPS_AT_IN_SLOT)[e] = edge->label;
        succ_begin[edge->from + 1]++;
        if (edge->to + 2 <= n) {
            pred_begin[edge->to + 2]++;
        }
    }
    for (uint32_t v = 0; v < n; v++) {
        succ_begin[v + 1] += succ_begin[v];
        pred_begin[v + 1] += pred_begin[v];
    }
    for (uint32_t e = 0; e < w->graph->n_edges; e++) {
        const struct ops_plain_edge *edge = &w->graph->edges[e];
        array(w, OPS_AT_PRED)[pred_begin[edge->to + 1]++] = edge->from;
    }
}

static opsig_status write_block(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    order_edges(w->graph);
    w->header.n_edges = count_pairs(w->graph);
    TRY(list_symbols(w, err));
    TRY(write_text(w, err));
    TRY(ops_block_layout(&w->header, w->at, err));
    w->header.size = w->at[OPS_N_SECTIONS];
    w->block = ops_mem_zalloc((size_t)w->header.size, 1);
    TRY(w->block != NULL ? OPSIG_OK : ops_error_nomem(err));
    memcpy(w->block, &w->header, sizeof w->header);
    memcpy(w->block + w->at[OPS_AT_TEXT], w->text.bytes, w->text.len);
    write_vertices(w);
    write_edges(w);
done:
    return status;
}

opsig_status ops_plain_snapshot(opsig_graph **out, const struct ops_plain_graph *graph,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct writer w = {.graph = graph,
                       .header = {.n_vertices = graph->n_vertices,
                                  .n_parallel_edges = graph->n_edges}};
    *out = NULL;
    ops_buffer_init(&w.text, UINT32_MAX);
    TRY(write_block(&w, err));
    char *const block = w.block;
    w.block = NULL;
    TRY(ops_snapshot_attach(out, block, (size_t)w.header.size, err));
done:
    ops_mem_free(w.block);
    ops_mem_free(w.used);
    ops_mem_free(w.texts);
    ops_buffer_dispose(&w.text);
    return status;
}
