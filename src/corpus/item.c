/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A path to a graph and two digests. The second one tells contents apart without reading the
 * weights of a large file: it takes the front, where exporters put the nodes, the end, and the
 * size. A file that fits the reader's window is read once for both. */
#include "corpus/item.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/reader.h"
#include "graph/facts.h"
#include "onnx/model.h"

enum { SMALL_FILE = 16 * 1024 * 1024, PART = 8 * 1024 * 1024 };

/** Adds the next n bytes, or what is left, to a digest. */
static opsig_status add_bytes(struct ops_sha256 *digest, struct ops_reader *reader, uint64_t n,
                              opsig_error *err)
{
    while (n > 0) {
        const uint8_t *bytes;
        size_t len;
        const size_t want = n < OPS_READER_WINDOW ? (size_t)n : OPS_READER_WINDOW;
        const opsig_status status = ops_reader_peek(reader, want, &bytes, &len, err);
        if (status != OPSIG_OK || len == 0) {
            return status;
        }
        ops_sha256_add(digest, bytes, len);
        ops_reader_advance(reader, len);
        n -= len;
    }
    return OPSIG_OK;
}

/** Digest of a large file's size, front and end. */
static opsig_status digest_ends(const char *path, char hex[OPS_SHA256_HEX], opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    struct ops_sha256 *digest = NULL;
    TRY(ops_reader_open(&reader, path, UINT64_MAX, err));
    TRY(ops_sha256_new(&digest, err));
    const uint64_t size = ops_reader_size(reader);
    for (int shift = 0; shift < 64; shift += 8) {
        const uint8_t byte = (uint8_t)(size >> shift);
        ops_sha256_add(digest, &byte, 1);
    }
    TRY(add_bytes(digest, reader, PART, err));
    const uint64_t at = ops_reader_offset(reader);
    if (size - at > PART) {
        TRY(ops_reader_skip(reader, size - at - PART, err));
    }
    TRY(add_bytes(digest, reader, PART, err));
done:
    if (digest != NULL) {
        char all[OPS_SHA256_HEX];
        ops_sha256_end(digest, all);
        memcpy(hex, all, status == OPSIG_OK ? sizeof all : 0);
    }
    ops_reader_free(reader);
    return status;
}

/** Are the bytes of a file to be digested whole? */
static bool wants_digest(const struct ops_load_options *options, uint64_t size)
{
    return options->digest == OPSIG_DIGEST_ALL ||
           ((options->digest == OPSIG_DIGEST_SMALL || options->tell_apart) && size <= SMALL_FILE);
}

static opsig_status digest_file(struct ops_item *item, const char *path, uint64_t size,
                                const struct ops_load_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (wants_digest(options, size)) {
        TRY(ops_sha256_file(path, 0, item->sha256, err));
    }
    if (options->tell_apart && size > SMALL_FILE) {
        TRY(digest_ends(path, item->content, err));
    } else if (options->tell_apart) {
        memcpy(item->content, item->sha256, sizeof item->content);
    }
done:
    return status;
}

static opsig_status load_stdin(opsig_graph **out, const struct ops_load_options *options,
                               opsig_error *err)
{
    const opsig_limits *const limits = options->limits;
    opsig_model *model = NULL;
    opsig_status status = ops_model_load_fd(&model, STDIN_FILENO, limits, options->facts, err);
    if (status == OPSIG_OK) {
        status = opsig_graph_build(out, model, limits, err);
    }
    opsig_model_free(model);
    return status;
}

/** Loads and digests what a reader holds whole. */
static opsig_status load_small(struct ops_item *item, struct ops_reader *reader,
                               const struct ops_load_options *options)
{
    opsig_status status = OPSIG_OK;
    opsig_model *model = NULL;
    const uint8_t *bytes;
    size_t len;
    TRY(ops_reader_peek(reader, OPS_READER_WINDOW, &bytes, &len, &item->error));
    TRY(ops_model_load_memory(&model, bytes, len, options->limits, options->facts, &item->error));
    TRY(opsig_graph_build(&item->graph, model, options->limits, &item->error));
    if (wants_digest(options, len)) {
        ops_sha256_bytes(bytes, len, item->sha256);
        memcpy(item->content, item->sha256, sizeof item->content);
    }
done:
    opsig_model_free(model);
    return status;
}

static opsig_status load(struct ops_item *item, const char *path,
                         const struct ops_load_options *options)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    if (strcmp(path, "-") == 0) {
        return load_stdin(&item->graph, options, &item->error);
    }
    TRY(ops_reader_open(&reader, path, options->limits->max_file_size, &item->error));
    const uint64_t size = ops_reader_size(reader);
    if (size <= OPS_READER_WINDOW) {
        TRY(load_small(item, reader, options));
        goto done;
    }
    ops_reader_free(reader);
    reader = NULL;
    TRY(ops_graph_load(&item->graph, path, options->limits, options->facts, &item->error));
    TRY(digest_file(item, path, size, options, &item->error));
done:
    ops_reader_free(reader);
    return status;
}

opsig_status ops_item_load(struct ops_item *item, const char *path,
                           const struct ops_load_options *options, opsig_error *err)
{
    *item = (struct ops_item){.graph = NULL};
    const opsig_status status = load(item, path, options);
    if (status == OPSIG_OK) {
        return OPSIG_OK;
    }
    opsig_graph_free(item->graph);
    item->graph = NULL;
    item->sha256[0] = item->content[0] = '\0';
    if (status == OPSIG_NOMEM || status == OPSIG_CANCELLED) {
        if (err != NULL) {
            *err = item->error;
        }
        return status;
    }
    return OPSIG_OK;
}
