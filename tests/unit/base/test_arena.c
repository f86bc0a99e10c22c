/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arena allocations do not overlap, are aligned, and end at the limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdalign.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/rng.h"

#ifdef OPSIG_ARENA_RED_ZONES
#include <sanitizer/asan_interface.h>
#endif

enum { N_BLOCKS = 2000 };

/** A size that is mostly small, at times larger than a page. */
static size_t random_size(uint64_t i)
{
    const uint64_t bits = ops_rng_u64(7, 1, i);
    return bits % 100 == 0 ? bits % 100000 : bits % 200;
}

static void blocks_are_apart_and_aligned(void **state)
{
    (void)state;
    static unsigned char *blocks[N_BLOCKS];
    struct ops_arena arena;
    ops_arena_init(&arena, UINT64_MAX);
    for (size_t i = 0; i < N_BLOCKS; i++) {
        const size_t size = random_size(i);
        if (i % 3 == 0) {
            blocks[i] = ops_arena_zalloc(&arena, size, 1);
        } else {
            blocks[i] = ops_arena_alloc(&arena, size);
        }
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        memset(blocks[i], (int)(i & 0xff), size);
    }
    for (size_t i = 0; i < N_BLOCKS; i++) {
        for (size_t j = 0; j < random_size(i); j++) {
            assert_int_equal(blocks[i][j], i & 0xff);
        }
    }
    ops_arena_dispose(&arena);
}

static void cleared_memory_is_zero_also_where_pages_are_reused(void **state)
{
    (void)state;
    struct ops_arena arena;
    ops_arena_init(&arena, UINT64_MAX);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 100; i++) {
            const unsigned char *const zeros = ops_arena_zalloc(&arena, 10, 10);
            for (size_t j = 0; j < 100; j++) {
                assert_int_equal(zeros[j], 0);
            }
            memset(ops_arena_alloc(&arena, 100), 0xff, 100);
        }
        ops_arena_dispose(&arena);
    }
}

static void strings_are_copied_with_a_nul(void **state)
{
    (void)state;
    struct ops_arena arena;
    ops_arena_init(&arena, UINT64_MAX);
    const char *const part = ops_arena_strndup(&arena, "abcdef", 3);
    const char *const empty = ops_arena_strndup(&arena, NULL, 0);
    const char *const next = ops_arena_strndup(&arena, "next", 4);
    assert_string_equal(part, "abc");
    assert_string_equal(empty, "");
    assert_string_equal(next, "next");
    ops_arena_dispose(&arena);
}

static void the_limit_counts_the_bytes_given_out(void **state)
{
    (void)state;
    struct ops_arena arena;
    ops_arena_init(&arena, 1000);
    assert_non_null(ops_arena_alloc(&arena, 600));
    assert_null(ops_arena_alloc(&arena, 401));
    assert_false(ops_arena_fits(&arena, 401, 1));
    assert_true(ops_arena_fits(&arena, 40, 10));
    assert_non_null(ops_arena_alloc(&arena, 400));
    assert_null(ops_arena_alloc(&arena, 1));
    assert_int_equal(arena.total, 1000);
    ops_arena_dispose(&arena);
}

static void sizes_that_overflow_fail(void **state)
{
    (void)state;
    struct ops_arena arena;
    ops_arena_init(&arena, UINT64_MAX);
    assert_null(ops_arena_zalloc(&arena, SIZE_MAX, 2));
    assert_false(ops_arena_fits(&arena, SIZE_MAX, 2));
    assert_null(ops_arena_alloc(&arena, SIZE_MAX));
    assert_null(ops_arena_alloc(&arena, SIZE_MAX - 10));
    assert_null(ops_arena_strndup(&arena, "x", SIZE_MAX));
    ops_arena_dispose(&arena);
}

static void a_failed_page_leaves_the_arena_whole(void **state)
{
    (void)state;
    struct ops_arena arena;
    ops_arena_init(&arena, UINT64_MAX);
    char *const kept = ops_arena_strndup(&arena, "kept", 4);
    ops_mem_fail_at(1, 1);
    assert_null(ops_arena_alloc(&arena, 1 << 20));
    ops_mem_fail_at(0, 0);
    assert_non_null(ops_arena_alloc(&arena, 1 << 20));
    assert_string_equal(kept, "kept");
    ops_arena_dispose(&arena);
}

static void what_lies_beyond_an_allocation_is_poisoned(void **state)
{
    (void)state;
#ifdef OPSIG_ARENA_RED_ZONES
    static const char letters[100];
    struct ops_arena arena;
    ops_arena_init(&arena, UINT64_MAX);
    for (size_t size = 1; size < 100; size++) {
        const char *const blocks[] = {ops_arena_alloc(&arena, size),
                                      ops_arena_strndup(&arena, letters, size - 1)};
        for (size_t i = 0; i < 2; i++) {
            assert_false(__asan_address_is_poisoned(blocks[i]));
            assert_false(__asan_address_is_poisoned(blocks[i] + size - 1));
            assert_true(__asan_address_is_poisoned(blocks[i] + size));
        }
    }
    ops_arena_dispose(&arena);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_apart_and_aligned),
        cmocka_unit_test(cleared_memory_is_zero_also_where_pages_are_reused),
        cmocka_unit_test(strings_are_copied_with_a_nul),
        cmocka_unit_test(the_limit_counts_the_bytes_given_out),
        cmocka_unit_test(sizes_that_overflow_fail),
        cmocka_unit_test(a_failed_page_leaves_the_arena_whole),
        cmocka_unit_test(what_lies_beyond_an_allocation_is_poisoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
