/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows and their strings, freed together. */
#include "corpus/rows.h"

#include <string.h>

#include "base/error.h"

void ops_rows_init(struct ops_rows *rows)
{
    *rows = (struct ops_rows){.oracle = ""};
    ops_arena_init(&rows->arena, UINT64_MAX);
}

void ops_rows_dispose(struct ops_rows *rows)
{
    ops_vec_dispose(&rows->rows);
    ops_arena_dispose(&rows->arena);
}

opsig_status ops_rows_text(struct ops_rows *rows, const char *text, const char **out,
                           opsig_error *err)
{
    *out = text[0] != '\0' ? ops_arena_strndup(&rows->arena, text, strlen(text)) : "";
    return *out != NULL ? OPSIG_OK : ops_error_nomem(err);
}

opsig_status ops_rows_join(struct ops_rows *rows, const char *folder, const char *name,
                           const char **out, opsig_error *err)
{
    if (folder[0] == '\0' || name[0] == '/') {
        return ops_rows_text(rows, name, out, err);
    }
    const size_t folder_len = strlen(folder);
    const size_t name_len = strlen(name);
    const size_t has_slash = folder[folder_len - 1] == '/';
    char *const joined = ops_arena_alloc(&rows->arena, folder_len + name_len + 2);
    if (joined == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(joined, folder, folder_len);
    joined[folder_len] = '/';
    memcpy(joined + folder_len + 1 - has_slash, name, name_len + 1);
    *out = joined;
    return OPSIG_OK;
}

opsig_status ops_rows_add(struct ops_rows *rows, const struct ops_row *row, const char *folder,
                          opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_row copy = *row;
    TRY(ops_rows_text(rows, row->path, &copy.path, err));
    TRY(ops_rows_join(rows, folder, row->file, &copy.file, err));
    TRY(ops_rows_text(rows, row->group, &copy.group, err));
    TRY(ops_rows_text(rows, row->culprit, &copy.culprit, err));
    TRY(ops_vec_push(&rows->rows, copy, err));
done:
    return status;
}
