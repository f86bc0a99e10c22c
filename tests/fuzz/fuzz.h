/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file fuzz.h  What the fuzz targets share. A target is LLVMFuzzerTestOneInput of a file of its
 *  own; libFuzzer drives it, or replay.c where there is none. A target aborts where something does
 *  not hold. */
#ifndef OPSIG_TESTS_FUZZ_H
#define OPSIG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Aborts with a message unless `holds`. */
void fuzz_need(int holds, const char *what);

/** A path at which the bytes can be read, in memory; valid until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

#endif
