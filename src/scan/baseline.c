/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A baseline is a list of (path, id, count): neither node names, which exporters change, nor
 * positions. What has grown is new again. As JSON:
 *
 *      {"opsig_baseline": 1, "findings": [
 *       {"path": "sub/a.onnx", "id": "OPS-998bd8308727", "count": 2}]}
 *
 * Entries are kept in the order of paths and ids. */
#include <opsig/scan.h>

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/reader.h"
#include "base/vec.h"
#include "scan/place.h"

enum { VERSION = 1, LARGEST_FILE = 256 << 20 };
#define LARGEST_MEMORY (UINT64_C(1) << 30)

struct entry {
    const char *path, *id;
    uint64_t count;
};

struct opsig_baseline {
    struct ops_arena arena; /* paths and ids */
    struct ops_place place;
    OPS_VEC(struct entry) entries; /* ascending by path and id */
};

static int compare(const void *left, const void *right)
{
    const struct entry *const a = left;
    const struct entry *const b = right;
    const int order = strcmp(a->path, b->path);
    return order != 0 ? order : strcmp(a->id, b->id);
}

/** Place of the first entry that does not stand before this one. */
static size_t lower_bound(const opsig_baseline *baseline, const struct entry *entry)
{
    size_t low = 0;
    size_t high = baseline->entries.len;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(&baseline->entries.items[middle], entry) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

opsig_status opsig_baseline_new(opsig_baseline **out, const char *path, opsig_error *err)
{
    *out = NULL;
    opsig_baseline *const baseline = ops_mem_zalloc(1, sizeof *baseline);
    if (baseline == NULL) {
        return ops_error_nomem(err);
    }
    ops_arena_init(&baseline->arena, LARGEST_MEMORY);
    const opsig_status status = ops_place_init(&baseline->place, path, err);
    if (status != OPSIG_OK) {
        opsig_baseline_free(baseline);
        return status;
    }
    *out = baseline;
    return OPSIG_OK;
}

void opsig_baseline_free(opsig_baseline *baseline)
{
    if (baseline != NULL) {
        ops_vec_dispose(&baseline->entries);
        ops_arena_dispose(&baseline->arena);
        ops_place_dispose(&baseline->place);
        ops_mem_free(baseline);
    }
}

size_t opsig_baseline_n(const opsig_baseline *baseline)
{
    return baseline->entries.len;
}

/** Puts an entry in its place; models come in the order of their paths, so that is mostly the
 *  end. @param entry  its strings are copied */
static opsig_status insert(opsig_baseline *baseline, struct entry entry, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t at = lower_bound(baseline, &entry);
    struct entry *const items = baseline->entries.items;
    if (at < baseline->entries.len && compare(&items[at], &entry) == 0) {
        items[at].count = items[at].count > entry.count ? items[at].count : entry.count;
        return OPSIG_OK;
    }
    entry.path = ops_arena_strndup(&baseline->arena, entry.path, strlen(entry.path));
    entry.id = ops_arena_strndup(&baseline->arena, entry.id, strlen(entry.id));
    TRY(entry.path != NULL && entry.id != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_vec_push(&baseline->entries, entry, err));
    struct entry *const place = &baseline->entries.items[at];
    memmove(place + 1, place, (baseline->entries.len - 1 - at) * sizeof *place);
    *place = entry;
done:
    return status;
}

opsig_status opsig_baseline_add(opsig_baseline *baseline, const char *model, const char *id,
                                uint64_t count, opsig_error *err)
{
    const char *const path = ops_place_relative(&baseline->place, model);
    return path != NULL ? insert(baseline, (struct entry){path, id, count}, err)
                        : ops_error_nomem(err);
}

bool opsig_baseline_covers(opsig_baseline *baseline, const char *model, const char *id,
                           uint64_t count)
{
    const struct entry entry = {.path = ops_place_relative(&baseline->place, model), .id = id};
    if (entry.path == NULL) {
        return false;
    }
    const size_t at = lower_bound(baseline, &entry);
    return at < baseline->entries.len && compare(&baseline->entries.items[at], &entry) == 0 &&
           count <= baseline->entries.items[at].count;
}

/* ---- as JSON ---- */

static opsig_status bad_entry(size_t i, const char *what, opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "baseline", -1, "finding %zu: %s", i + 1, what);
}

/** Takes one element of "findings"; sorted afterwards. */
static opsig_status take(opsig_baseline *baseline, size_t i, const json_t *object,
                         opsig_error *err)
{
    const char *const path = json_string_value(json_object_get(object, "path"));
    const char *const id = json_string_value(json_object_get(object, "id"));
    const json_t *const count = json_object_get(object, "count");
    opsig_status status = OPSIG_OK;
    if (path == NULL || id == NULL) {
        return bad_entry(i, "\"path\" and \"id\" are strings", err);
    }
    if (!json_is_integer(count) || json_integer_value(count) < 1) {
        return bad_entry(i, "\"count\" is a whole number from 1", err);
    }
    struct entry entry = {.count = (uint64_t)json_integer_value(count)};
    entry.path = ops_arena_strndup(&baseline->arena, path, strlen(path));
    entry.id = ops_arena_strndup(&baseline->arena, id, strlen(id));
    TRY(entry.path != NULL && entry.id != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_vec_push(&baseline->entries, entry, err));
done:
    return status;
}

/** Sorts what was read; a key must not be there twice. */
static opsig_status settle(opsig_baseline *baseline, opsig_error *err)
{
    struct entry *const items = baseline->entries.items;
    const size_t n = baseline->entries.len;
    if (n > 1) {
        qsort(items, n, sizeof *items, compare);
    }
    for (size_t i = 1; i < n; i++) {
        if (compare(&items[i - 1], &items[i]) == 0) {
            return ops_error_set(err, OPSIG_FORMAT, "baseline", -1, "%.80s has %.40s twice",
                                 items[i].path, items[i].id);
        }
    }
    return OPSIG_OK;
}

static opsig_status take_all(opsig_baseline *baseline, const json_t *root, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const json_t *const version = json_object_get(root, "opsig_baseline");
    const json_t *const findings = json_object_get(root, "findings");
    if (!json_is_integer(version) || !json_is_array(findings)) {
        return ops_error_set(err, OPSIG_FORMAT, "baseline", -1,
                             "no baseline: \"opsig_baseline\" or \"findings\" is missing");
    }
    if (json_integer_value(version) != VERSION) {
        return ops_error_set(err, OPSIG_UNSUPPORTED, "version", -1,
                             "a baseline of version %" JSON_INTEGER_FORMAT ", not %d",
                             json_integer_value(version), VERSION);
    }
    for (size_t i = 0; i < json_array_size(findings); i++) {
        TRY(take(baseline, i, json_array_get(findings, i), err));
    }
    TRY(settle(baseline, err));
done:
    return status;
}

static opsig_status parse(json_t **out, const char *bytes, size_t size, opsig_error *err)
{
    json_error_t why;
    *out = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &why);
    if (*out != NULL) {
        return OPSIG_OK;
    }
    if (json_error_code(&why) == json_error_out_of_memory) {
        return ops_error_nomem(err);
    }
    return ops_error_set(err, OPSIG_FORMAT, "json", -1, "line %d, column %d: %s", why.line,
                         why.column, why.text);
}

opsig_status opsig_baseline_open(opsig_baseline **out, const char *path, opsig_error *err)
{
    struct ops_reader *reader = NULL;
    char *bytes = NULL;
    json_t *root = NULL;
    opsig_baseline *baseline = NULL;
    opsig_status status = OPSIG_OK;
    *out = NULL;
    TRY(ops_reader_open(&reader, path, UINT64_MAX, err));
    const size_t size = (size_t)ops_reader_size(reader);
    if (size > LARGEST_FILE) {
        TRY(ops_error_set(err, OPSIG_LIMIT, "limit", -1, "a baseline of more than 256 MiB"));
    }
    bytes = ops_mem_alloc(size);
    TRY(bytes != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_reader_read(reader, bytes, size, err));
    TRY(parse(&root, bytes, size, err));
    TRY(opsig_baseline_new(&baseline, path, err));
    TRY(take_all(baseline, root, err));
    *out = baseline;
    baseline = NULL;
done:
    opsig_baseline_free(baseline);
    json_decref(root);
    ops_mem_free(bytes);
    ops_reader_free(reader);
    return status;
}

/** Writes a string with its quotes. */
static bool put_string(FILE *stream, const char *text)
{
    json_t *const string = json_string(text);
    const bool ok =
        string != NULL && json_dumpf(string, stream, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) == 0;
    json_decref(string);
    return ok;
}

static bool put_entry(FILE *stream, const struct entry *entry, bool first)
{
    return fputs(first ? "\n {\"path\": " : ",\n {\"path\": ", stream) >= 0 &&
           put_string(stream, entry->path) && fputs(", \"id\": ", stream) >= 0 &&
           put_string(stream, entry->id) &&
           fprintf(stream, ", \"count\": %" PRIu64 "}", entry->count) >= 0;
}

opsig_status opsig_baseline_write(const opsig_baseline *baseline, FILE *stream, opsig_error *err)
{
    bool ok = fprintf(stream, "{\"opsig_baseline\": %d, \"findings\": [", VERSION) >= 0;
    for (size_t i = 0; i < baseline->entries.len && ok; i++) {
        ok = put_entry(stream, &baseline->entries.items[i], i == 0);
    }
    ok = ok && fputs("]}\n", stream) >= 0;
    return ok ? OPSIG_OK : ops_error_errno(err, "cannot be written");
}
