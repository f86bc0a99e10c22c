/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Philox 4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011, section 3.3 and table 2. The counter is (index, stream), the key is the seed; of the
 * four words that come out the first two are used. */
#include "base/rng.h"

enum { ROUNDS = 10 };

uint64_t ops_rng_u64(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint32_t c0 = (uint32_t)index;
    uint32_t c1 = (uint32_t)(index >> 32);
    uint32_t c2 = (uint32_t)stream;
    uint32_t c3 = (uint32_t)(stream >> 32);
    uint32_t k0 = (uint32_t)seed;
    uint32_t k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t p0 = (uint64_t)c0 * 0xd2511f53U;
        const uint64_t p1 = (uint64_t)c2 * 0xcd9e8d57U;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9e3779b9U; /* golden ratio */
        k1 += 0xbb67ae85U; /* square root of 3 - 1 */
    }
    return (uint64_t)c1 << 32 | c0;
}

/** High 64 bits of a 128-bit product, from 32-bit halves. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    const uint64_t a0 = (uint32_t)a;
    const uint64_t a1 = a >> 32;
    const uint64_t b0 = (uint32_t)b;
    const uint64_t b1 = b >> 32;
    const uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    const uint64_t cross = a0 * b1 + (uint32_t)middle;
    return a1 * b1 + (middle >> 32) + (cross >> 32);
}

uint64_t ops_rng_below(uint64_t seed, uint64_t stream, uint64_t index, uint64_t bound)
{
    return multiply_high(ops_rng_u64(seed, stream, index), bound);
}

void ops_rng_permutation(uint64_t seed, uint64_t stream, uint32_t *order, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    for (uint32_t i = n; i > 1; i--) {
        const uint64_t j = ops_rng_below(seed, stream, i, i);
        const uint32_t kept = order[j];
        order[j] = order[i - 1];
        order[i - 1] = kept;
    }
}
