/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Databases are opened in the order in which they were named. */
#include "cli/databases.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/cli.h"

int ops_databases_add(struct ops_databases *databases, const char *path)
{
    const size_t n = databases->n + 1;
    opsig_database **const items = reallocarray(databases->items, n, sizeof *items);
    if (items == NULL) {
        return ENOMEM;
    }
    databases->items = items;
    const char **const paths = reallocarray(databases->paths, n, sizeof *paths);
    if (paths == NULL) {
        return ENOMEM;
    }
    databases->paths = paths;
    items[databases->n] = NULL;
    paths[databases->n] = path;
    databases->n = n;
    return 0;
}

int ops_databases_open(struct ops_databases *databases)
{
    for (size_t i = 0; i < databases->n; i++) {
        opsig_error error = {0};
        const opsig_status status =
            opsig_database_open(&databases->items[i], databases->paths[i], &error);
        if (status != OPSIG_OK) {
            ops_say_error(databases->paths[i], &error);
            return ops_exit_of_named_file(status);
        }
    }
    return OPS_EXIT_OK;
}

const opsig_database *const *ops_databases_items(const struct ops_databases *databases)
{
    return (const opsig_database *const *)databases->items;
}

void ops_databases_dispose(struct ops_databases *databases)
{
    for (size_t i = 0; i < databases->n; i++) {
        opsig_database_free(databases->items[i]);
    }
    free(databases->items);
    free(databases->paths);
    *databases = (struct ops_databases){0};
}
