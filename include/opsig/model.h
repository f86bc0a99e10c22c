/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file model.h  One ONNX file, as read: no weights, functions not yet expanded. */
#ifndef OPSIG_MODEL_H
#define OPSIG_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/error.h>
#include <opsig/limits.h>

OPSIG_BEGIN_DECLS

/** An ONNX model: immutable once loaded, safe to read from several threads. */
typedef struct opsig_model opsig_model;

/**
 * Reads a model from a file. Tensor payloads are skipped without being read, files of
 * external data are never opened. "-" is a file of that name; see opsig_model_load_fd for
 * standard input.
 *
 * @param out     the model, owned by the caller (opsig_model_free); NULL on failure
 * @param path    a regular file, or a symbolic link to one
 * @param limits  NULL for the defaults
 * @return OPSIG_FORMAT (broken or not ONNX), OPSIG_LIMIT, OPSIG_TIMEOUT, OPSIG_IO,
 *         OPSIG_NOT_FOUND, OPSIG_NOMEM
 *
 * Time: linear in the bytes outside tensor payloads.
 */
OPSIG_API opsig_status opsig_model_load(opsig_model **out, const char *path,
                                        const opsig_limits *limits, opsig_error *err);

/** As opsig_model_load, from a descriptor that need not be seekable (standard input, a pipe).
 *  The descriptor stays open and belongs to the caller. */
OPSIG_API opsig_status opsig_model_load_fd(opsig_model **out, int fd, const opsig_limits *limits,
                                           opsig_error *err);

/** As opsig_model_load, from memory, which is not needed after the call. */
OPSIG_API opsig_status opsig_model_load_memory(opsig_model **out, const void *bytes, size_t size,
                                               const opsig_limits *limits, opsig_error *err);

/** Frees a model; NULL is allowed. */
OPSIG_API void opsig_model_free(opsig_model *model);

/** IR version; 0 where the file has none. */
OPSIG_API int64_t opsig_model_ir_version(const opsig_model *model);

/** Producer's name and version, "" where absent; they live as long as the model. */
OPSIG_API const char *opsig_model_producer_name(const opsig_model *model);
OPSIG_API const char *opsig_model_producer_version(const opsig_model *model);

/** Number of nodes of the main graph as the file lists them (nested graphs not counted). */
OPSIG_API size_t opsig_model_n_main_nodes(const opsig_model *model);

/** op_type of main-graph node i < opsig_model_n_main_nodes, in file order. */
OPSIG_API const char *opsig_model_main_op_type(const opsig_model *model, size_t i);

/** Number of model-local functions. */
OPSIG_API size_t opsig_model_n_functions(const opsig_model *model);

OPSIG_END_DECLS

#endif
