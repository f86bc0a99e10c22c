/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a target over the files that are named, and over beginnings and single changes of each: a
 * fuzzer's place is taken where there is none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

enum { LARGEST = 1 << 20, CUTS = 64, CHANGES = 256 };

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void run_beginnings(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < CUTS; i++) {
        (void)LLVMFuzzerTestOneInput(bytes, size * i / CUTS);
    }
}

static void run_changes(uint8_t *bytes, size_t size, uint64_t *state)
{
    for (size_t i = 0; i < CHANGES && size > 0; i++) {
        const size_t at = next(state) % size;
        const uint8_t kept = bytes[at];
        bytes[at] = (uint8_t)(i % 2 == 0 ? next(state) : kept ^ 1U << next(state) % 8);
        (void)LLVMFuzzerTestOneInput(bytes, size);
        bytes[at] = kept;
    }
}

int main(int argc, char **argv)
{
    uint64_t state = 1;
    uint8_t *const bytes = malloc(LARGEST);
    fuzz_need(bytes != NULL && argc > 1, "usage: replay FILE...");
    for (int i = 1; i < argc; i++) {
        FILE *const file = fopen(argv[i], "rb");
        fuzz_need(file != NULL, argv[i]);
        const size_t size = fread(bytes, 1, LARGEST, file);
        (void)fclose(file);
        (void)LLVMFuzzerTestOneInput(bytes, size);
        run_beginnings(bytes, size);
        run_changes(bytes, size, &state);
    }
    free(bytes);
    printf("%d files\n", argc - 1);
    return 0;
}
