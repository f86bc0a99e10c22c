/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file load.h  The graphs of many files, loaded by worker processes and handed over in order.
 *
 *  A worker that dies costs only the model that it was loading. At most OPS_LOAD_WINDOW models
 *  are in the air, so that memory does not grow with the number of paths.
 */
#ifndef OPSIG_CORPUS_LOAD_H
#define OPSIG_CORPUS_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include <opsig/graph.h>
#include <opsig/limits.h>
#include <opsig/scan.h>

#include "base/sha256.h"

/** Most models that are loaded ahead of the one that is handed over next. */
enum { OPS_LOAD_WINDOW = 256 };

struct ops_load_options {
    unsigned workers;           /* processes; 0: load in this process */
    opsig_digest digest;        /* which files get a SHA-256 */
    bool tell_apart;            /* fill in ops_loaded.content, too */
    bool facts;                 /* graphs have their facts */
    const opsig_limits *limits; /* for each model; never NULL */
};

/** One model as it is handed over; what it points to is valid during the call only. */
struct ops_loaded {
    size_t index;             /* of the path */
    const char *path;         /* as given */
    opsig_graph *graph;       /* NULL on failure; who sets it to NULL has taken it over */
    const opsig_error *error; /* NULL on success */
    const char *sha256;       /* of the file; "" where not computed (failure, "-", size) */
    /** 64 digits that tell contents apart: the SHA-256 of a file of up to 16 MiB, else of its
     *  size, its first and its last 8 MiB; "" where the model was not loaded, or from "-", and
     *  unless asked for. */
    const char *content;
};

/** Called once a path, in the order of the paths, in the calling process. Anything but OPSIG_OK
 *  ends the loading with that status. */
typedef opsig_status (*ops_load_sink)(struct ops_loaded *loaded, void *payload, opsig_error *err);

/**
 * Loads models; "-" is standard input, read in this process. With workers no thread may exist.
 * A model that cannot be read is handed to the sink as an error: of kind "worker" where its
 * process died. @return OPSIG_NOMEM, OPSIG_CANCELLED, OPSIG_IO (no process can be started), or
 * what the sink returned
 */
opsig_status ops_load_paths(const char *const *paths, size_t n_paths,
                            const struct ops_load_options *options, ops_load_sink sink,
                            void *payload, opsig_error *err);

#endif
