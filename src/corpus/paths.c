/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder is read whole and sorted before anything below it is looked at; the name of a folder
 * is compared with a '/' behind it, which makes the order that of the full paths, byte by byte.
 * A folder that cannot be read is listed like a file: reading it will say why, for that path
 * alone. */
#include <opsig/corpus.h>

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/vec.h"

struct opsig_path_list {
    struct ops_arena arena; /* the paths */
    OPS_VEC(const char *) paths;
};

struct walk {
    opsig_path_list *list;
    struct ops_intern *seen; /* (device, inode) of walked files */
    const char *suffix, *include, *exclude;
};

/** An entry of a folder: its full path, with a '/' at the end where it is a folder. */
struct entry {
    char *path;
    bool is_folder;
};

struct entries {
    OPS_VEC(struct entry) entries;
};

static opsig_status walk_folder(struct walk *walk, const char *folder, opsig_error *err);

static int compare(const void *left, const void *right)
{
    const struct entry *const a = left;
    const struct entry *const b = right;
    return strcmp(a->path, b->path);
}

static opsig_status add_path(opsig_path_list *list, const char *path, opsig_error *err)
{
    const char *const copy = ops_arena_strndup(&list->arena, path, strlen(path));
    if (copy == NULL) {
        return ops_error_nomem(err);
    }
    return ops_vec_push(&list->paths, copy, err);
}

static bool matches(const char *glob, const char *path)
{
    const char *const slash = strrchr(path, '/');
    return fnmatch(glob, path, 0) == 0 || fnmatch(glob, slash != NULL ? slash + 1 : path, 0) == 0;
}

/** True for a file that the walk is after. */
static bool is_wanted(const struct walk *walk, const char *path)
{
    const size_t len = strlen(path);
    const size_t suffix = strlen(walk->suffix);
    return len >= suffix && strcmp(path + len - suffix, walk->suffix) == 0 &&
           (walk->include == NULL || matches(walk->include, path)) &&
           (walk->exclude == NULL || !matches(walk->exclude, path));
}

/** Notes (device, inode). @return by *out_new whether the walk is there for the first time */
static opsig_status note_file(struct walk *walk, const struct stat *info, bool *out_new,
                              opsig_error *err)
{
    const uint64_t key[2] = {info->st_dev, info->st_ino};
    const uint32_t before = ops_intern_count(walk->seen);
    uint32_t id;
    const opsig_status status = ops_intern_put(walk->seen, (const char *)key, sizeof key, &id, err);
    *out_new = status == OPSIG_OK && id == before;
    return status;
}

/** Lists a walked file; links to folders and what was seen before are left out. */
static opsig_status visit_file(struct walk *walk, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct stat info;
    bool is_new = true;
    if (!is_wanted(walk, path)) {
        return OPSIG_OK;
    }
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) {
            return OPSIG_OK;
        }
        TRY(note_file(walk, &info, &is_new, err));
    }
    if (is_new) {
        TRY(add_path(walk->list, path, err));
    }
done:
    return status;
}

/** Joins folder and name; where the entry is a folder, with a '/' at the end. */
static opsig_status new_entry(struct entry *out, const char *folder, const struct dirent *found,
                              opsig_error *err)
{
    const size_t folder_len = strlen(folder);
    const size_t name_len = strlen(found->d_name);
    const bool has_slash = folder_len > 0 && folder[folder_len - 1] == '/';
    char *const path = ops_mem_zalloc(folder_len + name_len + 3, 1);
    if (path == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(path, folder, folder_len);
    path[folder_len] = '/';
    char *const name = path + folder_len + !has_slash;
    memcpy(name, found->d_name, name_len);
    struct stat info;
    out->is_folder = found->d_type == DT_DIR || (found->d_type == DT_UNKNOWN &&
                                                 lstat(path, &info) == 0 && S_ISDIR(info.st_mode));
    name[name_len] = out->is_folder ? '/' : '\0';
    out->path = path;
    return OPSIG_OK;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static opsig_status read_entries(struct entries *out, DIR *stream, const char *folder,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (;;) {
        errno = 0;
        const struct dirent *const found = readdir(stream);
        if (found == NULL) {
            return errno == 0 ? OPSIG_OK : ops_error_errno(err, folder);
        }
        if (!is_dots(found->d_name)) {
            TRY(ops_vec_reserve(&out->entries, 1, err));
            struct entry *const entry = &out->entries.items[out->entries.len];
            TRY(new_entry(entry, folder, found, err));
            out->entries.len++;
        }
    }
done:
    return status;
}

static void dispose(struct entries *entries)
{
    for (size_t i = 0; i < entries->entries.len; i++) {
        ops_mem_free(entries->entries.items[i].path);
    }
    ops_vec_dispose(&entries->entries);
}

static opsig_status walk_folder(struct walk *walk, const char *folder, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct entries found = {0};
    DIR *stream = opendir(folder);
    if (stream == NULL) {
        return errno == ENOMEM ? ops_error_nomem(err) : add_path(walk->list, folder, err);
    }
    TRY(read_entries(&found, stream, folder, err));
    (void)closedir(stream);
    stream = NULL;
    if (found.entries.len > 0) {
        qsort(found.entries.items, found.entries.len, sizeof found.entries.items[0], compare);
    }
    for (size_t i = 0; i < found.entries.len; i++) {
        const struct entry *const entry = &found.entries.items[i];
        TRY(entry->is_folder ? walk_folder(walk, entry->path, err)
                             : visit_file(walk, entry->path, err));
    }
done:
    if (stream != NULL) {
        (void)closedir(stream);
    }
    dispose(&found);
    return status;
}

/** Lists what one argument names. */
static opsig_status add_argument(struct walk *walk, const char *path, opsig_error *err)
{
    struct stat info;
    if (strcmp(path, "-") == 0) {
        return add_path(walk->list, path, err);
    }
    if (stat(path, &info) == 0) {
        return S_ISDIR(info.st_mode) ? walk_folder(walk, path, err)
                                     : add_path(walk->list, path, err);
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        return ops_error_set(err, OPSIG_NOT_FOUND, "not-found", -1, "%s: no such file or folder",
                             path);
    }
    return add_path(walk->list, path, err); /* reading it will say why */
}

opsig_status opsig_path_list_new(opsig_path_list **out, const char *const *paths, size_t n_paths,
                                 const char *include, const char *exclude, opsig_error *err)
{
    return opsig_path_list_new_of(out, ".onnx", paths, n_paths, include, exclude, err);
}

opsig_status opsig_path_list_new_of(opsig_path_list **out, const char *suffix,
                                    const char *const *paths, size_t n_paths, const char *include,
                                    const char *exclude, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = NULL;
    struct walk walk = {.suffix = suffix, .include = include, .exclude = exclude};
    walk.list = ops_mem_zalloc(1, sizeof *walk.list);
    if (walk.list == NULL) {
        return ops_error_nomem(err);
    }
    ops_arena_init(&walk.list->arena, UINT64_MAX);
    TRY(ops_intern_new(&walk.seen, err));
    for (size_t i = 0; i < n_paths; i++) {
        TRY(add_argument(&walk, paths[i], err));
    }
    *out = walk.list;
    walk.list = NULL;
done:
    ops_intern_free(walk.seen);
    opsig_path_list_free(walk.list);
    return status;
}

void opsig_path_list_free(opsig_path_list *list)
{
    if (list != NULL) {
        ops_vec_dispose(&list->paths);
        ops_arena_dispose(&list->arena);
        ops_mem_free(list);
    }
}

size_t opsig_path_list_n(const opsig_path_list *list)
{
    return list->paths.len;
}

const char *const *opsig_path_list_paths(const opsig_path_list *list)
{
    return list->paths.items;
}
