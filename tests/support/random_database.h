/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file random_database.h  Signature databases full of awkward content, and telling them apart. */
#ifndef OPSIG_TESTS_RANDOM_DATABASE_H
#define OPSIG_TESTS_RANDOM_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "pattern/signature.h"

/** Random content of every kind that a database may hold: paths and labels of any bytes, numbers
 *  from the smallest to the largest, parts that are absent. Aborts when memory runs out.
 *  @param n_signatures  at least 1; the first is significant */
struct opsig_database *random_database(uint64_t seed, uint32_t n_signatures, uint32_t n_models);

/** NULL, or the name of a part in which they differ. */
const char *database_difference(const struct opsig_database *a, const struct opsig_database *b);

#endif
