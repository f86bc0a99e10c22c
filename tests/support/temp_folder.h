/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file temp_folder.h  A folder of its own for a test, and files in it. */
#ifndef OPSIG_TESTS_TEMP_FOLDER_H
#define OPSIG_TESTS_TEMP_FOLDER_H

#include <stddef.h>

/** Makes an empty folder; aborts where that fails. */
void temp_folder_make(void);
/** Removes it with the files in it. */
void temp_folder_remove(void);
/** Path of a name in it; valid until the third call from now. */
const char *temp_path(const char *name);
/** Number of entries in it. */
size_t temp_folder_count(void);
/** Writes a file whole. */
void temp_write(const char *path, const void *bytes, size_t size);
/** Reads a file whole; the caller's (free). NULL where it cannot be read. */
unsigned char *temp_read(const char *path, size_t *out_size);

#endif
