/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each kernel is written once and compiled for each kind of instructions, by registers of its
 * width. */
#include "base/bits.h"

#include <string.h>

#define OPS_KIND portable
#define OPS_BLOCK_BYTES 16
#define OPS_TARGET
#include "base/bits_kernels.h"

#if defined(__x86_64__)

#define OPS_KIND avx2
#define OPS_BLOCK_BYTES 32
#define OPS_TARGET __attribute__((target("avx2,popcnt")))
#include "base/bits_kernels.h"

#define OPS_KIND avx512
#define OPS_BLOCK_BYTES 64
#define OPS_TARGET __attribute__((target("avx512f,avx512vl,avx512vpopcntdq,avx2,popcnt")))
#include "base/bits_kernels.h"

size_t ops_bits_kinds(const struct ops_bits **out)
{
    size_t n = 0;
    out[n++] = &bits_portable;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) {
        out[n++] = &bits_avx2;
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
            __builtin_cpu_supports("avx512vpopcntdq")) {
            out[n++] = &bits_avx512;
        }
    }
    return n;
}

#else

size_t ops_bits_kinds(const struct ops_bits **out)
{
    out[0] = &bits_portable;
    return 1;
}

#endif

const struct ops_bits *ops_bits_best(void)
{
    const struct ops_bits *kinds[OPS_BITS_MAX_KINDS] = {NULL};
    return kinds[ops_bits_kinds(kinds) - 1];
}
