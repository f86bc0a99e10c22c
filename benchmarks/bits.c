/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times what a test of a class of patterns by permuted labels counts, by each kind of instructions
 * that this processor has, in turns within one run.
 *
 *   bench_bits [ROUNDS]
 *
 * 200 strings of 1,024 bits (models that hold a class, permutations) added up column by column, and
 * 2x2 tables of 2,048 models. Prints medians in nanoseconds, and ratios to the portable kind.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/bits.h"
#include "base/rng.h"

enum { N_STRINGS = 200, STRING_WORDS = 16, TABLE_WORDS = 32, REPEAT = 1000, MOST_ROUNDS = 1000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint64_t words[N_STRINGS][TABLE_WORDS];

/** Nanoseconds of one sum of all strings. @param check  is added to, so that nothing is left out */
static double time_columns(const struct ops_bits *kind, uint64_t *check)
{
    static uint64_t slices[OPS_BITS_SLICES * STRING_WORDS];
    const uint64_t *strings[N_STRINGS];
    for (size_t i = 0; i < N_STRINGS; i++) {
        strings[i] = words[i];
    }
    const double start = now();
    for (int i = 0; i < REPEAT; i++) {
        kind->add_columns(slices, strings, N_STRINGS, STRING_WORDS);
        *check += slices[i % STRING_WORDS];
    }
    return (now() - start) / REPEAT;
}

/** Nanoseconds of one table. */
static double time_table(const struct ops_bits *kind, uint64_t *check)
{
    const double start = now();
    for (int i = 0; i < REPEAT; i++) {
        *check += kind->tabulate(words[0], words[1], words[2], words[i % N_STRINGS], TABLE_WORDS)
                      .both;
    }
    return (now() - start) / REPEAT;
}

int main(int argc, char **argv)
{
    static double samples[2][OPS_BITS_MAX_KINDS][MOST_ROUNDS];
    const struct ops_bits *kinds[OPS_BITS_MAX_KINDS];
    const size_t n = ops_bits_kinds(kinds);
    uint64_t check[OPS_BITS_MAX_KINDS] = {0};
    const long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 101;
    if (rounds < 1 || rounds > MOST_ROUNDS) {
        fprintf(stderr, "usage: bench_bits [ROUNDS]\n");
        return 2;
    }
    for (size_t i = 0; i < (size_t)N_STRINGS * TABLE_WORDS; i++) {
        words[i / TABLE_WORDS][i % TABLE_WORDS] = ops_rng_u64(1, 1, i);
    }
    for (long round = 0; round < rounds; round++) {
        for (size_t k = 0; k < n; k++) {
            samples[0][k][round] = time_columns(kinds[k], &check[k]);
            samples[1][k][round] = time_table(kinds[k], &check[k]);
        }
    }
    printf("%-10s %12s %8s %12s %8s\n", "kind", "columns ns", "ratio", "table ns", "ratio");
    for (size_t k = 0; k < n; k++) {
        double median[2];
        for (size_t i = 0; i < 2; i++) {
            qsort(samples[i][k], (size_t)rounds, sizeof samples[i][k][0], ascending);
            median[i] = samples[i][k][rounds / 2];
        }
        printf("%-10s %12.0f %8.2f %12.1f %8.2f\n", kinds[k]->name, median[0],
               samples[0][0][rounds / 2] / median[0], median[1],
               samples[1][0][rounds / 2] / median[1]);
        if (check[k] != check[0]) {
            fprintf(stderr, "bench_bits: %s counts something else\n", kinds[k]->name);
            return 1;
        }
    }
    return 0;
}
