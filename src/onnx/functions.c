/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls are followed depth first with a stack of our own, since a chain of calls can be as long
 * as the file allows; nested graphs by recursion, since loading has bounded them. A function that
 * is met while it is still open calls itself. Sizes add up from the inner functions to the outer
 * ones, each counted once: 40 functions that each call the next one twice are 40 additions. */
#include "onnx/functions.h"

#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

enum { LARGEST_KEY = 4 * 1024 * 1024 };

/** A function, or the main graph, whose calls are being followed. */
struct level {
    struct ops_target *target; /* NULL: the main graph */
    uint64_t size;
    size_t first, next; /* of its calls, which are those from `first` on */
};

struct search {
    struct ops_functions *functions;
    OPS_VEC(struct ops_target *) calls;
    OPS_VEC(struct level) levels;
    opsig_error *err;
};

static opsig_status find(struct ops_functions *functions, const char *domain, const char *name,
                         const char *overload, uint32_t *out, opsig_error *err)
{
    struct ops_buffer *const key = &functions->key;
    ops_buffer_clear(key);
    ops_buffer_add(key, domain, strlen(domain) + 1);
    ops_buffer_add(key, name, strlen(name) + 1);
    ops_buffer_puts(key, overload);
    const opsig_status status = ops_buffer_status(key, err);
    if (status == OPSIG_OK) {
        *out = ops_intern_find(functions->keys, key->bytes, key->len);
    }
    return status;
}

static opsig_status add_function(struct ops_functions *functions,
                                 const struct onnx_function *function, opsig_error *err)
{
    uint32_t id;
    opsig_status status = OPSIG_OK;
    TRY(find(functions, function->domain, function->name, function->overload, &id, err));
    if (id != OPS_INTERN_NONE) {
        functions->targets[id].is_twice = true;
        return OPSIG_OK;
    }
    TRY(ops_intern_put(functions->keys, functions->key.bytes, functions->key.len, &id, err));
    functions->targets[id].function = function;
done:
    return status;
}

opsig_status ops_functions_init(struct ops_functions *functions, const opsig_model *model,
                                const opsig_limits *limits, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *functions = (struct ops_functions){.model = model};
    ops_buffer_init(&functions->key, LARGEST_KEY);
    ops_deadline_start(&functions->deadline, limits->timeout, limits->cancel);
    TRY(ops_intern_new(&functions->keys, err));
    functions->targets = ops_mem_zalloc(model->n_functions, sizeof *functions->targets);
    TRY(functions->targets != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (size_t i = 0; i < model->n_functions; i++) {
        TRY(add_function(functions, &model->functions[i], err));
    }
done:
    return status;
}

void ops_functions_dispose(struct ops_functions *functions)
{
    ops_mem_free(functions->targets);
    ops_intern_free(functions->keys);
    ops_buffer_dispose(&functions->key);
}

opsig_status ops_functions_find(struct ops_functions *functions, const struct onnx_node *node,
                                struct ops_target **out, opsig_error *err)
{
    uint32_t id;
    *out = NULL;
    const opsig_status status =
        find(functions, node->domain, node->op_type, node->overload, &id, err);
    if (status != OPSIG_OK || id == OPS_INTERN_NONE) {
        return status;
    }
    *out = &functions->targets[id];
    if ((*out)->is_twice) {
        return ops_error_set(err, OPSIG_FORMAT, "malformed", node->offset,
                             "%s calls a function that the model has twice", node->op_type);
    }
    return OPSIG_OK;
}

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/** Puts the calls among some nodes, nested ones included, on the stack; counts the others. */
static opsig_status collect(struct search *search, const struct onnx_node *nodes, size_t n,
                            uint64_t *size)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n; i++) {
        struct ops_target *target;
        TRY(ops_deadline_check(&search->functions->deadline, search->err));
        TRY(ops_functions_find(search->functions, &nodes[i], &target, search->err));
        if (target != NULL) {
            TRY(ops_vec_push(&search->calls, target, search->err));
        } else {
            *size = add(*size, 1);
        }
        for (uint32_t a = 0; a < nodes[i].n_attributes; a++) {
            const struct onnx_attribute *const attribute = &nodes[i].attributes[a];
            for (size_t g = 0; g < attribute->n_graphs; g++) {
                TRY(collect(search, attribute->graphs[g]->nodes, attribute->graphs[g]->n_nodes,
                            size));
            }
        }
    }
done:
    return status;
}

/** Begins with a function (or NULL, the main graph). */
static opsig_status enter(struct search *search, struct ops_target *target)
{
    opsig_status status = OPSIG_OK;
    struct level level = {.target = target, .first = search->calls.len, .next = search->calls.len};
    if (target != NULL) {
        target->is_open = true;
        TRY(collect(search, target->function->nodes, target->function->n_nodes, &level.size));
    } else {
        const struct onnx_graph *const main = search->functions->model->graph;
        TRY(collect(search, main->nodes, main->n_nodes, &level.size));
    }
    TRY(ops_vec_push(&search->levels, level, search->err));
done:
    return status;
}

/** Ends with the innermost level. */
static void leave(struct search *search)
{
    const struct level *const level = &search->levels.items[--search->levels.len];
    if (level->target != NULL) {
        level->target->is_open = false;
        level->target->is_done = true;
        level->target->size = level->size;
    }
    search->calls.len = level->first;
}

static opsig_status step(struct search *search)
{
    struct level *const level = &search->levels.items[search->levels.len - 1];
    if (level->next == search->calls.len) {
        leave(search);
        return OPSIG_OK;
    }
    struct ops_target *const target = search->calls.items[level->next];
    if (target->is_done) {
        level->size = add(level->size, target->size);
        level->next++;
        return OPSIG_OK;
    }
    if (target->is_open) {
        return ops_error_set(search->err, OPSIG_FORMAT, "recursive-function", -1,
                             "function %s calls itself", target->function->name);
    }
    return enter(search, target);
}

opsig_status ops_functions_count(struct ops_functions *functions, const opsig_limits *limits,
                                 bool *out_any, opsig_error *err)
{
    struct search search = {.functions = functions, .err = err};
    uint64_t size = 0;
    opsig_status status = OPSIG_OK;
    TRY(enter(&search, NULL));
    *out_any = search.calls.len > 0;
    while (search.levels.len > 0) {
        TRY(ops_deadline_check(&functions->deadline, err));
        size = search.levels.items[0].size;
        TRY(step(&search));
    }
    if (size > limits->max_nodes) {
        status = ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                               "%llu%s nodes after expansion of its functions, more than %u "
                               "(--max-nodes)",
                               (unsigned long long)size, size == UINT64_MAX ? " or more" : "",
                               limits->max_nodes);
    }
done:
    ops_vec_dispose(&search.calls);
    ops_vec_dispose(&search.levels);
    return status;
}

/** The value ids of a function, as they are met. */
struct name_list {
    OPS_VEC(uint32_t) ids;
    opsig_error *err;
};

static opsig_status list_ids(struct name_list *list, const uint32_t *ids, size_t n)
{
    opsig_status status = ops_vec_reserve(&list->ids, n, list->err);
    if (status == OPSIG_OK && n > 0) {
        memcpy(list->ids.items + list->ids.len, ids, n * sizeof *ids);
        list->ids.len += n;
    }
    return status;
}

static opsig_status list_infos(struct name_list *list, const struct onnx_value_info *infos,
                               size_t n)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n; i++) {
        TRY(list_ids(list, &infos[i].name, 1));
    }
done:
    return status;
}

static opsig_status list_nodes(struct name_list *list, const struct onnx_node *nodes, size_t n);

static opsig_status list_graph(struct name_list *list, const struct onnx_graph *graph)
{
    opsig_status status = OPSIG_OK;
    TRY(list_infos(list, graph->inputs, graph->n_inputs));
    TRY(list_infos(list, graph->outputs, graph->n_outputs));
    TRY(list_infos(list, graph->value_infos, graph->n_value_infos));
    for (size_t i = 0; i < graph->n_initializers; i++) {
        TRY(list_ids(list, &graph->initializers[i].name, 1));
    }
    TRY(list_nodes(list, graph->nodes, graph->n_nodes));
done:
    return status;
}

static opsig_status list_attributes(struct name_list *list,
                                    const struct onnx_attribute *attributes, size_t n)
{
    opsig_status status = OPSIG_OK;
    for (size_t a = 0; a < n; a++) {
        for (size_t g = 0; g < attributes[a].n_graphs; g++) {
            TRY(list_graph(list, attributes[a].graphs[g]));
        }
    }
done:
    return status;
}

static opsig_status list_nodes(struct name_list *list, const struct onnx_node *nodes, size_t n)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n; i++) {
        TRY(list_ids(list, nodes[i].inputs, nodes[i].n_inputs));
        TRY(list_ids(list, nodes[i].outputs, nodes[i].n_outputs));
        TRY(list_attributes(list, nodes[i].attributes, nodes[i].n_attributes));
    }
done:
    return status;
}

/** Sorts ids and leaves one of each. */
static size_t make_unique(uint32_t *ids, size_t n)
{
    size_t kept = 0;
    ops_sort_u32(ids, n);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || ids[kept - 1] != ids[i]) {
            ids[kept++] = ids[i];
        }
    }
    return kept;
}

opsig_status ops_functions_names(struct ops_target *target, struct ops_arena *arena,
                                 opsig_error *err)
{
    struct name_list list = {.err = err};
    const struct onnx_function *const function = target->function;
    const uint32_t none = OPS_NO_VALUE; /* so that the list is never empty */
    opsig_status status = OPSIG_OK;
    TRY(list_ids(&list, &none, 1));
    TRY(list_ids(&list, function->inputs, function->n_inputs));
    TRY(list_ids(&list, function->outputs, function->n_outputs));
    TRY(list_attributes(&list, function->defaults, function->n_defaults));
    TRY(list_nodes(&list, function->nodes, function->n_nodes));
    const size_t n = make_unique(list.ids.items, list.ids.len);
    uint32_t *const names = ops_arena_zalloc(arena, n, sizeof *names);
    TRY(names != NULL ? OPSIG_OK : ops_error_nomem(err));
    memcpy(names, list.ids.items, n * sizeof *names);
    target->names = names;
    target->n_names = n;
done:
    ops_vec_dispose(&list.ids);
    return status;
}
