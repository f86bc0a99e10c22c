/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file item.h  One model loaded, with the digests of its file. */
#ifndef OPSIG_CORPUS_ITEM_H
#define OPSIG_CORPUS_ITEM_H

#include "corpus/load.h"

/** What became of one path: a graph, or the error where it is NULL. */
struct ops_item {
    opsig_graph *graph; /* owned */
    opsig_error error;
    char sha256[OPS_SHA256_HEX], content[OPS_SHA256_HEX];
};

/** Loads a model and digests its file. A model that cannot be read is an item with an error;
 *  failures of this process are returned: OPSIG_NOMEM, OPSIG_CANCELLED. */
opsig_status ops_item_load(struct ops_item *item, const char *path,
                           const struct ops_load_options *options, opsig_error *err);

#endif
