/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file rule.h  A rule as it was written: what parse.c makes and the other files read.
 *
 *      a:Conv[group > 1] -> (Cast)? -> b:Add        two elements with names, a step between them
 *      $x -> a.X                                    a link from a tensor
 *
 *  Elements stand for nodes of a model; those of an `unless` line follow the ones of the rule and
 *  count for that line only. Everything lives in the arena of its pack; strings end with a NUL.
 */
#ifndef OPSIG_RULES_RULE_H
#define OPSIG_RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/rules.h>

#include "base/arena.h"
#include "base/vec.h"
#include "rules/function.h"

enum {
    OPS_RULE_MAX_ELEMENTS = 64,  /* of one rule, steps and those of its unless lines included */
    OPS_RULE_MAX_TENSORS = 32,   /* names with a dollar */
    OPS_RULE_MAX_DEPTH = 64,     /* of nested expressions */
    OPS_RULE_MAX_REPEAT = 16,    /* nodes that one step in between stands for */
    OPS_RULE_MAX_SLOT = 65535,   /* number of an input or output */
    OPS_RULE_MAX_LIST = 1024     /* items of a list, parts of an `and` */
};

/** Bytes of the source. */
struct ops_place {
    uint32_t at, len;
};

/** low ... high; NULL: no bound. */
struct ops_version_range {
    const char *low, *high;
    bool low_open, high_open; /* the bound itself is outside */
};

/** `affects` or `producer`. */
struct ops_claim {
    const char *name;
    struct ops_version_range versions;
};

/** `opset`: of a domain, both ends included. */
struct ops_opset_range {
    const char *domain; /* "" for ai.onnx */
    int64_t low, high;
    struct ops_place place;
};

struct ops_operator_name {
    const char *domain, *op_type; /* domain "" for ai.onnx */
    struct ops_place place;
};

/** Conv|Gemm, !Cast, or * (negated, and none named). */
struct ops_operator_set {
    const struct ops_operator_name *names;
    uint32_t n;
    bool negated;
};

struct ops_expression;

/** A node of the pattern, or a step between two of them. */
struct ops_element {
    const char *name; /* "" for a step or `_` */
    struct ops_operator_set operators;
    const struct ops_expression *const *tests; /* from the brackets */
    uint32_t n_tests;
    uint32_t min, max; /* how often a step may stand there; 1, 1 for a node with a name */
    struct ops_place place;
};

enum ops_slot_kind { OPS_SLOT_NONE, OPS_SLOT_NAME, OPS_SLOT_NUMBER };

/** An input or output that was named or not. */
struct ops_slot {
    enum ops_slot_kind kind;
    const char *name;
    uint32_t number;
    struct ops_place place;
};

/** `from -> steps -> to`. */
struct ops_link {
    bool from_tensor;
    uint32_t from; /* element or tensor */
    struct ops_slot output, input;
    const uint32_t *steps; /* elements */
    uint32_t n_steps;
    uint32_t to; /* element */
    struct ops_place place;
};

enum ops_expression_kind {
    OPS_EXPR_NUMBER,
    OPS_EXPR_STRING,
    OPS_EXPR_TYPE,    /* an element type; `number` is its code */
    OPS_EXPR_LIST,    /* [a, b] or {a, b} */
    OPS_EXPR_ELEMENT, /* a node itself */
    OPS_EXPR_FIELD,   /* a.NAME: input, attribute or output of element `index` */
    OPS_EXPR_TENSOR,  /* $x: `index` */
    OPS_EXPR_CALL,    /* function(args) */
    OPS_EXPR_OPERATORS, /* Conv|Gemm, as an argument */
    OPS_EXPR_ITEM,    /* args[0] [ args[1] ] */
    OPS_EXPR_SLICE,   /* args[0] [ args[1] : args[2] ], which may be NULL */
    OPS_EXPR_MINUS,   /* -args[0] */
    OPS_EXPR_ARITHMETIC, /* `sign`: + - * / % */
    OPS_EXPR_COMPARE, /* `relation` */
    OPS_EXPR_IN,      /* args[0] in {args[1]...} */
    OPS_EXPR_NOT,
    OPS_EXPR_AND,
    OPS_EXPR_OR
};

enum ops_relation { OPS_EQ, OPS_NE, OPS_LT, OPS_LE, OPS_GT, OPS_GE };

struct ops_expression {
    enum ops_expression_kind kind;
    uint32_t n_args;
    const struct ops_expression *const *args;
    const char *text; /* FIELD: the name; STRING */
    double number;
    uint32_t index;
    uint32_t depth; /* 1 for a leaf */
    char sign;
    enum ops_relation relation;
    const struct ops_function *function;
    struct ops_operator_set operators;
    struct ops_place place;
};

/** One line behind `unless`: links among elements, or a test. */
struct ops_unless {
    const struct ops_expression *test; /* NULL: links */
    const struct ops_link *links;
    uint32_t n_links;
    uint32_t first_element, end_element; /* that the line introduces */
};

/** A small model in the rule that says what it must and must not find. */
struct ops_example {
    enum opsig_example_kind kind;
    const char *title; /* "" where none */
    const char *text;  /* of the model, as written */
    struct ops_place place, text_place;
};

struct opsig_rule {
    const char *id, *title, *fix, *note; /* "" where absent */
    opsig_severity severity;
    enum opsig_rule_confidence confidence;
    bool has_severity, has_confidence, require_known;
    size_t n_affects, n_producers, n_opsets, n_refs, n_tags, n_examples;
    const struct ops_claim *affects, *producers;
    const struct ops_opset_range *opsets;
    const char *const *refs, *const *tags;
    const struct ops_example *examples;

    uint32_t n_elements;      /* of the match part, steps included */
    uint32_t n_all_elements;  /* and of the unless lines */
    const struct ops_element *elements;
    uint32_t n_tensors;
    const char *const *tensors; /* names without the dollar */
    uint32_t n_links, n_tests, n_unless;
    const struct ops_link *links;
    const struct ops_expression *const *tests;
    const struct ops_unless *unless;
    uint32_t report; /* element */
    struct ops_place place, report_place;

    const struct ops_pack *pack;
    const struct ops_rule_plan *plan; /* how to look for it */

    /* what getters hand out */
    uint32_t line;
    const char *const *affects_text;
    const char *pattern_text, *text;
};

/** An error or a warning about a place. */
struct ops_diagnostic {
    bool is_warning;
    struct ops_place place;
    char *message; /* owned */
};

/** One file of rules. */
struct ops_pack {
    char *path, *text;
    size_t len;
    struct ops_arena arena;
    OPS_VEC(struct opsig_rule *) rules;
    OPS_VEC(struct ops_diagnostic) diagnostics;
    size_t n_errors;
    bool is_quiet; /* no warnings */
};

/** Notes an error or a warning. More than a hundred of one file are not kept, but counted. */
__attribute__((format(printf, 4, 5))) opsig_status
ops_pack_error(struct ops_pack *pack, struct ops_place place, opsig_error *err, const char *format,
               ...);
__attribute__((format(printf, 4, 5))) opsig_status
ops_pack_warning(struct ops_pack *pack, struct ops_place place, opsig_error *err,
                 const char *format, ...);

#endif
