/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/csv_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 64 };

struct csv_table {
    FILE *file;
    char *header, *line;
    size_t line_room;
    char *columns[MAX_FIELDS], *fields[MAX_FIELDS];
    size_t n_columns, n_fields;
};

/* Takes the quotes off a field in place; what follows the field. */
static char *unquote(char *field)
{
    char *out = field;
    char *in = field;
    bool quoted = *in == '"';
    in += quoted;
    while (*in != '\0' && *in != '\n' && (quoted || *in != ',')) {
        if (*in == '"' && in[1] != '"') {
            quoted = false;
            in++;
            continue;
        }
        in += *in == '"';
        *out++ = *in++;
    }
    char *const rest = *in == ',' ? in + 1 : NULL;
    *out = '\0';
    return rest;
}

static size_t cut(char *line, char *fields[MAX_FIELDS])
{
    size_t n = 0;
    while (line != NULL && n < MAX_FIELDS) {
        fields[n++] = line;
        line = unquote(line);
    }
    return n;
}

struct csv_table *csv_table_open(const char *path)
{
    FILE *const file = fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }
    struct csv_table *const table = calloc(1, sizeof *table);
    size_t room = 0;
    if (table == NULL || getline(&table->header, &room, file) <= 0) {
        abort();
    }
    table->file = file;
    table->n_columns = cut(table->header, table->columns);
    return table;
}

void csv_table_close(struct csv_table *table)
{
    (void)fclose(table->file);
    free(table->header);
    free(table->line);
    free(table);
}

bool csv_table_next(struct csv_table *table)
{
    if (getline(&table->line, &table->line_room, table->file) <= 0) {
        return false;
    }
    table->n_fields = cut(table->line, table->fields);
    return true;
}

const char *csv_table_get(const struct csv_table *table, const char *column)
{
    for (size_t i = 0; i < table->n_columns && i < table->n_fields; i++) {
        if (strcmp(table->columns[i], column) == 0) {
            return table->fields[i];
        }
    }
    fprintf(stderr, "no column %s\n", column);
    abort();
}
