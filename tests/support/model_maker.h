/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Models made in memory for tests, piece by piece. Names in lists are separated by blanks; "_"
 * stands for an omitted one. Memory that runs out ends the test. */
#ifndef OPSIG_TESTS_MODEL_MAKER_H
#define OPSIG_TESTS_MODEL_MAKER_H

#include "onnx/model.h"

/* A model with an empty main graph, opset 17 and no functions; maker_free frees it. */
opsig_model *maker_new(void);
void maker_free(opsig_model *model);

/* An empty graph, for a body. */
struct onnx_graph *maker_graph(opsig_model *model);
void maker_input(opsig_model *model, struct onnx_graph *graph, const char *name);
void maker_output(opsig_model *model, struct onnx_graph *graph, const char *name);
void maker_initializer(opsig_model *model, struct onnx_graph *graph, const char *name);
/* Adds a node at the end; its place in the graph. An op_type "d::T" has domain d. */
size_t maker_node(opsig_model *model, struct onnx_graph *graph, const char *op_type,
                  const char *name, const char *inputs, const char *outputs);
void maker_body(opsig_model *model, struct onnx_node *node, const char *attribute,
                struct onnx_graph *body);
/* Attributes of a node; the type is that of the value. */
void maker_int(opsig_model *model, struct onnx_node *node, const char *name, int64_t value);
void maker_float(opsig_model *model, struct onnx_node *node, const char *name, float value);
void maker_string(opsig_model *model, struct onnx_node *node, const char *name, const char *value);
void maker_ints(opsig_model *model, struct onnx_node *node, const char *name, size_t n,
                const int64_t *values);
void maker_attribute(opsig_model *model, struct onnx_node *node,
                     const struct onnx_attribute *attribute);
/* Takes away all opset imports; adds one. */
void maker_no_opsets(opsig_model *model);
void maker_opset(opsig_model *model, const char *domain, int64_t version);
void maker_note(opsig_model *model, const char *note);

#endif
