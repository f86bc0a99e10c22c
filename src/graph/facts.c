/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to facts: look-ups in the arrays of their block, and what follows from them. */
#include "graph/facts.h"

#include <math.h>
#include <string.h>

#include "graph/facts_block.h"

static const void *section(const char *block, const struct ops_facts_header *header,
                           enum ops_facts_section which)
{
    return block + header->at[which];
}

void ops_facts_view(struct ops_facts *out, const void *block)
{
    struct ops_facts_header h;
    memcpy(&h, block, sizeof h);
    *out = (struct ops_facts){
        .n_tensors = h.n_tensors,
        .n_constants = h.n_constants,
        .n_kinds = h.n_kinds,
        .n_vertices = h.n_vertices,
        .n_bodies = h.n_bodies,
        .tensors = section(block, &h, OPS_FACTS_TENSORS),
        .dims = section(block, &h, OPS_FACTS_DIMS),
        .constants = section(block, &h, OPS_FACTS_CONSTANTS),
        .numbers = section(block, &h, OPS_FACTS_NUMBERS),
        .vertices = section(block, &h, OPS_FACTS_VERTICES),
        .kinds = section(block, &h, OPS_FACTS_KINDS),
        .attributes = section(block, &h, OPS_FACTS_ATTRIBUTES),
        .slots = section(block, &h, OPS_FACTS_SLOTS),
        .ports = section(block, &h, OPS_FACTS_PORTS),
        .bodies = section(block, &h, OPS_FACTS_BODIES),
        .ends = section(block, &h, OPS_FACTS_ENDS),
        .text = section(block, &h, OPS_FACTS_TEXT),
    };
}

uint32_t ops_facts_input(const struct ops_facts *facts, uint32_t v, uint32_t slot)
{
    const struct ops_fact_vertex *const vertex = &facts->vertices[v];
    return slot < vertex->n_inputs ? facts->slots[vertex->inputs + slot] : OPS_NO_TENSOR;
}

uint32_t ops_facts_output(const struct ops_facts *facts, uint32_t v, uint32_t slot)
{
    const struct ops_fact_vertex *const vertex = &facts->vertices[v];
    return slot < vertex->n_outputs ? facts->slots[vertex->outputs + slot] : OPS_NO_TENSOR;
}

static int32_t find_port(const struct ops_facts *facts, uint32_t first, uint32_t n,
                         const char *name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(facts->text + facts->ports[first + i], name) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

int32_t ops_facts_input_slot(const struct ops_facts *facts, uint32_t v, const char *name)
{
    const struct ops_fact_kind *const kind = &facts->kinds[facts->vertices[v].kind];
    return find_port(facts, kind->inputs, kind->n_inputs, name);
}

int32_t ops_facts_output_slot(const struct ops_facts *facts, uint32_t v, const char *name)
{
    const struct ops_fact_kind *const kind = &facts->kinds[facts->vertices[v].kind];
    return find_port(facts, kind->outputs, kind->n_outputs, name);
}

static const struct ops_fact_attribute *find_attribute(const struct ops_facts *facts,
                                                       uint32_t first, uint32_t n,
                                                       const char *name)
{
    for (uint32_t i = first; i < first + n; i++) {
        if (strcmp(facts->text + facts->attributes[i].name, name) == 0) {
            return &facts->attributes[i];
        }
    }
    return NULL;
}

const struct ops_fact_attribute *ops_facts_attribute(const struct ops_facts *facts, uint32_t v,
                                                     const char *name, bool *out_given)
{
    const struct ops_fact_vertex *const vertex = &facts->vertices[v];
    const struct ops_fact_kind *const kind = &facts->kinds[vertex->kind];
    const struct ops_fact_attribute *const given =
        find_attribute(facts, vertex->attributes, vertex->n_attributes, name);
    if (out_given != NULL) {
        *out_given = given != NULL;
    }
    return given != NULL ? given
                         : find_attribute(facts, kind->attributes, kind->n_attributes, name);
}

const struct ops_fact_dim *ops_facts_dims(const struct ops_facts *facts, uint32_t tensor)
{
    const struct ops_fact_tensor *const fact = &facts->tensors[tensor];
    return fact->rank > 0 ? &facts->dims[fact->dims] : NULL;
}

enum ops_verdict ops_dim_equal(const struct ops_fact_dim *a, const struct ops_fact_dim *b)
{
    if (a->value >= 0 && b->value >= 0) {
        return a->value == b->value ? OPS_YES : OPS_NO;
    }
    const bool same_name = a->value < 0 && b->value < 0 && a->symbol != 0 && a->symbol == b->symbol;
    return same_name ? OPS_YES : OPS_UNKNOWN;
}

int64_t ops_facts_n_elements(const struct ops_facts *facts, uint32_t tensor)
{
    const struct ops_fact_tensor *const fact = &facts->tensors[tensor];
    int64_t n = fact->rank >= 0 ? 1 : -1;
    bool overflows = false;
    for (int32_t i = 0; i < fact->rank; i++) {
        const int64_t value = facts->dims[fact->dims + (uint32_t)i].value;
        if (value < 0) {
            return -1;
        }
        overflows = __builtin_mul_overflow(n, value, &n) || (overflows && value != 0);
    }
    return overflows ? -1 : n;
}

/** Does a dimension stretch to another? */
static enum ops_verdict stretches(const struct ops_fact_dim *dim, const struct ops_fact_dim *to)
{
    return dim->value == 1 ? OPS_YES : ops_dim_equal(dim, to);
}

enum ops_verdict ops_facts_broadcasts(const struct ops_facts *facts, uint32_t tensor, uint32_t to)
{
    const int32_t rank = facts->tensors[tensor].rank;
    const int32_t to_rank = facts->tensors[to].rank;
    enum ops_verdict answer = OPS_YES;
    if (rank < 0 || to_rank < 0) {
        return rank == 0 ? OPS_YES : OPS_UNKNOWN;
    }
    if (rank > to_rank) {
        return OPS_NO;
    }
    for (int32_t i = 1; i <= rank && answer != OPS_NO; i++) {
        const enum ops_verdict one =
            stretches(&facts->dims[facts->tensors[tensor].dims + (uint32_t)(rank - i)],
                      &facts->dims[facts->tensors[to].dims + (uint32_t)(to_rank - i)]);
        answer = one == OPS_YES ? answer : one;
    }
    return answer;
}

const struct ops_fact_constant *ops_facts_constant(const struct ops_facts *facts, uint32_t tensor)
{
    const uint32_t constant = facts->tensors[tensor].constant;
    return constant != OPS_NO_CONSTANT ? &facts->constants[constant] : NULL;
}
