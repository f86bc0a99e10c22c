/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages in a list, newest first; only the newest is filled. Pages double from 8 KiB to 1 MiB, so
 * a small model costs one page and a large one few calls. What does not fit the rest of a page
 * starts a new one; the rest is lost. With OPSIG_ARENA_RED_ZONES what is not given out is poisoned
 * for the address sanitizer, and some bytes behind each allocation stay so. */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/mem.h"

#ifdef OPSIG_ARENA_RED_ZONES
#include <sanitizer/asan_interface.h>
enum { RED_ZONE = 16, SHADOW_ALIGN = 8 }; /* a byte of shadow tells of eight bytes */
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
enum { RED_ZONE = 0, SHADOW_ALIGN = 1 };
#endif

enum { FIRST_PAGE = 8 * 1024, LARGEST_PAGE = 1024 * 1024, ALIGN = alignof(max_align_t) };

struct ops_arena_page {
    struct ops_arena_page *next;
    alignas(max_align_t) unsigned char bytes[];
};

void ops_arena_init(struct ops_arena *arena, uint64_t limit)
{
    *arena = (struct ops_arena){.limit = limit};
}

void ops_arena_dispose(struct ops_arena *arena)
{
    while (arena->pages != NULL) {
        struct ops_arena_page *const next = arena->pages->next;
        ops_mem_free(arena->pages);
        arena->pages = next;
    }
    arena->used = arena->size = 0;
    arena->total = 0;
}

/** Size of the next page when `need` bytes must fit in it. */
static size_t page_size(const struct ops_arena *arena, size_t need)
{
    size_t size = FIRST_PAGE;
    if (arena->size > 0) {
        size = arena->size < LARGEST_PAGE / 2 ? arena->size * 2 : LARGEST_PAGE;
    }
    return size > need ? size : need;
}

static bool add_page(struct ops_arena *arena, size_t need)
{
    const size_t size = page_size(arena, need);
    size_t bytes;
    if (__builtin_add_overflow(size, sizeof(struct ops_arena_page), &bytes)) {
        return false;
    }
    struct ops_arena_page *const page = ops_mem_alloc(bytes);
    if (page == NULL) {
        return false;
    }
    ASAN_POISON_MEMORY_REGION(page->bytes, size);
    page->next = arena->pages;
    arena->pages = page;
    arena->used = 0;
    arena->size = size;
    return true;
}

static void *alloc_aligned(struct ops_arena *arena, size_t size, size_t least_align)
{
    if (size > arena->limit - arena->total) {
        return NULL;
    }
    const size_t align = least_align > SHADOW_ALIGN ? least_align : SHADOW_ALIGN;
    size_t from = (arena->used + align - 1) & ~(align - 1);
    if (from > arena->size || size > arena->size - from || arena->pages == NULL) {
        if (!add_page(arena, size)) {
            return NULL;
        }
        from = 0;
    }
    ASAN_UNPOISON_MEMORY_REGION(arena->pages->bytes + from, size);
    arena->used = from + size + RED_ZONE;
    arena->total += size;
    return arena->pages->bytes + from;
}

bool ops_arena_fits(const struct ops_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    return !__builtin_mul_overflow(count, size, &bytes) && bytes <= arena->limit - arena->total;
}

void *ops_arena_alloc(struct ops_arena *arena, size_t size)
{
    return alloc_aligned(arena, size > 0 ? size : 1, ALIGN);
}

void *ops_arena_zalloc(struct ops_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    void *const memory = ops_arena_alloc(arena, bytes);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}

char *ops_arena_strndup(struct ops_arena *arena, const char *bytes, size_t len)
{
    size_t size;
    if (__builtin_add_overflow(len, 1U, &size)) {
        return NULL;
    }
    char *const copy = alloc_aligned(arena, size, 1);
    if (copy != NULL) {
        if (len > 0) {
            memcpy(copy, bytes, len);
        }
        copy[len] = '\0';
    }
    return copy;
}
