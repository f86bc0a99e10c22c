/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file output.h  Files that appear whole or not at all. */
#ifndef OPSIG_OUTPUT_H
#define OPSIG_OUTPUT_H

#include <stdio.h>

#include <opsig/error.h>

OPSIG_BEGIN_DECLS

/** A file being written beside its target. */
typedef struct opsig_output opsig_output;

/** Opens a temporary file in the target's folder.
 *  @param out   ends with opsig_output_commit or opsig_output_discard; NULL on failure
 *  @param path  the target; NULL or "-": standard output as it is
 *  @param err   what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO with the system's reason */
OPSIG_API opsig_status opsig_output_open(opsig_output **out, const char *path, opsig_error *err);
/** The stream to write to.
 *  @param output  opened by opsig_output_open  @return belongs to the output */
OPSIG_API FILE *opsig_output_stream(opsig_output *output);
/** Flushes, syncs, renames over the target, and frees the output, also on failure, when the
 *  target is as it was. Write errors of the stream so far are found here.
 *  @param output  opened by opsig_output_open
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO */
OPSIG_API opsig_status opsig_output_commit(opsig_output *output, opsig_error *err);
/** Removes the temporary file and frees the output; NULL is allowed.
 *  @param output  NULL is allowed */
OPSIG_API void opsig_output_discard(opsig_output *output);

OPSIG_END_DECLS

#endif
