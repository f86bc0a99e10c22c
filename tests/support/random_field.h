/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file random_field.h  Small random labelled DAGs, and the slow way to find their sequences. */
#ifndef OPSIG_TESTS_RANDOM_FIELD_H
#define OPSIG_TESTS_RANDOM_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "mine/field.h"
#include "mine/network.h"

/** Sizes of a random corpus. */
struct random_field_options {
    uint32_t n_models, max_vertices, n_symbols;
    uint32_t edge_percent; /* chance of an edge between two vertices of one model */
    bool two_layers;       /* special symbols besides the general ones */
};

/** A disjoint union of random DAGs, as ops_mine_field_new makes of a corpus. Symbols are the
 *  letters from "A" on; the special symbols of "A" are "A{x}" and "A{y}", and a fifth of the
 *  vertices have none. Aborts when memory runs out. */
struct ops_mine_field *random_field(uint64_t seed, const struct random_field_options *options);

/** The same graphs as a raw network over the field's symbols. Only its edges are its own:
 *  ops_vec_dispose. Aborts when memory runs out. */
struct ops_raw_network raw_of_field(const struct ops_mine_field *field);

/** The code of a sequence. @param steps  room for n */
struct ops_code sequence_code(struct ops_step *steps, const uint32_t *symbols, size_t n);

/** Does vertex v carry the symbol? */
bool field_carries(const struct ops_field *field, uint32_t v, uint32_t symbol);

/** Number of paths in vertices [begin, end) that carry the n symbols, by walking all of them. */
uint64_t count_paths(const struct ops_field *field, uint32_t begin, uint32_t end,
                     const uint32_t *symbols, size_t n);

#endif
