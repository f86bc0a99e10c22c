/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file arena.h  Memory that is freed together. Built with OPSIG_ARENA_RED_ZONES the address
 *  sanitizer sees what is read or written beyond an allocation. */
#ifndef OPSIG_BASE_ARENA_H
#define OPSIG_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ops_arena_page;

/** Zero-initialise with ops_arena_init. Not for several threads at once. */
struct ops_arena {
    struct ops_arena_page *pages; /* newest first */
    size_t used, size;            /* of the newest page, bytes */
    uint64_t total, limit;        /* bytes given out, and the most that may be */
};

/** @param limit  bytes; allocations beyond it fail */
void ops_arena_init(struct ops_arena *arena, uint64_t limit);
void ops_arena_dispose(struct ops_arena *arena);
/** Would an array be within the limit? Where it is and an allocation fails, memory ran out. */
bool ops_arena_fits(const struct ops_arena *arena, size_t count, size_t size);
/** Memory aligned for any type, not cleared. NULL: memory ran out or the limit is reached. */
void *ops_arena_alloc(struct ops_arena *arena, size_t size);
/** An array, cleared; the product is checked. */
void *ops_arena_zalloc(struct ops_arena *arena, size_t count, size_t size);
/** A copy of `len` bytes with a NUL behind them. */
char *ops_arena_strndup(struct ops_arena *arena, const char *bytes, size_t len);

#endif
