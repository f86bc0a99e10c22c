/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two counting sorts: vertices by operator, input slots by tensor; and what depends on the nesting
 * of bodies. */
#include "rules/index.h"

#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "graph/snapshot.h"

enum { LONGEST_KEY = 512 };

/** Writes domain and operator with a NUL between, into `key` where they fit.
 *  @return the length; 0: too long, which no operator that a rule names is */
static size_t make_key(char key[LONGEST_KEY], const char *domain, const char *op_type)
{
    const char *const own = strcmp(domain, "ai.onnx") == 0 ? "" : domain;
    const size_t domain_len = strlen(own);
    const size_t op_len = strlen(op_type);
    if (domain_len + 1 + op_len > LONGEST_KEY) {
        return 0;
    }
    memcpy(key, own, domain_len + 1);
    memcpy(key + domain_len + 1, op_type, op_len);
    return domain_len + 1 + op_len;
}

opsig_status ops_rule_operator(struct ops_intern *operators, const char *domain,
                               const char *op_type, uint32_t *out, opsig_error *err)
{
    char key[LONGEST_KEY];
    const size_t len = make_key(key, domain, op_type);
    if (len == 0) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "the name of an operator in a rule has at most %d bytes",
                             LONGEST_KEY - 1);
    }
    return ops_intern_put(operators, key, len, out, err);
}

static uint32_t operator_of(const struct ops_intern *operators, const opsig_graph *graph,
                            uint32_t vertex)
{
    char key[LONGEST_KEY];
    const size_t len = make_key(key, graph->text + graph->domain[vertex],
                                graph->text + graph->op_type[vertex]);
    const uint32_t found = len == 0 ? OPS_INTERN_NONE : ops_intern_find(operators, key, len);
    return found == OPS_INTERN_NONE ? ops_intern_count(operators) : found;
}

/** Vertices of one kind have one operator: it is looked up once. */
static opsig_status number_operators(struct ops_rule_index *index,
                                     const struct ops_intern *operators, opsig_error *err)
{
    const struct ops_facts *const facts = index->facts;
    uint32_t *const of_kind = ops_mem_resize(NULL, (size_t)facts->n_kinds + 1, sizeof *of_kind);
    if (of_kind == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t k = 0; k < facts->n_kinds; k++) {
        of_kind[k] = UINT32_MAX;
    }
    for (uint32_t v = 0; v < facts->n_vertices; v++) {
        uint32_t *const number = &of_kind[facts->vertices[v].kind];
        if (*number == UINT32_MAX) {
            *number = operator_of(operators, index->graph, v);
        }
        index->operators[v] = *number;
        index->begin[*number + 2]++;
    }
    ops_mem_free(of_kind);
    return OPSIG_OK;
}

/** Makes places of counts: n items were counted two places up. Each item that is put at
 *  begin[k + 1]++ then leaves begin[k] where k begins. */
static void add_up(uint32_t *begin, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        begin[k + 1] += begin[k];
    }
}

static void sort_vertices(struct ops_rule_index *index)
{
    add_up(index->begin, index->n_operators + 2);
    for (uint32_t v = 0; v < index->facts->n_vertices; v++) {
        index->vertices[index->begin[index->operators[v] + 1]++] = v;
    }
}

/** From the last body to the first, so that each vertex has its bodies in order. */
static void chain_bodies(struct ops_rule_index *index)
{
    const struct ops_facts *const facts = index->facts;
    for (uint32_t v = 0; v < facts->n_vertices; v++) {
        index->first_body[v] = facts->n_bodies;
    }
    for (uint32_t b = facts->n_bodies; b > 0; b--) {
        const uint32_t holder = facts->bodies[b - 1].holder;
        index->next_body[b - 1] = index->first_body[holder];
        index->first_body[holder] = b - 1;
    }
}

/** A name, and the vertex in whose bodies it is a tensor's; OPS_NO_VERTEX: in the main graph. */
struct name_place {
    uint32_t name, holder;
};

static bool has_place(const struct ops_intern *places, uint32_t name, uint32_t holder)
{
    const struct name_place place = {name, holder};
    return ops_intern_find(places, (const char *)&place, sizeof place) != OPS_INTERN_NONE;
}

/** A tensor in a body of v hides a name for all vertices around it that lie within the outermost
 *  place that has its name, too. */
static void mark_shadows(struct ops_rule_index *index, const struct ops_intern *places,
                         uint32_t name, uint32_t v)
{
    const struct ops_fact_vertex *const vertices = index->facts->vertices;
    uint32_t last = OPS_NO_VERTEX;
    for (uint32_t at = v; at != OPS_NO_VERTEX; at = vertices[at].holder) {
        last = has_place(places, name, vertices[at].holder) ? at : last;
    }
    for (uint32_t at = v; last != OPS_NO_VERTEX; at = vertices[at].holder) {
        index->shadows[at] = true;
        last = at == last ? OPS_NO_VERTEX : last;
    }
}

/** Finds the places of all names, then what they hide. Time: tensors times depth of nesting. */
static opsig_status find_shadows(struct ops_rule_index *index, opsig_error *err)
{
    const struct ops_facts *const facts = index->facts;
    struct ops_intern *names = NULL;
    struct ops_intern *places = NULL;
    opsig_status status = OPSIG_OK;
    struct name_place *const at = ops_mem_alloc(((size_t)facts->n_tensors + 1) * sizeof *at);
    TRY(at != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_intern_new(&names, err));
    TRY(ops_intern_new(&places, err));
    for (uint32_t t = 0; t < facts->n_tensors; t++) {
        const char *const name = facts->text + facts->tensors[t].name;
        uint32_t id;
        at[t].holder = facts->tensors[t].holder;
        TRY(ops_intern_put(names, name, strlen(name), &at[t].name, err));
        TRY(ops_intern_put(places, (const char *)&at[t], sizeof at[t], &id, err));
    }
    for (uint32_t t = 0; t < facts->n_tensors; t++) {
        if (at[t].holder != OPS_NO_VERTEX && facts->text[facts->tensors[t].name] != '\0') {
            mark_shadows(index, places, at[t].name, at[t].holder);
        }
    }
done:
    ops_intern_free(places);
    ops_intern_free(names);
    ops_mem_free(at);
    return status;
}

/** The tensor that the producer hands on; OPS_NO_TENSOR where it is no Identity. */
static uint32_t handed_on(const struct ops_rule_index *index, uint32_t tensor)
{
    const uint32_t producer = index->facts->tensors[tensor].producer;
    return producer != OPS_NO_VERTEX && ops_rule_index_is_identity(index, producer)
               ? ops_facts_input(index->facts, producer, 0)
               : OPS_NO_TENSOR;
}

/** Goes back to a tensor whose root is known, and tells all on the way. */
static void find_roots(struct ops_rule_index *index)
{
    for (uint32_t t = 0; t < index->facts->n_tensors; t++) {
        index->root[t] = OPS_NO_TENSOR;
    }
    for (uint32_t t = 0; t < index->facts->n_tensors; t++) {
        uint32_t root = t;
        uint32_t before = OPS_NO_TENSOR;
        while (index->root[root] == OPS_NO_TENSOR &&
               (before = handed_on(index, root)) != OPS_NO_TENSOR) {
            root = before;
        }
        root = index->root[root] != OPS_NO_TENSOR ? index->root[root] : root;
        for (uint32_t at = t; at != OPS_NO_TENSOR && index->root[at] == OPS_NO_TENSOR;
             at = handed_on(index, at)) {
            index->root[at] = root;
        }
    }
}

static void count_readers(struct ops_rule_index *index)
{
    const struct ops_facts *const facts = index->facts;
    for (uint32_t v = 0; v < facts->n_vertices; v++) {
        for (uint32_t slot = 0; slot < facts->vertices[v].n_inputs; slot++) {
            const uint32_t tensor = ops_facts_input(facts, v, slot);
            if (tensor != OPS_NO_TENSOR) {
                index->reader_begin[index->root[tensor] + 2]++;
            }
        }
    }
}

static void sort_readers(struct ops_rule_index *index)
{
    const struct ops_facts *const facts = index->facts;
    count_readers(index);
    add_up(index->reader_begin, facts->n_tensors + 1);
    for (uint32_t v = 0; v < facts->n_vertices; v++) {
        for (uint32_t slot = 0; slot < facts->vertices[v].n_inputs; slot++) {
            const uint32_t tensor = ops_facts_input(facts, v, slot);
            if (tensor != OPS_NO_TENSOR) {
                index->readers[index->reader_begin[index->root[tensor] + 1]++] =
                    (struct ops_reader_slot){.vertex = v, .slot = slot};
            }
        }
    }
}

static size_t count_slots(const struct ops_facts *facts)
{
    size_t n = 0;
    for (uint32_t v = 0; v < facts->n_vertices; v++) {
        n += facts->vertices[v].n_inputs;
    }
    return n;
}

opsig_status ops_rule_index_init(struct ops_rule_index *index, const struct ops_intern *operators,
                                 const opsig_graph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_facts *const facts = ops_facts_of(graph);
    const uint32_t n = ops_intern_count(operators);
    *index = (struct ops_rule_index){.graph = graph, .facts = facts, .n_operators = n};
    index->operators = ops_mem_zalloc((size_t)facts->n_vertices + 1, sizeof *index->operators);
    index->begin = ops_mem_zalloc((size_t)n + 3, sizeof *index->begin);
    index->vertices = ops_mem_zalloc((size_t)facts->n_vertices + 1, sizeof *index->vertices);
    index->first_body = ops_mem_zalloc((size_t)facts->n_vertices + 1, sizeof(uint32_t));
    index->shadows = ops_mem_zalloc((size_t)facts->n_vertices + 1, sizeof *index->shadows);
    index->next_body = ops_mem_zalloc((size_t)facts->n_bodies + 1, sizeof(uint32_t));
    index->root = ops_mem_zalloc((size_t)facts->n_tensors + 1, sizeof *index->root);
    index->reader_begin = ops_mem_zalloc((size_t)facts->n_tensors + 2, sizeof(uint32_t));
    index->readers = ops_mem_zalloc(count_slots(facts) + 1, sizeof *index->readers);
    if (index->operators == NULL || index->begin == NULL || index->vertices == NULL ||
        index->first_body == NULL || index->next_body == NULL || index->shadows == NULL ||
        index->root == NULL || index->reader_begin == NULL || index->readers == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    char key[LONGEST_KEY];
    index->identity = ops_intern_find(operators, key, make_key(key, "", "Identity"));
    TRY(number_operators(index, operators, err));
    sort_vertices(index);
    chain_bodies(index);
    TRY(facts->n_bodies > 0 ? find_shadows(index, err) : OPSIG_OK);
    find_roots(index);
    sort_readers(index);
done:
    if (status != OPSIG_OK) {
        ops_rule_index_dispose(index);
    }
    return status;
}

void ops_rule_index_dispose(struct ops_rule_index *index)
{
    ops_mem_free(index->operators);
    ops_mem_free(index->begin);
    ops_mem_free(index->vertices);
    ops_mem_free(index->first_body);
    ops_mem_free(index->next_body);
    ops_mem_free(index->shadows);
    ops_mem_free(index->root);
    ops_mem_free(index->reader_begin);
    ops_mem_free(index->readers);
    *index = (struct ops_rule_index){0};
}

bool ops_rule_index_has(const struct ops_rule_index *index, uint32_t operator_number)
{
    return index->begin[operator_number] < index->begin[operator_number + 1];
}

bool ops_rule_index_is_identity(const struct ops_rule_index *index, uint32_t vertex)
{
    return index->operators[vertex] == index->identity;
}

bool ops_operator_set_has(const struct ops_operator_set *set, const opsig_graph *graph,
                          uint32_t vertex)
{
    const char *const domain = graph->text + graph->domain[vertex];
    const char *const own = strcmp(domain, "ai.onnx") == 0 ? "" : domain;
    for (uint32_t i = 0; i < set->n; i++) {
        if (strcmp(set->names[i].op_type, graph->text + graph->op_type[vertex]) == 0 &&
            strcmp(set->names[i].domain, own) == 0) {
            return !set->negated;
        }
    }
    return set->negated;
}
