/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asked only about files that could not be read as a model, so that a guess never refuses one.
 * The signatures are those that the formats' own documents give. */
#include "onnx/load.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const struct magic {
    size_t offset, len;
    const char *bytes;
    const char *what;
} magics[] = {
#define MAGIC(offset, bytes, what) {(offset), sizeof(bytes) - 1, (bytes), (what)}
    MAGIC(0, "version https://git-lfs.github.com/", "a Git LFS pointer (the file was not fetched)"),
    MAGIC(0, "<<<<<<< ", "a file with merge conflict markers"),
    MAGIC(0, "ir_version:", "a model in protobuf's text form"),
    MAGIC(0, "<!DOCTYPE", "a web page"),
    MAGIC(0, "<!doctype", "a web page"),
    MAGIC(0, "<html", "a web page"),
    MAGIC(0, "<HTML", "a web page"),
    MAGIC(0, "<?xml", "an XML file"),
    MAGIC(0, "\xef\xbb\xbf", "a text file, or a model that one was made of (byte order mark)"),
    MAGIC(0, "PK\x03\x04", "a zip archive"),
    MAGIC(0, "\x1f\x8b", "a gzip archive"),
    MAGIC(0, "BZh", "a bzip2 archive"),
    MAGIC(0, "\xfd" "7zXZ", "an xz archive"),
    MAGIC(0, "\x28\xb5\x2f\xfd", "a zstd archive"),
    MAGIC(0, "7z\xbc\xaf\x27\x1c", "a 7z archive"),
    MAGIC(257, "ustar", "a tar archive"),
    MAGIC(0, "\x89" "HDF\r\n\x1a\n", "an HDF5 file (Keras keeps models in them)"),
    MAGIC(4, "TFL3", "a TensorFlow Lite model"),
    MAGIC(4, "ORTM", "a model in ONNX Runtime's own format"),
    MAGIC(0, "GGUF", "a GGUF model"),
    MAGIC(0, "\x80\x02", "a Python pickle (PyTorch keeps models in them)"),
    MAGIC(0, "\x80\x04", "a Python pickle"),
    MAGIC(0, "\x93NUMPY", "a NumPy array"),
    MAGIC(0, "SQLite format 3", "an SQLite database"),
    MAGIC(0, "\x7f" "ELF", "an ELF binary"),
    MAGIC(0, "\x89PNG", "a PNG picture"),
    MAGIC(0, "\xff\xd8\xff", "a JPEG picture"),
    MAGIC(0, "GIF8", "a GIF picture"),
    MAGIC(0, "%PDF", "a PDF document"),
    MAGIC(0, "\x0a", "a part of a model, as a bare GraphProto"),
#undef MAGIC
};

static bool is_text(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!isprint(bytes[i]) && !isspace(bytes[i]) && (bytes[i] < 0x80 || i == 0)) {
            return false;
        }
    }
    return true;
}

static bool is_repeated(const uint8_t *bytes, size_t len, uint8_t byte)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != byte) {
            return false;
        }
    }
    return true;
}

/** A TensorProto begins with a dimension (field 1) or a data type (field 2) as varints. */
static bool is_tensor(const uint8_t *bytes, size_t len)
{
    const bool has_dim = len > 3 && bytes[0] == 0x08 && bytes[1] < 0x80;
    return (len > 1 && bytes[0] == 0x10) || (has_dim && (bytes[2] == 0x08 || bytes[2] == 0x10));
}

const char *ops_sniff(const uint8_t *bytes, size_t len)
{
    if (len == 0) {
        return "an empty file";
    }
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        const struct magic *const magic = &magics[i];
        if (len >= magic->offset + magic->len &&
            memcmp(bytes + magic->offset, magic->bytes, magic->len) == 0) {
            return magic->what;
        }
    }
    if (is_repeated(bytes, len, 0)) {
        return "a file of zeros";
    }
    if (is_text(bytes, len)) {
        return "a text file";
    }
    return is_tensor(bytes, len) ? "a bare TensorProto" : NULL;
}
