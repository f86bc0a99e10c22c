/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file all_sequences.h  Every sequence of a small field with its supporting models, by trying
 *  all combinations of symbols. */
#ifndef OPSIG_TESTS_ALL_SEQUENCES_H
#define OPSIG_TESTS_ALL_SEQUENCES_H

#include "support/random_field.h"

enum { ALL_SEQUENCES_MAX_LENGTH = 5 };

struct one_sequence {
    uint32_t symbols[ALL_SEQUENCES_MAX_LENGTH];
    uint32_t n;
    uint64_t models; /* bit m: model m holds it; for at most 64 models */
};

/** Lists all sequences of up to max_length symbols that occur in at least min_support models.
 *  @param out  room for them; @return their number */
size_t all_sequences(const struct ops_mine_field *field, uint32_t max_length,
                     uint32_t min_support, struct one_sequence *out);

#endif
