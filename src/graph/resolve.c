/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From names to edges. Names are dense ids, so the producer of a tensor is one array look-up. A
 * graph defines its inputs, initializers and node outputs all at once when it is entered: nodes
 * may then stand in any order. A body's definitions hide the outer ones of the same name and are
 * taken back, last first, when it is left:
 *
 *      definitions   x: node 0     y: input          (main graph)
 *      undo log                                      enter body, which defines x
 *      definitions   x: node 5     y: input
 *      undo log      x: node 0                       leave body: x is node 0 again
 */
#include "graph/opgraph.h"

#include "graph/alphabet.h"
#include "graph/facts.h"
#include "graph/names.h"
#include "graph/tally.h"
#include "graph/walk.h"

/* `vertex` of a definition that is no node's: an input, an input with an initializer for a
 * default, an initializer */
#define BY_INPUT (UINT32_MAX - 1)
#define BY_DEFAULT (UINT32_MAX - 2)
#define BY_INITIALIZER (UINT32_MAX - 3)

/** Who defines a name. */
struct definition {
    uint32_t vertex;
    uint32_t slot;   /* of an input: one past the main graph's node that read it last; 0: none */
    uint32_t scope;  /* number of the graph; 0: the name is not defined */
    uint32_t tensor; /* where tensors are wanted */
};

struct hidden {
    uint32_t value;
    struct definition definition;
};

/** A graph that has been entered. */
struct scope {
    uint32_t number;      /* in order of entering, from 1 */
    uint32_t result_slot; /* of the node visited last: next input slot for results of its bodies */
    size_t n_hidden;      /* in the undo log when it was entered */
    uint32_t holder;      /* vertex whose body it is; OPS_NO_VERTEX: the main graph */
    size_t body;          /* its place among the tensors' bodies, where those are wanted */
};

struct resolver {
    struct ops_opgraph *graph;
    struct definition *definitions; /* by value */
    OPS_VEC(struct hidden) hidden;
    OPS_VEC(struct scope) scopes;
    uint32_t n_scopes; /* entered so far */
    struct ops_tally tally;
};

static const struct scope *current(const struct resolver *r)
{
    return &r->scopes.items[r->scopes.len - 1];
}

/** Numbers the tensor that a definition makes. */
static opsig_status number_tensor(struct resolver *r, uint32_t value, uint32_t vertex,
                                  uint32_t slot, uint32_t *out, opsig_error *err)
{
    struct ops_tensors *const tensors = &r->graph->tensors;
    const struct ops_tensor tensor = {.value = value,
                                      .vertex = vertex < BY_INITIALIZER ? vertex : OPS_NO_VERTEX,
                                      .slot = slot,
                                      .holder = current(r)->holder};
    *out = (uint32_t)tensors->items.len;
    return ops_vec_push(&tensors->items, tensor, err);
}

/** Defines a name that the current graph has not defined yet. */
static opsig_status define(struct resolver *r, uint32_t value, uint32_t vertex, uint32_t slot,
                           opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t tensor = OPS_NO_TENSOR;
    struct definition *const definition = &r->definitions[value];
    if (r->graph->tensors.wanted) {
        TRY(number_tensor(r, value, vertex, slot, &tensor, err));
    }
    if (r->scopes.len > 1) {
        const struct hidden hidden = {.value = value, .definition = *definition};
        TRY(ops_vec_push(&r->hidden, hidden, err));
        if (definition->scope != 0) {
            ops_tally_count(&r->tally, OPS_SHADOWED, OPS_NO_VERTEX, value);
        }
    }
    *definition = (struct definition){
        .vertex = vertex, .slot = slot, .scope = current(r)->number, .tensor = tensor};
done:
    return status;
}

/** An input or initializer; the same name twice, or an input with a default, is one name. */
static opsig_status define_given(struct resolver *r, uint32_t value, uint32_t by, opsig_error *err)
{
    struct definition *const definition = &r->definitions[value];
    if (value == OPS_NO_VALUE || definition->scope == current(r)->number) {
        if (definition->vertex == BY_INPUT && by == BY_INITIALIZER) {
            definition->vertex = BY_DEFAULT;
        }
        return OPSIG_OK;
    }
    return define(r, value, by, 0, err);
}

static bool is_twin_constant(const struct onnx_node *a, const struct onnx_node *b)
{
    return a != b && ops_is_constant(a) && ops_is_constant(b) && a->n_outputs == 1 &&
           b->n_outputs == 1;
}

static opsig_status duplicate_error(const struct resolver *r, uint32_t vertex, uint32_t slot,
                                    uint32_t other, opsig_error *err)
{
    enum { LONGEST = 1 << 20 };
    struct ops_buffer node;
    struct ops_buffer tensor;
    struct ops_buffer writer;
    ops_buffer_init(&node, LONGEST);
    ops_buffer_init(&tensor, LONGEST);
    ops_buffer_init(&writer, LONGEST);
    ops_opgraph_put_label(&node, r->graph, vertex);
    ops_opgraph_put_tensor(&tensor, r->graph, vertex, slot);
    if (other == BY_INPUT || other == BY_DEFAULT) {
        ops_buffer_puts(&writer, "an input of its graph");
    } else if (other == vertex) {
        ops_buffer_puts(&writer, "another output of it");
    } else {
        ops_buffer_puts(&writer, "an output of ");
        ops_opgraph_put_label(&writer, r->graph, other);
    }
    const opsig_status status = ops_error_set(
        err, OPSIG_FORMAT, "duplicate-output", r->graph->vertices.items[vertex].node->offset,
        "node %.60s writes %.70s, which is %.80s too", ops_buffer_text(&node),
        ops_buffer_text(&tensor), ops_buffer_text(&writer));
    ops_buffer_dispose(&writer);
    ops_buffer_dispose(&tensor);
    ops_buffer_dispose(&node);
    return status;
}

/** An output whose name the same graph has already. */
static opsig_status define_again(struct resolver *r, uint32_t value, uint32_t vertex, uint32_t slot,
                                 opsig_error *err)
{
    struct definition *const definition = &r->definitions[value];
    const uint32_t other = definition->vertex;
    if (other == BY_INITIALIZER) {
        ops_tally_count(&r->tally, OPS_WRITTEN_INITIALIZER, OPS_NO_VERTEX, value);
        definition->vertex = vertex;
        definition->slot = slot;
        if (r->graph->tensors.wanted) {
            r->graph->tensors.items.items[definition->tensor].vertex = vertex;
            r->graph->tensors.items.items[definition->tensor].slot = slot;
        }
        return OPSIG_OK;
    }
    const struct ops_vertex *const vertices = r->graph->vertices.items;
    if (other < BY_INITIALIZER && is_twin_constant(vertices[vertex].node, vertices[other].node)) {
        ops_tally_count(&r->tally, OPS_TWIN_CONSTANT, OPS_NO_VERTEX, value);
        return OPSIG_OK;
    }
    return duplicate_error(r, vertex, slot, other, err);
}

static opsig_status define_outputs(struct resolver *r, uint32_t vertex, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct onnx_node *const node = r->graph->vertices.items[vertex].node;
    for (uint32_t slot = 0; slot < node->n_outputs; slot++) {
        const uint32_t value = node->outputs[slot];
        if (value == OPS_NO_VALUE) {
            continue;
        }
        if (r->definitions[value].scope == current(r)->number) {
            TRY(define_again(r, value, vertex, slot, err));
        } else {
            TRY(define(r, value, vertex, slot, err));
        }
        if (r->graph->tensors.wanted) {
            const size_t outputs = r->graph->tensors.first[vertex] + node->n_inputs;
            r->graph->tensors.slots[outputs + slot] = r->definitions[value].tensor;
        }
    }
done:
    return status;
}

/** The tensor of a name that the current graph defines, or NULL. */
static struct ops_tensor *own_tensor(struct resolver *r, uint32_t value)
{
    const struct definition *const definition = &r->definitions[value];
    return value != OPS_NO_VALUE && definition->scope == current(r)->number
               ? &r->graph->tensors.items.items[definition->tensor]
               : NULL;
}

/** Notes what the file says of tensors of a graph. */
static void declare(struct resolver *r, const struct onnx_value_info *infos, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct ops_tensor *const tensor = own_tensor(r, infos[i].name);
        if (tensor != NULL && tensor->declared == NULL) {
            tensor->declared = &infos[i];
        }
    }
}

/** Notes of the tensors of a graph, all of them defined, what they are and what is said of them. */
static opsig_status note_tensors(struct resolver *r, const struct onnx_graph *graph,
                                 opsig_error *err)
{
    struct ops_tensors *const tensors = &r->graph->tensors;
    const uint32_t holder = current(r)->holder;
    opsig_status status = OPSIG_OK;
    const struct ops_body body = {
        .graph = graph, .holder = holder, .inputs = tensors->ends.len};
    r->scopes.items[r->scopes.len - 1].body = tensors->bodies.len;
    TRY(ops_vec_push(&tensors->bodies, body, err));
    for (size_t i = 0; i < graph->n_inputs; i++) {
        const uint32_t value = graph->inputs[i].name;
        struct ops_tensor *const tensor = own_tensor(r, value);
        if (tensor != NULL) {
            tensor->flags |= holder == OPS_NO_VERTEX ? OPS_TENSOR_INPUT : OPS_TENSOR_BODY_INPUT;
        }
        TRY(ops_vec_push(&tensors->ends,
                         tensor != NULL ? r->definitions[value].tensor : OPS_NO_TENSOR, err));
    }
    for (size_t i = 0; i < graph->n_initializers; i++) {
        struct ops_tensor *const tensor = own_tensor(r, graph->initializers[i].name);
        if (tensor != NULL && tensor->vertex == OPS_NO_VERTEX) {
            tensor->flags |= OPS_TENSOR_INITIALIZER;
            tensor->initializer = &graph->initializers[i];
        }
    }
    declare(r, graph->inputs, graph->n_inputs);
    declare(r, graph->value_infos, graph->n_value_infos);
    declare(r, graph->outputs, graph->n_outputs);
done:
    return status;
}

/** Defines all names of a graph whose first node is `vertex`. */
static opsig_status enter(struct resolver *r, const struct onnx_graph *graph, uint32_t vertex,
                          uint32_t holder, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct scope scope = {
        .number = ++r->n_scopes, .n_hidden = r->hidden.len, .holder = holder};
    TRY(ops_vec_push(&r->scopes, scope, err));
    for (size_t i = 0; i < graph->n_inputs; i++) {
        TRY(define_given(r, graph->inputs[i].name, BY_INPUT, err));
    }
    for (size_t i = 0; i < graph->n_initializers; i++) {
        TRY(define_given(r, graph->initializers[i].name, BY_INITIALIZER, err));
    }
    for (size_t i = 0; i < graph->n_nodes; i++) {
        TRY(ops_deadline_check(&r->graph->deadline, err));
        TRY(define_outputs(r, vertex, err));
        vertex = r->graph->vertices.items[vertex].end;
    }
    if (r->graph->tensors.wanted) {
        TRY(note_tensors(r, graph, err));
    }
done:
    return status;
}

/** Does an edge run along the order in which each node stands behind the nodes of its bodies?
 *  That is: behind what it captures, behind what its bodies result in. */
static bool is_ordered(const struct ops_vertex *vertices, uint32_t from, uint32_t to)
{
    return from < to ? vertices[from].end <= to : from > to && from < vertices[to].end;
}

/** Notes that an output is read; those past the 64th are not told apart. */
static void mark_used(struct resolver *r, const struct definition *from)
{
    enum { TOLD_APART = 64 };
    if (from->slot < TOLD_APART) {
        r->graph->vertices.items[from->vertex].used |= UINT64_C(1) << from->slot;
    }
}

static opsig_status add_edge(struct resolver *r, const struct definition *from, uint32_t to,
                             uint32_t input_slot, opsig_error *err)
{
    const opsig_limits *const limits = r->graph->limits;
    if (r->graph->edges.len >= limits->max_edges) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "more than %u tensor reads (--max-model-edges)", limits->max_edges);
    }
    mark_used(r, from);
    r->graph->n_ordered += is_ordered(r->graph->vertices.items, from->vertex, to);
    const struct ops_edge edge = {
        .from = from->vertex, .to = to, .output_slot = from->slot, .input_slot = input_slot};
    return ops_vec_push(&r->graph->edges, edge, err);
}

/** Notes that a slot of a vertex reads a tensor. */
static void note_read(struct resolver *r, const struct definition *from, uint32_t vertex,
                      uint32_t slot)
{
    struct ops_tensors *const tensors = &r->graph->tensors;
    if (!tensors->wanted || from->scope == 0) {
        return;
    }
    tensors->slots[tensors->first[vertex] + slot] = from->tensor;
    if (from->scope == current(r)->number) {
        tensors->items.items[from->tensor].n_readers++;
    } else {
        tensors->items.items[from->tensor].flags |= OPS_TENSOR_CAPTURED;
    }
}

/** Notes that a graph hands a tensor on. */
static opsig_status note_result(struct resolver *r, uint32_t value, opsig_error *err)
{
    struct ops_tensors *const tensors = &r->graph->tensors;
    const struct definition *const from = &r->definitions[value];
    if (!tensors->wanted) {
        return OPSIG_OK;
    }
    const bool known = value != OPS_NO_VALUE && from->scope != 0;
    if (known) {
        tensors->items.items[from->tensor].flags |=
            from->scope != current(r)->number             ? OPS_TENSOR_CAPTURED
            : current(r)->holder == OPS_NO_VERTEX ? OPS_TENSOR_OUTPUT
                                                  : OPS_TENSOR_BODY_OUTPUT;
    }
    return ops_vec_push(&tensors->ends, known ? from->tensor : OPS_NO_TENSOR, err);
}

/** Counts the inputs of the main graph that a node of it reads, each once. */
static void read_input(struct resolver *r, struct definition *from, uint32_t vertex)
{
    if (from->vertex == BY_INPUT && r->scopes.len == 1 && from->slot != vertex + 1) {
        from->slot = vertex + 1;
        r->graph->vertices.items[vertex].n_given++;
    }
}

static opsig_status read_inputs(struct resolver *r, const struct onnx_node *node, uint32_t vertex,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): nodes stand in a scope */
    r->scopes.items[r->scopes.len - 1].result_slot = node->n_inputs;
    for (uint32_t slot = 0; slot < node->n_inputs; slot++) {
        const uint32_t value = node->inputs[slot];
        struct definition *const from = &r->definitions[value];
        if (value == OPS_NO_VALUE) {
            continue;
        }
        note_read(r, from, vertex, slot);
        read_input(r, from, vertex);
        if (from->scope == 0) {
            ops_tally_count(&r->tally, OPS_DANGLING_INPUT, vertex, value);
        } else if (from->vertex < BY_INITIALIZER) {
            TRY(add_edge(r, from, vertex, slot, err));
            if (from->vertex >= vertex) {
                ops_tally_count(&r->tally, OPS_UNSORTED, vertex, value);
            }
        }
    }
done:
    return status;
}

/** The results of a graph: those of a body go to the node that holds it. */
static opsig_status read_results(struct resolver *r, const struct onnx_graph *graph,
                                 uint32_t holder, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct scope *const outer =
        holder != OPS_NO_VERTEX ? &r->scopes.items[r->scopes.len - 2] : NULL;
    if (r->graph->tensors.wanted) {
        r->graph->tensors.bodies.items[current(r)->body].results = r->graph->tensors.ends.len;
    }
    for (size_t i = 0; i < graph->n_outputs; i++) {
        const uint32_t value = graph->outputs[i].name;
        const uint32_t slot = outer != NULL ? outer->result_slot++ : 0;
        const struct definition *const from = &r->definitions[value];
        TRY(note_result(r, value, err));
        if (value == OPS_NO_VALUE) {
            continue;
        }
        if (from->scope == 0) {
            ops_tally_count(&r->tally, OPS_DANGLING_OUTPUT, OPS_NO_VERTEX, value);
        } else if (outer == NULL && from->vertex < BY_INITIALIZER) {
            mark_used(r, from);
            r->graph->vertices.items[from->vertex].n_results++;
        } else if (from->vertex < BY_INITIALIZER) {
            TRY(add_edge(r, from, holder, slot, err));
            if (from->vertex >= r->graph->vertices.items[holder].end) {
                ops_tally_count(&r->tally, OPS_UNSORTED, holder, value);
            }
        }
    }
done:
    return status;
}

/** Takes back the definitions of the graph that is left. */
static void leave(struct resolver *r)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): it was entered */
    const struct scope scope = r->scopes.items[--r->scopes.len];
    while (r->hidden.len > scope.n_hidden) {
        const struct hidden *const hidden = &r->hidden.items[--r->hidden.len];
        r->definitions[hidden->value] = hidden->definition;
    }
}

static opsig_status step(struct resolver *r, const struct ops_walk *walk, enum ops_walk_event event,
                         opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    switch (event) {
    case OPS_WALK_ENTER:
        TRY(enter(r, walk->graph, walk->n_vertices, walk->vertex, err));
        break;
    case OPS_WALK_NODE:
        TRY(read_inputs(r, walk->node, walk->vertex, err));
        break;
    case OPS_WALK_LEAVE:
        TRY(read_results(r, walk->graph, walk->vertex, err));
        leave(r);
        break;
    case OPS_WALK_END:
        break;
    }
done:
    return status;
}

static void dispose(struct resolver *r)
{
    ops_vec_dispose(&r->scopes);
    ops_vec_dispose(&r->hidden);
    ops_mem_free(r->definitions);
}

/** At most one edge an input; what claims to have very many gets room as it needs it. */
static size_t usual_edges(const struct ops_opgraph *graph)
{
    enum { MANY = 1 << 22 };
    return graph->n_inputs < MANY ? (size_t)graph->n_inputs : 0;
}

opsig_status ops_opgraph_resolve(struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct resolver r = {.graph = graph};
    struct ops_walk walk;
    enum ops_walk_event event = OPS_WALK_ENTER;
    ops_walk_start(&walk, graph->main);
    r.definitions = ops_mem_zalloc(graph->n_values, sizeof *r.definitions);
    if (r.definitions == NULL) {
        return ops_error_nomem(err);
    }
    TRY(ops_vec_reserve(&graph->edges, usual_edges(graph), err));
    if (graph->tensors.wanted) {
        TRY(ops_tensors_start(&graph->tensors, graph->vertices.items, graph->vertices.len, err));
    }
    while (event != OPS_WALK_END) {
        TRY(ops_deadline_check(&graph->deadline, err));
        TRY(ops_walk_next(&walk, &event, err));
        TRY(step(&r, &walk, event, err));
    }
    TRY(ops_names_count(graph, &r.tally, err));
    TRY(ops_tally_report(&r.tally, graph, err));
done:
    ops_walk_dispose(&walk);
    dispose(&r);
    return status;
}
