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
 * Time: linear in the bytes outside tensor payloads.
 * @param out     the model, owned by the caller (opsig_model_free); NULL on failure
 * @param path    a regular file, or a symbolic link to one
 * @param limits  NULL for the defaults
 * @param err     what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_FORMAT (broken or not ONNX), OPSIG_LIMIT, OPSIG_TIMEOUT, OPSIG_IO,
 *         OPSIG_NOT_FOUND, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_model_load(opsig_model **out, const char *path,
                                        const opsig_limits *limits, opsig_error *err);

/** As opsig_model_load, from a descriptor that need not be seekable (standard input, a pipe).
 *  The descriptor stays open and belongs to the caller.
 *  @param out     the model, owned by the caller (opsig_model_free); NULL on failure
 *  @param fd      open for reading
 *  @param limits  NULL for the defaults
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_model_load */
OPSIG_API opsig_status opsig_model_load_fd(opsig_model **out, int fd, const opsig_limits *limits,
                                           opsig_error *err);

/** As opsig_model_load, from memory, which is not needed after the call.
 *  @param out     the model, owned by the caller (opsig_model_free); NULL on failure
 *  @param bytes   the file's content
 *  @param size    of it, in bytes
 *  @param limits  NULL for the defaults
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_model_load */
OPSIG_API opsig_status opsig_model_load_memory(opsig_model **out, const void *bytes, size_t size,
                                               const opsig_limits *limits, opsig_error *err);

/** Frees a model; NULL is allowed. @param model  to be freed */
OPSIG_API void opsig_model_free(opsig_model *model);

/** IR version of the file. @param model  to ask @return 0 where it has none */
OPSIG_API int64_t opsig_model_ir_version(const opsig_model *model);

/** The producer's name. @param model  to ask @return "" where absent; lives as long as the model */
OPSIG_API const char *opsig_model_producer_name(const opsig_model *model);
/** The producer's version.
 *  @param model  to ask  @return "" where absent; lives as long as the model */
OPSIG_API const char *opsig_model_producer_version(const opsig_model *model);

/** Number of nodes of the main graph as the file lists them (nested graphs not counted).
 *  @param model  to ask  @return how many */
OPSIG_API size_t opsig_model_n_main_nodes(const opsig_model *model);

/** op_type of a node of the main graph, in file order.
 *  @param model  to ask
 *  @param i      below opsig_model_n_main_nodes
 *  @return lives as long as the model */
OPSIG_API const char *opsig_model_main_op_type(const opsig_model *model, size_t i);

/** Number of model-local functions. @param model  to ask @return how many */
OPSIG_API size_t opsig_model_n_functions(const opsig_model *model);

OPSIG_END_DECLS

#endif
