/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file rows.h  What a manifest, of any form, says: a row a model. */
#ifndef OPSIG_CORPUS_ROWS_H
#define OPSIG_CORPUS_ROWS_H

#include <opsig/corpus.h>

#include "base/arena.h"
#include "base/vec.h"
#include "corpus/label.h"

struct ops_row {
    const char *path; /* as the user wrote it; never NULL, as the others */
    const char *file; /* what to open */
    const char *group, *culprit;
    opsig_label label;
    struct ops_measured measured; /* what the label was decided by, where the source tells */
};

/** Strings live in the arena. */
struct ops_rows {
    struct ops_arena arena;
    const char *oracle; /* "" where there is none */
    OPS_VEC(struct ops_row) rows;
};

void ops_rows_init(struct ops_rows *rows);
void ops_rows_dispose(struct ops_rows *rows);
/** Copies the strings of a row. `folder` (may be "") is put before a relative file. */
opsig_status ops_rows_add(struct ops_rows *rows, const struct ops_row *row, const char *folder,
                          opsig_error *err);
/** A copy of a text in the arena. */
opsig_status ops_rows_text(struct ops_rows *rows, const char *text, const char **out,
                           opsig_error *err);
/** The file that a relative name stands for. */
opsig_status ops_rows_join(struct ops_rows *rows, const char *folder, const char *name,
                           const char **out, opsig_error *err);

#endif
