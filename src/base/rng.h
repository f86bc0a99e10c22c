/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file rng.h  Counter-based random numbers: a pure function of (seed, stream, index), so that
 *  results do not depend on the order or the thread in which they are drawn. */
#ifndef OPSIG_BASE_RNG_H
#define OPSIG_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/** 64 random bits (Philox 4x32-10; Salmon et al., SC 2011). */
uint64_t ops_rng_u64(uint64_t seed, uint64_t stream, uint64_t index);
/** Uniform in 0 ... bound - 1, bound > 0, without bias beyond 2^-64 (multiply-shift). */
uint64_t ops_rng_below(uint64_t seed, uint64_t stream, uint64_t index, uint64_t bound);
/** Fills order[0 ... n-1] with a random permutation of 0 ... n-1 (Fisher-Yates). */
void ops_rng_permutation(uint64_t seed, uint64_t stream, uint32_t *order, uint32_t n);

#endif
