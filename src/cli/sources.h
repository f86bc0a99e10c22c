/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file sources.h  What a command looks for in models: signatures of databases, and rules. */
#ifndef OPSIG_CLI_SOURCES_H
#define OPSIG_CLI_SOURCES_H

#include <argp.h>
#include <stdbool.h>

#include <opsig/scan.h>

#include "cli/databases.h"
#include "cli/rule_files.h"
#include "cli/rule_options.h"

struct ops_options;

/** Zero-initialise; `sources` of a struct ops_options, whose `rules` is `choice`. */
struct ops_sources {
    struct ops_databases databases;
    struct ops_words rule_paths;
    struct ops_rule_choice choice;
    struct ops_rule_files files;
    bool no_default;
    char *default_path; /* owned; NULL where the default database is not used */
};

/** --db --rules --no-default; goes with ops_argp_rule_choice. */
extern const struct argp ops_argp_sources;

/** Says at the end of the command line that nothing is named, where that is so. @return 0 or EINVAL
 */
error_t ops_sources_check(const struct argp_state *state, const struct ops_sources *sources);

/** Opens all that was named, or the default database where nothing was, and leaves out the rules
 *  that the options leave out. @return an exit status; what is wrong has been said */
int ops_sources_open(struct ops_sources *sources, const struct ops_options *options);
/** The rules of files; NULL: none were named. */
const opsig_rules *ops_sources_rules(const struct ops_sources *sources);
/** Are there rules, of files or databases? Then graphs need their facts. */
bool ops_sources_have_rules(const struct ops_sources *sources);
void ops_sources_dispose(struct ops_sources *sources);

#endif
