/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/temp_folder.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_PATH = 1024, PATHS = 3 };

static char folder[64];

static void must(bool done, const char *what)
{
    if (!done) {
        perror(what);
        abort();
    }
}

void temp_folder_make(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/opsig-test-XXXXXX");
    must(mkdtemp(folder) != NULL, "mkdtemp");
}

/** Counts the entries, and removes them where `and_remove`. */
static size_t walk(bool and_remove)
{
    size_t n = 0;
    DIR *const dir = opendir(folder);
    must(dir != NULL, folder);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            n++;
            must(!and_remove || remove(temp_path(entry->d_name)) == 0, entry->d_name);
        }
    }
    (void)closedir(dir);
    return n;
}

void temp_folder_remove(void)
{
    (void)walk(true);
    must(rmdir(folder) == 0, "rmdir");
}

size_t temp_folder_count(void)
{
    return walk(false);
}

const char *temp_path(const char *name)
{
    static char paths[PATHS][LONGEST_PATH];
    static int next;
    char *const path = paths[next++ % PATHS];
    (void)snprintf(path, LONGEST_PATH, "%s/%s", folder, name);
    return path;
}

void temp_write(const char *path, const void *bytes, size_t size)
{
    FILE *const file = fopen(path, "wb");
    must(file != NULL, path);
    must(fwrite(bytes, 1, size, file) == size, path);
    must(fclose(file) == 0, path);
}

unsigned char *temp_read(const char *path, size_t *out_size)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    must(fseek(file, 0, SEEK_END) == 0, path);
    const long size = ftell(file);
    must(size >= 0 && fseek(file, 0, SEEK_SET) == 0, path);
    unsigned char *const bytes = malloc((size_t)size + 1);
    must(bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size, path);
    (void)fclose(file);
    *out_size = (size_t)size;
    return bytes;
}
