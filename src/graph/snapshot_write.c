/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text comes first: operators once each, names, labels, notes, symbols. Their offsets and the
 * symbols wait in arrays until the counts are known that give the block its layout; then
 * everything is put in its place. Edges are in order already, so successors are a copy and
 * predecessors one counting pass. */
#include "graph/snapshot_write.h"

#include <stdlib.h>
#include <string.h>

#include "graph/alphabet.h"
#include "graph/snapshot_layout.h"

/** What the text says of one vertex, or of one operator: offsets. */
struct vertex_text {
    uint32_t kind, name, label;
    uint32_t symbols[OPS_N_ALPHABETS];
};

struct kind_text {
    uint32_t domain, op_type;
};

struct opset {
    const char *domain;
    int64_t version;
    size_t place; /* in the file */
    uint32_t text;
};

struct writer {
    struct ops_opgraph *graph;
    struct ops_speller *speller;
    struct ops_buffer text;
    struct ops_block_header header;
    struct vertex_text *vertices;
    uint32_t *main_kinds; /* of main-graph nodes before expansion */
    OPS_VEC(struct kind_text) kinds;
    OPS_VEC(struct opset) opsets;
    OPS_VEC(uint32_t) notes, symbols;
    char *block;
    size_t at[OPS_N_SECTIONS + 1];
};

/** Ends the string that was added since `start`; its offset. */
static uint32_t end_string(struct writer *w, size_t start)
{
    ops_buffer_add(&w->text, "", 1);
    return (uint32_t)start;
}

static uint32_t put_string(struct writer *w, const char *string)
{
    const size_t start = w->text.len;
    if (string[0] == '\0') {
        return 0; /* the text begins with an empty string */
    }
    ops_buffer_puts(&w->text, string);
    return end_string(w, start);
}

static opsig_status write_vertex(struct writer *w, uint32_t v, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct onnx_node *const node = w->graph->vertices.items[v].node;
    struct vertex_text *const out = &w->vertices[v];
    const size_t start = w->text.len;
    TRY(ops_deadline_check(&w->graph->deadline, err));
    TRY(ops_speller_kind(w->speller, node, &out->kind, err));
    TRY(ops_speller_symbols(w->speller, node, out->kind, out->symbols, err));
    ops_opgraph_put_label(&w->text, w->graph, v);
    out->label = end_string(w, start);
    out->name = node->name[0] != '\0' ? out->label : 0;
    TRY(ops_buffer_status(&w->text, err));
done:
    return status;
}

static opsig_status write_vertices(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n = w->graph->vertices.len;
    w->header.n_vertices = (uint32_t)n;
    w->vertices = ops_mem_resize(NULL, n, sizeof *w->vertices);
    if (w->vertices == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t v = 0; v < n; v++) {
        TRY(write_vertex(w, v, err));
    }
done:
    return status;
}

/** The operators of the main graph as the file lists them: where no function was expanded, those
 *  of its vertices. */
static opsig_status write_main(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct onnx_graph *const main = w->graph->model->graph;
    if (main->n_nodes > w->graph->limits->max_nodes) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "more than %u nodes before function expansion (--max-nodes)",
                             w->graph->limits->max_nodes);
    }
    w->header.n_main_nodes = (uint32_t)main->n_nodes;
    w->main_kinds = ops_mem_resize(NULL, main->n_nodes, sizeof *w->main_kinds);
    if (w->main_kinds == NULL) {
        return ops_error_nomem(err);
    }
    uint32_t v = 0;
    for (size_t i = 0; i < main->n_nodes; i++) {
        if (main == w->graph->main) {
            w->main_kinds[i] = w->vertices[v].kind;
            v = w->graph->vertices.items[v].end;
        } else {
            TRY(ops_deadline_check(&w->graph->deadline, err));
            TRY(ops_speller_kind(w->speller, &main->nodes[i], &w->main_kinds[i], err));
        }
    }
done:
    return status;
}

static int by_domain(const void *a, const void *b)
{
    const struct opset *const x = a;
    const struct opset *const y = b;
    const int order = strcmp(x->domain, y->domain);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/** Opset imports by domain; of several for one domain the last counts. */
static opsig_status write_opsets(struct writer *w, opsig_error *err)
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
            opsets[w->opsets.len] = opsets[i];
            opsets[w->opsets.len++].text = put_string(w, opsets[i].domain);
        }
    }
    w->header.n_opsets = (uint32_t)w->opsets.len;
done:
    return status;
}

static opsig_status write_notes(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_model *const model = w->graph->model;
    for (size_t i = 0; i < model->n_notes; i++) {
        TRY(ops_vec_push(&w->notes, put_string(w, model->notes[i]), err));
    }
    for (size_t i = 0; i < w->graph->notes.len; i++) {
        TRY(ops_vec_push(&w->notes, put_string(w, w->graph->notes.items[i]), err));
    }
    w->header.n_notes = (uint32_t)w->notes.len;
done:
    return status;
}

static void write_producer(struct writer *w)
{
    const opsig_model *const model = w->graph->model;
    const size_t start = w->text.len;
    ops_buffer_puts(&w->text, model->producer_name);
    if (model->producer_version[0] != '\0') {
        ops_buffer_puts(&w->text, model->producer_name[0] != '\0' ? " " : "");
        ops_buffer_puts(&w->text, model->producer_version);
    }
    w->header.producer = end_string(w, start);
}

/** Operators and symbols, once each. */
static opsig_status write_tables(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_kind *const kinds = ops_speller_kinds(w->speller);
    for (uint32_t i = 0; i < ops_speller_n_kinds(w->speller); i++) {
        const struct kind_text kind = {.domain = put_string(w, kinds[i].domain),
                                       .op_type = put_string(w, kinds[i].op_type)};
        TRY(ops_vec_push(&w->kinds, kind, err));
    }
    const struct ops_intern *const symbols = ops_speller_table(w->speller);
    for (uint32_t i = 0; i < ops_intern_count(symbols); i++) {
        TRY(ops_vec_push(&w->symbols, put_string(w, ops_intern_text(symbols, i)), err));
    }
    w->header.n_symbols = ops_intern_count(symbols);
done:
    return status;
}

static opsig_status write_text(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint64_t limit = w->graph->limits->max_memory;
    ops_buffer_init(&w->text, limit < UINT32_MAX ? (size_t)limit : UINT32_MAX);
    ops_buffer_add(&w->text, "", 1);
    TRY(ops_speller_new(&w->speller, w->graph->model, err));
    TRY(write_vertices(w, err));
    TRY(write_main(w, err));
    TRY(write_opsets(w, err));
    TRY(write_notes(w, err));
    TRY(write_tables(w, err));
    write_producer(w);
    TRY(ops_buffer_status(&w->text, err));
    w->header.text_size = w->text.len;
done:
    return status;
}

static uint32_t *array(const struct writer *w, enum ops_section section)
{
    return (void *)(w->block + w->at[section]);
}

static void fill_edges(const struct writer *w)
{
    const struct ops_edge *const edges = w->graph->edges.items;
    const uint32_t n = w->header.n_parallel_edges;
    uint32_t *const succ_begin = array(w, OPS_AT_SUCC_BEGIN);
    uint32_t *const pred_begin = array(w, OPS_AT_PRED_BEGIN);
    for (uint32_t e = 0; e < n; e++) {
        array(w, OPS_AT_SUCC)[e] = edges[e].to;
        array(w, OPS_AT_OUT_SLOT)[e] = edges[e].output_slot;
        array(w, OPS_AT_IN_SLOT)[e] = edges[e].input_slot;
        succ_begin[edges[e].from + 1]++;
        pred_begin[edges[e].to + 1]++;
    }
    for (uint32_t v = 0; v < w->header.n_vertices; v++) {
        succ_begin[v + 1] += succ_begin[v];
        pred_begin[v + 1] += pred_begin[v];
    }
}

/** Edges come by ascending source, so each vertex's predecessors do. */
static opsig_status fill_predecessors(const struct writer *w, opsig_error *err)
{
    const uint32_t n_vertices = w->header.n_vertices;
    uint32_t *const next = ops_mem_resize(NULL, (size_t)n_vertices + 1, sizeof *next);
    if (next == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(next, array(w, OPS_AT_PRED_BEGIN), ((size_t)n_vertices + 1) * sizeof *next);
    for (uint32_t e = 0; e < w->header.n_parallel_edges; e++) {
        const struct ops_edge *const edge = &w->graph->edges.items[e];
        array(w, OPS_AT_PRED)[next[edge->to]++] = edge->from;
    }
    ops_mem_free(next);
    return OPSIG_OK;
}

static void fill_vertices(const struct writer *w)
{
    for (uint32_t v = 0; v < w->header.n_vertices; v++) {
        const struct vertex_text *const text = &w->vertices[v];
        array(w, OPS_AT_SYMBOL_OP)[v] = text->symbols[OPSIG_ALPHABET_OP];
        array(w, OPS_AT_SYMBOL_OP_ATTR)[v] = text->symbols[OPSIG_ALPHABET_OP_ATTR];
        array(w, OPS_AT_DEPTH)[v] = w->graph->vertices.items[v].depth;
        array(w, OPS_AT_OP_TYPE)[v] = w->kinds.items[text->kind].op_type;
        array(w, OPS_AT_DOMAIN)[v] = w->kinds.items[text->kind].domain;
        array(w, OPS_AT_NAME)[v] = text->name;
        array(w, OPS_AT_LABEL)[v] = text->label;
    }
}

static void fill_rest(const struct writer *w)
{
    for (uint32_t i = 0; i < w->header.n_main_nodes; i++) {
        array(w, OPS_AT_MAIN_OP_TYPE)[i] = w->kinds.items[w->main_kinds[i]].op_type;
    }
    for (uint32_t i = 0; i < w->header.n_opsets; i++) {
        const struct opset *const opset = &w->opsets.items[i];
        array(w, OPS_AT_OPSET_DOMAIN)[i] = opset->text;
        memcpy(w->block + w->at[OPS_AT_OPSET_VERSION] + i * sizeof opset->version, &opset->version,
               sizeof opset->version);
    }
    for (uint32_t i = 0; i < w->header.n_symbols; i++) {
        array(w, OPS_AT_SYMBOL_TEXT)[i] = w->symbols.items[i];
    }
    for (uint32_t i = 0; i < w->header.n_notes; i++) {
        array(w, OPS_AT_NOTE)[i] = w->notes.items[i];
    }
    memcpy(w->block + w->at[OPS_AT_TEXT], w->text.bytes, w->text.len);
    memcpy(w->block, &w->header, sizeof w->header);
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

static opsig_status write_block(struct writer *w, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    w->header.ir_version = w->graph->model->ir_version;
    w->header.n_functions = (uint32_t)w->graph->model->n_functions;
    w->header.n_parallel_edges = (uint32_t)w->graph->edges.len;
    w->header.n_edges = count_pairs(w->graph);
    TRY(ops_block_layout(&w->header, w->at, err));
    w->header.size = w->at[OPS_N_SECTIONS];
    w->block = ops_mem_zalloc(w->at[OPS_N_SECTIONS], 1);
    if (w->block == NULL) {
        return ops_error_nomem(err);
    }
    fill_edges(w);
    TRY(fill_predecessors(w, err));
    fill_vertices(w);
    fill_rest(w);
done:
    return status;
}

static void dispose(struct writer *w)
{
    ops_speller_free(w->speller);
    ops_buffer_dispose(&w->text);
    ops_mem_free(w->vertices);
    ops_mem_free(w->main_kinds);
    ops_vec_dispose(&w->kinds);
    ops_vec_dispose(&w->opsets);
    ops_vec_dispose(&w->notes);
    ops_vec_dispose(&w->symbols);
    ops_mem_free(w->block);
}

opsig_status ops_snapshot_write(opsig_graph **out, struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct writer w = {.graph = graph};
    *out = NULL;
    TRY(write_text(&w, err));
    TRY(write_block(&w, err));
    char *const block = w.block;
    w.block = NULL;
    TRY(ops_snapshot_attach(out, block, w.at[OPS_N_SECTIONS], err));
done:
    dispose(&w);
    return status;
}
