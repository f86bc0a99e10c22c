/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file loader.h  The work-bench of loading: what load.c and its parts share.
 *
 *  Fields arrive in any order and sub-messages in parts, so every message has a struct that
 *  collects it. Lists that live as long as the model grow in its arena; those of the node at
 *  hand are stacks on the bench (a node holds graphs, which hold nodes), copied when it ends.
 */
#ifndef OPSIG_ONNX_LOADER_H
#define OPSIG_ONNX_LOADER_H

#include "base/buffer.h"
#include "base/vec.h"
#include "onnx/elements.h"
#include "onnx/model.h"
#include "onnx/wire.h"

/** An array that doubles in the model's arena, then in a block. */
struct ops_list {
    void *items;
    size_t len, cap;
    struct onnx_block *block; /* NULL: in the arena */
};

/** A graph, and the lists that it points into. */
struct ops_graph_parts {
    struct onnx_graph graph;
    struct ops_list nodes, inputs, outputs, value_infos, initializers;
};

/** A vec of value ids. */
struct ops_value_stack {
    uint32_t *items;
    size_t len, cap;
};

struct ops_loader {
    struct ops_wire wire;
    struct opsig_model *model;
    const opsig_limits *limits;
    opsig_error *err;
    size_t n_nodes; /* in all graphs and functions */
    struct ops_graph_parts *graph;
    struct ops_list opsets, functions, notes;
    struct ops_value_stack inputs, outputs;
    OPS_VEC(struct onnx_attribute) attributes;
    struct ops_buffer leaf; /* bytes gathered for generated code, OPS_LEAF_MAX at most */
    unsigned leaf_parts;
    bool keep_constants;
    uint64_t kept;                  /* bytes of constants so far */
    OPS_VEC(uint64_t) items;        /* of the tensor at hand: bits of its int32_data ... */
    OPS_VEC(uint8_t) raw;           /* likewise, as raw_data */
};

/** Memory of the model, not cleared. @return OPSIG_LIMIT past max_memory, OPSIG_NOMEM */
opsig_status ops_loader_alloc(struct ops_loader *loader, size_t count, size_t size, void **out);
/** A new, cleared item at the end of a list. */
opsig_status ops_loader_push(struct ops_loader *loader, struct ops_list *list, size_t size,
                             void **out);
/** A copy of items [from, from + n); NULL where n is 0. */
opsig_status ops_loader_copy(struct ops_loader *loader, const void *items, size_t from, size_t n,
                             size_t size, void **out);
/** A string field; "" is not stored. */
opsig_status ops_loader_string(struct ops_loader *loader, const struct ops_field *field,
                               const char **out);
/** A copy of a string; "" for NULL and "". */
opsig_status ops_loader_text(struct ops_loader *loader, const char *text, const char **out);
/** "" for "ai.onnx", which is another name of the same domain. */
const char *ops_domain(const char *domain);
/** A bytes field; one past max_name_length is skipped and gives {NULL, 0}. */
opsig_status ops_loader_bytes(struct ops_loader *loader, const struct ops_field *field,
                              struct onnx_bytes *out);
/** The id of a value's name. */
opsig_status ops_loader_value(struct ops_loader *loader, const struct ops_field *field,
                              uint32_t *out);
/** Appends a repeated int64 field, packed or not. */
opsig_status ops_loader_ints(struct ops_loader *loader, const struct ops_field *field,
                             struct ops_list *list);
/** Appends a repeated float field, packed or not. */
opsig_status ops_loader_floats(struct ops_loader *loader, const struct ops_field *field,
                               struct ops_list *list);
/** Refuses `more` bytes on a stack of the bench where they would pass max_memory. */
opsig_status ops_loader_fits(struct ops_loader *loader, size_t n, size_t size);

/* A leaf: a small message of fixed depth that generated code unpacks. Its bytes are gathered
 * first; parts of a message, one behind the other, are its merger. */

enum { OPS_LEAF_MAX = 256 * 1024 }; /* bytes; unpacked up to 150 times as many */

/** Checks a message field's bytes (tags, wire types, lengths, no NUL in strings) and appends them
 *  to loader->leaf. */
opsig_status ops_leaf_gather(struct ops_loader *loader, const struct ops_field *field,
                             const ProtobufCMessageDescriptor *message);
/** Forgets what was gathered. */
void ops_leaf_clear(struct ops_loader *loader);

/** An unpacked leaf, in memory of its own. */
struct ops_leaf {
    ProtobufCMessage *message;
    struct ops_arena scratch;
    bool exhausted;
};
/** Unpacks what was gathered. @param out  to be disposed of, also after a failure */
opsig_status ops_leaf_unpack(struct ops_loader *loader, const struct ops_field *field,
                             const ProtobufCMessageDescriptor *message, struct ops_leaf *out);
void ops_leaf_dispose(struct ops_leaf *leaf);

/** An OperatorSetIdProto, appended to a list of struct onnx_opset. */
opsig_status ops_load_opset(struct ops_loader *loader, const struct ops_field *field,
                            struct ops_list *list);
/** A ValueInfoProto. */
opsig_status ops_load_value_info(struct ops_loader *loader, const struct ops_field *field,
                                 struct ops_list *list);

/** The data of a tensor being read. */
struct ops_payload_parts {
    struct onnx_payload payload;
    struct ops_list strings;
    bool too_many; /* to be kept */
    bool dropped;  /* in a form that no data have */
    bool finished; /* nothing may follow */
};
/** Reads one of the fields above. */
opsig_status ops_load_payload(struct ops_loader *loader, const struct ops_field *field,
                              struct ops_payload_parts *parts);
/** Gives a tensor, whose type is known by now, its payload. */
opsig_status ops_finish_payload(struct ops_loader *loader, struct ops_payload_parts *parts,
                                struct onnx_tensor *tensor);

/** A tensor that may come in parts. */
struct ops_tensor_parts {
    struct onnx_tensor tensor;
    struct ops_list dims;
    struct ops_payload_parts payload;
};
/** Adds a TensorProto. */
opsig_status ops_load_tensor(struct ops_loader *loader, const struct ops_field *field,
                             struct ops_tensor_parts *parts);
/** Adds a SparseTensorProto; its name and type are those of its values. */
opsig_status ops_load_sparse_tensor(struct ops_loader *loader, const struct ops_field *field,
                                    struct ops_tensor_parts *parts);

/** An AttributeProto. */
opsig_status ops_load_attribute(struct ops_loader *loader, const struct ops_field *field,
                                struct onnx_attribute *out);
/** A NodeProto, appended to a list of struct onnx_node. */
opsig_status ops_load_node(struct ops_loader *loader, const struct ops_field *field,
                           struct ops_list *nodes);
/** A GraphProto, or a part of one: *parts is made where it is NULL, and added to. */
opsig_status ops_load_graph(struct ops_loader *loader, const struct ops_field *field,
                            struct ops_graph_parts **parts);
/** A FunctionProto, appended to loader->functions. */
opsig_status ops_load_function(struct ops_loader *loader, const struct ops_field *field);

#endif
