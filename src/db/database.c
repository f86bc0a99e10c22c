/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that a database holds beside its signatures. They are kept as text without examples,
 * which serve who writes a rule, and read like any file of rules. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/db.h>
#include <opsig/version.h>

#include "db/database.h"
#include "rules/pack.h"
#include "rules/print.h"

enum { MOST_TEXT = 4 * 1024 * 1024 };

void opsig_database_free(opsig_database *database)
{
    if (database != NULL) {
        opsig_rules_free(database->rules);
        database->rules = NULL;
        ops_database_free(database);
    }
}

const opsig_rules *opsig_database_rules(const opsig_database *database)
{
    return database->rules;
}

void opsig_database_keep_rules(opsig_database *database, const opsig_rules_filter *filter)
{
    if (database->rules != NULL) {
        opsig_rules_keep(database->rules, filter);
    }
}

static int by_id(const void *left, const void *right)
{
    const opsig_rule *const *const a = left;
    const opsig_rule *const *const b = right;
    return strcmp(opsig_rule_id(*a), opsig_rule_id(*b));
}

opsig_status ops_db_rules_sorted(const opsig_rule ***out, size_t *out_n, const opsig_rules *rules,
                                 opsig_error *err)
{
    const size_t n = rules == NULL ? 0 : opsig_rules_n(rules);
    const opsig_rule **const list = ops_mem_zalloc(n, sizeof *list);
    *out = list;
    *out_n = n;
    if (list == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        list[i] = opsig_rules_at(rules, i);
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, by_id);
    }
    return OPSIG_OK;
}

opsig_status ops_db_build_rules(struct ops_db_build *build, const char *name, const char *text,
                                size_t len, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (len == 0) {
        return OPSIG_OK;
    }
    TRY(opsig_rules_new(&build->database->rules, err));
    TRY(ops_rules_add_stored(build->database->rules, name, text, len, err));
done:
    return status;
}

/** Adds rules to a text, by id, but for those of which some set before has one of that id. */
static opsig_status add_rules(struct ops_buffer *text, const opsig_rules *const *before,
                              size_t n_before, const opsig_rules *rules, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_rule **list = NULL;
    size_t n;
    TRY(ops_db_rules_sorted(&list, &n, rules, err));
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        for (size_t k = 0; k < n_before && !known; k++) {
            known =
                before[k] != NULL && opsig_rules_find(before[k], opsig_rule_id(list[i])) != NULL;
        }
        if (!known) {
            ops_print_rule(text, list[i], false);
        }
    }
    TRY(ops_buffer_status(text, err));
done:
    ops_mem_free(list);
    return status;
}

opsig_status ops_db_build_rules_of(struct ops_db_build *build, const char *name,
                                   const opsig_rules *const *sets, size_t n, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer text;
    ops_buffer_init(&text, MOST_TEXT);
    for (size_t i = 0; i < n; i++) {
        TRY(add_rules(&text, sets, i, sets[i], err));
    }
    TRY(ops_db_build_rules(build, name, ops_buffer_text(&text), text.len, err));
done:
    ops_buffer_dispose(&text);
    return status;
}

opsig_status opsig_database_of_rules(opsig_database **out, const opsig_rules *rules,
                                     opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_db_build build = {0};
    *out = NULL;
    TRY(ops_db_build_begin(&build, err));
    TRY(ops_db_build_note(&build, "tool.version", opsig_version(), err));
    TRY(ops_db_build_rules_of(&build, "rules", &rules, 1, err));
    TRY(ops_db_build_end(&build, out, err));
done:
    ops_db_build_dispose(&build);
    return status;
}
