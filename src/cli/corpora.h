/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file corpora.h  A corpus from whatever paths name: a manifest, folders, or models. */
#ifndef OPSIG_CLI_CORPORA_H
#define OPSIG_CLI_CORPORA_H

#include <stdbool.h>
#include <stddef.h>

#include <opsig/corpus.h>

#include "cli/options.h"

/** Is this path that of a manifest, by its name (.csv, .json)? */
bool ops_names_manifest(const char *path);

/**
 * Loads the models that the paths name, whatever their labels. A single path may be a manifest.
 * @param out  the caller's (opsig_corpus_free); NULL where nothing could be loaded
 * @return an exit status; what is wrong has been said
 */
int ops_corpus_from_paths(opsig_corpus **out, const struct ops_options *options,
                          char *const *paths, size_t n_paths);

#endif
