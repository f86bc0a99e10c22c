/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What belongs to a slice. Steps of context go along edges in either direction. A Constant is no
 * step but part of whoever reads it, as an initializer is. Then every value that a kept node reads
 * and none writes is an input or an initializer, and every value that a kept node writes and
 * somebody else reads is an output. */
#include "graph/slice.h"

#include "graph/alphabet.h"

/** Marks on values. */
enum { SEEN = 1, READ = 2, READ_OUTSIDE = 4 };

struct cut {
    opsig_slice *slice;
    const struct onnx_graph *graph;
    uint32_t scope;       /* of the graph */
    unsigned char *marks; /* by value */
    opsig_error *err;
};


/** The node of the graph that is cut which writes a value; SIZE_MAX: none. */
static size_t writer_here(const struct cut *cut, uint32_t value)
{
    const struct ops_source *const source = &cut->slice->sources[value];
    return source->kind == OPS_SOURCE_NODE && source->scope == cut->scope ? source->node
                                                                         : SIZE_MAX;
}

/** Marks the nodes that are one step away from those with `is_old`. */
static bool step(const struct cut *cut, const bool *is_old, bool *kept)
{
    const opsig_slice *const slice = cut->slice;
    bool any = false;
    for (size_t n = 0; n < cut->graph->n_nodes; n++) {
        for (uint32_t i = slice->read_begin[n]; i < slice->read_begin[n + 1]; i++) {
            const size_t writer = writer_here(cut, slice->reads.items[i]);
            if (writer == SIZE_MAX || ops_is_constant(&cut->graph->nodes[writer])) {
                continue;
            }
            any = any || (is_old[n] && !kept[writer]) || (is_old[writer] && !kept[n]);
            kept[writer] = kept[writer] || is_old[n];
            kept[n] = kept[n] || is_old[writer];
        }
    }
    return any;
}

static opsig_status add_context(const struct cut *cut, uint32_t steps)
{
    opsig_status status = OPSIG_OK;
    const size_t n = cut->graph->n_nodes;
    for (bool any = true; steps > 0 && any; steps--) {
        bool *const old = ops_mem_dup(cut->slice->kept, n * sizeof *old);
        if (old == NULL) {
            return ops_error_nomem(cut->err);
        }
        any = step(cut, old, cut->slice->kept);
        ops_mem_free(old);
        TRY(ops_deadline_check(&cut->slice->deadline, cut->err));
    }
done:
    return status;
}

/** Keeps the Constants that kept nodes read; those of the graphs around are listed. */
static opsig_status add_constants(const struct cut *cut)
{
    opsig_slice *const slice = cut->slice;
    opsig_status status = OPSIG_OK;
    for (size_t n = 0; n < cut->graph->n_nodes; n++) {
        for (uint32_t i = slice->read_begin[n]; slice->kept[n] && i < slice->read_begin[n + 1];
             i++) {
            const uint32_t value = slice->reads.items[i];
            const struct onnx_node *const writer = ops_slice_writer(slice, value);
            if (writer == NULL || !ops_is_constant(writer)) {
                continue;
            }
            if (writer_here(cut, value) != SIZE_MAX) {
                slice->kept[writer_here(cut, value)] = true;
            } else if ((cut->marks[value] & SEEN) == 0) {
                TRY(ops_vec_push(&slice->captured, value, cut->err));
            }
            cut->marks[value] |= SEEN;
        }
    }
done:
    return status;
}

/** Of two Constants of one name the first is the one that counts. */
static void drop_twins(const struct cut *cut)
{
    for (size_t n = 0; n < cut->graph->n_nodes; n++) {
        const struct onnx_node *const node = &cut->graph->nodes[n];
        if (cut->slice->kept[n] && ops_is_constant(node) && node->n_outputs == 1 &&
            writer_here(cut, node->outputs[0]) != n) {
            cut->slice->kept[writer_here(cut, node->outputs[0])] = true;
            cut->slice->kept[n] = false;
        }
    }
}

static opsig_status add_value(const struct cut *cut, uint32_t value)
{
    opsig_slice *const slice = cut->slice;
    const struct ops_source *const source = &slice->sources[value];
    opsig_status status = OPSIG_OK;
    const size_t writer = writer_here(cut, value);
    if ((cut->marks[value] & SEEN) != 0 || (writer != SIZE_MAX && slice->kept[writer])) {
        return OPSIG_OK;
    }
    cut->marks[value] |= SEEN;
    const bool has_default = source->kind == OPS_SOURCE_INITIALIZER;
    enum { FIRST_WITHOUT_INPUTS = 4 }; /* before, every initializer is an input too */
    if (has_default) {
        TRY(ops_vec_push(&slice->initializers, value, cut->err));
    }
    if (!has_default || slice->model->ir_version < FIRST_WITHOUT_INPUTS ||
        (source->is_input && source->scope == cut->scope)) {
        TRY(ops_vec_push(&slice->inputs, value, cut->err));
    }
done:
    return status;
}

/** Lists what comes in, in the order in which it is read. */
static opsig_status add_inputs(const struct cut *cut)
{
    const opsig_slice *const slice = cut->slice;
    opsig_status status = OPSIG_OK;
    for (size_t n = 0; n < cut->graph->n_nodes; n++) {
        for (uint32_t i = slice->read_begin[n]; slice->kept[n] && i < slice->read_begin[n + 1];
             i++) {
            TRY(add_value(cut, slice->reads.items[i]));
        }
    }
done:
    return status;
}

static void mark_reads(const struct cut *cut)
{
    const opsig_slice *const slice = cut->slice;
    for (size_t n = 0; n < cut->graph->n_nodes; n++) {
        const unsigned char mark = slice->kept[n] ? READ : READ | READ_OUTSIDE;
        for (uint32_t i = slice->read_begin[n]; i < slice->read_begin[n + 1]; i++) {
            cut->marks[slice->reads.items[i]] |= mark;
        }
    }
    for (size_t i = 0; i < cut->graph->n_outputs; i++) {
        cut->marks[cut->graph->outputs[i].name] |= READ | READ_OUTSIDE;
    }
}

/** Lists what a node gives to others; all that it writes where nobody reads any of it. */
static opsig_status add_outputs_of(const struct cut *cut, const struct onnx_node *node)
{
    opsig_status status = OPSIG_OK;
    unsigned char any = 0;
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        any |= node->outputs[i] != OPS_NO_VALUE ? cut->marks[node->outputs[i]] : 0;
    }
    const bool unread = (any & READ) == 0;
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        const uint32_t value = node->outputs[i];
        if (value != OPS_NO_VALUE && (unread || (cut->marks[value] & READ_OUTSIDE) != 0)) {
            TRY(ops_vec_push(&cut->slice->outputs, value, cut->err));
            cut->slice->sources[value].is_output = true;
        }
    }
done:
    return status;
}

/** Lists what goes out; what Constants give only where there is nothing else. */
static opsig_status add_outputs(const struct cut *cut)
{
    opsig_status status = OPSIG_OK;
    mark_reads(cut);
    for (int constants = 0; constants <= 1 && cut->slice->outputs.len == 0; constants++) {
        for (size_t n = 0; n < cut->graph->n_nodes; n++) {
            const struct onnx_node *const node = &cut->graph->nodes[n];
            if (cut->slice->kept[n] && ops_is_constant(node) == (constants != 0)) {
                TRY(add_outputs_of(cut, node));
            }
        }
    }
done:
    return status;
}

/** A node whose writers are being put before it. */
struct visit {
    uint32_t node, next; /* place in the reads */
};

/** Puts kept nodes in an order in which writers stand before readers: that of the file where it is
 *  one. Depth first, with a stack of our own. */
static opsig_status put_in_order(const struct cut *cut)
{
    opsig_slice *const slice = cut->slice;
    OPS_VEC(struct visit) open = {0};
    opsig_status status = OPSIG_OK;
    bool *const met = ops_mem_zalloc(cut->graph->n_nodes, sizeof *met);
    TRY(met != NULL ? OPSIG_OK : ops_error_nomem(cut->err));
    for (uint32_t n = 0; n < cut->graph->n_nodes; n++) {
        struct visit visit = {n, slice->read_begin[n]};
        if (!slice->kept[n] || met[n]) {
            continue;
        }
        met[n] = true;
        TRY(ops_vec_push(&open, visit, cut->err));
        while (open.len > 0) {
            struct visit *const top = &open.items[open.len - 1];
            if (top->next == slice->read_begin[top->node + 1]) {
                TRY(ops_vec_push(&slice->order, top->node, cut->err));
                open.len--;
                continue;
            }
            const size_t writer = writer_here(cut, slice->reads.items[top->next++]);
            if (writer != SIZE_MAX && slice->kept[writer] && !met[writer]) {
                met[writer] = true;
                visit = (struct visit){(uint32_t)writer, slice->read_begin[writer]};
                TRY(ops_vec_push(&open, visit, cut->err));
            }
        }
    }
done:
    ops_mem_free(met);
    ops_vec_dispose(&open);
    return status;
}

opsig_status ops_slice_cut(opsig_slice *slice, uint32_t steps, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct cut cut = {.slice = slice,
                            .graph = ops_slice_graph(slice),
                            .scope = (uint32_t)slice->chain.len,
                            .marks = ops_mem_zalloc(ops_intern_count(slice->model->values), 1),
                            .err = err};
    TRY(cut.marks != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(add_context(&cut, steps));
    TRY(add_constants(&cut));
    drop_twins(&cut);
    TRY(add_inputs(&cut));
    TRY(add_outputs(&cut));
    TRY(put_in_order(&cut));
done:
    ops_mem_free(cut.marks);
    return status;
}
