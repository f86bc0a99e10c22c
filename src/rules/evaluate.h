/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file evaluate.h  What the tests of a rule say of nodes of a model. */
#ifndef OPSIG_RULES_EVALUATE_H
#define OPSIG_RULES_EVALUATE_H

#include "rules/index.h"
#include "rules/value.h"

#define OPS_NO_SLOT UINT32_MAX

/** Nodes and tensors that stand for those of a rule, and what is needed to look at them. */
struct ops_evaluation {
    const struct opsig_rule *rule;
    const struct ops_rule_index *index;
    const char *path;              /* the model's file; NULL: none */
    struct ops_deadline *deadline;
    struct ops_arena *arena;       /* for what lives as long as one evaluation */
    opsig_error *err;
    uint32_t vertex[OPS_RULE_MAX_ELEMENTS]; /* by element; OPS_NO_VERTEX: none yet */
    uint32_t tensor[OPS_RULE_MAX_TENSORS];  /* by $name; OPS_NO_TENSOR: none yet */
    uint32_t *link_slot; /* by link of the match part: the input that it enters, or OPS_NO_SLOT */
};

/** What a.NAME, $x or other(b, a) is. */
enum ops_referent_kind {
    OPS_REFERENT_NONE,      /* not there */
    OPS_REFERENT_MAYBE,     /* of an operator that nobody knows */
    OPS_REFERENT_TENSOR,
    OPS_REFERENT_ATTRIBUTE
};
struct ops_referent {
    enum ops_referent_kind kind;
    uint32_t tensor;
    const struct ops_fact_attribute *attribute;
    bool given; /* by the file itself */
};

/** What a test says. Elements and tensors that it names are bound.
 *  @return OPSIG_NOMEM, OPSIG_TIMEOUT, OPSIG_CANCELLED, OPSIG_IO where large constants are read */
opsig_status ops_evaluate_test(struct ops_evaluation *e, const struct ops_expression *test,
                               enum ops_truth *out);
/** What an expression is worth. */
opsig_status ops_evaluate_value(struct ops_evaluation *e, const struct ops_expression *expression,
                                struct ops_value *out);
/** The tensor or attribute that an expression names. */
struct ops_referent ops_evaluate_referent(const struct ops_evaluation *e,
                                          const struct ops_expression *expression);

/* call.c */

/** A call of a function that answers yes or no. */
opsig_status ops_call_test(struct ops_evaluation *e, const struct ops_expression *call,
                           enum ops_truth *out);
/** A call of a function that gives a value. */
opsig_status ops_call_value(struct ops_evaluation *e, const struct ops_expression *call,
                            struct ops_value *out);
/** other(node, source). */
struct ops_referent ops_call_other(const struct ops_evaluation *e,
                                   const struct ops_expression *call);

/* constants.c */

/** The constant that a tensor is, as a value. */
opsig_status ops_constant_value(struct ops_evaluation *e, uint32_t tensor, struct ops_value *out);
/** The value of an attribute. */
opsig_status ops_attribute_value(struct ops_evaluation *e,
                                 const struct ops_fact_attribute *attribute,
                                 struct ops_value *out);
/** Compares the elements of a large constant with single items: an element holds where it holds
 *  with one of them. */
opsig_status ops_large_compare(struct ops_evaluation *e, const struct ops_value *large,
                               enum ops_relation relation, const struct ops_item *items,
                               uint32_t n_items, enum ops_quantifier quantifier,
                               enum ops_truth *out);
/** sum, product, min or max of a large constant. */
opsig_status ops_large_fold(struct ops_evaluation *e, const struct ops_value *large,
                            enum ops_function_id id, struct ops_value *out);

#endif
