/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules are read in the order in which they were named, folders in the order of their names. */
#include "cli/rule_files.h"

#include <string.h>

#include <opsig/nearest.h>

#include "cli/cli.h"

/** Reads one file. */
static int read_file(struct ops_rule_files *files, const char *path,
                     const struct ops_rule_errors *errors)
{
    opsig_error error = {.offset = -1};
    const size_t n_before = opsig_rules_n_diagnostics(files->rules);
    const opsig_status status = opsig_rules_add_file(files->rules, path, &error);
    const bool has_place = opsig_rules_n_diagnostics(files->rules) > n_before;
    files->n_files += status == OPSIG_OK || has_place;
    if (status != OPSIG_OK && !(has_place && errors->reported)) {
        ops_say_error(path, &error);
    }
    return errors->exit_of(status);
}

static int read_all(struct ops_rule_files *files, const opsig_path_list *list,
                    const struct ops_rule_errors *errors)
{
    int status = OPS_EXIT_OK;
    for (size_t i = 0; i < opsig_path_list_n(list) && status < OPS_EXIT_FAILED; i++) {
        status = ops_exit_worse(status, read_file(files, opsig_path_list_paths(list)[i], errors));
    }
    return status;
}

int ops_rule_files_open(struct ops_rule_files *files, const char *const *paths, size_t n_paths,
                        const struct ops_rule_errors *errors)
{
    opsig_path_list *list = NULL;
    opsig_error error = {.offset = -1};
    int exit_status = OPS_EXIT_OK;
    opsig_status status = opsig_rules_new(&files->rules, &error);
    if (status == OPSIG_OK) {
        status = opsig_path_list_new_of(&list, ".rules", paths, n_paths, NULL, NULL, &error);
    }
    if (status != OPSIG_OK) {
        ops_say_error(NULL, &error); /* which names the path */
        exit_status = errors->exit_of(status);
    } else {
        exit_status = read_all(files, list, errors);
    }
    opsig_path_list_free(list);
    return exit_status;
}

const char *ops_rules_nearest(const opsig_rules *rules, const char *id)
{
    opsig_nearest nearest;
    opsig_nearest_start(&nearest, id, strlen(id));
    for (size_t i = 0; rules != NULL && i < opsig_rules_n(rules); i++) {
        opsig_nearest_offer(&nearest, opsig_rule_id(opsig_rules_at(rules, i)));
    }
    return nearest.best;
}

void ops_rule_files_dispose(struct ops_rule_files *files)
{
    opsig_rules_free(files->rules);
    *files = (struct ops_rule_files){0};
}
