/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/all_sequences.h"

static uint64_t supporting_models(const struct ops_mine_field *field,
                                  const struct one_sequence *sequence)
{
    uint64_t models = 0;
    for (uint32_t m = 0; m < field->n_models; m++) {
        if (count_paths(&field->field, field->first_vertex[m], field->first_vertex[m + 1],
                        sequence->symbols, sequence->n) > 0) {
            models |= UINT64_C(1) << m;
        }
    }
    return models;
}

/** Tries all extensions of `prefix`. */
static size_t extend(const struct ops_mine_field *field, struct one_sequence prefix,
                     uint32_t max_length, uint32_t min_support, struct one_sequence *out,
                     size_t n_out)
{
    prefix.n++;
    for (uint32_t symbol = 0; symbol < field->field.n_symbols; symbol++) {
        prefix.symbols[prefix.n - 1] = symbol;
        prefix.models = supporting_models(field, &prefix);
        if ((uint32_t)__builtin_popcountll(prefix.models) < min_support) {
            continue;
        }
        out[n_out++] = prefix;
        if (prefix.n < max_length) {
            n_out = extend(field, prefix, max_length, min_support, out, n_out);
        }
    }
    return n_out;
}

size_t all_sequences(const struct ops_mine_field *field, uint32_t max_length, uint32_t min_support,
                     struct one_sequence *out)
{
    struct one_sequence empty = {.n = 0};
    return extend(field, empty, max_length, min_support, out, 0);
}
