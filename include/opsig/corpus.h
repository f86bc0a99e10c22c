/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file corpus.h  Labelled collections of models. */
#ifndef OPSIG_CORPUS_H
#define OPSIG_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/limits.h>

OPSIG_BEGIN_DECLS

/** What one oracle said of one model. */
typedef enum opsig_label {
    OPSIG_LABEL_CONSISTENT = 0, /**< outputs agree */
    OPSIG_LABEL_INCONSISTENT,   /**< outputs differ */
    OPSIG_LABEL_CRASH,          /**< it did not run to the end */
    OPSIG_LABEL_SKIPPED,        /**< it was not tried */
    OPSIG_LABEL_NONE            /**< a corpus without labels */
} opsig_label;

/** A label in words.
 *  @param label  any value
 *  @return "consistent", "inconsistent", "crash", "skipped" or "" (none); a static string */
OPSIG_API const char *opsig_label_name(opsig_label label);

/** What models are compared within. Sizes are quartiles of the number of vertices, taken
 *  within groups where both are asked for. */
typedef enum opsig_strata {
    OPSIG_STRATA_NONE = 0, /**< all models are one stratum */
    OPSIG_STRATA_GROUP,    /**< models of one group */
    OPSIG_STRATA_SIZE,     /**< models of like size */
    OPSIG_STRATA_BOTH      /**< models of one group and like size */
} opsig_strata;

/** Called as work goes on: `done` of `total` items of the step named `step` ("load", "mine").
 *  Called from the calling thread only. */
typedef void (*opsig_progress)(const char *step, size_t done, size_t total, void *payload);

/** How to read a corpus. Set by opsig_corpus_options_init first. */
typedef struct opsig_corpus_options {
    uint32_t version;        /**< of this struct; set by opsig_corpus_options_init */
    const char *oracle;      /**< NULL: the only one in the manifest */
    bool unlabelled;         /**< where oracle is NULL: every row of a manifest, without label */
    const char *group_by;    /**< column that names the stratum; NULL: "group" */
    opsig_strata strata;     /**< default OPSIG_STRATA_BOTH */
    bool has_tolerance;      /**< the differences decide instead of the status */
    double tolerance_abs;    /**< inconsistent when max_abs > this ... */
    double tolerance_rel;    /**< ... and max_rel > this (0 where not given) */
    unsigned workers;        /**< processes that load models; 0: load in this process */
    opsig_limits limits;     /**< for each model */
    opsig_progress progress; /**< NULL: none */
    void *payload;           /**< for progress */
    const char *classes;     /**< for opsig_corpus_load_gspan: a file with a line for each graph, 1
                                  for inconsistent and 0 for consistent; NULL: no labels */
} opsig_corpus_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_corpus_options_init(opsig_corpus_options *options);

/** Models with their graphs, labels and strata, in manifest order. Immutable. */
typedef struct opsig_corpus opsig_corpus;

/**
 * Reads a manifest (CSV; see docs/cli.md) or the JSON of the paper's artifact, told apart by
 * content, and loads its models. Models labelled crash or skipped are left out. A model that
 * cannot be loaded is left out and kept as an error (opsig_corpus_error). The same content
 * (SHA-256) twice counts once.
 * @param out      owned by the caller (opsig_corpus_free); NULL on failure
 * @param path     of the manifest, to whose folder its paths are relative
 * @param options  set by opsig_corpus_options_init
 * @param err      what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_FORMAT with line and column in the message, OPSIG_NOT_FOUND (file, oracle
 *         or column), OPSIG_USAGE (several oracles and none named), OPSIG_IO, OPSIG_NOMEM,
 *         OPSIG_CANCELLED
 */
OPSIG_API opsig_status opsig_corpus_load_manifest(opsig_corpus **out, const char *path,
                                                  const opsig_corpus_options *options,
                                                  opsig_error *err);

/** Loads two folders of models, walked for *.onnx in byte order of their paths.
 *  @param out           owned by the caller (opsig_corpus_free); NULL on failure
 *  @param inconsistent  folder of the inconsistent models
 *  @param consistent    folder of the others
 *  @param options       set by opsig_corpus_options_init
 *  @param err           what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_corpus_load_manifest */
OPSIG_API opsig_status opsig_corpus_load_folders(opsig_corpus **out, const char *inconsistent,
                                                 const char *consistent,
                                                 const opsig_corpus_options *options,
                                                 opsig_error *err);

/** Loads models without labels.
 *  @param out      owned by the caller (opsig_corpus_free); NULL on failure
 *  @param paths    of the models
 *  @param n_paths  how many
 *  @param options  set by opsig_corpus_options_init
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_corpus_load_manifest */
OPSIG_API opsig_status opsig_corpus_load_paths(opsig_corpus **out, const char *const *paths,
                                               size_t n_paths,
                                               const opsig_corpus_options *options,
                                               opsig_error *err);

/**
 * Loads graphs in gSpan's text format: lines `t # i`, `v i label`, `e i j label`, vertices counted
 * from 0 in order before the edges that join them. Labels of vertices are numbers or words, those
 * of edges numbers below 2^32. Graphs may have cycles, and labels of models only by a file of
 * classes. The limits hold for each graph, max_file_size for the file. "-" is standard input.
 * @param out      owned by the caller (opsig_corpus_free); NULL on failure
 * @param path     of the file
 * @param options  set by opsig_corpus_options_init
 * @param err      what went wrong; NULL: not wanted
 * @return OPSIG_OK, or as opsig_corpus_load_manifest; a file with an error is refused as a whole
 */
OPSIG_API opsig_status opsig_corpus_load_gspan(opsig_corpus **out, const char *path,
                                               const opsig_corpus_options *options,
                                               opsig_error *err);

/** Frees a corpus with its graphs; NULL is allowed. @param corpus  to be freed */
OPSIG_API void opsig_corpus_free(opsig_corpus *corpus);

/** Number of models that were loaded. @param corpus  to ask @return how many */
OPSIG_API size_t opsig_corpus_n_models(const opsig_corpus *corpus);
/** Path of a model.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_models
 *  @return lives as long as the corpus */
OPSIG_API const char *opsig_corpus_path(const opsig_corpus *corpus, size_t i);
/** SHA-256 of a model's file.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_models
 *  @return 64 hexadecimal digits, "" for a file of more than 16 MiB; lives as long as the corpus */
OPSIG_API const char *opsig_corpus_sha256(const opsig_corpus *corpus, size_t i);
/** Operator graph of a model.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_models
 *  @return lives as long as the corpus */
OPSIG_API const opsig_graph *opsig_corpus_graph(const opsig_corpus *corpus, size_t i);
/** Label of a model.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_models
 *  @return what the oracle said */
OPSIG_API opsig_label opsig_corpus_label(const opsig_corpus *corpus, size_t i);
/** Stratum of a model.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_models
 *  @return counted from 0, below opsig_corpus_n_strata */
OPSIG_API uint32_t opsig_corpus_stratum(const opsig_corpus *corpus, size_t i);
/** Number of strata. @param corpus  to ask @return how many */
OPSIG_API uint32_t opsig_corpus_n_strata(const opsig_corpus *corpus);
/** Operator at which a model's outputs first diverge.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_models
 *  @return "" where the manifest does not tell; lives as long as the corpus */
OPSIG_API const char *opsig_corpus_culprit(const opsig_corpus *corpus, size_t i);
/** Name of the oracle.
 *  @param corpus  to ask  @return "" for a corpus without; lives as long as the corpus */
OPSIG_API const char *opsig_corpus_oracle(const opsig_corpus *corpus);
/** Number of models with a label.
 *  @param corpus  to ask
 *  @param label   to count
 *  @return how many */
OPSIG_API size_t opsig_corpus_n_labelled(const opsig_corpus *corpus, opsig_label label);
/** Number of rows that were left out because of their label.
 *  @param corpus  to ask  @return how many */
OPSIG_API size_t opsig_corpus_n_left_out(const opsig_corpus *corpus);
/** Number of rows that were left out because their content came before.
 *  @param corpus  to ask  @return how many */
OPSIG_API size_t opsig_corpus_n_duplicates(const opsig_corpus *corpus);
/** SHA-256 over the models' digests, labels and strata.
 *  @param corpus  to ask  @return 64 hexadecimal digits; lives as long as the corpus */
OPSIG_API const char *opsig_corpus_digest(const opsig_corpus *corpus);

/** Number of models that could not be loaded. @param corpus  to ask @return how many */
OPSIG_API size_t opsig_corpus_n_errors(const opsig_corpus *corpus);
/** Path of a model that could not be loaded, in manifest order.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_errors
 *  @return lives as long as the corpus */
OPSIG_API const char *opsig_corpus_error_path(const opsig_corpus *corpus, size_t i);
/** Why it could not be loaded.
 *  @param corpus  to ask
 *  @param i       below opsig_corpus_n_errors
 *  @return lives as long as the corpus */
OPSIG_API const opsig_error *opsig_corpus_error(const opsig_corpus *corpus, size_t i);

/**
 * A list of files made from what a command line names: files as they are, folders walked for
 * *.onnx (links to folders are not followed, each file once), in byte order within a folder.
 */
typedef struct opsig_path_list opsig_path_list;

/** Lists files whose name ends in ".onnx", and those that are named.
 *  @param out      owned by the caller (opsig_path_list_free); NULL on failure
 *  @param paths    files and folders
 *  @param n_paths  how many
 *  @param include  NULL, or a glob (fnmatch) that a walked file's path or base name must match
 *  @param exclude  NULL, or a glob that it must not match
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOT_FOUND naming the path that does not exist; OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_path_list_new(opsig_path_list **out, const char *const *paths,
                                           size_t n_paths, const char *include,
                                           const char *exclude, opsig_error *err);
/** As opsig_path_list_new, for files whose name ends otherwise.
 *  @param out      owned by the caller (opsig_path_list_free); NULL on failure
 *  @param suffix   such as ".rules"
 *  @param paths    files and folders
 *  @param n_paths  how many
 *  @param include  as above
 *  @param exclude  as above
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_path_list_new */
OPSIG_API opsig_status opsig_path_list_new_of(opsig_path_list **out, const char *suffix,
                                              const char *const *paths, size_t n_paths,
                                              const char *include, const char *exclude,
                                              opsig_error *err);
/** Frees a list; NULL is allowed. @param list  to be freed */
OPSIG_API void opsig_path_list_free(opsig_path_list *list);
/** Number of files. @param list  to ask @return how many */
OPSIG_API size_t opsig_path_list_n(const opsig_path_list *list);
/** The files. @param list  to ask @return opsig_path_list_n paths; they live as long as the list */
OPSIG_API const char *const *opsig_path_list_paths(const opsig_path_list *list);

OPSIG_END_DECLS

#endif
