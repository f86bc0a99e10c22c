/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file sha256.h  SHA-256, a thin cover of libmd. */
#ifndef OPSIG_BASE_SHA256_H
#define OPSIG_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { OPS_SHA256_HEX = 65 }; /* 64 digits and a NUL */

struct ops_sha256; /* a running digest */

opsig_status ops_sha256_new(struct ops_sha256 **out, opsig_error *err);
void ops_sha256_add(struct ops_sha256 *digest, const void *bytes, size_t len);
/** Writes 64 lower-case digits and frees the digest. */
void ops_sha256_end(struct ops_sha256 *digest, char hex[OPS_SHA256_HEX]);
void ops_sha256_bytes(const void *bytes, size_t len, char hex[OPS_SHA256_HEX]);
/** Digest of a regular file. @param max_size  larger files give "" and OPSIG_OK; 0: no bound */
opsig_status ops_sha256_file(const char *path, uint64_t max_size, char hex[OPS_SHA256_HEX],
                             opsig_error *err);

#endif
