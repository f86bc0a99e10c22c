/* SPDX-License-Identifier: GPL-2.0-or-later */
/* jansson parses; what it hands out is read by name. Python writes NaN and Infinity, which JSON
 * does not have: they are replaced by numbers of the same length before parsing, so that places
 * in messages stay true. */
#include "corpus/artifact.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "corpus/label.h"

#define PAPER_BOUND 1e-7
#define NAN_TEXT " -1" /* no difference is negative */
#define INFINITY_TEXT " 1e+308 "
enum { LARGEST = 256 * 1024 * 1024 };

struct text {
    char *bytes;
    size_t len;
};

static opsig_status read_text(struct text *text, struct ops_reader *reader, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint64_t size = ops_reader_size(reader);
    if (size > LARGEST) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "JSON of more than 256 MiB");
    }
    text->len = (size_t)size;
    text->bytes = ops_mem_alloc(text->len);
    TRY(text->bytes != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_reader_read(reader, text->bytes, text->len, err));
done:
    return status;
}

static bool starts_with(const struct text *text, size_t at, const char *word)
{
    const size_t len = strlen(word);
    return text->len - at >= len && memcmp(text->bytes + at, word, len) == 0;
}

/** Replaces NaN and Infinity outside strings. */
static void replace_words(struct text *text)
{
    bool in_string = false;
    for (size_t i = 0; i < text->len; i++) {
        if (text->bytes[i] == '"') {
            in_string = !in_string;
        } else if (in_string) {
            i += text->bytes[i] == '\\';
        } else if (starts_with(text, i, "NaN")) {
            memcpy(text->bytes + i, NAN_TEXT, sizeof NAN_TEXT - 1);
        } else if (starts_with(text, i, "Infinity")) {
            memcpy(text->bytes + i, INFINITY_TEXT, sizeof INFINITY_TEXT - 1);
        }
    }
}

static opsig_status parse(json_t **out, const struct text *text, opsig_error *err)
{
    json_error_t why;
    *out = json_loadb(text->bytes, text->len, JSON_REJECT_DUPLICATES, &why);
    if (*out != NULL) {
        return OPSIG_OK;
    }
    if (json_error_code(&why) == json_error_out_of_memory) {
        return ops_error_nomem(err);
    }
    return ops_error_set(err, OPSIG_FORMAT, "json", why.position, "line %d, column %d: %s",
                         why.line, why.column, why.text);
}

static opsig_status bad_entry(size_t i, const char *what, opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "manifest", -1, "entry %zu: %s", i + 1, what);
}

/** True for a number that is not 0 and for true. */
static bool is_set(const json_t *value)
{
    const double number = json_number_value(value);
    return json_is_true(value) || number > 0 || number < 0;
}

/** What an entry says of its model. */
static struct ops_measured measured_of(const json_t *entry)
{
    const json_t *const mismatch = json_object_get(entry, "mismatch");
    const json_t *const mad = json_object_get(entry, "mad");
    struct ops_measured measured = {.status = OPSIG_LABEL_SKIPPED};
    if (json_is_number(mad)) {
        const double value = json_number_value(mad);
        measured.has_abs = true;
        measured.max_abs = value < 0 ? NAN : value;
        measured.status =
            measured.max_abs <= PAPER_BOUND ? OPSIG_LABEL_CONSISTENT : OPSIG_LABEL_INCONSISTENT;
    }
    if (json_is_boolean(mismatch) || json_is_number(mismatch)) {
        measured.status = is_set(mismatch) ? OPSIG_LABEL_INCONSISTENT : OPSIG_LABEL_CONSISTENT;
    }
    if (is_set(json_object_get(entry, "result"))) {
        measured.status = OPSIG_LABEL_CRASH;
    }
    return measured;
}

/** The first model below a folder, in byte order; *out stays NULL where there is none. */
static opsig_status first_below(struct ops_rows *rows, const char *folder, const char **out,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_path_list *list = NULL;
    TRY(opsig_path_list_new(&list, &folder, 1, NULL, NULL, err));
    if (opsig_path_list_n(list) > 0) {
        TRY(ops_rows_text(rows, opsig_path_list_paths(list)[0], out, err));
    }
done:
    opsig_path_list_free(list);
    return status;
}

/** Looks for the model at path + suffix; *out stays NULL where there is none. */
static opsig_status look_at(struct ops_rows *rows, const char *path, const char *suffix,
                            const char **out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct stat info;
    struct ops_buffer name;
    ops_buffer_init(&name, SIZE_MAX);
    ops_buffer_puts(&name, path);
    ops_buffer_puts(&name, suffix);
    TRY(ops_buffer_status(&name, err));
    if (*out != NULL || stat(ops_buffer_text(&name), &info) != 0) {
        goto done;
    }
    if (S_ISDIR(info.st_mode)) {
        TRY(first_below(rows, ops_buffer_text(&name), out, err));
    } else {
        TRY(ops_rows_text(rows, ops_buffer_text(&name), out, err));
    }
done:
    ops_buffer_dispose(&name);
    return status;
}

/** Finds the file of an entry; where there is none, the path itself, which will not load. */
static opsig_status find_file(struct ops_rows *rows, const char *path, const char *folder,
                              const char **out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const char *joined = NULL;
    *out = NULL;
    TRY(ops_rows_join(rows, folder, path, &joined, err));
    TRY(look_at(rows, joined, "", out, err));
    TRY(look_at(rows, joined, "_repro", out, err));
    TRY(look_at(rows, joined, ".onnx", out, err));
    if (*out == NULL) {
        *out = joined;
    }
done:
    return status;
}

static opsig_status add_entry(struct ops_rows *rows, const json_t *entry, size_t i,
                              const char *folder, const opsig_corpus_options *options,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const char *const path = json_string_value(json_object_get(entry, "path"));
    const char *const model = json_string_value(json_object_get(entry, "onnx_model_path"));
    const char *const shown = model != NULL ? model : path;
    if (shown == NULL || shown[0] == '\0') {
        return bad_entry(i, "an object with a member 'path' is expected", err);
    }
    struct ops_row row = {.path = shown, .group = "", .culprit = ""};
    row.measured = measured_of(entry);
    row.label = ops_label_decide(&row.measured, options);
    if (row.label == OPSIG_LABEL_CONSISTENT || row.label == OPSIG_LABEL_INCONSISTENT) {
        TRY(find_file(rows, shown, folder, &row.file, err));
    } else {
        row.file = shown;
    }
    TRY(ops_rows_add(rows, &row, "", err));
done:
    return status;
}

static opsig_status add_entries(struct ops_rows *rows, const json_t *root, const char *folder,
                                const opsig_corpus_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (!json_is_array(root)) {
        return ops_error_set(err, OPSIG_FORMAT, "manifest", -1,
                             "an array of objects with 'path' and 'mismatch' is expected");
    }
    const char *const oracle = options->oracle != NULL ? options->oracle : "mismatch";
    TRY(ops_rows_text(rows, oracle, &rows->oracle, err));
    for (size_t i = 0; i < json_array_size(root); i++) {
        TRY(add_entry(rows, json_array_get(root, i), i, folder, options, err));
    }
done:
    return status;
}

opsig_status ops_artifact_read(struct ops_rows *rows, struct ops_reader *reader, const char *folder,
                               const opsig_corpus_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct text text = {0};
    json_t *root = NULL;
    TRY(read_text(&text, reader, err));
    replace_words(&text);
    TRY(parse(&root, &text, err));
    TRY(add_entries(rows, root, folder, options, err));
done:
    json_decref(root);
    ops_mem_free(text.bytes);
    return status;
}
