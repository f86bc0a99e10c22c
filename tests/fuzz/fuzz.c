/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file in memory serves all inputs: it is emptied and written again. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_need(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("input", 0);
        fuzz_need(fd >= 0, "there is a file in memory");
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    fuzz_need(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size,
              "the file can be written");
    return path;
}
