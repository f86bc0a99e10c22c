/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two databases side by side: their significant signatures, and then their rules, sorted by id, are
 * gone through together as in a merge of two lists. */
#include <opsig/db.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/database.h"
#include "rules/print.h"

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
        same = same && (x == y || (isnan(x) && isnan(y)));
    }
    return same;
}

static const char *rule_id(const opsig_db_change *change)
{
    return opsig_rule_id(change->rule_after != NULL ? change->rule_after : change->rule_before);
}

/** What appeared, vanished, changed; in each, the strongest signature first, then rules. */
static int compare_changes(const void *left, const void *right)
{
    const opsig_db_change *const a = left;
    const opsig_db_change *const b = right;
    const opsig_signature *const x = a->after != NULL ? a->after : a->before;
    const opsig_signature *const y = b->after != NULL ? b->after : b->before;
    if (a->kind != b->kind) {
        return (a->kind > b->kind) - (a->kind < b->kind);
    }
    if (x == NULL || y == NULL) {
        return x == NULL && y == NULL ? strcmp(rule_id(a), rule_id(b)) : (x == NULL) - (y == NULL);
    }
    return ops_signature_strength(x, y);
}

static opsig_db_change_kind kind_of(bool was_there, bool is_there)
{
    return !was_there ? OPSIG_DB_APPEARED : !is_there ? OPSIG_DB_VANISHED : OPSIG_DB_CHANGED;
}

static opsig_status add(opsig_db_diff *diff, const opsig_signature *before,
                        const opsig_signature *after, opsig_error *err)
{
    const opsig_db_change change = {
        .kind = kind_of(before != NULL, after != NULL),
        .before = before,
        .after = after,
    };
    if (before != NULL && after != NULL && is_same(before, after)) {
        diff->n_same++;
        return OPSIG_OK;
    }
    return ops_vec_push(&diff->changes, change, err);
}

/** Do two rules say the same, examples aside? */
static opsig_status is_same_rule(bool *out, const opsig_rule *a, const opsig_rule *b,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer x;
    struct ops_buffer y;
    ops_buffer_init(&x, SIZE_MAX / 4);
    ops_buffer_init(&y, SIZE_MAX / 4);
    ops_print_rule(&x, a, false);
    ops_print_rule(&y, b, false);
    TRY(ops_buffer_status(&x, err));
    TRY(ops_buffer_status(&y, err));
    *out = strcmp(ops_buffer_text(&x), ops_buffer_text(&y)) == 0;
done:
    ops_buffer_dispose(&x);
    ops_buffer_dispose(&y);
    return status;
}

static opsig_status add_rule(opsig_db_diff *diff, const opsig_rule *before, const opsig_rule *after,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    bool same = false;
    if (before != NULL && after != NULL) {
        TRY(is_same_rule(&same, before, after, err));
    }
    if (same) {
        diff->n_same++;
        return OPSIG_OK;
    }
    const opsig_db_change change = {
        .kind = kind_of(before != NULL, after != NULL), .rule_before = before, .rule_after = after};
    status = ops_vec_push(&diff->changes, change, err);
done:
    return status;
}

/** Compares the rules of two databases. */
static opsig_status compare_rules(opsig_db_diff *diff, const opsig_rules *before,
                                  const opsig_rules *after, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_rule **old = NULL;
    const opsig_rule **new = NULL;
    size_t n_old;
    size_t n_new;
    TRY(ops_db_rules_sorted(&old, &n_old, before, err));
    TRY(ops_db_rules_sorted(&new, &n_new, after, err));
    for (size_t i = 0, j = 0; i < n_old || j < n_new;) {
        const int order = i == n_old   ? 1
                          : j == n_new ? -1
                                       : strcmp(opsig_rule_id(old[i]), opsig_rule_id(new[j]));
        TRY(add_rule(diff, order <= 0 ? old[i] : NULL, order >= 0 ? new[j] : NULL, err));
        i += order <= 0;
        j += order >= 0;
    }
done:
    ops_mem_free(old);
    ops_mem_free(new);
    return status;
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
    TRY(compare_rules(diff, before->rules, after->rules, err));
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
