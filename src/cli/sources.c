/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Databases and rules as the command line names them. Where it names none, the database that comes
 * with opsig is used, if it is there. */
#include "cli/sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/nearest.h>

#include "cli/cli.h"
#include "cli/default_db.h"
#include "cli/options.h"

/* Keys past those of the shared options and of any command. */
enum { KEY_DB = OPS_KEY_OWN + 0x300, KEY_RULES, KEY_NO_DEFAULT };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct ops_sources *const sources = ((const struct ops_options *)state->input)->sources;
    switch (key) {
    case KEY_DB:
        return ops_databases_add(&sources->databases, arg);
    case KEY_RULES:
        return ops_words_add(state, "--rules", arg, &sources->rule_paths);
    case KEY_NO_DEFAULT:
        sources->no_default = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0,
     "What to look for (default: the database that comes with opsig):", OPS_GROUP_RULES},
    {"db", KEY_DB, "FILE", 0, "the signatures and rules of this database; may be repeated", 0},
    {"rules", KEY_RULES, "PATH", 0,
     "the rules of this file, or of the *.rules in this folder; may be repeated", 0},
    {"no-default", KEY_NO_DEFAULT, NULL, 0, "never use the database that comes with opsig", 0},
    {0},
};

const struct argp ops_argp_sources = {.options = options, .parser = parse};

static bool names_something(const struct ops_sources *sources)
{
    return sources->databases.n > 0 || sources->rule_paths.n > 0;
}

error_t ops_sources_check(const struct argp_state *state, const struct ops_sources *sources)
{
    return names_something(sources) || !sources->no_default
               ? 0
               : ops_usage(state,
                           "nothing to look for: name a database with --db (opsig mine makes "
                           "one) or rules with --rules");
}

/** Puts the default database in the place of one that is named. */
static int add_default(struct ops_sources *sources)
{
    sources->default_path = ops_default_db_path();
    if (sources->default_path == NULL) {
        ops_say(NULL, "nothing to look for: the database that comes with opsig is not there; name "
                      "one with --db, or rules with --rules");
        return OPS_EXIT_USAGE;
    }
    if (ops_databases_add(&sources->databases, sources->default_path) != 0) {
        ops_say(NULL, "out of memory");
        return OPS_EXIT_FAILED;
    }
    return OPS_EXIT_OK;
}

/** The rules of database i; behind the last one those of files. NULL: none. */
static const opsig_rules *rules_at(const struct ops_sources *sources, size_t i)
{
    return i < sources->databases.n ? opsig_database_rules(sources->databases.items[i])
                                    : sources->files.rules;
}

/** Whether some rule is about a component; offers the others as what may be meant. */
static bool is_known(const struct ops_sources *sources, const char *name, size_t len,
                     struct opsig_nearest *nearest)
{
    for (size_t i = 0; i <= sources->databases.n; i++) {
        const opsig_rules *const rules = rules_at(sources, i);
        for (size_t r = 0; rules != NULL && r < opsig_rules_n(rules); r++) {
            const opsig_rule *const rule = opsig_rules_at(rules, r);
            for (size_t a = 0; a < opsig_rule_n_affects(rule); a++) {
                const char *const component = opsig_rule_component(rule, a);
                if (strncmp(component, name, len) == 0 &&
                    (component[len] == '\0' || component[len] == '-')) {
                    return true;
                }
                opsig_nearest_offer(nearest, component);
            }
        }
    }
    return false;
}

/** A target that no rule is about would leave all rules out, and the model look clean. */
static void warn_of_targets(const struct ops_sources *sources)
{
    for (size_t i = 0; i < sources->choice.targets.n; i++) {
        const char *const target = sources->choice.targets.items[i];
        const size_t len = strcspn(target, "=");
        opsig_nearest nearest;
        opsig_nearest_start(&nearest, target, len);
        if (is_known(sources, target, len, &nearest)) {
            continue;
        }
        if (nearest.best != NULL) {
            ops_say(NULL, "warning: no rule is about '%.*s'; did you mean '%s'?", (int)len, target,
                    nearest.best);
        } else {
            ops_say(NULL, "warning: no rule is about '%.*s'", (int)len, target);
        }
    }
}

static void keep_chosen(struct ops_sources *sources)
{
    const opsig_rules_filter filter = ops_rule_choice_filter(&sources->choice);
    for (size_t i = 0; i < sources->databases.n; i++) {
        opsig_database_keep_rules(sources->databases.items[i], &filter);
    }
    if (sources->files.rules != NULL) {
        opsig_rules_keep(sources->files.rules, &filter);
    }
}

int ops_sources_open(struct ops_sources *sources, const struct ops_options *shared)
{
    static const struct ops_rule_errors errors = {ops_exit_of_named_file, false};
    int status = names_something(sources) ? OPS_EXIT_OK : add_default(sources);
    if (status == OPS_EXIT_OK) {
        status = ops_databases_open(&sources->databases);
    }
    if (status == OPS_EXIT_OK && sources->rule_paths.n > 0) {
        status = ops_rule_files_open(&sources->files, sources->rule_paths.items,
                                     sources->rule_paths.n, &errors);
    }
    if (status == OPS_EXIT_OK) {
        if (!shared->quiet) {
            warn_of_targets(sources);
        }
        keep_chosen(sources);
    }
    return status;
}

const opsig_rules *ops_sources_rules(const struct ops_sources *sources)
{
    return sources->files.rules;
}

bool ops_sources_have_rules(const struct ops_sources *sources)
{
    bool have = false;
    for (size_t i = 0; i <= sources->databases.n; i++) {
        const opsig_rules *const rules = rules_at(sources, i);
        have = have || (rules != NULL && opsig_rules_n(rules) > 0);
    }
    return have;
}

void ops_sources_dispose(struct ops_sources *sources)
{
    ops_databases_dispose(&sources->databases);
    ops_rule_files_dispose(&sources->files);
    free(sources->default_path);
    *sources = (struct ops_sources){0};
}
