/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only place that calls malloc. A test can make the n-th call fail, which is how all the
 * failure paths are walked. The counters cost one relaxed load as long as no test has armed
 * them; they are the only static state of the library. */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static atomic_bool armed;
static atomic_bool keep_failing;
static atomic_uint_fast64_t fail_at;
static atomic_uint_fast64_t count_since;

void ops_mem_fail_at(uint64_t n, int for_good)
{
    atomic_store(&count_since, 0);
    atomic_store(&fail_at, n);
    atomic_store(&keep_failing, for_good != 0);
    atomic_store(&armed, true);
}

uint64_t ops_mem_count(void)
{
    return atomic_load(&count_since);
}

/** Counts one allocation. @return true where it has to fail */
static bool must_fail(void)
{
    if (!atomic_load_explicit(&armed, memory_order_relaxed)) {
        return false;
    }
    const uint64_t number = atomic_fetch_add(&count_since, 1) + 1;
    const uint64_t target = atomic_load(&fail_at);
    return target != 0 && (number == target || (number > target && atomic_load(&keep_failing)));
}

void *ops_mem_alloc(size_t size)
{
    return must_fail() ? NULL : malloc(size > 0 ? size : 1);
}

void *ops_mem_zalloc(size_t count, size_t size)
{
    size_t bytes;
    if (must_fail() || __builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    return calloc(bytes > 0 ? bytes : 1, 1);
}

void *ops_mem_resize(void *memory, size_t count, size_t size)
{
    size_t bytes;
    if (must_fail() || __builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    return realloc(memory, bytes > 0 ? bytes : 1);
}

char *ops_mem_strdup(const char *text)
{
    return ops_mem_dup(text, strlen(text) + 1);
}

void *ops_mem_dup(const void *bytes, size_t size)
{
    void *copy = ops_mem_alloc(size);
    if (copy != NULL && size > 0) {
        memcpy(copy, bytes, size);
    }
    return copy;
}

void ops_mem_free(void *memory)
{
    free(memory);
}
