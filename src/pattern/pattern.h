/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file pattern.h  A pattern that stands on its own: a code with the texts of its symbols. */
#ifndef OPSIG_PATTERN_PATTERN_H
#define OPSIG_PATTERN_PATTERN_H

#include "base/intern.h"
#include "pattern/code.h"

enum { OPS_PATTERN_ID = 17 }; /* "OPS-", 12 hexadecimal digits and a NUL */

/** Symbols in `steps` are indices into `symbols`, distinct texts in order of first use. */
struct opsig_pattern {
    struct ops_step *steps;
    size_t n_steps, n_vertices;
    uint64_t operators; /* bits that stand for them, without attributes: where a pattern contains
                           another one, it has the bits of that one, which tells most pairs apart */
    char **symbols;
    size_t n_symbols;
    char *text;
    char id[OPS_PATTERN_ID];
};

/** Makes a pattern of a canonical code whose symbols are ids of `symbols`. */
opsig_status ops_pattern_new(opsig_pattern **out, struct ops_code code,
                             const struct ops_intern *symbols, opsig_error *err);
/** A copy, the caller's. */
opsig_status ops_pattern_copy(opsig_pattern **out, const opsig_pattern *pattern,
                              opsig_error *err);
/** The code with its symbols as ids of `symbols`, to which new ones are added.
 *  @param out_steps  room for pattern->n_steps */
opsig_status ops_pattern_code(const opsig_pattern *pattern, struct ops_intern *symbols,
                              struct ops_step *out_steps, opsig_error *err);

#endif
