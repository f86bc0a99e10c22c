/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file expand.h  Model-local functions put in place of their calls. */
#ifndef OPSIG_ONNX_EXPAND_H
#define OPSIG_ONNX_EXPAND_H

#include "onnx/model.h"

/**
 * A main graph in which no call of a model-local function is left: each is replaced by a copy of
 * the function's body with fresh value names and the call's attributes, also inside nested
 * graphs and called functions. Calls are resolved without recursion over call depth, and nodes
 * counted with saturating arithmetic before anything is copied.
 *
 * @param out     lives in `arena` and refers to the model; the model's own graph where it has
 *                no calls
 * @param values  on return, one past the largest value id in *out (fresh ids count on from
 *                the model's table)
 * @return OPSIG_FORMAT (kind "recursive-function"), OPSIG_LIMIT, OPSIG_NOMEM
 */
opsig_status ops_expand_functions(const struct onnx_graph **out, uint32_t *values,
                                  struct ops_arena *arena, const opsig_model *model,
                                  const opsig_limits *limits, opsig_error *err);

#endif
