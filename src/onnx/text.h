/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file text.h  Models as text: a part of the ONNX text syntax (docs/rules.md, Examples), for
 *  small models that people write.
 *
 *      <ir_version: 8, opset_import: ["" : 13]>
 *      g (float[N,4] x) => (float[N,4] y) <float[4] w = {1, 2, 3, 4}> { y = Add(x, w) }
 */
#ifndef OPSIG_ONNX_TEXT_H
#define OPSIG_ONNX_TEXT_H

#include <opsig/limits.h>
#include <opsig/model.h>

#include "onnx/write.h"

/** Writes the bytes of a model, as a file would hold them, to out->own.
 *  @param out  initialised; to be disposed of, also after a failure
 *  @return OPSIG_FORMAT with the offset in the text, OPSIG_LIMIT, OPSIG_NOMEM
 *  Time: linear in the text and in the elements of its tensors. */
opsig_status onnx_text_encode(struct onnx_message *out, const char *text, size_t len,
                              opsig_error *err);

#endif
