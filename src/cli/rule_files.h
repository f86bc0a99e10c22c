/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file rule_files.h  The rules that a command line names, by file or by folder. */
#ifndef OPSIG_CLI_RULE_FILES_H
#define OPSIG_CLI_RULE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include <opsig/corpus.h>
#include <opsig/rules.h>

/** Files of rules; what the paths name was read into one set. */
struct ops_rule_files {
    opsig_rules *rules; /* owned; NULL where they were not opened */
    size_t n_files;     /* that were read, errors in rules or not */
};

/** What a failure to read a file of rules means for the exit status, and what is said of it. */
struct ops_rule_errors {
    int (*exit_of)(opsig_status status);
    bool reported; /* errors in rules are part of the report, and are not said */
};

/** Reads files, and the *.rules below folders. A file with errors does not keep the others from
 *  being read. @return an exit status; what is wrong has been said */
int ops_rule_files_open(struct ops_rule_files *files, const char *const *paths, size_t n_paths,
                        const struct ops_rule_errors *errors);
/** The id of a rule that may be meant; NULL: none is near. @param rules  NULL: none */
const char *ops_rules_nearest(const opsig_rules *rules, const char *id);
void ops_rule_files_dispose(struct ops_rule_files *files);

#endif
