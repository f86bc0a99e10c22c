/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file load.h  From a reader to a model. */
#ifndef OPSIG_ONNX_LOAD_H
#define OPSIG_ONNX_LOAD_H

#include "base/reader.h"
#include "onnx/model.h"

enum { OPS_SNIFF = 272 }; /* bytes that ops_sniff may look at */

/** Fills in a model whose arena and table of values are ready.
 *  @return as opsig_model_load */
opsig_status ops_load(struct opsig_model *model, struct ops_reader *reader,
                      const opsig_limits *limits, opsig_error *err);

/** What a file that is no model probably is ("a gzip archive"), from its first bytes; NULL where
 *  they do not tell. */
const char *ops_sniff(const uint8_t *bytes, size_t len);

#endif
