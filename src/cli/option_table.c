/* SPDX-License-Identifier: GPL-2.0-or-later */
/* argp keeps options in a tree of parsers. What has to know all of a command's options (the
 * configuration file, shell completion) reads them from that tree, so that there is one place
 * where an option is declared. */
#include "cli/option_table.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/nearest.h>

static int add(struct ops_option_table *table, const struct argp_option *option)
{
    const struct argp_option **const items =
        reallocarray(table->items, table->n + 1, sizeof *items);
    if (items == NULL) {
        return ENOMEM;
    }
    table->items = items;
    table->items[table->n++] = option;
    return 0;
}

static bool is_last(const struct argp_option *option)
{
    return option->name == NULL && option->key == 0 && option->doc == NULL;
}

/** Depth is that of the tables in this program. */
static int add_all(struct ops_option_table *table, const struct argp *argp)
{
    int error = 0;
    for (const struct argp_option *o = argp->options; o != NULL && !is_last(o) && error == 0;
         o++) {
        if (o->name != NULL && (o->flags & OPTION_HIDDEN) == 0) {
            error = add(table, o);
        }
    }
    for (const struct argp_child *child = argp->children;
         child != NULL && child->argp != NULL && error == 0; child++) {
        error = add_all(table, child->argp);
    }
    return error;
}

int ops_option_table_init(struct ops_option_table *table, const struct argp *argp)
{
    *table = (struct ops_option_table){0};
    return add_all(table, argp);
}

void ops_option_table_dispose(struct ops_option_table *table)
{
    free(table->items);
    *table = (struct ops_option_table){0};
}

size_t ops_option_table_find(const struct ops_option_table *table, const char *name)
{
    for (size_t i = 0; i < table->n; i++) {
        if (strcmp(table->items[i]->name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *ops_option_table_nearest(const struct ops_option_table *table, const char *name)
{
    opsig_nearest nearest;
    opsig_nearest_start(&nearest, name, strlen(name));
    for (size_t i = 0; i < table->n; i++) {
        opsig_nearest_offer(&nearest, table->items[i]->name);
    }
    return nearest.best;
}

char ops_option_table_letter(const struct argp_option *option)
{
    return option->key > ' ' && option->key <= '~' ? (char)option->key : '\0';
}
