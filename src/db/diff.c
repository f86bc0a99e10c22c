/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two databases side by side: their significant signatures, sorted by id, are gone through
 * together as in a merge of two lists. */
#include <opsig/db.h>

#include <stdlib.h>
#include <string.h>

#include "db/fields.h"

struct opsig_db_diff {
    OPS_VEC(opsig_db_change) changes;
    size_t n_same;
};

static int by_id(const void *left, const void *right)
{
    const opsig_signature *const *const a = left;
    const opsig_signature *const *const b = right;
    return strcmp((*a)->pattern->id, (*b)->pattern->id);
}

/** The significant signatures of a database by id; the caller's (ops_mem_free). */
static const opsig_signature **sorted(const opsig_database *database)
{
    const opsig_signature **const list = ops_mem_zalloc(database->n_significant, sizeof *list);
    for (size_t i = 0; list != NULL && i < database->n_significant; i++) {
        list[i] = database->signatures.items[i];
    }
    if (list != NULL && database->n_significant > 1) {
        qsort(list, database->n_significant, sizeof *list, by_id);
    }
    return list;
}

static bool is_same(const opsig_signature *a, const opsig_signature *b)
{
    bool same = strcmp(a->context->text, b->context->text) == 0;
    for (size_t i = 0; i < OPS_DB_FIELDS; i++) {
        const double x = ops_db_field_get(a, &ops_db_fields[i]);
        const double y = ops_db_field_get(b, &ops_db_fields[i]);
        same = same && memcmp(&x, &y, sizeof x) == 0;
    }
    return same;
}

/** What appeared, vanished, changed; in each, the strongest first. */
static int compare_changes(const void *left, const void *right)
{
    const opsig_db_change *const a = left;
    const opsig_db_change *const b = right;
    const opsig_signature *const x = a->after != NULL ? a->after : a->before;
    const opsig_signature *const y = b->after != NULL ? b->after : b->before;
    return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind)
                              : ops_signature_strength(x, y);
}

static opsig_status add(opsig_db_diff *diff, const opsig_signature *before,
                        const opsig_signature *after, opsig_error *err)
{
    const opsig_db_change change = {
        .kind = before == NULL  ? OPSIG_DB_APPEARED
                : after == NULL ? OPSIG_DB_VANISHED
                                : OPSIG_DB_CHANGED,
        .before = before,
        .after = after,
    };
    if (before != NULL && after != NULL && is_same(before, after)) {
        diff->n_same++;
        return OPSIG_OK;
    }
    return ops_vec_push(&diff->changes, change, err);
}

opsig_status opsig_db_diff_new(opsig_db_diff **out, const opsig_database *before,
                               const opsig_database *after, opsig_error *err)
{
    const opsig_signature **const old = sorted(before);
    const opsig_signature **const new = sorted(after);
    opsig_db_diff *diff = ops_mem_zalloc(1, sizeof *diff);
    opsig_status status = OPSIG_OK;
    *out = NULL;
    TRY(old != NULL && new != NULL && diff != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (size_t i = 0, j = 0; i < before->n_significant || j < after->n_significant;) {
        const int order = i == before->n_significant  ? 1
                          : j == after->n_significant ? -1
                                                      : by_id(&old[i], &new[j]);
        TRY(add(diff, order <= 0 ? old[i] : NULL, order >= 0 ? new[j] : NULL, err));
        i += order <= 0;
        j += order >= 0;
    }
    if (diff->changes.len > 1) {
        qsort(diff->changes.items, diff->changes.len, sizeof *diff->changes.items,
              compare_changes);
    }
    *out = diff;
    diff = NULL;
done:
    opsig_db_diff_free(diff);
    ops_mem_free(new);
    ops_mem_free(old);
    return status;
}

void opsig_db_diff_free(opsig_db_diff *diff)
{
    if (diff != NULL) {
        ops_vec_dispose(&diff->changes);
        ops_mem_free(diff);
    }
}

size_t opsig_db_diff_n(const opsig_db_diff *diff)
{
    return diff->changes.len;
}

const opsig_db_change *opsig_db_diff_change(const opsig_db_diff *diff, size_t i)
{
    return &diff->changes.items[i];
}

size_t opsig_db_diff_n_same(const opsig_db_diff *diff)
{
    return diff->n_same;
}
