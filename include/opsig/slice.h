/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file slice.h  Some nodes of a model as a model that stands alone. */
#ifndef OPSIG_SLICE_H
#define OPSIG_SLICE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/limits.h>

OPSIG_BEGIN_DECLS

/** How to cut. Set by opsig_slice_options_init first. */
typedef struct opsig_slice_options {
    uint32_t version; /**< of this struct; set by opsig_slice_options_init */
    uint32_t context; /**< how many edges away from the nodes is kept too; default 0 */
    opsig_limits limits; /**< for the model */
} opsig_slice_options;

/** Fills in the defaults. @param options  all members are set */
OPSIG_API void opsig_slice_options_init(opsig_slice_options *options);

/**
 * A part of a model, decided but not yet written. Tensors that are cut become graph inputs and
 * outputs, with the types that the model tells or that follow from its operators; initializers
 * and Constants that are read are part of the slice, and so are the functions that it calls. A
 * node is taken whole, with its bodies; of a function the call. Where all nodes lie in one body,
 * that body is what is cut, and what it captures comes in as inputs and initializers.
 */
typedef struct opsig_slice opsig_slice;

/**
 * Decides a slice.
 * Time: linear in the model without its weights, times the steps of context.
 * @param out       owned by the caller (opsig_slice_free); NULL on failure
 * @param path      the model's file, which must not change until the slice is written
 * @param vertices  of the model's operator graph (opsig_graph_load of the same file)
 * @param n         number of vertices, at least 1
 * @param options   NULL for the defaults
 * @param err       what went wrong; NULL: not wanted
 * @return OPSIG_OK, or as opsig_graph_load; OPSIG_USAGE for a vertex that the model does not have;
 *         OPSIG_FORMAT where external data would leave the model's folder
 */
OPSIG_API opsig_status opsig_slice_new(opsig_slice **out, const char *path,
                                       const uint32_t *vertices, size_t n,
                                       const opsig_slice_options *options, opsig_error *err);
/** Frees a slice; NULL is allowed. @param slice  to be freed */
OPSIG_API void opsig_slice_free(opsig_slice *slice);

/** Writes the slice as an ONNX model: nodes, initializers and functions are copied from the
 *  model's file byte for byte. The same slice gives the same bytes.
 *  @param slice   to be written
 *  @param stream  open for writing
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO; OPSIG_FORMAT where the file has changed; OPSIG_TIMEOUT,
 *          OPSIG_CANCELLED */
OPSIG_API opsig_status opsig_slice_write(opsig_slice *slice, FILE *stream, opsig_error *err);

/** Number of nodes, their bodies not counted. @param slice  to ask @return how many */
OPSIG_API size_t opsig_slice_n_nodes(const opsig_slice *slice);
/** Number of initializers. @param slice  to ask @return how many */
OPSIG_API size_t opsig_slice_n_initializers(const opsig_slice *slice);
/** Number of graph inputs. @param slice  to ask @return how many */
OPSIG_API size_t opsig_slice_n_inputs(const opsig_slice *slice);
/** Number of graph outputs. @param slice  to ask @return how many */
OPSIG_API size_t opsig_slice_n_outputs(const opsig_slice *slice);
/** Number of functions. @param slice  to ask @return how many */
OPSIG_API size_t opsig_slice_n_functions(const opsig_slice *slice);
/** Graph inputs and outputs whose type or shape the model does not tell.
 *  @param slice  to ask  @return how many */
OPSIG_API size_t opsig_slice_n_untyped(const opsig_slice *slice);
/** Files of external data that the slice refers to. @param slice  to ask @return how many */
OPSIG_API size_t opsig_slice_n_external(const opsig_slice *slice);
/** Where one of those files must lie.
 *  @param slice  to ask
 *  @param i      below opsig_slice_n_external
 *  @return relative to the folder that the slice is put in; lives as long as the slice */
OPSIG_API const char *opsig_slice_external(const opsig_slice *slice, size_t i);

OPSIG_END_DECLS

#endif
