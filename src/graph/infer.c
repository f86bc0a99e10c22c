/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One walk over the nodes in file order: a node that holds bodies is done when they are. In a file
 * whose nodes are out of order what is read before it is written is taken for unknown. */
#include "graph/infer.h"

#include <string.h>

enum { LONGEST_KEY = 1 << 20 };

void *ops_infer_alloc(struct ops_inference *x, size_t count, size_t size)
{
    if (x->status != OPSIG_OK || count == 0) {
        return NULL;
    }
    void *const memory = ops_arena_zalloc(&x->arena, count, size);
    if (memory == NULL && ops_arena_fits(&x->arena, count, size)) {
        x->status = ops_error_nomem(x->err);
    } else if (memory == NULL) {
        x->status = ops_error_set(x->err, OPSIG_LIMIT, "limit", -1,
                                  "facts take more than %llu bytes of memory (--max-model-memory)",
                                  (unsigned long long)x->graph->limits->max_memory);
    }
    return memory;
}

/** A dimension of the file, its name interned. */
static struct ops_fact_dim declared_dim(struct ops_inference *x, const struct onnx_dim *dim)
{
    struct ops_fact_dim out = {.value = dim->value};
    if (dim->value < 0 && dim->param[0] != '\0' && x->status == OPSIG_OK) {
        x->status =
            ops_intern_put(x->symbols, dim->param, strlen(dim->param), &out.symbol, x->err);
    }
    return out;
}

/** The fact that the file declares. */
static void declare(struct ops_inference *x, struct ops_fact *fact,
                    const struct onnx_value_info *info)
{
    fact->kind = info->kind == ONNX_TYPE_TENSOR     ? OPS_VALUE_TENSOR
                 : info->kind == ONNX_TYPE_SEQUENCE ? OPS_VALUE_SEQUENCE
                 : info->kind != 0                  ? OPS_VALUE_OTHER
                                                    : OPS_VALUE_UNKNOWN;
    fact->element_type = info->elem_type;
    if (info->rank < 0 || info->rank > OPS_MAX_RANK) {
        return;
    }
    struct ops_fact_dim *const dims = ops_infer_alloc(x, (size_t)info->rank, sizeof *dims);
    for (int32_t i = 0; i < info->rank && dims != NULL; i++) {
        dims[i] = declared_dim(x, &info->dims[i]);
    }
    fact->dims = dims;
    fact->rank = dims != NULL || info->rank == 0 ? info->rank : -1;
}

/** Facts of a tensor that no node writes: is its initializer there for good? */
static bool is_fixed(const struct ops_inference *x, const struct ops_tensor *tensor)
{
    enum { INITIALIZERS_STAND_ALONE = 4 }; /* IR version; before it they are inputs as well */
    return tensor->initializer != NULL &&
           ((tensor->flags & (OPS_TENSOR_INPUT | OPS_TENSOR_BODY_INPUT)) == 0 ||
            x->graph->model->ir_version < INITIALIZERS_STAND_ALONE);
}

static opsig_status start_facts(struct ops_inference *x)
{
    const struct ops_tensors *const tensors = &x->graph->tensors;
    opsig_status status = OPSIG_OK;
    x->facts = ops_infer_alloc(x, tensors->items.len + 1, sizeof *x->facts);
    if (x->facts == NULL) {
        return x->status;
    }
    for (size_t i = 0; i < tensors->items.len; i++) {
        const struct ops_tensor *const tensor = &tensors->items.items[i];
        TRY(ops_deadline_check(&x->graph->deadline, x->err));
        x->facts[i].rank = -1;
        if (is_fixed(x, tensor)) {
            ops_infer_set_constant(x, &x->facts[i], tensor->initializer);
        } else if (tensor->declared != NULL) {
            declare(x, &x->facts[i], tensor->declared);
        }
    }
    status = x->status;
done:
    return status;
}

/** The kind of a node: one for each domain and op_type. */
static opsig_status find_kind(struct ops_inference *x, const struct onnx_node *node, uint32_t *out)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer key;
    ops_buffer_init(&key, LONGEST_KEY);
    ops_buffer_add(&key, node->domain, strlen(node->domain) + 1);
    ops_buffer_puts(&key, node->op_type);
    TRY(ops_buffer_status(&key, x->err));
    TRY(ops_intern_put(x->kind_ids, key.bytes, key.len, out, x->err));
    if (*out == x->kinds.len) {
        struct ops_infer_kind kind = {.domain = node->domain,
                                      .op_type = node->op_type,
                                      .opset = ops_opset_of(x->graph->model, node->domain),
                                      .rule = ops_infer_rule(node->domain, node->op_type)};
        TRY(ops_operator_find(&kind.op, &x->arena, kind.domain, kind.op_type, kind.opset, x->err));
        TRY(ops_vec_push(&x->kinds, kind, x->err));
    }
done:
    ops_buffer_dispose(&key);
    return status;
}

static opsig_status start_kinds(struct ops_inference *x)
{
    const size_t n = x->graph->vertices.len;
    opsig_status status = OPSIG_OK;
    x->kind_of = ops_infer_alloc(x, n + 1, sizeof *x->kind_of);
    if (x->kind_of == NULL) {
        return x->status;
    }
    for (size_t v = 0; v < n; v++) {
        const struct onnx_node *const node = x->graph->vertices.items[v].node;
        const struct onnx_node *const last = v > 0 ? x->graph->vertices.items[v - 1].node : NULL;
        TRY(ops_deadline_check(&x->graph->deadline, x->err));
        if (last != NULL && strcmp(node->op_type, last->op_type) == 0 &&
            strcmp(node->domain, last->domain) == 0) {
            x->kind_of[v] = x->kind_of[v - 1];
        } else {
            TRY(find_kind(x, node, &x->kind_of[v]));
        }
    }
done:
    return status;
}

static void at_vertex(struct ops_inference *x, uint32_t vertex)
{
    x->vertex = vertex;
    x->node = x->graph->vertices.items[vertex].node;
    x->kind = &x->kinds.items[x->kind_of[vertex]];
}

static size_t count_bodies(const struct onnx_node *node)
{
    size_t n = 0;
    for (uint32_t a = 0; a < node->n_attributes; a++) {
        n += node->attributes[a].n_graphs;
    }
    return n;
}

/** All that follows for the outputs of the node at hand. */
static void infer_node(struct ops_inference *x)
{
    ops_infer_types(x);
    if (x->n_bodies > 0) {
        ops_infer_leave_bodies(x);
    } else if (x->kind->rule != NULL && x->kind->op != NULL) {
        x->kind->rule->shape(x);
        if (x->kind->rule->value != NULL) {
            x->kind->rule->value(x);
        }
    }
}

/** A body has been left: once all of a node's have been, the node is done. */
static opsig_status leave_body(struct ops_inference *x, uint32_t holder, size_t body)
{
    opsig_status status = OPSIG_OK;
    const size_t n = count_bodies(x->graph->vertices.items[holder].node);
    TRY(ops_vec_push(&x->left, body, x->err));
    const struct ops_body *const bodies = x->graph->tensors.bodies.items;
    size_t n_left = 0;
    while (n_left < x->left.len && n_left < n &&
           bodies[x->left.items[x->left.len - 1 - n_left]].holder == holder) {
        n_left++;
    }
    if (n_left == n) {
        at_vertex(x, holder);
        x->left.len -= n;
        x->bodies = &x->left.items[x->left.len];
        x->n_bodies = n;
        infer_node(x);
        x->n_bodies = 0;
    }
done:
    return status;
}

static opsig_status walk_nodes(struct ops_inference *x, struct ops_walk *walk)
{
    opsig_status status = OPSIG_OK;
    enum ops_walk_event event = OPS_WALK_ENTER;
    OPS_VEC(size_t) entered = {0};
    size_t n_entered = 0;
    for (;;) {
        TRY(ops_deadline_check(&x->graph->deadline, x->err));
        TRY(ops_walk_next(walk, &event, x->err));
        if (event == OPS_WALK_END) {
            break;
        }
        if (event == OPS_WALK_ENTER) {
            TRY(ops_vec_push(&entered, n_entered, x->err));
            const struct ops_body *const body = &x->graph->tensors.bodies.items[n_entered++];
            if (body->holder != OPS_NO_VERTEX) {
                at_vertex(x, body->holder);
                ops_infer_enter_body(x, body);
            }
        } else if (event == OPS_WALK_NODE) {
            at_vertex(x, walk->vertex);
            if (count_bodies(x->node) == 0) {
                infer_node(x);
            }
        } else {
            entered.len--;
            if (walk->vertex != OPS_NO_VERTEX) {
                /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): it was entered */
                TRY(leave_body(x, walk->vertex, entered.items[entered.len]));
            }
        }
        TRY(x->status);
    }
done:
    ops_vec_dispose(&entered);
    return status;
}

opsig_status ops_infer(struct ops_inference *x, struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_walk walk;
    uint32_t none;
    x->graph = graph;
    x->err = err;
    ops_arena_init(&x->arena, graph->limits->max_memory);
    ops_walk_start(&walk, graph->main);
    TRY(ops_intern_new(&x->symbols, err));
    TRY(ops_intern_put(x->symbols, "", 0, &none, err));
    TRY(ops_intern_new(&x->kind_ids, err));
    TRY(start_facts(x));
    TRY(start_kinds(x));
    TRY(walk_nodes(x, &walk));
done:
    ops_walk_dispose(&walk);
    return status;
}

void ops_infer_dispose(struct ops_inference *x)
{
    ops_intern_free(x->symbols);
    ops_intern_free(x->kind_ids);
    ops_vec_dispose(&x->kinds);
    ops_vec_dispose(&x->left);
    ops_arena_dispose(&x->arena);
}
