/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The intern table against a linear search. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "base/rng.h"

enum { N_STRINGS = 20000, MAX_DISTINCT = 3000, MAX_LEN = 12 };

struct seen {
    char bytes[MAX_LEN];
    size_t len;
};

/** A short string of few letters, NUL among them, so that many repeat. */
static size_t random_string(uint64_t index, char bytes[MAX_LEN])
{
    const uint64_t bits = ops_rng_u64(1, 0, index);
    const size_t len = bits % (MAX_LEN + 1) / 3;
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (char)(bits >> (8 + 4 * i) & 7);
    }
    return len;
}

static size_t linear_search(const struct seen *seen, size_t n, const char *bytes, size_t len)
{
    for (size_t i = 0; i < n; i++) {
        if (seen[i].len == len && memcmp(seen[i].bytes, bytes, len) == 0) {
            return i;
        }
    }
    return n;
}

static void ids_follow_first_appearance_as_in_a_linear_search(void **state)
{
    (void)state;
    static struct seen seen[MAX_DISTINCT * 2];
    size_t n = 0;
    struct ops_intern *table = NULL;
    assert_int_equal(ops_intern_new(&table, NULL), OPSIG_OK);
    for (uint64_t i = 0; i < N_STRINGS; i++) {
        char bytes[MAX_LEN];
        const size_t len = random_string(i, bytes);
        const size_t expected = linear_search(seen, n, bytes, len);
        const uint32_t found = ops_intern_find(table, bytes, len);
        assert_int_equal(found, expected < n ? expected : OPS_INTERN_NONE);
        uint32_t id;
        assert_int_equal(ops_intern_put(table, bytes, len, &id, NULL), OPSIG_OK);
        assert_int_equal(id, expected);
        if (expected == n) {
            memcpy(seen[n].bytes, bytes, len);
            seen[n++].len = len;
        }
    }
    assert_int_equal(ops_intern_count(table), n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(ops_intern_len(table, (uint32_t)i), seen[i].len);
        assert_memory_equal(ops_intern_text(table, (uint32_t)i), seen[i].bytes, seen[i].len);
        assert_int_equal(ops_intern_text(table, (uint32_t)i)[seen[i].len], 0);
    }
    ops_intern_free(table);
}

static void each_failed_allocation_leaves_a_table_that_goes_on(void **state)
{
    (void)state;
    for (uint64_t k = 1;; k++) {
        struct ops_intern *table = NULL;
        opsig_error err = {0};
        ops_mem_fail_at(k, 0);
        opsig_status status = ops_intern_new(&table, &err);
        for (uint32_t i = 0; i < 200 && status == OPSIG_OK; i++) {
            uint32_t id;
            status = ops_intern_put(table, (const char *)&i, sizeof i, &id, &err);
        }
        const uint64_t count = ops_mem_count();
        ops_mem_fail_at(0, 0);
        if (table != NULL) {
            uint32_t id;
            assert_int_equal(ops_intern_put(table, "next", 4, &id, NULL), OPSIG_OK);
            assert_int_equal(id, ops_intern_count(table) - 1);
        }
        ops_intern_free(table);
        if (count < k) {
            assert_int_equal(status, OPSIG_OK);
            return;
        }
        assert_int_equal(status, OPSIG_NOMEM);
        assert_int_equal(err.status, OPSIG_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_follow_first_appearance_as_in_a_linear_search),
        cmocka_unit_test(each_failed_allocation_leaves_a_table_that_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
