/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file alphabet.h  Spells the symbols of nodes. */
#ifndef OPSIG_GRAPH_ALPHABET_H
#define OPSIG_GRAPH_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/intern.h"
#include "graph/semantic_attributes.h"
#include "graph/snapshot.h"
#include "onnx/model.h"

/** An operator that the model uses: all nodes of one domain and op_type. */
struct ops_kind {
    const char *domain, *op_type;                  /* of the model */
    const struct ops_semantic_operator *semantics; /* NULL: none */
    int64_t opset;                                 /* of the domain; known where semantics are */
    uint32_t symbol; /* in the alphabet op, once one was asked for; OPS_NO_SYMBOL: none yet */
    uint32_t bare;   /* likewise in op+attr, of a node with no attributes and at most one output */
    bool is_constant;
};

/** Kinds and symbols of one model, numbered as they appear. Refers to the model. */
struct ops_speller;

opsig_status ops_speller_new(struct ops_speller **out, const opsig_model *model, opsig_error *err);
void ops_speller_free(struct ops_speller *speller);

/** The kind of a node. Expected O(length of the names). */
opsig_status ops_speller_kind(struct ops_speller *speller, const struct onnx_node *node,
                              uint32_t *out, opsig_error *err);
/** The symbols of a node of this kind, one per alphabet; OPS_NO_SYMBOL for a Constant.
 *  @param used  bit s: output s is read */
opsig_status ops_speller_symbols(struct ops_speller *speller, const struct onnx_node *node,
                                 uint32_t kind, uint64_t used, uint32_t out[OPS_N_ALPHABETS],
                                 opsig_error *err);

uint32_t ops_speller_n_kinds(const struct ops_speller *speller);
const struct ops_kind *ops_speller_kinds(const struct ops_speller *speller);
/** All symbols by id. */
const struct ops_intern *ops_speller_table(const struct ops_speller *speller);

/** Is this a Constant of ai.onnx? */
bool ops_is_constant(const struct onnx_node *node);

/** The opset of a domain that counts: the last one imported; 1 where there is none. */
int64_t ops_opset_of(const opsig_model *model, const char *domain);

#endif
