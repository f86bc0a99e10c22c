/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256: vectors of FIPS 180-2, parts, files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sha256.h"

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TWO_BLOCKS "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void digests_are_those_of_the_standard(void **state)
{
    (void)state;
    static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char hex[OPS_SHA256_HEX];
    ops_sha256_bytes("abc", 3, hex);
    assert_string_equal(hex, ABC);
    ops_sha256_bytes(NULL, 0, hex);
    assert_string_equal(hex, EMPTY);
    ops_sha256_bytes(text, sizeof text - 1, hex);
    assert_string_equal(hex, TWO_BLOCKS);
}

static void parts_give_the_digest_of_the_whole(void **state)
{
    (void)state;
    static char part[1000];
    memset(part, 'a', sizeof part);
    struct ops_sha256 *digest = NULL;
    char hex[OPS_SHA256_HEX];
    assert_int_equal(ops_sha256_new(&digest, NULL), OPSIG_OK);
    for (size_t left = 1000000, n = 1; left > 0; left -= n) {
        n = n % 997 + 1;
        n = n < left ? n : left;
        ops_sha256_add(digest, part, n);
    }
    ops_sha256_add(digest, NULL, 0);
    ops_sha256_end(digest, hex);
    assert_string_equal(hex, MILLION_A);
}

static void a_file_has_the_digest_of_its_bytes_up_to_the_largest_size(void **state)
{
    (void)state;
    char path[] = "/tmp/opsig-sha256-XXXXXX";
    const int fd = mkstemp(path);
    FILE *const file = fdopen(fd, "w");
    for (int i = 0; i < 1000000; i++) {
        (void)fputc('a', file);
    }
    assert_int_equal(fclose(file), 0);
    char hex[OPS_SHA256_HEX];
    assert_int_equal(ops_sha256_file(path, 0, hex, NULL), OPSIG_OK);
    assert_string_equal(hex, MILLION_A);
    assert_int_equal(ops_sha256_file(path, 1000000, hex, NULL), OPSIG_OK);
    assert_string_equal(hex, MILLION_A);
    assert_int_equal(ops_sha256_file(path, 999999, hex, NULL), OPSIG_OK);
    assert_string_equal(hex, "");
    (void)unlink(path);
    assert_int_equal(ops_sha256_file(path, 0, hex, NULL), OPSIG_NOT_FOUND);
    assert_string_equal(hex, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_standard),
        cmocka_unit_test(parts_give_the_digest_of_the_whole),
        cmocka_unit_test(a_file_has_the_digest_of_its_bytes_up_to_the_largest_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
