/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file mem.h  The only place that allocates memory, so that a test can fail the n-th call. */
#ifndef OPSIG_BASE_MEM_H
#define OPSIG_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

/** As malloc, calloc and realloc, but a size of 0 gives memory and products are checked. */
void *ops_mem_alloc(size_t size);
void *ops_mem_zalloc(size_t count, size_t size);
void *ops_mem_resize(void *memory, size_t count, size_t size);
/** Copies; the result is the caller's (ops_mem_free). NULL: memory ran out. */
char *ops_mem_strdup(const char *text);
void *ops_mem_dup(const void *bytes, size_t size);
/** NULL is allowed. */
void ops_mem_free(void *memory);

/** For tests: the n-th allocation from now (1: the next) fails, and with `for_good` all after
 *  it; 0: none fails. */
void ops_mem_fail_at(uint64_t n, int for_good);
/** For tests: allocations since ops_mem_fail_at. */
uint64_t ops_mem_count(void);

#endif
