/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders are compared by their real paths, so that it does not matter from where and by which
 * links a model was named; the name of the file itself stays as it was given. */
#include "scan/place.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"

enum { LONGEST = 64 * 1024 };

static const char *name_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static char *folder_of(const char *path)
{
    size_t len = (size_t)(name_of(path) - path);
    while (len > 1 && path[len - 1] == '/') {
        len--;
    }
    struct ops_buffer folder;
    ops_buffer_init(&folder, LONGEST);
    ops_buffer_puts(&folder, len > 0 ? "" : ".");
    ops_buffer_add(&folder, path, len);
    char *const real = realpath(ops_buffer_text(&folder), NULL);
    char *const copy = ops_mem_strdup(real != NULL ? real : ops_buffer_text(&folder));
    free(real);
    ops_buffer_dispose(&folder);
    return copy;
}

/** Length of the folders that two real paths share, with the '/' behind them. */
static size_t shared_length(const char *a, const char *b)
{
    size_t shared = 0;
    size_t i = 0;
    for (; a[i] != '\0' && a[i] == b[i]; i++) {
        if (a[i] == '/') {
            shared = i + 1;
        }
    }
    const bool ends = (a[i] == '\0' || a[i] == '/') && (b[i] == '\0' || b[i] == '/');
    return ends && a[i] != b[i] ? i + 1 : ends ? i : shared;
}

/** Writes the way to a file whose folder is `own`. */
static void put_relative(struct ops_place *place, const char *own, const char *path)
{
    struct ops_buffer *const out = &place->relative;
    const size_t shared = shared_length(place->folder, own);
    const char *rest = strlen(place->folder) > shared ? place->folder + shared : NULL;
    for (; rest != NULL; rest = strchr(rest + 1, '/')) {
        ops_buffer_puts(out, "../");
    }
    if (strlen(own) > shared) {
        ops_escape_utf8(out, own + shared, strlen(own + shared));
        ops_buffer_puts(out, "/");
    }
    ops_escape_utf8(out, name_of(path), strlen(name_of(path)));
}

const char *ops_place_relative(struct ops_place *place, const char *path)
{
    if (place->path != NULL && strcmp(place->path, path) == 0) {
        return ops_buffer_text(&place->relative);
    }
    char *const own = folder_of(path);
    ops_mem_free(place->path);
    place->path = ops_mem_strdup(path);
    ops_buffer_clear(&place->relative);
    if (strcmp(path, "-") == 0) {
        ops_buffer_puts(&place->relative, path);
    } else if (own != NULL) {
        put_relative(place, own, path);
    }
    const bool ok = own != NULL && place->path != NULL && place->relative.status == OPSIG_OK;
    ops_mem_free(own);
    return ok ? ops_buffer_text(&place->relative) : NULL;
}

opsig_status ops_place_init(struct ops_place *place, const char *path, opsig_error *err)
{
    *place = (struct ops_place){.folder = folder_of(path)};
    ops_buffer_init(&place->relative, LONGEST);
    return place->folder != NULL ? OPSIG_OK : ops_error_nomem(err);
}

void ops_place_dispose(struct ops_place *place)
{
    ops_buffer_dispose(&place->relative);
    ops_mem_free(place->path);
    ops_mem_free(place->folder);
    *place = (struct ops_place){0};
}
