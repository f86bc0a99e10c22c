/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows first (a manifest, folders or paths), then their models: the rows that a label leaves out
 * are dropped, the others loaded in order, each content once, the first row that has it. Strata
 * and digest come last, since they depend on what could be loaded. */
#include <opsig/corpus.h>

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/mem.h"
#include "base/reader.h"
#include "base/vec.h"
#include "corpus/artifact.h"
#include "corpus/graph_classes.h"
#include "corpus/gspan.h"
#include "corpus/load.h"
#include "corpus/manifest.h"
#include "corpus/rows.h"
#include "corpus/select.h"
#include "corpus/strata.h"

enum { N_LABELS = OPSIG_LABEL_NONE + 1, OPTIONS_VERSION = 1 };
#define LARGEST_MANIFEST (UINT64_C(1) << 30)

struct model {
    const struct ops_row *row;
    opsig_graph *graph;
    uint32_t content; /* id among the contents */
    bool whole;       /* the content is the digest of the whole file */
    uint32_t stratum;
};

struct failure {
    const char *path;
    opsig_error error;
};

struct opsig_corpus {
    struct ops_rows rows;
    struct ops_intern *contents; /* digests of files */
    OPS_VEC(struct model) models;
    OPS_VEC(struct failure) failures;
    size_t n_labelled[N_LABELS];
    size_t n_left_out, n_duplicates;
    uint32_t n_strata;
    bool has_edge_labels;
    bool lent; /* the graphs belong to another corpus */
    char digest[OPS_SHA256_HEX];
};

/** What the loading of one corpus passes around. */
struct loading {
    opsig_corpus *corpus;
    const opsig_corpus_options *options;
    OPS_VEC(const char *) files;            /* of the rows that are loaded */
    OPS_VEC(const struct ops_row *) wanted; /* those rows */
};

void opsig_corpus_options_init(opsig_corpus_options *options)
{
    *options = (opsig_corpus_options){.version = OPTIONS_VERSION, .strata = OPSIG_STRATA_BOTH};
    opsig_limits_init(&options->limits);
}

static opsig_status new_corpus(opsig_corpus **out, opsig_error *err)
{
    opsig_corpus *const corpus = ops_mem_zalloc(1, sizeof *corpus);
    if (corpus == NULL) {
        return ops_error_nomem(err);
    }
    ops_rows_init(&corpus->rows);
    *out = corpus;
    return ops_intern_new(&corpus->contents, err);
}

void opsig_corpus_free(opsig_corpus *corpus)
{
    if (corpus == NULL) {
        return;
    }
    for (size_t i = 0; i < corpus->models.len && !corpus->lent; i++) {
        opsig_graph_free(corpus->models.items[i].graph);
    }
    ops_vec_dispose(&corpus->models);
    ops_vec_dispose(&corpus->failures);
    ops_intern_free(corpus->contents);
    ops_rows_dispose(&corpus->rows);
    ops_mem_free(corpus);
}

/* ---- models ---- */

static opsig_status add_failure(opsig_corpus *corpus, const char *path, const opsig_error *error,
                                opsig_error *err)
{
    const struct failure failure = {.path = path, .error = *error};
    return ops_vec_push(&corpus->failures, failure, err);
}

/** Adds a model unless its content is there already. Standard input has no digest. */
static opsig_status add_model(opsig_corpus *corpus, const struct ops_row *row,
                              struct ops_loaded *loaded, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct model model = {.row = row, .whole = strcmp(loaded->content, loaded->sha256) == 0};
    const uint32_t before = ops_intern_count(corpus->contents);
    TRY(ops_intern_put(corpus->contents, loaded->content, strlen(loaded->content), &model.content,
                       err));
    if (model.content < before && loaded->content[0] != '\0') {
        corpus->n_duplicates++;
        goto done;
    }
    model.graph = loaded->graph;
    TRY(ops_vec_push(&corpus->models, model, err));
    loaded->graph = NULL;
    corpus->n_labelled[row->label]++;
done:
    return status;
}

static opsig_status take(struct ops_loaded *loaded, void *payload, opsig_error *err)
{
    struct loading *const loading = payload;
    const opsig_corpus_options *const options = loading->options;
    const struct ops_row *const row = loading->wanted.items[loaded->index];
    if (options->progress != NULL) {
        options->progress("load", loaded->index + 1, loading->wanted.len, options->payload);
    }
    if (loaded->graph == NULL) {
        return add_failure(loading->corpus, row->path, loaded->error, err);
    }
    return add_model(loading->corpus, row, loaded, err);
}

/** Chooses the rows to load, and counts the others. */
static opsig_status choose_rows(struct loading *loading, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_corpus *const corpus = loading->corpus;
    for (size_t i = 0; i < corpus->rows.rows.len; i++) {
        const struct ops_row *const row = &corpus->rows.rows.items[i];
        if (row->label == OPSIG_LABEL_CRASH || row->label == OPSIG_LABEL_SKIPPED) {
            corpus->n_labelled[row->label]++;
            corpus->n_left_out++;
            continue;
        }
        TRY(ops_vec_push(&loading->wanted, row, err));
        TRY(ops_vec_push(&loading->files, row->file, err));
    }
done:
    return status;
}

static opsig_status load_models(opsig_corpus *corpus, const opsig_corpus_options *options,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct loading loading = {.corpus = corpus, .options = options};
    const struct ops_load_options how = {
        .workers = options->workers, .tell_apart = true, .limits = &options->limits};
    TRY(choose_rows(&loading, err));
    TRY(ops_load_paths(loading.files.items, loading.files.len, &how, take, &loading, err));
done:
    ops_vec_dispose(&loading.wanted);
    ops_vec_dispose(&loading.files);
    return status;
}

/* ---- strata and digest ---- */

static opsig_status fill_strata(struct ops_stratified *out, const opsig_corpus *corpus,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_intern *groups = NULL;
    TRY(ops_intern_new(&groups, err));
    for (size_t i = 0; i < corpus->models.len; i++) {
        const struct model *const model = &corpus->models.items[i];
        const char *const group = model->row->group;
        TRY(ops_intern_put(groups, group, strlen(group), &out[i].group, err));
        out[i].size = opsig_graph_n_vertices(model->graph);
    }
done:
    ops_intern_free(groups);
    return status;
}

static opsig_status set_strata(opsig_corpus *corpus, opsig_strata kind, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_stratified *models = ops_mem_zalloc(corpus->models.len, sizeof *models);
    TRY(models != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(fill_strata(models, corpus, err));
    TRY(ops_strata_assign(models, corpus->models.len, kind, &corpus->n_strata, err));
    for (size_t i = 0; i < corpus->models.len; i++) {
        corpus->models.items[i].stratum = models[i].stratum;
    }
done:
    ops_mem_free(models);
    return status;
}

/** Digest of each model's content, label and stratum, one line each. */
static opsig_status set_digest(opsig_corpus *corpus, opsig_error *err)
{
    struct ops_sha256 *digest = NULL;
    opsig_status status = OPSIG_OK;
    struct ops_buffer line;
    ops_buffer_init(&line, SIZE_MAX);
    TRY(ops_sha256_new(&digest, err));
    for (size_t i = 0; i < corpus->models.len; i++) {
        const struct model *const model = &corpus->models.items[i];
        ops_buffer_clear(&line);
        ops_buffer_printf(&line, "%s %s %u\n", ops_intern_text(corpus->contents, model->content),
                          opsig_label_name(model->row->label), model->stratum);
        TRY(ops_buffer_status(&line, err));
        ops_sha256_add(digest, line.bytes, line.len);
    }
done:
    if (digest != NULL) {
        ops_sha256_end(digest, corpus->digest);
    }
    ops_buffer_dispose(&line);
    return status;
}

/** From rows to a corpus. */
static opsig_status complete(opsig_corpus *corpus, const opsig_corpus_options *options,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(load_models(corpus, options, err));
    TRY(set_strata(corpus, options->strata, err));
    TRY(set_digest(corpus, err));
done:
    return status;
}

/* ---- manifests, folders, paths ---- */

/** Tells JSON from CSV by the first byte that is not blank. */
static opsig_status is_json(struct ops_reader *reader, bool *out, opsig_error *err)
{
    const uint8_t *bytes;
    size_t len;
    const opsig_status status = ops_reader_peek(reader, 64, &bytes, &len, err);
    size_t at = 0;
    while (status == OPSIG_OK && at < len && strchr(" \t\r\n", bytes[at]) != NULL &&
           bytes[at] != '\0') {
        at++;
    }
    *out = status == OPSIG_OK && at < len && (bytes[at] == '[' || bytes[at] == '{');
    return status;
}

/** The folder of a file with a '/' at the end, never "": a model named "-" is a file. */
static char *folder_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    char *const folder = ops_mem_strdup(slash != NULL ? path : "./");
    if (folder != NULL && slash != NULL) {
        folder[slash - path + 1] = '\0';
    }
    return folder;
}

static opsig_status read_rows(opsig_corpus *corpus, const char *path,
                              const opsig_corpus_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    char *const folder = folder_of(path);
    TRY(folder != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_reader_open(&reader, path, LARGEST_MANIFEST, err));
    bool json;
    TRY(is_json(reader, &json, err));
    TRY(json ? ops_artifact_read(&corpus->rows, reader, folder, options, err)
             : ops_manifest_read(&corpus->rows, reader, folder, options, err));
done:
    ops_reader_free(reader);
    ops_mem_free(folder);
    return status;
}

opsig_status opsig_corpus_load_manifest(opsig_corpus **out, const char *path,
                                        const opsig_corpus_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_corpus *corpus = NULL;
    *out = NULL;
    TRY(new_corpus(&corpus, err));
    TRY(read_rows(corpus, path, options, err));
    TRY(complete(corpus, options, err));
    *out = corpus;
    corpus = NULL;
done:
    opsig_corpus_free(corpus);
    return status;
}

/** Adds a row for each path. */
static opsig_status add_paths(opsig_corpus *corpus, const char *const *paths, size_t n,
                              opsig_label label, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n; i++) {
        const struct ops_row row = {
            .path = paths[i], .file = paths[i], .group = "", .culprit = "", .label = label};
        TRY(ops_rows_add(&corpus->rows, &row, "", err));
    }
done:
    return status;
}

static opsig_status add_folder(opsig_corpus *corpus, const char *folder, opsig_label label,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_path_list *list = NULL;
    TRY(opsig_path_list_new(&list, &folder, 1, NULL, NULL, err));
    TRY(add_paths(corpus, opsig_path_list_paths(list), opsig_path_list_n(list), label, err));
done:
    opsig_path_list_free(list);
    return status;
}

opsig_status opsig_corpus_load_folders(opsig_corpus **out, const char *inconsistent,
                                       const char *consistent, const opsig_corpus_options *options,
                                       opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_corpus *corpus = NULL;
    *out = NULL;
    TRY(new_corpus(&corpus, err));
    if (options->oracle != NULL) {
        TRY(ops_rows_text(&corpus->rows, options->oracle, &corpus->rows.oracle, err));
    }
    TRY(add_folder(corpus, inconsistent, OPSIG_LABEL_INCONSISTENT, err));
    TRY(add_folder(corpus, consistent, OPSIG_LABEL_CONSISTENT, err));
    TRY(complete(corpus, options, err));
    *out = corpus;
    corpus = NULL;
done:
    opsig_corpus_free(corpus);
    return status;
}

opsig_status opsig_corpus_load_paths(opsig_corpus **out, const char *const *paths, size_t n_paths,
                                     const opsig_corpus_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_corpus *corpus = NULL;
    *out = NULL;
    TRY(new_corpus(&corpus, err));
    TRY(add_paths(corpus, paths, n_paths, OPSIG_LABEL_NONE, err));
    TRY(complete(corpus, options, err));
    *out = corpus;
    corpus = NULL;
done:
    opsig_corpus_free(corpus);
    return status;
}

/* ---- gSpan's format ---- */

struct plain_graphs {
    opsig_corpus *corpus;
    const char *path;
    OPS_VEC(opsig_graph *) graphs;
};

/** Adds a row for a graph, "FILE#ID". Rows may move until all are there. */
static opsig_status take_plain(opsig_graph *graph, const char *id, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct plain_graphs *const plain = payload;
    struct ops_buffer name;
    ops_buffer_init(&name, SIZE_MAX);
    ops_buffer_printf(&name, "%s#%s", plain->path, id);
    TRY(ops_buffer_status(&name, err));
    const char *const path = ops_buffer_text(&name);
    const struct ops_row row = {
        .path = path, .file = path, .group = "", .culprit = "", .label = OPSIG_LABEL_NONE};
    TRY(ops_rows_add(&plain->corpus->rows, &row, "", err));
    TRY(ops_vec_push(&plain->graphs, graph, err));
    graph = NULL;
done:
    opsig_graph_free(graph);
    ops_buffer_dispose(&name);
    return status;
}

static opsig_status set_class(size_t i, opsig_label label, void *payload, opsig_error *err)
{
    opsig_corpus *const corpus = payload;
    if (i >= corpus->rows.rows.len) {
        return ops_error_set(err, OPSIG_FORMAT, "classes", -1,
                             "file of classes: there are more than the %zu graphs",
                             corpus->rows.rows.len);
    }
    corpus->rows.rows.items[i].label = label;
    return OPSIG_OK;
}

/** Labels the rows by a file of classes, which must have one for each. */
static opsig_status read_classes(opsig_corpus *corpus, const char *path, uint64_t max_size,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    const size_t n = corpus->rows.rows.len;
    TRY(ops_reader_open(&reader, path, max_size, err));
    TRY(ops_graph_classes_read(reader, set_class, corpus, err));
    if (n > 0 && corpus->rows.rows.items[n - 1].label == OPSIG_LABEL_NONE) {
        status = ops_error_set(err, OPSIG_FORMAT, "classes", -1,
                               "file of classes: there are fewer than the %zu graphs", n);
    }
done:
    ops_reader_free(reader);
    return status;
}

/** Makes models of the graphs, equal ones included: the file has no digests to tell them by. */
static opsig_status add_plain(struct plain_graphs *plain, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_corpus *const corpus = plain->corpus;
    struct model model = {0};
    TRY(ops_intern_put(corpus->contents, "", 0, &model.content, err));
    TRY(ops_vec_reserve(&corpus->models, plain->graphs.len, err));
    for (size_t i = 0; i < plain->graphs.len; i++) {
        model.row = &corpus->rows.rows.items[i];
        model.graph = plain->graphs.items[i];
        corpus->models.items[corpus->models.len++] = model;
        plain->graphs.items[i] = NULL;
        corpus->n_labelled[model.row->label]++;
    }
done:
    return status;
}

static opsig_status open_plain(struct ops_reader **out, const char *path, uint64_t max_size,
                               opsig_error *err)
{
    return strcmp(path, "-") == 0 ? ops_reader_open_fd(out, 0, max_size, err)
                                  : ops_reader_open(out, path, max_size, err);
}

opsig_status opsig_corpus_load_gspan(opsig_corpus **out, const char *path,
                                     const opsig_corpus_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct plain_graphs plain = {.path = path};
    struct ops_reader *reader = NULL;
    *out = NULL;
    TRY(new_corpus(&plain.corpus, err));
    plain.corpus->has_edge_labels = true;
    TRY(open_plain(&reader, path, options->limits.max_file_size, err));
    TRY(ops_gspan_read(reader, &options->limits, take_plain, &plain, err));
    if (options->classes != NULL) {
        TRY(read_classes(plain.corpus, options->classes, options->limits.max_file_size, err));
    }
    TRY(add_plain(&plain, err));
    TRY(set_strata(plain.corpus, options->strata, err));
    TRY(set_digest(plain.corpus, err));
    *out = plain.corpus;
    plain.corpus = NULL;
done:
    for (size_t i = 0; i < plain.graphs.len; i++) {
        opsig_graph_free(plain.graphs.items[i]);
    }
    ops_vec_dispose(&plain.graphs);
    ops_reader_free(reader);
    opsig_corpus_free(plain.corpus);
    return status;
}

/* ---- parts ---- */

/** Adds a model of another corpus under another label. There is room for its row. */
static opsig_status lend_model(opsig_corpus *corpus, const opsig_corpus *from, uint32_t m,
                               opsig_label label, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct model model = from->models.items[m];
    struct ops_row row = *model.row;
    const char *const content = ops_intern_text(from->contents, model.content);
    row.label = label;
    TRY(ops_intern_put(corpus->contents, content, strlen(content), &model.content, err));
    TRY(ops_vec_push(&corpus->rows.rows, row, err));
    model.row = &corpus->rows.rows.items[corpus->rows.rows.len - 1];
    TRY(ops_vec_push(&corpus->models, model, err));
    corpus->n_labelled[label]++;
done:
    return status;
}

opsig_status ops_corpus_select(opsig_corpus **out, const opsig_corpus *corpus,
                               const uint32_t *models, const opsig_label *labels, size_t n,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_corpus *part = NULL;
    *out = NULL;
    TRY(new_corpus(&part, err));
    part->lent = true;
    part->n_strata = corpus->n_strata;
    part->rows.oracle = corpus->rows.oracle;
    TRY(ops_vec_reserve(&part->rows.rows, n, err));
    for (size_t i = 0; i < n; i++) {
        TRY(lend_model(part, corpus, models[i], labels[i], err));
    }
    TRY(set_digest(part, err));
    *out = part;
    part = NULL;
done:
    opsig_corpus_free(part);
    return status;
}

bool ops_corpus_has_differences(const opsig_corpus *corpus)
{
    for (size_t i = 0; i < corpus->models.len; i++) {
        if (corpus->models.items[i].row->measured.has_abs) {
            return true;
        }
    }
    return false;
}

opsig_label ops_corpus_label_at(const opsig_corpus *corpus, size_t i, double tolerance)
{
    const struct ops_row *const row = corpus->models.items[i].row;
    struct ops_measured measured = row->measured;
    measured.has_rel = false;
    return measured.has_abs
               ? ops_label_decide(&measured, &(opsig_corpus_options){.has_tolerance = true,
                                                                     .tolerance_abs = tolerance})
               : row->label;
}

/* ---- getters ---- */

bool ops_corpus_has_edge_labels(const opsig_corpus *corpus)
{
    return corpus->has_edge_labels;
}

size_t opsig_corpus_n_models(const opsig_corpus *corpus)
{
    return corpus->models.len;
}

const char *opsig_corpus_path(const opsig_corpus *corpus, size_t i)
{
    return corpus->models.items[i].row->path;
}

const char *opsig_corpus_sha256(const opsig_corpus *corpus, size_t i)
{
    const struct model *const model = &corpus->models.items[i];
    return model->whole ? ops_intern_text(corpus->contents, model->content) : "";
}

const opsig_graph *opsig_corpus_graph(const opsig_corpus *corpus, size_t i)
{
    return corpus->models.items[i].graph;
}

opsig_label opsig_corpus_label(const opsig_corpus *corpus, size_t i)
{
    return corpus->models.items[i].row->label;
}

uint32_t opsig_corpus_stratum(const opsig_corpus *corpus, size_t i)
{
    return corpus->models.items[i].stratum;
}

uint32_t opsig_corpus_n_strata(const opsig_corpus *corpus)
{
    return corpus->n_strata;
}

const char *opsig_corpus_culprit(const opsig_corpus *corpus, size_t i)
{
    return corpus->models.items[i].row->culprit;
}

const char *opsig_corpus_oracle(const opsig_corpus *corpus)
{
    return corpus->rows.oracle;
}

size_t opsig_corpus_n_labelled(const opsig_corpus *corpus, opsig_label label)
{
    return (unsigned)label < N_LABELS ? corpus->n_labelled[label] : 0;
}

size_t opsig_corpus_n_left_out(const opsig_corpus *corpus)
{
    return corpus->n_left_out;
}

size_t opsig_corpus_n_duplicates(const opsig_corpus *corpus)
{
    return corpus->n_duplicates;
}

const char *opsig_corpus_digest(const opsig_corpus *corpus)
{
    return corpus->digest;
}

size_t opsig_corpus_n_errors(const opsig_corpus *corpus)
{
    return corpus->failures.len;
}

const char *opsig_corpus_error_path(const opsig_corpus *corpus, size_t i)
{
    return corpus->failures.items[i].path;
}

const opsig_error *opsig_corpus_error(const opsig_corpus *corpus, size_t i)
{
    return &corpus->failures.items[i].error;
}
