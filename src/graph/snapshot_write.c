/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A block is written where it stays: the arrays whose lengths are known lie in front, the text
 * grows behind them, and the symbols, whose number is known last, close it. Edges are in order
 * already, so successors are a copy and predecessors one counting pass. While the text is being
 * written, the arrays of op_types hold the numbers of operators instead of offsets. */
#include "graph/snapshot_write.h"

#include <stdlib.h>
#include <string.h>

#include "graph/alphabet.h"
#include "graph/snapshot_layout.h"

struct kind_text {
    uint32_t domain, op_type; /* offsets */
};

struct opset {
    const char *domain;
    int64_t version;
    size_t place; /* in the file */
};

struct writer {
    struct ops_opgraph *graph;
    struct ops_speller *speller;
    struct ops_block_header header;
    size_t at[OPS_N_SECTIONS + 1];
    struct ops_buffer block;
    OPS_VEC(struct opset) opsets;
};

/** An array of the block; valid until text is added. */
static uint32_t *array(const struct writer *w, enum ops_section section)
{
    return (void *)(w->block.bytes + w->at[section]);
}

static uint32_t text_end(const struct writer *w)
{
    return (uint32_t)(w->block.len - w->at[OPS_AT_TEXT]);
}

static uint32_t put_string(struct writer *w, const char *string)
{
    const uint32_t start = text_end(w);
    if (string[0] == '\0') {
        return 0; /* the text begins with an empty string */
    }
    ops_buffer_add(&w->block, string, strlen(string) + 1);
    return start;
}

static int by_domain(const void *a, const void *b)
{
    const struct opset *const x = a;
    const struct opset *const y = b;
    const int order = strcmp(x->domain, y->domain);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/** Opset imports by domain; of several for one domain the last counts. */
static opsig_status order_opsets(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_model *const model = w->graph->model;
    TRY(ops_vec_reserve(&w->opsets, model->n_opsets, err));
    struct opset *const opsets = w->opsets.items;
    for (size_t i = 0; i < model->n_opsets; i++) {
        const char *const domain = model->opsets[i].domain;
        opsets[i] = (struct opset){.domain = strcmp(domain, "ai.onnx") == 0 ? "" : domain,
                                   .version = model->opsets[i].version,
                                   .place = i};
    }
    if (model->n_opsets > 1) {
        qsort(opsets, model->n_opsets, sizeof *opsets, by_domain);
    }
    for (size_t i = 0; i < model->n_opsets; i++) {
        if (i + 1 == model->n_opsets || strcmp(opsets[i].domain, opsets[i + 1].domain) != 0) {
            opsets[w->opsets.len++] = opsets[i];
        }
    }
done:
    return status;
}

static uint32_t count_pairs(const struct ops_opgraph *graph)
{
    uint32_t n = 0;
    for (size_t e = 0; e < graph->edges.len; e++) {
        const struct ops_edge *const edge = &graph->edges.items[e];
        n += e == 0 || edge[-1].from != edge->from || edge[-1].to != edge->to;
    }
    return n;
}

/** Counts what is known before the text, and makes the front of the block, zeros. */
static opsig_status begin_block(struct writer *w, opsig_error *err)
{
    enum { USUAL_NAME = 48 };
    opsig_status status = OPSIG_OK;
    const struct ops_opgraph *const graph = w->graph;
    w->header = (struct ops_block_header){
        .ir_version = graph->model->ir_version,
        .n_vertices = (uint32_t)graph->vertices.len,
        .n_edges = count_pairs(graph),
        .n_parallel_edges = (uint32_t)graph->edges.len,
        .n_main_nodes = (uint32_t)graph->model->graph->n_nodes,
        .n_functions = (uint32_t)graph->model->n_functions,
        .n_opsets = (uint32_t)w->opsets.len,
        .n_notes = (uint32_t)(graph->model->n_notes + graph->notes.len),
    };
    TRY(ops_block_layout(&w->header, w->at, err));
    const uint64_t limit = graph->limits->max_memory;
    const size_t front = w->at[OPS_AT_TEXT];
    ops_buffer_init(&w->block, front + (limit < UINT32_MAX ? (size_t)limit : UINT32_MAX));
    w->block.cap = front + (graph->vertices.len + 1) * USUAL_NAME;
    w->block.bytes = ops_mem_zalloc(w->block.cap, 1);
    if (w->block.bytes == NULL) {
        return ops_error_nomem(err);
    }
    w->block.len = front;
    ops_buffer_add(&w->block, "", 1);
done:
    return status;
}

static opsig_status write_vertex(struct writer *w, uint32_t v, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_vertex *const vertex = &w->graph->vertices.items[v];
    const uint32_t label = text_end(w);
    uint32_t kind;
    uint32_t symbols[OPS_N_ALPHABETS];
    TRY(ops_deadline_check(&w->graph->deadline, err));
    TRY(ops_speller_kind(w->speller, vertex->node, &kind, err));
    TRY(ops_speller_symbols(w->speller, vertex->node, kind, vertex->used, symbols, err));
    ops_opgraph_put_label(&w->block, w->graph, v);
    ops_buffer_add(&w->block, "", 1);
    TRY(ops_buffer_status(&w->block, err));
    array(w, OPS_AT_OP_TYPE)[v] = kind;
    array(w, OPS_AT_SYMBOL_OP)[v] = symbols[OPSIG_ALPHABET_OP];
    array(w, OPS_AT_SYMBOL_OP_ATTR)[v] = symbols[OPSIG_ALPHABET_OP_ATTR];
    array(w, OPS_AT_DEPTH)[v] = vertex->depth;
    array(w, OPS_AT_N_GIVEN)[v] = vertex->n_given;
    array(w, OPS_AT_N_RESULTS)[v] = vertex->n_results;
    array(w, OPS_AT_LABEL)[v] = label;
    array(w, OPS_AT_NAME)[v] = vertex->node->name[0] != '\0' ? label : 0;
done:
    return status;
}

/** The operators of the main graph as the file lists them: where no function was expanded, those
 *  of its vertices. */
static opsig_status write_main(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct onnx_graph *const main = w->graph->model->graph;
    uint32_t v = 0;
    for (size_t i = 0; i < main->n_nodes; i++) {
        uint32_t kind;
        if (main == w->graph->main) {
            kind = array(w, OPS_AT_OP_TYPE)[v];
            v = w->graph->vertices.items[v].end;
        } else {
            TRY(ops_deadline_check(&w->graph->deadline, err));
            TRY(ops_speller_kind(w->speller, &main->nodes[i], &kind, err));
        }
        array(w, OPS_AT_MAIN_OP_TYPE)[i] = kind;
    }
done:
    return status;
}

/** The names of operators, once each, and their offsets in place of their numbers. */
static opsig_status write_kinds(struct writer *w, opsig_error *err)
{
    const uint32_t n = ops_speller_n_kinds(w->speller);
    const struct ops_kind *const kinds = ops_speller_kinds(w->speller);
    struct kind_text *const texts = ops_mem_resize(NULL, n, sizeof *texts);
    if (texts == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t i = 0; i < n; i++) {
        texts[i] = (struct kind_text){.domain = put_string(w, kinds[i].domain),
                                      .op_type = put_string(w, kinds[i].op_type)};
    }
    for (uint32_t v = 0; v < w->header.n_vertices; v++) {
        uint32_t *const op_type = &array(w, OPS_AT_OP_TYPE)[v];
        array(w, OPS_AT_DOMAIN)[v] = texts[*op_type].domain;
        *op_type = texts[*op_type].op_type;
    }
    for (uint32_t i = 0; i < w->header.n_main_nodes; i++) {
        uint32_t *const op_type = &array(w, OPS_AT_MAIN_OP_TYPE)[i];
        *op_type = texts[*op_type].op_type;
    }
    ops_mem_free(texts);
    return OPSIG_OK;
}

static void write_opsets(struct writer *w)
{
    for (uint32_t i = 0; i < w->header.n_opsets; i++) {
        const struct opset *const opset = &w->opsets.items[i];
        const uint32_t domain = put_string(w, opset->domain);
        array(w, OPS_AT_OPSET_DOMAIN)[i] = domain;
        memcpy(w->block.bytes + w->at[OPS_AT_OPSET_VERSION] + i * sizeof opset->version,
               &opset->version, sizeof opset->version);
    }
}

static void write_notes(struct writer *w)
{
    const opsig_model *const model = w->graph->model;
    for (uint32_t i = 0; i < w->header.n_notes; i++) {
        const uint32_t note = put_string(
            w, i < model->n_notes ? model->notes[i] : w->graph->notes.items[i - model->n_notes]);
        array(w, OPS_AT_NOTE)[i] = note;
    }
}

static void write_producer(struct writer *w)
{
    const opsig_model *const model = w->graph->model;
    w->header.producer = text_end(w);
    ops_buffer_puts(&w->block, model->producer_name);
    if (model->producer_name[0] != '\0' && model->producer_version[0] != '\0') {
        ops_buffer_puts(&w->block, " ");
    }
    ops_buffer_add(&w->block, model->producer_version, strlen(model->producer_version) + 1);
}

/** The symbols, and behind the text their offsets. */
static opsig_status write_symbols(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_intern *const symbols = ops_speller_table(w->speller);
    OPS_VEC(uint32_t) offsets = {0};
    const uint32_t n = ops_intern_count(symbols);
    for (uint32_t i = 0; i < n; i++) {
        TRY(ops_vec_push(&offsets, put_string(w, ops_intern_text(symbols, i)), err));
    }
    w->header.n_symbols = n;
    w->header.text_size = text_end(w);
    w->header.facts_size = w->graph->facts.len;
    TRY(ops_block_layout(&w->header, w->at, err));
    ops_buffer_add(&w->block, "\0\0\0", w->at[OPS_AT_SYMBOL_TEXT] - w->block.len);
    for (uint32_t i = 0; i < n; i++) {
        ops_buffer_add(&w->block, (const void *)&offsets.items[i], sizeof offsets.items[i]);
    }
done:
    ops_vec_dispose(&offsets);
    return status;
}

/** The facts, where there are any: the end of the block. */
static void write_facts(struct writer *w)
{
    static const char zeros[sizeof(uint64_t)] = {0};
    if (ops_buffer_status(&w->block, NULL) == OPSIG_OK) {
        ops_buffer_add(&w->block, zeros, w->at[OPS_AT_FACTS] - w->block.len);
        ops_buffer_add(&w->block, w->graph->facts.bytes, w->graph->facts.len);
    }
    w->header.size = w->at[OPS_N_SECTIONS];
}

static void fill_successors(const struct writer *w)
{
    const struct ops_edge *const edges = w->graph->edges.items;
    uint32_t *const begin = array(w, OPS_AT_SUCC_BEGIN);
    for (uint32_t e = 0; e < w->header.n_parallel_edges; e++) {
        array(w, OPS_AT_SUCC)[e] = edges[e].to;
        array(w, OPS_AT_OUT_SLOT)[e] = edges[e].output_slot;
        array(w, OPS_AT_IN_SLOT)[e] = edges[e].input_slot;
        begin[edges[e].from + 1]++;
    }
    for (uint32_t v = 0; v < w->header.n_vertices; v++) {
        begin[v + 1] += begin[v];
    }
}

/** Edges come by ascending source, so each vertex's predecessors do. Counts stand two places
 *  further on, so that the next free place of v is begin[v + 1] while it is filled. */
static void fill_predecessors(const struct writer *w)
{
    const struct ops_edge *const edges = w->graph->edges.items;
    const uint32_t n_vertices = w->header.n_vertices;
    uint32_t *const begin = array(w, OPS_AT_PRED_BEGIN);
    for (uint32_t e = 0; e < w->header.n_parallel_edges; e++) {
        if (edges[e].to + 2 <= n_vertices) {
            begin[edges[e].to + 2]++;
        }
    }
    for (uint32_t v = 0; v + 1 < n_vertices; v++) {
        begin[v + 2] += begin[v + 1];
    }
    for (uint32_t e = 0; e < w->header.n_parallel_edges; e++) {
        array(w, OPS_AT_PRED)[begin[edges[e].to + 1]++] = edges[e].from;
    }
}

static opsig_status write_block(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_speller_new(&w->speller, w->graph->model, err));
    TRY(order_opsets(w, err));
    TRY(begin_block(w, err));
    for (uint32_t v = 0; v < w->header.n_vertices; v++) {
        TRY(write_vertex(w, v, err));
    }
    TRY(write_main(w, err));
    TRY(write_kinds(w, err));
    write_opsets(w);
    write_notes(w);
    write_producer(w);
    TRY(ops_buffer_status(&w->block, err));
    TRY(write_symbols(w, err));
    write_facts(w);
    TRY(ops_buffer_status(&w->block, err));
    fill_successors(w);
    fill_predecessors(w);
    memcpy(w->block.bytes, &w->header, sizeof w->header);
done:
    return status;
}

opsig_status ops_snapshot_write(opsig_graph **out, struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct writer w = {.graph = graph};
    *out = NULL;
    TRY(write_block(&w, err));
    char *const block = ops_buffer_take(&w.block);
    char *const fitting = ops_mem_resize(block, w.header.size, 1);
    TRY(ops_snapshot_attach(out, fitting != NULL ? fitting : block, w.header.size, err));
done:
    ops_speller_free(w.speller);
    ops_buffer_dispose(&w.block);
    ops_vec_dispose(&w.opsets);
    return status;
}
