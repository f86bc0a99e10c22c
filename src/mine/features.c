/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns come one after the other, rows are wanted: entries are counted by row, then placed. */
#include "mine/features.h"

#include <math.h>

#include "base/mem.h"

struct entry {
    uint32_t row, column, n_places;
};

typedef OPS_VEC(struct entry) entry_vec;

void ops_features_free(struct ops_features *features)
{
    if (features == NULL) {
        return;
    }
    ops_mem_free(features->begin);
    ops_mem_free(features->items);
    ops_mem_free(features->values);
    ops_mem_free(features);
}

/** Appends the entries of a sequence's column: runs of the last level by model. */
static opsig_status add_sequence(entry_vec *entries, const struct ops_trace *trace, uint32_t column,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_level ends = {NULL, 0};
    if (trace->n_levels > 0) {
        ends = trace->levels[trace->n_levels - 1];
    }
    for (size_t i = 0; i < ends.n; i++) {
        uint32_t row = trace->field->model_of[ends.vertices[i]];
        struct entry *last = entries->len > 0 ? &entries->items[entries->len - 1] : NULL;
        if (last != NULL && last->column == column && last->row == row) {
            last->n_places++;
            continue;
        }
        struct entry entry = {row, column, 1};
        TRY(ops_vec_push(entries, entry, err));
    }
done:
    return status;
}

/** Appends the entries of all subgraphs' columns. */
static opsig_status add_subgraphs(entry_vec *entries, const opsig_corpus *corpus,
                                  struct ops_classes *classes, const ops_selection *columns,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_places places = {{NULL, 0, 0}, {NULL, 0, 0}};
    const opsig_pattern **patterns = ops_mem_zalloc(columns->len, sizeof *patterns);
    uint32_t *column_of = ops_mem_zalloc(columns->len, sizeof *column_of);
    size_t n = 0;
    TRY(patterns != NULL && column_of != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t j = 0; j < columns->len; j++) {
        const uint32_t id = columns->items[j].class_id;
        if (!ops_code_is_sequence(classes->classes.items[id].generator)) {
            column_of[n] = j;
            patterns[n] = ops_classes_pattern(classes, id, err);
            TRY(patterns[n++] != NULL ? OPSIG_OK : OPSIG_NOMEM);
        }
    }
    TRY(ops_places_find(&places, corpus, patterns, n, err));
    for (size_t i = 0; i < places.items.len; i++) {
        const struct ops_place *place = &places.items.items[i];
        const struct entry entry = {place->model, column_of[place->pattern], place->n_places};
        TRY(ops_vec_push(entries, entry, err));
    }
done:
    ops_places_dispose(&places);
    ops_mem_free(patterns);
    ops_mem_free(column_of);
    return status;
}

/** Sorts entries into rows. */
static opsig_status place(struct ops_features *features, const entry_vec *entries,
                          uint32_t n_rows, opsig_error *err)
{
    features->begin = ops_mem_zalloc(n_rows + 2U, sizeof *features->begin);
    features->items = ops_mem_zalloc(entries->len, sizeof *features->items);
    features->values = ops_mem_zalloc(entries->len, sizeof *features->values);
    if (features->begin == NULL || features->items == NULL || features->values == NULL) {
        return ops_error_nomem(err);
    }
    uint32_t *next = features->begin + 1; /* ends up as begin, moved by one place */
    for (size_t i = 0; i < entries->len; i++) {
        next[entries->items[i].row + 1]++;
    }
    for (uint32_t row = 0; row < n_rows; row++) {
        next[row + 1] += next[row];
    }
    for (size_t i = 0; i < entries->len; i++) {
        struct entry entry = entries->items[i];
        uint32_t at = next[entry.row]++;
        features->items[at] = entry.column;
        features->values[at] = log2(1.0 + entry.n_places);
    }
    return OPSIG_OK;
}

opsig_status ops_features_new(struct ops_features **out, struct ops_trace *trace,
                              const opsig_corpus *corpus, struct ops_classes *classes,
                              const ops_selection *columns, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    entry_vec entries = {NULL, 0, 0};
    struct ops_features *features = ops_mem_zalloc(1, sizeof *features);
    *out = NULL;
    if (features == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t j = 0; j < columns->len; j++) {
        const struct ops_class *class = &classes->classes.items[columns->items[j].class_id];
        if (ops_code_is_sequence(class->generator)) {
            TRY(ops_trace_follow(trace, class->generator, err));
            TRY(add_sequence(&entries, trace, j, err));
        }
    }
    TRY(add_subgraphs(&entries, corpus, classes, columns, err));
    TRY(place(features, &entries, trace->field->n_models, err));
    features->matrix = (struct ops_sparse){.n_rows = trace->field->n_models,
                                           .n_columns = columns->len,
                                           .begin = features->begin,
                                           .items = features->items,
                                           .values = features->values};
    *out = features;
    features = NULL;
done:
    ops_features_free(features);
    ops_vec_dispose(&entries);
    return status;
}
