/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file index.h  What matching asks of one graph again and again: which vertices an operator has,
 *  and who reads a tensor. Made once for all rules.
 */
#ifndef OPSIG_RULES_INDEX_H
#define OPSIG_RULES_INDEX_H

#include "base/intern.h"
#include "graph/facts.h"
#include "rules/rule.h"

/** An input slot that reads a tensor. */
struct ops_reader_slot {
    uint32_t vertex, slot;
};

struct ops_rule_index {
    const opsig_graph *graph;
    const struct ops_facts *facts;
    uint32_t n_operators; /* that rules name */
    uint32_t identity;    /* number of the operator Identity */
    uint32_t *operators;  /* by vertex: the operator's number, n_operators where no rule names it */
    uint32_t *begin;      /* by operator */
    uint32_t *vertices;   /* vertices[begin[o] ... begin[o + 1] - 1] have operator o; ascending */
    uint32_t *first_body;            /* by vertex: its first body; n_bodies where it has none */
    uint32_t *next_body;             /* by body: the next one of its vertex, likewise */
    bool *shadows; /* by vertex: a tensor in its bodies has the name of one outside */
    uint32_t *root;                  /* by tensor: the one in front of Identity nodes */
    uint32_t *reader_begin;          /* by root, likewise */
    struct ops_reader_slot *readers; /* of a root, behind Identity nodes too; by vertex and slot */
};

/** Number of an operator among those that rules name, added if new. */
opsig_status ops_rule_operator(struct ops_intern *operators, const char *domain,
                               const char *op_type, uint32_t *out, opsig_error *err);

/** @param operators  from ops_rule_operator
 *  @param graph  with facts; must outlive the index
 *  Time: linear in the graph. */
opsig_status ops_rule_index_init(struct ops_rule_index *index, const struct ops_intern *operators,
                                 const opsig_graph *graph, opsig_error *err);
void ops_rule_index_dispose(struct ops_rule_index *index);

/** Does the graph have a vertex of the operator? */
bool ops_rule_index_has(const struct ops_rule_index *index, uint32_t operator_number);
/** Is a vertex an Identity? */
bool ops_rule_index_is_identity(const struct ops_rule_index *index, uint32_t vertex);
/** The tensor that Identity nodes hand on: the one in front of the first. */
static inline uint32_t ops_rule_index_root(const struct ops_rule_index *index, uint32_t tensor)
{
    return index->root[tensor];
}
/** Is a vertex one of these operators? By name, for the arguments of functions. */
bool ops_operator_set_has(const struct ops_operator_set *set, const opsig_graph *graph,
                          uint32_t vertex);

#endif
