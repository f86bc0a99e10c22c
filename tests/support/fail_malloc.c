/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preloaded into a program, makes its n-th allocation fail (FAIL_MALLOC_AT=n), and with
 * FAIL_MALLOC_FOR_GOOD all that follow. At the end the number of allocations is written to the file
 * that FAIL_MALLOC_COUNT names. For programs with one thread. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *block, size_t size);
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *block, size_t size);

static unsigned long count, fail_at;
static bool for_good, is_ready;

__attribute__((constructor)) static void start(void)
{
    const char *const at = getenv("FAIL_MALLOC_AT");
    fail_at = at != NULL ? strtoul(at, NULL, 10) : 0;
    for_good = getenv("FAIL_MALLOC_FOR_GOOD") != NULL;
    is_ready = true;
}

__attribute__((destructor)) static void end(void)
{
    const char *const path = getenv("FAIL_MALLOC_COUNT");
    is_ready = false;
    FILE *const file = path != NULL ? fopen(path, "w") : NULL;
    if (file != NULL) {
        (void)fprintf(file, "%lu\n", count);
        (void)fclose(file);
    }
}

/** Counts an allocation. @return whether it is to fail */
static bool fails(void)
{
    if (!is_ready) {
        return false;
    }
    count++;
    if (fail_at > 0 && (count == fail_at || (for_good && count > fail_at))) {
        errno = ENOMEM;
        return true;
    }
    return false;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *block, size_t size)
{
    return fails() ? NULL : __libc_realloc(block, size);
}
