/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file manifest.h  The CSV form of a manifest (docs/cli.md). */
#ifndef OPSIG_CORPUS_MANIFEST_H
#define OPSIG_CORPUS_MANIFEST_H

#include "base/reader.h"
#include "corpus/rows.h"

/** Reads all rows, labelled by options->oracle or the only oracle; labels are
 *  OPSIG_LABEL_NONE where the manifest has no oracle. @param folder  of the manifest
 *  @return OPSIG_FORMAT with line and column, OPSIG_NOT_FOUND (oracle or column),
 *          OPSIG_USAGE (several oracles), OPSIG_LIMIT, OPSIG_IO, OPSIG_NOMEM */
opsig_status ops_manifest_read(struct ops_rows *rows, struct ops_reader *reader, const char *folder,
                               const opsig_corpus_options *options, opsig_error *err);

#endif
