/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file onnx_write.h  ONNX models made in memory, for tests.
 *
 *      struct ow graph = {0}, model = {0};
 *      ow_nodes(&graph, "a = Relu(x); b, c = Split(a); y = Add(b, c)");
 *      ow_graph_input(&graph, "x", 1, "2,N");
 *      ow_graph_output(&graph, "y", 1, NULL);
 *      ow_model(&model, &graph, 17);
 *      opsig_model_load_memory(&out, model.bytes, model.len, NULL, &err);
 *      ow_free(&model);
 *
 *  A message under construction is its bytes: fields are appended in the order of the calls.
 *  What takes a part (`graph`, `more`, `nodes`) empties it. Running out of memory aborts.
 */
#ifndef OPSIG_TESTS_ONNX_WRITE_H
#define OPSIG_TESTS_ONNX_WRITE_H

#include <stddef.h>
#include <stdint.h>

/** Bytes of a message; zero-initialise. */
struct ow {
    uint8_t *bytes;
    size_t len, cap;
};

void ow_free(struct ow *out);

/* The wire format. */
void ow_raw(struct ow *out, const void *bytes, size_t len);
void ow_varint(struct ow *out, uint64_t value);
void ow_tag(struct ow *out, uint32_t field, uint32_t wire_type);
void ow_int(struct ow *out, uint32_t field, int64_t value);
void ow_float(struct ow *out, uint32_t field, float value);
void ow_bytes(struct ow *out, uint32_t field, const void *bytes, size_t len);
void ow_text(struct ow *out, uint32_t field, const char *text);
/** Appends a sub-message and empties it. */
void ow_message(struct ow *out, uint32_t field, struct ow *part);

/* Graphs. Lists of names are separated by commas, blanks around them do not count, and an empty
 * name is an omitted optional: "x,,y". */

/** Nodes in the form "outputs = Op(inputs)", separated by semicolons; "my.domain::Op" has a
 *  domain. */
void ow_nodes(struct ow *graph, const char *text);
/** One node. @param more  further fields of the node (below), emptied; NULL: none */
void ow_node(struct ow *graph, const char *op_type, const char *inputs, const char *outputs,
             struct ow *more);
/** A graph input, output, value_info of a tensor type.
 *  @param shape  dimensions as numbers or names, "2,N"; "" has rank 0; NULL: no shape */
void ow_graph_input(struct ow *graph, const char *name, int elem_type, const char *shape);
void ow_graph_output(struct ow *graph, const char *name, int elem_type, const char *shape);
void ow_graph_value(struct ow *graph, const char *name, int elem_type, const char *shape);
/** An initializer of `n_bytes` zero bytes of raw data. */
void ow_initializer(struct ow *graph, const char *name, int data_type, size_t n_bytes);

/* Further fields of a node. */
void ow_node_name(struct ow *more, const char *name);
void ow_node_domain(struct ow *more, const char *domain);
void ow_attr_int(struct ow *more, const char *name, int64_t value);
void ow_attr_float(struct ow *more, const char *name, float value);
void ow_attr_string(struct ow *more, const char *name, const char *value);
void ow_attr_ints(struct ow *more, const char *name, const int64_t *values, size_t n);
/** @param type  AttributeProto.AttributeType */
void ow_attr_ref(struct ow *more, const char *name, const char *parameter, int type);
/** @param graph  emptied */
void ow_attr_graph(struct ow *more, const char *name, struct ow *graph);
/** A tensor of n_bytes zero bytes, as Constant has. */
void ow_attr_tensor(struct ow *more, const char *name, int data_type, size_t n_bytes);

/* Functions: a body is written like a graph, then given a signature. */

/** @param defaults  attributes (ow_attr_...) that are parameters with defaults, emptied; or NULL
 *  @param body      nodes, emptied */
void ow_function(struct ow *model, const char *domain, const char *name, const char *inputs,
                 const char *outputs, struct ow *defaults, struct ow *body);

/** IR version 8, the graph (emptied) and an import of the default domain's opset. */
void ow_model(struct ow *model, struct ow *graph, int64_t opset);
/** Imports another domain. */
void ow_opset(struct ow *model, const char *domain, int64_t version);

#endif
