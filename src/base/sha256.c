/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libmd does the work; this adds hexadecimal digits and files read through the reader. */
#include "base/sha256.h"

#include <sha2.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/reader.h"

struct ops_sha256 {
    SHA2_CTX context;
};

static void finish(SHA2_CTX *context, char hex[OPS_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Final(digest, context);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 0xf];
    }
    hex[2 * sizeof digest] = '\0';
}

opsig_status ops_sha256_new(struct ops_sha256 **out, opsig_error *err)
{
    *out = ops_mem_alloc(sizeof **out);
    if (*out == NULL) {
        return ops_error_nomem(err);
    }
    SHA256Init(&(*out)->context);
    return OPSIG_OK;
}

void ops_sha256_add(struct ops_sha256 *digest, const void *bytes, size_t len)
{
    if (len > 0) {
        SHA256Update(&digest->context, bytes, len);
    }
}

void ops_sha256_end(struct ops_sha256 *digest, char hex[OPS_SHA256_HEX])
{
    finish(&digest->context, hex);
    ops_mem_free(digest);
}

void ops_sha256_bytes(const void *bytes, size_t len, char hex[OPS_SHA256_HEX])
{
    SHA2_CTX context;
    SHA256Init(&context);
    if (len > 0) {
        SHA256Update(&context, bytes, len);
    }
    finish(&context, hex);
}

/** Digest of what is left in a reader. */
static opsig_status digest_of(struct ops_reader *reader, char hex[OPS_SHA256_HEX], opsig_error *err)
{
    SHA2_CTX context;
    SHA256Init(&context);
    for (;;) {
        const uint8_t *bytes;
        size_t len;
        const opsig_status status = ops_reader_peek(reader, OPS_READER_WINDOW, &bytes, &len, err);
        if (status != OPSIG_OK) {
            return status;
        }
        if (len == 0) {
            finish(&context, hex);
            return OPSIG_OK;
        }
        SHA256Update(&context, bytes, len);
        ops_reader_advance(reader, len);
    }
}

opsig_status ops_sha256_file(const char *path, uint64_t max_size, char hex[OPS_SHA256_HEX],
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    hex[0] = '\0';
    TRY(ops_reader_open(&reader, path, UINT64_MAX, err));
    const uint64_t size = ops_reader_size(reader);
    if (max_size == 0 || size <= max_size) {
        TRY(digest_of(reader, hex, err));
    }
done:
    ops_reader_free(reader);
    return status;
}
