/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The database that comes with opsig is found from where the program itself lies, so that an
 * installed tree can be moved: bin/opsig has ../share/opsig/default.db, and a program that was not
 * installed yet has it below its own folder. */
#include "cli/default_db.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Folder of the program, with the '/' at its end; "" where the system does not tell. */
static void program_folder(char *out, size_t size)
{
    const ssize_t n = readlink("/proc/self/exe", out, size - 1);
    out[n < 0 ? 0 : n] = '\0';
    char *const slash = strrchr(out, '/');
    if (slash != NULL) {
        slash[1] = '\0';
    } else {
        out[0] = '\0';
    }
}

char *ops_default_db_path(void)
{
    static const char *const places[] = {OPSIG_DATA_FROM_PROGRAM "/default.db",
                                         "share/opsig/default.db"};
    char folder[PATH_MAX];
    const char *const named = getenv("OPSIG_DEFAULT_DB");
    if (named != NULL && named[0] != '\0') {
        return strdup(named);
    }
    program_folder(folder, sizeof folder);
    for (size_t i = 0; folder[0] != '\0' && i < sizeof places / sizeof places[0]; i++) {
        char path[PATH_MAX + sizeof OPSIG_DATA_FROM_PROGRAM + 32];
        (void)snprintf(path, sizeof path, "%s%s", folder, places[i]);
        if (access(path, F_OK) == 0) {
            return realpath(path, NULL);
        }
    }
    return NULL;
}
