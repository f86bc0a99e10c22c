/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file rule_options.h  Options that say which rules count. */
#ifndef OPSIG_CLI_RULE_OPTIONS_H
#define OPSIG_CLI_RULE_OPTIONS_H

#include <argp.h>

#include <opsig/rules.h>

enum { OPS_MOST_WORDS = 64 };

/** Words of an option that may be repeated; they belong to the command line. */
struct ops_words {
    const char *items[OPS_MOST_WORDS];
    size_t n;
};

/** Which rules count; `rules` of a struct ops_options. */
struct ops_rule_choice {
    struct ops_words targets, tags;
};

/** --target --tag; its input is a struct ops_options with `rules`. */
extern const struct argp ops_argp_rule_choice;

/** Adds a word. @return 0, or EINVAL after saying that there are too many */
error_t ops_words_add(const struct argp_state *state, const char *option, const char *arg,
                      struct ops_words *words);

/** The filter that the options say, of rules of any severity. */
opsig_rules_filter ops_rule_choice_filter(const struct ops_rule_choice *choice);

#endif
