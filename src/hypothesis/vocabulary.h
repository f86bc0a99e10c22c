/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file vocabulary.h  Numbers for the symbols on paths, and for pairs of symbols that follow each
 *  other: the same for all models of a run. */
#ifndef OPSIG_HYPOTHESIS_VOCABULARY_H
#define OPSIG_HYPOTHESIS_VOCABULARY_H

#include <stdint.h>

#include "base/error.h"
#include "base/intern.h"

/** The ends of a path are symbols too. */
enum { OPS_SYMBOL_INPUT = 0, OPS_SYMBOL_OUTPUT = 1 };

struct ops_vocabulary {
    struct ops_intern *symbols;
    struct ops_intern *bigrams; /* as two symbols, uint32_t each */
};

opsig_status ops_vocabulary_init(struct ops_vocabulary *vocabulary, opsig_error *err);
void ops_vocabulary_dispose(struct ops_vocabulary *vocabulary);
/** Number of a symbol, new or known. */
opsig_status ops_vocabulary_symbol(struct ops_vocabulary *vocabulary, const char *text,
                                   uint32_t *out, opsig_error *err);
/** Number of two symbols in a row, new or known. */
opsig_status ops_vocabulary_bigram(struct ops_vocabulary *vocabulary, uint32_t first,
                                   uint32_t second, uint32_t *out, opsig_error *err);
/** The two symbols of a bigram. */
void ops_vocabulary_split(const struct ops_vocabulary *vocabulary, uint32_t bigram,
                          uint32_t out[2]);

#endif
