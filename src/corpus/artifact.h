/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file artifact.h  The JSON that the artifact of the paper writes (docs/method.md names it).
 *
 *  An array with an object a model:
 *
 *      {"model": "model_24", "path": "torch/15/model_24", "result": 0, "error": null,
 *       "mismatch": true}
 *
 *  `result` other than 0: the conversion or the run failed (crash). `mismatch`: the label. The
 *  TensorFlow runs have `mad` instead, the largest absolute difference, which makes an
 *  inconsistent model above 1e-7 (the paper's bound) or above --tolerance; and
 *  `onnx_model_path`. Neither: skipped. Other members are passed over.
 */
#ifndef OPSIG_CORPUS_ARTIFACT_H
#define OPSIG_CORPUS_ARTIFACT_H

#include "base/reader.h"
#include "corpus/rows.h"

/** Reads all rows. The model of a row is `onnx_model_path`, or `path` where it is a file, or the
 *  first *.onnx file below the folder `path` or `path` + "_repro" (where the artifact exports a
 *  mismatch), or `path` + ".onnx". The oracle has the name that the user gave, else "mismatch".
 *  @return as ops_manifest_read */
opsig_status ops_artifact_read(struct ops_rows *rows, struct ops_reader *reader, const char *folder,
                               const opsig_corpus_options *options, opsig_error *err);

#endif
