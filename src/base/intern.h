/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file intern.h  Byte strings to dense ids 0, 1, 2 ... in order of first appearance: the only
 *  hash table. */
#ifndef OPSIG_BASE_INTERN_H
#define OPSIG_BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ops_intern;

#define OPS_INTERN_NONE UINT32_MAX

opsig_status ops_intern_new(struct ops_intern **out, opsig_error *err);
void ops_intern_free(struct ops_intern *table);
/** Id of a string, added if new (bytes are copied, a NUL put behind them). Expected O(len). */
opsig_status ops_intern_put(struct ops_intern *table, const char *bytes, size_t len,
                            uint32_t *out_id, opsig_error *err);
/** Id of a string, or OPS_INTERN_NONE. */
uint32_t ops_intern_find(const struct ops_intern *table, const char *bytes, size_t len);
/** Bytes of an id, NUL behind them; valid until the table is freed. */
const char *ops_intern_text(const struct ops_intern *table, uint32_t id);
size_t ops_intern_len(const struct ops_intern *table, uint32_t id);
uint32_t ops_intern_count(const struct ops_intern *table);

#endif
