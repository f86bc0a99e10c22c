/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file external.h  What parts of a model refer to in other files. */
#ifndef OPSIG_ONNX_EXTERNAL_H
#define OPSIG_ONNX_EXTERNAL_H

#include "base/buffer.h"
#include "base/deadline.h"
#include "base/reader.h"
#include "onnx/model.h"

/** Which message a range of a file is. */
enum onnx_part { ONNX_PART_NODE, ONNX_PART_TENSOR, ONNX_PART_SPARSE_TENSOR, ONNX_PART_FUNCTION };

/** A search for external data in parts of one file. */
struct onnx_external {
    struct ops_reader *reader; /* that can seek */
    struct ops_deadline *deadline;
    uint32_t max_depth;
    struct ops_intern *locations; /* those found so far, as the file has them */
    size_t n;                     /* references to them */
};

/** Finds the references in one part, bodies included, and refuses those that lead out of the
 *  model's folder: absolute ones, those with "..", a drive or a scheme. Nothing is opened.
 *  @return OPSIG_FORMAT of kind "external-data" */
opsig_status onnx_external_find(struct onnx_external *external, enum onnx_part part,
                                const struct onnx_range *range, opsig_error *err);

#endif
