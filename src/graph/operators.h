/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file operators.h  What is known of operators: inputs, outputs, attributes and their defaults,
 *  for each version.
 *
 *  The facts are the text of operators.txt, which is compiled in and searched where it lies. An
 *  operator that was looked up is a struct in an arena:
 *
 *      const struct ops_operator *clip;
 *      TRY(ops_operator_find(&clip, &arena, "", "Clip", 13, err));
 *      clip->since                                          13
 *      ops_port_find(clip->inputs, clip->n_inputs, "max")   2
 *      ops_operator_attribute(clip, "max")                  NULL: an input since version 11
 */
#ifndef OPSIG_GRAPH_OPERATORS_H
#define OPSIG_GRAPH_OPERATORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "onnx/model.h"

/** How many tensors an input or output of the operator stands for. */
enum ops_port_count {
    OPS_PORT_ONE,
    OPS_PORT_OPTIONAL,
    OPS_PORT_ANY, /* none or more; the last port */
    OPS_PORT_SOME /* one or more; the last port */
};

struct ops_port {
    const char *name;
    const char *type; /* in the words of operators.txt */
    enum ops_port_count count;
};

/** An attribute that the operator knows. */
struct ops_parameter {
    bool required, has_default;
    struct onnx_attribute value; /* name and type; the default, where there is one */
};

/** An operator as it is from version `since` of its domain on. */
struct ops_operator {
    const char *domain, *op_type; /* domain "" is ai.onnx */
    int64_t since;
    bool deprecated;
    uint32_t n_inputs, n_outputs, n_attributes;
    const struct ops_port *inputs, *outputs;
    const struct ops_parameter *attributes; /* ascending by name */
};

/** Looks an operator up as it is in an opset of its domain.
 *  @param out  lives in `arena`; NULL where the table has no such operator in that opset
 *  @return OPSIG_NOMEM
 *  Time: O(log of the table + length of the record) */
opsig_status ops_operator_find(const struct ops_operator **out, struct ops_arena *arena,
                               const char *domain, const char *op_type, int64_t opset,
                               opsig_error *err);

/** Number of the port of that name; -1: none. Back: ports[number].name. */
int32_t ops_port_find(const struct ops_port *ports, uint32_t n, const char *name);
/** The port that slot `slot` of a node belongs to: the last one where it stands for several.
 *  NULL beyond the last. */
const struct ops_port *ops_port_of_slot(const struct ops_port *ports, uint32_t n, uint32_t slot);
/** The attribute of that name, or NULL. O(log of the attributes) */
const struct ops_parameter *ops_operator_attribute(const struct ops_operator *op,
                                                   const char *name);
/** The value that holds for a node of this operator: as given, or the default; NULL: neither. */
const struct onnx_attribute *ops_operator_effective(const struct ops_operator *op,
                                                    const struct onnx_node *node,
                                                    const char *name);
/** The attribute that a node gives, or NULL. */
const struct onnx_attribute *ops_node_attribute(const struct onnx_node *node, const char *name);

/** Opset versions of the domain that changed an operator in any way, ascending.
 *  @param out  may be NULL.  @return how many there are; `out` gets `max` of them at most */
size_t ops_operator_versions(const char *domain, const char *op_type, int64_t *out, size_t max);

/** Goes through the names of all operators. `at` is NULL before the first.
 *  @param out_len  of the name "Conv" or "com.microsoft::Gelu", which ends at a blank
 *  @return the next name, NULL behind the last */
const char *ops_operator_next(const char *at, size_t *out_len);

#endif
