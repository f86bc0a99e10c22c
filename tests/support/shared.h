/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file shared.h  Test data outside of the tree: the folder OPSIG_SHARED of the environment. */
#ifndef OPSIG_TESTS_SHARED_H
#define OPSIG_TESTS_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/** Writes the path of a file of the data. @return false, with a message, where it is absent */
static inline bool shared_path(char *out, size_t size, const char *name)
{
    const char *const folder = getenv("OPSIG_SHARED");
    const int len =
        snprintf(out, size, "%s/%s", folder != NULL ? folder : OPSIG_SHARED_DEFAULT, name);
    if (len < 0 || (size_t)len >= size || access(out, R_OK) != 0) {
        (void)printf("skipped: %s is not there (OPSIG_SHARED)\n", name);
        return false;
    }
    return true;
}

#endif
