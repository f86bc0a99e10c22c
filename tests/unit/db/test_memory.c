/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQLite's own allocations fail, one after the other: each failure is told as missing memory, or
 * does not matter. */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "db/put.h"
#include "support/close.h"
#include "support/random_database.h"
#include "support/temp_folder.h"

static sqlite3_mem_methods usual;
static long calls_left; /* until one fails; below 0: none */

static bool fails_now(void)
{
    return calls_left >= 0 && calls_left-- == 0;
}

static void *failing_malloc(int size)
{
    return fails_now() ? NULL : usual.xMalloc(size);
}

static void *failing_realloc(void *memory, int size)
{
    return fails_now() ? NULL : usual.xRealloc(memory, size);
}

static int setup(void **state)
{
    (void)state;
    sqlite3_mem_methods failing;
    temp_folder_make();
    calls_left = -1;
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
    failing = usual;
    failing.xMalloc = failing_malloc;
    failing.xRealloc = failing_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    sqlite3_initialize();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    temp_folder_remove();
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &usual);
    return 0;
}

static void writing_survives_each_failure(void **state)
{
    (void)state;
    opsig_database *const database = random_database(40, 2, 3);
    unsigned char *good, *bytes;
    size_t good_size, size;
    assert_int_equal(ops_db_bytes(database, &good, &good_size, NULL), OPSIG_OK);
    long n = 0;
    for (bool failed = true; failed; n++) {
        calls_left = n;
        const opsig_status status = ops_db_bytes(database, &bytes, &size, NULL);
        failed = calls_left < 0;
        calls_left = -1;
        if (status == OPSIG_OK) {
            assert_int_equal(size, good_size);
            assert_memory_equal(bytes, good, size);
        } else if (status != OPSIG_NOMEM || bytes != NULL) {
            fail_msg("allocation %ld: %s", n, opsig_status_name(status));
        }
        sqlite3_free(bytes);
    }
    assert_true(n > 100);
    sqlite3_free(good);
    opsig_database_free(database);
}

static void reading_survives_each_failure(void **state)
{
    (void)state;
    opsig_database *const written = random_database(41, 2, 3);
    assert_int_equal(opsig_database_write(written, temp_path("a.db"), NULL), OPSIG_OK);
    long n = 0;
    for (bool failed = true; failed; n++) {
        opsig_database *read;
        opsig_error err = {.offset = -1};
        calls_left = n;
        const opsig_status status = opsig_database_open(&read, temp_path("a.db"), &err);
        failed = calls_left < 0;
        calls_left = -1;
        if (status == OPSIG_OK) {
            assert_null(database_difference(read, written));
        } else if (status != OPSIG_NOMEM || read != NULL) {
            fail_msg("allocation %ld: %s: %s", n, opsig_status_name(status), err.message);
        }
        opsig_database_free(read);
    }
    assert_true(n > 100);
    opsig_database_free(written);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writing_survives_each_failure),
        TEST(reading_survives_each_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
