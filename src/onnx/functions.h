/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file functions.h  Which nodes call which model-local functions, and what that comes to. */
#ifndef OPSIG_ONNX_FUNCTIONS_H
#define OPSIG_ONNX_FUNCTIONS_H

#include "base/buffer.h"
#include "base/deadline.h"
#include "base/vec.h"
#include "onnx/model.h"

/** A function with what is found out about it. */
struct ops_target {
    const struct onnx_function *function;
    uint64_t size;         /* nodes after expansion, saturating */
    bool is_open, is_done; /* on the way down to what it calls; size is known */
    bool is_twice;         /* the model has another function of this key */
    const uint32_t *names; /* value ids in it, ascending; NULL: not listed yet */
    size_t n_names;
};

/** The functions of a model, found by domain, name and overload. */
struct ops_functions {
    const opsig_model *model;
    struct ops_intern *keys;
    struct ops_target *targets; /* by key id */
    struct ops_buffer key;
    struct ops_deadline deadline;
};

opsig_status ops_functions_init(struct ops_functions *functions, const opsig_model *model,
                                const opsig_limits *limits, opsig_error *err);
void ops_functions_dispose(struct ops_functions *functions);

/** The function that a node calls, or NULL: a model-local function goes before a standard
 *  operator of its name. @return OPSIG_FORMAT where two functions share the key */
opsig_status ops_functions_find(struct ops_functions *functions, const struct onnx_node *node,
                                struct ops_target **out, opsig_error *err);
/** Counts the nodes of the main graph after expansion, nested ones included, without expanding.
 *  *out_any tells whether there is a call at all.
 *  @return OPSIG_FORMAT (kind "recursive-function"), OPSIG_LIMIT past max_nodes
 *  Time: linear in the nodes of the main graph and of the functions that it reaches. */
opsig_status ops_functions_count(struct ops_functions *functions, const opsig_limits *limits,
                                 bool *out_any, opsig_error *err);
/** Lists the value ids of a function, into `arena`. */
opsig_status ops_functions_names(struct ops_target *target, struct ops_arena *arena,
                                 opsig_error *err);

#endif
