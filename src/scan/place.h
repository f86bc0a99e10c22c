/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file place.h  Paths as seen from a folder, so that they are the same on every machine. */
#ifndef OPSIG_SCAN_PLACE_H
#define OPSIG_SCAN_PLACE_H

#include "base/buffer.h"

/** A folder, and the way from it to the file that was asked for last. */
struct ops_place {
    char *folder; /* real path */
    char *path;   /* asked for last; NULL: none yet */
    struct ops_buffer relative;
};

/** The folder that a file lies or would lie in. */
opsig_status ops_place_init(struct ops_place *place, const char *path, opsig_error *err);
void ops_place_dispose(struct ops_place *place);

/** The way from the folder to a file: "models/a.onnx", "../a.onnx"; valid until the next call. "-"
 *  (standard input) stays as it is; what is not UTF-8 is made visible. NULL: memory ran out. */
const char *ops_place_relative(struct ops_place *place, const char *path);

#endif
